import CEMDomain
import FoundationEssentials
import Postgres

/// Replays a log's rules: each command is decided again in the state before it, and must lead to just the
/// events that are there.
struct RuleCheck {
  /// One event, prepared apart from all others. A class: it is handed on several times, and large.
  final class Item: Sendable {
    let entry: LogEntry
    /// The event, or why it cannot be read.
    let recorded: Result<RecordedEvent, Unreadable>
    /// Its data as stored; `nil` where it is of an older version, or was erased.
    let data: Split?
    let commandID: UUID
    /// The day of recording in the program's time zone.
    let today: Day
    let isErased: Bool

    init(
      entry: LogEntry, recorded: Result<RecordedEvent, Unreadable>, data: Split?, commandID: UUID,
      today: Day, isErased: Bool
    ) {
      self.entry = entry
      self.recorded = recorded
      self.data = data
      self.commandID = commandID
      self.today = today
      self.isErased = isErased
    }
  }

  struct Unreadable: Error { var why: String }

  /// The events of one command that follow each other, with the command where it could be told.
  struct Group: Sendable {
    var items: [Item]
    /// The command as its events tell it. Where words of it were erased, there is a second reading, in which
    /// others stand for them.
    var readings: [IssuedCommand] = []

    init(items: [Item]) { self.items = items }

    /// Whether words of it were erased.
    var isErased: Bool { items.contains(where: \.isErased) }

    /// What stands for erased words: good for a title, a link, and a piece of evidence.
    private static let erasedText = "https://erased.invalid/"

    /// Works out the command; costly, and independent of all others.
    mutating func findCommand() {
      readings = []
      let events = items.compactMap { try? $0.recorded.get() }
      guard events.count == items.count else { return }
      let data = items.compactMap(\.data)
      if let issued = try? IssuedCommand(
        recorded: events, storedAs: data.count == items.count ? data : nil)
      {
        readings.append(issued)
      }
      if isErased,
        let issued = try? IssuedCommand(
          recorded: events, erasedText: Self.erasedText, hasReason: items[0].isErased)
      {
        readings.append(issued)
      }
    }

    /// Adjacent items by command.
    static func groups(of items: [Item]) -> [Group] {
      var groups: [Group] = []
      for item in items {
        if groups.last?.items.last?.commandID == item.commandID {
          groups[groups.count - 1].items.append(item)
        } else {
          groups.append(Group(items: [item]))
        }
      }
      return groups
    }
  }

  /// The state after all events so far, whether they keep to the rules or not.
  private(set) var state = ProgramState.complete
  /// Whether what is gone was erased by the events that say so.
  private(set) var erasures = ErasureCheck()
  /// The streams of which something was erased.
  private var erasedStreams: Set<StreamID> = []
  /// How many events could not be judged, for it was their words that decided and these were erased.
  private(set) var unjudged: Int64 = 0
  /// Finds an event that was taken before, for a command that takes it back.
  let event: (Int64) throws -> RecordedEvent?

  init(event: @escaping (Int64) throws -> RecordedEvent?) { self.event = event }

  /// Takes the events of the next command.
  /// - Parameter isFollowed: whether another command begins right after its last event, or the log ends; else
  ///   some of the command's events may be missing or garbled, which is said where they are.
  /// - Throws: what finding an earlier event throws.
  mutating func take(_ group: Group, isFollowed: Bool) throws -> [LogProblem] {
    var problems: [LogProblem] = []
    var events: [RecordedEvent] = []
    for item in group.items {
      var why: String?
      switch item.recorded {
      case .success(let event):
        events.append(event)
        if case .unreadable(let unreadable) = event.event { why = unreadable.why }
      case .failure(let error): why = error.why
      }
      guard let why else { continue }
      problems.append(
        LogProblem(.unreadable, .at(item.entry.position), "the event cannot be read: \(why)"))
    }
    // Of an event that is not the one that was recorded nothing else need be said.
    let isWhole = isFollowed && group.items.allSatisfy { $0.entry.faults.isEmpty }
    if isWhole, problems.isEmpty, let violation = try violation(group, events) {
      problems.append(violation)
    }
    for event in events { state.evolve(with: event) }
    for item in group.items {
      erasures.take(item.entry)
      if item.isErased, let stream = StreamID(item.entry.stream) { erasedStreams.insert(stream) }
    }
    return problems
  }

  /// How events are not what a reading of their command leads to.
  private enum Deviation {
    case violation(LogProblem)
    /// Erased words decided it.
    case undecidable
  }

  private mutating func violation(
    _ group: Group, _ events: [RecordedEvent]
  ) throws -> LogProblem? {
    for position in events.flatMap({ positions(of: $0) }) {
      if let event = try event(position) { state.markLoaded(.event(position), event: event) }
    }
    // The last reading misses the least.
    var last: Deviation?
    for issued in group.readings {
      last = deviation(from: issued, group, events)
      if last == nil { return nil }
    }
    switch last {
    case .violation(let problem): return problem
    case nil where !group.isErased || (try? RecordedCommand.command(of: events)) == nil:
      return LogProblem(
        .rule, .at(events[0].position), "\(events[0].event.type) comes from no command")
    case .undecidable, nil:
      unjudged += Int64(events.count)
      return nil
    }
  }

  /// Decides a command again; `nil` where it leads to just the events that are there.
  ///
  /// What was erased excuses only what words decide: another text, and a rejection for want of one. All facts,
  /// dates, stages, actors and positions have to be right.
  private func deviation(
    from issued: IssuedCommand, _ group: Group, _ events: [RecordedEvent]
  ) -> Deviation? {
    let name = type(of: issued.command).name
    // Asked for only where something is not right: nearly all is, and what a command names is costly to tell.
    var isExcused: Bool { group.isErased || touchesErased(issued, events) }
    let drafts: [RecordedEvent]
    do throws(Rejection) {
      drafts = try ProgramDecider.decide(
        ProgramDecider.Command(
          issued, today: group.items[0].today, actor: events[0].actor,
          releasedCatalogs: releasedCatalogs(at: events[0]), forgivesErasure: true),
        given: state)
    } catch {
      if isExcused, error.isForWords(of: events, areErased: group.isErased) { return .undecidable }
      return .violation(
        LogProblem(
          .rule, .at(events[0].position),
          "\(name) was not possible here: \(error.message) [\(error.code)]"))
    }
    // What says again what was said before leads to nothing, and that only the words tell.
    if drafts.isEmpty, group.isErased { return .undecidable }
    for (index, actual) in events.enumerated() {
      guard index < drafts.count else {
        return .violation(
          LogProblem(
            .rule, .at(actual.position), "\(name) does not lead to \(actual.event.type)"))
      }
      var draft = drafts[index]
      draft.position = actual.position
      if draft != actual, !(isExcused && draft.hasSameFacts(as: actual)) {
        return .violation(
          LogProblem(
            .rule, .at(actual.position),
            "\(name) leads to another \(draft.event.type) on \(draft.stream)"
              + " than the \(actual.event.type) on \(actual.stream)"))
      }
    }
    guard drafts.count == events.count else {
      return .violation(
        LogProblem(
          .rule, .at(events[0].position + Int64(events.count)),
          "\(name) leads to \(drafts.count) events, not \(events.count)"))
    }
    return nil
  }

  /// The versions of the catalog that there were: a program is founded on the newest.
  private func releasedCatalogs(at event: RecordedEvent) -> [Int] {
    guard case .program(.founded(let details)) = event.event else { return Catalog.released }
    return Catalog.released.filter { $0 <= details.catalogVersion }
  }

  /// The positions of other events that an event's command looked at.
  private func positions(of event: RecordedEvent) -> [Int64] {
    guard case .request(let requested) = event.event else { return event.event.positions }
    if case .made(let details) = requested { return details.positions }
    if case .request(let request)? = state.entities[event.stream]?.entity {
      return request.details.positions
    }
    return []
  }

  /// Whether a command is about something of which words were erased before.
  private func touchesErased(_ issued: IssuedCommand, _ events: [RecordedEvent]) -> Bool {
    events.contains { erasedStreams.contains($0.stream) }
      || issued.references.contains { erasedStreams.contains($0) }
  }
}

extension Event {
  /// The positions of other events that the command looked at.
  fileprivate var positions: [Int64] {
    switch self {
    case .correction(_, .reverted(let reversion)),
      .correction(_, .approvedReverted(let reversion)):
      [reversion.position]
    case .log(.dataErased(let erased)): erased.positions
    case .log(.restored(let restored)): [restored.from]
    case .log(.reportIssued(let report)): [report.position]
    default: []
    }
  }
}

extension RequestDetails {
  /// The position that an undo names which was asked for.
  fileprivate var positions: [Int64] {
    if of == Undo.name, case .int(let position)? = given.json.object?["position"] {
      [position]
    } else {
      []
    }
  }
}

extension Rejection {
  /// Whether it is for want of words that may have been erased.
  /// - Parameter areErased: whether the command's own words were.
  fileprivate func isForWords(of events: [RecordedEvent], areErased: Bool) -> Bool {
    switch code {
    case "gap.unit-missing", "initiative.metric-missing": return true
    // A request that asked for other words alone is empty without them.
    case "amend.nothing", "request.moot", "request.unreadable":
      return events.contains { $0.stream.kind == .request }
    case "input.missing", "input.invalid":
      let field = details["field"]?.string?.prefix { $0 != "." } ?? ""
      return areErased && events.contains { $0.event.amendedWords.contains(String(field)) }
    default: return false
    }
  }
}

extension Event {
  /// The names of amended fields of which neither value holds a fact.
  fileprivate var amendedWords: Set<String> {
    guard case .correction(_, .amended(let amendment)) = self else { return [] }
    return Set(amendment.changed.filter { !amendment.holdsFact($0) })
  }

  /// What is not private. Names of fields that hold words alone are left out, for an approved amendment whose
  /// words were erased does not tell them any more.
  fileprivate var facts: JSON? {
    guard case .correction(let kind, .amended(var amendment)) = self else {
      return try? Split(stored.payload).facts
    }
    amendment.changed = amendment.changed.filter { amendment.holdsFact($0) }
    return try? Split(Event.correction(kind, .amended(amendment)).stored.payload).facts
  }
}

extension Amendment {
  fileprivate func holdsFact(_ name: String) -> Bool {
    old.split.facts?.object?[name] != nil || new.split.facts?.object?[name] != nil
  }
}

extension RecordedEvent {
  /// Whether both are the same but for what is private.
  fileprivate func hasSameFacts(as other: RecordedEvent) -> Bool {
    guard stream == other.stream, version == other.version, event.type == other.event.type,
      departments == other.departments, occurredOn == other.occurredOn, external == other.external,
      request == other.request, actor == other.actor
    else { return false }
    return event.facts == other.event.facts
  }
}
