import CLibPQ

/// Takes the rows of a ``Connection/copyIn(_:_:)`` and sends them in large pieces.
package struct CopyWriter: ~Copyable {
  private let connection: Connection
  private let sql: String
  var wait: Connection.Wait
  private var buffer = TextWriter()

  /// Bytes gathered before they are handed on; larger pieces measured no faster.
  private static let pieceSize = 1 << 16

  init(connection: Connection, wait: Connection.Wait, sql: String) {
    self.connection = connection
    self.wait = wait
    self.sql = sql
    buffer.bytes.reserveCapacity(Self.pieceSize * 2)
  }

  /// Adds a row of values, in the order of the COPY's columns.
  ///
  /// - Throws: ``PostgresError``: of kind `nulByte` where a value holds one, else what the server found
  ///   wrong with earlier rows.
  package mutating func row<each T: PostgresEncodable>(
    _ values: repeat each T
  ) throws(PostgresError) {
    let start = buffer.bytes.count
    for value in repeat each values {
      field(value, isFirst: buffer.bytes.count == start)
    }
    try endRow(from: start)
  }

  /// Adds a row of values whose number is known only at run time.
  ///
  /// - Throws: as ``row(_:)``.
  package mutating func row(of values: [any PostgresEncodable]) throws(PostgresError) {
    let start = buffer.bytes.count
    for value in values { field(value, isFirst: buffer.bytes.count == start) }
    try endRow(from: start)
  }

  /// Adds text that is in COPY's format already: whole rows, each ended by a line feed.
  ///
  /// - Throws: ``PostgresError``: what the server found wrong with earlier rows.
  package mutating func write(_ text: Span<UInt8>) throws(PostgresError) {
    for index in text.indices { buffer.bytes.append(text[index]) }
    if buffer.bytes.count >= Self.pieceSize { try flush() }
  }

  private mutating func field(_ value: some PostgresEncodable, isFirst: Bool) {
    if !isFirst { buffer.append(byte: 0x09) }
    guard !value.isPostgresNull else {
      buffer.append(byte: 0x5C)
      buffer.append(byte: 0x4E)
      return
    }
    let start = buffer.bytes.count
    value.encode(into: &buffer)
    buffer.escape(from: start, where: CopyText.isSpecial, replacement: CopyText.escapeLetter)
  }

  private mutating func endRow(from start: Int) throws(PostgresError) {
    let hasNUL = unsafe buffer.bytes.withUnsafeBytes { bytes in
      unsafe Posix.firstOffset(of: 0, in: UnsafeRawBufferPointer(rebasing: bytes[start...])) != nil
    }
    if hasNUL {
      buffer.bytes.removeSubrange(start...)
      throw PostgresError(
        kind: .nulByte, message: "A field holds a NUL byte, which PostgreSQL's text cannot.",
        sql: sql)
    }
    buffer.append(byte: 0x0A)
    if buffer.bytes.count >= Self.pieceSize { try flush() }
  }

  /// Hands on what was gathered.
  mutating func flush() throws(PostgresError) {
    guard !buffer.bytes.isEmpty else { return }
    let handle = unsafe try connection.requireHandle()
    let seen = wait.canceledFor
    while true {
      let queued = unsafe buffer.bytes.withUnsafeBytes { bytes in
        unsafe PQputCopyData(
          handle, bytes.baseAddress?.assumingMemoryBound(to: CChar.self), Int32(bytes.count))
      }
      if queued == 1 { break }
      guard queued == 0 else { throw connection.lastError(sql: sql) }
      connection.flush(&wait)
    }
    connection.flush(&wait)
    buffer.bytes.removeAll(keepingCapacity: true)
    let interrupted = connection.interrupts.map { $0.count > seen } ?? false
    if interrupted {
      connection.interruptsSeen = connection.interrupts?.count ?? 0
      throw .interrupted
    }
  }
}
