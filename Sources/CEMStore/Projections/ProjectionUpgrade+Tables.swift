import Postgres

extension ProjectionUpgrade {
  // MARK: The new tables

  /// Makes the tables that are missing, and drops those that an upgrade to other versions left.
  func makeTables(_ steps: [Step]) throws {
    try inTransaction { _ in
      let left = try connection.query("SELECT name, version FROM cem.projection_build")
        .decode((String, Int).self)
      for (name, version) in left
      where !steps.contains(where: { $0.table.name == name && $0.table.version == version }) {
        let table = TableSchema.physicalName(name, version: version)
        try connection.execute("DROP TABLE IF EXISTS cem.\(identifier: table)")
        try connection.execute("DELETE FROM cem.projection_build WHERE name = \(name)")
      }
      for step in steps {
        try connection.execute(
          """
          INSERT INTO cem.projection_build (name, version) \
          VALUES (\(step.table.name), \(step.table.version)) ON CONFLICT (name) DO NOTHING
          """)
        guard try !exists(step.table.physicalName) else { continue }
        try make(step)
        // What an earlier build had come to went with its table.
        try connection.execute("DELETE FROM cem.rebuild_progress")
      }
    }
  }

  /// The version of a projection that is not in use whose table a migration made: it would have been filled from
  /// the logs that there were.
  func versionThere(of table: TableSchema) throws -> Int? {
    try (1..<table.version).last { version in
      try exists(TableSchema.physicalName(table.name, version: version))
    }
  }

  private func exists(_ table: String) throws -> Bool {
    try connection.query("SELECT to_regclass(\("cem.\(table)")) IS NOT NULL").one(Bool.self)
  }

  private func make(_ step: Step) throws {
    let table = step.table
    let old = try step.oldName.map { try columns(of: $0) } ?? []
    if let oldName = step.oldName, try keys(of: oldName) == table.keys.map(\.name) {
      try copy(oldName, old, to: table)
    } else {
      try make(table)
    }
    let comment =
      try table.comment
      ?? step.oldName.flatMap { name in
        try connection.query(
          "SELECT obj_description(to_regclass(\("cem.\(name)")), 'pg_class')"
        ).one(String?.self)
      }
    if let comment { try self.comment("TABLE \(table.relation)", comment) }
    for column in table.allColumns {
      guard let comment = column.comment else { continue }
      try self.comment("COLUMN \(table.relation).\(identifier: column.name)", comment)
    }
  }

  /// A table like the one before it: its indexes, defaults and comments with it, and other columns.
  private func copy(
    _ oldName: String, _ old: [(name: String, type: String)], to table: TableSchema
  ) throws {
    let options = try connection.query(
      "SELECT array_to_string(reloptions, ', ') FROM pg_class WHERE oid = to_regclass(\("cem.\(oldName)"))"
    ).one(String?.self)
    var sql: SQL = "CREATE TABLE \(table.relation) (LIKE cem.\(identifier: oldName) INCLUDING ALL)"
    if let options { sql.append(" WITH (\(unsafeSQL: options))") }
    try connection.execute(sql)
    for (name, type) in old where name != "program_id" {
      let column = table.allColumns.first { $0.name == name }
      if column == nil || column?.kind.rawValue != type {
        try connection.execute("ALTER TABLE \(table.relation) DROP COLUMN \(identifier: name)")
      }
    }
    for column in table.columns {
      guard !old.contains(where: { $0.name == column.name && $0.type == column.kind.rawValue })
      else { continue }
      try connection.execute("ALTER TABLE \(table.relation) ADD COLUMN \(column.definition)")
    }
  }

  /// A table from nothing but its schema.
  private func make(_ table: TableSchema) throws {
    let columns = ["program_id uuid NOT NULL" as SQL] + table.allColumns.map(\.definition)
    let keys = (["program_id"] + table.keys.map(\.name)).map { SQL.quote(identifier: $0) }
    try connection.execute(
      """
      CREATE TABLE \(table.relation) (\(SQL.joined(columns, separator: ", ")), \
      PRIMARY KEY (\(unsafeSQL: keys.joined(separator: ", ")))) WITH (fillfactor = 80)
      """)
    for index in table.indexes {
      let names = (["program_id"] + index).map { SQL.quote(identifier: $0) }
      try connection.execute(
        "CREATE INDEX ON \(table.relation) (\(unsafeSQL: names.joined(separator: ", ")))")
    }
  }

  private func comment(_ object: SQL, _ text: String) throws {
    // COMMENT takes no parameters.
    let quoted = try connection.query("SELECT quote_literal(\(text))").one(String.self)
    try connection.execute("COMMENT ON \(object) IS \(unsafeSQL: quoted)")
  }

  /// The columns that are written, with their types.
  private func columns(of table: String) throws -> [(name: String, type: String)] {
    try connection.query(
      """
      SELECT attname::text, format_type(atttypid, NULL) FROM pg_attribute \
      WHERE attrelid = to_regclass(\("cem.\(table)")) AND attnum > 0 AND NOT attisdropped \
      AND attgenerated = '' ORDER BY attnum
      """
    ).decode((String, String).self).map { (name: $0, type: $1) }
  }

  /// The columns of the primary key after the program.
  private func keys(of table: String) throws -> [String] {
    try connection.query(
      """
      SELECT a.attname::text FROM pg_index i, unnest(i.indkey::integer[]) WITH ORDINALITY AS k (number, place) \
      JOIN pg_attribute a ON a.attnum = k.number WHERE i.indrelid = to_regclass(\("cem.\(table)")) \
      AND a.attrelid = i.indrelid AND i.indisprimary AND a.attname <> 'program_id' ORDER BY k.place
      """
    ).decode(String.self)
  }

  // MARK: The switch

  /// Puts the new tables in the place of the old ones. Under the heads' lock.
  func change(_ steps: [Step]) throws {
    try lockReaders(steps)
    for step in steps {
      for (role, rights) in AccessMatrix.projectionGrants {
        try connection.execute(
          """
          GRANT \(unsafeSQL: rights.sorted().joined(separator: ", ")) ON \(step.table.relation) \
          TO \(identifier: role.name)
          """)
      }
    }
    for step in steps {
      for view in step.projection.views { try connection.execute(view) }
    }
    for step in steps {
      guard let old = step.oldName else { continue }
      try moveViews(from: old, to: step.table.physicalName)
      try connection.execute("DROP TABLE cem.\(identifier: old)")
    }
    for step in steps {
      try connection.execute(
        """
        INSERT INTO cem.projection (name, version) VALUES (\(step.table.name), \(step.table.version)) \
        ON CONFLICT (name) DO UPDATE SET version = EXCLUDED.version
        """)
    }
    try connection.execute("DELETE FROM cem.projection_build")
  }

  /// Views before their tables, as those take them who read through a view.
  private func lockReaders(_ steps: [Step]) throws {
    var names: [SQL] = []
    for old in steps.compactMap(\.oldName) {
      names += try views(over: old).map { "\(unsafeSQL: $0.name)" }
    }
    names += steps.compactMap(\.oldName).map { "cem.\(identifier: $0)" }
    guard !names.isEmpty else { return }
    try connection.execute(
      "LOCK TABLE \(SQL.joined(names, separator: ", ")) IN ACCESS EXCLUSIVE MODE")
  }

  private struct View {
    /// With its schema, quoted.
    var name: String
    var definition: String
    var options: String?
  }

  /// The views that read a table themselves.
  private func views(over table: String) throws -> [View] {
    // With nothing else on the path every name in a definition says its schema.
    try connection.execute("SET LOCAL search_path = pg_catalog")
    let rows = try connection.query(
      """
      SELECT DISTINCT v.oid::regclass::text, pg_get_viewdef(v.oid), array_to_string(v.reloptions, ', ') \
      FROM pg_depend d JOIN pg_rewrite r ON r.oid = d.objid JOIN pg_class v ON v.oid = r.ev_class \
      WHERE d.classid = 'pg_rewrite'::regclass AND d.refclassid = 'pg_class'::regclass \
      AND d.refobjid = to_regclass(\("cem.\(table)")) AND v.relkind = 'v' ORDER BY 1
      """
    ).decode((String, String, String?).self)
    return rows.map { View(name: $0, definition: $1, options: $2) }
  }

  /// Has the views over one table read another one. Their definitions are parsed anew while the new table
  /// bears the old one's name; columns, rights, comments and views over them stay.
  private func moveViews(from old: String, to new: String) throws {
    let views = try views(over: old)
    guard !views.isEmpty else { return }
    let aside = old + "_old"
    func rename(_ name: String, _ other: String) throws {
      try connection.execute("ALTER TABLE cem.\(identifier: name) RENAME TO \(identifier: other)")
    }
    try rename(old, aside)
    try rename(new, old)
    for view in views {
      let options = view.options.map { " WITH (\($0))" } ?? ""
      try connection.execute(
        SQL(unsafe: "CREATE OR REPLACE VIEW \(view.name)\(options) AS \(view.definition)"))
    }
    try rename(old, new)
    try rename(aside, old)
  }
}

extension Column {
  /// As CREATE TABLE has it.
  fileprivate var definition: SQL {
    let type: SQL =
      switch kind {
      case .text: "text COLLATE \"C\""
      case .numeric: "numeric(18, 6)"
      case .integer, .bigint, .boolean, .date: "\(unsafeSQL: kind.rawValue)"
      }
    let rest: SQL =
      switch initial {
      case .integer: " NOT NULL DEFAULT 0"
      case .boolean: " NOT NULL DEFAULT false"
      default: ""
      }
    return "\(identifier: name) \(type)\(rest)"
  }
}
