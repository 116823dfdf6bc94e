package import CEMDomain
package import FoundationEssentials
package import Postgres

/// Reads the tables as they stand.
package struct LiveReader: ProgramReader {
  package let connection: Connection
  package let programID: UUID
  package let point: ReadPoint

  /// - Parameter connection: best inside a `snapshot` transaction, so that all reads agree.
  package init(_ connection: Connection, programID: UUID) throws {
    self.connection = connection
    self.programID = programID
    let (point, projections) = try MomentResolver(connection, programID: programID)
      .headAndProjections()
    self.point = point
    // Looked at in the snapshot of the reads: the tables may have been switched since the session began.
    try Projections.current.check(against: projections)
  }

  package func records(_ streams: [StreamID]) throws -> [StreamID: EntityRecord] {
    guard !streams.isEmpty else { return [:] }
    var state = ProgramState.partial
    try StateLoader(programID: programID).take(
      connection.query(StateLoader.select(streams, programID: programID)), asked: streams,
      into: &state)
    return state.entities
  }

  package func records(
    of kind: EntityKind, concerning department: DepartmentCode?
  ) throws -> [EntityRecord] {
    var state = ProgramState.partial
    try StateLoader(programID: programID).take(
      connection.query(
        StateLoader.select(kind, concerning: department, programID: programID)),
      asked: EmptyCollection<StreamID>(), into: &state)
    return state.entities.values.sorted { $0.stream < $1.stream }
  }

  package func records(ownedBy person: PersonID) throws -> [EntityRecord] {
    var state = ProgramState.partial
    try StateLoader(programID: programID).take(
      connection.query(StateLoader.select(ownedBy: [person], programID: programID)),
      asked: [person], into: &state)
    return try state.owned(by: person)
  }

  package func rows(
    of projection: any Projection.Type, _ query: RowQuery
  ) throws -> [TableRow] {
    let table = projection.table
    let names = table.allColumns.map { SQL.quote(identifier: $0.name) }.joined(separator: ", ")
    var sql: SQL =
      "SELECT \(unsafeSQL: names) FROM \(table.relation) WHERE program_id = \(programID)"
    for condition in query.conditions { sql.append(" AND \(condition.sql(in: table))") }
    let order =
      query.order.map {
        SQL.quote(identifier: $0.column) + ($0.descending ? " DESC NULLS FIRST" : " ASC NULLS LAST")
      } + table.keys.map { SQL.quote(identifier: $0.name) }
    sql.append(" ORDER BY \(unsafeSQL: order.joined(separator: ", "))")
    if let limit = query.limit { sql.append(" LIMIT \(limit)") }
    do {
      return try connection.query(sql).map { try TableRow(table: table, row: $0) }
    } catch let error as PostgresError {
      throw StoreError(error)
    }
  }
}

extension RowQuery.Condition {
  fileprivate func sql(in table: TableSchema) -> SQL {
    switch self {
    case .equals(let column, let value):
      let text = value.postgresText ?? ""
      return "\(identifier: column) = \(text)::\(unsafeSQL: table.kind(of: column))"
    case .isOneOf(let column, let values):
      let texts = values.map(\.postgresText)
      return "\(identifier: column) = ANY (\(texts)::\(unsafeSQL: table.kind(of: column))[])"
    case .isBefore(let column, let day): return "\(identifier: column) < \(day)::date"
    case .isSet(let column): return "\(identifier: column) IS NOT NULL"
    case .lists(let column, let member):
      // The first is what a partial index asks for.
      return
        "\(identifier: column) IS NOT NULL AND \(member) = ANY (string_to_array(\(identifier: column), ','))"
    }
  }
}

extension TableSchema {
  fileprivate func kind(of name: String) -> String {
    guard let column = allColumns.first(where: { $0.name == name }) else {
      preconditionFailure("\(self.name) has no column \(name)")
    }
    return column.kind.rawValue
  }
}

extension TableRow {
  /// Reads a row whose columns are those of the table, keys first.
  init(table: TableSchema, row: Row) throws(PostgresError) {
    var values: [Value] = []
    for (index, column) in table.allColumns.enumerated() {
      let value: Value
      switch column.kind {
      case .text: value = .text(try row[index, as: String?.self])
      case .integer, .bigint:
        value = try row[index, as: Int64?.self].map { .integer($0) } ?? .null
      case .boolean: value = try row[index, as: Bool?.self].map { .boolean($0) } ?? .null
      case .date: value = .date(try row[index, as: Day?.self])
      case .numeric: value = .numeric(try row[index, as: Exact?.self])
      }
      values.append(value)
    }
    self.init(
      table: table, key: Array(values[..<table.keys.count]),
      values: Array(values[table.keys.count...]))
  }
}
