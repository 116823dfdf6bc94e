import CLibPQ

extension Connection {
  /// What a call that waits remembers: for which interruption the server was asked to cancel.
  struct Wait {
    var canceledFor: Int
  }

  /// Begins a call that sends something.
  ///
  /// - Throws: an interruption that came before and was not reported yet; nothing is sent then.
  func beginWait() throws(PostgresError) -> Wait {
    if let interrupts, interrupts.count > interruptsSeen {
      interruptsSeen = interrupts.count
      throw .interrupted
    }
    return Wait(canceledFor: interruptsSeen)
  }

  /// Sends what libpq has queued, reading meanwhile: a server that cannot deliver results stops reading.
  func flush(_ wait: inout Wait) {
    guard let handle = unsafe handle else { return }
    // A failed write shows in the result that is read afterwards, with the server's own reason.
    while unsafe PQflush(handle) == 1 {
      let ready = block(&wait, forWriting: true)
      if ready.isReadable, unsafe PQconsumeInput(handle) == 0 { return }
    }
  }

  /// The next result, waited for; nil at the end of a statement's results. What is still to be sent goes
  /// out meanwhile: an earlier result does not wait until the server has taken it.
  func nextResult(_ wait: inout Wait) -> QueryResult? {
    guard let handle = unsafe handle else { return nil }
    while unsafe PQisBusy(handle) == 1 {
      _ = block(&wait, forWriting: unsafe PQflush(handle) == 1)
      // On a broken connection PQgetResult gives the reason and does not block.
      if unsafe PQconsumeInput(handle) == 0 { break }
    }
    return unsafe PQgetResult(handle).map { unsafe QueryResult(result: $0) }
  }

  /// Waits for the socket. An interruption makes the server cancel, and the wait goes on: the server
  /// then answers with an error, or with a result where it was done already.
  func block(_ wait: inout Wait, forWriting: Bool) -> Posix.Readiness {
    let socket = unsafe handle.map { unsafe PQsocket($0) } ?? -1
    guard socket >= 0 else { return Posix.Readiness(isReadable: true, isWritable: true) }
    guard let interrupts else {
      return Posix.wait(socket: socket, forWriting: forWriting, wake: -1, milliseconds: -1)
    }
    while true {
      let count = interrupts.count
      if count > wait.canceledFor {
        wait.canceledFor = count
        try? cancelHandle.cancel()
      }
      // The wake descriptor stays readable after the first interruption; from then on look at the count.
      let ready = Posix.wait(
        socket: socket, forWriting: forWriting, wake: count == 0 ? interrupts.wakeDescriptor : -1,
        milliseconds: count == 0 ? -1 : 100)
      if ready.isReadable || ready.isWritable { return ready }
    }
  }

  /// The error with what this connection knows about it: an interruption is reported as one, and once.
  func completed(_ error: PostgresError, _ wait: Wait) -> PostgresError {
    var error = error
    if error.kind == .queryCanceled, wait.canceledFor > interruptsSeen {
      interruptsSeen = wait.canceledFor
      error.isInterrupted = true
    }
    if unsafe handle.map({ unsafe PQstatus($0) == CONNECTION_BAD }) ?? true {
      error.isConnectionLost = true
    }
    return error
  }
}

extension PostgresError {
  static var interrupted: PostgresError {
    var error = PostgresError(kind: .queryCanceled, message: "Interrupted.")
    error.isInterrupted = true
    return error
  }
}
