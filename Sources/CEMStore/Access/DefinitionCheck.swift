import FoundationEssentials
package import Postgres

/// Compares what the database holds of the schema's definitions with the migrations: a superuser could have
/// replaced a function, dropped a key, or hidden rows from some logins.
package struct DefinitionCheck {
  let connection: Connection

  package init(_ connection: Connection) { self.connection = connection }

  /// What is not as it was migrated, a sentence each; `shapeProblems` has the rest.
  package func problems() throws(PostgresError) -> [String] {
    try functions() + tables() + views() + contents() + foreignCode() + changedOwn() + openings()
  }

  /// A function as the last migration that made it has it.
  struct Function {
    var body: String
    /// Whether it runs with its owner's rights.
    var isDefiner: Bool
    /// What is set while it runs, as `name=value`.
    var settings: Set<String>
    /// Whether it may be computed ahead or not at all: `language volatility strict`.
    var manner: String

    /// - Parameter header: what stands between the name and the body.
    init(header: String, body: String) {
      self.body = body
      isDefiner = header.contains("SECURITY DEFINER")
      let words = header.split { $0.isWhitespace }.map(String.init)
      let language = words.firstIndex(of: "LANGUAGE").map { words[$0 + 1] } ?? "sql"
      let volatility = ["IMMUTABLE", "STABLE"].first(where: words.contains) ?? "VOLATILE"
      manner = "\(language) \(volatility.lowercased()) \(words.contains("STRICT"))"
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
      SELECT proname::text, prosrc, prosecdef, array_to_string(coalesce(proconfig, '{}'), E'\\n'),
        concat_ws(' ', lanname, CASE provolatile WHEN 'i' THEN 'immutable' WHEN 's' THEN 'stable' ELSE 'volatile' END,
          CASE WHEN proisstrict THEN 'true' ELSE 'false' END)
      FROM pg_proc JOIN pg_language l ON l.oid = prolang
      WHERE pronamespace = to_regnamespace('cem') ORDER BY 1
      """
    ).decode((String, String, Bool, String, String).self)
    return rows.compactMap { name, source, isDefiner, settings, manner in
      guard let made = DefinitionCheck.functions[name] else { return nil }
      guard made.body == source else {
        return "the function cem.\(name) is not the one that was migrated"
      }
      let settings = Set(settings.split(separator: "\n").map(String.init))
      guard made.isDefiner == isDefiner, made.settings == settings, made.manner == manner else {
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

  /// The functions that a server has from the beginning, by number, as PostgreSQL 15 comes with them: the SHA-256.
  private static let own = "386db7a3132b63ec2379f80a3be2ebc22339c7fbcfbf1c79f45505f058a3ba9c"

  /// PostgreSQL's own functions that somebody put another body into: cem's rights and hashes rest on them.
  private func changedOwn() throws(PostgresError) -> [String] {
    guard connection.serverVersion / 10_000 == DefinitionCheck.shapeVersion else { return [] }
    // Those numbers are the same in each server of the version (access/transam.h); the next are given when it is set up.
    let found = try connection.query(
      """
      SELECT encode(sha256(convert_to(string_agg(concat_ws(' ', oid, prolang, prosrc, provolatile, proisstrict,
        prosecdef, probin, proconfig), E'\\n' ORDER BY oid), 'UTF8')), 'hex') FROM pg_proc WHERE oid < 10000
      """
    ).one(String.self)
    guard found != DefinitionCheck.own else { return [] }
    let named = try connection.query(
      """
      SELECT oid::regprocedure::text FROM pg_proc WHERE oid < 10000 AND prosqlbody IS NULL
        AND prolang NOT IN (SELECT oid FROM pg_language WHERE lanname IN ('internal', 'c'))
        AND proname NOT IN ('quote_literal', 'quote_nullable', 'textanycat', 'anytextcat') ORDER BY 1
      """
    ).decode(String.self)
    return named.isEmpty
      ? ["PostgreSQL's own functions are not those that it comes with"]
      : named.map { "PostgreSQL's own function \($0) is not the one that it comes with" }
  }

  /// What stands beside cem's schemas and lets others past what they grant: functions that run with the owner's rights,
  /// and views of the tables that others may read.
  private func openings() throws(PostgresError) -> [String] {
    try connection.query(
      """
      SELECT format('%s runs with the rights of cem_owner', p.oid::regprocedure) FROM pg_proc p
      WHERE p.prosecdef AND p.proowner = to_regrole('cem_owner')
        AND p.pronamespace NOT IN (to_regnamespace('cem'), to_regnamespace('cem_bi'))
      UNION ALL SELECT DISTINCT format('%s shows others what is in %s', v.oid::regclass, t.oid::regclass)
      FROM pg_depend d JOIN pg_rewrite r ON r.oid = d.objid JOIN pg_class v ON v.oid = r.ev_class
      JOIN pg_class t ON t.oid = d.refobjid
      WHERE d.classid = 'pg_rewrite'::regclass AND d.refclassid = 'pg_class'::regclass
        AND t.relnamespace = to_regnamespace('cem') AND v.relkind IN ('v', 'm')
        AND v.relnamespace NOT IN (to_regnamespace('cem'), to_regnamespace('cem_bi'))
        AND EXISTS (SELECT FROM aclexplode(v.relacl) WHERE grantee <> v.relowner AND privilege_type = 'SELECT')
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
      "2b5195ccd219630621b023eb4578e0545c2dc593dbe9231fe4f61b0a8b0d7101"
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
