package import Postgres
import TransparencyLog

#if canImport(Darwin)
  import Darwin
#elseif canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

/// Brings a database's schema up to this program's version.
package struct Migrator {
  private let connection: Connection

  /// - Parameter connection: as a role that may create roles and schemas.
  package init(_ connection: Connection) { self.connection = connection }

  /// How a database stands.
  package struct State: Sendable {
    /// How many migrations were applied.
    package var applied: Int
    /// The migrations that are missing, in order.
    package var missing: [Migration]
    /// The versions of the projections that writers must maintain; `nil` where an older schema does not list them.
    package var projections: String?

    /// Their names.
    package var pending: [String] { missing.map(\.name) }
  }

  /// Applies what is missing, in the order of the numbers, each migration in a transaction of its own, under a lock;
  /// then brings the catalog's terms up to date and makes again what a migration says has to be.
  ///
  /// - Parameter last: the number up to which migrations are applied. With an earlier one than the latest nothing is
  ///   done beside them, so that the database stands as an older program left it.
  /// - Returns: the names of those applied now or, where none was, of the tables that were finished.
  /// - Throws: `StoreError.newerDatabase`, `.editedMigration`, `.notUTF8` or `.database`.
  @discardableResult
  package func migrate(through last: Int = Migration.latest) throws -> [String] {
    let encoding = try connection.query("SHOW server_encoding").one(String.self)
    guard encoding == "UTF8" else { throw StoreError.notUTF8(encoding) }
    return try whileLocked {
      let names = try applyMissing(through: last)
      guard last >= Migration.latest else { return names }
      let work = try names.isEmpty ? work() : names
      try TermTable(connection).refresh()
      try ProjectionRenewal(connection).run()
      return work
    }
  }

  /// What `migrate` would do, by name: the migrations that are missing or, where none is, the tables that it was cut
  /// off before. Anybody who may read them can ask.
  ///
  /// - Throws: what `state()` throws, and `PostgresError`.
  package func work() throws -> [String] {
    let pending = try state().pending
    guard pending.isEmpty else { return pending }
    let terms = try TermTable(connection).isCurrent ? [] : ["cem.term"]
    let renewed = Set(try ProjectionRenewal(connection).pending().values.joined())
    return terms + renewed.sorted().map { "cem." + $0 }
  }

  /// Does what only one session may do at a time: two that set up the database at once take turns.
  /// - Throws: `PostgresError`, and what the closure throws.
  package func whileLocked<T>(_ body: () throws -> T) throws -> T {
    try waitForLock()
    // Held to the session's end or the unlock below.
    defer { _ = try? connection.execute("SELECT pg_advisory_unlock(\(Migrator.lockKey))") }
    return try body()
  }

  /// Takes the lock, in many short attempts: setting up may take longer than locks are waited for, and whoever
  /// waits within a statement has a transaction open, which new versions of projections would wait for in turn.
  private func waitForLock() throws(PostgresError) {
    let deadline = ContinuousClock.now + .seconds(600)
    try connection.execute("SET lock_timeout = '100ms'")
    defer { _ = try? connection.execute("RESET lock_timeout") }
    while true {
      do throws(PostgresError) {
        try connection.execute("SELECT pg_advisory_lock(\(Migrator.lockKey))")
        return
      } catch {
        guard error.kind == .lockNotAvailable, ContinuousClock.now < deadline else { throw error }
        usleep(100_000)
      }
    }
  }

  private func applyMissing(through last: Int) throws -> [String] {
    let state = try state()
    var names: [String] = []
    for migration in state.missing where migration.number <= last {
      try PostgresError.retryingRacesForRoles { try apply(migration) }
      names.append(migration.name)
    }
    guard last >= Migration.latest else { return names }
    // Where there is nothing to fold yet, nothing is built while others work.
    let isEmpty = try connection.query("SELECT NOT EXISTS (SELECT FROM cem.program)").one(Bool.self)
    if isEmpty { try ProjectionUpgrade(connection).run() }
    return names
  }

  private func apply(_ migration: Migration) throws(PostgresError) {
    try connection.execute(script: "BEGIN")
    do throws(PostgresError) {
      try connection.execute(script: migration.sql)
      try connection.execute(script: "RESET ROLE")
      if migration.number == 1 { try createLedger() }
      try connection.execute(
        """
        INSERT INTO cem.migration (number, name, checksum)
        VALUES (\(migration.number), \(migration.name), \(Migrator.checksum(of: migration)))
        """)
      try connection.execute(script: "COMMIT")
    } catch {
      _ = try? connection.execute(script: "ROLLBACK")
      throw error
    }
  }

  /// Compares what was applied with what this program has, without changing anything.
  ///
  /// - Throws: `StoreError.newerDatabase`, `.editedMigration` or `.closedSchema`.
  package func state() throws -> State {
    // A name in a schema that the login has no right to cannot even be looked up.
    let (isThere, isOpen, exists, hasProjections) = try connection.query(
      """
      SELECT s.oid IS NOT NULL, coalesce(has_schema_privilege(s.oid, 'USAGE'), false), \
      CASE WHEN has_schema_privilege(s.oid, 'USAGE') \
      THEN to_regclass('cem.migration') IS NOT NULL ELSE false END, \
      CASE WHEN has_schema_privilege(s.oid, 'USAGE') \
      THEN to_regclass('cem.projection_list') IS NOT NULL ELSE false END \
      FROM (SELECT to_regnamespace('cem')::oid) AS s (oid)
      """
    ).one((Bool, Bool, Bool, Bool).self)
    guard isThere else { return State(applied: 0, missing: Migration.all) }
    guard isOpen else {
      let readsDashboards = try connection.query(
        "SELECT coalesce(has_schema_privilege(to_regnamespace('cem_bi')::oid, 'USAGE'), false)"
      ).one(Bool.self)
      throw StoreError.closedSchema(login: connection.user, readsDashboards: readsDashboards)
    }
    guard exists else { return State(applied: 0, missing: Migration.all) }
    let wanted: SQL = hasProjections ? Projections.wantedVersions : "NULL::text"
    let rows = try connection.query(
      "SELECT number, name, checksum, \(wanted) FROM cem.migration ORDER BY number"
    )
    .decode((Int, String, String, String?).self)
    for (number, name, checksum, _) in rows {
      guard number <= Migration.latest else { throw StoreError.newerDatabase(version: number) }
      guard let known = Migration.all.first(where: { $0.number == number }), known.name == name,
        Migrator.checksum(of: known) == checksum
      else {
        throw StoreError.editedMigration(number: number, name: name)
      }
    }
    let applied = Set(rows.map(\.0))
    return State(
      applied: rows.count, missing: Migration.all.filter { !applied.contains($0.number) },
      projections: rows.first?.3)
  }

  /// Refuses a database that this program does not fit.
  ///
  /// - Parameter projections: what the caller reads or maintains; `nil` where it touches none.
  /// - Throws: `StoreError.notMigrated`, `.olderDatabase`, `.otherProjections`, and what `state()` throws.
  package func check(maintaining projections: Projections? = .current) throws {
    let state = try state()
    if state.applied == 0 { throw StoreError.notMigrated }
    if !state.pending.isEmpty { throw StoreError.olderDatabase(version: state.applied) }
    try projections?.check(against: state.projections ?? "")
  }

  private func createLedger() throws(PostgresError) {
    try connection.execute(
      script: """
        CREATE TABLE cem.migration (
          number integer PRIMARY KEY,
          name text NOT NULL,
          checksum text NOT NULL,
          applied_at timestamptz NOT NULL DEFAULT now()
        );
        COMMENT ON TABLE cem.migration IS 'The migrations that were applied, with the SHA-256 of each file';
        ALTER TABLE cem.migration OWNER TO cem_owner;
        GRANT SELECT ON cem.migration TO cem_office, cem_auditor;
        """)
  }

  private static func checksum(of migration: Migration) -> String {
    Hash.sha256(utf8: migration.sql).hex
  }

  /// An arbitrary constant of this program: "cem migr" in ASCII.
  private static let lockKey: Int64 = 0x6365_6d20_6d69_6772
}

extension PostgresError {
  /// Does what makes or changes roles, again where another session did so with the same role at the same moment: roles
  /// belong to the whole server, and locks to one database.
  ///
  /// - Parameter body: a transaction, or what is done in one.
  static func retryingRacesForRoles<T>(_ body: () throws -> T) throws -> T {
    for _ in 1..<100 {
      do { return try body() } catch {
        guard let error = error as? PostgresError, error.isRaceForRoles else { throw error }
        usleep(20_000)
      }
    }
    return try body()
  }

  private var isRaceForRoles: Bool {
    [
      "pg_authid_rolname_index", "pg_auth_members_role_member_index",
      "pg_db_role_setting_databaseid_rol_index",
    ].contains(constraint)
      // Another one made the role after this one had looked for it.
      || sqlState == "42710" || (sqlState == "XX000" && message == "tuple concurrently updated")
  }
}
