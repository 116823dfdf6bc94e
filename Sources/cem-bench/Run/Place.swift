import CEMDomain
import CEMStore
import FoundationEssentials
import Postgres

/// A server to measure on, where everything happens in databases of the benchmark's own.
struct Place {
  /// A connection string of a superuser.
  let conninfo: String
  /// The login that writes, a member of the roles that commands need and no superuser.
  static let writer = "cem_bench"

  func conninfo(database: String, user: String? = nil) -> String {
    var text = conninfo + " dbname=\(database)"
    if let user { text += " user=\(user)" }
    return text
  }

  func connect(database: String, user: String? = nil) throws -> Connection {
    try Connection.open(conninfo(database: database, user: user))
  }

  /// Makes a database anew, with cem's schema and the login that writes.
  func makeDatabase(_ name: String) throws {
    try dropDatabase(name)
    try Connection.open(conninfo).execute(
      "CREATE DATABASE \(identifier: name) ENCODING 'UTF8' TEMPLATE template0")
    let connection = try connect(database: name)
    try Migrator(connection).migrate()
    let exists = try connection.query(
      "SELECT count(*) FROM pg_roles WHERE rolname = \(Place.writer)"
    ).one(Int.self)
    if exists == 0 { try connection.execute("CREATE ROLE \(identifier: Place.writer) LOGIN") }
    try connection.execute("GRANT cem_office, cem_approver TO \(identifier: Place.writer)")
    // For the peers, which make tables of their own.
    try connection.execute("GRANT CREATE ON SCHEMA public TO \(identifier: Place.writer)")
  }

  func dropDatabase(_ name: String) throws {
    try Connection.open(conninfo).execute(
      "DROP DATABASE IF EXISTS \(identifier: name) WITH (FORCE)")
  }

  /// A connection of a login that reads dashboards and does nothing else.
  func reader(of database: String) throws -> Connection {
    let login = "cem_bench_reader"
    _ = try Logins(try connect(database: database)).add(login, [.reader])
    return try connect(database: database, user: login)
  }

  /// Makes a program with people and departments, from a seed.
  @discardableResult
  func makeProgram(
    _ slug: String, in database: String, _ size: Scenario.Size, seed: UInt64 = 1
  ) throws -> UUID {
    var scenario = Scenario(size, seed: seed, slug: slug)
    var maker = ProgramMaker(try connect(database: database, user: Place.writer))
    maker.onProgress = { count in
      if count >= 100_000, count % 100_000 < 20_000 { note("\(slug): \(count) events") }
    }
    try maker.make(&scenario)
    return maker.store.programID
  }
}
