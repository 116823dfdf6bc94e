/// The decision core of a whole program: its log is one boundary of consistency, so rules may look
/// across streams.
package enum ProgramDecider: Decider {
  /// A command with today's date, which comes from the server's clock.
  package struct Command: Sendable {
    package var issued: IssuedCommand
    /// Today in the program's time zone.
    package var today: Day
    /// The database login that sends it.
    package var actor: String
    /// The versions of the catalog that can be adopted.
    package var releasedCatalogs: [Int]
    /// Whether it was decided in the past, and words that it rested on may have been erased since.
    package var forgivesErasure: Bool

    package init(
      _ issued: IssuedCommand, today: Day, actor: String = "",
      releasedCatalogs: [Int] = Catalog.released, forgivesErasure: Bool = false
    ) {
      self.issued = issued
      self.today = today
      self.actor = actor
      self.releasedCatalogs = releasedCatalogs
      self.forgivesErasure = forgivesErasure
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
      state: state, on: on, today: command.today, context: issued.context,
      actor: command.actor, releasedCatalogs: command.releasedCatalogs,
      forgivesErasure: command.forgivesErasure)
    if let person = issued.context.onBehalfOf { _ = try situation.require(person.stream) }

    var external = issued.context.external
    if let external, let stream = try state.stream(withExternal: external) {
      throw .exists(stream, as: external.description)
    }
    var changes = try issued.command.decide(in: situation)
    if !changes.isEmpty, let restated = try restatement(of: issued, in: situation) {
      changes.append(restated)
    }
    try checkApproval(of: changes, by: issued.command, in: situation)
    // What an approved request asked for has an id of its own; a request has none, for it belongs to the
    // thing that is asked for.
    var requested = changes.lazy.compactMap(\.context?.external).first
    if let requested, let stream = try state.stream(withExternal: requested) {
      throw .exists(stream, as: requested.description)
    }
    if issued.command is MakeRequest { external = nil }
    var versions: [StreamID: Int] = [:]
    var drafts: [RecordedEvent] = []
    for change in changes {
      let record = try state.record(change.stream)
      var date = change.on ?? on
      if case .program(.restated) = change.event {
        // It says what became of the period, after it was closed: whenever the program's last event was.
        date = max(date, record?.occurredOn ?? date)
      } else if let record, date < record.occurredOn {
        throw .tooEarly(date, after: record.occurredOn, of: change.stream)
      }
      let version = (versions[change.stream] ?? record?.version ?? 0) &+ 1
      versions[change.stream] = version
      // A maturity stream is no thing that another system could know: it begins with whatever is
      // recorded first of a department.
      let takesExternal = version == 1 && change.stream.kind != .maturity
      let context = change.context ?? issued.context
      drafts.append(
        RecordedEvent(
          position: 0, stream: change.stream, version: version, event: change.event,
          departments: change.departments, occurredOn: date, reason: context.reason,
          onBehalfOf: context.onBehalfOf,
          external: takesExternal ? (change.context == nil ? external : requested) : nil,
          request: change.request, actor: command.actor))
      guard takesExternal else { continue }
      if change.context == nil { external = nil } else { requested = nil }
    }
    if external != nil || requested != nil, !drafts.isEmpty {
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
    guard issued.restates else {
      if let close = program.closes(holding: situation.on).first {
        throw .periodClosed(situation.on, close)
      }
      return nil
    }
    return try situation.restatement()
  }

  /// Four eyes (domain §8): where a program asks for them, what takes an approver is asked for first.
  private static func checkApproval(
    of changes: [Change], by command: any CEMDomain.Command, in situation: Situation
  ) throws(Rejection) {
    guard changes.contains(where: \.event.takesApprover) else { return }
    switch command {
    case is MakeRequest, is ApproveRequest, is RejectRequest: return
    default: break
    }
    if changes.allSatisfy({ $0.stream.kind == .request }) { return }
    guard try situation.program().details.fourEyes == true else { return }
    let isRestatement =
      !changes.dropLast().contains(where: \.event.takesApprover)
      && changes.last?.event.isRestatement == true
    throw .needsApproval(isRestatement ? "a restatement" : type(of: command).name)
  }

  package static func evolve(_ state: inout ProgramState, with event: RecordedEvent) {
    state.evolve(with: event)
  }
}

extension Event {
  fileprivate var isRestatement: Bool { if case .program(.restated) = self { true } else { false } }
}

extension Situation {
  /// The event that has an approver vouch for a fact in a closed period.
  /// - Throws: `Rejection` where the day lies in none, or no reason is given.
  func restatement() throws(Rejection) -> Change {
    let closes = try program().closes(holding: on)
    guard !closes.isEmpty else { throw .nothingToRestate(on) }
    try requireReason("a restatement")
    return Change(.program, .program(.restated(PeriodRestated(periods: closes.map(\.period)))))
  }
}
