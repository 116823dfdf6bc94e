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
    case .waiver(.granted(let payload)):
      var waiver = Waiver(details: payload)
      waiver.approval = recorded.approval
      self = .waiver(waiver)
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
    case .request(.made(let payload)):
      self = .request(Request(details: payload, recorded: recorded))
    case .rate(.recorded(let payload)): self = .rate(Rate(details: payload))
    case .maturity(let event):
      var maturity = Maturity(stream: stream)
      maturity.evolve(
        with: event, on: recorded.occurredOn, at: recorded.position, by: recorded.approval)
      self = .maturity(maturity)
    case .log(let event):
      var log = Log()
      log.evolve(with: event, at: recorded.position)
      self = .log(log)
    case .program, .department, .evidence, .waiver, .initiative, .gap, .touchpoint, .standard,
      .channel, .request, .correction, .unreadable:
      return nil
    }
  }
}

extension EntityRecord {
  /// Applies an event of the stream after its first.
  mutating func evolve(with event: RecordedEvent) {
    version = event.version
    position = event.position
    // Of what says nothing the date says nothing either: it must not keep others from being recorded.
    if case .unreadable = event.event { return }
    occurredOn = max(occurredOn, event.occurredOn)
    // An event in a stream of another kind, which no command writes and `verify` reports.
    guard event.event.kind == stream.kind else { return }
    let day = event.occurredOn
    switch event.event {
    case .correction(_, .moved(let move)):
      guard var state = entity.movable else { return }
      state.move(move, on: day, at: event.position)
      entity.state = state
    case .correction(_, let correction): evolve(with: correction)
    case .department(let department):
      guard case .department(var state) = entity else { return }
      state.evolve(with: department, on: day, at: event.position, by: event.approval)
      entity = .department(state)
    case .program(let program):
      guard case .program(var state) = entity else { return }
      state.evolve(with: program, on: day, at: event.position)
      entity = .program(state)
    case .gap(let gap):
      guard case .gap(var state) = entity else { return }
      state.evolve(with: gap, on: day, by: event.approval)
      entity = .gap(state)
    case .initiative(let initiative):
      guard case .initiative(var state) = entity else { return }
      state.evolve(with: initiative, on: day, by: event.approval)
      entity = .initiative(state)
    case .maturity(let maturity):
      guard case .maturity(var state) = entity else { return }
      state.evolve(with: maturity, on: day, at: event.position, by: event.approval)
      entity = .maturity(state)
    case .evidence(let evidence):
      guard case .evidence(var state) = entity else { return }
      state.evolve(with: evidence)
      entity = .evidence(state)
    case .log(let log):
      guard case .log(var state) = entity else { return }
      state.evolve(with: log, at: event.position)
      entity = .log(state)
    case .waiver(let waiver):
      guard case .waiver(var state) = entity else { return }
      state.evolve(with: waiver, on: day)
      entity = .waiver(state)
    case .touchpoint(let touchpoint):
      guard case .touchpoint(var state) = entity else { return }
      state.evolve(with: touchpoint, on: day, by: event.approval)
      entity = .touchpoint(state)
    case .standard(let standard):
      guard case .standard(var state) = entity else { return }
      state.evolve(with: standard, on: day, by: event.approval)
      entity = .standard(state)
    case .channel(let channel):
      guard case .channel(var state) = entity else { return }
      state.evolve(with: channel, on: day)
      entity = .channel(state)
    case .request(let request):
      guard case .request(var state) = entity else { return }
      state.evolve(with: request, recorded: event)
      entity = .request(state)
    case .person, .platform, .segment, .survey, .insight, .note, .rate, .unreadable:
      // Kinds whose only event of their own is the first.
      break
    }
  }
}
