package import CEMDomain
package import FoundationEssentials
package import Postgres

/// Writes a program's log as the commands that lead to it, one a line, for `import`.
///
/// What was done to the log itself, erasures and restores, is left out. Where a command had words that were
/// erased, `(erased at 42)` stands for those that it cannot do without, its reason among them: imported, it leads
/// to the same facts. Beside the position that an undo takes back stands what is there, for positions shift from log
/// to log.
package struct CommandExport {
  /// What stands for a text that was erased with the event at a position. Two of them differ, for an
  /// amendment that changed nothing would be none.
  package static func erasedText(at position: Int64) -> String { "(erased at \(position))" }

  private let log: EventLog

  package init(_ connection: Connection, programID: UUID) {
    log = EventLog(connection, programID: programID)
  }

  /// Calls the closure with each command's row, in the order of the log.
  ///
  /// The key is the command's id, so that each row is itself however often its content recurs.
  /// - Returns: of how many commands something was erased.
  /// - Throws: `StoreError.unreadable` for events that no command leads to.
  @discardableResult
  package func forEach(upTo position: Int64, _ body: (JSONObject) throws -> Void) throws -> Int {
    guard position > 0 else { return 0 }
    var group: [RecordedEvent] = []
    var isErased = false
    var erased = 0
    var id: UUID?
    let windows = Windows()
    // The positions that other logs do not have.
    var own: [Int64] = []
    func finish() throws {
      guard let first = group.first, let id else { return }
      guard first.stream != .log else { return own += group.map(\.position) }
      if isErased { erased += 1 }
      var row: JSONObject
      do {
        row = try RecordedCommand.command(
          of: group, erasedText: isErased ? CommandExport.erasedText(at: first.position) : nil)
      } catch {
        throw StoreError.unreadable(position: first.position, "\(error)")
      }
      func moved(_ position: Int64) -> JSON { .int(position - Int64(own.count { $0 < position })) }
      if row["command"] == "undo", case .int(let undone)? = row["position"] {
        row["position"] = moved(undone)
        group.undone?.add(to: &row)
      }
      // An undo that was asked for.
      if row["of"] == "undo", var given = row["given"]?.object,
        case .int(let undone)? = given["position"]
      {
        given["position"] = moved(undone)
        let event = try windows.pausing { try log.event(at: undone) }
        if let event, let stream = StreamID(event.stream) {
          UndoneEvent(stream: stream, version: event.version, type: event.type).add(to: &given)
        }
        row["given"] = .object(given)
      }
      row["key"] = .string(id.text)
      try body(row)
    }
    try log.forEach(in: 1...position, by: windows) { stored in
      if stored.commandID != id {
        try finish()
        group = []
        isErased = false
        id = stored.commandID
      }
      // Where nobody wrote anything, a whole command was erased with another's words.
      isErased = isErased || stored.isErased
      do {
        group.append(try stored.recorded())
      } catch {
        throw StoreError.unreadable(position: stored.position, "\(error)")
      }
    }
    try finish()
    return erased
  }
}

extension [RecordedEvent] {
  /// What these events of an undo take back. That is always the event before.
  fileprivate var undone: UndoneEvent? {
    for event in self {
      switch event.event {
      case .correction(_, .reverted(let reversion)),
        .correction(_, .approvedReverted(let reversion)):
        return UndoneEvent(
          stream: event.stream, version: event.version - 1, type: reversion.type)
      default: continue
      }
    }
    return nil
  }
}
