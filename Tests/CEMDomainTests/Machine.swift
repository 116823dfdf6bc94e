import CEMDomain
import Testing

/// A program in memory, which checks with every command what must hold for all of them:
/// - a decision on a state that is loaded on demand equals the one on the complete state;
/// - events survive being stored, and states do;
/// - the events lead back to a command that leads to the same events;
/// - the facts fold the same when all private values are gone.
struct Machine {
  private(set) var state = ProgramDecider.initialState
  /// The same without private values.
  private(set) var bare = ProgramDecider.initialState
  private(set) var log: [RecordedEvent] = []
  var today: Day
  /// The login that commands.
  private var actor = "office"
  /// The versions of the catalog that can be adopted.
  var releasedCatalogs = Catalog.released

  private func command(_ issued: IssuedCommand) -> ProgramDecider.Command {
    .init(issued, today: today, actor: actor, releasedCatalogs: releasedCatalogs)
  }

  init(today: Day) { self.today = today }

  /// Decides a command as an import row gives it, and applies its events.
  mutating func submit(
    _ name: String, _ fields: JSONObject, by actor: String = "office",
    sourceLocation: SourceLocation = #_sourceLocation
  ) throws(Rejection) -> [RecordedEvent] {
    self.actor = actor
    let issued = try IssuedCommand(name: name, fields: fields)
    let decided = decide(issued)
    #expect(
      decideOnDemand(issued) == decided, "loaded on demand: \(name) \(fields)",
      sourceLocation: sourceLocation)
    var events = try decided.get()
    for index in events.indices { events[index].position = Int64(log.count + index + 1) }
    if !events.isEmpty {
      checkInverse(of: events, name, fields, sourceLocation: sourceLocation)
    }
    for event in events { apply(event, sourceLocation: sourceLocation) }
    return events
  }

  private func decide(_ issued: IssuedCommand) -> Result<[RecordedEvent], Rejection> {
    Result { () throws(Rejection) in
      try ProgramDecider.decide(command(issued), given: state)
    }
  }

  // MARK: Loading on demand

  private func decideOnDemand(_ issued: IssuedCommand) -> Result<[RecordedEvent], Rejection> {
    var partial = ProgramState.partial
    while true {
      do {
        return .success(try ProgramDecider.decide(command(issued), given: partial))
      } catch {
        guard case .unloaded(let key) = error.kind else { return .failure(error) }
        guard !partial.isLoaded(key) else { return .failure(error) }
        load(key, into: &partial)
      }
    }
  }

  /// Answers for one key out of the complete state, as the store does out of its tables.
  private func load(_ key: StateKey, into partial: inout ProgramState) {
    func loadAll(_ records: [EntityRecord]) { for record in records { partial.load(record) } }
    switch key {
    case .entity(let stream):
      if let record = state.entities[stream] { partial.load(record) }
      partial.markLoaded(key)
    case .highestNumber(let kind):
      partial.markLoaded(key, highestNumber: try? state.highestNumber(kind))
    case .external(let id):
      partial.markLoaded(key, external: (try? state.stream(withExternal: id)) ?? nil)
    case .owned(let person):
      loadAll((try? state.owned(by: person)) ?? [])
      partial.markLoaded(key)
    case .sponsored(let person):
      loadAll((try? state.sponsored(by: person)) ?? [])
      partial.markLoaded(key)
    case .naming(let person):
      loadAll((try? state.naming(person)) ?? [])
      partial.markLoaded(key)
    case .concerning(let department):
      loadAll((try? state.concerning(department)) ?? [])
      partial.markLoaded(key)
    case .work(let department):
      loadAll((try? state.work(of: department)) ?? [])
      partial.markLoaded(key)
    case .all(let kind):
      loadAll((try? state.all(kind)) ?? [])
      partial.markLoaded(key)
    case .recorders(let stream):
      partial.markLoaded(key, recorders: (try? state.recorders(of: stream)) ?? [])
    case .endedRetirement(let department):
      partial.markLoaded(
        key, endedRetirement: (try? state.endedRetirement(of: department)) ?? nil)
    case .absences(let department):
      partial.markLoaded(key, absences: (try? state.absences(of: department)) ?? [])
    case .facts(let department, let day):
      loadAll((try? state.facts(of: department, after: day)) ?? [])
      partial.markLoaded(key)
    case .event(let position):
      partial.markLoaded(key, event: (try? state.event(at: position)) ?? nil)
    }
  }

  // MARK: Invariants

  private func checkInverse(
    of events: [RecordedEvent], _ name: String, _ given: JSONObject, sourceLocation: SourceLocation
  ) {
    do {
      var fields = try RecordedCommand.command(of: events)
      guard case .string(let command)? = fields["command"] else {
        Issue.record("no command's name", sourceLocation: sourceLocation)
        return
      }
      fields["command"] = nil
      var again = try decide(IssuedCommand(name: command, fields: fields)).get()
      for index in again.indices { again[index].position = events[0].position + Int64(index) }
      #expect(
        again == events, "\(name) \(given) came back as \(command) \(fields)",
        sourceLocation: sourceLocation)
    } catch {
      Issue.record(
        "\(name) \(given) does not come back: \(error)", sourceLocation: sourceLocation)
    }
  }

  private mutating func apply(_ event: RecordedEvent, sourceLocation: SourceLocation) {
    do {
      let (type, version, payload) = event.event.stored
      let split = try Split(payload)
      let stored = Split(
        facts: try JSON(parsing: try #require(split.facts).canonicalText),
        personal: try split.personal.map { try JSON(parsing: $0.canonicalText) })
      let read = try Event(type: type, schemaVersion: version, data: stored)
      #expect(read == event.event, sourceLocation: sourceLocation)
      var erased = event
      erased.event = try Event(
        type: type, schemaVersion: version, data: Split(facts: stored.facts))
      erased.reason = nil
      erased.onBehalfOf = nil

      ProgramDecider.evolve(&state, with: event)
      ProgramDecider.evolve(&bare, with: erased)
      log.append(event)
      state.markLoaded(.event(event.position), event: event)

      let record = try #require(state.entities[event.stream], sourceLocation: sourceLocation)
      var other = try #require(bare.entities[event.stream], sourceLocation: sourceLocation)
      let (full, facts) = (try Split(record.entity.state), try Split(other.entity.state))
      #expect(facts.facts == full.facts, "\(type) without private", sourceLocation: sourceLocation)
      // Written straight into text, a state is what its two parts are together; so is one of what was erased.
      for (state, parts) in [(record.entity.state, full), (other.entity.state, facts)] {
        #expect(
          try Split.canonicalText(of: state) == parts.merged.canonicalText,
          sourceLocation: sourceLocation)
      }
      other.entity = record.entity
      #expect(other == record, sourceLocation: sourceLocation)
      #expect(
        try Entity(kind: event.stream.kind, stored: full) == record.entity,
        "\(type): the state does not survive being stored", sourceLocation: sourceLocation)
    } catch {
      Issue.record("\(event.event.type): \(error)", sourceLocation: sourceLocation)
    }
  }
}

extension JSON: CustomStringConvertible {
  package var description: String { canonicalText }
}

extension JSONObject: CustomStringConvertible {
  package var description: String { JSON.object(self).canonicalText }
}
