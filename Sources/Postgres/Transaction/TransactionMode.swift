/// What a transaction may do and see.
package struct TransactionMode: Sendable {
  let begin: SQL

  /// READ COMMITTED: each statement sees what was committed before it. The mode for writing under a lock.
  package static let readWrite = TransactionMode(begin: "BEGIN ISOLATION LEVEL READ COMMITTED")

  /// One snapshot for all statements, and no writing.
  package static let snapshot = TransactionMode(
    begin: "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")
}
