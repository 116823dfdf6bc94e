package import CEMDomain
package import Postgres

extension EventLog {
  /// How many positions one statement reads: each takes a few milliseconds, so that no snapshot stays
  /// open while a log is read.
  package static let window: Int64 = 4_096

  /// Reads a range of positions in order, every column.
  /// - Parameter windows: what reads them; `body` may use the connection in its `pausing` only.
  package func forEach(
    in range: ClosedRange<Int64>, by windows: Windows = Windows(),
    _ body: (StoredEvent) throws -> Void
  ) throws {
    try replay(
      range, columns: StoredEvent.columns, by: windows,
      prepare: { rows in try rows.map { try StoredEvent(binary: BinaryRow($0)) } },
      { events in for event in events { try body(event) } })
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
      prepare: { rows in try rows.map { try RecordedEvent(binary: BinaryRow($0)) } },
      { events in
        // Lent, for a copy of each would cost as much as some folds.
        let events = events.span
        for index in events.indices { try body(events[index]) }
      })
  }

  /// Decodes all events of a few streams up to a position, each stream's in order.
  package func forEachRecorded(
    of streams: [StreamID], upTo position: Int64, _ body: (RecordedEvent) throws -> Void
  ) throws {
    let rows = try connection.queryBinary(
      """
      SELECT \(RecordedEvent.columns) FROM cem.event WHERE program_id = \(programID) \
      AND stream = ANY (\(streams.map(\.description))::text[]) AND position <= \(position) \
      ORDER BY stream, version
      """)
    for row in rows { try body(try RecordedEvent(binary: BinaryRow(row))) }
  }

  /// Reads a range of positions in windows, each a short statement of its own.
  ///
  /// - Parameters:
  ///   - condition: a further condition on the events.
  ///   - size: how many positions a window has.
  ///   - windows: what reads them; `body` may use the connection in its `pausing` only.
  ///   - prepare: what can be done with a window's rows apart from all others, on another thread.
  ///   - body: gets what was prepared, in the order of the log.
  package func replay<Prepared: Sendable>(
    _ range: ClosedRange<Int64>, columns: SQL, where condition: SQL? = nil,
    windowsOf size: Int64 = window, by windows: Windows = Windows(),
    prepare: @escaping @Sendable (QueryResult) throws -> Prepared,
    _ body: (Prepared) throws -> Void
  ) throws {
    var next = range.lowerBound
    let pace = Pace(connection, programID: programID)
    try windows.read(
      next: { () throws -> QueryResult? in
        guard next <= range.upperBound else { return nil }
        try pace.keep()
        let last = min(next + size - 1, range.upperBound)
        var sql: SQL = """
          SELECT \(columns) FROM cem.event WHERE program_id = \(programID) \
          AND position BETWEEN \(next) AND \(last)
          """
        if let condition { sql.append(" AND \(condition)") }
        sql.append(" ORDER BY position")
        next = last + 1
        return try connection.queryBinary(sql)
      }, prepare: prepare, body)
  }
}
