package import CEMDomain
import Postgres

extension EventLog {
  /// Which events are wanted; what is `nil` does not matter.
  package struct Filter: Sendable {
    package var stream: StreamID?
    package var department: DepartmentCode?
    /// A type's name, or its beginning followed by `*`.
    package var type: String?
    package var actor: String?
    /// Business dates.
    package var occurredOn: ClosedRange<Day>?
    /// Only positions after this one.
    package var after: Int64 = 0
    /// Only positions up to this one.
    package var upTo: Int64?

    package init() {}

    /// Whether events between two positions may have to be passed over.
    var isSparse: Bool {
      department != nil || type != nil || actor != nil || occurredOn != nil
    }
  }

  /// The events that a filter lets through, in the order of the log.
  ///
  /// A stream's events come from its index, and those of a rare type or login from theirs. By department or
  /// date there is none: the log is read from the end that is asked for, in windows, only until there
  /// are enough.
  /// - Parameters:
  ///   - limit: at most this many.
  ///   - fromEnd: the last ones instead of the first ones; still in the order of the log.
  package func events(
    _ filter: Filter, limit: Int, fromEnd: Bool = false
  ) throws -> [StoredEvent] {
    guard fromEnd else {
      var events: [StoredEvent] = []
      try forEach(filter, limit: limit) { events += $0 }
      return events
    }
    if filter.stream != nil || !filter.isSparse {
      return try page(filter, limit: limit, fromEnd: true).reversed()
    }
    var events: [StoredEvent] = []
    var window = filter
    var size = EventLog.smallestWindow
    var upper = try end(of: filter)
    while upper > filter.after, events.count < limit {
      window.upTo = upper
      window.after = max(filter.after, upper - size)
      events += try page(window, limit: limit - events.count, fromEnd: true)
      upper = window.after
      size = min(size * 4, EventLog.largestWindow)
    }
    return events.reversed()
  }

  /// Hands over the events that a filter lets through in pieces, in the order of the log, each piece
  /// read by a short statement of its own.
  package func forEach(
    _ filter: Filter, limit: Int = .max, _ body: ([StoredEvent]) throws -> Void
  ) throws {
    let end = try end(of: filter)
    var window = filter
    var left = limit
    var size = EventLog.smallestWindow
    while window.after < end, left > 0 {
      // A stream's events lie far apart, but their index finds them wherever they are.
      window.upTo = filter.stream == nil ? min(window.after + size, end) : end
      let count = min(left, EventLog.page)
      let found = try page(window, limit: count, fromEnd: false)
      if !found.isEmpty { try body(found) }
      left -= found.count
      if found.count == count, let last = found.last {
        window.after = last.position
      } else {
        window.after = window.upTo ?? end
        size = min(size * 4, EventLog.largestWindow)
      }
    }
  }

  private static var smallestWindow: Int64 { 2_000 }
  private static var largestWindow: Int64 { 50_000 }
  private static var page: Int { 5_000 }

  private func end(of filter: Filter) throws -> Int64 {
    try filter.upTo ?? MomentResolver(connection, programID: programID).head().position
  }

  /// One statement's worth, from either end, in its order.
  private func page(
    _ filter: Filter, limit: Int, fromEnd: Bool
  ) throws -> [StoredEvent] {
    var sql: SQL = "AND position > \(filter.after)"
    if let upTo = filter.upTo { sql.append(" AND position <= \(upTo)") }
    if let stream = filter.stream { sql.append(" AND stream = \(stream.description)") }
    if let department = filter.department {
      sql.append(" AND \(department.code) = ANY (string_to_array(departments, ','))")
    }
    if let type = filter.type {
      if type.hasSuffix("*") {
        sql.append(" AND starts_with(type, \(String(type.dropLast())))")
      } else {
        sql.append(" AND type = \(type)")
      }
    }
    if let actor = filter.actor { sql.append(" AND actor = \(actor)") }
    if let days = filter.occurredOn {
      sql.append(
        " AND occurred_on BETWEEN \(days.lowerBound)::date AND \(days.upperBound)::date")
    }
    // Within a stream, versions are in the order of positions, and have the index.
    sql.append(filter.stream == nil ? " ORDER BY position" : " ORDER BY version")
    sql.append(fromEnd ? " DESC LIMIT \(limit)" : " LIMIT \(limit)")
    return try read(sql)
  }
}
