import CLibPQ

extension Connection {
  /// Streams rows into a table, much faster than INSERT: all of them or, where anything throws, none.
  ///
  ///     try connection.copyIn("COPY event (position, facts) FROM STDIN") { writer in
  ///       for line in lines { try writer.write(line.utf8Span.span) }
  ///     }
  ///
  /// - Parameter sql: `COPY … FROM STDIN` in text format, which has no parameters.
  /// - Returns: how many rows were taken.
  /// - Throws: what the closure throws, or ``PostgresError``.
  @discardableResult
  package func copyIn(
    _ sql: SQL, _ body: (inout CopyWriter) throws -> Void
  ) throws -> Int {
    let text = sql.text
    let activityBefore = activity
    var wait = try beginCopy(sql, text: text, expecting: .in)
    defer { activity = activityBefore }
    var writer = CopyWriter(connection: self, wait: wait, sql: text)
    do {
      try body(&writer)
      try writer.flush()
    } catch {
      wait = writer.wait
      endCopy(failing: true, &wait)
      // The server's reason where it was the first to give up, else the closure's.
      if let failure = readCopyResult(sql: text, &wait).error, failure.kind != .queryCanceled {
        throw completed(failure, wait)
      }
      throw error
    }
    wait = writer.wait
    endCopy(failing: false, &wait)
    let (result, error) = readCopyResult(sql: text, &wait)
    if let error { throw completed(error, wait) }
    return result?.affectedRows ?? 0
  }

  /// Streams rows out of a table or query, holding one at a time.
  ///
  ///     try connection.copyOut("COPY (SELECT position, facts FROM event) TO STDOUT") { row in
  ///       for index in row.indices { copy.append(row[index]) }
  ///     }
  ///
  /// - Parameters:
  ///   - sql: `COPY … TO STDOUT` in text format, which has no parameters.
  ///   - body: gets each row's text with its line feed. Where it throws, the server is asked to stop and
  ///     the connection can be used again.
  /// - Returns: how many rows there were.
  /// - Throws: what the closure throws, or ``PostgresError``.
  @discardableResult
  package func copyOut(_ sql: SQL, _ body: (Span<UInt8>) throws -> Void) throws -> Int {
    let text = sql.text
    let activityBefore = activity
    var wait = try beginCopy(sql, text: text, expecting: .out)
    defer { activity = activityBefore }
    do {
      while try lendCopiedRow(&wait, to: body) {}
    } catch {
      // The rows that are under way are still read, up to the server's last word.
      if !isLost { try? cancelHandle.cancel() }
      skipCopiedRows(&wait)
      _ = readCopyResult(sql: text, &wait)
      throw error
    }
    let (result, error) = readCopyResult(sql: text, &wait)
    if let error { throw completed(error, wait) }
    return result?.affectedRows ?? 0
  }

  /// Sends the COPY and waits until the server has switched to it.
  private func beginCopy(
    _ sql: SQL, text: String, expecting direction: QueryResult.CopyDirection
  ) throws(PostgresError) -> Wait {
    guard activity != .copy else {
      throw PostgresError(kind: .misuse, message: "A COPY is going on.", sql: text)
    }
    var wait = try beginWait()
    readPending(&wait)
    try send(sql, text: text)
    flush(&wait)
    guard let result = nextResult(&wait) else { throw completed(lastError(sql: text), wait) }
    guard result.copyDirection == direction else {
      var error =
        result.error(sql: text)
        ?? PostgresError(
          kind: .misuse, message: "The statement is no COPY in this direction.", sql: text)
      if let other = result.copyDirection { abandonCopy(other, &wait) }
      error = completed(error, wait)
      while nextResult(&wait) != nil {}
      throw error
    }
    activity = .copy
    return wait
  }

  /// Leaves a COPY that nobody asked for.
  func abandonCopy(_ direction: QueryResult.CopyDirection, _ wait: inout Wait) {
    switch direction {
    case .in: endCopy(failing: true, &wait)
    case .out: skipCopiedRows(&wait)
    }
  }

  private func endCopy(failing: Bool, _ wait: inout Wait) {
    guard let handle = unsafe handle else { return }
    // 0 means that the message does not fit yet.
    while unsafe PQputCopyEnd(handle, failing ? "the client gave up" : nil) == 0 { flush(&wait) }
    flush(&wait)
  }

  private func readCopyResult(
    sql: String, _ wait: inout Wait
  ) -> (result: QueryResult?, error: PostgresError?) {
    var last: QueryResult?
    var error: PostgresError?
    while let result = nextResult(&wait) {
      last = result
      if error == nil { error = result.error(sql: sql) }
      if isLost { break }
    }
    if last == nil { error = lastError(sql: sql) }
    return (last, error)
  }

  private func skipCopiedRows(_ wait: inout Wait) {
    while let more = try? lendCopiedRow(&wait, to: { _ in }), more {}
  }

  /// Lends the next row's text.
  ///
  /// - Returns: false at the end; whether it was a good end is in the result that follows.
  private func lendCopiedRow(
    _ wait: inout Wait, to body: (Span<UInt8>) throws -> Void
  ) throws -> Bool {
    let handle = unsafe try requireHandle()
    while true {
      var line: UnsafeMutablePointer<CChar>?
      let length = unsafe PQgetCopyData(handle, &line, 1)
      if length > 0, let line = unsafe line {
        defer { unsafe PQfreemem(line) }
        let bytes = unsafe UnsafeRawBufferPointer(start: line, count: Int(length))
          .assumingMemoryBound(to: UInt8.self)
        try body(unsafe bytes.span)
        return true
      }
      guard length == 0 else { return false }
      _ = block(&wait, forWriting: false)
      if unsafe PQconsumeInput(handle) == 0 { throw completed(lastError(sql: nil), wait) }
    }
  }
}
