import CEMDomain
import CEMStore

extension Session {
  /// The last five events of a stream as lines, oldest first: when, what, who, why.
  func recentEvents(of stream: StreamID, upTo position: Int64) throws -> [String] {
    var filter = EventLog.Filter()
    filter.stream = stream
    filter.upTo = position
    let events = try log.events(filter, limit: 5, fromEnd: true)
    let width = events.last.map { "\($0.position)".count } ?? 0
    return events.map { stored in
      let position = "\(stored.position)"
      let blanks = String(repeating: " ", count: max(0, width - position.count))
      return "\(blanks)\(position)  \(stored.occurredOn)  \(EventView(stored).words)"
    }
  }
}

extension GlobalOptions {
  /// What a card leaves to programs, or says in other words.
  private static let fieldsForPrograms: Set<String> = [
    "actions", "levelRestsOn", "channels", "version", "position", "stage", "onHold", "levelId",
    "noteOn",
  ]

  /// Prints one thing: on a terminal a card with its last events, else its fields.
  func show<Row>(_ row: Row, _ fields: [Field<Row>], recent: [String], more: [String] = []) throws {
    guard style.isForPeople else { return try show(row, fields) }
    // Asked for by name, everything is shown.
    let hidden = style.fields.isEmpty ? GlobalOptions.fieldsForPrograms : []
    try show(row, fields.filter { !hidden.contains($0.key) })
    for line in more.flatMap({ $0.printable().hanging(in: style.width) }) {
      try Console.standard.write(line + "\n")
    }
    try show(recent: recent)
  }

  /// Prints the last events, for a person.
  func show(recent: [String]) throws {
    guard !recent.isEmpty else { return }
    let dim = style.usesColor ? ("\u{1b}[2m", "\u{1b}[0m") : ("", "")
    try Console.standard.write("\n\(dim.0)\(Words.say("last events"))\(dim.1)\n")
    for line in recent {
      try Console.standard.write(line.printable().fitted(to: style.width ?? 80) + "\n")
    }
  }
}
