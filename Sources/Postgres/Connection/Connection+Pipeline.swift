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
    let (results, failureAtEnd) = try runToEnd(pipeline)
    if let failureAtEnd { throw failureAtEnd }
    return results
  }

  /// Sends all statements, then reads all results.
  ///
  /// - Returns: the results where every statement went through, and what failed after them: the commit of
  ///   a pipeline without BEGIN, or the connection.
  /// - Throws: ``PostgresError`` of the first statement that failed.
  func runToEnd(
    _ pipeline: Pipeline
  ) throws(PostgresError) -> (results: PipelineResults, failureAtEnd: PostgresError?) {
    guard !pipeline.isEmpty else { return (PipelineResults(all: []), nil) }
    let handle = unsafe try requireHandle()
    guard activity != .copy else {
      throw PostgresError(kind: .misuse, message: "A COPY is going on.")
    }
    let texts = pipeline.entries.map(\.sql.text)
    for (index, entry) in pipeline.entries.enumerated() {
      do { try entry.sql.checkSendable(text: texts[index]) } catch { throw error.at(index) }
    }
    var wait = try beginWait()
    guard unsafe PQenterPipelineMode(handle) == 1 else { throw lastError(sql: nil) }
    let preparing: [Int: String]
    do {
      preparing = try enqueue(pipeline, texts: texts, &wait)
    } catch {
      // Half a pipeline was sent and cannot be taken back, nor its results be told apart.
      close()
      throw completed(error, wait)
    }

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
    let failureAtEnd = readSync(&wait)
    _ = unsafe PQexitPipelineMode(handle)
    if let failure { throw completed(failure, wait) }
    guard results.count == texts.count else {
      throw completed(failureAtEnd ?? lastError(sql: nil), wait)
    }
    return (PipelineResults(all: results), failureAtEnd.map { completed($0, wait) })
  }

  /// Runs one statement as a prepared one, which is parsed and planned once for a session: for what is
  /// repeated many times.
  ///
  /// - Throws: ``PostgresError``.
  package func queryPrepared(_ sql: SQL) throws(PostgresError) -> QueryResult {
    var pipeline = Pipeline()
    pipeline.query(sql, prepared: true)
    do { return try run(pipeline)[0] } catch { throw error.at(nil) }
  }

  /// Hands all statements to libpq, and sends them.
  ///
  /// - Returns: the names of statements that are prepared on the way, by the index of their use.
  private func enqueue(
    _ pipeline: Pipeline, texts: [String], _ wait: inout Wait
  ) throws(PostgresError) -> [Int: String] {
    let handle = unsafe try requireHandle()
    var preparing: [Int: String] = [:]
    var names: [String: String] = [:]
    for (index, entry) in pipeline.entries.enumerated() {
      let text = texts[index]
      if entry.isPrepared {
        var name = statements.name(for: text) ?? names[text]
        if name == nil {
          let new = statements.newName()
          guard unsafe PQsendPrepare(handle, new, text, 0, nil) == 1 else {
            throw lastError(sql: text)
          }
          preparing[index] = new
          names[text] = new
          name = new
        }
        try sendPrepared(entry.sql, name: name ?? "", text: text)
      } else {
        try send(entry.sql, text: text)
      }
      flush(&wait)
    }
    guard unsafe PQpipelineSync(handle) == 1 else { throw lastError(sql: nil) }
    flush(&wait)
    return preparing
  }

  private func sendPrepared(_ sql: SQL, name: String, text: String) throws(PostgresError) {
    let handle = unsafe try requireHandle()
    let sent = unsafe sql.binds.withPointers { values in
      unsafe PQsendQueryPrepared(handle, name, Int32(sql.parameterCount), values, nil, nil, 0)
    }
    guard sent == 1 else { throw lastError(sql: text) }
  }

  /// Reads to the pipeline's end, where a transaction without BEGIN commits.
  private func readSync(_ wait: inout Wait) -> PostgresError? {
    var failure: PostgresError?
    var ends = 0
    // An error here is followed by the nil that ends results; two in a row mean that nothing comes.
    while !isLost, ends < 2 {
      guard let result = nextResult(&wait) else {
        ends += 1
        continue
      }
      ends = 0
      if result.status == PGRES_PIPELINE_SYNC { return failure }
      if failure == nil { failure = result.error(sql: nil) }
    }
    return failure ?? lastError(sql: nil)
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
  fileprivate func at(_ index: Int?) -> PostgresError {
    var error = self
    error.statementIndex = index
    return error
  }
}
