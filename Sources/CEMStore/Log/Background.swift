import Dispatch

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
  static var helpers: DispatchQoS {
    #if os(Linux)
      // Linux knows no such classes; Dispatch gives threads a niceness instead, 10 in the background.
      getpriority(__priority_which_t(PRIO_PROCESS.rawValue), 0) >= 10 ? .background : .userInitiated
    #else
      .userInitiated
    #endif
  }
}
