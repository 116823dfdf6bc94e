import CEMDomain
import CEMStore
import Postgres

/// Waits for changes of a program, by position, so that none is missed.
///
/// Each look is one row of one index. It ends with Ctrl-C, or when nobody reads standard output any more,
/// and goes on where the database was away.
final class Follower {
  /// What was seen at a look.
  struct Change {
    /// Where the log ends.
    var position: Int64
    /// The program's day, by which what has expired is judged.
    var today: Day
    /// Whether the terminal has another size.
    var isResized: Bool
  }

  /// How often to look: a commit shows well within a second.
  private static let interval = 300
  /// How often to try to connect.
  private static let retryInterval = 700

  private let session: Session
  private var position: Int64
  private var today: Day?
  private var isAway = false

  init(_ session: Session, after position: Int64) {
    self.session = session
    self.position = position
  }

  /// The next change; `nil` once nobody reads any more.
  /// - Throws: `CancellationError` after Ctrl-C; `CommandError` where the log is another one.
  func next() async throws -> Change? {
    while true {
      let wait = isAway ? Follower.retryInterval : Follower.interval
      guard !Console.standard.isClosed, System.waitWhileRead(milliseconds: wait) else { return nil }
      if Interrupts.process.count > 0 { throw CancellationError() }
      let isResized = Console.standard.measure()
      var seen: (Int64, Day)?
      guard try await attempt({ seen = try self.look($0) }), let (position, today) = seen else {
        continue
      }
      guard position >= self.position else {
        throw CommandError(
          "log.shorter", "the log ends at position \(position), before \(self.position)",
          cause: "the database is another one, or was restored from a backup",
          hint: "cem audit verify", exit: .no)
      }
      let isNew = position > self.position || self.today.map { $0 != today } ?? false
      (self.position, self.today) = (position, today)
      if isNew || isResized {
        return Change(position: position, today: today, isResized: isResized)
      }
    }
  }

  /// Reads something, as often as it takes where the database is away.
  /// - Returns: `false` once nobody reads any more.
  /// - Throws: as `next`.
  func read(_ body: (Session) throws -> Void) async throws -> Bool {
    while true {
      if try await attempt(body) { return true }
      guard System.waitWhileRead(milliseconds: Follower.retryInterval) else { return false }
      if Interrupts.process.count > 0 { throw CancellationError() }
    }
  }

  /// Reads something. Where the connection is lost, says so and connects again.
  /// - Returns: whether it was read; else it is to be tried again.
  private func attempt(_ body: (Session) throws -> Void) async throws -> Bool {
    do {
      if session.connection.isLost {
        try await session.reconnectToRunning()
      }
      try body(session)
      if isAway {
        isAway = false
        Console.standard.note("the database is back")
      }
      return true
    } catch {
      guard Follower.meansAway(error) else { throw error }
      if !isAway {
        isAway = true
        Console.standard.note(
          "the database is out of reach; trying again until it is back (Ctrl-C ends)")
      }
      return false
    }
  }

  private func look(_ session: Session) throws -> (Int64, Day) {
    let seen = try session.connection.query(
      """
      SELECT position, (now() AT TIME ZONE \(session.program.timeZone))::date FROM cem.head \
      WHERE program_id = \(session.program.id)
      """
    ).one((Int64, Day).self)
    // What is told once must not be gone after a crash.
    if seen.0 > position { try session.connection.waitUntilFlushed() }
    return seen
  }
}

extension Follower {
  /// Whether an error says that the database cannot be reached for now, as while it is restarted.
  private static func meansAway(_ error: any Error) -> Bool {
    let found: PostgresError
    switch error {
    case let error as PostgresError: found = error
    case StoreError.database(let error): found = error
    case let error as TransactionError<any Error>: return meansAway(error.underlying)
    case is LocalServerError: return true
    default: return false
    }
    if found.isInterrupted { return false }
    if found.isConnectionLost { return true }
    switch found.kind {
    case .connectionFailure, .adminShutdown, .cannotConnectNow, .tooManyConnections: return true
    default: return false
    }
  }
}
