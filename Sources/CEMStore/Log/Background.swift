import Dispatch
import FoundationEssentials
import Postgres

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

/// Work that nobody waits for at a prompt: it yields the processor to whoever does.
enum Background {
  /// Runs a long piece of work at a low priority, and waits for it.
  ///
  /// The caller keeps its own priority, so what it does afterwards, under a lock that others wait for,
  /// is not slowed down.
  static func run<R>(_ body: () throws -> R) throws -> R {
    var outcome: Result<R, any Error>?
    withoutActuallyEscaping(body) { body in
      // The caller waits, so nothing is touched by two threads at once.
      nonisolated(unsafe) let body = body
      nonisolated(unsafe) let keep = { outcome = $0 }
      let queue = DispatchQueue(label: "background", qos: .background)
      queue.async { keep(Result { try body() }) }
      // Not only until it has ended, but until it holds nothing any more.
      queue.sync {}
    }
    guard let outcome else { preconditionFailure("it ran") }
    return try outcome.get()
  }

  /// The quality of service for threads that help the present one: as patient as it is.
  static var helpers: DispatchQoS { isHere ? .background : .userInitiated }

  /// Whether the present thread works in the background.
  static var isHere: Bool {
    #if os(Linux)
      // Linux knows no such classes; Dispatch gives threads a niceness instead, 10 in the background.
      getpriority(__priority_which_t(PRIO_PROCESS.rawValue), 0) >= 10
    #else
      false
    #endif
  }
}

/// How fast work in the background reads a program: a part of the time only, while others write.
///
/// A low priority is not enough. The server does not know of it, and whoever commits waits for a processor
/// several times a command, each time a little longer where none is idle.
final class Pace {
  /// How much longer it rests than it has worked, and how long at most: whoever interrupts it waits that long.
  private static let rest = (factor: 3, longest: Duration.milliseconds(500))

  private let connection: Connection
  private let programID: UUID
  private var position: Int64?
  private var woke = ContinuousClock.now

  init(_ connection: Connection, programID: UUID) {
    self.connection = connection
    self.programID = programID
  }

  /// Rests where the log has grown since the last call.
  /// - Throws: `PostgresError`.
  func keep() throws(PostgresError) {
    guard Background.isHere else { return }
    let worked = ContinuousClock.now - woke
    let position = try connection.queryPrepared(
      "SELECT position FROM cem.head WHERE program_id = \(programID)"
    ).decode(Int64.self).first
    if let before = self.position, let position, position > before {
      // Not on the server, where a snapshot would stay open meanwhile.
      let pause = min(worked * Self.rest.factor, Self.rest.longest)
      usleep(UInt32(pause / .microseconds(1)))
    }
    self.position = position
    woke = .now
  }
}
