import CLibPQ

/// One session with a PostgreSQL server, used by one thread at a time.
///
///     let connection = try Connection.open("postgresql:///cem")
///     let names = try connection.query("SELECT id, name FROM person WHERE lead = \(lead)")
///     for row in names { let (id, name) = try row.decode((Int, String).self) }
///
/// All waiting is done here by poll(), so that ``Interrupts`` end it at once. The session is closed when
/// the object goes away, or by ``close()``.
@safe package final class Connection {
  /// Called for each notice of the server; without it notices are dropped.
  package var onNotice: ((Notice) -> Void)? {
    get { notices.handler }
    set { notices.handler = newValue }
  }

  /// Nil after ``close()``.
  private(set) var handle: OpaquePointer?
  let notices: NoticeSink
  let interrupts: Interrupts?
  /// How many of the interruptions were reported by an error of this connection.
  var interruptsSeen: Int
  /// What the connection is in the middle of; other calls are refused meanwhile.
  var activity = Activity.none
  var statements = StatementCache()
  /// The pipelines that were sent and not yet read, in their order.
  var pending: [SentPipeline] = []
  private var cachedCancelHandle: CancelHandle?

  enum Activity {
    case none
    case copy
    case transaction
  }

  init(handle: OpaquePointer, notices: NoticeSink, interrupts: Interrupts?, interruptsSeen: Int) {
    unsafe self.handle = handle
    self.notices = notices
    self.interrupts = interrupts
    self.interruptsSeen = interruptsSeen
  }

  deinit {
    close()
  }

  /// Ends the session; a transaction that is open is rolled back by the server. Later calls throw.
  package func close() {
    guard let open = unsafe handle else { return }
    unsafe PQfinish(open)
    unsafe handle = nil
    pending = []
  }

  /// The handle by which another thread can cancel what this connection is waiting for.
  package var cancelHandle: CancelHandle {
    get throws(PostgresError) {
      if let cachedCancelHandle { return cachedCancelHandle }
      let cancelHandle = unsafe CancelHandle(connection: try requireHandle())
      cachedCancelHandle = cancelHandle
      return cancelHandle
    }
  }

  func requireHandle() throws(PostgresError) -> OpaquePointer {
    guard let handle = unsafe handle else {
      var error = PostgresError(kind: .connectionFailure, message: "The connection is closed.")
      error.isConnectionLost = true
      throw error
    }
    return unsafe handle
  }

  /// libpq's own words on what went wrong, for calls that failed without a result.
  func lastError(sql: String?) -> PostgresError {
    guard let handle = unsafe handle else {
      return PostgresError(kind: .connectionFailure, message: "The connection is closed.")
    }
    let isLost = unsafe PQstatus(handle) == CONNECTION_BAD
    var error = PostgresError(
      kind: isLost ? .connectionFailure : .misuse,
      message: unsafe String(cString: PQerrorMessage(handle)).trimmed, sql: sql)
    error.isConnectionLost = isLost
    return error
  }
}
