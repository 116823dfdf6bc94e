package import Postgres

/// Compares what a database grants with the matrix.
package struct AccessCheck {
  private let connection: Connection

  package init(_ connection: Connection) { self.connection = connection }

  /// A right that somebody holds, or lacks, against the matrix.
  package struct Deviation: Hashable, Sendable {
    package var kind: AccessMatrix.Kind
    package var object: String
    /// A role or login; `PUBLIC` for everybody.
    package var grantee: String
    package var right: String
    /// Whether it is held beyond the matrix, rather than missing.
    package var isExcess: Bool

    package var sentence: String {
      "\(grantee) \(isExcess ? "has" : "lacks") \(right) on \(kind.rawValue) \(qualified)"
    }

    private var qualified: String { kind == .schema ? object : "\(kind.schema).\(object)" }
  }

  /// All deviations: excesses first, each in the order of the objects' names.
  package func deviations() throws(PostgresError) -> [Deviation] {
    var held: [Deviation] = []
    for (kind, object, grantee, right) in try grants() {
      held.append(
        Deviation(
          kind: kind, object: object, grantee: grantee, right: right, isExcess: true))
    }
    var excess = held
    var missing: [Deviation] = []
    for object in AccessMatrix.objects {
      for role in Role.granted {
        for right in object.grants[role, default: []].sorted() {
          let wanted = Deviation(
            kind: object.kind, object: object.name, grantee: role.name, right: right,
            isExcess: true)
          excess.removeAll { $0 == wanted }
          if !held.contains(wanted) {
            var lacking = wanted
            lacking.isExcess = false
            missing.append(lacking)
          }
        }
      }
    }
    return excess + missing
  }

  /// Every grant on the schemas, their tables, views, columns, sequences and functions, the owner's own apart.
  private func grants() throws(PostgresError) -> [(AccessMatrix.Kind, String, String, String)] {
    let rows = try connection.query(
      """
      WITH acls (kind, object, owner, acl, suffix) AS (
        SELECT 'schema', nspname, nspowner, coalesce(nspacl, acldefault('n', nspowner)), ''
          FROM pg_namespace WHERE nspname IN ('cem', 'cem_bi')
        UNION ALL SELECT CASE nspname WHEN 'cem' THEN 'table' ELSE 'view' END, relname, relowner,
          coalesce(relacl, acldefault(CASE relkind WHEN 'S' THEN 's' ELSE 'r' END::"char", relowner)), ''
          FROM pg_class JOIN pg_namespace n ON n.oid = relnamespace
          WHERE nspname IN ('cem', 'cem_bi') AND relkind IN ('r', 'p', 'v', 'm', 'S', 'f')
        UNION ALL SELECT CASE nspname WHEN 'cem' THEN 'table' ELSE 'view' END, relname, relowner, attacl,
          ' (' || attname || ')'
          FROM pg_attribute JOIN pg_class ON pg_class.oid = attrelid JOIN pg_namespace n ON n.oid = relnamespace
          WHERE nspname IN ('cem', 'cem_bi') AND attacl IS NOT NULL
        UNION ALL SELECT 'function', proname, proowner, coalesce(proacl, acldefault('f', proowner)), ''
          FROM pg_proc WHERE pronamespace = to_regnamespace('cem')
      )
      SELECT kind, object::text, CASE grantee WHEN 0 THEN 'PUBLIC' ELSE pg_get_userbyid(grantee)::text END,
        privilege_type || suffix || CASE WHEN is_grantable THEN ' with grant option' ELSE '' END
      FROM acls, aclexplode(acl) WHERE grantee <> owner ORDER BY 1, 2, 3, 4
      """
    ).decode((String, String, String, String).self)
    return rows.compactMap { kind, object, grantee, right in
      AccessMatrix.Kind(rawValue: kind).map { ($0, object, grantee, right) }
    }
  }

  /// What the owner would grant on the objects that the next migration makes, before it says who may use them.
  struct Default {
    /// `TABLES`, `FUNCTIONS`, …
    var kind: String
    /// `nil` in all schemas.
    var schema: String?
    var grantee: String
    var right: String

    var sentence: String {
      "\(grantee) will have \(right) on \(kind.lowercased()) that are made\(schema.map { " in \($0)" } ?? "")"
    }
  }

  /// All of them that the owner gives others.
  func defaults() throws(PostgresError) -> [Default] {
    try connection.query(
      """
      SELECT CASE d.defaclobjtype WHEN 'r' THEN 'TABLES' WHEN 'S' THEN 'SEQUENCES' WHEN 'f' THEN 'FUNCTIONS'
          WHEN 'T' THEN 'TYPES' ELSE 'SCHEMAS' END,
        n.nspname::text, CASE a.grantee WHEN 0 THEN 'PUBLIC' ELSE pg_get_userbyid(a.grantee)::text END, a.privilege_type
      FROM pg_default_acl d LEFT JOIN pg_namespace n ON n.oid = d.defaclnamespace, aclexplode(d.defaclacl) a
      WHERE d.defaclrole = to_regrole('cem_owner') AND a.grantee <> d.defaclrole
        AND NOT (d.defaclobjtype = 'T' AND d.defaclnamespace = 0 AND a.grantee = 0) ORDER BY 1, 2, 3, 4
      """
    ).decode((String, String?, String, String).self)
      .map { Default(kind: $0, schema: $1, grantee: $2, right: $3) }
  }

  /// A sentence for each right that is held, or will be, against the matrix, or is missing.
  package func sentences() throws(PostgresError) -> [String] {
    try deviations().map(\.sentence) + defaults().map(\.sentence)
  }

  /// An object of the schemas as the database has it.
  struct Found {
    /// `schema`, `table`, `view` or `function`.
    var kind: String
    var name: String
    /// What ALTER calls it.
    var address: String
    var owner: String

    /// Whether the matrix knows it, and the owner of the schemas is not its own.
    var isEstranged: Bool { owner != Role.owner.name && known != nil }
    var known: AccessMatrix.Object? {
      AccessMatrix.Kind(rawValue: kind).flatMap { AccessMatrix.object($0, name) }
    }
  }

  /// Every schema, table, view and function, by kind and name.
  func found() throws(PostgresError) -> [Found] {
    try connection.query(
      """
      SELECT 'schema' AS kind, nspname::text AS name, 'SCHEMA ' || quote_ident(nspname), pg_get_userbyid(nspowner)::text
        FROM pg_namespace WHERE nspname IN ('cem', 'cem_bi')
      UNION ALL SELECT CASE nspname WHEN 'cem' THEN 'table' ELSE 'view' END, relname::text, 'TABLE ' || c.oid::regclass,
        pg_get_userbyid(relowner)::text FROM pg_class c JOIN pg_namespace n ON n.oid = relnamespace
        WHERE nspname IN ('cem', 'cem_bi') AND relkind IN ('r', 'p', 'v', 'm', 'S', 'f')
      UNION ALL SELECT 'function', proname::text, 'FUNCTION ' || oid::regprocedure, pg_get_userbyid(proowner)::text
        FROM pg_proc WHERE pronamespace IN (to_regnamespace('cem'), to_regnamespace('cem_bi'))
      ORDER BY 1, 2
      """
    ).decode((String, String, String, String).self)
      .map { Found(kind: $0, name: $1, address: $2, owner: $3) }
  }

  /// Objects that the matrix does not know, or that others than the owner own.
  package func strangers() throws(PostgresError) -> [String] {
    let building = try newTables()
    return try found().compactMap { object in
      if object.kind == "table", object.owner == Role.owner.name,
        building.contains(object.name)
      {
        return nil
      }
      guard let kind = AccessMatrix.Kind(rawValue: object.kind) else { return nil }
      if object.known == nil {
        return "\(kind.rawValue) \(kind.schema).\(object.name) is not cem's"
      }
      return object.isEstranged
        ? "\(kind.rawValue) \(object.name) belongs to \(object.owner)" : nil
    }
  }

  /// The tables of versions that are being filled, which nobody but the owner may touch.
  private func newTables() throws(PostgresError) -> Set<String> {
    let rows = try connection.query(
      "SELECT name, version FROM cem.projection_build"
    ).decode((String, Int).self)
    return Set(rows.map { TableSchema.physicalName($0, version: $1) })
  }

  /// The triggers of the log that are missing or not always on, and others that are there.
  package func triggers() throws(PostgresError) -> [String] {
    let rows = try connection.query(
      """
      SELECT relname::text, tgname::text, tgenabled::text, replace(regexp_replace(
        pg_get_triggerdef(pg_trigger.oid, false), '^CREATE (CONSTRAINT )?TRIGGER [^ ]+ ', ''), ' ON cem.' || relname, '')
      FROM pg_trigger JOIN pg_class c ON c.oid = tgrelid
      WHERE relnamespace = to_regnamespace('cem') AND NOT tgisinternal ORDER BY 1, 2
      """
    ).decode((String, String, String, String).self)
    var problems: [String] = []
    for (table, name, definition) in AccessMatrix.triggers {
      let found = rows.first(where: { $0.0 == table && $0.1 == name })
      switch found?.2 {
      case "A" where found?.3 == definition: break
      case "A": problems.append("the trigger \(name) on cem.\(table) is another one")
      case nil: problems.append("the trigger \(name) on cem.\(table) is missing")
      case _?: problems.append("the trigger \(name) on cem.\(table) can be switched off")
      }
    }
    for (table, name, _, _) in rows
    where !AccessMatrix.triggers.contains(where: { $0.table == table && $0.name == name }) {
      problems.append("cem.\(table) has a trigger \(name) that is not cem's")
    }
    return problems
  }
}
