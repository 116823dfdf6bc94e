import CEMDomain
import Postgres

/// The answer: the rows that are not as the log has them.
extension Refold {
  /// The rows that differ. The log must stand at `position`: in a snapshot, or under the head's lock.
  ///
  /// - Parameter withSums: whether also of the tables whose rows are sums, which takes all parts of the log.
  package func differences(withSums: Bool = true) throws -> [RowDifference] {
    var found: [RowDifference] = []
    for projection in own {
      let table = projection.table
      let rows = expected[table.name] ?? [:]
      found += try differences(in: table, of: Set(rows.keys)) { rows[$0] ?? nil }
    }
    for projection in shared where withSums {
      let table = projection.table
      rowCounts[table.name] = sums.count(of: table)
      let keys = (differingSums?[table.name] ?? []).union(sums.changedKeys(of: table))
      found += try differences(in: table, of: keys) { sums.row($0, of: table)?.values }
    }
    for projection in projections where withSums {
      // No key has a NULL as long as the table has its constraints.
      let table = projection.table
      for row in try connection.queryBinary(table.rowsWithoutKey(of: programID)) {
        let row = try TableRow(table: table, binary: BinaryRow(row))
        found.append(
          RowDifference(table: table, key: row.key, expected: nil, actual: row.values))
      }
    }
    return found
  }

  /// The rows with these keys that are not as they should be; `expected` tells, with `nil` for no row.
  private func differences(
    in table: TableSchema, of keys: Set<[Value]>, expected: ([Value]) -> [Value]?
  ) throws -> [RowDifference] {
    var found: [RowDifference] = []
    let keys = keys.sorted { $0.lexicographicallyPrecedes($1, by: Value.precedes) }
    for start in stride(from: 0, to: keys.count, by: 1_000) {
      let some = Array(keys[start..<min(start + 1_000, keys.count)])
      let (actual, repeated) = try rows(of: table, keys: some)
      for key in some {
        let wanted = expected(key)
        if actual[key] != wanted || repeated.contains(key) {
          found.append(
            RowDifference(table: table, key: key, expected: wanted, actual: actual[key]))
        }
      }
    }
    return found
  }

  /// Forgets which rows differ, once they were written: of the tables of sums, once those were compared.
  func forgetDifferences() {
    expected = [:]
    guard differingSums != nil else { return }
    differingSums = [:]
    sums.noteChanges()
  }

  /// The rows with these keys, and the keys that more than one row has.
  private func rows(
    of table: TableSchema, keys: [[Value]]
  ) throws -> (rows: [[Value]: [Value]], repeated: Set<[Value]>) {
    var arrays: [SQL] = []
    for (index, column) in table.keys.enumerated() {
      let texts = keys.map { $0[index].postgresText }
      arrays.append("\(texts)::\(unsafeSQL: column.kind.rawValue)[]")
    }
    let names = table.keys.map { SQL.quote(identifier: $0.name) }
    let isWanted = names.map { "t.\($0) = w.\($0)" }.joined(separator: " AND ")
    let rows = try connection.queryByKey(
      """
      SELECT r.* FROM unnest(\(SQL.joined(arrays, separator: ", "))) \
      AS w (\(unsafeSQL: names.joined(separator: ", "))), \
      LATERAL (SELECT \(table.binaryColumns) FROM \(table.relation) t \
      WHERE program_id = \(programID) AND \(unsafeSQL: isWanted) OFFSET 0) r
      """)
    var found: [[Value]: [Value]] = [:]
    var repeated: Set<[Value]> = []
    for row in rows {
      let row = try TableRow(table: table, binary: BinaryRow(row))
      if found.updateValue(row.values, forKey: row.key) != nil { repeated.insert(row.key) }
    }
    return (found, repeated)
  }
}
