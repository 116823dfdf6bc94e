/// A row that is not what the log makes of it.
package struct RowDifference: Sendable {
  package let table: TableSchema
  package let key: [Value]
  /// The values that it should have; `nil` where it should not be there.
  package let expected: [Value]?
  /// The values that it has; `nil` where it is missing.
  package let actual: [Value]?

  /// The columns that differ, by name; empty where the whole row is too much or missing.
  package var columns: [String] {
    guard let expected, let actual else { return [] }
    return zip(table.columns, zip(expected, actual)).filter { $1.0 != $1.1 }.map(\.0.name)
  }
}
