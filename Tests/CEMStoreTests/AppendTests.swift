import CEMDomain
import CEMTestSupport
import FoundationEssentials
import Postgres
import Testing
import TransparencyLog

@testable import CEMStore

/// What `cem.append` and `cem.append_one` refuse by themselves, whoever calls them.
@Suite("The append function", .database(.migrated)) struct AppendTests {
  /// A call as an honest writer makes it, and as it is spoiled.
  struct Call {
    var events: [StoredEvent]
    var start: Int64
    var recordedAt: Timestamp
    var projections = Projections.current
    var frontier: Frontier
  }

  private struct Abandoned: Error {}

  /// Calls the function with events of streams of their own, after `spoil` has changed the call.
  private func append(
    _ program: TestProgram, over other: Connection? = nil, events count: Int,
    byOne: Bool = true, keeping: Bool = false, _ spoil: (inout Call) -> Void
  ) throws -> String? {
    let connection = other ?? program.connection
    let log = EventLog(connection, programID: program.programID)
    let model = try #require(try log.events(EventLog.Filter(), limit: 1).first)
    do {
      try connection.transaction(opening: {
        $0.query(LockedHead.query(program.programID))
      }) { tx in
        let head = try LockedHead(tx.opened[0])
        var call = Call(
          events: [], start: Int64(head.frontier.size), recordedAt: head.recordedAt,
          frontier: head.frontier)
        for index in 0..<count {
          var event = model
          event.stream = "gap/\(call.start + 1 + Int64(index))"
          event.type = "gap.accepted"
          event.version = 1
          event.commandID = UUID()
          event.position = call.start + 1 + Int64(index)
          event.recordedAt = head.recordedAt
          event.actor = head.actor
          event.leafHash = event.computedLeafHash
          call.frontier.append(event.leafHash)
          call.events.append(event)
        }
        spoil(&call)
        let append = LogAppend(
          programID: program.programID, after: call.start, recordedAt: call.recordedAt,
          events: call.events, frontier: call.frontier, projections: call.projections)
        try tx.execute(byOne ? append.statement : append.statementForMany)
        if !keeping { throw Abandoned() }
      }
      return nil
    } catch {
      guard case .body(let failure, _) = error else { throw error }
      if failure is Abandoned { return nil }
      guard let refusal = failure as? PostgresError else { throw failure }
      return refusal.sqlState
    }
  }

  @Test(
    "What fits is taken, and everything else refused",
    arguments: [(1, true), (1, false), (3, false)])
  func refusals(count: Int, byOne: Bool) throws {
    let program = try TestProgram()
    func code(_ spoil: (inout Call) -> Void) throws -> String? {
      try append(program, events: count, byOne: byOne, spoil)
    }
    #expect(try code { _ in } == nil)
    #expect(try code { $0.start += 1 } == "CEM01")
    #expect(try code { $0.start -= 1 } == "CEM01")
    #expect(try code { $0.events[count - 1].version = 2 } == "CEM02")
    #expect(try code { $0.events[count - 1].version = 0 } == "CEM02")
    #expect(try code { $0.projections = Projections(Array(Projections.all.dropLast())) } == "CEM04")
    #expect(try code { $0.recordedAt = Timestamp("2001-01-01T00:00:00.000000Z")! } == "CEM05")
    #expect(try code { $0.recordedAt = Timestamp("2999-01-01T00:00:00.000000Z")! } == "CEM05")
    // Nor that of the last event, however near it is.
    let last = try program.connection.query("SELECT recorded_at FROM cem.head").one(Timestamp.self)
    #expect(try code { $0.recordedAt = last } == "CEM05")
    #expect(try code { $0.frontier.append($0.events[0].leafHash) } == "CEM06")
    #expect(try code { $0.frontier = Frontier() } == "CEM06")
    #expect(try code { $0.events[count - 1].facts = "{\"a\":1}" } == "CEM06")
    #expect(try code { $0.events[count - 1].actor = "somebody" } == nil, "the server's is taken")
    #expect(try code { $0.events = [] } == "CEM07")
    #expect(try code { $0.events[count - 1].type = "gap.invented" } == "CEM07")
    for stream in ["", "gap/1 gap/2", "gap/1\n2", "Gap/1", "gap/", "gap/-1", "gap/1/2", "gap/é"] {
      #expect(try code { $0.events[count - 1].stream = stream } == "CEM07", "\(stream)")
    }
    for list in [",", "a,", "a;b", "a\n", "A", "a b", "-a"] {
      #expect(try code { $0.events[count - 1].departments = list } == "CEM07", "\(list)")
    }
    for days in [Int32.min, Int32.max, -720_000, 2_932_897] {
      #expect(try code { $0.events[count - 1].occurredOn = Day(sinceEpoch: days) } == "23502")
    }
    for day in [Day.nameable.lowerBound, Day.nameable.upperBound] {
      #expect(
        try code { $0.events[count - 1].occurredOn = day } == "CEM06", "which has another hash")
    }
    let spoiled: [(inout StoredEvent) -> Void] = [
      { $0.salt = [] }, { $0.salt = [UInt8](repeating: 1, count: 15) },
      { $0.salt = [UInt8](repeating: 1, count: 17) }, { $0.schemaVersion = 0 },
      { $0.commandIndex = -1 },
      { $0.facts = String(repeating: " ", count: 1 << 24 + 1) },
      { $0.personal = String(repeating: " ", count: 1 << 24 + 1) },
    ]
    for spoil in spoiled {
      #expect(try code { spoil(&$0.events[count - 1]) } == "23514")
    }
    let position = try program.connection.query("SELECT position FROM cem.head").one(Int.self)
    #expect(position == 1, "whatever was refused left nothing")
  }

  @Test(
    "An event type without the right is refused", arguments: [(1, true), (1, false), (3, false)])
  func rights(count: Int, byOne: Bool) throws {
    let program = try TestProgram()
    let office = try TestDatabase.current.connect(user: "office")
    #expect(try append(program, over: office, events: count, byOne: byOne) { _ in } == "42501")
    let recorded = try append(program, over: office, events: count, byOne: byOne) { call in
      for index in 0..<count { call.events[index].type = "gap.recorded" }
    }
    #expect(recorded == "CEM06", "the right is there; only the hash is of another type")
  }

  @Test("One by one or together, the tree and its stored nodes are the same")
  func nodes() throws {
    let program = try TestProgram()
    // Past the 256th leaf, and past the next such place within one call.
    for _ in 0..<260 { #expect(try append(program, events: 1, keeping: true) { _ in } == nil) }
    #expect(try append(program, events: 300, keeping: true) { _ in } == nil)
    let stored = try program.connection.query("SELECT count(*) FROM cem.tree_node").one(Int.self)
    #expect(stored == 2)
    let problems = try LiveLogCheck(program.connection, programID: program.programID).report()
      .problems
    let kinds = Set(problems.map(\.kind))
    #expect(kinds.isDisjoint(with: [.leafHash, .storedNode, .head, .position]), "\(kinds)")
  }
}
