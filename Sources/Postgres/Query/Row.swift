/// One row of a ``QueryResult``.
package struct Row: Sendable {
  /// The result that the row is part of.
  package let result: QueryResult
  /// The row's number, from 0.
  package let index: Int

  /// Reads all columns in order.
  ///
  ///     let (id, title) = try row.decode((Int, String?).self)
  ///
  /// - Throws: ``PostgresError`` of kind `decoding` where the number of columns or a type does not fit.
  package func decode<each T: PostgresDecodable>(
    _ type: (repeat each T).Type
  ) throws(PostgresError) -> (repeat each T) {
    var expected = 0
    for _ in repeat (each T).self { expected += 1 }
    try checkColumns(expected)
    var column = 0
    return (repeat try next((each T).self, &column))
  }

  /// Reads the only column.
  ///
  /// - Throws: ``PostgresError`` of kind `decoding` where there are more or the type does not fit.
  package func decode<T: PostgresDecodable>(_ type: T.Type) throws(PostgresError) -> T {
    try checkColumns(1)
    return try self[0, as: type]
  }

  private func checkColumns(_ expected: Int) throws(PostgresError) {
    guard expected == result.columnCount else {
      throw PostgresError(
        kind: .decoding,
        message: "The row has \(result.columnCount) columns, \(expected) were asked for.")
    }
  }

  /// Reads the column of that index, from 0.
  ///
  /// - Throws: ``PostgresError`` of kind `decoding`.
  package subscript<T: PostgresDecodable>(
    _ column: Int, as type: T.Type
  ) -> T {
    get throws(PostgresError) {
      guard column >= 0, column < result.columnCount else {
        throw PostgresError(kind: .decoding, message: "There is no column \(column).")
      }
      let value = result.withBytes(row: index, column: column) { (text: Span<UInt8>?) -> T? in
        guard let text else { return T.postgresNull }
        return T(postgres: text)
      }
      guard let value else {
        let isNull = result.withBytes(row: index, column: column) { $0 == nil }
        // The text itself stays out of the message: it may be private.
        throw PostgresError(
          kind: .decoding,
          message: "Column \(result.columns[column]) "
            + (isNull
              ? "is NULL, which \(T.self) cannot be." : "does not hold a value of \(T.self)."))
      }
      return value
    }
  }

  private func next<T: PostgresDecodable>(
    _ type: T.Type, _ column: inout Int
  ) throws(PostgresError) -> T {
    defer { column += 1 }
    return try self[column, as: type]
  }
}
