package import CEMDomain
package import FoundationEssentials
package import Postgres

/// Writes a program's log as the commands that lead to it, one a line, for `import`.
package struct CommandExport {
  private let log: EventLog

  package init(_ connection: Connection, programID: UUID) {
    log = EventLog(connection, programID: programID)
  }

  /// Calls the closure with each command's row, in the order of the log.
  ///
  /// The key is the command's id, so that each row is itself however often its content recurs.
  /// - Throws: `StoreError.unreadable` for events that no command leads to.
  package func forEach(upTo position: Int64, _ body: (JSONObject) throws -> Void) throws {
    guard position > 0 else { return }
    var group: [RecordedEvent] = []
    var id: UUID?
    func finish() throws {
      // What was done to this log says nothing of another.
      guard let first = group.first, let id, first.stream != .log else { return }
      var row: JSONObject
      do {
        row = try RecordedCommand.command(of: group)
      } catch {
        throw StoreError.unreadable(position: first.position, "\(error)")
      }
      row["key"] = .string(id.text)
      try body(row)
    }
    try log.forEach(in: 1...position) { stored in
      if stored.commandID != id {
        try finish()
        group = []
        id = stored.commandID
      }
      do {
        group.append(try stored.recorded())
      } catch {
        throw StoreError.unreadable(position: stored.position, "\(error)")
      }
    }
    try finish()
  }
}
