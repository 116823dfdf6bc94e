import CLibPQ

/// What a statement returned: a collection of rows.
///
/// It holds the server's answer as it came; cells are decoded when they are asked for.
@safe package final class QueryResult: @unchecked Sendable {
  // A PGresult is not changed after it was made, so threads may share it (libpq, "Behavior in
  // Threaded Programs").
  let result: OpaquePointer

  init(result: OpaquePointer) {
    unsafe self.result = result
  }

  deinit {
    unsafe PQclear(result)
  }

  /// How many columns the rows have.
  package var columnCount: Int { Int(unsafe PQnfields(result)) }

  /// The columns' names, in order.
  package var columns: [String] {
    (0..<columnCount).map { unsafe String(cString: PQfname(result, Int32($0))) }
  }

  /// What the server did, such as `INSERT 0 5`, `COMMIT` or `SELECT 3`.
  package var commandTag: String { unsafe String(cString: PQcmdStatus(result)) }

  /// How many rows the statement inserted, changed, deleted or selected; 0 for other statements.
  package var affectedRows: Int { Int(unsafe String(cString: PQcmdTuples(result))) ?? 0 }

  /// Lends the text of a cell, nil for NULL: for readers that need no string of it.
  ///
  /// The row and the column must exist.
  @inline(__always)
  package func withBytes<R, E>(
    row: Int, column: Int, _ body: (Span<UInt8>?) throws(E) -> R
  ) throws(E) -> R {
    precondition(row >= 0 && row < count && column >= 0 && column < columnCount)
    let (row, column) = (Int32(truncatingIfNeeded: row), Int32(truncatingIfNeeded: column))
    if unsafe PQgetisnull(result, row, column) == 1 { return try body(nil) }
    let length = Int(unsafe PQgetlength(result, row, column))
    guard let start = unsafe PQgetvalue(result, row, column) else { return try body(nil) }
    let bytes = unsafe UnsafeRawBufferPointer(start: start, count: length)
      .assumingMemoryBound(to: UInt8.self)
    return try body(unsafe bytes.span)
  }

  /// The rows as tuples.
  ///
  /// - Throws: ``PostgresError`` of kind `decoding` at the first row that does not fit.
  package func decode<each T: PostgresDecodable>(
    _ type: (repeat each T).Type
  ) throws(PostgresError) -> [(repeat each T)] {
    var values: [(repeat each T)] = []
    values.reserveCapacity(count)
    for row in self { values.append(try row.decode(type)) }
    return values
  }

  /// The rows of a single column.
  ///
  /// - Throws: ``PostgresError`` of kind `decoding` at the first row that does not fit.
  package func decode<T: PostgresDecodable>(_ type: T.Type) throws(PostgresError) -> [T] {
    // Beside the tuples' overload, since type inference takes no tuple of one for its element.
    var values: [T] = []
    values.reserveCapacity(count)
    for row in self { values.append(try row.decode(type)) }
    return values
  }

  /// The only row's only column.
  ///
  /// - Throws: ``PostgresError`` of kind `decoding` where there is another number of rows or columns.
  package func one<T: PostgresDecodable>(_ type: T.Type) throws(PostgresError) -> T {
    try onlyRow().decode(type)
  }

  /// The only row, as a tuple.
  ///
  /// - Throws: ``PostgresError`` of kind `decoding` where there is another number of rows.
  package func one<each T: PostgresDecodable>(
    _ type: (repeat each T).Type
  ) throws(PostgresError) -> (repeat each T) {
    try onlyRow().decode(type)
  }

  private func onlyRow() throws(PostgresError) -> Row {
    guard count == 1 else {
      throw PostgresError(kind: .decoding, message: "One row was expected, there are \(count).")
    }
    return self[0]
  }

  var status: ExecStatusType { unsafe PQresultStatus(result) }

  /// The error that the server (or libpq) answered with, nil where the statement went through.
  func error(sql: String?) -> PostgresError? {
    switch status {
    case PGRES_FATAL_ERROR, PGRES_BAD_RESPONSE, PGRES_NONFATAL_ERROR:
      return unsafe PostgresError(result: result, sql: sql)
    default:
      return nil
    }
  }

  enum CopyDirection { case `in`, out }

  var copyDirection: CopyDirection? {
    switch status {
    case PGRES_COPY_IN: .in
    case PGRES_COPY_OUT: .out
    default: nil
    }
  }
}

extension QueryResult: RandomAccessCollection {
  package var startIndex: Int { 0 }
  package var endIndex: Int { Int(unsafe PQntuples(result)) }
  package subscript(position: Int) -> Row {
    precondition(position >= 0 && position < endIndex, "There is no such row.")
    return Row(result: self, index: position)
  }
}
