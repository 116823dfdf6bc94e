import CEMDomain
import CEMTestSupport
import FoundationEssentials
import Postgres
import Synchronization
import Testing

@testable import CEMStore

@Suite("Rebuilding projections", .database(.migrated))
struct RebuildTests {
  /// Ways in which a table can be wrong, and the table that is found wrong.
  static let damages = [
    ("UPDATE cem.gap_register SET severity = 1 WHERE gap = 2", "gap_register"),
    ("UPDATE cem.gap_register SET expected = 'NaN' WHERE gap = 1", "gap_register"),
    ("UPDATE cem.gap_register SET title = title || ' ' WHERE gap = 3", "gap_register"),
    ("DELETE FROM cem.gap_register WHERE gap = 1", "gap_register"),
    ("DELETE FROM cem.gap_register", "gap_register"),
    ("UPDATE cem.gap_register SET gap = 77 WHERE gap = 1", "gap_register"),
    ("UPDATE cem.initiative_board_v2 SET stage_since = 'infinity'", "initiative_board"),
    ("UPDATE cem.department_status SET open_gaps = open_gaps + 1", "department_status"),
    ("UPDATE cem.department_status SET lead = NULL WHERE department = 'a'", "department_status"),
    ("DELETE FROM cem.department_status WHERE department = 'b'", "department_status"),
    ("DELETE FROM cem.maturity_timeline", "maturity_timeline"),
    ("UPDATE cem.maturity_action SET level = 3", "maturity_action"),
    ("UPDATE cem.evidence_register SET form = 'link'", "evidence_register"),
    ("UPDATE cem.entity_v3 SET owner = 'p' WHERE kind = 'gap'", "entity"),
    ("UPDATE cem.entity_v3 SET state = replace(state, '0.9', '0.8') WHERE kind = 'gap'", "entity"),
    ("DELETE FROM cem.entity_v3 WHERE kind = 'maturity'", "entity"),
    ("UPDATE cem.department_change SET gaps_opened = gaps_opened + 1", "department_change"),
    ("DELETE FROM cem.department_change WHERE grain = 'month'", "department_change"),
    (
      """
      INSERT INTO cem.department_change (program_id, grain, first_on, department) \
      SELECT program_id, 'day', '2024-01-01', 'z' FROM cem.program
      """, "department_change"
    ),
    ("UPDATE cem.person_register SET name = 'x'", "person_register"),
    ("DELETE FROM cem.program_register", "program_register"),
    (
      """
      INSERT INTO cem.maturity_action (program_id, department, action, level, recorded_on, changed_at_position) \
      SELECT program_id, 'z', '1.1', 1, '2024-01-01', 1 FROM cem.program
      """, "maturity_action"
    ),
  ]

  /// A program with a row in every table.
  private func program() throws -> TestProgram {
    let program = try TestProgram()
    try program.run("person.add", ["id": "p", "name": "CX lead"])
    for code in ["a", "b"] {
      try program.run(
        "department.register", ["code": .string(code), "name": "A department", "lead": "p"])
    }
    try program.run("maturity.assess", ["department": "a", "level": 0, "rationale": "none"])
    try program.run(
      "maturity.action.complete",
      ["department": "a", "action": "0.1", "evidence": "Minutes"])
    for number in 1...5 {
      try program.run(
        "gap.record",
        [
          "department": number < 3 ? "a" : "b", "link": .int(Int64(number)),
          "title": "Callers wait",
          "expected": "0.9", "perceived": "0.5", "unit": "ratio", "severity": 4,
        ])
    }
    try program.run("gap.reassess", ["gap": "GAP-1", "perceived": "0.7"])
    try program.run(
      "initiative.open",
      ["department": "a", "title": "Call back", "step": 1, "gaps": ["GAP-1", "GAP-2"]])
    return program
  }

  private func differences(_ program: TestProgram) throws -> [RowDifference] {
    try Refold(program.connection, programID: program.programID).verify()
  }

  @Test("Whatever is wrong with a table is found and mended", arguments: damages)
  func damage(_ statement: String, _ table: String) throws {
    let program = try program()
    try #expect(differences(program).isEmpty)
    try TestDatabase.current.connect().execute(script: statement)
    let found = try differences(program)
    #expect(!found.isEmpty)
    #expect(found.allSatisfy { $0.table.name == table })
    let outcome = try Rebuild(program.connection, programID: program.programID).run()
    #expect(outcome.corrected == [table: found.count])
    try #expect(differences(program).isEmpty)
    try program.expectLiveEqualsReplay()
    // Decisions go on from the mended state.
    try program.run("gap.record", ["department": "a", "link": 1, "title": "Another"])
    try program.expectLiveEqualsReplay()
  }

  @Test("A rebuild of one projection leaves what a killed one of all has come to")
  func ofOne() throws {
    struct Killed: Error {}
    let program = try program()
    var all = Rebuild(program.connection, programID: program.programID)
    all.partSize = 3
    all.onPart = { throw Killed() }
    #expect(throws: Killed.self) { try all.run() }
    func kept() throws -> Int {
      try program.connection.query("SELECT count(*) FROM cem.rebuild_progress").one(Int.self)
    }
    try #expect(kept() == 1)
    let one = Rebuild(
      program.connection, programID: program.programID, projections: [GapRegister.self])
    _ = try one.run()
    try #expect(kept() == 1)
    all.onPart = {}
    _ = try all.run()
    try #expect(kept() == 0)
  }

  @Test("A text that only looks the same is another, in what is written and in what is compared")
  func lookalikes() throws {
    let program = try TestProgram()
    let (composed, decomposed) = ("Caf\u{e9}", "Cafe\u{301}")
    try program.run("department.register", ["code": "a", "name": .string(composed)])
    try program.run(
      "department.amend", ["department": "a", "name": .string(decomposed), "reason": "a typo"])
    let root = try TestDatabase.current.connect()
    let name = try root.query("SELECT name FROM cem.department_status").one(String.self)
    #expect(Array(name.utf8) == Array(decomposed.utf8))
    try #expect(differences(program).isEmpty)
    for (table, change) in [
      (DepartmentStatus.table, "name = \(composed)" as SQL),
      (EntityTable.table, "state = replace(state, \(decomposed), \(composed))" as SQL),
    ] {
      try root.execute("UPDATE \(table.relation) SET \(change) WHERE true")
      #expect(try differences(program).map(\.table.name) == [table.name])
      let outcome = try Rebuild(program.connection, programID: program.programID).run()
      #expect(outcome.corrected == [table.name: 1])
    }
  }

  @Test("Of a table without statistics each row is read a few times, however many windows it has")
  func withoutStatistics() throws {
    let program = try program()
    let root = try TestDatabase.current.connect()
    let count = 12 * Int(EventLog.window)
    try root.execute(
      """
      INSERT INTO cem.department_change (program_id, grain, first_on, department) \
      SELECT program_id, 'day', date '1900-01-01' + i, 'z' FROM cem.program, generate_series(1, \(count)) AS i
      """)
    func rowsRead() throws -> Int {
      _ = try program.connection.query("SELECT pg_stat_force_next_flush()")
      return try root.query(
        """
        SELECT (seq_tup_read + idx_tup_fetch)::integer FROM pg_stat_user_tables \
        WHERE relname = 'department_change'
        """
      ).one(Int.self)
    }
    let before = try rowsRead()
    try #expect(differences(program).count == count)
    let read = try rowsRead() - before
    #expect(read < 5 * count, "\(read)")
  }

  @Test("One projection is rebuilt, and the others stay as they are")
  func oneOfThem() throws {
    let program = try program()
    let root = try TestDatabase.current.connect()
    try root.execute("DELETE FROM cem.gap_register")
    try root.execute("DELETE FROM cem.evidence_register")
    let outcome = try Rebuild(
      program.connection, programID: program.programID, projections: [GapRegister.self]
    ).run()
    #expect(outcome.corrected == ["gap_register": 5])
    try #expect(differences(program).map(\.table.name) == ["evidence_register"])
  }

  @Test("A fold in parts, cut off after any of them and begun again, comes to the same")
  func parts() throws {
    let program = try program()
    try TestDatabase.current.connect().execute("DELETE FROM cem.gap_register WHERE gap <> 2")
    try TestDatabase.current.connect().execute("DELETE FROM cem.maturity_action")
    struct Killed: Error {}
    for cut in 1...5 {
      var rebuild = Rebuild(program.connection, programID: program.programID)
      rebuild.partSize = 3
      var finished = 0
      rebuild.onPart = {
        finished += 1
        if finished == 1, cut < 5 { throw Killed() }
      }
      // Commands go on between the attempts.
      try program.run("gap.reassess", ["gap": "GAP-3", "perceived": .string("0.\(cut)")])
      if cut < 5 {
        #expect(throws: Killed.self) { try rebuild.run() }
        let saved = try program.connection.query(
          "SELECT finished FROM cem.rebuild_progress WHERE program_id = \(program.programID)"
        ).decode(Int.self)
        #expect(saved == [cut])
      } else {
        let outcome = try rebuild.run()
        #expect(outcome.corrected == ["gap_register": 3, "maturity_action": 1])
      }
    }
    try #expect(differences(program).isEmpty)
    try program.expectLiveEqualsReplay()
    let left = try program.connection.query("SELECT count(*) FROM cem.rebuild_progress")
    #expect(try left.one(Int.self) == 0)
  }

  @Test("While writers append, no reader sees a partial table, and rebuilt equals live")
  func whileWritersAppend() throws {
    let program = try program()
    try TestDatabase.current.connect().execute(
      "UPDATE cem.department_status SET open_gaps = open_gaps - 1")
    let database = TestDatabase.current
    let programID = program.programID
    let problems = Mutex<[String]>([])
    let writersLeft = Mutex(4)
    onThreads(6) { thread in
      do {
        switch thread {
        case 0:
          // Gaps are only ever added here, so a reader's count can only grow.
          let reader = try database.connect(user: "reader")
          var last = 0
          while writersLeft.withLock({ $0 > 0 }) {
            let count = try reader.query(
              "SELECT count(*) FROM cem_bi.fact_gap WHERE program_id = \(programID)"
            ).one(Int.self)
            if count < last { problems.withLock { $0.append("\(last) gaps, then \(count)") } }
            last = count
          }
        case 1:
          let connection = try database.connect(user: "office")
          repeat {
            _ = try Rebuild(connection, programID: programID).run()
            let found = try Refold(connection, programID: programID).verify()
            if !found.isEmpty { problems.withLock { $0.append("\(found)") } }
          } while writersLeft.withLock({ $0 > 0 })
        default:
          defer { writersLeft.withLock { $0 -= 1 } }
          let store = ProgramStore(
            try database.connect(user: "office"), programID: programID)
          for number in 0..<60 {
            let issued = try IssuedCommand(
              name: "gap.record",
              fields: [
                "department": "b", "link": 2, "title": .string("Gap \(thread) \(number)"),
              ])
            _ = try store.execute([Submission(issued)])
          }
        }
      } catch {
        problems.withLock { $0.append("thread \(thread): \(error)") }
      }
    }
    #expect(problems.withLock { $0 } == [])
    try program.expectLiveEqualsReplay()
    let states = try ProjectionState.all(program.connection, programID: programID)
    #expect(states.allSatisfy { $0.rebuiltAt != nil && $0.lagEvents == 0 })
    #expect(states.first { $0.name == "gap_register" }?.rows == 245)
  }
}
