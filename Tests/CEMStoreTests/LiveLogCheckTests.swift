import CEMDomain
import CEMTestSupport
import FoundationEssentials
import Postgres
import Testing
import TransparencyLog

@testable import CEMStore

@Suite("Checking a program where it lies", .database(.migrated))
struct LiveLogCheckTests {
  private func program() throws -> TestProgram {
    let program = try TestProgram()
    try program.run("person.add", ["id": "p", "name": "CX lead"])
    try program.run("department.register", ["code": "a", "name": "A", "lead": "p"])
    try program.run("gap.record", ["department": "a", "link": 1, "title": "Callers wait"])
    let closed = try program.run("gap.close", ["gap": "GAP-1", "resolution": "They do not"])
    try program.run(
      "undo", ["position": .int(closed.events[0].position), "reason": "the wrong gap"])
    try program.run(
      "initiative.open",
      [
        "department": "a", "title": "Call back", "step": 4, "waivePlatform": "a quick fix",
        "approver": "p",
      ])
    return program
  }

  private func report(_ program: TestProgram) throws -> LogReport {
    let auditor = try TestDatabase.current.connect(user: "auditor")
    return try LiveLogCheck(auditor, programID: program.programID).report()
  }

  @Test("A program that commands made holds, whatever they were")
  func holds() throws {
    let program = try program()
    let report = try report(program)
    #expect(report.problems == [])
    #expect(report.events == 8)
    #expect(
      report.projections.map(\.name) == Projections.all.map { $0.table.name } + ["gap_event"])
    #expect(report.projections.last?.rows == 1)
    #expect(report.projections.first { $0.name == "entity" }?.rows == 6)
    #expect(report.projections.allSatisfy { $0.mismatches == 0 })
  }

  @Test("An event that no command could have led to is found, although every hash is right")
  func ruleViolation() throws {
    let program = try program()
    let close = try IssuedCommand(
      name: "gap.close", fields: ["gap": "GAP-1", "resolution": "done"])
    let point = try LiveReader(program.connection, programID: program.programID).point
    let state = try PastReader(program.connection, programID: program.programID, point: point)
      .state
    let today = try #require(state.entities[StreamID(.gap, number: 1)]).occurredOn
    var again = try ProgramDecider.decide(
      ProgramDecider.Command(close, today: today), given: state)
    // Once is what a command does; a gap that is closed cannot be closed again.
    _ = try program.store.execute([Submission(close)])
    try #expect(report(program).problems == [])
    again[0].version += 1
    try program.append(again, command: close)
    let report = try report(program)
    #expect(report.problems.first?.kind == .rule)
    #expect(report.firstBadPosition == 10)
    // Nobody kept the projections up to date either.
    #expect(report.problems.dropFirst().allSatisfy { $0.kind == .projection })
  }

  @Test(
    "A founding on a version of the catalog that was the newest once holds; on none, it does not")
  func olderCatalog() throws {
    for (number, version) in [1, 2, 9].enumerated() {
      let program = TestProgram(founding: try TestDatabase.current.connect(user: "approver"))
      let found = try IssuedCommand(
        name: "program.found", fields: ["slug": .string("p\(number)"), "name": "P"])
      let drafts = try ProgramDecider.decide(
        ProgramDecider.Command(
          found, today: Day("2024-01-01")!, actor: "approver", releasedCatalogs: [version]),
        given: ProgramState.complete)
      try program.append(drafts, command: found)
      let rules = try report(program).problems.filter { $0.kind == .rule }
      #expect(rules.isEmpty == (version != 9), "version \(version): \(rules)")
    }
  }

  /// What no command could have led to, once a text was erased of what it is about.
  static let excused: [(erased: Int64, command: String, code: String, fields: JSONObject)] = [
    // The department's name; the gap's title; what it was closed with.
    (3, "gap.record", "period.closed", ["department": "a", "link": 1, "title": "x"]),
    (4, "gap.close", "gap.closed", ["gap": 1, "resolution": "again"]),
    (5, "gap.close", "gap.closed", ["gap": 1, "resolution": "again"]),
  ]

  @Test("One erasure does not switch off the rules for what it touches", arguments: excused)
  func rulesAfterErasure(
    erased: Int64, command: String, code: String, fields: JSONObject
  ) throws {
    let program = try TestProgram()
    try program.run("person.add", ["id": "p", "name": "CX lead", "on": "2024-02-01"])
    try program.run(
      "department.register", ["code": "a", "name": "A", "lead": "p", "on": "2024-02-01"])
    try program.run("gap.record", ["department": "a", "link": 1, "title": "Callers wait"])
    let point = try LiveReader(program.connection, programID: program.programID).point
    let before = try PastReader(program.connection, programID: program.programID, point: point)
      .state
    let today = try #require(before.entities[StreamID(.gap, number: 1)]).occurredOn
    try program.run("gap.close", ["gap": "GAP-1", "resolution": "They do not"])
    try program.run("period.close", ["period": "2025"])
    try program.erase(try program.plan(.event(erased)))
    #expect(try report(program).problems == [])
    // As it could have been decided before.
    var issued = try IssuedCommand(name: command, fields: fields)
    if command == "gap.record" { issued.on = Day("2025-03-01") }
    var drafts = try ProgramDecider.decide(
      ProgramDecider.Command(issued, today: today, actor: "approver"), given: before)
    if command == "gap.close" { drafts[0].version += 1 }
    try program.append(drafts, command: issued)
    let problems = try report(program).problems
    #expect(problems.contains { $0.kind == .rule && $0.message.contains(code) }, "\(problems)")
  }

  @Test("A command whose own words were erased is judged by its facts")
  func erasedCommand() throws {
    let program = try program()
    for (name, fields) in [
      (
        "gap.record",
        ["department": "a", "link": 1, "title": "T", "expected": 3, "perceived": 1, "unit": "d"]
      ),
      ("gap.close", ["gap": "GAP-2", "resolution": "no", "unmetReason": "money"]),
      ("gap.amend", ["gap": "GAP-2", "title": "U", "severity": 2, "reason": "better"]),
      ("gap.amend", ["gap": "GAP-2", "source": "mail", "reason": "asked"]),
      ("initiative.link", ["initiative": "INI-1", "url": "https://a.example/1"]),
      ("department.merge", ["departments": ["a", "b"], "into": "c", "name": "C", "reason": "r"]),
    ] as [(String, JSONObject)] {
      if name == "department.merge" {
        try program.run("department.register", ["code": "b", "name": "B"])
      }
      try program.run(name, fields)
    }
    let events = try program.events()
    for position in events.filter(\.holdsWords).map(\.position).reversed() {
      try program.erase(try program.plan(.event(position)))
      let report = try report(program)
      #expect(report.problems == [], "\(events[Int(position) - 1].type)")
      #expect(report.unjudged == 0)
    }
  }

  @Test("A row that was changed beside the log is found")
  func changedRow() throws {
    let program = try program()
    try TestDatabase.current.connect().execute("UPDATE cem.gap_register SET severity = 5")
    let report = try report(program)
    #expect(report.problems.map(\.kind) == [.projection])
    #expect(report.projections.first { $0.name == "gap_register" }?.mismatches == 1)
  }

  @Test(
    "What tears a command's last event off is found there, and not at the command's first",
    arguments: [
      "command_id = gen_random_uuid()", "command_index = 7",
      "command_id = gen_random_uuid(), command_index = 0", "facts = '{'",
      "command_id = gen_random_uuid(), command_index = 0, command_digest = sha256('x'::bytea)",
    ])
  func tornCommand(change: String) throws {
    let program = try program()
    let root = try TestDatabase.current.connect()
    try root.execute(
      script: """
        ALTER TABLE cem.event DISABLE TRIGGER ALL;
        UPDATE cem.event SET \(change) WHERE position = 8 AND command_index = 1
        """)
    let report = try report(program)
    #expect(report.firstBadPosition == 8, "\(report.problems)")
  }

  @Test("Another time zone in the directory is found")
  func changedZone() throws {
    let program = try program()
    try TestDatabase.current.connect().execute(
      script: """
        ALTER TABLE cem.program DISABLE TRIGGER program_follows_log;
        UPDATE cem.program SET time_zone = 'Pacific/Kiritimati'
        """)
    try #expect(report(program).problems.map(\.kind) == [.program])
  }

  @Test(
    "What cannot be read is named, and the rest is checked all the same",
    arguments: [
      ("UPDATE cem.event SET occurred_on = 'infinity' WHERE position = 4", .unreadable),
      ("UPDATE cem.event SET occurred_on = '0044-03-15 BC' WHERE position = 4", .unreadable),
      ("UPDATE cem.event SET leaf_hash = '\\x00' WHERE position = 4", .unreadable),
      ("UPDATE cem.event SET command_digest = '\\x00' WHERE position = 4", .unreadable),
      ("UPDATE cem.head SET position = 9223372036854775807", .head),
      ("UPDATE cem.head SET position = 1000000000", .head),
      ("INSERT INTO cem.tree_node SELECT program_id, 1, 0, '\\x00' FROM cem.program", .storedNode),
      (
        "INSERT INTO cem.department_change SELECT program_id, 'day', 'infinity', 'a' FROM cem.program",
        .projection
      ),
      (
        "INSERT INTO cem.department_change SELECT program_id, 'day', '-infinity', 'a' FROM cem.program",
        .projection
      ),
      (
        "INSERT INTO cem.department_change SELECT program_id, 'day', '0044-03-15 BC', 'a' FROM cem.program",
        .projection
      ),
    ] as [(String, LogProblem.Kind)])
  func unreadable(change: String, kind: LogProblem.Kind) throws {
    let program = try program()
    let root = try TestDatabase.current.connect()
    try root.execute(
      script: """
        ALTER TABLE cem.event DISABLE TRIGGER ALL, DROP CONSTRAINT event_sizes;
        UPDATE cem.event SET actor = 'nobody' WHERE position = 2;
        \(change)
        """)
    let report = try report(program)
    #expect(report.problems.contains { $0.kind == .leafHash && $0.place == .at(2) })
    #expect(report.problems.contains { $0.kind == kind }, "\(report.problems)")
    #expect(
      kind != .unreadable || report.problems.contains { $0.kind == kind && $0.place == .at(4) })
    let rebuilt = Result { try Rebuild(program.connection, programID: program.programID).run() }
    switch rebuilt {
    case .success: break
    case .failure(StoreError.unreadable): break
    case .failure(let error): Issue.record("\(error)")
    }
  }

  /// What only a table can hold whose keys somebody dropped, and events that no reader would meet.
  static let strays: [(statement: String, kind: LogProblem.Kind?)] = [
    ("INSERT INTO cem.gap_register SELECT * FROM cem.gap_register WHERE gap = 2", nil),
    (
      "INSERT INTO cem.entity_v3 SELECT * FROM cem.entity_v3 WHERE kind = 'gap' AND number = 3", nil
    ),
    ("INSERT INTO cem.department_status SELECT * FROM cem.department_status LIMIT 1", nil),
    (
      "ALTER TABLE cem.gap_register ALTER gap DROP NOT NULL; INSERT INTO cem.gap_register SELECT * FROM cem.gap_register WHERE gap = 2; UPDATE cem.gap_register SET gap = NULL WHERE ctid = (SELECT max(ctid) FROM cem.gap_register)",
      nil
    ),
    (
      "ALTER TABLE cem.department_status ALTER department DROP NOT NULL; INSERT INTO cem.department_status SELECT * FROM cem.department_status LIMIT 1; UPDATE cem.department_status SET department = NULL WHERE ctid = (SELECT max(ctid) FROM cem.department_status)",
      nil
    ),
    (
      "INSERT INTO cem.event SELECT * FROM cem.event WHERE position = 9; UPDATE cem.event SET position = 99 WHERE ctid = (SELECT max(ctid) FROM cem.event)",
      .position
    ),
    (
      "INSERT INTO cem.event SELECT * FROM cem.event WHERE position = 9; UPDATE cem.event SET position = 0 WHERE ctid = (SELECT max(ctid) FROM cem.event)",
      .position
    ),
    (
      "ALTER TABLE cem.event ALTER position DROP NOT NULL; INSERT INTO cem.event SELECT * FROM cem.event WHERE position = 9; UPDATE cem.event SET position = NULL WHERE ctid = (SELECT max(ctid) FROM cem.event)",
      .position
    ),
    ("INSERT INTO cem.head SELECT * FROM cem.head", .head),
  ]

  @Test("Rows that stand twice or out of place are found", arguments: strays)
  func stray(statement: String, kind: LogProblem.Kind?) throws {
    let audited = try AuditedProgram()
    let root = try TestDatabase.current.connect()
    try root.execute(
      script: """
        ALTER TABLE cem.event DISABLE TRIGGER ALL;
        ALTER TABLE cem.event DROP CONSTRAINT event_position, DROP CONSTRAINT event_stream_version;
        DROP INDEX cem.event_command; ALTER TABLE cem.head DROP CONSTRAINT head_pkey;
        ALTER TABLE cem.gap_register DROP CONSTRAINT gap_register_pkey;
        ALTER TABLE cem.entity_v3 DROP CONSTRAINT entity_v3_pkey;
        ALTER TABLE cem.department_status DROP CONSTRAINT department_status_pkey;
        """)
    let check = LiveLogCheck(root, programID: audited.program.programID)
    #expect(try check.report().isGood)
    try root.execute(script: statement)
    let report = try check.report()
    #expect(!report.isGood && report.problems.contains { kind == nil || $0.kind == kind })
  }
}

extension TestProgram {
  /// Appends events through the append function, as somebody without our program could.
  func append(_ drafts: [RecordedEvent], command: IssuedCommand) throws {
    let submission = Submission(command)
    _ = try connection.transaction(opening: { store.open(for: [submission], in: &$0) }) { tx in
      let batch = try store.begin(tx)
      _ = try batch.apply(submission, drafts: drafts)
      var pipeline = Pipeline()
      batch.write(to: &pipeline)
      return try tx.commit(pipeline)
    }
  }
}
