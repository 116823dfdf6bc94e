import Dispatch
import Postgres
import Synchronization

/// Long reads window by window, on all cores: one thread reads, others prepare what it read, and the caller
/// takes what is prepared, in order. A window is what one short statement answers, or a piece of a file.
package final class Windows: Sendable {
  /// Held by whoever uses the connection.
  private let turn = Mutex(())

  package init() {}

  /// Reads windows and hands on each.
  ///
  /// Until it returns, what `next` reads from belongs to the reading thread; `body` may use the connection
  /// in ``pausing(_:)`` only.
  ///
  /// - Parameters:
  ///   - next: reads the next window, on a thread of its own; `nil` after the last.
  ///   - prepare: what can be done with a window apart from all others.
  ///   - body: gets what was prepared in order, on the caller's thread.
  func read<Window: Sendable, Prepared: Sendable>(
    next: () throws -> Window?, prepare: @escaping @Sendable (Window) throws -> Prepared,
    _ body: (Prepared) throws -> Void
  ) throws {
    try reading(next: next, prepare: prepare) { take in
      while let prepared = try take() { try body(prepared) }
    }
  }

  /// Reads windows, for a body that takes them when it likes: `nil` after the last.
  func reading<Window: Sendable, Prepared: Sendable, R>(
    next: () throws -> Window?, prepare: @escaping @Sendable (Window) throws -> Prepared,
    _ body: (_ take: () throws -> Prepared?) throws -> R
  ) throws -> R {
    let urgency = Background.helpers
    let queue = WindowQueue<Window, Prepared>(preparedOn: .global(qos: urgency.qosClass))
    let reader = DispatchQueue(label: "windows", qos: urgency)
    return try withoutActuallyEscaping(next) { next in
      // What `next` captures is touched by the reader alone, and that ends before this does.
      nonisolated(unsafe) let next = next
      reader.async {
        queue.fill(from: { try self.turn.withLock { _ in try next() } }, prepare)
      }
      // Whoever leaves early waits for what was begun, so that nothing runs on behind its back.
      defer {
        queue.stop()
        // Not only until it has ended, but until it holds nothing any more.
        reader.sync {}
        queue.drain()
      }
      return try body { try queue.take() }
    }
  }

  /// Lends the connection while windows are being read.
  func pausing<R: Sendable>(_ body: () throws -> R) throws -> R {
    try turn.withLock { _ in try body() }
  }
}

/// The windows between the thread that reads them and the one that takes them.
private final class WindowQueue<Window: Sendable, Prepared: Sendable>: Sendable {
  /// How many may be on their way: enough that nobody waits for long, and bounded memory.
  private static var limit: Int { 4 }

  private struct State {
    var preparations: [Preparation<Window, Prepared>] = []
    /// Set when no further window comes.
    var end: Result<Void, any Error>?
    var isStopped = false
  }

  private let state = Mutex(State())
  private let room = DispatchSemaphore(value: 0)
  private let change = DispatchSemaphore(value: 0)

  private let helpers: DispatchQueue

  init(preparedOn helpers: DispatchQueue) {
    self.helpers = helpers
    for _ in 0..<Self.limit { room.signal() }
  }

  /// Reads and begins to prepare windows until there is no further one, or `stop`.
  func fill(
    from next: () throws -> Window?,
    _ prepare: @escaping @Sendable (Window) throws -> Prepared
  ) {
    var end: Result<Void, any Error>?
    while end == nil {
      room.wait()
      if state.withLock({ $0.isStopped }) { return }
      do {
        if let window = try next() {
          let preparation = Preparation(of: window, on: helpers, by: prepare)
          state.withLock { $0.preparations.append(preparation) }
        } else {
          end = .success(())
        }
      } catch {
        end = .failure(error)
      }
      if let end { state.withLock { $0.end = end } }
      change.signal()
    }
  }

  /// Waits for the next window; `nil` after the last.
  func take() throws -> Prepared? {
    change.wait()
    let next = try state.withLock { state -> Preparation<Window, Prepared>? in
      guard state.preparations.isEmpty else { return state.preparations.removeFirst() }
      // Whoever asks again learns it again.
      change.signal()
      try state.end?.get()
      return nil
    }
    guard let next else { return nil }
    defer { room.signal() }
    return try next.result()
  }

  func stop() {
    state.withLock { $0.isStopped = true }
    room.signal()
  }

  /// Waits for what nobody took.
  func drain() {
    for preparation in state.withLock({ $0.preparations }) { _ = try? preparation.result() }
  }
}

/// One window, being prepared on another thread.
private final class Preparation<Window: Sendable, Prepared: Sendable>: Sendable {
  private let outcome = Mutex<Result<Prepared, any Error>?>(nil)
  private let isDone = DispatchSemaphore(value: 0)

  init(
    of window: Window, on queue: DispatchQueue,
    by prepare: @escaping @Sendable (Window) throws -> Prepared
  ) {
    queue.async {
      let prepared = Result { try prepare(window) }
      self.outcome.withLock { $0 = prepared }
      self.isDone.signal()
    }
  }

  /// Waits for what was prepared. Only once.
  func result() throws -> Prepared {
    isDone.wait()
    return try outcome.withLock { outcome in
      guard let result = outcome.take() else {
        preconditionFailure("what was prepared is taken once")
      }
      return try result.get()
    }
  }
}
