import CEMDomain
import FoundationEssentials
package import Postgres

extension TableSchema {
  /// The columns, keys first, as `TableRow.init(table:binary:)` reads them.
  var binaryColumns: SQL {
    let columns = allColumns.map { column in
      let name = SQL.quote(identifier: column.name)
      // Millionths, whose binary form is an integer; what is no number becomes one that is no decimal.
      guard column.kind == .numeric else { return name }
      return
        "CASE WHEN \(name) OPERATOR(pg_catalog.=) 'NaN'::pg_catalog.numeric THEN \(Int64.min + 1) - 1"
        + " ELSE (\(name) OPERATOR(pg_catalog.*) 1000000::pg_catalog.numeric)::bigint END"
    }
    return SQL(unsafe: columns.joined(separator: ", "))
  }

  /// The table's name as part of a statement.
  package var relation: SQL { "cem.\(identifier: physicalName)" }

  /// A condition: the key is greater than this one, which has no NULL.
  func isAfter(_ key: [Value]) -> SQL {
    let names = keys.map { SQL.quote(identifier: $0.name) }.joined(separator: ", ")
    let values = zip(keys, key).map { column, value -> SQL in
      "\(value.postgresText)::\(unsafeSQL: column.kind.rawValue)"
    }
    return "(\(unsafeSQL: names)) > (\(SQL.joined(values, separator: ", ")))"
  }

  /// A program's rows that have no whole key.
  func rowsWithoutKey(of programID: UUID) -> SQL {
    let isNull = keys.map { "\(SQL.quote(identifier: $0.name)) IS NULL" }
    return """
      SELECT \(binaryColumns) FROM \(relation) WHERE program_id = \(programID) \
      AND (\(unsafeSQL: isNull.joined(separator: " OR "))) LIMIT 100
      """
  }

  /// The columns of the key as an order.
  var keyOrder: SQL {
    SQL(unsafe: keys.map { SQL.quote(identifier: $0.name) }.joined(separator: ", "))
  }
}

extension Connection {
  /// Runs a statement that finds rows of a table by their keys, or in the order of keys.
  ///
  /// Left to itself the server reads and sorts the whole table for each window of a table that it has no statistics
  /// of yet, such as one that was just imported.
  func queryByKey(_ sql: SQL) throws(PostgresError) -> QueryResult {
    let (results, rows) = try pipeline { pipeline in
      pipeline.query(
        """
        SELECT set_config('enable_seqscan', 'off', true), set_config('enable_bitmapscan', 'off', true), \
        set_config('enable_sort', 'off', true), set_config('jit', 'off', true)
        """, prepared: true)
      return pipeline.query(sql, binary: true)
    }
    return results[rows]
  }
}

extension TableRow {
  /// Reads a row of `TableSchema.binaryColumns` in binary format. What no projection could have written
  /// becomes a text that equals nothing.
  init(table: TableSchema, binary row: BinaryRow) throws(PostgresError) {
    func value(_ column: Int, _ kind: Column.Kind) throws(PostgresError) -> Value {
      if row.isNull(column) { return .null }
      switch kind {
      case .text: return .text(try row.text(column))
      case .integer, .bigint: return .integer(try row.integer(column))
      case .boolean:
        return .boolean(
          row.withBytes(column) { (bytes: Span<UInt8>?) -> Bool in
            guard let bytes else { return false }
            return bytes[0] != 0
          })
      case .date: return .date(Day(sincePostgresEpoch: try row.integer(column)))
      case .numeric:
        let decimal = try? Exact(millionths: try row.integer(column))
        return decimal.map { .numeric($0) } ?? .text("no decimal")
      }
    }
    var key: [Value] = []
    key.reserveCapacity(table.keys.count)
    for index in table.keys.indices { key.append(try value(index, table.keys[index].kind)) }
    var values: [Value] = []
    values.reserveCapacity(table.columns.count)
    for index in table.columns.indices {
      values.append(try value(key.count + index, table.columns[index].kind))
    }
    self.init(table: table, key: key, values: values)
  }
}
