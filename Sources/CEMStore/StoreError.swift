package import CEMDomain
package import Postgres

/// Why the store could not do what was asked.
package enum StoreError: Error, Sendable {
  /// A rule or the input refuses a command; `index` is its place in a batch, from 0.
  case rejected(Rejection, index: Int)
  /// The database's error.
  case database(PostgresError)
  /// The connection broke while committing: the command may or may not have happened. Sending it again
  /// with the same id is safe.
  case outcomeUnknown(PostgresError)
  /// There is no program of this name.
  case noProgram(String?)
  /// A program's row of `cem.head` is gone.
  case noHead
  /// Several programs, and none was named.
  case severalPrograms([String])
  /// The database has not been set up.
  case notMigrated
  /// The database is newer than this program.
  case newerDatabase(version: Int)
  /// Migrations are missing.
  case olderDatabase(version: Int)
  /// The server lacks these roles of cem's, as after a restore on another one.
  case missingRoles([String])
  /// An applied migration is not the one that this program has.
  case editedMigration(number: Int, name: String)
  /// The database wants other versions of the projections than this program maintains: newer ones, or
  /// else older ones, which migrating brings up.
  case otherProjections(String, isProgramOlder: Bool)
  /// A switch to other versions of the projections would have to wait for these for too long.
  case switchBlocked([String])
  /// An event cannot be read.
  case unreadable(position: Int64, String)
  /// The log has an event that the tables know nothing of, where a command's own would stand: somebody appended
  /// it and left the projections as they were.
  case projectionsBehind
  /// The login has no right to the schema; perhaps it reads the dashboards' views alone.
  case closedSchema(login: String, readsDashboards: Bool)
  /// The login's transactions only read, by a setting of its own.
  case readOnlyLogin(String)
  /// The database's encoding is not UTF-8.
  case notUTF8(String)
}

extension StoreError {
  /// Sorts the database's error by what it means here.
  init(_ error: PostgresError) {
    switch error.kind {
    case .undefinedTable, .invalidSchemaName: self = .notMigrated
    // One of the schema's own; another one is a slip in a statement.
    case .undefinedFunction where error.message.contains("cem."): self = .notMigrated
    // Looked at under the lock before: they were switched since this program began.
    case .other("CEM04"): self = .otherProjections(error.message, isProgramOlder: true)
    // Nobody else appends under the lock.
    case .uniqueViolation where error.constraint == "event_stream_version":
      self = .projectionsBehind
    case .other("CEM08"):
      self = .rejected(
        Rejection(.input, "program.time-zone", error.message, hint: error.hint ?? ""), index: 0)
    default: self = .database(error)
    }
  }

  /// The same of an error in a transaction that was to write, and is over.
  init(_ error: PostgresError, writingOver connection: Connection) {
    self.init(error)
    guard error.kind == .readOnlyTransaction else { return }
    let source = try? connection.query(
      "SELECT source FROM pg_settings WHERE name = 'default_transaction_read_only' AND setting = 'on'"
    ).decode(String.self)
    if source == ["user"] { self = .readOnlyLogin(connection.user) }
  }
}
