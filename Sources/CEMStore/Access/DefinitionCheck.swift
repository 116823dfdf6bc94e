import FoundationEssentials
package import Postgres

/// Compares what the database holds of the schema's definitions with the migrations: a superuser could have
/// replaced a function, dropped a key, or hidden rows from some logins.
package struct DefinitionCheck {
  let connection: Connection

  package init(_ connection: Connection) { self.connection = connection }

  /// What is not as it was migrated, a sentence each; `shapeProblems` has the rest.
  package func problems() throws(PostgresError) -> [String] {
    try functions() + tables() + views() + contents() + foreignCode()
  }

  /// A function as the last migration that made it has it.
  struct Function {
    var body: String
    /// Whether it runs with its owner's rights.
    var isDefiner: Bool
    /// What is set while it runs, as `name=value`.
    var settings: Set<String>

    /// - Parameter header: what stands between the name and the body.
    init(header: String, body: String) {
      self.body = body
      isDefiner = header.contains("SECURITY DEFINER")
      settings = Set(
        header.components(separatedBy: " SET ").dropFirst().map { setting in
          // `name = value AS`, the value perhaps in quotation marks.
          let words = setting.split { $0.isWhitespace || $0 == "'" }.prefix { $0 != "AS" }
          return "\(words[0])=" + words.dropFirst(2).joined(separator: " ")
        })
    }
  }

  static let functions: [String: Function] = {
    var functions: [String: Function] = [:]
    for migration in Migration.all {
      let pieces = migration.sql.components(separatedBy: "FUNCTION cem.")
      // What stands before a piece is whether it is made, and not granted or called.
      for (before, piece) in zip(pieces, pieces.dropFirst())
      where before.hasSuffix("CREATE ") || before.hasSuffix("CREATE OR REPLACE ") {
        let name = piece.prefix { $0.isLetter || $0 == "_" }
        let quoted = piece.components(separatedBy: "$$")
        if quoted.count > 2 {
          functions[String(name)] = Function(header: quoted[0], body: quoted[1])
        }
      }
    }
    return functions
  }()

  /// Functions that are not as they were migrated, in their text or in what they run with.
  package func functions() throws(PostgresError) -> [String] {
    let rows = try connection.query(
      """
      SELECT proname::text, prosrc, prosecdef, array_to_string(coalesce(proconfig, '{}'), E'\\n') FROM pg_proc
      WHERE pronamespace = to_regnamespace('cem') ORDER BY 1
      """
    ).decode((String, String, Bool, String).self)
    return rows.compactMap { name, source, isDefiner, settings in
      guard let made = DefinitionCheck.functions[name] else { return nil }
      guard made.body == source else {
        return "the function cem.\(name) is not the one that was migrated"
      }
      let settings = Set(settings.split(separator: "\n").map(String.init))
      guard made.isDefiner == isDefiner, made.settings == settings else {
        return
          "the function cem.\(name) runs with other settings or rights than it was migrated with"
      }
      return nil
    }
  }

  private func tables() throws(PostgresError) -> [String] {
    try connection.query(
      """
      SELECT relname || CASE WHEN relrowsecurity THEN ' hides rows from some logins'
        WHEN relhasrules THEN ' has rules of somebody''s'
        WHEN relpersistence <> 'p' THEN ' is emptied by a crash: it is not logged' ELSE ' has other tables within it' END
      FROM pg_class WHERE relnamespace = to_regnamespace('cem') AND relkind IN ('r', 'p')
        AND (relrowsecurity OR relhasrules OR relpersistence <> 'p' OR EXISTS (SELECT FROM pg_inherits WHERE inhparent = pg_class.oid))
      ORDER BY 1
      """
    ).decode(String.self).map { "the table cem.\($0)" }
      + connection.query(
        """
        SELECT relname::text FROM pg_class
        WHERE relnamespace = to_regnamespace('cem') AND relkind NOT IN ('r', 'p', 'i', 'I', 't', 'S') ORDER BY 1
        """
      ).decode(String.self).map { "cem.\($0) stands where a table was, and is none" }
  }

  /// What runs along with cem's statements and is neither PostgreSQL's nor cem's: functions that a constraint, an
  /// index or a default calls, and what stands in front of PostgreSQL's own in the schema where statements look first.
  private func foreignCode() throws(PostgresError) -> [String] {
    try connection.query(
      """
      SELECT DISTINCT format('%s calls %s', pg_describe_object(d.classid, d.objid, 0), p.oid::regprocedure)
      FROM pg_depend d JOIN pg_proc p ON p.oid = d.refobjid
      WHERE d.refclassid = 'pg_proc'::regclass
        AND p.pronamespace NOT IN ('pg_catalog'::regnamespace, to_regnamespace('cem'), to_regnamespace('cem_bi'))
        AND (d.classid = 'pg_constraint'::regclass AND d.objid IN (
            SELECT oid FROM pg_constraint WHERE connamespace = to_regnamespace('cem'))
          OR d.classid = 'pg_class'::regclass AND d.objid IN (
            SELECT oid FROM pg_class WHERE relnamespace = to_regnamespace('cem'))
          OR d.classid = 'pg_attrdef'::regclass AND d.objid IN (
            SELECT a.oid FROM pg_attrdef a JOIN pg_class c ON c.oid = a.adrelid
            WHERE c.relnamespace = to_regnamespace('cem')))
      UNION ALL SELECT format('%s stands among PostgreSQL''s own and is not', pg_describe_object(made.class, made.oid, 0))
      FROM (
        SELECT 'pg_proc'::regclass AS class, oid FROM pg_proc WHERE pronamespace = 'pg_catalog'::regnamespace
        UNION ALL SELECT 'pg_operator'::regclass, oid FROM pg_operator WHERE oprnamespace = 'pg_catalog'::regnamespace
        UNION ALL SELECT 'pg_cast'::regclass, oid FROM pg_cast
      ) AS made
      -- The first number that is given to what is made after a server is set up (access/transam.h); an
      -- extension's come with it.
      WHERE made.oid >= 16384 AND NOT EXISTS (
        SELECT FROM pg_depend e WHERE e.classid = made.class AND e.objid = made.oid AND e.deptype = 'e')
      ORDER BY 1
      """
    ).decode(String.self)
  }

  /// Views that read something else than cem's tables: one that was moved takes its readers along.
  private func views() throws(PostgresError) -> [String] {
    try connection.query(
      """
      SELECT DISTINCT format('the view cem_bi.%s reads %s', v.relname, t.oid::regclass)
      FROM pg_depend d JOIN pg_rewrite r ON r.oid = d.objid JOIN pg_class v ON v.oid = r.ev_class
      JOIN pg_class t ON t.oid = d.refobjid
      WHERE d.classid = 'pg_rewrite'::regclass AND d.refclassid = 'pg_class'::regclass
        AND v.relnamespace = to_regnamespace('cem_bi')
        AND t.relnamespace NOT IN (to_regnamespace('cem'), to_regnamespace('cem_bi')) ORDER BY 1
      """
    ).decode(String.self)
  }

  /// What the migrations wrote into tables that no command writes: the SHA-256 of the rows.
  static let contents = [
    (
      "which role may append which type, in cem.event_type",
      "SELECT string_agg(type || ' ' || appended_by, ',' ORDER BY type COLLATE \"C\") FROM cem.event_type",
      "6bf50a739f3bbdd986084d4f712be388f5a16d93d46b6374dfe53ff83b60e341"
    ),
    (
      "the days in cem.calendar",
      "SELECT string_agg(c::text, ',' ORDER BY day) FROM cem.calendar c",
      "a048a695fff76f42677fb015642cd4a0f574d21bf8d9c44e62f3e0aa12358b14"
    ),
  ]

  private func contents() throws(PostgresError) -> [String] {
    var problems: [String] = []
    for (name, query, expected) in DefinitionCheck.contents {
      let found = try connection.query(
        "SELECT encode(sha256(convert_to((\(unsafeSQL: query)), 'UTF8')), 'hex')"
      ).one(String?.self)
      if found != expected { problems.append("\(name): not what was migrated") }
    }
    let listed = try connection.query(
      """
      SELECT l.versions = (SELECT coalesce(string_agg(p.name || '=' || p.version, ',' ORDER BY p.name), '')
        FROM cem.projection p) FROM cem.projection_list l
      """
    ).decode(Bool.self)
    if listed != [true] { problems.append("cem.projection_list is not the list of cem.projection") }
    if try !TermTable(connection).isCurrent {
      problems.append("cem.term does not hold the catalog's terms (cem db migrate writes them)")
    }
    return problems
  }
}
