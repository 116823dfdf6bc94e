import FoundationEssentials
package import Postgres

/// Compares what the database holds of the schema's definitions with the migrations: a superuser could have
/// replaced a function, dropped a key, or hidden rows from some logins.
package struct DefinitionCheck {
  private let connection: Connection

  package init(_ connection: Connection) { self.connection = connection }

  /// What is not as it was migrated, a sentence each.
  package func problems() throws(PostgresError) -> [String] {
    try functions() + keys() + tables()
  }

  /// The body of each function as the last migration that made it has it.
  static let bodies: [String: String] = {
    var bodies: [String: String] = [:]
    for migration in Migration.all {
      let pieces = migration.sql.components(separatedBy: "FUNCTION cem.")
      // What stands before a piece is whether it is made, and not granted or called.
      for (before, piece) in zip(pieces, pieces.dropFirst())
      where before.hasSuffix("CREATE ") || before.hasSuffix("CREATE OR REPLACE ") {
        let name = piece.prefix { $0.isLetter || $0 == "_" }
        let quoted = piece.components(separatedBy: "$$")
        if quoted.count > 2 { bodies[String(name)] = quoted[1] }
      }
    }
    return bodies
  }()

  private func functions() throws(PostgresError) -> [String] {
    let rows = try connection.query(
      """
      SELECT proname::text, prosrc FROM pg_proc WHERE pronamespace = to_regnamespace('cem') ORDER BY 1
      """
    ).decode((String, String).self)
    return rows.compactMap { name, source in
      guard let body = DefinitionCheck.bodies[name], body != source else { return nil }
      return "the function cem.\(name) is not the one that was migrated"
    }
  }

  /// What keeps positions, versions, commands, nodes and heads apart.
  private static let keys = [
    "event_command", "event_position", "event_stream_version", "head_pkey", "program_pkey",
    "tree_node_pkey",
  ]

  private func keys() throws(PostgresError) -> [String] {
    try connection.query(
      """
      SELECT name FROM unnest(\(DefinitionCheck.keys)::text[]) AS name WHERE NOT EXISTS (
        SELECT FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid
        WHERE c.relnamespace = to_regnamespace('cem') AND c.relname = name AND i.indisunique AND i.indisvalid)
      """
    ).decode(String.self).map { "the unique index cem.\($0) is missing" }
  }

  private func tables() throws(PostgresError) -> [String] {
    try connection.query(
      """
      SELECT relname || CASE WHEN relrowsecurity THEN ' hides rows from some logins'
        WHEN relhasrules THEN ' has rules of somebody''s' ELSE ' has other tables within it' END
      FROM pg_class WHERE relnamespace = to_regnamespace('cem') AND relkind IN ('r', 'p')
        AND (relrowsecurity OR relhasrules OR EXISTS (SELECT FROM pg_inherits WHERE inhparent = pg_class.oid))
      ORDER BY 1
      """
    ).decode(String.self).map { "the table cem.\($0)" }
  }
}
