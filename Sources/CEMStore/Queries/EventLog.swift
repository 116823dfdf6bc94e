package import CEMDomain
package import FoundationEssentials
package import Postgres

/// Reads a program's events.
package struct EventLog {
  package let connection: Connection
  package let programID: UUID

  package init(_ connection: Connection, programID: UUID) {
    self.connection = connection
    self.programID = programID
  }

  /// Which events are wanted; what is `nil` does not matter.
  package struct Filter: Sendable {
    package var stream: StreamID?
    package var department: DepartmentCode?
    /// A type's name, or its beginning followed by `*`.
    package var type: String?
    package var actor: String?
    /// Only positions after this one.
    package var after: Int64 = 0
    /// Only positions up to this one.
    package var upTo: Int64?

    package init() {}
  }

  /// The events that a filter lets through, in the order of the log.
  ///
  /// - Parameters:
  ///   - limit: at most this many.
  ///   - fromEnd: the last ones instead of the first ones; still in the order of the log.
  package func events(
    _ filter: Filter, limit: Int, fromEnd: Bool = false
  ) throws(StoreError) -> [StoredEvent] {
    var sql: SQL = """
      SELECT \(StoredEvent.columns) FROM cem.event WHERE program_id = \(programID) \
      AND position > \(filter.after)
      """
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
    sql.append(fromEnd ? " ORDER BY position DESC" : " ORDER BY position")
    sql.append(" LIMIT \(limit)")
    do {
      var events: [StoredEvent] = []
      for row in try connection.query(sql) { events.append(try StoredEvent(row: row)) }
      return fromEnd ? events.reversed() : events
    } catch {
      throw StoreError(error)
    }
  }
}
