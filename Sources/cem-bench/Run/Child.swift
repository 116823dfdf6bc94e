import Foundation

/// Another program that runs beside this one.
///
/// Started and awaited by the system's own calls: what is measured is the program, not its supervision,
/// and the system tells how much memory it took.
struct Child {
  private let id: pid_t

  /// What a program came to.
  struct End {
    /// The exit code; 128 and the signal's number where a signal ended it.
    var status: Int32
    var time: Duration
    /// The most memory that it held, in MiB.
    var memory: Double
  }

  /// Starts a program.
  ///
  /// - Parameters:
  ///   - output: the file for its standard output.
  ///   - errors: the file for its standard error.
  init(
    _ program: String, _ arguments: [String], environment: [String: String],
    output: String = "/dev/null", errors: String = "/dev/null"
  ) throws {
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
    for (descriptor, file) in [(Int32(1), output), (2, errors)] {
      posix_spawn_file_actions_addopen(
        &actions, descriptor, file, O_WRONLY | O_CREAT | O_TRUNC, 0o600)
    }
    // A thread may have signals blocked; a program that waits for its alarm would wait for ever.
    var attributes = posix_spawnattr_t()
    posix_spawnattr_init(&attributes)
    defer { posix_spawnattr_destroy(&attributes) }
    var none = sigset_t()
    sigemptyset(&none)
    posix_spawnattr_setsigmask(&attributes, &none)
    posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGMASK))
    let merged = ProcessInfo.processInfo.environment.merging(environment) { $1 }
    var words = ([program] + arguments).map { strdup($0) } + [nil]
    var variables = merged.map { strdup("\($0.key)=\($0.value)") } + [nil]
    defer { for text in words + variables { free(text) } }
    var id = pid_t()
    let failure = posix_spawn(&id, program, &actions, &attributes, &words, &variables)
    guard failure == 0 else {
      throw ToolFailed(
        description: "\(program) cannot be run: \(String(cString: strerror(failure)))")
    }
    self.id = id
    start = ContinuousClock.now
  }

  private let start: ContinuousClock.Instant

  /// Waits for its end.
  func wait() -> End {
    var status: Int32 = 0
    var usage = rusage()
    while wait4(id, &status, 0, &usage) < 0, errno == EINTR {}
    let time = ContinuousClock.now - start
    let signal = status & 0x7f
    return End(
      status: signal == 0 ? (status >> 8) & 0xff : 128 + signal, time: time,
      memory: Double(usage.ru_maxrss) / 1024)
  }

  /// Has it end, whatever it is at; whoever waits for it sees it go.
  func stop() { kill(id, SIGKILL) }
}
