package import FoundationEssentials
package import Postgres

/// The rows of `cem.gap_event`: what gaps went through, as dashboards read it.
///
/// No projection: a row is one event's and has nothing of a state, so the database writes it with the log,
/// and no writer can write another. A comparison with the log is made there as well, where the events need not
/// be sent, nor all rows be held.
package struct GapEvents {
  private let connection: Connection
  private let programID: UUID

  package init(_ connection: Connection, programID: UUID) {
    self.connection = connection
    self.programID = programID
  }

  /// How many positions one statement compares: each reads the register once, and takes some tenths of a second.
  private static let window: Int64 = 1 << 18

  /// The columns, all of them as texts, by which a difference is told.
  package static let table = TableSchema(
    "gap_event", version: 1, keys: [Column("position", .bigint)],
    columns: [
      "recorded_at", "gap", "occurred_on", "department", "department_then", "change", "link",
      "perceived", "perceived_before", "actor",
    ].map { Column($0, .text) })

  /// How many rows the table has of the program.
  /// - Throws: `PostgresError`.
  package func count() throws(PostgresError) -> Int {
    try connection.query("SELECT count(*) FROM cem.gap_event WHERE program_id = \(programID)")
      .one(Int.self)
  }

  /// The rows that are not what the log makes of them. Writes nothing; commands may go on meanwhile.
  /// - Throws: `StoreError`, `PostgresError`.
  package func differences() throws -> [RowDifference] {
    var found: [RowDifference] = []
    try forEachWindow { range in
      let amiss = try amiss(in: range)
      if amiss.isEmpty { return }
      let expected = try rows(
        of: "cem.gap_events_expected(\(programID), \(range.lowerBound), \(range.upperBound))", amiss
      )
      let actual = try rows(of: "cem.gap_event", amiss)
      for position in amiss where expected[position] != actual[position] {
        found.append(
          RowDifference(
            table: Self.table, key: [.integer(position)], expected: expected[position],
            actual: actual[position]))
      }
    }
    return found
  }

  /// Makes the rows right that are not, holding the program's head for as long as a window takes in which there are
  /// any.
  ///
  /// - Returns: how many there were.
  /// - Throws: `StoreError`, `PostgresError`.
  package func mend() throws -> Int {
    var corrected = 0
    try forEachWindow { range in
      if try amiss(in: range).isEmpty { return }
      corrected += try connection.query(
        "SELECT cem.mend_gap_events(\(programID), \(range.lowerBound), \(range.upperBound))"
      ).one(Int.self)
    }
    return corrected
  }

  /// All positions in turn, those included that no event has.
  private func forEachWindow(_ body: (ClosedRange<Int64>) throws -> Void) throws {
    let end = try MomentResolver(connection, programID: programID).head().position
    let pace = Pace(connection, programID: programID)
    var first = Int64.min
    for last in stride(from: Self.window, to: end, by: Int(Self.window)) {
      try body(first...last)
      first = last + 1
      try pace.keep()
    }
    try body(first...Int64.max)
  }

  private func amiss(in range: ClosedRange<Int64>) throws(PostgresError) -> [Int64] {
    try connection.query(
      """
      SELECT position FROM cem.gap_events_amiss(\(programID), \(range.lowerBound), \(range.upperBound)) AS position \
      ORDER BY 1
      """
    ).decode(Int64.self)
  }

  private func rows(
    of source: SQL, _ positions: [Int64]
  ) throws(PostgresError) -> [Int64: [Value]] {
    let columns = Self.table.columns.map { "\(SQL.quote(identifier: $0.name))::text" }
    let rows = try connection.query(
      """
      SELECT position, ARRAY[\(unsafeSQL: columns.joined(separator: ", "))] FROM \(source) \
      WHERE program_id = \(programID) AND position = ANY (\(positions)::bigint[])
      """
    ).decode((Int64, [String?]).self)
    return Dictionary(
      rows.map { ($0, $1.map { Value.text($0) }) }, uniquingKeysWith: { first, _ in first })
  }
}
