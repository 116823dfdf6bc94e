package import Postgres

/// What keeps a dashboard's login from weighing on the database: it begins in transactions that only read,
/// and its statements and idle transactions end after a while.
///
/// PostgreSQL takes such settings from the login alone, never from a role that it is a member of. They are
/// defaults, which a session may change; what it may read is a matter of rights.
package struct ReaderBounds {
  private let connection: Connection

  package init(_ connection: Connection) { self.connection = connection }

  /// The settings with their values.
  package static let settings = [
    ("default_transaction_read_only", "on"), ("statement_timeout", "30s"),
    ("idle_in_transaction_session_timeout", "60s"), ("lock_timeout", "10s"),
  ]

  /// Whether a login reads dashboards and does nothing else here.
  package func isReaderOnly(_ login: String) throws(PostgresError) -> Bool {
    try logins().contains(login)
  }

  /// The logins that read dashboards alone and lack a bound, by name.
  package func unbound() throws(PostgresError) -> [String] {
    let bound = try connection.query(
      """
      SELECT rolname::text FROM pg_roles WHERE \(ReaderBounds.settings.count)::integer = (
        SELECT count(DISTINCT split_part(setting, '=', 1)) FROM pg_db_role_setting, unnest(setconfig) AS setting
        WHERE setrole = pg_roles.oid
          AND split_part(setting, '=', 1) = ANY (\(ReaderBounds.settings.map { $0.0 })::text[])
          AND setting NOT IN ('default_transaction_read_only=off', 'statement_timeout=0'))
      """
    ).decode(String.self)
    return try logins().filter { !bound.contains($0) }
  }

  /// Sets the bounds of a login.
  package func set(_ login: String) throws(PostgresError) {
    for (name, value) in ReaderBounds.settings {
      try connection.execute(
        "ALTER ROLE \(identifier: login) SET \(identifier: name) = \(unsafeSQL: "'\(value)'")")
    }
  }

  /// Takes the bounds from a login that got another role.
  package func lift(_ login: String) throws(PostgresError) {
    for (name, _) in ReaderBounds.settings {
      try connection.execute("ALTER ROLE \(identifier: login) RESET \(identifier: name)")
    }
  }

  private func logins() throws(PostgresError) -> [String] {
    try Logins(connection).list().filter {
      !$0.isSuperuser && $0.roles == [Logins.Role.reader.name]
    }
    .map(\.login)
  }
}
