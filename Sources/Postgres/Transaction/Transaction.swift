/// An open transaction, lent to the closure of ``Connection/transaction(_:opening:_:)``.
package final class Transaction {
  /// The connection that the transaction is open on.
  package let connection: Connection
  /// The results of the statements that were sent along with BEGIN.
  package let opened: PipelineResults
  private(set) var outcome = Outcome.open

  enum Outcome {
    case open
    case committed
    case refused(PostgresError)
    case unknown(PostgresError)
  }

  init(connection: Connection, opened: PipelineResults) {
    self.connection = connection
    self.opened = opened
  }

  /// Runs one statement; see ``Connection/query(_:)``.
  package func query(_ sql: SQL) throws(PostgresError) -> QueryResult {
    try connection.query(sql)
  }

  /// Runs one statement for its effect; see ``Connection/execute(_:)``.
  @discardableResult
  package func execute(_ sql: SQL) throws(PostgresError) -> Int {
    try connection.execute(sql)
  }

  /// Sends the statements and COMMIT in one round trip. Where the closure does not call it, COMMIT is
  /// sent when it returns.
  ///
  /// - Throws: ``PostgresError`` of the first statement that failed. Whatever the closure does with it,
  ///   the transaction throws ``TransactionError/commit(_:)`` or
  ///   ``TransactionError/commitOutcomeUnknown(_:)``.
  @discardableResult
  package func commit(
    with build: (inout Pipeline) -> Void = { _ in }
  ) throws(PostgresError) -> PipelineResults {
    var pipeline = Pipeline()
    build(&pipeline)
    return try commit(pipeline)
  }

  /// Sends the statements and COMMIT in one round trip; see ``commit(with:)``.
  ///
  /// - Parameter flushing: wait afterwards until the commit is on disk. For a transaction that was told not
  ///   to wait for that with its locks held (`synchronous_commit = off`): it is done no sooner than any
  ///   other, and where the connection is lost before, ``TransactionError/commitOutcomeUnknown(_:)`` says so.
  @discardableResult
  package func commit(
    _ statements: Pipeline, flushing: Bool = false
  ) throws(PostgresError) -> PipelineResults {
    guard case .open = outcome else {
      throw PostgresError(kind: .misuse, message: "The transaction has ended.")
    }
    var pipeline = statements
    let commit = pipeline.query("COMMIT")
    if flushing { pipeline.query(Connection.flush, prepared: true) }
    do throws(PostgresError) {
      let (results, failureAtEnd) = try connection.runToEnd(pipeline)
      // COMMIT of a failed transaction is no error to the server: it says ROLLBACK.
      guard results[commit].commandTag == "COMMIT" else {
        throw PostgresError(
          kind: .failedTransaction,
          message: "The transaction was rolled back, since a statement in it had failed.")
      }
      // Where COMMIT was answered, what comes after it changes nothing, unless it is what makes it last.
      if flushing, let failureAtEnd { throw failureAtEnd.at(commit.index + 1) }
      outcome = .committed
      return results
    } catch {
      // A server's error says that it did not commit; silence after COMMIT was sent says nothing, and so
      // does an error after COMMIT was answered.
      let isSilent = error.isConnectionLost && !error.isFromServer && error.kind != .misuse
      let isAfterCommit = (error.statementIndex ?? 0) > commit.index
      outcome = isSilent || isAfterCommit ? .unknown(error) : .refused(error)
      throw error
    }
  }
}

extension PostgresError {
  /// Whether the server itself reported the error, and so told what became of the statement.
  fileprivate var isFromServer: Bool { sqlState != nil }
}
