extension Entity {
  /// The state after a stream's first event; `nil` where the event cannot be a first one.
  init?(first recorded: RecordedEvent) {
    let stream = recorded.stream
    guard recorded.event.kind == stream.kind else { return nil }
    switch recorded.event {
    case .program(.founded(let payload)): self = .program(Program(details: payload))
    case .person(.added(let payload)): self = .person(Person(details: payload))
    case .department(.registered(let payload)):
      self = .department(Department(code: DepartmentCode(stream: stream), details: payload))
    case .evidence(.added(let payload)): self = .evidence(Evidence(details: payload))
    case .waiver(.granted(let payload)): self = .waiver(Waiver(details: payload))
    case .platform(.stated(let payload)): self = .platform(Platform(details: payload))
    case .initiative(.opened(let payload)): self = .initiative(Initiative(details: payload))
    case .gap(.recorded(let payload)): self = .gap(Gap(details: payload))
    case .segment(.defined(let payload)): self = .segment(Segment(details: payload))
    case .touchpoint(.mapped(let payload)): self = .touchpoint(Touchpoint(details: payload))
    case .standard(.set(let payload)): self = .standard(Standard(details: payload))
    case .survey(.recorded(let payload)): self = .survey(Survey(details: payload))
    case .channel(.declared(let payload)): self = .channel(Channel(details: payload))
    case .insight(.recorded(let payload)): self = .insight(Insight(details: payload))
    case .note(.added(let payload)): self = .note(Note(details: payload))
    case .maturity(let event):
      var maturity = Maturity(stream: stream)
      maturity.evolve(with: event, on: recorded.occurredOn, at: recorded.position)
      self = .maturity(maturity)
    case .log(let event):
      var log = Log()
      log.evolve(with: event, at: recorded.position)
      self = .log(log)
    case .program, .department, .evidence, .waiver, .initiative, .gap, .touchpoint, .standard,
      .channel, .correction:
      return nil
    }
  }
}

extension EntityRecord {
  /// Applies an event of the stream after its first.
  mutating func evolve(with event: RecordedEvent) {
    // An event in a stream of another kind, which no command writes and `verify` reports.
    guard event.event.kind == stream.kind else { return }
    let day = event.occurredOn
    switch (event.event, entity) {
    case (.correction(_, .moved(let move)), _):
      guard var state = entity.movable else { break }
      state.move(move, on: day, at: event.position)
      entity.state = state
    case (.correction(_, let correction), _): evolve(with: correction)
    case (.program(let program), .program(var state)):
      state.evolve(with: program, on: day, at: event.position)
      entity = .program(state)
    case (.department(let department), .department(var state)):
      state.evolve(with: department, on: day, at: event.position)
      entity = .department(state)
    case (.gap(let event), .gap(var state)):
      state.evolve(with: event, on: day)
      entity = .gap(state)
    case (.initiative(let event), .initiative(var state)):
      state.evolve(with: event, on: day)
      entity = .initiative(state)
    case (.maturity(let maturity), .maturity(var state)):
      state.evolve(with: maturity, on: day, at: event.position)
      entity = .maturity(state)
    case (.evidence(let event), .evidence(var state)):
      state.evolve(with: event)
      entity = .evidence(state)
    case (.log(let log), .log(var state)):
      state.evolve(with: log, at: event.position)
      entity = .log(state)
    case (.waiver(let event), .waiver(var state)):
      state.evolve(with: event, on: day)
      entity = .waiver(state)
    case (.touchpoint(let event), .touchpoint(var state)):
      state.evolve(with: event, on: day)
      entity = .touchpoint(state)
    case (.standard(let event), .standard(var state)):
      state.evolve(with: event, on: day)
      entity = .standard(state)
    case (.channel(let event), .channel(var state)):
      state.evolve(with: event, on: day)
      entity = .channel(state)
    case (.program, _), (.person, _), (.department, _), (.platform, _), (.gap, _),
      (.initiative, _), (.maturity, _), (.evidence, _), (.waiver, _), (.segment, _),
      (.touchpoint, _), (.standard, _), (.survey, _), (.channel, _), (.insight, _), (.note, _),
      (.log, _):
      // Kinds whose only event of their own is the first.
      break
    }
  }
}
