/// One row of a result in binary format (``Connection/queryBinary(_:)``): for long reads, where text
/// costs the server its writing and the reader its parsing.
package struct BinaryRow: Sendable {
  private let result: QueryResult
  private let index: Int

  /// - Precondition: the row is one of a result in binary format.
  package init(_ row: Row) {
    result = row.result
    index = row.index
  }

  /// Whether the column is NULL.
  package func isNull(_ column: Int) -> Bool {
    result.withBytes(row: index, column: column) { $0 == nil }
  }

  /// Lends a column's bytes as the type's send function wrote them; nil for NULL.
  @inline(__always)
  package func withBytes<R, E>(
    _ column: Int, _ body: (Span<UInt8>?) throws(E) -> R
  ) throws(E) -> R {
    try result.withBytes(row: index, column: column, body)
  }

  /// Reads `smallint`, `integer`, `bigint`, `date` (days since 2000-01-01) or `timestamptz`
  /// (microseconds since 2000-01-01 UTC).
  /// - Throws: ``PostgresError`` of kind `decoding`.
  package func integer(_ column: Int) throws(PostgresError) -> Int64 {
    let value = withBytes(column) { (bytes: Span<UInt8>?) -> Int64? in
      guard let bytes, bytes.count == 8 || bytes.count == 4 || bytes.count == 2 else { return nil }
      var value: Int64 = bytes[0] >= 0x80 ? -1 : 0
      for index in bytes.indices { value = value << 8 | Int64(bytes[index]) }
      return value
    }
    guard let value else { throw mismatch(column) }
    return value
  }

  /// Reads a text.
  /// - Throws: ``PostgresError`` of kind `decoding`.
  package func text(_ column: Int) throws(PostgresError) -> String {
    guard let text = optionalText(column) else { throw mismatch(column) }
    return text
  }

  /// Reads a text that may be NULL.
  package func optionalText(_ column: Int) -> String? {
    withBytes(column) { (bytes: Span<UInt8>?) -> String? in
      guard let bytes else { return nil }
      return unsafe bytes.withUnsafeBufferPointer { unsafe String(decoding: $0, as: UTF8.self) }
    }
  }

  /// Reads a `bytea` that may be NULL.
  package func bytes(_ column: Int) -> [UInt8]? {
    withBytes(column) { (bytes: Span<UInt8>?) -> [UInt8]? in
      guard let bytes else { return nil }
      return unsafe bytes.withUnsafeBufferPointer { unsafe Array($0) }
    }
  }

  /// The error of a column that does not hold what was asked for. The value stays out of it: it may
  /// be private.
  package func mismatch(_ column: Int) -> PostgresError {
    PostgresError(
      kind: .decoding,
      message: "Column \(result.columns[column]) does not hold what was expected.")
  }
}
