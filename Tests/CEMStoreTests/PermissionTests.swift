import CEMDomain
import CEMTestSupport
import FoundationEssentials
import Postgres
import Testing

@testable import CEMStore

/// The matrix of `schema/README.md`, every cell of it tried by a login of each role.
@Suite("Permissions", .database(.migrated))
struct PermissionTests {
  /// The logins that try, with the role that each has; `nil` for one without any.
  private static let logins: [(String, Role?)] =
    Role.granted.map { ($0.rawValue, $0) } + [("stranger", nil)]

  private static let tableRights = [
    "SELECT", "INSERT", "UPDATE", "DELETE", "TRUNCATE", "REFERENCES", "TRIGGER",
  ]

  /// A schema in which every login may make what a foreign key and a trigger need.
  private func prepare() throws -> Connection {
    let root = try TestDatabase.current.connect()
    let exists = try Logins(root).exists("stranger")
    if !exists { try root.execute("CREATE ROLE stranger LOGIN") }
    try root.execute(
      script: """
        CREATE SCHEMA scratch; GRANT ALL ON SCHEMA scratch TO PUBLIC;
        CREATE FUNCTION scratch.nothing() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NULL; END';
        """)
    return root
  }

  @Test("Logins of any name lose what they are to lose, and their namesakes nothing")
  func loginNames() throws {
    let root = try TestDatabase.current.connect()
    let logins = Logins(root)
    let database = TestDatabase.current.name
    for login in ["Alice_\(database)", "Ada@\(database).com", "O'Brien \"\(database)\" x"] {
      let namesake = login.lowercased()
      defer {
        for name in [login, namesake] { _ = try? root.execute("DROP ROLE \(identifier: name)") }
      }
      func roles(_ login: String) throws -> [String]? {
        try logins.list().first { $0.login == login }?.roles
      }
      _ = try logins.add(login, [.office, .auditor])
      _ = try logins.add(namesake, [.approver])
      try logins.revoke(login, [.auditor])
      #expect(try roles(login) == ["cem_office"])
      _ = try logins.disable(login)
      #expect(try roles(login) == nil)
      let kept = try root.query(
        "SELECT count(*) FROM pg_auth_members JOIN pg_roles r ON r.oid = member WHERE rolname = \(login)"
      ).one(Int.self)
      #expect(kept == 0)
      #expect(try roles(namesake) == ["cem_approver", "cem_office"])
    }
  }

  /// Whether a login may do something: it may unless the database says that it may not. Nothing of
  /// it stays.
  private func may(_ connection: Connection, _ statement: String) throws -> Bool {
    // A login of dashboards begins to read only, unless it says otherwise.
    try connection.execute(script: "BEGIN READ WRITE")
    defer { _ = try? connection.execute(script: "ROLLBACK") }
    do {
      try connection.execute(script: statement)
      return true
    } catch {
      return error.kind != .insufficientPrivilege
    }
  }

  private func attempt(_ right: String, on table: String) -> String {
    switch right {
    case "SELECT": "SELECT 1 FROM cem.\(table)"
    case "INSERT": "INSERT INTO cem.\(table) DEFAULT VALUES"
    case "UPDATE":
      "UPDATE cem.\(table) SET \(table == "migration" ? "number" : firstColumn(table)) = DEFAULT WHERE false"
    case "DELETE": "DELETE FROM cem.\(table) WHERE false"
    case "TRUNCATE": "TRUNCATE cem.\(table) CASCADE"
    case "REFERENCES": "CREATE TABLE scratch.t (a uuid, FOREIGN KEY (a) REFERENCES cem.\(table))"
    default:
      "CREATE TRIGGER t BEFORE INSERT ON cem.\(table) EXECUTE FUNCTION scratch.nothing()"
    }
  }

  private func firstColumn(_ table: String) -> String {
    switch table {
    case "event_type": "type"
    case "projection", "projection_build": "name"
    case "projection_list": "versions"
    case "calendar": "day"
    case "term": "kind"
    default: "program_id"
    }
  }

  @Test("Every verb on every table, by every login") func tables() throws {
    let root = try prepare()
    let tables = try root.query(
      """
      SELECT relname::text FROM pg_class WHERE relnamespace = 'cem'::regnamespace \
      AND relkind IN ('r', 'p', 'v', 'm', 'S', 'f') ORDER BY 1
      """
    ).decode(String.self)
    let known = AccessMatrix.objects.filter { $0.kind == .table }.map(\.name).sorted()
    #expect(tables == known, "an object that is not in the matrix, or not in the database")
    for (login, role) in Self.logins {
      let connection = try TestDatabase.current.connect(user: login)
      for table in tables {
        let object = try #require(AccessMatrix.object(.table, table))
        let rights = role.map(object.rights) ?? []
        for right in Self.tableRights {
          // A table without a key cannot be referred to, whoever asks.
          if right == "REFERENCES", table == "projection_list" {
            let held = try root.query(
              "SELECT has_table_privilege(\(login), 'cem.projection_list', 'REFERENCES')"
            ).one(Bool.self)
            #expect(!held, "\(login)")
            continue
          }
          #expect(
            try may(connection, attempt(right, on: table)) == rights.contains(right),
            "\(login): \(right) on \(table)")
        }
      }
    }
  }

  @Test("Every view of the dashboards', by every login") func views() throws {
    let root = try prepare()
    let views = try root.query(
      "SELECT relname::text FROM pg_class WHERE relnamespace = 'cem_bi'::regnamespace ORDER BY 1"
    ).decode(String.self)
    let known = AccessMatrix.objects.filter { $0.kind == .view }.map(\.name).sorted()
    #expect(views == known, "a view that is not in the matrix, or not in the database")
    for (login, role) in Self.logins {
      let connection = try TestDatabase.current.connect(user: login)
      for view in views {
        let object = try #require(AccessMatrix.object(.view, view))
        let rights = role.map(object.rights) ?? []
        for (right, statement) in [
          ("SELECT", "SELECT 1 FROM cem_bi.\(view) LIMIT 1"),
          ("INSERT", "INSERT INTO cem_bi.\(view) DEFAULT VALUES"),
          ("DELETE", "DELETE FROM cem_bi.\(view)"),
          (
            "TRIGGER",
            "CREATE TRIGGER t INSTEAD OF INSERT ON cem_bi.\(view) FOR EACH ROW EXECUTE FUNCTION scratch.nothing()"
          ),
        ] {
          // Where a view takes no changes at all, the database says so first.
          let held = try root.query(
            "SELECT has_table_privilege(\(login), \("cem_bi.\(view)"), \(right))"
          ).one(Bool.self)
          #expect(held == rights.contains(right), "\(login): \(right) on \(view)")
          if right == "SELECT" || right == "TRIGGER" {
            #expect(
              try may(connection, statement) == rights.contains(right), "\(login): \(statement)")
          }
        }
      }
    }
  }

  @Test("Every function, by every login") func functions() throws {
    let root = try prepare()
    let functions = try root.query(
      """
      SELECT proname::text, array_to_string(ARRAY(
        SELECT 'NULL::' || format_type(t, NULL) FROM unnest(proargtypes) WITH ORDINALITY AS a (t, n) ORDER BY n), ', ')
      FROM pg_proc WHERE pronamespace = 'cem'::regnamespace ORDER BY 1
      """
    ).decode((String, String).self)
    let known = AccessMatrix.objects.filter { $0.kind == .function }.map(\.name).sorted()
    #expect(functions.map(\.0).sorted() == known, "a function that is not in the matrix")
    for (login, role) in Self.logins {
      let connection = try TestDatabase.current.connect(user: login)
      for (name, arguments) in functions {
        let rights = role.flatMap { AccessMatrix.object(.function, name)?.rights(of: $0) } ?? []
        #expect(
          try may(connection, "SELECT cem.\(name)(\(arguments))") == rights.contains("EXECUTE"),
          "\(login) on \(name)(\(arguments))")
      }
    }
  }

  @Test("The schema and the database: nobody makes anything in them") func containers() throws {
    _ = try prepare()
    let root = try TestDatabase.current.connect()
    // A cloned database has PostgreSQL's own grants again.
    _ = try AccessRepair(root).run()
    for (login, role) in Self.logins {
      let connection = try TestDatabase.current.connect(user: login)
      #expect(
        try connection.query("SELECT has_schema_privilege('cem', 'USAGE')").one(Bool.self)
          == (role != nil && role != .reader), "\(login)")
      #expect(
        try connection.query("SELECT has_schema_privilege('cem_bi', 'USAGE')").one(Bool.self)
          == (role != nil), "\(login)")
      for statement in [
        "CREATE TABLE cem.x ()", "CREATE FUNCTION cem.x() RETURNS void LANGUAGE sql AS ''",
        "CREATE TABLE cem_bi.x ()", "CREATE VIEW cem_bi.x AS SELECT 1",
        "DROP SCHEMA cem_bi CASCADE",
        "CREATE TABLE public.x ()", "CREATE TEMPORARY TABLE x ()", "CREATE SCHEMA x",
        "SELECT lo_create(0)", "SELECT lo_from_bytea(0, 'x')", "SELECT pg_advisory_lock(1)",
        "SELECT pg_advisory_xact_lock(1)", "SELECT pg_try_advisory_lock_shared(1, 1)",
        "SET session_replication_role = replica", "ALTER TABLE cem.event DISABLE TRIGGER ALL",
        "DROP TABLE cem.event", "DROP SCHEMA cem CASCADE", "SET ROLE cem_owner",
        "CREATE ROLE x", "GRANT cem_approver TO stranger",
      ] {
        #expect(try !may(connection, statement), "\(login): \(statement)")
      }
    }
  }

  @Test("A fresh database deviates in nothing from the matrix") func noDeviations() throws {
    let root = try TestDatabase.current.connect()
    let check = AccessCheck(root)
    #expect(try check.deviations() == [])
    #expect(try check.strangers() == [])
    #expect(try check.triggers() == [])
    #expect(try RoleCheck(root).missingRoles() == [])
    #expect(try RoleCheck(root).oddRoles() == [])
  }

  @Test("Every right beyond the matrix is found, and taken back") func deviations() throws {
    let root = try prepare()
    let office = try TestDatabase.current.connect(user: "office")
    for (statement, sentence) in [
      ("GRANT SELECT ON cem.event TO stranger", "stranger has SELECT on table cem.event"),
      (
        "GRANT UPDATE (facts) ON cem.event TO cem_office",
        "cem_office has UPDATE (facts) on table cem.event"
      ),
      ("GRANT SELECT ON cem.event TO PUBLIC", "PUBLIC has SELECT on table cem.event"),
      ("GRANT INSERT ON cem.head TO cem_auditor", "cem_auditor has INSERT on table cem.head"),
      (
        "GRANT EXECUTE ON FUNCTION cem.erase_named() TO PUBLIC",
        "PUBLIC has EXECUTE on function cem.erase_named"
      ),
      ("GRANT CREATE ON SCHEMA cem TO PUBLIC", "PUBLIC has CREATE on schema cem"),
      (
        "GRANT SELECT ON cem_bi.fact_gap TO cem_reader WITH GRANT OPTION",
        "cem_reader has SELECT with grant option on view cem_bi.fact_gap"
      ),
      (
        "GRANT SELECT ON cem.gap_register TO cem_reader",
        "cem_reader has SELECT on table cem.gap_register"
      ),
      (
        "GRANT UPDATE (label) ON cem_bi.dim_term TO cem_office",
        "cem_office has UPDATE (label) on view cem_bi.dim_term"
      ),
      ("GRANT CREATE ON SCHEMA cem_bi TO PUBLIC", "PUBLIC has CREATE on schema cem_bi"),
      (
        "ALTER DEFAULT PRIVILEGES FOR ROLE cem_owner GRANT SELECT ON TABLES TO PUBLIC",
        "PUBLIC will have SELECT on tables that are made"
      ),
      (
        "ALTER DEFAULT PRIVILEGES FOR ROLE cem_owner IN SCHEMA cem_bi GRANT EXECUTE ON FUNCTIONS TO stranger",
        "stranger will have EXECUTE on functions that are made in cem_bi"
      ),
      (
        "REVOKE SELECT ON cem.event FROM cem_auditor", "cem_auditor lacks SELECT on table cem.event"
      ),
    ] {
      try root.execute(script: statement)
      #expect(try AccessCheck(root).sentences().contains(sentence))
      _ = try AccessRepair(root).run()
      #expect(try AccessCheck(root).sentences() == [], "\(statement)")
    }
    _ = try office.query("SELECT 1 FROM cem.event")
  }

  @Test("What a restore left with whoever restored is the owner's again") func ownership() throws {
    let root = try TestDatabase.current.connect()
    try root.execute(
      script: """
        ALTER TABLE cem.gap_event OWNER TO CURRENT_USER; ALTER VIEW cem_bi.freshness OWNER TO CURRENT_USER;
        ALTER FUNCTION cem.erase_named() OWNER TO CURRENT_USER; ALTER SCHEMA cem_bi OWNER TO CURRENT_USER
        """)
    #expect(try AccessCheck(root).strangers().count == 4)
    let done = try AccessRepair(root).run()
    #expect(done.contains { $0.hasPrefix("given back to cem_owner: 4") }, "\(done)")
    #expect(try AccessCheck(root).strangers() == [] && AccessCheck(root).deviations() == [])
    #expect(try AccessRepair(root).run() == [])
  }

  @Test("What several own is given back, the schemas first, by one who may act for them all")
  func ownersOfParts() throws {
    let root = try TestDatabase.current.connect()
    let name = TestDatabase.current.name
    let logins = (0..<8).map { "restorer\($0)_\(name)" }
    let administrator = "administrator_\(name)"
    for login in logins + [administrator] {
      try root.execute("CREATE ROLE \(identifier: login) LOGIN")
    }
    defer {
      for login in logins + [administrator] {
        _ = try? root.execute("DROP OWNED BY \(identifier: login)")
        _ = try? root.execute("DROP ROLE \(identifier: login)")
      }
    }
    let tables = ["gap_register", "gap_event", "term", "head", "event", "program", "projection"]
    for (login, table) in zip(logins, tables) {
      try root.execute("ALTER TABLE cem.\(identifier: table) OWNER TO \(identifier: login)")
    }
    try root.execute("ALTER SCHEMA cem OWNER TO \(identifier: logins[7])")
    for role in logins + ["cem_owner"] {
      try root.execute("GRANT \(identifier: role) TO \(identifier: administrator)")
    }
    try root.execute(
      "GRANT CREATE ON DATABASE \(identifier: name) TO cem_owner, \(identifier: administrator)")
    let repair = AccessRepair(try TestDatabase.current.connect(user: administrator))
    #expect(try repair.giveBack().first?.hasPrefix("given back to cem_owner: 8") == true)
    #expect(try AccessCheck(root).strangers() == [])
  }

  @Test("What weakens the protection of the log is found") func triggers() throws {
    let root = try TestDatabase.current.connect()
    for (statement, problem) in [
      (
        "ALTER TABLE cem.event DISABLE TRIGGER event_is_append_only",
        "the trigger event_is_append_only on cem.event can be switched off"
      ),
      (
        "ALTER TABLE cem.tree_node ENABLE TRIGGER tree_node_is_append_only",
        "the trigger tree_node_is_append_only on cem.tree_node can be switched off"
      ),
      (
        "DROP TRIGGER event_erases ON cem.event", "the trigger event_erases on cem.event is missing"
      ),
      (
        "ALTER TABLE cem.program DISABLE TRIGGER program_follows_log",
        "the trigger program_follows_log on cem.program can be switched off"
      ),
    ] {
      try root.execute(script: statement)
      #expect(try AccessCheck(root).triggers().contains(problem))
    }
    try root.execute(
      script: "CREATE TABLE cem.extra (); ALTER TABLE cem.head OWNER TO CURRENT_USER")
    #expect(
      try AccessCheck(root).strangers() == [
        "table cem.extra is not cem's", "table head belongs to postgres",
      ])
  }

  @Test("Security definer functions pin their search path") func searchPaths() throws {
    let connection = try TestDatabase.current.connect()
    let open = try connection.query(
      """
      SELECT proname::text FROM pg_proc WHERE pronamespace = 'cem'::regnamespace AND prosecdef
      AND NOT coalesce(proconfig::text LIKE '%search_path=pg_catalog, cem, pg_temp%', false)
      """
    ).decode(String.self)
    #expect(open == [])
  }

  @Test("The matrix of the README is the one that is checked") func readme() throws {
    let file = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent().appending(path: "schema/README.md")
    let text = try String(decoding: Data(contentsOf: file), as: UTF8.self)
    for row in AccessMatrix.rows { #expect(text.contains(row + "\n"), "missing: \(row)") }
  }

  @Test("Nobody keeps writers out by the queue's lock, which only a superuser can give away")
  func queue() throws {
    let program = try TestProgram()
    let root = try TestDatabase.current.connect()
    try root.execute(
      "SELECT pg_advisory_lock(hashtextextended(\(program.programID)::uuid::text, 0))")
    let start = ContinuousClock.now
    try program.run("department.register", ["code": "a", "name": "A"])
    let waited = ContinuousClock.now - start
    #expect(waited > .seconds(1) && waited < .seconds(8), "\(waited)")
  }
}
