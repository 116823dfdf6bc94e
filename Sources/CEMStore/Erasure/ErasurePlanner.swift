import CEMDomain
package import FoundationEssentials
package import Postgres

/// Finds what an erasure has to reach.
package struct ErasurePlanner {
  private let connection: Connection
  private let programID: UUID
  /// Where a search of all texts begins.
  private let first: Int64
  private var found: [Int64: ErasurePlan.Item] = [:]

  private var log: EventLog { EventLog(connection, programID: programID) }

  private init(_ connection: Connection, programID: UUID, from first: Int64) {
    self.connection = connection
    self.programID = programID
    self.first = first
  }

  /// The plan for a target.
  /// - Parameter connection: of a role that may read the log.
  /// - Throws: `Rejection.noEvent`, `.notFound`; `StoreError`, `PostgresError`.
  package static func plan(
    _ target: ErasurePlan.Target, _ connection: Connection, programID: UUID
  ) throws -> ErasurePlan {
    try plan(target, connection, programID: programID, from: 1)
  }

  private static func plan(
    _ target: ErasurePlan.Target, _ connection: Connection, programID: UUID, from first: Int64
  ) throws -> ErasurePlan {
    let head = try MomentResolver(connection, programID: programID).head().position
    var planner = ErasurePlanner(connection, programID: programID, from: first)
    switch target {
    case .event(let position): try planner.findEvent(position)
    case .person(let person): try planner.findPerson(person)
    }
    return ErasurePlan(target: target, madeAt: head, found: planner.found)
  }

  /// Refuses a plan that knows nothing of what was recorded meanwhile, and repeats what it erases. To be asked while
  /// the log is locked; it reads what is new, and the streams of what was named.
  /// - Throws: `Rejection`, `StoreError`, `PostgresError`.
  package static func requireWhole(
    _ plan: ErasurePlan, _ connection: Connection, programID: UUID
  ) throws {
    let later = try self.plan(
      plan.target, connection, programID: programID, from: plan.madeAt + 1)
    try plan.requireAll(of: later)
  }

  private mutating func findEvent(_ position: Int64) throws {
    let named = try events("position = \(position)")
    guard let event = named.first else { throw Rejection.noEvent(at: position) }
    add(event, .asked)
    let command = try addCommands(of: named)
    var texts: Set<[UInt8]> = []
    for event in command {
      for (key, text) in try event.privateTexts() where key != "onBehalfOf" {
        texts.insert(Array(text.utf8))
      }
    }
    guard !texts.isEmpty else { return }
    // What a request asked for is repeated where it was carried out, in the command that approved it.
    let requests = Set(command.map(\.stream)).filter { StreamID($0)?.kind == .request }.sorted()
    let decided = try events("stream = ANY (\(requests)::text[])")
    let carriedOut = try addCommands(of: decided, onlyWith: texts)
    let streams = Set((command + carriedOut).map(\.stream)).sorted()
    let repeating = try events("stream = ANY (\(streams)::text[])").filter { event in
      try event.privateTexts().contains { texts.contains(Array($0.text.utf8)) }
    }
    for event in repeating { add(event, .repeated) }
    try addCommands(of: repeating)
  }

  private mutating func findPerson(_ person: PersonID) throws {
    let own = try events("stream = \(person.stream.description)")
    guard !own.isEmpty else { throw Rejection.notFound(person.stream) }
    for event in own { add(event, .person) }
    let names = try own.flatMap { try $0.privateTexts() }.filter { $0.key == "name" }.map(\.text)
    // The one token that says so: inside a text its quotation marks would be escaped.
    let token = "\"onBehalfOf\":\"\(person.code)\""
    let onBehalf = try search { $0.contains(token) }
    for event in onBehalf { add(event, .onBehalf) }
    let wanted = names.map(\.wordsForSearch).filter { !$0.isEmpty }
    let mentioning = try search { text in
      let text = text.lowercased()
      return wanted.contains { words in words.allSatisfy { text.contains($0) } }
    }.filter { event in
      try event.privateTexts().contains { _, text in
        let words = text.wordsForSearch
        return wanted.contains { words.hold($0) }
      }
    }
    for event in mentioning { add(event, .mentioned) }
    try addCommands(of: own + onBehalf + mentioning)
  }

  private mutating func add(_ event: StoredEvent, _ cause: ErasurePlan.Cause) {
    guard found[event.position] == nil else { return }
    found[event.position] = ErasurePlan.Item(event: event, cause: cause)
  }

  /// Adds the other events of the same commands, where a command holds anything private.
  /// - Parameter texts: where given, commands that repeat none of them are passed by.
  @discardableResult
  private mutating func addCommands(
    of events: [StoredEvent], onlyWith texts: Set<[UInt8]>? = nil
  ) throws -> [StoredEvent] {
    var all: [StoredEvent] = []
    for (id, group) in Dictionary(grouping: events, by: \.commandID) {
      let first = group[0].position - Int64(group[0].commandIndex)
      let command = try log.events(ofCommand: id, from: first)
      if let texts {
        let repeats = try command.contains { event in
          try event.privateTexts().contains { texts.contains(Array($0.text.utf8)) }
        }
        guard repeats else { continue }
      }
      all += command
      guard command.contains(where: \.holdsWords) else { continue }
      for event in command { add(event, .command) }
    }
    return all
  }

  private func events(_ condition: SQL) throws -> [StoredEvent] {
    try log.read("AND \(condition) ORDER BY position")
  }

  /// The events whose private data may be meant, in windows, so that no snapshot stays open. The texts are looked at
  /// here: what a letter's other case is, and which letters are the same, the database knows for English alone.
  private func search(_ isMeant: (_ data: String) -> Bool) throws -> [StoredEvent] {
    let head = try MomentResolver(connection, programID: programID).head().position
    let window: Int64 = 50_000
    var result: [StoredEvent] = []
    for start in stride(from: first, through: head, by: Int64.Stride(window)) {
      let texts = try connection.query(
        """
        SELECT position, private FROM cem.event WHERE program_id = \(programID) \
        AND position BETWEEN \(start) AND \(start + window - 1) AND private <> \(StoredEvent.nothingPrivate)
        """
      ).decode((Int64, String).self)
      let positions = texts.filter { isMeant($0.1) }.map(\.0)
      if !positions.isEmpty { result += try events("position = ANY (\(positions)::bigint[])") }
    }
    return result
  }
}

extension String {
  /// The words of a text in small letters, each without what stands around it. Two spellings of the same letters
  /// are equal, as characters are.
  fileprivate var wordsForSearch: [String] {
    lowercased().split { !$0.isLetter && !$0.isNumber }.map(String.init)
  }
}

extension [String] {
  /// Whether these words stand among them, one after the other.
  fileprivate func hold(_ words: [String]) -> Bool {
    guard count >= words.count else { return false }
    return (0...(count - words.count)).contains {
      self[$0..<($0 + words.count)].elementsEqual(words)
    }
  }
}
