import CEMDomain
import CEMStore
import FoundationEssentials
import Postgres

/// The program that a command works on.
struct SessionProgram: Hashable {
  var id: UUID
  var slug: String
  var timeZone: String
}

extension GlobalOptions {
  /// The slug of the program asked for; `nil` where none was named.
  func slug(_ choice: DatabaseChoice) -> String? {
    program ?? System.environment("CEM_PROGRAM") ?? choice.program
  }
}

/// A connection to the chosen database with the program that a command works on.
final class Session {
  let choice: DatabaseChoice
  private(set) var connection: Connection
  let program: SessionProgram
  private let purpose: DatabaseChoice.Purpose

  init(
    choice: DatabaseChoice, connection: Connection, program: SessionProgram,
    purpose: DatabaseChoice.Purpose
  ) {
    self.choice = choice
    self.connection = connection
    self.program = program
    self.purpose = purpose
  }

  /// Connects and finds the program.
  /// - Parameter projections: `nil` for what copes with a database of other versions.
  /// - Throws: `PostgresError`, `StoreError`, `LocalServerError`, `CommandError`.
  static func open(
    _ options: GlobalOptions, purpose: DatabaseChoice.Purpose = .command,
    projections: Projections? = .current
  ) async throws -> Session {
    let choice = try DatabaseChoice(options.database)
    let connection = try await choice.connect(purpose)
    try Migrator(connection).check(maintaining: projections)
    let found = try ProgramDirectory(connection).resolve(slug: options.slug(choice))
    let session = Session(
      choice: choice, connection: connection,
      program: SessionProgram(id: found.id, slug: found.slug, timeZone: found.timeZone),
      purpose: purpose)
    try await session.endForsakenOwnership()
    Journal.reportLeftovers(in: session)
    return session
  }

  /// What receipts call the database.
  var databaseName: String { choice.name(connection) }

  /// The program's log, for writing.
  var store: ProgramStore { ProgramStore(connection, programID: program.id) }

  /// The program's log, for reading.
  var log: EventLog { EventLog(connection, programID: program.id) }

  /// What finds the positions of the program's moments.
  var moments: MomentResolver { MomentResolver(connection, programID: program.id) }

  /// Connects again after the connection was lost.
  func reconnect() async throws { connection = try await choice.connect(purpose) }

  /// Connects again to a server that is running: whoever stopped the private one meant it.
  /// - Throws: `PostgresError` or `StoreError` where there is none yet.
  func reconnectToRunning() async throws {
    if case .own(let server) = choice.place, server.runningEndpoint() == nil {
      throw PostgresError(kind: .connectionFailure, message: "the private database is stopped")
    }
    try await reconnect()
  }
}
