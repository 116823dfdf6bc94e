import CEMDomain
import FoundationEssentials
import Postgres
import TransparencyLog

extension ProgramStore {
  /// Lends one transaction that holds the program's lock and takes any number of commands, appended
  /// piece by piece and committed together when the closure returns.
  ///
  /// - Parameter isDryRun: roll everything back in the end; nothing is even sent.
  /// - Throws: `StoreError`, and what the closure throws; then nothing was written.
  package func transact<T>(
    isDryRun: Bool = false, _ body: (OpenBatch) throws -> T
  ) throws -> T {
    do {
      return try connection.transaction(opening: { open(for: [], in: &$0) }) { tx in
        let open = OpenBatch(
          store: self, batch: try begin(tx), transaction: tx, isDryRun: isDryRun)
        let result = try body(open)
        guard !isDryRun else { throw Rehearsed(result: result) }
        try open.flush()
        try tx.commit()
        cache = open.keptState
        return result
      }
    } catch {
      cache = nil
      switch error {
      case .body(let rehearsed as Rehearsed<T>, _): return rehearsed.result
      case .body(let error as PostgresError, _), .begin(let error), .commit(let error):
        throw StoreError(error)
      case .body(let error, _): throw error
      case .commitOutcomeUnknown(let error): throw StoreError.outcomeUnknown(error)
      }
    }
  }
}

/// Carries the result of a dry run past the rollback.
private struct Rehearsed<T>: Error, @unchecked Sendable { let result: T }

/// A transaction that is being filled.
package final class OpenBatch {
  private let store: ProgramStore
  private var batch: Batch
  private let transaction: Transaction
  private let isDryRun: Bool
  init(store: ProgramStore, batch: Batch, transaction: Transaction, isDryRun: Bool) {
    self.store = store
    self.batch = batch
    self.transaction = transaction
    self.isDryRun = isDryRun
  }

  /// The state with its position, for the next transaction.
  var keptState: (position: Int64, state: ProgramState) { (position, batch.state) }
  /// The last position so far.
  var position: Int64 { Int64(batch.frontier.size) }
  /// The root of the tree so far.
  var receipt: (treeSize: Int64, rootHash: Hash) { (position, batch.frontier.root) }

  /// Decides a command; nothing is taken over yet.
  /// - Throws: `Rejection`.
  func drafts(for submission: Submission) throws -> [RecordedEvent] {
    try store.drafts(for: submission, batch, transaction)
  }

  /// Decides a command and takes its events.
  /// - Throws: `Rejection`; then everything is as before.
  package func append(_ submission: Submission) throws -> Receipt {
    try store.take(submission, in: batch, transaction)
  }

  /// Writes what was taken so far; in a dry run it is only forgotten.
  ///
  /// What is written can be read again, so that the memory that many rows take has a bound.
  package func flush() throws {
    if !isDryRun {
      var pipeline = Pipeline()
      batch.write(to: &pipeline)
      _ = try store.connection.run(pipeline)
    }
    let isLarge = !isDryRun && batch.state.size > store.stateLimit
    batch = Batch(
      programID: batch.programID, recordedAt: batch.recordedAt, today: batch.today,
      actor: batch.actor, frontier: batch.frontier, state: isLarge ? .partial : batch.state,
      handled: [:])
  }

  /// The thing that an external id was given to, or a thing by its stream; `nil` where there is none.
  func record(external: ExternalID) throws -> EntityRecord? {
    try load(.external(external))
    guard let stream = try batch.state.stream(withExternal: external) else { return nil }
    return try record(stream)
  }

  func record(_ stream: StreamID) throws -> EntityRecord? {
    try load(.entity(stream))
    return try batch.state.record(stream)
  }

  private func load(_ key: StateKey) throws {
    if case .external(let id) = key, (try? batch.state.stream(withExternal: id)) != nil { return }
    if case .entity(let stream) = key, batch.state.entities[stream] != nil { return }
    guard !batch.state.isLoaded(key) else { return }
    var loader = StateLoader(programID: store.programID, state: batch.state)
    try loader.load(key, transaction, pending: batch)
    batch.state = loader.state
  }

  /// Which of the commands were handled before, with what each was about.
  func handled(_ commands: [UUID]) throws -> [UUID: StreamID] {
    let rows = try transaction.query(
      """
      SELECT command_id, stream FROM cem.event WHERE program_id = \(store.programID) \
      AND command_index = 0 AND command_id = ANY (\(commands)::uuid[])
      """
    ).decode((UUID, String).self)
    return Dictionary(rows.compactMap { id, stream in StreamID(stream).map { (id, $0) } }) { a, _ in
      a
    }
  }

  /// The row that last changed a thing by an import of this identity.
  func lastCause(of stream: StreamID, correlation: UUID) throws -> UUID? {
    try transaction.query(
      """
      SELECT causation_id FROM cem.event WHERE program_id = \(store.programID) \
      AND stream = \(stream.description) AND correlation_id = \(correlation) \
      ORDER BY version DESC LIMIT 1
      """
    ).decode(UUID?.self).first ?? nil
  }
}
