import CLibPQ

// Several pipelines may be under way: the client goes on while the server works. Their results come in
// the order in which they were sent; whoever asks for later ones reads the earlier ones on the way.

extension Connection {
  /// Sends statements without waiting for what comes of them.
  ///
  /// What the socket does not take at once goes out with later calls, such as ``push()``.
  /// - Throws: ``PostgresError`` where they cannot be sent.
  package func start(_ pipeline: Pipeline) throws(PostgresError) -> SentPipeline {
    var wait = try beginWait()
    return try start(pipeline, &wait)
  }

  /// Waits for the results of statements that were sent.
  ///
  /// - Throws: ``PostgresError`` of the first statement that failed, with its `statementIndex`.
  @discardableResult
  package func finish(_ sent: SentPipeline) throws(PostgresError) -> PipelineResults {
    var wait = try beginWait()
    let (results, failureAtEnd) = try finish(sent, &wait)
    if let failureAtEnd { throw failureAtEnd }
    return results
  }

  /// Hands the socket as much as it takes of what is still to be sent, without waiting.
  package func push() {
    // A failed write shows in the result that is read afterwards.
    if !pending.isEmpty, let handle = unsafe handle { _ = unsafe PQflush(handle) }
  }

  func start(_ pipeline: Pipeline, _ wait: inout Wait) throws(PostgresError) -> SentPipeline {
    let handle = unsafe try requireHandle()
    guard activity != .copy else {
      throw PostgresError(kind: .misuse, message: "A COPY is going on.")
    }
    let sent = SentPipeline(pipeline)
    for (index, entry) in pipeline.entries.enumerated() {
      do { try entry.sql.checkSendable(text: sent.texts[index]) } catch { throw error.at(index) }
    }
    if pending.isEmpty {
      guard unsafe PQenterPipelineMode(handle) == 1 else { throw lastError(sql: nil) }
    }
    do {
      try enqueue(pipeline, as: sent)
    } catch {
      // Half a pipeline was sent and cannot be taken back, nor its results be told apart.
      close()
      throw completed(error, wait)
    }
    pending.append(sent)
    return sent
  }

  func finish(
    _ sent: SentPipeline, _ wait: inout Wait
  ) throws(PostgresError) -> (results: PipelineResults, failureAtEnd: PostgresError?) {
    readPending(upTo: sent, &wait)
    guard let outcome = sent.outcome else { throw completed(lastError(sql: nil), wait) }
    if let failure = outcome.failure { throw completed(failure, wait) }
    guard outcome.results.count == sent.texts.count else {
      throw completed(outcome.failureAtEnd ?? lastError(sql: nil), wait)
    }
    return (
      PipelineResults(all: outcome.results), outcome.failureAtEnd.map { completed($0, wait) }
    )
  }

  /// Reads the results of pipelines that were sent, up to one of them or all.
  func readPending(upTo last: SentPipeline? = nil, _ wait: inout Wait) {
    guard !pending.isEmpty, last?.outcome == nil else { return }
    while let first = pending.first {
      first.outcome = read(first, &wait)
      pending.removeFirst()
      if first === last { break }
    }
    if pending.isEmpty, let handle = unsafe handle { _ = unsafe PQexitPipelineMode(handle) }
  }

  private func read(_ sent: SentPipeline, _ wait: inout Wait) -> SentPipeline.Outcome {
    var outcome = SentPipeline.Outcome()
    outcome.results.reserveCapacity(sent.texts.count)
    for (index, text) in sent.texts.enumerated() {
      if sent.preparing[index] != nil {
        let error = readStatement(sql: text, &wait).error
        if sent.syncsEach, !isLost { outcome.failureAtEnd = readSync(&wait) }
        if error != nil { statements.remove(text) }
        if outcome.failure == nil { outcome.failure = error?.at(index) }
      }
      let (result, error) = readStatement(sql: text, &wait)
      if outcome.failure == nil { outcome.failure = error?.at(index) }
      if error != nil, sent.isPrepared[index] { statements.remove(text) }
      if let result { outcome.results.append(result) }
      if isLost { break }
      if sent.syncsEach { outcome.failureAtEnd = readSync(&wait) }
    }
    if !sent.syncsEach || isLost { outcome.failureAtEnd = readSync(&wait) }
    return outcome
  }

  /// Hands all statements to libpq, which sends as much as the socket takes.
  private func enqueue(
    _ pipeline: Pipeline, as sent: SentPipeline
  ) throws(PostgresError) {
    let handle = unsafe try requireHandle()
    for (index, entry) in pipeline.entries.enumerated() {
      let text = sent.texts[index]
      if sent.syncsEach, index > 0 { unsafe try sync(handle) }
      guard sent.isPrepared[index] else {
        try send(entry.sql, text: text, isBinary: entry.isBinary)
        continue
      }
      var name = statements.name(for: text)
      if name == nil {
        let new = statements.newName()
        guard unsafe PQsendPrepare(handle, new, text, 0, nil) == 1 else {
          throw lastError(sql: text)
        }
        // Later ones find it before the server has answered; where it refuses, it is forgotten.
        statements.insert(new, for: text)
        sent.preparing[index] = new
        name = new
        if sent.syncsEach { unsafe try sync(handle) }
      }
      try sendPrepared(entry.sql, name: name ?? "", text: text, isBinary: entry.isBinary)
    }
    unsafe try sync(handle)
    _ = unsafe PQflush(handle)
  }

  private func sync(_ handle: OpaquePointer) throws(PostgresError) {
    guard unsafe PQpipelineSync(handle) == 1 else { throw lastError(sql: nil) }
  }

  private func sendPrepared(
    _ sql: SQL, name: String, text: String, isBinary: Bool
  ) throws(PostgresError) {
    let handle = unsafe try requireHandle()
    let sent = unsafe sql.binds.withPointers { values, lengths, forms in
      unsafe PQsendQueryPrepared(
        handle, name, Int32(sql.parameterCount), values, lengths, forms, isBinary ? 1 : 0)
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
