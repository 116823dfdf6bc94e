import CLibPQ

extension Connection {
  /// Sends all statements that the closure adds, then reads all results: one round trip.
  ///
  /// - Returns: the results, and what the closure returned (its statements' handles).
  /// - Throws: see ``run(_:)``.
  package func pipeline<H>(
    _ build: (inout Pipeline) -> H
  ) throws(PostgresError) -> (PipelineResults, H) {
    var pipeline = Pipeline()
    let handles = build(&pipeline)
    return (try run(pipeline), handles)
  }

  /// Sends all statements that the closure adds, then reads all results: one round trip.
  ///
  /// - Throws: see ``run(_:)``.
  @discardableResult
  package func pipeline(
    _ build: (inout Pipeline) -> Void
  ) throws(PostgresError) -> PipelineResults {
    var pipeline = Pipeline()
    build(&pipeline)
    return try run(pipeline)
  }

  /// Sends all statements, then reads all results: one round trip.
  ///
  /// Without `BEGIN` the statements are one transaction. Where one fails, the server skips the rest; a
  /// transaction that was open stays open in failed state.
  ///
  /// - Throws: ``PostgresError`` of the first statement that failed, with its `statementIndex`.
  @discardableResult
  package func run(_ pipeline: Pipeline) throws(PostgresError) -> PipelineResults {
    guard !pipeline.isEmpty else { return PipelineResults(all: []) }
    let handle = unsafe try requireHandle()
    guard activity != .copy else {
      throw PostgresError(kind: .misuse, message: "A COPY is going on.")
    }
    let texts = pipeline.entries.map(\.sql.text)
    for (index, entry) in pipeline.entries.enumerated() {
      do { try entry.sql.checkSendable(text: texts[index]) } catch {
        var error = error
        error.statementIndex = index
        throw error
      }
    }
    var wait = try beginWait()
    guard unsafe PQenterPipelineMode(handle) == 1 else { throw lastError(sql: nil) }
    defer { _ = unsafe PQexitPipelineMode(handle) }

    var preparing: [Int: String] = [:]
    for (index, entry) in pipeline.entries.enumerated() {
      let name = unsafe try enqueue(entry, text: texts[index], preparing: preparing, on: handle)
      if case .new(let name) = name { preparing[index] = name }
      flush(&wait)
    }
    guard unsafe PQpipelineSync(handle) == 1 else { throw lastError(sql: nil) }
    flush(&wait)

    var results: [QueryResult] = []
    results.reserveCapacity(texts.count)
    var failure: PostgresError?
    for (index, text) in texts.enumerated() {
      if let name = preparing[index] {
        let error = readStatement(sql: text, &wait).error
        if error == nil { statements.insert(name, for: text) }
        if failure == nil { failure = error?.at(index) }
      }
      let (result, error) = readStatement(sql: text, &wait)
      if failure == nil { failure = error?.at(index) }
      if error != nil, pipeline.entries[index].isPrepared { statements.remove(text) }
      if let result { results.append(result) }
      if isLost { break }
    }
    // The sync's own result; on a broken connection there is none.
    while !isLost, let result = nextResult(&wait), result.status != PGRES_PIPELINE_SYNC {}
    if let failure { throw completed(failure, wait) }
    guard results.count == texts.count else { throw completed(lastError(sql: nil), wait) }
    return PipelineResults(all: results)
  }

  /// Runs one statement as a prepared one, which is parsed and planned once for a session: for what is
  /// repeated many times.
  ///
  /// - Throws: ``PostgresError``.
  package func queryPrepared(_ sql: SQL) throws(PostgresError) -> QueryResult {
    var pipeline = Pipeline()
    pipeline.query(sql, prepared: true)
    do {
      return try run(pipeline)[0]
    } catch {
      var error = error
      error.statementIndex = nil
      throw error
    }
  }

  private enum StatementName {
    case none
    case known
    case new(String)
  }

  /// Hands a statement to libpq, a new prepared one as two messages.
  private func enqueue(
    _ entry: Pipeline.Entry, text: String, preparing: [Int: String], on handle: OpaquePointer
  ) throws(PostgresError) -> StatementName {
    guard entry.isPrepared else {
      try send(entry.sql, text: text)
      return .none
    }
    let known = statements.name(for: text)
    let name = known ?? statements.newName()
    if known == nil {
      guard unsafe PQsendPrepare(handle, name, text, 0, nil) == 1 else {
        throw lastError(sql: text)
      }
    }
    let sent = unsafe entry.sql.binds.withPointers { values in
      unsafe PQsendQueryPrepared(
        handle, name, Int32(entry.sql.parameterCount), values, nil, nil, 0)
    }
    guard sent == 1 else { throw lastError(sql: text) }
    return known == nil ? .new(name) : .known
  }

  /// Reads one statement's result and the nil that ends it.
  private func readStatement(
    sql: String, _ wait: inout Wait
  ) -> (result: QueryResult?, error: PostgresError?) {
    var first: QueryResult?
    var error: PostgresError?
    while let result = nextResult(&wait) {
      if first == nil { first = result }
      if error == nil {
        error =
          result.status == PGRES_PIPELINE_ABORTED
          ? PostgresError(kind: .failedTransaction, message: "Skipped after an error.", sql: sql)
          : result.error(sql: sql)
      }
      if isLost { break }
    }
    if first == nil, error == nil { error = lastError(sql: sql) }
    return (first, error)
  }
}

extension PostgresError {
  fileprivate func at(_ index: Int) -> PostgresError {
    var error = self
    error.statementIndex = index
    return error
  }
}
