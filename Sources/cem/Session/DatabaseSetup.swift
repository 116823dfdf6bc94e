import CEMStore
import Postgres

/// Brings a database to where commands can work in it.
struct DatabaseSetup {
  private let choice: DatabaseChoice

  init(_ choice: DatabaseChoice) { self.choice = choice }

  /// Makes the database where it is missing, migrates it, and connects as commands do.
  func run() async throws -> Connection {
    let administrator: Connection
    do {
      administrator = try await choice.connectToMigrate()
    } catch let error as PostgresError where error.kind == .invalidCatalogName {
      try create(error)
      administrator = try await choice.connectToMigrate()
    }
    try migrate(administrator)
    switch choice.place {
    case .own:
      try PrivateDatabase.makeWorkRole(administrator)
      administrator.close()
      return try await choice.connect()
    case .named:
      if try ProgramDirectory(administrator).list().isEmpty { try takeRights(administrator) }
      return administrator
    }
  }

  /// Applies the migrations that are missing, finishes what one that was cut off has left, and fills projections
  /// that have new versions: before all of it is done neither an older cem nor this one may be able to work.
  /// - Returns: the names of the migrations, and of the tables that were written beside them.
  @discardableResult
  func migrate(_ connection: Connection) throws -> [String] {
    let migrator = Migrator(connection)
    var done: [String] = []
    if try !migrator.work().isEmpty {
      Console.standard.progress("setting up the database …")
      done = try migrator.migrate()
      for name in done { Console.standard.progress("migrated: \(name)") }
    }
    let upgrade = ProjectionUpgrade(connection)
    let changes = try upgrade.changes()
    guard !changes.isEmpty else { return done }
    try connection.requireOwner("changing the versions of projections")
    let meter = Meter()
    try upgrade.run { done, total in meter.show(done, of: total) }
    done += changes.map { "cem." + $0.name }
    return done
  }

  /// What `migrate` would do, as far as is known before.
  static func missing(_ connection: Connection) throws -> [String] {
    let migrator = Migrator(connection)
    let work = try migrator.work()
    guard try migrator.state().pending.isEmpty else { return work }
    return try work + ProjectionUpgrade(connection).changes().map { "cem." + $0.name }
  }

  /// Makes the database that libpq says is missing, over a connection to the server's own.
  private func create(_ missing: PostgresError) throws {
    guard case .named(let conninfo) = choice.place,
      let match = missing.message.firstMatch(of: /database "(.+)" does not exist/)
    else { throw missing }
    let name = String(match.1)
    // The last of two settings counts; a mere name is no connection string that could be added to.
    let server: String
    if conninfo.contains("://") {
      server = conninfo + (conninfo.contains("?") ? "&" : "?") + "dbname=postgres"
    } else if conninfo.contains("=") {
      server = conninfo + " dbname=postgres"
    } else {
      server = "dbname=postgres"
    }
    let connection = try choice.open(server, .bulk)
    do throws(PostgresError) {
      try connection.execute(
        "CREATE DATABASE \(identifier: name) ENCODING 'UTF8' TEMPLATE template0")
    } catch {
      guard error.kind == .insufficientPrivilege else { throw error }
      throw CommandError(
        "database.not-made", "there is no database \(name), and the login may not make it",
        cause: error.message,
        hint:
          "an administrator may: createdb \(name.shellQuoted); or take cem's own: --database private",
        exit: .notAllowed)
    }
    Console.standard.note("made the database \(name.printable())")
  }

  /// Gives the login that founds the first program the rights to work in it: somebody has to be the first.
  private func takeRights(_ connection: Connection) throws(PostgresError) {
    let mayWork = try connection.query("SELECT pg_has_role('cem_office', 'MEMBER')").one(Bool.self)
    let mayGrant = try connection.query(
      "SELECT rolsuper OR rolcreaterole FROM pg_roles WHERE rolname = current_user"
    ).one(Bool.self)
    guard !mayWork, mayGrant else { return }
    try connection.execute("GRANT cem_office, cem_approver TO CURRENT_USER")
  }
}

extension Connection {
  /// Why the database takes no changes from this session; `nil` where it does.
  func readOnlyReason() throws(PostgresError) -> String? {
    let (isStandby, isReadOnly) = try query(
      "SELECT pg_is_in_recovery(), current_setting('default_transaction_read_only')::boolean"
    ).one((Bool, Bool).self)
    if isStandby { return "it is a standby of another server" }
    return isReadOnly ? "default_transaction_read_only is on" : nil
  }

  /// Refuses a server that lacks cem's roles, as after a restore on another one, where the schema is there.
  /// - Throws: `StoreError`.
  func requireRoles() throws {
    let missing = try RoleCheck(self).missingRoles()
    guard !missing.isEmpty,
      try query("SELECT to_regnamespace('cem') IS NOT NULL").one(Bool.self)
    else { return }
    throw StoreError.missingRoles(missing)
  }
}
