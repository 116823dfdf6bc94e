package import CEMDomain
package import CEMStore
package import FoundationEssentials
package import Postgres

extension DatabaseTemplate {
  /// A migrated database with the log-ins `office`, `approver`, `auditor`, `reader` and `owner`.
  package static let migrated = DatabaseTemplate("migrated") { connection in
    try Migrator(connection).migrate()
    for role in ["office", "approver", "auditor", "reader", "owner"] {
      let exists = try connection.query("SELECT count(*) FROM pg_roles WHERE rolname = \(role)")
        .one(Int.self)
      if exists == 0 { try connection.execute("CREATE ROLE \(identifier: role) LOGIN") }
      try connection.execute("GRANT \(identifier: "cem_" + role) TO \(identifier: role)")
    }
  }
}

/// A program in a test's database, founded by the approver on a given day.
package struct TestProgram {
  package let store: ProgramStore
  package let connection: Connection
  package let programID: UUID

  /// Founds a program.
  /// - Parameter slug: distinct within the test's database.
  package init(
    in database: TestDatabase = .current, as user: String = "approver", slug: String = "test",
    on day: String = "2024-01-01", fiscalYearStart: Int = 1,
    currency: String = "EUR"
  ) throws {
    connection = try database.connect(user: user)
    programID = UUID()
    store = ProgramStore(connection, programID: programID)
    try run(
      "program.found",
      [
        "slug": .string(slug), "name": "A test", "on": .string(day),
        "fiscalYearStart": .int(Int64(fiscalYearStart)), "currency": .string(currency),
      ])
  }

  /// A program that its first command founds.
  package init(founding connection: Connection) {
    self.connection = connection
    programID = UUID()
    store = ProgramStore(connection, programID: programID)
  }

  /// A program that is there, over a connection of its own.
  package init(existing id: UUID, in database: TestDatabase = .current) throws {
    connection = try database.connect(user: "approver")
    programID = id
    store = ProgramStore(connection, programID: id)
  }

  /// Executes one command.
  @discardableResult
  package func run(
    _ name: String, _ fields: JSONObject, id: UUID = UUID(), expected: [StreamID: Int] = [:]
  ) throws -> Receipt {
    let issued = try IssuedCommand(name: name, fields: fields)
    return try store.execute([Submission(issued, commandID: id, expected: expected)])[0]
  }
}
