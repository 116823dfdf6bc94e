/// The state of a program: all its things, or as many of them as were loaded.
///
/// A decision that meets something unloaded is refused with `Rejection.Kind.unloaded`; whoever holds
/// the log loads it and decides again. So no command has to declare what it reads.
package struct ProgramState: Sendable {
  /// The things, by stream.
  package private(set) var entities: [StreamID: EntityRecord] = [:]
  private var highestNumbers: [EntityKind: Int] = [:]
  private var externals: [ExternalID: StreamID] = [:]
  /// What each person owns, so that a handover in a long log need not look at every thing.
  private var possessions: [PersonID: Set<StreamID>] = [:]
  private var events: [Int64: RecordedEvent] = [:]
  private var recorders: [StreamID: Set<String>] = [:]
  /// The retirements that departments' last reinstatements ended.
  private var endedRetirements: [StreamID: Retirement] = [:]
  /// The days on which departments that were reinstated had not been there.
  private var absences: [StreamID: [Range<Day>]] = [:]
  /// What was loaded; `nil` where the state is complete, as after a replay.
  private var loaded: Set<StateKey>?

  private init(loaded: Set<StateKey>?) { self.loaded = loaded }

  /// A state that holds everything from the first event on.
  package static var complete: ProgramState { ProgramState(loaded: nil) }

  /// A state in which nothing is loaded yet.
  package static var partial: ProgramState { ProgramState(loaded: []) }

  private func require(_ key: StateKey) throws(Rejection) {
    if let loaded, !loaded.contains(key) { throw .unloaded(key) }
  }

  /// Whether a key needs no loading.
  package func isLoaded(_ key: StateKey) -> Bool { loaded?.contains(key) ?? true }

  /// How much it holds, so that whoever keeps it knows when to begin anew.
  package var size: Int { entities.count + (loaded?.count ?? 0) + events.count }

  /// The thing with a stream, voided or not; `nil` where there is none.
  package func record(_ stream: StreamID) throws(Rejection) -> EntityRecord? {
    if let record = entities[stream] { return record }
    // A number that nobody was given yet names nothing; so a thing can be made without looking for it.
    if stream.number > 0, isLoaded(.highestNumber(stream.kind)),
      stream.number > highestNumbers[stream.kind] ?? 0
    {
      return nil
    }
    try require(.entity(stream))
    return nil
  }

  /// The highest number given to things of a kind; 0 where there are none.
  package func highestNumber(_ kind: EntityKind) throws(Rejection) -> Int {
    try require(.highestNumber(kind))
    return highestNumbers[kind] ?? 0
  }

  /// Which thing has an external id.
  package func stream(withExternal id: ExternalID) throws(Rejection) -> StreamID? {
    if let stream = externals[id] { return stream }
    try require(.external(id))
    return nil
  }

  /// All that a person owns and that was not voided, in stable order.
  package func owned(by person: PersonID) throws(Rejection) -> [EntityRecord] {
    try require(.owned(person))
    return possessions[person, default: []].compactMap { entities[$0] }.filter { !$0.isVoided }
      .sorted { $0.stream < $1.stream }
  }

  /// The initiatives that a person sponsors, without those that were voided, in stable order.
  package func sponsored(by person: PersonID) throws(Rejection) -> [EntityRecord] {
    try require(.sponsored(person))
    return entities.values.filter { record in
      guard case .initiative(let initiative) = record.entity else { return false }
      return !record.isVoided && initiative.details.sponsor == person
    }.sorted { $0.stream < $1.stream }
  }

  /// All that names a person and was not voided, in stable order.
  package func naming(_ person: PersonID) throws(Rejection) -> [EntityRecord] {
    try require(.naming(person))
    return entities.values.filter { !$0.isVoided && $0.entity.state.people.contains(person) }
      .sorted { $0.stream < $1.stream }
  }

  /// All that concerns a department and was not voided, in stable order.
  package func concerning(_ department: DepartmentCode) throws(Rejection) -> [EntityRecord] {
    try require(.concerning(department))
    return entities.values
      .filter { !$0.isVoided && $0.entity.state.departments.contains(department) }
      .sorted { $0.stream < $1.stream }
  }

  /// All that goes along when a department is merged, split or retired, in stable order.
  package func work(of department: DepartmentCode) throws(Rejection) -> [EntityRecord] {
    try require(.work(department))
    return entities.values
      .filter { $0.goesAlong && $0.entity.state.departments.contains(department) }
      .sorted { $0.stream < $1.stream }
  }

  /// All things of a kind that were not voided, in stable order.
  package func all(_ kind: EntityKind) throws(Rejection) -> [EntityRecord] {
    try require(.all(kind))
    return entities.values.filter { !$0.isVoided && $0.stream.kind == kind }
      .sorted { $0.stream < $1.stream }
  }

  /// The logins that recorded a piece of evidence, or gave it another end.
  package func recorders(of evidence: StreamID) throws(Rejection) -> Set<String> {
    try require(.recorders(evidence))
    return recorders[evidence] ?? []
  }

  /// The retirement that a department's last reinstatement ended; `nil` where it was never reinstated.
  package func endedRetirement(
    of department: DepartmentCode
  ) throws(Rejection) -> Retirement? {
    if let retirement = endedRetirements[department.stream] { return retirement }
    try require(.endedRetirement(department))
    return nil
  }

  /// The spans of days on which a department was not there, each up to the day of its reinstatement.
  package func absences(of department: DepartmentCode) throws(Rejection) -> [Range<Day>] {
    try require(.absences(department))
    return absences[department.stream] ?? []
  }

  /// What a department leads, what it is and what was found out there, as far as something of it has a later date
  /// than a day; in stable order.
  package func facts(
    of department: DepartmentCode, after day: Day
  ) throws(Rejection) -> [EntityRecord] {
    try require(.facts(department, after: day))
    return entities.values
      .filter {
        !$0.isVoided && $0.occurredOn > day && $0.stream.kind.needsDepartment
          && $0.entity.state.departments.first == department
      }
      .sorted { $0.stream < $1.stream }
  }

  /// The event at a position; `nil` past the end.
  package func event(at position: Int64) throws(Rejection) -> RecordedEvent? {
    if let event = events[position] { return event }
    try require(.event(position))
    return nil
  }

  // MARK: Loading

  /// Adds a thing that was found.
  package mutating func load(_ record: EntityRecord) {
    loaded?.insert(.entity(record.stream))
    changeOwner(
      of: record.stream, from: entities[record.stream]?.entity.state.owner,
      to: record.entity.state.owner)
    entities[record.stream] = record
    if let external = record.external { externals[external] = record.stream }
  }

  /// Notes that a key was looked up, with what there is to know beside the things themselves.
  package mutating func markLoaded(
    _ key: StateKey, highestNumber: Int? = nil, external: StreamID? = nil,
    event: RecordedEvent? = nil, recorders: Set<String> = [], endedRetirement: Retirement? = nil,
    absences: [Range<Day>] = []
  ) {
    loaded?.insert(key)
    switch key {
    case .highestNumber(let kind): highestNumbers[kind] = highestNumber
    case .external(let id): if let external { externals[id] = external }
    case .event(let position): if let event { events[position] = event }
    // What was folded since is not in the database yet.
    case .recorders(let stream): self.recorders[stream, default: []].formUnion(recorders)
    case .endedRetirement(let department):
      if let endedRetirement { endedRetirements[department.stream] = endedRetirement }
    // What was folded since is not in the database yet.
    case .absences(let department):
      self.absences[department.stream, default: []] += absences
    case .entity, .owned, .sponsored, .naming, .concerning, .work, .all, .facts: break
    }
  }

  // MARK: Folding

  /// Applies an event.
  ///
  /// In a complete state nothing but the fold is kept of it; events stay where they are stored.
  package mutating func evolve(with event: RecordedEvent) {
    let stream = event.stream
    if case .evidence = event.event { recorders[stream, default: []].insert(event.actor) }
    if case .department(.reinstated(let reinstated)) = event.event {
      if case .department(let department)? = entities[stream]?.entity {
        endedRetirements[stream] = department.retirement
      }
      if reinstated.retiredOn < event.occurredOn {
        absences[stream, default: []].append(reinstated.retiredOn..<event.occurredOn)
      }
    }
    if let place = entities.index(forKey: stream) {
      // In its place, and without a copy of what it was: whatever a copy shares is copied at the first change.
      if case .correction = event.event {
        // Nothing but the first event and corrections says who owns a thing.
        let owner = entities.values[place].entity.state.owner
        entities.values[place].evolve(with: event)
        changeOwner(of: stream, from: owner, to: entities.values[place].entity.state.owner)
      } else {
        entities.values[place].evolve(with: event)
      }
    } else if let entity = Entity(first: event) {
      let record = EntityRecord(
        stream: stream, version: event.version, position: event.position,
        since: event.occurredOn, occurredOn: event.occurredOn, external: event.external,
        entity: entity)
      changeOwner(of: stream, from: nil, to: entity.state.owner)
      entities[stream] = record
      loaded?.insert(.entity(stream))
      if stream.number > 0 {
        highestNumbers[stream.kind] = max(highestNumbers[stream.kind] ?? 0, stream.number)
      }
      if let external = event.external { externals[external] = stream }
    }
  }

  private mutating func changeOwner(
    of stream: StreamID, from before: PersonID?, to after: PersonID?
  ) {
    guard before != after else { return }
    if let before { possessions[before]?.remove(stream) }
    if let after { possessions[after, default: []].insert(stream) }
  }
}
