import CEMStore
import CEMTestSupport
import Foundation
import Postgres
import Testing

@testable import cem

/// What `cem doctor` finds: each condition is made on a real server, and seen.
@Suite(.database(.migrated)) struct DoctorTests {
  private func findings(_ cem: CommandProcess) throws -> [String: [String: Any]] {
    let list = try #require(try cem("doctor", "--json").json() as? [[String: Any]])
    return Dictionary(list.map { ($0["check"] as? String ?? "", $0) }) { a, _ in a }
  }

  @Test(
    "Every condition is reported, with a hint",
    arguments: [
      (
        "GRANT SELECT ON cem.event TO PUBLIC", "access", "fail",
        "PUBLIC has SELECT on table cem.event"
      ),
      ("REVOKE SELECT ON cem.event FROM cem_auditor", "access", "fail", "cem_auditor lacks SELECT"),
      (
        "CREATE FUNCTION cem.more() RETURNS void LANGUAGE sql AS ''", "access", "fail",
        "PUBLIC has EXECUTE on function cem.more"
      ),
      ("CREATE TABLE cem.more ()", "objects", "fail", "table cem.more is not cem's"),
      ("ALTER TABLE cem.event DISABLE TRIGGER event_erases", "triggers", "fail", "event_erases"),
      (
        "DROP TRIGGER event_is_append_only ON cem.event; CREATE TRIGGER event_is_append_only BEFORE DELETE ON cem.event FOR EACH ROW EXECUTE FUNCTION cem.refuse_event_change(); ALTER TABLE cem.event ENABLE ALWAYS TRIGGER event_is_append_only",
        "triggers", "fail", "event_is_append_only on cem.event is another one"
      ),
      (
        "CREATE OR REPLACE FUNCTION cem.actor_token() RETURNS text LANGUAGE sql AS $$SELECT 'somebody'$$",
        "definitions", "fail", "the function cem.actor_token is not the one that was migrated"
      ),
      (
        "DROP INDEX cem.event_command", "definitions", "fail",
        "the unique index cem.event_command is missing"
      ),
      (
        "ALTER TABLE cem.event ALTER facts DROP NOT NULL", "definitions", "fail",
        "the column cem.event.facts is text COLLATE \"C\" and was text COLLATE \"C\" NOT NULL"
      ),
      (
        "ALTER TABLE cem.event ALTER actor SET DEFAULT 'nobody'", "definitions", "fail",
        "the column cem.event.actor is text COLLATE \"C\" NOT NULL DEFAULT 'nobody'::text and was text"
      ),
      (
        "ALTER TABLE cem.event ADD note text", "definitions", "fail",
        "the column cem.event.note is not cem's"
      ),
      (
        "ALTER TABLE cem.event DROP CONSTRAINT event_private_hash", "definitions", "fail",
        "the constraint event_private_hash on cem.event is missing"
      ),
      (
        "ALTER TABLE cem.gap_register ADD CHECK (severity > 1)", "definitions", "fail",
        "the constraint gap_register_severity_check on cem.gap_register is not cem's"
      ),
      (
        "CREATE UNIQUE INDEX one_title ON cem.gap_register (title)", "definitions", "fail",
        "the unique index cem.one_title is not cem's"
      ),
      (
        "CREATE OR REPLACE VIEW cem_bi.freshness AS SELECT h.program_id, p.slug AS program, h.position, h.recorded_at, h.position + 1 AS tree_size, ''::text AS root FROM cem.head h JOIN cem.program p USING (program_id)",
        "definitions", "fail", "the view cem_bi.freshness is not the one that was migrated"
      ),
      (
        "CREATE INDEX divided ON cem.event ((1 / (position - 3)))", "definitions", "fail",
        "the computed index cem.divided is not cem's"
      ),
      (
        "ALTER VIEW cem_bi.fact_gap SET (security_barrier = false)", "definitions", "fail",
        "the view cem_bi.fact_gap is not the one that was migrated"
      ),
      (
        "UPDATE cem.projection SET version = 1 WHERE name = 'initiative_board'; UPDATE cem.projection_list SET versions = replace(versions, 'initiative_board=2', 'initiative_board=1')",
        "access", "warn", "compared once the schema is this cem's"
      ),
      (
        "DROP VIEW cem_bi.fact_gap_event", "definitions", "fail",
        "the view cem_bi.fact_gap_event is missing"
      ),
      (
        "ALTER TABLE cem.gap_register ENABLE ROW LEVEL SECURITY", "definitions", "fail",
        "cem.gap_register hides rows from some logins"
      ),
      (
        "CREATE RULE r AS ON DELETE TO cem.gap_register DO INSTEAD NOTHING", "definitions", "fail",
        "cem.gap_register has rules"
      ),
      (
        "CREATE TABLE public.more () INHERITS (cem.gap_register)", "definitions", "fail",
        "cem.gap_register has other tables within it"
      ),
      (
        "ALTER TABLE cem.event SET UNLOGGED", "definitions", "fail",
        "cem.event is emptied by a crash"
      ),
      (
        "CREATE FUNCTION public.look(text) RETURNS boolean LANGUAGE sql IMMUTABLE AS 'SELECT true'; ALTER TABLE cem.event ADD CONSTRAINT looked CHECK (public.look(facts))",
        "definitions", "fail", "look(text)"
      ),
      (
        "CREATE FUNCTION public.look(text) RETURNS text LANGUAGE sql IMMUTABLE AS 'SELECT $1'; CREATE INDEX looked ON cem.event (public.look(facts))",
        "definitions", "fail", "look(text)"
      ),
      (
        "CREATE FUNCTION pg_catalog.pg_has_role(name, text, text) RETURNS boolean LANGUAGE sql STABLE AS 'SELECT true'",
        "definitions", "fail", "stands among PostgreSQL's own and is not"
      ),
      (
        "CREATE OR REPLACE FUNCTION pg_catalog.pg_has_role(name, name, text) RETURNS boolean LANGUAGE sql STABLE AS 'SELECT true'",
        "definitions", "fail",
        "PostgreSQL's own function pg_has_role(name,name,text) is not the one that it comes with"
      ),
      (
        "UPDATE pg_proc SET prosrc = 'now' WHERE proname = 'clock_timestamp'", "definitions",
        "fail", "PostgreSQL's own functions are not those that it comes with"
      ),
      (
        "ALTER FUNCTION cem.leaf_hash STRICT", "definitions", "fail",
        "cem.leaf_hash runs with other settings"
      ),
      (
        "ALTER FUNCTION cem.actor_token IMMUTABLE", "definitions", "fail",
        "cem.actor_token runs with other settings"
      ),
      (
        "CREATE SCHEMA util; CREATE FUNCTION util.run(text) RETURNS void LANGUAGE plpgsql SECURITY DEFINER AS 'BEGIN EXECUTE $1; END'; ALTER FUNCTION util.run(text) OWNER TO cem_owner",
        "definitions", "fail", "util.run(text) runs with the rights of cem_owner"
      ),
      (
        "CREATE FUNCTION public.run(text) RETURNS void LANGUAGE plpgsql SECURITY DEFINER AS 'BEGIN EXECUTE $1; END'",
        "logins", "warn", "run(text) runs as a superuser for others"
      ),
      (
        "CREATE VIEW public.leak AS SELECT position, private FROM cem.event; GRANT SELECT ON public.leak TO PUBLIC",
        "definitions", "fail", "leak shows others what is in cem.event"
      ),
      (
        "ALTER DEFAULT PRIVILEGES FOR ROLE cem_owner GRANT SELECT ON TABLES TO PUBLIC", "access",
        "fail", "PUBLIC will have SELECT on tables that are made"
      ),
      (
        "DELETE FROM cem.head WHERE program_id IN (SELECT program_id FROM cem.program LIMIT 1)",
        "programs", "fail", "the head of"
      ),
      (
        "ALTER FUNCTION cem.lock_program(uuid) SET search_path = public, pg_catalog", "definitions",
        "fail", "cem.lock_program runs with other settings"
      ),
      (
        "ALTER FUNCTION cem.actor_token() SECURITY DEFINER", "definitions", "fail",
        "cem.actor_token runs with other settings or rights"
      ),
      (
        "UPDATE cem.event_type SET appended_by = 'cem_office' WHERE type = 'event.data_erased'",
        "definitions", "fail", "which role may append which type"
      ),
      (
        "DELETE FROM cem.calendar WHERE day BETWEEN '2025-01-01' AND '2025-12-31'", "definitions",
        "fail", "the days in cem.calendar"
      ),
      (
        "UPDATE cem.term SET label = 'Excellent' WHERE kind = 'Level'", "definitions", "fail",
        "cem.term does not hold the catalog's terms"
      ),
      (
        "CREATE SCHEMA hidden; ALTER TABLE cem.gap_event SET SCHEMA hidden", "definitions", "fail",
        "the view cem_bi.fact_gap_event reads hidden.gap_event"
      ),
      (
        "ALTER TABLE cem.gap_event RENAME TO g; CREATE VIEW cem.gap_event AS SELECT * FROM cem.g",
        "definitions", "fail", "cem.gap_event stands where a table was"
      ),
      (
        "UPDATE cem.projection_list SET versions = 'gap_register=1'", "definitions", "fail",
        "cem.projection_list is not the list"
      ),
      ("GRANT TEMPORARY ON DATABASE CURRENT TO PUBLIC", "public", "warn", "make temporary tables"),
      ("GRANT CREATE ON DATABASE CURRENT TO PUBLIC", "public", "warn", "make schemas"),
      (
        "GRANT EXECUTE ON FUNCTION lo_create(oid) TO PUBLIC", "public", "warn",
        "write large objects"
      ),
      (
        "GRANT EXECUTE ON FUNCTION pg_advisory_lock(bigint) TO PUBLIC", "public", "warn",
        "take advisory locks"
      ),
      (
        "UPDATE cem.head SET recorded_at = clock_timestamp() + interval '1 hour'", "time", "fail",
        "ahead of the server's clock"
      ),
    ])
  func conditions(statement: String, check: String, grade: String, message: String) throws {
    let database = TestDatabase.current
    let root = try database.connect()
    _ = try AccessRepair(root).run()
    let cem = try CommandProcess(database: database.conninfo())
    defer { cem.remove() }
    _ = try cem("init", "--program", "acme", "--name", "Acme")
    let before = try #require(try findings(cem)[check])
    #expect(before["state"] as? String == "ok", "\(before)")
    try root.execute(
      script: statement.split(separator: "CURRENT").joined(separator: database.name))
    let after = try #require(try findings(cem)[check])
    #expect(after["state"] as? String == grade)
    #expect((after["message"] as? String)?.contains(message) == true, "\(after)")
    #expect((after["hint"] as? String)?.isEmpty == false)
    #expect(try cem("doctor").status == 1)
  }

  /// What belongs to the whole server, undone at the end: other tests share it.
  @Test(
    "Roles and parameters",
    arguments: [
      (
        "GRANT SET ON PARAMETER session_replication_role TO NAME",
        "REVOKE SET ON PARAMETER session_replication_role FROM NAME", "parameters",
        "may set session_replication_role"
      ),
      ("GRANT cem_owner TO NAME", "", "owners", "may act as the owner"),
      ("GRANT cem_reader TO NAME; ALTER ROLE NAME CREATEROLE", "", "logins", "may make roles"),
      (
        "GRANT cem_reader, pg_write_all_data TO NAME", "", "logins",
        "is a member of pg_write_all_data"
      ),
      ("ALTER ROLE NAME SUPERUSER", "", "login", "is a superuser"),
    ])
  func roles(statement: String, undo: String, check: String, message: String) throws {
    let name = "clerk_\(UUID().uuidString.prefix(8).lowercased())"
    let root = try TestDatabase.current.connect()
    func run(_ text: String) throws {
      try root.execute(script: text.replacingOccurrences(of: "NAME", with: name))
    }
    try run("CREATE ROLE NAME LOGIN; GRANT cem_office TO NAME")
    defer {
      try? run(undo + "; DROP ROLE NAME")
    }
    let cem = try CommandProcess(database: TestDatabase.current.conninfo(user: name))
    defer { cem.remove() }
    func text(of finding: [String: Any]?) -> String { finding?["message"] as? String ?? "" }
    let before = text(of: try findings(cem)[check])
    #expect(!(before.contains(name) && before.contains(message)), "\(before)")
    try run(statement)
    let after = try #require(try findings(cem)[check])
    #expect(
      text(of: after).contains(name) && text(of: after).contains(message), "\(after)")
    #expect(after["state"] as? String != "ok" && after["hint"] as? String != nil)
  }

  @Test("The server's own settings") func settings() throws {
    let cem = try CommandProcess(database: TestDatabase.current.conninfo())
    defer { cem.remove() }
    let found = try findings(cem)
    // The test server gives up durability and has no checksums.
    #expect(
      (found["durability"]?["message"] as? String)?.contains(
        "fsync is off, full_page_writes is off") == true)
    #expect(found["checksums"]?["state"] as? String == "warn")
    #expect(found["login"]?["state"] as? String == "warn")
  }

  private func findings(_ diagnosis: Diagnosis) throws -> [String: Finding] {
    var list: [Finding] = []
    try diagnosis.add(to: &list)
    return Dictionary(list.map { ($0.check, $0) }) { a, _ in a }
  }

  @Test("Whoever keeps a program locked is named, after a while") func lockedProgram() throws {
    let program = try TestProgram()
    let root = try TestDatabase.current.connect()
    let diagnosis = Diagnosis(connection: root, lockPatience: 1)
    #expect(try findings(diagnosis)["locks"]?.grade == .ok)
    for lock: SQL in [
      "SELECT cem.lock_program(\(program.programID))", "SELECT pg_advisory_xact_lock(7)",
      "LOCK TABLE cem.entity_v3 IN ACCESS EXCLUSIVE MODE",
      "UPDATE cem.entity_v3 SET version = version WHERE true",
    ] {
      let holder = try TestDatabase.current.connect(user: "office")
      // Taken from everybody by the migration, so given back for this test.
      try root.execute("GRANT EXECUTE ON FUNCTION pg_advisory_xact_lock(bigint) TO office")
      try holder.execute("BEGIN")
      try holder.execute(lock)
      usleep(1_200_000)
      let found = try #require(try findings(diagnosis)["locks"])
      #expect(found.grade == .warn && found.message.hasPrefix("office (process "), "\(found)")
      #expect(found.hint?.contains("pg_terminate_backend") == true)
      // Doctor itself does not wait for what is locked.
      let definitions = try #require(try findings(diagnosis)["definitions"])
      #expect(
        definitions.grade == ("\(lock)".contains("LOCK TABLE") ? .warn : .ok), "\(definitions)")
      // Not over a minute yet, as everybody is told.
      #expect(try findings(Diagnosis(connection: root))["locks"]?.grade == .ok)
      try holder.execute("ROLLBACK")
      #expect(try findings(diagnosis)["locks"]?.grade == .ok)
    }
    // One that is prepared has no session that could be ended.
    let name = "it's \(TestDatabase.current.name)"
    let literal = "'it''s \(TestDatabase.current.name)'"
    let office = try TestDatabase.current.connect(user: "office")
    try office.execute("BEGIN")
    try office.execute("SELECT cem.lock_program(\(program.programID))")
    try office.execute("PREPARE TRANSACTION \(unsafeSQL: literal)")
    defer { _ = try? root.execute("ROLLBACK PREPARED \(unsafeSQL: literal)") }
    #expect(try Logins(root).preparedTransactions(of: "office") == [name])
    usleep(1_200_000)
    let found = try #require(try findings(diagnosis)["locks"])
    #expect(found.message.hasPrefix("office (prepared transaction \(literal))"), "\(found)")
    #expect(found.grade == .warn && found.hint?.contains("ROLLBACK PREPARED") == true)
  }

  @Test("Clocks that differ") func clocks() throws {
    let root = try TestDatabase.current.connect()
    for (shift, grade) in [(0.0, Finding.Grade.ok), (-30, .warn), (3_600, .warn), (2, .ok)] {
      let diagnosis = Diagnosis(
        connection: root, now: { Date().timeIntervalSince1970 + shift })
      let found = try #require(try findings(diagnosis)["clock"])
      #expect(found.grade == grade, "\(shift): \(found)")
      #expect((found.hint == nil) == (grade == .ok))
    }
  }

  @Test("A database that is not UTF-8") func encoding() throws {
    let name = "latin_\(UUID().uuidString.prefix(8).lowercased())"
    let server = TestDatabase.current.server
    try server.connect().execute(
      "CREATE DATABASE \(identifier: name) ENCODING 'LATIN1' TEMPLATE template0")
    let cem = try CommandProcess(database: server.conninfo(database: name))
    defer {
      cem.remove()
      _ = try? server.connect().execute("DROP DATABASE \(identifier: name) WITH (FORCE)")
    }
    #expect(try findings(cem)["encoding"]?["state"] as? String == "fail")
  }

  @Test("A connection that fails is one line of words in a pipe") func outOfReach() throws {
    let cem = try CommandProcess(database: "host=127.0.0.1 port=1 dbname=x")
    defer { cem.remove() }
    let result = try cem("doctor")
    #expect(result.status == 1)
    #expect(result.output.contains("refused Is the server running"), "\(result.output)")
    #expect(!result.output.contains("\\n") && !result.output.contains("\\t"))
    #expect(!(result.output + result.errors).contains("cem doctor"), "it sends to itself")
  }

  @Test("A database that takes no changes") func readOnly() throws {
    let root = try TestDatabase.current.connect()
    let cem = try CommandProcess(database: TestDatabase.current.conninfo())
    defer { cem.remove() }
    #expect(try findings(cem)["changes"]?["state"] as? String == "ok")
    #expect(try !cem("db", "migrate").errors.contains("takes no changes"))
    try root.execute(
      "ALTER DATABASE \(identifier: TestDatabase.current.name) SET default_transaction_read_only = on"
    )
    let found = try #require(try findings(cem)["changes"])
    #expect(found["state"] as? String == "warn" && found["hint"] is String)
    let message = "takes no changes: default_transaction_read_only is on"
    #expect((found["message"] as? String)?.contains(message) == true, "\(found)")
    let migrated = try cem("db", "migrate")
    #expect(migrated.status == 0 && migrated.errors.contains(message), "\(migrated)")
  }

  @Test("What the environment says of a session, and a database that takes none")
  func refusedSessions() throws {
    let root = try TestDatabase.current.server.connect()
    let name = TestDatabase.current.name
    var cem = try CommandProcess(database: TestDatabase.current.conninfo())
    defer { cem.remove() }
    for variable in ["PGTZ", "PGDATESTYLE", "PGGEQO"] { cem.environment[variable] = "nonsense" }
    #expect(try cem("db", "roles").status == 0, "they do not count")
    cem.environment["PGOPTIONS"] = "-c nonsense=1"
    let refused = try cem("db", "roles")
    #expect(
      refused.status == 78 && refused.errors.contains("hint: correct PGOPTIONS"), "\(refused)")
    cem.environment["PGOPTIONS"] = nil
    try root.execute("ALTER DATABASE \(identifier: name) ALLOW_CONNECTIONS false")
    let closed = try cem("db", "roles")
    try root.execute("ALTER DATABASE \(identifier: name) ALLOW_CONNECTIONS true")
    #expect(closed.status == 69 && closed.errors.contains("takes no connections"), "\(closed)")
  }
}
