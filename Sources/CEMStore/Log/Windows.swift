import Dispatch
import Postgres
import Synchronization

/// Long reads in short statements, on two cores.
enum Windows {
  /// Reads window after window. While the server sends one, other threads prepare those before it.
  ///
  /// - Parameters:
  ///   - next: reads the next window, on the caller's thread; `nil` after the last.
  ///   - prepare: what can be done with a window apart from all others.
  ///   - body: gets what was prepared in order, on the caller's thread.
  static func read<Prepared: Sendable>(
    next: () throws -> QueryResult?,
    prepare: @escaping @Sendable (QueryResult) throws -> Prepared,
    _ body: (Prepared) throws -> Void
  ) throws {
    var underWay: [Preparation<Prepared>] = []
    var isAtEnd = false
    // Whoever leaves early waits for what was begun, so that nothing runs on behind its back.
    defer { for preparation in underWay { _ = try? preparation.result() } }
    while !isAtEnd || !underWay.isEmpty {
      if !isAtEnd, underWay.count < 2 {
        if let rows = try next() {
          underWay.append(Preparation(of: rows, by: prepare))
        } else {
          isAtEnd = true
        }
      } else {
        try body(underWay.removeFirst().result())
      }
    }
  }
}

/// The rows of one window, being prepared on another thread.
private final class Preparation<Prepared: Sendable>: Sendable {
  private let outcome = Mutex<Result<Prepared, any Error>?>(nil)
  private let isDone = DispatchSemaphore(value: 0)

  init(of rows: QueryResult, by prepare: @escaping @Sendable (QueryResult) throws -> Prepared) {
    DispatchQueue.global(qos: .userInitiated).async {
      let prepared = Result { try prepare(rows) }
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
