package import CEMDomain
import Dispatch
package import Postgres
import Synchronization

extension EventLog {
  /// How many positions one statement reads: each takes a few milliseconds, so that no snapshot stays
  /// open while a log is read.
  package static let window: Int64 = 4_096

  /// Reads a range of positions in order, every column.
  package func forEach(
    in range: ClosedRange<Int64>, _ body: (StoredEvent) throws -> Void
  ) throws {
    try replay(range, columns: StoredEvent.columns, prepare: { try StoredEvent(binary: $0) }, body)
  }

  /// Decodes a range of positions in order.
  ///
  /// - Throws: `StoreError.unreadable` for the first event that cannot be decoded; `PostgresError`.
  package func forEachRecorded(
    in range: ClosedRange<Int64>, where condition: SQL? = nil,
    _ body: (RecordedEvent) throws -> Void
  ) throws {
    try replay(
      range, columns: RecordedEvent.columns, where: condition,
      prepare: { try RecordedEvent(binary: $0) }, body)
  }

  /// Reads a range of positions in windows, each a short statement of its own.
  ///
  /// While the server sends a window, other threads prepare the one before it; what they made comes
  /// to `body` in the order of the log, on the caller's thread.
  ///
  /// - Parameters:
  ///   - condition: a further condition on the events.
  ///   - prepare: what can be done with an event apart from all others.
  package func replay<Prepared: Sendable>(
    _ range: ClosedRange<Int64>, columns: SQL, where condition: SQL? = nil,
    prepare: @escaping @Sendable (BinaryRow) throws -> Prepared,
    _ body: (Prepared) throws -> Void
  ) throws {
    var next = range.lowerBound
    var underWay: [Preparation<Prepared>] = []
    // Whoever leaves early waits for what was begun, so that nothing runs on behind its back.
    defer { for preparation in underWay { _ = try? preparation.result() } }
    while next <= range.upperBound || !underWay.isEmpty {
      if next <= range.upperBound, underWay.count < 2 {
        let last = min(next + Self.window - 1, range.upperBound)
        var sql: SQL = """
          SELECT \(columns) FROM cem.event WHERE program_id = \(programID) \
          AND position BETWEEN \(next) AND \(last)
          """
        if let condition { sql.append(" AND \(condition)") }
        sql.append(" ORDER BY position")
        underWay.append(Preparation(of: try connection.queryBinary(sql), by: prepare))
        next = last + 1
      } else {
        for prepared in try underWay.removeFirst().result() { try body(prepared) }
      }
    }
  }
}

/// The rows of one window, being prepared on another thread.
private final class Preparation<Prepared: Sendable>: Sendable {
  private let outcome = Mutex<Result<[Prepared], any Error>?>(nil)
  private let isDone = DispatchSemaphore(value: 0)

  init(of rows: QueryResult, by prepare: @escaping @Sendable (BinaryRow) throws -> Prepared) {
    DispatchQueue.global(qos: .userInitiated).async {
      let prepared = Result {
        var prepared: [Prepared] = []
        prepared.reserveCapacity(rows.count)
        for row in rows { prepared.append(try prepare(BinaryRow(row))) }
        return prepared
      }
      self.outcome.withLock { $0 = prepared }
      self.isDone.signal()
    }
  }

  /// Waits for the rows.
  func result() throws -> [Prepared] {
    isDone.wait()
    isDone.signal()
    return try outcome.withLock { outcome in
      defer { outcome = .success([]) }
      return try outcome?.get() ?? []
    }
  }
}
