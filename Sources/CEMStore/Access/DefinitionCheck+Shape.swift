package import Postgres

/// The shape of the tables and views: columns, defaults, constraints, indexes, and what each view says.
///
/// `schema/definitions.txt` lists it as the migrations and the projections make it, a line each: what it is, a tab,
/// and how it is defined. A database that was upgraded step by step has the same lines as a new one.
extension DefinitionCheck {
  /// How a thing of the schema is defined, by what it is: `column cem.event.facts` → `text NOT NULL`.
  package typealias Shape = [String: String]

  /// The major version of PostgreSQL whose way of writing definitions the list has.
  static let shapeVersion = 15

  static let migratedShape: Shape = {
    var shape: Shape = [:]
    for line in String(decoding: PackageResources.definitions_txt, as: UTF8.self)
      .split(separator: "\n")
    {
      let parts = line.split(separator: "\t", maxSplits: 1).map(String.init)
      shape[parts[0]] = parts.count > 1 ? parts[1] : ""
    }
    return shape
  }()

  /// The shape as this database has it, without the tables of versions that are being filled; `nil` where it is not
  /// to be had. Reading it locks the tables as a question does, and whoever looks for the one that keeps them locked
  /// must not wait for them.
  package func shape() throws(PostgresError) -> Shape? {
    do throws(TransactionError<PostgresError>) {
      let lines = try connection.transaction { tx throws(PostgresError) in
        try tx.execute("SET LOCAL lock_timeout = '800ms'")
        return try tx.query(DefinitionCheck.shapeQuery).decode((String, String).self)
      }
      return Shape(lines) { first, _ in first }
    } catch {
      guard let error = error.postgresError, error.kind != .lockNotAvailable else { return nil }
      throw error
    }
  }

  private static var shapeQuery: SQL {
    """
    WITH tables AS (
      SELECT c.oid, c.relname FROM pg_class c
      WHERE c.relnamespace = to_regnamespace('cem') AND c.relkind IN ('r', 'p') AND c.relname NOT IN (
        SELECT CASE version WHEN 1 THEN name ELSE name || '_v' || version END FROM cem.projection_build)
    )
    -- Some definitions are written over several lines; how they are broken says nothing.
    SELECT name, regexp_replace(definition, '\\s+', ' ', 'g') FROM (
      SELECT 'table cem.' || relname AS name, '' AS definition FROM tables
      UNION ALL SELECT format('column cem.%s.%s', c.relname, a.attname),
        concat_ws(' ', format_type(a.atttypid, a.atttypmod),
          CASE WHEN a.attcollation NOT IN (0, t.typcollation)
            THEN 'COLLATE ' || (SELECT quote_ident(collname) FROM pg_collation o WHERE o.oid = a.attcollation) END,
          CASE WHEN a.attnotnull THEN 'NOT NULL' END,
          CASE WHEN a.attgenerated <> '' THEN 'GENERATED ' WHEN a.atthasdef THEN 'DEFAULT ' END
            || (SELECT pg_get_expr(adbin, adrelid) FROM pg_attrdef WHERE adrelid = a.attrelid AND adnum = a.attnum))
        FROM tables c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
        JOIN pg_type t ON t.oid = a.atttypid
      UNION ALL SELECT format('constraint %s on cem.%s', k.conname, c.relname),
        regexp_replace(pg_get_constraintdef(k.oid), ' NOT VALID$', '')
        FROM tables c JOIN pg_constraint k ON k.conrelid = c.oid AND k.contype IN ('c', 'f', 'p', 'u', 'x')
      -- An index of somebody's own may help their questions; one that can refuse rows may not: for another one has
      -- their key already, or because what it computes of them fails.
      UNION ALL SELECT format('%sindex cem.%s', CASE WHEN i.indisunique THEN 'unique '
          WHEN i.indexprs IS NOT NULL OR i.indpred IS NOT NULL THEN 'computed ' ELSE '' END, x.relname),
        concat_ws(' ', regexp_replace(pg_get_indexdef(x.oid), '^CREATE (UNIQUE )?INDEX [^ ]+ ', ''),
          CASE WHEN NOT i.indisvalid THEN 'INVALID' END)
        FROM tables c JOIN pg_index i ON i.indrelid = c.oid JOIN pg_class x ON x.oid = i.indexrelid
      UNION ALL SELECT 'view cem_bi.' || relname,
        concat_ws(' ', array_to_string(reloptions, ' '), encode(sha256(convert_to(pg_get_viewdef(oid), 'UTF8')), 'hex'))
        FROM pg_class WHERE relnamespace = to_regnamespace('cem_bi') AND relkind = 'v'
    ) AS shape
    """
  }

  /// What is missing, other than it was migrated, or there beside it; of an index of somebody's own nothing is said.
  /// `nil` where a table is locked.
  package func shapeProblems() throws(PostgresError) -> [String]? {
    guard let found = try shape() else { return nil }
    let expected = DefinitionCheck.migratedShape
    // Another version may write the same condition or view in other words.
    let isSameVersion = connection.serverVersion / 10_000 == DefinitionCheck.shapeVersion
    // A missing table says it for its columns, and one that is not cem's is told elsewhere.
    let others = Set(expected.keys).symmetricDifference(found.keys)
      .filter { $0.hasPrefix("table ") }.map { $0.dropFirst("table ".count) }
    func isOfOther(_ name: String, _ definition: String) -> Bool {
      others.contains {
        name.hasPrefix("column \($0).") || name.hasSuffix(" on \($0)")
          || definition.hasPrefix("ON \($0) ")
      }
    }
    var problems: [String] = []
    for (name, definition) in expected where !isOfOther(name, definition) {
      switch found[name] {
      case nil: problems.append("the \(name) is missing")
      case definition: break
      case _?
      where !isSameVersion && (name.hasPrefix("view ") || name.hasPrefix("constraint ")):
        break
      case _? where name.hasPrefix("view "):
        problems.append("the \(name) is not the one that was migrated")
      case let other?: problems.append("the \(name) is \(other) and was \(definition)")
      }
    }
    for (name, definition) in found
    where expected[name] == nil && !isOfOther(name, definition) {
      let kind = name.prefix { $0 != " " }
      if ["column", "constraint", "unique", "computed"].contains(kind) {
        problems.append("the \(name) is not cem's")
      }
    }
    return problems.sorted()
  }
}
