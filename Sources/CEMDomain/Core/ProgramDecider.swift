/// The decision core of a whole program: its log is one boundary of consistency, so rules may look
/// across streams.
package enum ProgramDecider: Decider {
  /// A command with today's date, which comes from the server's clock.
  package struct Command: Sendable {
    package var issued: IssuedCommand
    /// Today in the program's time zone.
    package var today: Day

    package init(_ issued: IssuedCommand, today: Day) {
      self.issued = issued
      self.today = today
    }
  }

  package static let initialState = ProgramState.complete

  /// Decides a command.
  ///
  /// Holds for every command (*Time*): its date is not in the future, nor before the previous event
  /// of anything that it changes, nor in a closed period unless it restates that.
  /// - Throws: `Rejection`; of kind `unloaded` where the state lacks something.
  package static func decide(
    _ command: Command, given state: ProgramState
  ) throws(Rejection) -> [RecordedEvent] {
    let issued = command.issued
    let on = issued.on ?? command.today
    guard on <= command.today else { throw .inTheFuture(on, today: command.today) }
    let situation = Situation(
      state: state, on: on, today: command.today, context: issued.context)
    if let person = issued.context.onBehalfOf { _ = try situation.require(person.stream) }

    var external = issued.context.external
    if let external, let stream = try state.stream(withExternal: external) {
      throw .exists(stream, as: external.description)
    }
    var changes = try issued.command.decide(in: situation)
    if !changes.isEmpty, let restated = try restatement(of: issued, in: situation) {
      changes.append(restated)
    }
    var versions: [StreamID: Int] = [:]
    var drafts: [RecordedEvent] = []
    for change in changes {
      let record = try state.record(change.stream)
      var date = on
      if case .program(.restated) = change.event {
        // It says what became of the period, after it was closed: whenever the program's last event was.
        date = max(on, record?.occurredOn ?? on)
      } else if let record, on < record.occurredOn {
        throw .tooEarly(on, after: record.occurredOn, of: change.stream)
      }
      let version = (versions[change.stream] ?? record?.version ?? 0) &+ 1
      versions[change.stream] = version
      // A maturity stream is no thing that another system could know: it begins with whatever is
      // recorded first of a department.
      let takesExternal = version == 1 && change.stream.kind != .maturity
      drafts.append(
        RecordedEvent(
          position: 0, stream: change.stream, version: version, event: change.event,
          departments: change.departments, occurredOn: date, reason: issued.context.reason,
          onBehalfOf: issued.context.onBehalfOf,
          external: takesExternal ? external : nil))
      if takesExternal { external = nil }
    }
    if external != nil, !drafts.isEmpty {
      throw Rejection(
        .input, "external.unused", "an external id is given when a thing is first recorded",
        hint: "leave out --external")
    }
    return drafts
  }

  /// The event that has an approver vouch for a fact in a closed period; `nil` where its date lies in none.
  private static func restatement(
    of issued: IssuedCommand, in situation: Situation
  ) throws(Rejection) -> Change? {
    // Before the program was founded there was nothing to close.
    guard case .program(let program)? = try situation.find(.program)?.entity else { return nil }
    let closes = program.closes(holding: situation.on)
    guard let close = closes.first else {
      if issued.restates { throw .nothingToRestate(situation.on) }
      return nil
    }
    guard issued.restates else { throw .periodClosed(situation.on, close) }
    try situation.requireReason("a restatement")
    return Change(.program, .program(.restated(PeriodRestated(periods: closes.map(\.period)))))
  }

  package static func evolve(_ state: inout ProgramState, with event: RecordedEvent) {
    state.evolve(with: event)
  }
}
