extension Connection {
  /// Runs the closure in a transaction, which commits when it returns and rolls back when it throws.
  ///
  ///     try connection.transaction { tx throws(PostgresError) in
  ///       try tx.execute("UPDATE …")
  ///     }
  ///
  /// Two round trips in all, with statements sent along with BEGIN and COMMIT:
  ///
  ///     try connection.transaction(opening: { $0.query("SELECT … FOR UPDATE") }) { tx in
  ///       let position = try tx.opened[0].one(Int.self)
  ///       return try tx.commit { $0.query("SELECT append(…)") }[0].one(Int.self)
  ///     }
  ///
  /// - Parameters:
  ///   - mode: what it may do and see.
  ///   - opening: statements to send along with BEGIN; their results are ``Transaction/opened``, numbered
  ///     without BEGIN.
  /// - Throws: ``TransactionError``, which keeps the closure's error apart from the database's.
  @discardableResult
  package func transaction<T, E: Error>(
    _ mode: TransactionMode = .readWrite, opening: (inout Pipeline) -> Void = { _ in },
    _ body: (Transaction) throws(E) -> T
  ) throws(TransactionError<E>) -> T {
    let tx = try begin(mode, opening: opening, throwing: E.self)
    activity = .transaction
    defer { activity = .none }
    let value: T
    do {
      value = try body(tx)
    } catch {
      switch tx.outcome {
      case .open: throw .body(error, rollback: rollBack())
      case .committed: throw .body(error, rollback: nil)
      case .refused(let failure):
        _ = rollBack()
        throw .commit(failure)
      case .unknown(let failure): throw .commitOutcomeUnknown(failure)
      }
    }
    if case .open = tx.outcome { _ = try? tx.commit() }
    switch tx.outcome {
    case .open, .committed: return value
    case .refused(let failure):
      _ = rollBack()
      throw .commit(failure)
    case .unknown(let failure): throw .commitOutcomeUnknown(failure)
    }
  }

  /// A commit that writes one short record: the server flushes its log up to that, and waits for standbys, as
  /// the session's settings say. A standby has only what was flushed.
  static let flush: SQL =
    "SELECT CASE WHEN NOT pg_is_in_recovery() THEN pg_logical_emit_message(true, 'flush', '') END"

  /// Waits until all that was committed before is on disk, also what is passed on before that; see
  /// ``Transaction/commit(_:flushing:)``. To be called where no transaction is open.
  ///
  /// - Throws: ``PostgresError``.
  package func waitUntilFlushed() throws(PostgresError) {
    _ = try queryPrepared(Connection.flush)
  }

  private func begin<E: Error>(
    _ mode: TransactionMode, opening: (inout Pipeline) -> Void, throwing: E.Type
  ) throws(TransactionError<E>) -> Transaction {
    do throws(PostgresError) {
      guard activity == .none, !isInTransaction else {
        throw PostgresError(kind: .misuse, message: "A transaction is open already.")
      }
      var statements = Pipeline()
      opening(&statements)
      var pipeline = Pipeline()
      pipeline.query(mode.begin)
      pipeline.append(statements)
      let results = try run(pipeline)
      return Transaction(
        connection: self, opened: PipelineResults(all: Array(results.all.dropFirst())))
    } catch {
      if error.kind != .misuse { _ = rollBack() }
      throw .begin(error)
    }
  }

  /// Rolls back what is open.
  ///
  /// - Returns: the error where it failed, nil also where nothing was open.
  private func rollBack() -> PostgresError? {
    var wait = Wait(canceledFor: interrupts?.count ?? 0)
    readPending(&wait)
    guard isInTransaction else { return isLost ? lastError(sql: "ROLLBACK") : nil }
    // An interruption that comes now must not keep locks: it is reported by the next call.
    let seen = interruptsSeen
    interruptsSeen = interrupts?.count ?? 0
    defer { interruptsSeen = seen }
    do throws(PostgresError) {
      try execute("ROLLBACK")
      return nil
    } catch {
      return error
    }
  }
}
