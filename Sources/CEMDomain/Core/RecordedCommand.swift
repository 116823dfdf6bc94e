/// The way back from events to the command that led to them.
package enum RecordedCommand {
  /// The command of a group of events: its name under `command`, its fields, and what came with it
  /// (`on`, `reason`, `onBehalfOf`, `external`, `restate`), as an import row holds them.
  ///
  /// Decided again in the state before the group, it leads to the same events. An event that an undo
  /// made maps to the command that compensates.
  /// - Parameters:
  ///   - events: All events of one command, in order.
  ///   - data: The data of each, as it was stored in the present version of its type; `nil` where it
  ///     has to be made from the event.
  ///   - erasedText: What stands for a text that was erased and that the command cannot do without; `nil`
  ///     leaves it out.
  /// - Throws: `FieldError` where the events are no command's.
  package static func command(
    of events: [RecordedEvent], storedAs data: [Split]? = nil, erasedText: String? = nil
  ) throws -> JSONObject {
    for (index, event) in events.enumerated() {
      let (type, schemaVersion, payload) = event.event.stored
      guard let form = Event.forms[Event.TypeKey(type, schemaVersion)], let name = form.command,
        let command = Commands.byName[name]
      else { continue }
      let subject = form.subject.map { subjectFields($0, of: event.stream) } ?? JSONObject()
      var fields = try Self.fields(
        of: event,
        payload: { try data?[index].merged ?? Split.merged(payload, erasedText: erasedText) },
        subject: subject, as: command, in: events, erasedText: erasedText)
      fields["command"] = .string(name)
      fields["on"] = .string(event.occurredOn.description)
      // Whether there was a reason cannot be told any more, and many commands need one.
      fields["reason"] = (event.reason?.value ?? erasedText).map(JSON.string)
      fields["onBehalfOf"] = event.onBehalfOf.map { .string($0.description) }
      fields["external"] = external(of: events)
        .map { .string($0.description) }
      fields["restate"] = isRestatement(events) ? true : nil
      return fields
    }
    throw FieldError("no event of the group comes from a command")
  }

  /// The command of a single event that holds what the command said as it was said, which most do: it is read
  /// from the event's data where that stands. `nil` where there is more to it.
  fileprivate static func only(
    _ events: [RecordedEvent], storedAs data: [Split]?
  ) throws -> (any Command)? {
    guard events.count == 1, let event = events.first, event.event.holdsItsCommand,
      var split = data?.first
    else { return nil }
    let (type, schemaVersion, _) = event.event.stored
    guard let form = Event.forms[Event.TypeKey(type, schemaVersion)], let name = form.command,
      let command = Commands.byName[name]
    else { return nil }
    if let subject = form.subject {
      var facts = split.facts?.object ?? JSONObject()
      for member in subjectFields(subject, of: event.stream).members where facts[member.key] == nil
      {
        facts[member.key] = member.value
      }
      split.facts = .object(facts)
    }
    return try command.init(from: FieldDecoder(split: split, origin: .stored))
  }

  /// Whether a command was dated in a closed period.
  fileprivate static func isRestatement(_ events: [RecordedEvent]) -> Bool {
    events.contains { event in
      // What was asked for has its own day, which the request names.
      if case .program(.restated) = event.event { event.request == nil } else { false }
    }
  }

  /// The external id that the command gave. What was approved has the one that was asked for.
  static func external(of events: [RecordedEvent]) -> ExternalID? {
    if case .request(.made(let details))? = events.first?.event { return details.outside }
    return events.lazy.filter { $0.request == nil }.compactMap(\.external).first
  }

  /// The names of each command's fields.
  private static let knownFields: [String: Set<String>] = Dictionary(
    uniqueKeysWithValues: Commands.all.map { ($0.name, Set($0.fieldNames)) })

  /// The fields of a payload that its command knows; what an event holds beside them (where a
  /// thing came from, what it rested on) the decision finds again.
  private static func fields(
    of event: RecordedEvent, payload: () throws -> JSON, subject: JSONObject,
    as command: any Command.Type, in events: [RecordedEvent], erasedText: String?
  ) throws -> JSONObject {
    var fields = subject
    switch event.event {
    case .correction(_, .amended(let amendment)):
      let given = knownFields[command.name] ?? []
      for name in amendment.changed where given.contains(name) {
        let new = amendment.new.value(of: name)
        // A field that changed from nothing to nothing is a text, and was erased.
        let isGone = new == nil && amendment.old.value(of: name) == nil
        fields[name] = new ?? (isGone ? erasedText.map(JSON.string) : nil) ?? .null
      }
      return fields
    case .correction(_, .handedOver(let handover)):
      fields["id"] = .string(handover.from.description)
      fields["to"] = .string(handover.to.description)
      fields["department"] = handover.department.map { .string($0.description) }
      fields["sponsorships"] = events.contains(where: \.event.handsOverSponsorship) ? true : nil
      return fields
    case .correction(_, .voided(let voiding)):
      fields["duplicateOf"] = voiding.duplicateOf.map { .string($0.reference) }
      return fields
    case .correction(_, .restored): return fields
    case .unreadable(let unreadable): throw FieldError(unreadable.why)
    case .correction(_, .reverted), .correction(_, .approvedReverted), .correction(_, .moved),
      .program, .person, .department,
      .evidence, .waiver, .maturity,
      .platform, .initiative, .gap, .segment, .touchpoint, .standard, .survey, .channel, .insight,
      .note, .request, .rate, .log:
      for member in try payload().object?.members ?? [] { fields[member.key] = member.value }
      unfold(event.event, erasedText, in: &fields)
      addCompanions(of: event, in: events, erasedText, to: &fields)
      if let erasedText { fillNeeded(with: erasedText, in: &fields) }
      let known = knownFields[command.name] ?? []
      for key in fields.keys where !known.contains(key) { fields[key] = nil }
      return fields
    }
  }

  /// Gives values the texts without which they say nothing.
  private static func fillNeeded(with erasedText: String, in fields: inout JSONObject) {
    for (text, values) in [
      ("unit", ["expected", "perceived"]), ("metric", ["baseline", "target", "metricUnit"]),
      ("expectation", ["firstExperience"]),
    ] where fields[text] == nil && values.contains(where: { fields[$0] != nil }) {
      fields[text] = .string(erasedText)
    }
  }

  /// Puts what an event holds in a form of its own as its command takes it.
  private static func unfold(
    _ event: Event, _ erasedText: String?, in fields: inout JSONObject
  ) {
    if case .request(.made(let details)) = event {
      // Of what was erased the command that is asked for knows what it cannot do without.
      if erasedText != nil, let command = try? details.command(),
        var given = try? Split.merged(command, erasedText: erasedText).object
      {
        if let erasedText { fillNeeded(with: erasedText, in: &given) }
        fields["given"] = .object(given)
      } else {
        fields["given"] = details.fields.merged
      }
      return
    }
    if case .rate = event {
      // An amendment names the thing by that.
      fields["rate"] = fields["value"]
      return
    }
    guard case .initiative(let event) = event else { return }
    switch event {
    case .opened(let details):
      // What opening granted comes back by the waiver's words, what it attested by saying so.
      for field in InitiativeDetails.settled { fields[field] = nil }
      if details.ethicsVersion != nil { fields["attestEthics"] = true }
    case .pilotConcluded:
      for member in fields["result"]?.object?.members ?? [] { fields[member.key] = member.value }
    case .pilotCorrected:
      for member in fields["new"]?.object?.members ?? [] { fields[member.key] = member.value }
    case .started, .pilotStarted, .scaled, .completed, .updated, .linked, .held, .resumed,
      .cancelled, .reopened, .ethicsAttested, .platformWaived:
      break
    }
  }

  /// What the events beside the first one say: evidence given as a text, waivers.
  private static func addCompanions(
    of event: RecordedEvent, in events: [RecordedEvent], _ erasedText: String?,
    to fields: inout JSONObject
  ) {
    for case .evidence(.added(let details)) in events.map(\.event) {
      switch event.event {
      case .maturity(.actionCompleted), .initiative(.pilotConcluded), .initiative(.completed),
        .gap(.closed):
        fields["evidence"] = given(details, erasedText)
      default: break
      }
    }
    if case .maturity(.actionCompleted) = event.event {
      let actions = events.compactMap { event -> JSON? in
        guard case .maturity(.actionCompleted(let other)) = event.event else { return nil }
        return .string(other.action.description)
      }
      fields["more"] = actions.count > 1 ? .array(Array(actions.dropFirst())) : nil
    }
    addFounded(by: event, in: events, erasedText, to: &fields)
    for case .waiver(.granted(let details)) in events.map(\.event) {
      fields["approver"] = details.approver.map { .string($0.description) }
      fields["until"] = details.until.map { .string($0.description) }
      switch details.rule {
      case .maturityAction: break
      case .platform:
        fields["waivePlatform"] = (details.because.value ?? erasedText).map(JSON.string)
      case .pilot: fields["waivePilot"] = (details.because.value ?? erasedText).map(JSON.string)
      }
    }
  }

  /// Evidence as the command gave it that added it: by a text, where that is all there is to it and is read as one.
  private static func given(_ details: EvidenceDetails, _ erasedText: String?) -> JSON? {
    guard let title = details.title.value ?? erasedText else { return nil }
    let isText =
      details == EvidenceDetails(title: details.title) && GivenEvidence.isText(title)
    return isText ? .string(title) : try? Split.merged(details, erasedText: erasedText)
  }

  /// What the departments that a merge or a split founded are called.
  private static func addFounded(
    by event: RecordedEvent, in events: [RecordedEvent], _ erasedText: String?,
    to fields: inout JSONObject
  ) {
    let founded = events.compactMap { event -> (code: String, details: DepartmentDetails)? in
      guard case .department(.registered(let details)) = event.event else { return nil }
      return (event.stream.code, details)
    }
    switch event.event {
    case .department(.merged):
      guard let details = founded.first?.details else { return }
      fields["name"] = (details.name.value ?? erasedText).map(JSON.string)
      fields["lead"] = details.lead.map { .string($0.description) }
    case .department(.split):
      let names = founded.compactMap { code, details in
        (details.name.value ?? erasedText).map { JSON.string("\(code)=\($0)") }
      }
      fields["names"] = names.isEmpty ? nil : .array(names)
    default: break
    }
  }

  /// The fields that name a stream. The program's own maturity goes by one of two names; the command
  /// knows which.
  private static func subjectFields(_ field: String, of stream: StreamID) -> JSONObject {
    switch stream {
    case .program: [:]
    case .programMaturity: ["all": true, "programLevel": true]
    default: [field: .string(stream.reference)]
    }
  }
}

extension Event {
  fileprivate var handsOverSponsorship: Bool {
    if case .correction(_, .handedOver(let handover)) = self {
      handover.asSponsor == true
    } else {
      false
    }
  }

  /// Whether its payload has the fields of its command under their names, and none of them in another form.
  fileprivate var holdsItsCommand: Bool {
    switch self {
    case .correction, .request, .rate, .initiative(.opened), .initiative(.pilotConcluded),
      .initiative(.pilotCorrected), .unreadable:
      false
    case .program, .person, .department, .evidence, .waiver, .maturity, .platform, .initiative,
      .gap, .segment, .touchpoint, .standard, .survey, .channel, .insight, .note, .log:
      true
    }
  }
}

extension IssuedCommand {
  /// The command that led to events, to decide it again. What was erased reads as erased.
  /// - Parameters:
  ///   - events: All events of one command, in order.
  ///   - data: The data of each, where it is at hand; see ``RecordedCommand/command(of:storedAs:)``.
  ///   - erasedText: What stands for a text that was erased and that the command cannot do without; `nil`
  ///     leaves it out.
  ///   - hasReason: Whether `erasedText` stands for the reason, too.
  /// - Throws: `FieldError` where the events are no command's.
  package init(
    recorded events: [RecordedEvent], storedAs data: [Split]? = nil, erasedText: String? = nil,
    hasReason: Bool = false
  ) throws {
    guard let first = events.first else {
      throw FieldError("no event of the group comes from a command")
    }
    var command = erasedText == nil ? try RecordedCommand.only(events, storedAs: data) : nil
    if command == nil {
      var fields = try RecordedCommand.command(of: events, storedAs: data, erasedText: erasedText)
      guard let name = fields["command"]?.string, let type = Commands.byName[name] else {
        throw FieldError("no event of the group comes from a command")
      }
      for key in ["command", "on", "restate"] + EventContext.keys { fields[key] = nil }
      // Only the words tell whether a gap was closed unmet.
      if type == CloseGap.self, let erasedText, fields["unmetReason"] == nil {
        fields["unmetReason"] = .string(erasedText)
      }
      command = try type.init(
        from: FieldDecoder(split: Split(facts: .object(fields)), origin: .stored))
    }
    guard let command else { throw FieldError("no event of the group comes from a command") }
    self.init(
      command, on: first.occurredOn,
      context: EventContext(
        reason: try first.reason ?? (hasReason ? erasedText.map { try Text($0) } : nil),
        onBehalfOf: first.onBehalfOf,
        external: RecordedCommand.external(of: events)),
      restates: RecordedCommand.isRestatement(events))
  }
}
