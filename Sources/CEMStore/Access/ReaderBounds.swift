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
    ("idle_in_transaction_session_timeout", "60s"), ("lock_timeout", "10s"), ("jit", "off"),
  ]

  /// A login whose bounds do not fit its roles.
  package struct Misfit: Hashable, Sendable {
    package var login: String
    /// Whether it reads dashboards alone, and lacks a bound; else it is bound and has other roles.
    package var isReader: Bool
  }

  /// The logins with roles of cem's whose bounds do not fit them, by name.
  package func misfits() throws(PostgresError) -> [Misfit] {
    let bound = try bound()
    return try Logins(connection).list().compactMap { entry in
      let isFit = entry.isReaderOnly ? bound[entry.login] == true : bound[entry.login] == nil
      return isFit ? nil : Misfit(login: entry.login, isReader: entry.isReaderOnly)
    }
  }

  /// Gives a login the bounds where it reads dashboards alone, and takes them where it does not.
  package func align(_ login: String) throws(PostgresError) {
    if try Logins(connection).list().contains(where: { $0.login == login && $0.isReaderOnly }) {
      for (name, value) in ReaderBounds.settings {
        try connection.execute(
          "ALTER ROLE \(identifier: login) SET \(identifier: name) = \(unsafeSQL: "'\(value)'")")
      }
    } else if try bound()[login] != nil {
      for (name, _) in ReaderBounds.settings {
        try connection.execute("ALTER ROLE \(identifier: login) RESET \(identifier: name)")
      }
    }
  }

  /// The logins whose transactions only read by default, with whether they have all other bounds, too.
  private func bound() throws(PostgresError) -> [String: Bool] {
    let rows = try connection.query(
      """
      SELECT pg_get_userbyid(setrole)::text, count(*) = \(ReaderBounds.settings.count)::integer \
      FROM pg_db_role_setting, unnest(setconfig) AS setting \
      WHERE setrole <> 0 AND setdatabase = 0 \
        AND split_part(setting, '=', 1) = ANY (\(ReaderBounds.settings.map { $0.0 })::text[]) \
        AND setting <> 'statement_timeout=0' \
      GROUP BY setrole HAVING bool_or(CASE split_part(setting, '=', 1) \
        WHEN 'default_transaction_read_only' THEN split_part(setting, '=', 2)::boolean END)
      """
    ).decode((String, Bool).self)
    return Dictionary(uniqueKeysWithValues: rows)
  }
}

extension Logins.Entry {
  /// Whether it reads dashboards and does nothing else here.
  fileprivate var isReaderOnly: Bool { !isSuperuser && roles == [Role.reader.name] }
}
