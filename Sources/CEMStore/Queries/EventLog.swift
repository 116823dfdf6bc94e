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
  package func event(at position: Int64) throws -> StoredEvent? {
    try read("AND position = \(position)").first
  }

  /// The position of a command's first event; `nil` where it was not recorded.
  package func position(ofCommand id: UUID) throws -> Int64? {
    try connection.query(
      """
      SELECT position FROM cem.event WHERE program_id = \(programID) \
      AND command_id = \(id) AND command_index = 0
      """
    ).decode(Int64.self).first
  }

  /// All events of a command, in order, from the position of its first on. They follow each other; most have one
  /// or two.
  package func events(ofCommand id: UUID, from position: Int64) throws -> [StoredEvent] {
    var events: [StoredEvent] = []
    while true {
      let next = position + Int64(events.count)
      let found = try read("AND position >= \(next) ORDER BY position LIMIT 16")
      let own = found.prefix { $0.commandID == id }
      events += own
      if own.count < 16 { return events }
    }
  }

  /// The events of a stream up to a version, from the first on.
  package func events(
    of stream: String, throughVersion version: Int
  ) throws -> [StoredEvent] {
    try read("AND stream = \(stream) AND version <= \(version) ORDER BY version")
  }

  /// The events of some streams up to a position, in the order of the log.
  package func events(
    of streams: some Collection<StreamID>, upTo position: Int64
  ) throws -> [StoredEvent] {
    guard !streams.isEmpty else { return [] }
    let names = streams.map(\.description)
    return try read(
      "AND stream = ANY (\(names)::text[]) AND position <= \(position) ORDER BY position")
  }

  /// What all events of a stream come to.
  func state(of stream: StreamID) throws -> ProgramState {
    var replay = Replay()
    for event in try read("AND stream = \(stream.description) ORDER BY version") {
      try replay.apply(event)
    }
    return replay.state
  }

  /// The events that meet conditions.
  /// - Throws: `PostgresError`; `StoreError.unreadable`.
  func read(_ conditions: SQL) throws -> [StoredEvent] {
    try connection.query(
      "SELECT \(StoredEvent.columns) FROM cem.event WHERE program_id = \(programID) \(conditions)"
    ).map { try StoredEvent(row: $0) }
  }
}
