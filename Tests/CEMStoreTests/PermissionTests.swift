import CEMTestSupport
import FoundationEssentials
import Postgres
import Testing

/// The matrix of `schema/README.md`, compared with what the database grants.
@Suite("Permissions", .database(.migrated))
struct PermissionTests {
  private static let roles = ["cem_office", "cem_approver", "cem_auditor", "cem_reader"]
  private static let verbs = [
    "SELECT", "INSERT", "UPDATE", "DELETE", "TRUNCATE", "REFERENCES", "TRIGGER",
  ]
  private static let log = [
    "program", "head", "event", "tree_node", "event_type", "projection", "migration",
  ]
  private static let published = [
    "department_status", "gap_register", "initiative_board", "maturity_timeline",
    "maturity_action", "evidence_register", "segment_register", "touchpoint_scorecard",
    "touchpoint_link", "standard_register", "standard_measurement",
  ]
  /// What writers work with and dashboards do not see.
  private static let working = ["entity", "projection_rebuild", "rebuild_progress"]
  private static let functions = ["append", "lock_program", "register_program", "actor_token"]

  private func expected(_ role: String, _ table: String) -> Set<String> {
    let writes: Set = ["SELECT", "INSERT", "UPDATE", "DELETE"]
    switch role {
    case "cem_office", "cem_approver": return Self.log.contains(table) ? ["SELECT"] : writes
    case "cem_auditor": return ["SELECT"]
    default: return Self.published.contains(table) ? ["SELECT"] : []
    }
  }

  @Test("Each role has exactly the rights of the matrix on every table")
  func tables() throws {
    let connection = try TestDatabase.current.connect()
    let tables = try connection.query(
      "SELECT relname::text FROM pg_class WHERE relnamespace = 'cem'::regnamespace AND relkind IN ('r','v','p') ORDER BY 1"
    ).decode(String.self)
    #expect(Set(tables) == Set(Self.log + Self.published + Self.working))
    for role in Self.roles {
      for table in tables {
        let held = try connection.query(
          """
          SELECT v FROM unnest(\(Self.verbs)::text[]) v
          WHERE has_table_privilege(\(role), 'cem.' || quote_ident(\(table)), v)
          """
        ).decode(String.self)
        #expect(Set(held) == expected(role, table), "\(role) on \(table)")
      }
    }
  }

  @Test("Only the office executes functions, and PUBLIC has nothing")
  func functionsAndPublic() throws {
    let connection = try TestDatabase.current.connect()
    let functions = try connection.query(
      "SELECT proname::text, oid::bigint FROM pg_proc WHERE pronamespace = 'cem'::regnamespace"
    ).decode((String, Int64).self)
    for (name, oid) in functions {
      for role in Self.roles {
        let may = try connection.query(
          "SELECT has_function_privilege(\(role), \(oid)::oid, 'EXECUTE')"
        ).one(Bool.self)
        let should =
          ["cem_office", "cem_approver"].contains(role) && Self.functions.contains(name)
        #expect(may == should, "\(role) on \(name)")
      }
    }
    let toPublic = try connection.query(
      """
      SELECT relname::text FROM pg_class c, aclexplode(c.relacl) a
      WHERE c.relnamespace = 'cem'::regnamespace AND a.grantee = 0
      UNION ALL SELECT proname FROM pg_proc p,
        aclexplode(coalesce(p.proacl, acldefault('f', p.proowner))) a
      WHERE p.pronamespace = 'cem'::regnamespace AND a.grantee = 0
      UNION ALL SELECT nspname FROM pg_namespace n, aclexplode(n.nspacl) a
      WHERE n.nspname = 'cem' AND a.grantee = 0
      """
    ).decode(String.self)
    #expect(toPublic == [])
  }

  @Test("Security definer functions pin their search path")
  func searchPaths() throws {
    let connection = try TestDatabase.current.connect()
    let open = try connection.query(
      """
      SELECT proname::text FROM pg_proc WHERE pronamespace = 'cem'::regnamespace AND prosecdef
      AND NOT coalesce(proconfig::text LIKE '%search_path=pg_catalog, cem, pg_temp%', false)
      """
    ).decode(String.self)
    #expect(open == [])
  }

  @Test("A reader reads the published tables and fails on everything else")
  func readerTries() throws {
    let reader = try TestDatabase.current.connect(user: "reader")
    for table in Self.published { _ = try reader.query("SELECT * FROM cem.\(identifier: table)") }
    for table in Self.log + Self.working {
      #expect {
        try reader.query("SELECT * FROM cem.\(identifier: table)")
      } throws: { error in
        (error as? PostgresError)?.kind == .insufficientPrivilege
      }
    }
  }
}
