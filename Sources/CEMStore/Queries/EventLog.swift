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

  /// The event at a position; `nil` past the end.
  package func event(at position: Int64) throws(StoreError) -> StoredEvent? {
    try read("AND position = \(position)").first
  }

  /// All events of the command that the event belongs to, in order.
  ///
  /// They follow each other, so the place of one tells where the first is.
  package func events(ofCommandOf event: StoredEvent) throws(StoreError) -> [StoredEvent] {
    var events: [StoredEvent] = []
    var next = event.position - Int64(event.commandIndex)
    while true {
      let found = try read("AND position >= \(next) ORDER BY position LIMIT 16")
      for other in found {
        guard other.commandID == event.commandID else { return events }
        events.append(other)
      }
      if found.count < 16 { return events }
      next += 16
    }
  }

  /// The events of a stream up to a version, from the first on.
  package func events(
    of stream: String, throughVersion version: Int
  ) throws(StoreError) -> [StoredEvent] {
    try read("AND stream = \(stream) AND version <= \(version) ORDER BY version")
  }

  /// The events of some streams up to a position, in the order of the log.
  package func events(
    of streams: some Collection<StreamID>, upTo position: Int64
  ) throws(StoreError) -> [StoredEvent] {
    guard !streams.isEmpty else { return [] }
    let names = streams.map(\.description)
    return try read(
      "AND stream = ANY (\(names)::text[]) AND position <= \(position) ORDER BY position")
  }

  func read(_ conditions: SQL) throws(StoreError) -> [StoredEvent] {
    do {
      var events: [StoredEvent] = []
      let rows = try connection.query(
        "SELECT \(StoredEvent.columns) FROM cem.event WHERE program_id = \(programID) \(conditions)"
      )
      for row in rows { events.append(try StoredEvent(row: row)) }
      return events
    } catch {
      throw StoreError(error)
    }
  }
}
