package import CEMDomain
package import FoundationEssentials
package import Postgres

/// A moment as a person names it.
package enum Moment: Hashable, Sendable {
  /// `now`: after the last event.
  case now
  /// `42`: after the event at this position.
  case position(Int64)
  /// `2026-06-30`: the end of that day in the program's zone.
  case day(Day)
  /// RFC 3339: up to and including this time.
  case time(String)
  /// `-10d`, `-3h`, `-2w`, `-1m`, `-1y`: that long ago.
  case ago(String)

  /// Parses a moment.
  /// - Throws: `FieldError`.
  package init(_ text: String) throws(FieldError) {
    if text == "now" {
      self = .now
    } else if let position = Int64(text), position >= 0 {
      self = .position(position)
    } else if let day = Day(text) {
      self = .day(day)
    } else if text.first == "-", let unit = text.last,
      let amount = Int(text.dropFirst().dropLast()),
      amount > 0, let name = Moment.units[unit]
    {
      self = .ago("\(amount) \(name)")
    } else if text.utf8.count >= 20, text.utf8.count <= 40, text.contains("T"),
      Day(String(text.prefix(10))) != nil
    {
      self = .time(text)
    } else {
      throw FieldError(
        "must be a position (42), a date (2026-06-30), a time (2026-06-30T17:00:00Z), a span back (-10d) or now, not \(text)"
      )
    }
  }

  private static let units: [Character: String] = [
    "h": "hours", "d": "days", "w": "weeks", "m": "months", "y": "years",
  ]
}

/// Finds the position that a moment stands for.
package struct MomentResolver {
  private let connection: Connection
  private let programID: UUID

  package init(_ connection: Connection, programID: UUID) {
    self.connection = connection
    self.programID = programID
  }

  /// The read point of a moment; `nil` is now.
  /// - Throws: `StoreError`, or `FieldError` for a position past the end or an impossible time.
  package func resolve(_ moment: Moment?) throws -> ReadPoint {
    let head = try head()
    switch moment {
    case nil, .now: return head
    case .position(let position):
      guard position <= head.position else {
        throw FieldError("the log ends at position \(head.position), before \(position)")
      }
      return try point(at: position, head: head)
    case .day(let day):
      return try point(
        until: """
          SELECT ((\(day)::date + 1)::timestamp AT TIME ZONE time_zone - interval '1 microsecond') \
          FROM cem.program WHERE program_id = \(programID)
          """, head: head)
    case .time(let time): return try point(until: "SELECT \(time)::timestamptz", head: head)
    case .ago(let span): return try point(until: "SELECT now() - \(span)::interval", head: head)
    }
  }

  /// Where the log ends.
  /// - Throws: `StoreError`.
  package func head() throws -> ReadPoint { try headAndProjections().head }

  /// Where the log ends, and which versions of projections the database wants.
  func headAndProjections() throws -> (head: ReadPoint, projections: String) {
    let rows: [(Int64, Timestamp?, String?)]
    do {
      rows = try connection.query(
        """
        SELECT position, nullif(recorded_at, '-infinity'), \(Projections.wantedVersions) \
        FROM cem.head WHERE program_id = \(programID)
        """
      ).decode((Int64, Timestamp?, String?).self)
    } catch {
      throw StoreError(error)
    }
    guard let (position, recordedAt, projections) = rows.first else {
      throw StoreError.noHead
    }
    return (
      ReadPoint(position: position, recordedAt: recordedAt, isHead: true), projections ?? ""
    )
  }

  private func point(at position: Int64, head: ReadPoint) throws -> ReadPoint {
    if position == head.position { return head }
    let rows = try connection.query(
      "SELECT recorded_at FROM cem.event WHERE program_id = \(programID) AND position = \(position)"
    ).decode(Timestamp.self)
    return ReadPoint(position: position, recordedAt: rows.first, isHead: false)
  }

  /// The recorded times never run backwards, so the last position up to a time is found by halving.
  private func point(until query: SQL, head: ReadPoint) throws -> ReadPoint {
    let limit = try time(query)
    var (low, high) = (Int64(0), head.position)
    while low < high {
      let middle = low + (high - low + 1) / 2
      let recordedAt = try connection.query(
        "SELECT recorded_at FROM cem.event WHERE program_id = \(programID) AND position = \(middle)"
      ).one(Timestamp.self)
      if recordedAt <= limit { low = middle } else { high = middle - 1 }
    }
    return try point(at: low, head: head)
  }

  private func time(_ query: SQL) throws -> Timestamp {
    do {
      return try connection.query(query).one(Timestamp.self)
    } catch {
      if error.kind == .dataException { throw FieldError("is not a time that exists") }
      throw StoreError(error)
    }
  }
}
