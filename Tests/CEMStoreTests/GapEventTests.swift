import CEMDomain
import CEMTestSupport
import FoundationEssentials
import Postgres
import Testing

@testable import CEMStore

/// The rows that the database writes with the log.
@Suite("What gaps went through", .database(.migrated)) struct GapEventTests {
  /// Two gaps: one that was closed, reopened, moved and diagnosed, and one that was voided.
  private func program() throws -> TestProgram {
    let program = try TestProgram()
    for (name, fields) in Self.commands { try program.run(name, fields) }
    return program
  }

  private static let commands: [(String, JSONObject)] = [
    ("department.register", ["code": "a", "name": "A"]),
    ("department.register", ["code": "b", "name": "B"]),
    (
      "gap.record",
      [
        "department": "a", "link": 1, "title": "\"link\":\"x\"", "expected": 9,
        "perceived": "-7.25",
        "unit": "days", "external": "crm:\"perceived\":\"5\"",
      ]
    ),
    ("gap.record", ["department": "a", "link": 2, "title": "Another"]),
    ("gap.reassess", ["gap": 1, "perceived": "7.5"]),
    ("gap.close", ["gap": 1, "resolution": "r", "unmetReason": "u"]),
    ("gap.reopen", ["gap": 1, "reason": "r"]),
    ("gap.void", ["gap": 1, "reason": "r"]),
    ("gap.restore", ["gap": 1, "reason": "r"]),
    ("gap.amend", ["gap": 1, "department": "b", "reason": "r"]),
    ("gap.diagnose", ["gap": 1, "link": 3]),
    ("gap.void", ["gap": 2, "reason": "r"]),
  ]

  private func rows() throws -> [String] {
    try TestDatabase.current.connect().query(
      """
      SELECT concat_ws(' ', gap, change, department, department_then, link, perceived, perceived_before) \
      FROM cem.gap_event JOIN cem.program USING (program_id) ORDER BY position
      """
    ).decode(String.self)
  }

  private static let expected = [
    "1 recorded b a promise-expectation -7.25", "1 reassessed b a 7.5 -7.25", "1 closed b a",
    "1 reopened b a", "1 diagnosed b b standard-training",
  ]

  @Test("They follow the log, command by command") func single() throws {
    let program = try program()
    #expect(try rows() == Self.expected)
    let head = try MomentResolver(program.connection, programID: program.programID).head()
    try program.run("gap.close", ["gap": 1, "resolution": "r", "unmetReason": "u"])
    #expect(try rows() == Self.expected + ["1 closed b b"])
    try program.run("undo", ["position": .int(head.position + 1), "reason": "r"])
    #expect(try rows() == Self.expected)
    // What was undone does not come back with the rest.
    try program.run("gap.void", ["gap": 1, "reason": "r"])
    #expect(try rows() == [])
    try program.run("gap.restore", ["gap": 1, "reason": "r"])
    #expect(try rows() == Self.expected)
    try program.expectLiveEqualsReplay()
  }

  @Test("They are the same where all commands come at once") func batch() throws {
    let program = try TestProgram()
    let commands =
      Self.commands + [
        ("gap.close", ["gap": 1, "resolution": "r", "unmetReason": "u"]),
        ("undo", ["position": .int(Int64(Self.commands.count) + 2), "reason": "r"]),
      ]
    let submissions = try commands.map {
      Submission(try IssuedCommand(name: $0.0, fields: $0.1))
    }
    _ = try program.store.execute(submissions)
    #expect(try rows() == Self.expected)
    try program.expectLiveEqualsReplay()
  }

  @Test("Gaps that go along when departments are merged keep what was then") func merged() throws {
    let program = try TestProgram()
    for (name, fields) in Self.commands.dropLast() { try program.run(name, fields) }
    try program.run("gap.close", ["gap": 2, "resolution": "r"])
    try program.run(
      "department.merge",
      ["departments": ["a", "b"], "into": "c", "name": "C", "reason": "r"])
    try program.run("gap.reassess", ["gap": 1, "perceived": 8])
    let shown = try TestDatabase.current.connect(user: "reader").query(
      """
      SELECT concat_ws(' ', gap, change, department, department_then) FROM cem_bi.fact_gap_event \
      ORDER BY gap, position
      """
    ).decode(String.self)
    // What is closed stays where it was.
    #expect(
      shown == [
        "1 recorded c a", "1 reassessed c a", "1 closed c a", "1 reopened c a", "1 diagnosed c b",
        "1 reassessed c c", "2 recorded a a", "2 closed a a",
      ])
    try program.expectLiveEqualsReplay()
  }

  static let damages = [
    "recorded_at = recorded_at + interval '1 microsecond'", "gap = 2",
    "occurred_on = occurred_on + 1", "department = 'a'", "department_then = 'b'",
    "change = 'accepted'", "link = 'x'", "perceived = 'NaN'", "perceived_before = 7",
    "actor = 'somebody'", "position = position + 100", "program_id = gen_random_uuid()",
  ]

  @Test(
    "Whatever is wrong with them is found, told, and mended by whoever records", arguments: damages)
  func damage(_ change: String) throws {
    let program = try program()
    let root = try TestDatabase.current.connect()
    try root.execute(script: "UPDATE cem.gap_event SET \(change) WHERE change = 'reassessed'")
    let auditor = try TestDatabase.current.connect(user: "auditor")
    let found = try GapEvents(auditor, programID: program.programID).differences()
    #expect(found.count == (change.hasPrefix("position") ? 2 : 1))
    let report = try LiveLogCheck(auditor, programID: program.programID).report()
    #expect(report.problems.map(\.message) == found.map(\.description))
    #expect(report.projections.last?.mismatches == found.count)
    let outcome = try Rebuild(
      TestDatabase.current.connect(user: "office"), programID: program.programID
    ).run()
    #expect(outcome.corrected == ["gap_event": found.count])
    #expect(try rows() == Self.expected)
    try program.expectLiveEqualsReplay()
  }

  @Test("Where the register is wrong as well, they are mended after it") func withRegister() throws
  {
    let program = try program()
    let root = try TestDatabase.current.connect()
    try root.execute(
      script: """
        UPDATE cem.gap_register SET department = 'c' WHERE gap = 1;
        UPDATE cem.gap_event SET department = 'c' WHERE gap = 1
        """)
    let outcome = try Rebuild(
      TestDatabase.current.connect(user: "office"), programID: program.programID
    ).run()
    #expect(outcome.corrected == ["gap_register": 1, "gap_event": 5])
    #expect(try rows() == Self.expected)
    try program.expectLiveEqualsReplay()
  }

  @Test("Nobody writes them but the database") func rights() throws {
    _ = try program()
    for user in ["office", "approver"] {
      let connection = try TestDatabase.current.connect(user: user)
      #expect(throws: PostgresError.self) { try connection.execute("DELETE FROM cem.gap_event") }
      #expect(throws: PostgresError.self) {
        try connection.execute("UPDATE cem.gap_event SET actor = 'x'")
      }
    }
  }

  @Test("Those of an older schema are filled from its log") func older() throws {
    let program = try program()
    let root = try TestDatabase.current.connect()
    try root.execute("TRUNCATE cem.gap_event")
    let migration = try #require(Migration.all.first { $0.name == "gap_event" })
    let fill = try #require(
      migration.sql.components(separatedBy: "DO $$").last?.components(separatedBy: "$$;").first)
    try root.execute(script: "SET ROLE cem_owner; DO $$\(fill)$$; RESET ROLE")
    #expect(try rows() == Self.expected)
    try program.expectLiveEqualsReplay()
  }

  @Test("Of a program that no statistics know each gap is read a few times, however many there are")
  func withoutStatistics() throws {
    let known = try program()
    let root = try TestDatabase.current.connect()
    try root.execute("ANALYZE")
    let program = try TestProgram(slug: "young")
    try program.run("department.register", ["code": "c", "name": "C"])
    let count = 2_000
    let gaps = try (1...count).map { number in
      Submission(
        try IssuedCommand(
          name: "gap.record", fields: ["department": "c", "link": 1, "title": .string("\(number)")])
      )
    }
    _ = try program.store.execute(gaps)
    func rowsRead() throws -> Int {
      _ = try program.connection.query("SELECT pg_stat_force_next_flush()")
      return try root.query(
        """
        SELECT sum(seq_tup_read + idx_tup_fetch)::integer FROM pg_stat_user_tables \
        WHERE relname = 'gap_event' OR relname ^@ 'gap_register'
        """
      ).one(Int.self)
    }
    for spoiled in [0, count] {
      if spoiled > 0 {
        try root.execute("DELETE FROM cem.gap_event WHERE program_id = \(program.programID)")
      }
      let before = try rowsRead()
      let differences = try GapEvents(program.connection, programID: program.programID)
        .differences()
      #expect(differences.count == spoiled)
      let read = try rowsRead() - before
      #expect(read < 10 * count, "\(read)")
    }
    _ = known
  }
}
