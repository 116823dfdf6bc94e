import CLibPQ

/// The making of a connection.
enum Connecting {
  private enum Outcome { case connected, refused, timeout }

  /// Connects without blocking in libpq: a connection that exists before the server answers can be told
  /// to give SQLSTATEs in its messages, and the wait can be interrupted.
  static func start(
    _ plan: ConnectionPlan, notices: NoticeSink, interrupts: Interrupts?, interruptsSeen: Int
  ) throws(PostgresError) -> OpaquePointer {
    let started = unsafe plan.withPointers { keywords, values in
      unsafe PQconnectStartParams(keywords, values, 1)
    }
    guard let handle = unsafe started else {
      throw PostgresError(kind: .connectionFailure, message: "out of memory")
    }
    _ = unsafe PQsetErrorVerbosity(handle, PQERRORS_VERBOSE)
    unsafe notices.install(on: handle)
    let outcome = unsafe poll(handle, interrupts: interrupts, interruptsSeen: interruptsSeen)
    switch outcome {
    case .success(.connected):
      _ = unsafe PQsetErrorVerbosity(handle, PQERRORS_DEFAULT)
      return unsafe handle
    case .success(.refused):
      let message = unsafe String(cString: PQerrorMessage(handle))
      unsafe PQfinish(handle)
      throw PostgresError(connecting: message)
    case .success(.timeout):
      let host = unsafe String(cString: PQhost(handle))
      let hosts = unsafe option("host", of: handle) ?? ""
      unsafe PQfinish(handle)
      guard hosts.contains(",") else {
        var error = PostgresError(
          kind: .connectionFailure, message: "connection to \(host) timed out")
        error.isConnectionLost = true
        throw error
      }
      // Only libpq's own blocking loop can give up a silent host and go on to the next.
      return unsafe try block(plan, notices: notices)
    case .failure(let error):
      unsafe PQfinish(handle)
      throw error
    }
  }

  /// Drives libpq's state machine until it has connected, failed, or one host took `connect_timeout`.
  private static func poll(
    _ handle: OpaquePointer, interrupts: Interrupts?, interruptsSeen: Int
  ) -> Result<Outcome, PostgresError> {
    // The option counts only for libpq's blocking calls; its least value is 2 seconds there too.
    let seconds = unsafe option("connect_timeout", of: handle).flatMap { Int64($0) } ?? 0
    let limit = seconds > 0 ? max(2, seconds) * 1000 : nil
    var host = unsafe address(handle)
    var deadline = limit.map { Posix.milliseconds + $0 }
    var state = PGRES_POLLING_WRITING
    guard unsafe PQstatus(handle) != CONNECTION_BAD else { return .success(.refused) }
    while true {
      if let interrupts, interrupts.count > interruptsSeen { return .failure(.interrupted) }
      let left = deadline.map { Int32(clamping: max(0, $0 - Posix.milliseconds)) } ?? -1
      if left == 0 { return .success(.timeout) }
      let ready = unsafe Posix.wait(
        socket: PQsocket(handle), forWriting: state == PGRES_POLLING_WRITING,
        wake: interrupts?.wakeDescriptor ?? -1, milliseconds: left)
      guard ready.isReadable || ready.isWritable else { continue }
      state = unsafe PQconnectPoll(handle)
      switch state {
      case PGRES_POLLING_OK: return .success(.connected)
      case PGRES_POLLING_FAILED: return .success(.refused)
      default: break
      }
      let next = unsafe address(handle)
      if next != host {
        host = next
        deadline = limit.map { Posix.milliseconds + $0 }
      }
    }
  }

  private static func block(
    _ plan: ConnectionPlan, notices: NoticeSink
  ) throws(PostgresError) -> OpaquePointer {
    let connected = unsafe plan.withPointers { keywords, values in
      unsafe PQconnectdbParams(keywords, values, 1)
    }
    guard let handle = unsafe connected else {
      throw PostgresError(kind: .connectionFailure, message: "out of memory")
    }
    guard unsafe PQstatus(handle) == CONNECTION_OK else {
      let message = unsafe String(cString: PQerrorMessage(handle))
      unsafe PQfinish(handle)
      throw PostgresError(connecting: message)
    }
    unsafe notices.install(on: handle)
    return unsafe handle
  }

  private static func address(_ handle: OpaquePointer) -> String {
    unsafe String(cString: PQhost(handle)) + ":" + String(cString: PQport(handle))
  }

  private static func option(_ keyword: String, of handle: OpaquePointer) -> String? {
    guard let options = unsafe PQconninfo(handle) else { return nil }
    defer { unsafe PQconninfoFree(options) }
    return unsafe ConnectionOption.list(options).first { $0.keyword == keyword }?.value
  }
}
