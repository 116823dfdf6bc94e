import Synchronization

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// A request to stop what connections are waiting for, such as Ctrl-C.
///
/// A connection opened with `interrupts:` cancels its running query on the server when an interruption
/// comes, and the call throws a ``PostgresError`` of kind `queryCanceled` with `isInterrupted` set. Where
/// no query is running, the next one throws before it is sent. Each interruption is reported once to
/// each connection, so that a `ROLLBACK` afterwards goes through.
///
///     Interrupts.install()
///     let connection = try Connection.open("", interrupts: .process)
package final class Interrupts: Sendable {
  /// The interruptions that the process's signals make, once ``install(signals:)`` was called.
  package static let process = Interrupts()

  private let total = Atomic<Int>(0)
  private let pipe: (read: Int32, write: Int32)

  /// A source of interruptions of its own, triggered by ``interrupt()``.
  package init() {
    pipe = Posix.makePipe() ?? (-1, -1)
  }

  deinit {
    if pipe.read >= 0 {
      Posix.closeDescriptor(pipe.read)
      Posix.closeDescriptor(pipe.write)
    }
  }

  /// How many interruptions there have been.
  package var count: Int { total.load(ordering: .acquiring) }

  /// Readable from the first interruption on. It is never read from: all connections of the process must
  /// see the interruption, not only the first to wake.
  var wakeDescriptor: Int32 { pipe.read }

  /// Interrupts what the connections that listen to this object wait for.
  package func interrupt() {
    total.add(1, ordering: .acquiringAndReleasing)
    Posix.wake(pipe.write)
  }

  /// Waits until a descriptor can be read from, or an interruption came.
  ///
  /// A signal is handled on whatever thread the system picks, so that it need not end a call that waits.
  /// - Returns: `false` where an interruption came.
  package func waitToRead(_ descriptor: Int32) -> Bool {
    !Posix.wait(
      socket: descriptor, forWriting: false, wake: wakeDescriptor, milliseconds: -1
    ).isWoken
  }

  /// Turns the given signals into interruptions of ``process``. The third one ends the process as if no
  /// handler were installed, should the program not react.
  ///
  /// - Parameter signals: SIGINT and SIGTERM where not given.
  package static func install(signals: [Int32] = [SIGINT, SIGTERM]) {
    // Made here, not first in the handler, where allocating memory is not allowed.
    _ = process.count
    for number in signals {
      var action = sigaction()
      #if canImport(Darwin)
        unsafe action.__sigaction_u.__sa_handler = handleSignal
      #else
        unsafe action.__sigaction_handler.sa_handler = handleSignal
      #endif
      unsafe sigemptyset(&action.sa_mask)
      _ = unsafe sigaction(number, &action, nil)
    }
  }

  fileprivate func receive() {
    let savedError = errno
    interrupt()
    errno = savedError
  }
}

private func handleSignal(_ number: Int32) {
  if Interrupts.process.count >= 2 {
    _ = signal(number, SIG_DFL)
    _ = raise(number)
    return
  }
  Interrupts.process.receive()
}
