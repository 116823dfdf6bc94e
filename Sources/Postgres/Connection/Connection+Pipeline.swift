import CLibPQ

extension Connection {
  /// Sends all statements that the closure adds, then reads all results: one round trip.
  ///
  /// - Returns: the results, and what the closure returned (its statements' handles).
  /// - Throws: see ``run(_:)``.
  @discardableResult
  package func pipeline<H>(
    _ build: (inout Pipeline) -> H
  ) throws(PostgresError) -> (PipelineResults, H) {
    var pipeline = Pipeline()
    let handles = build(&pipeline)
    return (try run(pipeline), handles)
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
    var wait = try beginWait()
    let sent = try start(pipeline, &wait)
    return try finish(sent, &wait)
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
}

extension PostgresError {
  func at(_ index: Int?) -> PostgresError {
    var error = self
    error.statementIndex = index
    return error
  }
}
