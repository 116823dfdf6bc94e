/// Why a transaction did not happen, and what is known about it.
package enum TransactionError<BodyError: Error>: Error {
  /// The transaction could not be begun (or its opening statements failed); nothing was done.
  case begin(PostgresError)

  /// The closure threw, and all was rolled back. `rollback` says where even that failed; the server
  /// rolls back by itself then, since the connection is lost.
  case body(BodyError, rollback: PostgresError?)

  /// The database refused to commit (or a statement sent along with the commit); all was rolled back.
  case commit(PostgresError)

  /// The connection was lost after COMMIT was sent: the transaction may or may not have happened.
  case commitOutcomeUnknown(PostgresError)

  /// The database's error in it, nil where there is none.
  package var postgresError: PostgresError? {
    switch self {
    case .begin(let error), .commit(let error), .commitOutcomeUnknown(let error): error
    case .body(let error, let rollback): error as? PostgresError ?? rollback
    }
  }

  /// The error that a caller deals with: the closure's, else the database's.
  package var underlying: any Error {
    switch self {
    case .begin(let error), .commit(let error), .commitOutcomeUnknown(let error): error
    case .body(let error, _): error
    }
  }
}

extension TransactionError: Sendable where BodyError: Sendable {}

extension TransactionError: CustomStringConvertible {
  package var description: String {
    switch self {
    case .begin(let error): "The transaction could not begin: \(error)"
    case .body(let error, nil): "\(error)"
    case .body(let error, let rollback?): "\(error) (and the rollback failed: \(rollback))"
    case .commit(let error): "The transaction was rolled back: \(error)"
    case .commitOutcomeUnknown(let error):
      "The connection was lost while committing, so it is not known whether it happened: \(error)"
    }
  }
}
