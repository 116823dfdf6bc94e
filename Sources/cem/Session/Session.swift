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
  /// - Throws: `PostgresError`, `StoreError`, `LocalServerError`, `CommandError`.
  static func open(
    _ options: GlobalOptions, purpose: DatabaseChoice.Purpose = .command
  ) async throws -> Session {
    let choice = try DatabaseChoice(options.database)
    let connection = try await choice.connect(purpose)
    try Migrator(connection).check()
    let found = try ProgramDirectory(connection).resolve(slug: options.slug(choice))
    let session = Session(
      choice: choice, connection: connection,
      program: SessionProgram(id: found.id, slug: found.slug, timeZone: found.timeZone),
      purpose: purpose)
    Journal.reportLeftovers(in: session)
    return session
  }

  /// What receipts call the database.
  var databaseName: String { choice.name(connection) }

  /// The program's log, for writing.
  var store: ProgramStore { ProgramStore(connection, programID: program.id) }

  /// Connects again after the connection was lost.
  func reconnect() async throws { connection = try await choice.connect(purpose) }
}

/// What a read gets: the state at a moment, and the day to judge it by.
struct Reading {
  let reader: any ProgramReader
  /// The program's day of the moment: today, or the day of `--as-of`.
  let day: Day

  var point: ReadPoint { reader.point }
}

extension Session {
  /// Reads the program's state now or at `--as-of`, all in one snapshot. Print what it returns after
  /// it returned: a slow terminal must not hold the snapshot open.
  /// - Throws: what the closure throws; `FieldError` for a moment that is not there.
  func read<T>(_ options: ReadOptions, _ body: (Reading) throws -> T) throws -> T {
    guard let moment = options.asOf?.moment else {
      return try connection.transaction(.snapshot) { _ in
        try body(
          Reading(
            reader: try LiveReader(connection, programID: program.id), day: try self.day(of: nil)))
      }
    }
    // A replay reads in windows, each a statement of its own.
    let point = try MomentResolver(connection, programID: program.id).resolve(moment)
    let day: Day
    if case .day(let named) = moment { day = named } else { day = try self.day(of: point) }
    Console.standard.note(
      "as of position \(point.position)"
        + (point.recordedAt.map { ", recorded \(Datum.time($0).display)" } ?? ""))
    let reader = try PastReader(connection, programID: program.id, point: point)
    return try body(Reading(reader: reader, day: day))
  }

  /// The program's day at a point; of now without one.
  private func day(of point: ReadPoint?) throws -> Day {
    guard let time = point?.recordedAt else {
      return try connection.query(
        "SELECT (now() AT TIME ZONE \(program.timeZone))::date"
      ).one(Day.self)
    }
    return try connection.query(
      "SELECT (\(time)::timestamptz AT TIME ZONE \(program.timeZone))::date"
    ).one(Day.self)
  }
}
