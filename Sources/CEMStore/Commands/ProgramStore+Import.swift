import CEMDomain
import FoundationEssentials
import Postgres
import TransparencyLog

extension ProgramStore {
  /// Lends one transaction that holds the program's lock and takes any number of commands, appended
  /// piece by piece and committed together when the closure returns.
  ///
  /// - Parameters:
  ///   - isDryRun: roll everything back in the end; nothing is even sent.
  ///   - stateLimit: how many things to keep in memory from piece to piece.
  ///   - changeLimit: how many changed things may wait for their own rows to be written.
  /// - Throws: `StoreError`, and what the closure throws; then nothing was written.
  package func transact<T>(
    isDryRun: Bool = false, stateLimit: Int = .max, changeLimit: Int = .max,
    _ body: (OpenBatch) throws -> T
  ) throws -> T {
    do {
      return try connection.transaction(opening: { open(for: [], in: &$0) }) { tx in
        let open = OpenBatch(
          store: self, batch: try begin(tx), transaction: tx, isDryRun: isDryRun,
          stateLimit: stateLimit, changeLimit: changeLimit)
        let result = try body(open)
        guard !isDryRun else { throw Rehearsed(result: result) }
        try open.settle()
        try tx.commit(Pipeline(), flushing: open.flushesAfterCommit)
        cache = open.keptState
        return result
      }
    } catch {
      cache = nil
      switch error {
      case .body(let rehearsed as Rehearsed<T>, _): return rehearsed.result
      case .body(let error as PostgresError, _), .begin(let error), .commit(let error):
        throw StoreError(error, writingOver: connection)
      case .body(let error, _): throw error
      case .commitOutcomeUnknown(let error): throw StoreError.outcomeUnknown(error)
      }
    }
  }
}

extension ProgramStore {
  /// Which commands were handled before, with what each was about.
  func handled(_ ids: [UUID]) throws -> [UUID: StreamID] {
    try StateLoader.handled(
      connection.query(StateLoader.select(commands: ids, programID: programID)))
  }
}

/// Carries the result of a dry run past the rollback.
private struct Rehearsed<T>: Error, @unchecked Sendable { let result: T }
