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

  /// Does a piece of work on another thread, as patient as the present one, while the caller does something else,
  /// and returns when both are done.
  /// - Throws: what the caller's part throws.
  static func beside(_ work: () -> Void, _ body: () throws -> Void) rethrows {
    let queue = DispatchQueue(label: "beside", qos: helpers)
    try withoutActuallyEscaping(work) { work in
      // The caller waits before it looks, so nothing is touched by two threads at once.
      nonisolated(unsafe) let work = work
      queue.async { work() }
      defer { queue.sync {} }
      try body()
    }
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

/// How fast work in the background reads a program: the more others write meanwhile, the longer it rests.
///
/// A low priority is not enough. The server does not know of it, and whoever commits waits for a processor
/// several times a command, each time a little longer where none is idle.
final class Pace {
  /// With so many events a second from others, and for each processor here, it rests as long as it has worked.
  private static let evenRate = 10.0
  /// How many times as long as it has worked it rests at most, so that it comes to an end whatever others do: at a
  /// tenth of its speed the slowest of such work, a check of all rules, still takes in more than two processors
  /// record.
  private static let mostRest = 9.0
  /// How long it rests before it looks again whether others still write, and whether it was interrupted.
  private static let slice = Duration.milliseconds(250)

  private let connection: Connection
  private let programID: UUID
  /// At the last call: where the log ended, when that was, and what the process had worked by then.
  private var seen: (position: Int64, at: ContinuousClock.Instant, used: Duration)?
  private var woke = ContinuousClock.now

  init(_ connection: Connection, programID: UUID) {
    self.connection = connection
    self.programID = programID
  }

  /// Rests where the log has grown since the last call.
  /// - Throws: `PostgresError`.
  func keep() throws(PostgresError) {
    guard Background.isHere else { return }
    guard let end = try look() else { return }
    let (now, used) = (ContinuousClock.now, Pace.processorTime)
    if let seen {
      // What other threads do with a window goes on while the next one is read, and during a rest.
      let worked = max(now - woke, used - seen.used)
      let rate = Double(end - seen.position) / max((now - seen.at) / .seconds(1), 0.001)
      let processors = Double(ProcessInfo.processInfo.activeProcessorCount)
      var rest = worked * min(rate / (Pace.evenRate * processors), Pace.mostRest)
      var last = end
      while rest > .zero {
        // Not on the server, where a snapshot would stay open meanwhile.
        let some = min(rest, Pace.slice)
        usleep(UInt32(some / .microseconds(1)))
        rest -= some
        guard let later = try look(), later > last else { break }
        last = later
      }
    }
    seen = (end, now, used)
    woke = .now
  }

  /// What all threads of this process have worked so far.
  private static var processorTime: Duration {
    var time = timespec()
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time)
    return .seconds(time.tv_sec) + .nanoseconds(time.tv_nsec)
  }

  /// Where the log ends now.
  private func look() throws(PostgresError) -> Int64? {
    try connection.queryPrepared(
      "SELECT position FROM cem.head WHERE program_id = \(programID)"
    ).decode(Int64.self).first
  }
}
