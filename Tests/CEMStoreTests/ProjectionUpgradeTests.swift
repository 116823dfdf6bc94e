import CEMDomain
import CEMTestSupport
import Foundation
import Postgres
import Synchronization
import Testing

@testable import CEMStore

private func pause(_ seconds: Double) { usleep(UInt32(seconds * 1_000_000)) }

/// New versions of projections, filled beside those in use while people work.
@Suite("New versions of projections", .database(.migrated))
struct ProjectionUpgradeTests {
  /// A program with gaps, and views over their register as dashboards have them.
  private func program(gaps: Int = 20) throws -> TestProgram {
    let program = try TestProgram()
    for code in ["a", "b"] {
      try program.run("department.register", ["code": .string(code), "name": "A department"])
    }
    for number in 0..<gaps { try program.run("gap.record", gap(number)) }
    try TestDatabase.current.connect().execute(
      script: """
        CREATE SCHEMA bi AUTHORIZATION cem_owner;
        SET ROLE cem_owner;
        GRANT USAGE ON SCHEMA bi TO cem_reader;
        CREATE VIEW bi.gap WITH (security_barrier = true) AS
          SELECT g.program_id, g.gap, g.title, d.open_gaps FROM cem.gap_register g
          JOIN cem.department_status d USING (program_id, department);
        COMMENT ON VIEW bi.gap IS 'Gaps';
        COMMENT ON COLUMN bi.gap.gap IS 'Its number';
        CREATE VIEW bi.gap_count AS SELECT program_id, count(*) AS gaps FROM bi.gap GROUP BY 1;
        GRANT SELECT ON bi.gap, bi.gap_count TO cem_reader;
        """)
    return program
  }

  private func gap(_ number: Int) -> JSONObject {
    [
      "department": number % 2 == 0 ? "a" : "b", "link": .int(Int64(number % 5 + 1)),
      "title": .string("Gap \(number)"),
    ]
  }

  private func upgrade(_ connection: Connection? = nil) throws -> ProjectionUpgrade {
    ProjectionUpgrade(
      try connection ?? TestDatabase.current.connect(user: "owner"), to: NewerProjections.all)
  }

  /// The new tables must hold what the log makes of them, and nothing of the old ones may be left.
  private func expectSwitched(_ program: TestProgram) throws {
    let refold = Refold(
      program.connection, programID: program.programID, projections: NewerProjections.all.list)
    #expect(try refold.verify().map { "\($0)" } == [])
    let root = try TestDatabase.current.connect()
    let tables = try root.query(
      "SELECT array_agg(relname::text ORDER BY relname) FROM pg_class WHERE relnamespace = 'cem'::regnamespace AND relname ~ '^(gap_reg|department_st|busy)' AND relkind = 'r'"
    ).one([String].self)
    #expect(tables == ["busy_day", "department_status_v2", "gap_register_v2"])
    #expect(try Projections.wanted(root)["gap_register"] == 2)
    for table in ["projection_build", "projection_build_position", "rebuild_progress"] {
      #expect(
        try root.query("SELECT count(*) FROM cem.\(identifier: table)").one(Int.self) == 0)
    }
  }

  @Test("The old and the new version's clients never mix, and no reader sees a part")
  func oldAndNewAtOnce() throws {
    let program = try program()
    let (database, programID) = (TestDatabase.current, program.programID)
    let problems = Mutex<[String]>([])
    let written = Mutex<(old: Int, new: Int, early: Int)>((0, 0, 0))
    let isDone = Atomic<Bool>(false)
    onThreads(8) { thread in
      func note(_ text: String) { problems.withLock { $0.append(text) } }
      do {
        switch thread {
        case 0:
          pause(0.3)
          try upgrade(database.connect(user: "owner")).run()
          pause(0.3)
          isDone.store(true, ordering: .relaxed)
        case 1, 2:
          let reader = try database.connect(user: "reader")
          var last = 0
          while !isDone.load(ordering: .relaxed) {
            let count: Int
            let sql: SQL = "SELECT gaps FROM bi.gap_count WHERE program_id = \(programID)"
            if thread == 1 {
              count = try reader.query(sql).one(Int.self)
            } else {
              // A snapshot that is taken some time before the view is read.
              count = try reader.transaction(.snapshot) { _ throws(PostgresError) in
                try reader.execute("SELECT pg_sleep(0.02)")
                return try reader.query(sql).one(Int.self)
              }
            }
            // An older snapshot may show the last round before the switch, but never a part.
            if count < (thread == 1 ? last : 20) {
              note("reader \(thread): \(last) gaps, then \(count)")
            }
            last = count
          }
        case 3, 4, 5:
          let store = ProgramStore(try database.connect(user: "office"), programID: programID)
          do {
            for number in 0... {
              _ = try store.execute(
                [Submission(try IssuedCommand(name: "gap.record", fields: gap(number)))])
              written.withLock { $0.old += 1 }
            }
          } catch StoreError.otherProjections(_, let isOlder) {
            if !isOlder { note("an old writer was told that it is the newer one") }
          }
        default:
          let store = ProgramStore(
            try database.connect(user: "office"), programID: programID,
            projections: NewerProjections.all)
          var own = 0
          while own < 20 {
            do {
              _ = try store.execute(
                [Submission(try IssuedCommand(name: "gap.record", fields: gap(own)))])
              own += 1
              written.withLock { $0.new += 1 }
            } catch StoreError.otherProjections(_, let isOlder) {
              if isOlder { note("a new writer was told that it is the older one") }
              written.withLock { $0.early += 1 }
              pause(0.01)
            }
          }
        }
      } catch {
        note("thread \(thread): \(error)")
        isDone.store(true, ordering: .relaxed)
      }
    }
    #expect(problems.withLock { $0 } == [])
    let counts = written.withLock { $0 }
    #expect(counts.old > 10 && counts.new == 40 && counts.early > 1, "\(counts)")
    try expectSwitched(program)
    let root = try database.connect()
    let total = counts.old + counts.new + 20
    #expect(try root.query("SELECT gaps FROM bi.gap_count").one(Int.self) == total)
    #expect(
      try root.query(
        "SELECT sum(gaps_ever)::bigint, (SELECT sum(title_length) > 0 FROM cem.gap_register_v2) FROM cem.gaps_ever"
      )
      .one((Int, Bool).self) == (total, true))
    // Reads of the old version, in a session that was there before, are refused too.
    #expect {
      _ = try LiveReader(program.connection, programID: programID)
    } throws: { error in
      if case StoreError.otherProjections(_, isProgramOlder: true) = error { true } else { false }
    }
    #expect(throws: StoreError.self) { try Migrator(program.connection).check() }
  }

  @Test("Indexes, options, comments, rights and views come along")
  func everythingComesAlong() throws {
    let program = try program()
    let root = try TestDatabase.current.connect()
    func described() throws -> [String] {
      try root.query(
        """
        SELECT substring(pg_get_indexdef(indexrelid) from ' USING.*') \
        FROM pg_index WHERE indrelid::regclass::text ~ '^cem.(gap_register|department_status)' \
        UNION ALL SELECT replace(relname, '_v2', '') || coalesce(array_to_string(reloptions, ','), '') \
        || coalesce(obj_description(oid, 'pg_class'), '') || (SELECT string_agg(a::text, ' ' ORDER BY a::text) FROM unnest(relacl) a) FROM pg_class \
        WHERE oid::regclass::text ~ '^(cem.(gap_register|department_status)(_v2)?|bi\\..*)$' \
        UNION ALL SELECT col_description('bi.gap'::regclass, 2) ORDER BY 1
        """
      ).decode(String.self)
    }
    let before = try described()
    #expect(before.count > 6)
    try upgrade().run()
    #expect(try described() == before)
    try expectSwitched(program)
    // The new table has what its file says.
    let comments = try root.query(
      """
      SELECT obj_description('cem.busy_day'::regclass), col_description('cem.busy_day'::regclass, 2), \
      (SELECT count(*) FROM pg_index WHERE indrelid = 'cem.busy_day'::regclass), \
      has_table_privilege('office', 'cem.busy_day', 'INSERT'), has_table_privilege('reader', 'cem.busy_day', 'SELECT')
      """
    ).one((String, String, Int, Bool, Bool).self)
    #expect(
      comments == ("One row a day on which something happened", "The business date", 2, true, false)
    )
    #expect(try upgrade().run().isEmpty, "nothing is left to do")
  }

  @Test("Killed anywhere and run again, it comes to the same; meanwhile the old version goes on")
  func killed() throws {
    let program = try program(gaps: 40)
    struct Killed: Error {}
    for cut in 1...6 {
      var upgrade = try upgrade()
      upgrade.partSize = 8
      var parts = 0
      upgrade.onPart = {
        parts += 1
        if parts == 2 { throw Killed() }
      }
      upgrade.beforeSwitch = { throw Killed() }
      #expect(throws: Killed.self) { try upgrade.run() }
      try program.run("gap.record", gap(cut))
      try program.expectLiveEqualsReplay()
      let states = try ProjectionState.all(
        TestDatabase.current.connect(), programID: program.programID)
      let filling = states.filter { !$0.isInUse }
      #expect(filling.map(\.name) == ["busy_day", "department_status", "gap_register"])
      #expect(filling.allSatisfy { $0.lagEvents > 0 && $0.rows != nil })
      #expect(try AccessCheck(TestDatabase.current.connect()).strangers() == [])
    }
    try upgrade().run()
    try expectSwitched(program)
  }

  @Test("A killed build that is given up for another version leaves nothing behind")
  func givenUp() throws {
    let program = try program()
    struct Killed: Error {}
    var upgrade = try upgrade()
    upgrade.beforeSwitch = { throw Killed() }
    #expect(throws: Killed.self) { try upgrade.run() }
    enum Third: Projection {
      static let table = TableSchema(
        "gap_register", version: 3, keys: GapRegister.table.keys,
        columns: GapRegister.table.columns,
        isOwnRow: true, subject: .numbered(.gap))
      static func rows(of record: EntityRecord) -> [Contribution] { GapRegister.rows(of: record) }
    }
    let third = Projections(
      Projections.all.map { $0.table.name == "gap_register" ? Third.self : $0 })
    try ProjectionUpgrade(TestDatabase.current.connect(user: "owner"), to: third).run()
    let root = try TestDatabase.current.connect()
    let tables = try root.query(
      "SELECT array_agg(relname::text ORDER BY relname) FROM pg_class WHERE relnamespace = 'cem'::regnamespace AND relname ~ '^(gap_reg|department_st|busy)' AND relkind = 'r'"
    ).one([String].self)
    #expect(tables == ["department_status", "gap_register_v3"])
    let refold = Refold(root, programID: program.programID, projections: third.list)
    #expect(try refold.verify().isEmpty)
  }

  @Test("What stands in the way of the switch is said before the work")
  func rehearsed() throws {
    let program = try program()
    enum Narrow: Projection {
      static let table = TableSchema(
        "gap_register", version: 2, keys: GapRegister.table.keys,
        columns: GapRegister.table.columns.filter { $0.name != "title" }, isOwnRow: true,
        subject: .numbered(.gap))
      static func rows(of record: EntityRecord) -> [Contribution] { [] }
    }
    var upgrade = ProjectionUpgrade(
      try TestDatabase.current.connect(user: "owner"),
      to: Projections(Projections.all.map { $0.table.name == "gap_register" ? Narrow.self : $0 }))
    upgrade.onPart = { Issue.record("it began to build") }
    #expect {
      try upgrade.run()
    } throws: { error in
      (error as? PostgresError)?.kind == .undefinedColumn
    }
    try program.run("gap.record", gap(1))
    try program.expectLiveEqualsReplay()
  }

  @Test("A transaction that could see half a table is waited for, and named")
  func waiting() throws {
    let program = try program()
    let reader = try TestDatabase.current.connect(user: "reader")
    try reader.execute("BEGIN ISOLATION LEVEL REPEATABLE READ")
    try reader.execute("SELECT 1")
    var upgrade = try upgrade()
    upgrade.patience = .milliseconds(200)
    #expect {
      try upgrade.run()
    } throws: { error in
      guard case StoreError.switchBlocked(let others) = error else { return false }
      return others.count == 1 && others[0].hasPrefix("reader (process ")
    }
    try program.run("gap.record", gap(1))
    try reader.execute("COMMIT")
    try upgrade.run()
    try expectSwitched(program)
  }

  @Test("Without the owner's right nothing is begun")
  func rights() throws {
    _ = try program()
    for login in ["office", "approver", "auditor"] {
      #expect(throws: PostgresError.self) {
        try upgrade(TestDatabase.current.connect(user: login)).run()
      }
    }
    let tables = try TestDatabase.current.connect().query(
      "SELECT to_regclass('cem.gap_register_v2') IS NULL"
    ).one(Bool.self)
    #expect(tables)
  }
}
