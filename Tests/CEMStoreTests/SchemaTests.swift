import CEMDomain
import CEMStore
import CEMTestSupport
import FoundationEssentials
import Postgres
import RandomPrograms
import Testing

@Suite("The schema", .database(.migrated))
struct SchemaTests {
  @Test("Every event type is known to the database, and no other")
  func eventTypes() throws {
    let connection = try TestDatabase.current.connect()
    let known = try connection.query("SELECT type FROM cem.event_type ORDER BY type")
      .decode(String.self)
    #expect(known == Set(Event.allForms.map(\.type)).sorted())
  }

  @Test("The embedded migrations are the files of the folder")
  func migrations() throws {
    let folder = URL(filePath: #filePath).deletingLastPathComponent()
      .deletingLastPathComponent().deletingLastPathComponent().appending(path: "schema")
    let files = try FileManager.default.contentsOfDirectory(atPath: folder.path)
      .filter { $0.hasSuffix(".sql") }.sorted()
    func name(_ migration: Migration) -> String {
      let number = String(migration.number)
      return String(repeating: "0", count: 4 - number.count) + "\(number)_\(migration.name).sql"
    }
    #expect(files == Migration.all.map(name))
    for migration in Migration.all {
      let data = try Data(contentsOf: folder.appending(path: name(migration)))
      #expect(migration.sql == String(decoding: data, as: UTF8.self))
    }
  }

  @Test("schema/definitions.txt lists what migrating makes") func definitions() throws {
    let shape = try #require(try DefinitionCheck(TestDatabase.current.connect()).shape())
    let lines = shape.map { $0.value.isEmpty ? $0.key : "\($0.key)\t\($0.value)" }.sorted()
    let text = lines.joined(separator: "\n") + "\n"
    let file = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent().appending(path: "schema/definitions.txt")
    // Where it was recorded, build again: it is compiled in.
    try TestRun.expect(text, equals: file)
  }

  @Test("A view that a backup brought back is the same view") func restored() throws {
    let connection = try TestDatabase.current.connect()
    let views = try connection.query(
      "SELECT relname::text, pg_get_viewdef(oid), coalesce(' WITH (' || array_to_string(reloptions, ',') || ')', '') FROM pg_class WHERE relnamespace = 'cem_bi'::regnamespace"
    ).decode((String, String, String).self)
    #expect(views.count > 30)
    for (name, definition, options) in views {
      try connection.execute(
        "CREATE OR REPLACE VIEW cem_bi.\(identifier: name)\(unsafeSQL: options) AS \(unsafeSQL: definition)"
      )
    }
    #expect(try DefinitionCheck(connection).shapeProblems() == [])
  }

  @Test("The README has a row for every projection, with its key")
  func projectionRows() throws {
    let file = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent().appending(path: "schema/README.md")
    let lines = try String(decoding: Data(contentsOf: file), as: UTF8.self).split(separator: "\n")
    for projection in Projections.all {
      let table = projection.table
      let keys = table.keys.map { "`\($0.name)`" }.joined(separator: ", ")
      #expect(
        lines.contains { $0.hasPrefix("| `\(table.name)` | ") && $0.hasSuffix(" | \(keys) |") },
        "\(table.name) by \(keys)")
    }
  }

  @Test("Migrating again does nothing; an edited or a newer database is refused")
  func refusals() throws {
    let connection = try TestDatabase.current.connect()
    let migrator = Migrator(connection)
    #expect(try migrator.migrate().isEmpty)
    try migrator.check()
    try connection.execute("UPDATE cem.migration SET checksum = 'x' WHERE number = 2")
    #expect(throws: StoreError.self) { try migrator.check() }
    try connection.execute("DELETE FROM cem.migration WHERE number >= 2")
    #expect(throws: StoreError.self) { try migrator.check() }
    try connection.execute(
      "INSERT INTO cem.migration (number, name, checksum) VALUES (99, 'later', 'y')")
    #expect(throws: StoreError.self) { try migrator.check() }
  }

  @Test("The columns of every projection are those of its table")
  func projectionColumns() throws {
    let connection = try TestDatabase.current.connect()
    for projection in Projections.all {
      let table = projection.table
      let columns = try connection.query(
        """
        SELECT column_name::text, data_type::text FROM information_schema.columns
        WHERE table_schema = 'cem' AND table_name = \(table.physicalName) AND column_name <> 'program_id'
        AND is_generated = 'NEVER'
        ORDER BY column_name
        """
      ).decode((String, String).self)
      let expected = table.allColumns.map { ($0.name, $0.kind.rawValue) }.sorted { $0.0 < $1.0 }
      #expect(columns.map(\.0) == expected.map(\.0), "\(table.name)")
      #expect(columns.map(\.1) == expected.map(\.1), "\(table.name)")
      let version = try connection.query(
        "SELECT version FROM cem.projection WHERE name = \(table.name)"
      ).one(Int.self)
      #expect(version == table.version)
    }
  }

  @Test("What was recorded stays: for the owner, a superuser, and under session_replication_role")
  func appendOnly() throws {
    let program = try TestProgram()
    try program.run("department.register", ["code": "a", "name": "A"])
    let root = try TestDatabase.current.connect()
    let owner = try TestDatabase.current.connect()
    try owner.execute("SET ROLE cem_owner")
    let replica = try TestDatabase.current.connect()
    try replica.execute("SET session_replication_role = replica")
    for connection in [root, owner, replica] {
      for statement in [
        "UPDATE cem.event SET type = 'x'", "DELETE FROM cem.event", "TRUNCATE cem.event",
      ] {
        #expect {
          try connection.execute(SQL(unsafe: statement))
        } throws: { error in
          (error as? PostgresError)?.kind == .other("CEM09")
        }
      }
    }
  }

  @Test("A program is not made, renamed or moved to another time zone but by an event")
  func programFollowsLog() throws {
    let program = try TestProgram()
    let office = try TestDatabase.current.connect(user: "office")
    for id in [program.programID, UUID()] {
      let error = #expect(throws: PostgresError.self) {
        try office.execute("SELECT cem.register_program(\(id), 'stolen', 'Asia/Tokyo')")
      }
      #expect(error?.kind == .other("CEM11"))
    }
    let names = try ProgramDirectory(office).list().map(\.slug)
    #expect(names == ["test"])
    try program.run("program.amend", ["slug": "other", "reason": "renamed"])
    #expect(try ProgramDirectory(office).list().map(\.slug) == ["other"])
  }

  @Test("The office writes the log by the append function alone")
  func officeCannotWrite() throws {
    let program = try TestProgram()
    let office = try TestDatabase.current.connect(user: "office")
    for statement in [
      "INSERT INTO cem.event SELECT * FROM cem.event", "UPDATE cem.event SET type = 'x'",
      "DELETE FROM cem.event", "TRUNCATE cem.event", "UPDATE cem.head SET position = 9",
      "INSERT INTO cem.tree_node VALUES (gen_random_uuid(), 1, 0, '')",
      "UPDATE cem.program SET slug = 'x'", "DELETE FROM cem.migration",
      "INSERT INTO cem.event_type VALUES ('x.y', 'cem_office')",
      "UPDATE cem.projection SET version = 9",
    ] {
      #expect {
        try office.execute(SQL(unsafe: statement))
      } throws: { error in
        (error as? PostgresError)?.kind == .insufficientPrivilege
      }
    }
    _ = program
  }

  @Test("§8: an event type without the right is refused")
  func rights() throws {
    let program = try TestProgram()
    try program.run("department.register", ["code": "a", "name": "A"])
    try program.run("gap.record", ["department": "a", "link": 1, "title": "G"])
    let office = ProgramStore(
      try TestDatabase.current.connect(user: "office"), programID: program.programID)
    let issued = try IssuedCommand(
      name: "gap.accept", fields: ["gap": "GAP-1", "until": "2099-01-01", "reason": "r"])
    #expect {
      try office.execute([Submission(issued)])
    } throws: { error in
      if case StoreError.database(let error) = error {
        error.kind == .insufficientPrivilege
      } else {
        false
      }
    }
    _ = try office.execute([
      Submission(try IssuedCommand(name: "gap.reopen", fields: ["gap": "GAP-1", "reason": "r"]))
    ])
    let auditor = ProgramStore(
      try TestDatabase.current.connect(user: "auditor"), programID: program.programID)
    #expect(throws: StoreError.self) { try auditor.execute([Submission(issued)]) }
  }
}
