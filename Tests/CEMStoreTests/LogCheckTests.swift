import CEMDomain
import CEMStore
import CEMTestSupport
import FoundationEssentials
import Postgres
import Testing
import TransparencyLog

@Suite("Checking a log from its events", .database(.migrated))
struct LogCheckTests {
  private func report(
    _ events: [StoredEvent], program: UUID, pins: [LogPin] = []
  ) -> LogReport {
    var check = LogCheck(pins: pins)
    for event in events { check.take(LogEntry(event, program: program)) }
    check.finish()
    return check.report
  }

  @Test("A whole log holds, in memory and where it lies, with its pins")
  func whole() throws {
    let audited = try AuditedProgram()
    let program = audited.program
    let pins = audited.checkpoints.map { LogPin($0.checkpoint) }
    let events = try audited.events()
    let report = report(events, program: program.programID, pins: pins)
    #expect(report.problems == [])
    #expect(report.events == 16)
    #expect(report.rootHash == audited.receipts.last?.rootHash)
    let live = try LiveLogCheck(program.connection, programID: program.programID)
      .report(pins: pins)
    #expect(live.problems == [])
    #expect(live.rootHash == report.rootHash)
  }

  @Test("A salt without what it was hashed with is a fault, but for events of before it was bound")
  func salts() throws {
    let audited = try AuditedProgram()
    func faults(_ change: (inout StoredEvent) -> Void) throws -> [LogProblem.Kind] {
      var event = try #require(try audited.events().first { $0.commandIndex == 0 })
      event.personal = nil
      event.erasedHash = .sha256([1])
      event.salt = Array(repeating: 7, count: 16)
      change(&event)
      event.leafHash = event.computedLeafHash
      return LogEntry(event, program: audited.program.programID).faults.map(\.kind)
    }
    #expect(try faults { $0.erasedHash = nil } == [])
    #expect(try faults { _ in } == [.privateHash])
    #expect(
      try faults {
        $0.erasedHash = nil
        $0.commandIndex = 1
        $0.commandDigest = nil
      } == [.privateHash])
  }

  @Test("Each change is found, at its position")
  func changes() throws {
    let audited = try AuditedProgram()
    let id = audited.program.programID
    let events = try audited.events()
    let pins = audited.checkpoints.map { LogPin($0.checkpoint) }
    func expect(
      _ kind: LogProblem.Kind, at position: Int64, _ change: (inout [StoredEvent]) -> Void,
      _ location: SourceLocation = #_sourceLocation
    ) {
      var changed = events
      change(&changed)
      let report = report(changed, program: id, pins: pins)
      #expect(report.firstBadPosition == position, sourceLocation: location)
      #expect(report.problems.contains { $0.kind == kind }, sourceLocation: location)
    }
    expect(.leafHash, at: 5) { $0[4].facts += " " }
    expect(.leafHash, at: 6) { $0[5].personal = "{}" }
    expect(.privateHash, at: 6) { $0[5].erasedHash = $0[5].privateHash }
    expect(.privateHash, at: 6) { $0[5].salt = nil }
    expect(.leafHash, at: 6) { $0[5].personal = nil }
    expect(.leafHash, at: 6) { $0[5].salt?[0] ^= 1 }
    expect(.leafHash, at: 7) { $0[6].actor = "nobody" }
    expect(.position, at: 4) { $0.remove(at: 3) }
    expect(.position, at: 4) { $0.swapAt(3, 4) }
    expect(.position, at: 8) { $0.insert($0[7], at: 8) }
    expect(.position, at: 3) { $0[2].programID = UUID() }
    // Hashes that were made anew, so that only what they are held to tells.
    func rehashing(
      _ index: Int, _ change: @escaping (inout StoredEvent) -> Void
    ) -> (inout [StoredEvent]) -> Void {
      {
        change(&$0[index])
        $0[index].leafHash = $0[index].computedLeafHash
      }
    }
    expect(.version, at: 5, rehashing(4) { $0.version = 2 })
    expect(.clock, at: 5, rehashing(4) { $0.recordedAt = Timestamp(microseconds: 0) })
    expect(.command, at: 5, rehashing(4) { $0.commandIndex = 1 })
    expect(.command, at: 5, rehashing(4) { $0.commandDigest = nil })
    expect(.command, at: 9, rehashing(8) { $0.commandID = events[3].commandID })
    expect(.checkpoint, at: 1, rehashing(4) { $0.actor = "nobody" })
    // The first checkpoint covers 10 events and still holds.
    expect(.checkpoint, at: 11, rehashing(12) { $0.actor = "nobody" })
    expect(.checkpoint, at: 16) { $0.removeLast() }
  }

  @Test("Stored nodes and the head are compared with what the events make of them")
  func stored() throws {
    let audited = try AuditedProgram(gaps: 300)
    let program = audited.program
    let connection = try TestDatabase.current.connect()
    func report() throws -> LogReport {
      try LiveLogCheck(connection, programID: program.programID).report()
    }
    #expect(try report().isGood)
    try connection.execute("ALTER TABLE cem.tree_node DISABLE TRIGGER ALL")
    try connection.execute("UPDATE cem.tree_node SET hash = sha256(hash)")
    #expect(try report().problems.map(\.kind) == [.storedNode, .storedNode])
    #expect(try report().firstBadPosition == 1)
    try connection.execute("DELETE FROM cem.tree_node")
    #expect(try report().problems.map(\.kind) == [.storedNode])
    try connection.execute("UPDATE cem.head SET frontier = sha256('') || substr(frontier, 33)")
    #expect(try report().problems.map(\.kind).contains(.head))
  }

  @Test("What continues a signed tree is hashed anew; what does not is refused")
  func continuation() throws {
    let audited = try AuditedProgram()
    let program = audited.program
    let (first, last) = (audited.checkpoints[0].checkpoint, audited.checkpoints[1].checkpoint)
    let connection = try TestDatabase.current.connect()
    func next(from size: Int, _ root: Hash) throws -> TreeContinuation {
      try TreeContinuation(of: program.programID, connection, from: size, root)
    }
    let next = try next(from: first.size, first.root)
    #expect(next.size == last.size)
    #expect(next.root == last.root)
    try MerkleTree.verifyConsistency(
      oldSize: first.size, oldRoot: first.root, newSize: next.size, newRoot: next.root,
      proof: next.proof)
    #expect(throws: SigningRefusal.otherRoot(size: first.size)) {
      try self.continuation(program, connection, from: first.size, last.root)
    }
    #expect(throws: SigningRefusal.smallerTree(last: 17, next: 16)) {
      try self.continuation(program, connection, from: 17, last.root)
    }
    try connection.execute("ALTER TABLE cem.event DISABLE TRIGGER ALL")
    try connection.execute("UPDATE cem.event SET facts = facts || ' ' WHERE position = 14")
    #expect(throws: LogProblem.self) {
      try self.continuation(program, connection, from: first.size, first.root)
    }
  }

  private func continuation(
    _ program: TestProgram, _ connection: Connection, from size: Int, _ root: Hash
  ) throws {
    _ = try TreeContinuation(of: program.programID, connection, from: size, root)
  }
}
