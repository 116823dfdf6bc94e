package import Postgres

/// The logins with roles of cem's.
package struct Logins {
  private let connection: Connection

  package init(_ connection: Connection) { self.connection = connection }

  /// A login with its roles.
  package struct Entry: Hashable, Sendable {
    package var login: String
    package var roles: [String]
    package var isSuperuser: Bool
  }

  /// The logins that have a role, by name. A superuser has them all.
  package func list() throws(PostgresError) -> [Entry] {
    try entries("login.rolcanlogin AND role.oid IS NOT NULL")
  }

  /// The session's login, whatever roles it has.
  package func own() throws(PostgresError) -> Entry {
    try entries("login.rolname = session_user").first
      ?? Entry(login: connection.user, roles: [], isSuperuser: false)
  }

  private func entries(_ condition: SQL) throws(PostgresError) -> [Entry] {
    try connection.query(
      """
      SELECT login.rolname::text, coalesce(string_agg(role.rolname::text, ',' ORDER BY role.rolname), ''), \
      login.rolsuper FROM pg_roles login LEFT JOIN pg_roles role \
      ON pg_has_role(login.oid, role.oid, 'MEMBER') AND role.rolname = ANY (\(Role.allCases.map(\.name))::text[]) \
      WHERE \(condition) GROUP BY login.rolname, login.rolsuper ORDER BY 1
      """
    ).decode((String, String, Bool).self).map { login, roles, isSuperuser in
      Entry(
        login: login, roles: roles.split(separator: ",").map(String.init),
        isSuperuser: isSuperuser)
    }
  }

  /// Whether there is a role of this name, able to log in or not.
  package func exists(_ login: String) throws(PostgresError) -> Bool {
    try connection.query("SELECT EXISTS (SELECT FROM pg_roles WHERE rolname = \(login))")
      .one(Bool.self)
  }

  /// Gives a login roles, making it where it is missing and enabling it where it was disabled.
  /// - Returns: whether it is new, and so without a password.
  package func add(_ login: String, _ roles: [Role]) throws -> Bool {
    try connection.transaction { _ in
      _ = try AccessRepair(connection).createMissingRoles()
      let isNew = try !exists(login)
      if isNew {
        try connection.execute("CREATE ROLE \(identifier: login) LOGIN")
      } else {
        let canLogIn = try connection.query(
          "SELECT rolcanlogin FROM pg_roles WHERE rolname = \(login)"
        ).one(Bool.self)
        if !canLogIn { try connection.execute("ALTER ROLE \(identifier: login) LOGIN") }
      }
      for role in roles {
        try connection.execute("GRANT \(identifier: role.name) TO \(identifier: login)")
      }
      try ReaderBounds(connection).align(login)
      return isNew
    }
  }

  /// Takes roles away.
  package func revoke(_ login: String, _ roles: [Role]) throws {
    try connection.transaction { _ in try take(roles, from: login) }
  }

  private func take(_ roles: [Role], from login: String) throws(PostgresError) {
    let taken = try held(login).filter(roles.map(\.name).contains)
    // A login that was never cem's keeps its settings.
    guard !taken.isEmpty else { return }
    for role in taken {
      try connection.execute("REVOKE \(identifier: role) FROM \(identifier: login)")
    }
    try ReaderBounds(connection).align(login)
  }

  /// Lets a login in no more, takes its roles away and ends its sessions, whatever they hold.
  /// - Returns: how many sessions were ended.
  package func disable(_ login: String) throws -> Int {
    try connection.transaction { _ in
      try connection.execute("ALTER ROLE \(identifier: login) NOLOGIN")
      try take(Role.allCases, from: login)
    }
    return try connection.query(
      """
      SELECT count(*) FILTER (WHERE pg_terminate_backend(pid)) FROM pg_stat_activity \
      WHERE usename = \(login) AND pid <> pg_backend_pid()
      """
    ).one(Int.self)
  }

  /// The names of the transactions that a login has prepared in this database: they keep their locks whatever
  /// becomes of the login and its sessions.
  package func preparedTransactions(of login: String) throws(PostgresError) -> [String] {
    try connection.query(
      """
      SELECT gid FROM pg_prepared_xacts WHERE owner = \(login) AND database = current_database() \
      ORDER BY prepared, gid
      """
    ).decode(String.self)
  }

  /// The roles of cem's that were granted to a login itself.
  private func held(_ login: String) throws(PostgresError) -> [String] {
    try connection.query(
      """
      SELECT role.rolname::text FROM pg_auth_members JOIN pg_roles role ON role.oid = roleid \
      WHERE member = (SELECT oid FROM pg_roles WHERE rolname = \(login)) \
      AND role.rolname = ANY (\(Role.allCases.map(\.name))::text[])
      """
    ).decode(String.self)
  }
}
