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
    let hasPrivate: Bool

    init(
      entry: LogEntry, recorded: Result<RecordedEvent, Unreadable>, data: Split?, commandID: UUID,
      today: Day, isErased: Bool, hasPrivate: Bool
    ) {
      self.entry = entry
      self.recorded = recorded
      self.data = data
      self.commandID = commandID
      self.today = today
      self.isErased = isErased
      self.hasPrivate = hasPrivate
    }
  }

  struct Unreadable: Error { var why: String }

  /// The events of one command that follow each other, with the command where it could be told.
  struct Group: Sendable {
    var items: [Item]
    var issued: IssuedCommand?

    /// Works out the command; costly, and independent of all others.
    mutating func findCommand() {
      let events = items.compactMap { try? $0.recorded.get() }
      guard events.count == items.count else { return }
      let data = items.compactMap(\.data)
      issued = try? IssuedCommand(
        recorded: events, storedAs: data.count == items.count ? data : nil)
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
  /// Finds an event that was taken before, for a command that takes it back.
  let event: (Int64) throws -> RecordedEvent?

  init(event: @escaping (Int64) throws -> RecordedEvent?) { self.event = event }

  /// Takes the events of the next command.
  /// - Parameter isFollowed: whether the position after its last event is there, or the log ends; else some
  ///   of the command's events may be missing, which is said where they are.
  /// - Throws: what finding an earlier event throws.
  mutating func take(_ group: Group, isFollowed: Bool) throws -> [LogProblem] {
    var problems: [LogProblem] = []
    var events: [RecordedEvent] = []
    for item in group.items {
      switch item.recorded {
      case .success(let event): events.append(event)
      case .failure(let error):
        problems.append(
          LogProblem(
            .unreadable, .at(item.entry.position), "the event cannot be read: \(error.why)"))
      }
    }
    // Of an event that is not the one that was recorded nothing else need be said.
    let isWhole = isFollowed && group.items.allSatisfy { $0.entry.faults.isEmpty }
    if isWhole, events.count == group.items.count, let violation = try violation(group, events) {
      problems.append(violation)
    }
    for event in events { state.evolve(with: event) }
    for item in group.items { erasures.take(item) }
    return problems
  }

  private mutating func violation(
    _ group: Group, _ events: [RecordedEvent]
  ) throws -> LogProblem? {
    let place = LogProblem.Place.at(events[0].position)
    guard let issued = group.issued else {
      return LogProblem(.rule, place, "\(events[0].event.type) comes from no command")
    }
    for position in events.flatMap({ positions(of: $0) }) {
      if let event = try event(position) { state.markLoaded(.event(position), event: event) }
    }
    let drafts: [RecordedEvent]
    do throws(Rejection) {
      drafts = try ProgramDecider.decide(
        ProgramDecider.Command(
          issued, today: group.items[0].today, actor: events[0].actor), given: state)
    } catch {
      // Of a command whose words were erased, or that found erased ones, it cannot be told.
      if group.items.contains(where: \.isErased) || touchesErased(issued, events) { return nil }
      return LogProblem(
        .rule, place,
        "\(type(of: issued.command).name) was not possible here: \(error.message) [\(error.code)]")
    }
    for (index, actual) in events.enumerated() {
      guard index < drafts.count else {
        return LogProblem(
          .rule, .at(actual.position),
          "\(type(of: issued.command).name) does not lead to \(actual.event.type)")
      }
      var draft = drafts[index]
      draft.position = actual.position
      if draft != actual, !group.items.contains(where: \.isErased),
        !(touchesErased(issued, events) && draft.hasSameFacts(as: actual))
      {
        return LogProblem(
          .rule, .at(actual.position),
          "\(type(of: issued.command).name) leads to another \(draft.event.type) on \(draft.stream)"
            + " than the \(actual.event.type) on \(actual.stream)")
      }
    }
    guard drafts.count == events.count else {
      return LogProblem(
        .rule, .at(events[0].position + Int64(events.count)),
        "\(type(of: issued.command).name) leads to \(drafts.count) events, not \(events.count)")
    }
    return nil
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
    events.contains { erasures.streams.contains($0.stream) }
      || issued.references.contains { erasures.streams.contains($0) }
  }
}

extension Event {
  /// The positions of other events that the command looked at.
  fileprivate var positions: [Int64] {
    switch self {
    case .correction(_, .reverted(let reversion)): [reversion.position]
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

extension RecordedEvent {
  /// Whether both are the same but for what is private.
  fileprivate func hasSameFacts(as other: RecordedEvent) -> Bool {
    guard stream == other.stream, version == other.version, event.type == other.event.type,
      departments == other.departments, occurredOn == other.occurredOn, external == other.external,
      request == other.request, actor == other.actor
    else { return false }
    return (try? Split(event.stored.payload).facts)
      == (try? Split(other.event.stored.payload).facts)
  }
}
