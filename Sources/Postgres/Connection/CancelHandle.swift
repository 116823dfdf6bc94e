import CLibPQ

/// What it takes to cancel a connection's running query from another thread.
///
/// The request goes over a connection of its own, which libpq 15 does not encrypt; it holds a session key
/// and no data.
@safe package final class CancelHandle: @unchecked Sendable {
  private let handle: OpaquePointer?

  init(connection: OpaquePointer) {
    unsafe handle = PQgetCancel(connection)
  }

  deinit {
    unsafe PQfreeCancel(handle)
  }

  /// Asks the server to cancel. The query then fails with `queryCanceled`, or had ended already.
  ///
  /// - Throws: ``PostgresError`` of kind `connectionFailure` where the server could not be asked.
  package func cancel() throws(PostgresError) {
    let (sent, message) = unsafe withUnsafeTemporaryAllocation(of: CChar.self, capacity: 256) {
      unsafe $0.initialize(repeating: 0)
      let sent = unsafe PQcancel(handle, $0.baseAddress, 256)
      return unsafe (sent, String(cString: $0.baseAddress!))
    }
    guard sent == 1 else {
      throw PostgresError(kind: .connectionFailure, message: message.trimmed)
    }
  }
}
