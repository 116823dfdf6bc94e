import CLibPQ

/// Takes the text of the rows of a ``Connection/copyIn(_:_:)`` and sends them in large pieces.
package struct CopyWriter: ~Copyable {
  private let connection: Connection
  private let sql: String
  var wait: Connection.Wait
  private var buffer: [UInt8] = []

  /// Bytes gathered before they are handed on; larger pieces measured no faster.
  private static let pieceSize = 1 << 16

  init(connection: Connection, wait: Connection.Wait, sql: String) {
    self.connection = connection
    self.wait = wait
    self.sql = sql
    buffer.reserveCapacity(Self.pieceSize * 2)
  }

  /// Adds text in COPY's format.
  ///
  /// - Throws: ``PostgresError``: what the server found wrong with earlier rows.
  package mutating func write(_ text: Span<UInt8>) throws(PostgresError) {
    for index in text.indices { buffer.append(text[index]) }
    if buffer.count >= Self.pieceSize { try flush() }
  }

  /// Hands on what was gathered.
  mutating func flush() throws(PostgresError) {
    guard !buffer.isEmpty else { return }
    let handle = unsafe try connection.requireHandle()
    let seen = wait.canceledFor
    while true {
      let queued = unsafe buffer.withUnsafeBytes { bytes in
        unsafe PQputCopyData(
          handle, bytes.baseAddress?.assumingMemoryBound(to: CChar.self), Int32(bytes.count))
      }
      if queued == 1 { break }
      guard queued == 0 else { throw connection.lastError(sql: sql) }
      connection.flush(&wait)
    }
    connection.flush(&wait)
    buffer.removeAll(keepingCapacity: true)
    let interrupted = connection.interrupts.map { $0.count > seen } ?? false
    if interrupted {
      connection.interruptsSeen = connection.interrupts?.count ?? 0
      throw .interrupted
    }
  }
}
