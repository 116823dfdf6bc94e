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
      try takeRights(administrator)
      return administrator
    }
  }

  /// Applies the migrations that are missing, and fills projections that have new versions: between the two
  /// neither an older cem nor this one could work.
  /// - Returns: the names of the migrations.
  @discardableResult
  func migrate(_ connection: Connection) throws -> [String] {
    let migrator = Migrator(connection)
    var names: [String] = []
    if try !migrator.state().pending.isEmpty {
      Console.standard.progress("setting up the database …")
      names = try migrator.migrate()
      for name in names { Console.standard.progress("migrated: \(name)") }
    }
    let meter = Meter()
    try ProjectionUpgrade(connection).run { done, total in meter.show(done, of: total) }
    return names
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
    try connection.execute(
      "CREATE DATABASE \(identifier: name) ENCODING 'UTF8' TEMPLATE template0")
    Console.standard.note("made the database \(name.printable())")
  }

  /// Gives the login that set up the database the rights to work in it: somebody has to be the first.
  private func takeRights(_ connection: Connection) throws(PostgresError) {
    let mayWork = try connection.query("SELECT pg_has_role('cem_office', 'MEMBER')").one(Bool.self)
    let mayGrant = try connection.query(
      "SELECT rolsuper OR rolcreaterole FROM pg_roles WHERE rolname = current_user"
    ).one(Bool.self)
    guard !mayWork, mayGrant else { return }
    try connection.execute("GRANT cem_office, cem_approver TO CURRENT_USER")
  }
}
