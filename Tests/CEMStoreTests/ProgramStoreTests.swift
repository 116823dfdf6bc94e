import CEMDomain
import CEMStore
import CEMTestSupport
import FoundationEssentials
import Postgres
import Testing
import TransparencyLog

@Suite("Commands through the store", .database(.migrated))
struct ProgramStoreTests {
  @Test("A command's events, its receipt and the projections agree")
  func recordsAndProjects() throws {
    let program = try TestProgram()
    try program.run(
      "department.register", ["code": "retail", "name": "Retail", "on": "2024-01-02"])
    let receipt = try program.run(
      "gap.record",
      [
        "department": "retail", "link": 4, "title": "Calls wait", "expected": "0.9",
        "perceived": "0.58", "unit": "ratio", "severity": 4, "external": "src:1",
      ])
    #expect(receipt.reference == "GAP-1")
    #expect(receipt.treeSize == 3)
    let events = try EventLog(program.connection, programID: program.programID)
      .events(EventLog.Filter(), limit: 10)
    #expect(events.map(\.position) == [1, 2, 3])
    #expect(events.map(\.type) == ["program.founded", "department.registered", "gap.recorded"])
    #expect(events.map(\.leafHash) == events.map(\.computedLeafHash))
    var frontier = Frontier()
    for event in events { _ = frontier.append(event.leafHash) }
    #expect(frontier.root == receipt.rootHash)

    let reader = try LiveReader(program.connection, programID: program.programID)
    let report = try #require(try reader.departments(on: Day("2024-02-01")!).first)
    #expect(report.openGaps == 1)
    #expect(report.openGaps(on: .trainingExecution) == 1)
    #expect(report.standing == nil)
    let rows = try reader.rows(of: GapRegister.self, RowQuery([.equals("gap", .integer(1))]))
    #expect(rows.first?["size"] == .numeric(try Exact(scalar: "0.32")))
  }

  @Test("Live projections equal those of a replay")
  func liveEqualsReplay() throws {
    let program = try TestProgram()
    try program.run("person.add", ["id": "lead", "name": "CX lead"])
    try program.run("department.register", ["code": "a", "name": "A", "lead": "lead"])
    try program.run("department.register", ["code": "b", "name": "B"])
    for action in ["0.1", "0.2"] {
      try program.run(
        "maturity.action.complete", ["all": true, "action": .string(action), "evidence": "Minutes"])
    }
    try program.run("maturity.assess", ["department": "a", "level": 0, "rationale": "Start"])
    try program.run("maturity.advance", ["department": "a", "rationale": "Done"])
    try program.run("gap.record", ["department": "a", "link": "undiagnosed", "title": "G"])
    try program.run("gap.amend", ["gap": "GAP-1", "department": "b", "reason": "wrong unit"])
    try program.run("gap.record", ["department": "b", "link": 1, "title": "H"])
    try program.run("gap.void", ["gap": "GAP-2", "reason": "a test"])
    try program.run(
      "initiative.open", ["department": "a", "title": "I", "step": 1, "gaps": ["GAP-1"]])
    try program.run("initiative.start", ["initiative": "INI-1"])
    try program.expectLiveEqualsReplay()
  }

  @Test("The same id and content gives the first receipt again; other content is refused")
  func idempotence() throws {
    let program = try TestProgram()
    let id = UUID()
    let first = try program.run("department.register", ["code": "a", "name": "A"], id: id)
    try program.run("department.register", ["code": "b", "name": "B"])
    let again = try program.run("department.register", ["code": "a", "name": "A"], id: id)
    #expect(again.isDuplicate)
    #expect(again.events == first.events)
    #expect(again.rootHash == first.rootHash)
    #expect(again.treeSize == first.treeSize)
    #expect(
      rejection { try program.run("department.register", ["code": "a", "name": "B"], id: id) }
        == "command.id-reused")
    // Twice in one batch, it is answered twice.
    let command = try IssuedCommand(
      name: "department.register", fields: ["code": "a", "name": "A"])
    let submission = Submission(command, commandID: id)
    #expect(
      try program.store.execute([submission, submission]).map(\.events) == [
        first.events, first.events,
      ])
  }

  @Test("An expected version that has moved is a conflict")
  func expectedVersion() throws {
    let program = try TestProgram()
    try program.run("department.register", ["code": "a", "name": "A"])
    let stream = StreamID(.department, code: "a")
    #expect(
      rejection {
        try program.run(
          "department.amend", ["department": "a", "name": "B", "reason": "r"],
          expected: [stream: 0])
      } == "version.moved")
    try program.run(
      "department.amend", ["department": "a", "name": "B", "reason": "r"], expected: [stream: 1])
  }

  @Test("A batch is all or nothing, and later commands see earlier ones")
  func batches() throws {
    let program = try TestProgram()
    func submission(_ name: String, _ fields: JSONObject) throws -> Submission {
      Submission(try IssuedCommand(name: name, fields: fields))
    }
    let good = [
      try submission("department.register", ["code": "a", "name": "A"]),
      try submission("gap.record", ["department": "a", "link": 1, "title": "One"]),
      try submission("gap.record", ["department": "a", "link": 2, "title": "Two"]),
    ]
    let bad = try submission("gap.close", ["gap": "GAP-9", "resolution": "none"])
    #expect(throws: StoreError.self) { try program.store.execute(good + [bad]) }
    let reader = try LiveReader(program.connection, programID: program.programID)
    #expect(reader.point.position == 1)
    let receipts = try program.store.execute(good)
    #expect(receipts.map(\.reference) == ["a", "GAP-1", "GAP-2"])
    try program.expectLiveEqualsReplay()
  }

  @Test("A dry run decides and writes nothing")
  func dryRun() throws {
    let program = try TestProgram()
    var options = ProgramStore.Options()
    options.isDryRun = true
    let issued = try IssuedCommand(
      name: "department.register", fields: ["code": "a", "name": "A"])
    let receipt = try program.store.execute([Submission(issued)], options: options)[0]
    #expect(receipt.events.map(\.type) == ["department.registered"])
    let reader = try LiveReader(program.connection, programID: program.programID)
    #expect(reader.point.position == 1)
  }
}

/// The code with which a command was rejected; `nil` where it was not.
func rejection(_ body: () throws -> some Any) -> String? {
  do {
    _ = try body()
    return nil
  } catch StoreError.rejected(let rejection, _) {
    return rejection.code
  } catch {
    return "\(error)"
  }
}

extension TestProgram {
  /// Compares every table with a replay of the log, row by row.
  func expectLiveEqualsReplay(
    sourceLocation: SourceLocation = #_sourceLocation
  ) throws {
    let live = try LiveReader(connection, programID: programID)
    let past = try PastReader(connection, programID: programID, point: live.point)
    for projection in Projections.all {
      let a = try live.rows(of: projection, RowQuery())
      let b = try past.rows(of: projection, RowQuery())
      #expect(a == b, "\(projection.table.name)", sourceLocation: sourceLocation)
    }
    let events = try GapEvents(connection, programID: programID).differences()
    #expect(events.map(\.description) == [], sourceLocation: sourceLocation)
  }
}
