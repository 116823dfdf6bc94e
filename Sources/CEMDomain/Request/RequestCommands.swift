/// Asks for a command that takes an approver, in place of carrying it out.
///
/// An import row says it by `"request": true` beside the fields of the command itself.
package struct MakeRequest: Command {
  package static let name = "request.make"
  /// The name of the command that is asked for.
  package var of: String
  /// Its fields in their two parts, as it encodes itself.
  package var given: Split
  /// The day in a closed period on which it is to be dated, as a restatement.
  package var restates: Day?

  private enum Key: String, CodingKey { case of, given, restates }

  /// - Throws: `FieldError` for a command that is about requests itself.
  package init(_ command: any Command, restates: Day? = nil) throws {
    of = type(of: command).name
    given = try Split(command)
    self.restates = restates
    try checkIsOther()
  }

  package init(from decoder: any Decoder) throws {
    let origin = (decoder as! FieldDecoder).origin
    let fields = try decoder.container(keyedBy: Key.self)
    of = try fields.decode(String.self, forKey: .of)
    restates = try fields.decodeIfPresent(Day.self, forKey: .restates)
    let split = try fields.decode(AmendedFields.self, forKey: .given).split
    given = split
    try checkIsOther()
    guard let type = Commands.byName[of] else {
      throw FieldError(path: Key.of.stringValue, "there is no command \(shown(of))")
    }
    do {
      let command: any Command
      switch origin {
      case .stored: command = try type.init(from: FieldDecoder(split: split, origin: .stored))
      case .given, .amending:
        command = try Commands.read(type, split.merged.object ?? JSONObject())
      }
      given = try Split(command)
    } catch let error as FieldError {
      throw error.under(Key.given.stringValue)
    }
  }

  package func encode(to encoder: any Encoder) throws {
    var fields = encoder.container(keyedBy: Key.self)
    try fields.encode(of, forKey: .of)
    try fields.encode(AmendedFields(split: given), forKey: .given)
    try fields.encodeIfPresent(restates, forKey: .restates)
  }

  private func checkIsOther() throws(FieldError) {
    guard !of.hasPrefix("\(EntityKind.request.rawValue).") else {
      throw FieldError(path: Key.of.stringValue, "\(of) cannot be asked for: it is about requests")
    }
  }

  /// The command that is asked for.
  func command() throws(Rejection) -> any Command {
    guard let type = Commands.byName[of] else { throw .input(FieldError(path: "of", "is unknown")) }
    do {
      return try type.init(from: FieldDecoder(split: given, origin: .stored))
    } catch let error as FieldError {
      throw .input(error)
    } catch {
      throw .input(FieldError(path: "given", "cannot be read"))
    }
  }

  package func decide(in situation: Situation) throws(Rejection) -> [Change] {
    let command = try command()
    // What a rule refuses now is not worth asking for.
    let changes = try situation.changes(by: command, with: situation.context, restating: restates)
    guard !changes.isEmpty else { return [] }
    guard changes.contains(where: \.event.takesApprover) else { throw .takesNoApprover(of) }
    let split = command.givenParts(leadingTo: changes)
    let about = try situation.existing(changes.map(\.stream))
    var departments: [DepartmentCode] = []
    for department in changes.flatMap(\.departments) where !departments.contains(department) {
      departments.append(department)
    }
    let context = situation.context
    let details = RequestDetails(
      of: of, given: GivenFacts(json: split.facts ?? .object([:])),
      words: split.personal.map { GivenWords(json: $0) }, outside: context.external,
      about: about, departments: departments,
      isWorded: split.personal != nil || context.reason != nil || context.onBehalfOf != nil,
      restates: restates)
    return [
      Change(
        try situation.next(.request), .request(.made(details)), departments: departments)
    ]
  }
}

extension Command {
  /// The fields in their two parts, given what they lead to.
  ///
  /// An amendment's fields are known by name alone; which of them are facts, the event tells.
  fileprivate func givenParts(leadingTo changes: [Change]) -> Split {
    guard let split = try? Split(self) else { return Split() }
    guard self is any AmendCommand, let object = split.facts?.object else { return split }
    var facts = JSONObject()
    var words = JSONObject()
    for case .correction(let kind, .amended(let amendment)) in changes.map(\.event) {
      for member in object.members {
        let root = String(member.key.prefix { $0 != "." })
        // Whatever the event does not show to be a fact may be somebody's words.
        let isFact =
          root == kind.rawValue || member.value == .null
          || (amendment.new.split.facts?.object?[root] != nil
            && amendment.new.split.personal?.object?[root] == nil)
        if isFact { facts[member.key] = member.value } else { words[member.key] = member.value }
      }
    }
    return Split(
      facts: .object(facts), personal: words.isEmpty ? nil : .object(words))
  }
}

/// Approves a request: what was asked for is decided anew, on the day of the approval, and carried out.
package struct ApproveRequest: Command {
  package static let name = "request.approve"
  package var request: RequestRef

  package func decide(in situation: Situation) throws(Rejection) -> [Change] {
    let state = try situation.openRequest(request)
    var context = state.context
    if state.isErased {
      guard situation.forgivesErasure else { throw .requestErased(request) }
      context.reason = .erased
    }
    if let person = context.onBehalfOf { _ = try situation.require(person.stream) }
    let command = try situation.command(of: state)
    let changes = try situation.changes(
      by: command, with: context, restating: state.details.restates)
    guard !changes.isEmpty else {
      throw Rejection(
        "request.moot", "\(state.details.of) has nothing to do any more",
        hint: "cem reject \(request) --reason TEXT")
    }
    try situation.checkIndependence(of: request, state, restingOn: command, changes)
    return [
      Change(
        request.stream, .request(.approved(RequestApproved())),
        departments: state.details.departments)
    ]
      + changes.map { change in
        var change = change
        change.request = request
        change.context = context
        return change
      }
  }
}

/// Rejects a request: nothing of what was asked for happens.
package struct RejectRequest: Command {
  package static let name = "request.reject"
  package var request: RequestRef

  package func decide(in situation: Situation) throws(Rejection) -> [Change] {
    let state = try situation.openRequest(request)
    try situation.requireReason("a rejection")
    // What it would lead to now says which evidence it rests on; it may lead to nothing any more.
    let command = try situation.command(of: state)
    var changes: [Change] = []
    do {
      changes = try situation.changes(
        by: command, with: state.context, restating: state.details.restates)
    } catch {
      if case .unloaded = error.kind { throw error }
    }
    try situation.checkIndependence(of: request, state, restingOn: command, changes)
    return [
      Change(
        request.stream, .request(.rejected(RequestRejected())),
        departments: state.details.departments)
    ]
  }
}

extension Situation {
  /// A request that nobody decided yet.
  func openRequest(_ ref: RequestRef) throws(Rejection) -> Request {
    let request = try require(ref.stream, as: \.request)
    guard request.isOpen else {
      throw Rejection(
        "request.decided", "\(ref) was \(request.life.stage.rawValue) before",
        hint: "cem request show \(ref)")
    }
    return request
  }

  fileprivate func command(of request: Request) throws(Rejection) -> any Command {
    do { return try request.command() } catch {
      throw Rejection("request.unreadable", "\(request.details.of) cannot be read any more")
    }
  }

  /// What a command that is asked for leads to, with its restatement where it is dated in a closed period.
  fileprivate func changes(
    by command: any Command, with context: EventContext, restating day: Day?
  ) throws(Rejection) -> [Change] {
    let situation = with(context, on: day)
    var changes = try command.decide(in: situation)
    guard let day, !changes.isEmpty else { return changes }
    for change in changes {
      if let record = try find(change.stream), day < record.occurredOn {
        throw .tooEarly(day, after: record.occurredOn, of: change.stream)
      }
    }
    changes.append(try situation.restatement())
    for index in changes.indices { changes[index].on = day }
    return changes
  }

  /// The first of some streams that is there already.
  fileprivate func existing(_ streams: [StreamID]) throws(Rejection) -> StreamID? {
    for stream in streams where try find(stream) != nil { return stream }
    return nil
  }

  /// Checks that whoever decides is neither the login that asked nor one that recorded the evidence.
  fileprivate func checkIndependence(
    of ref: RequestRef, _ request: Request, restingOn command: any Command, _ changes: [Change]
  ) throws(Rejection) {
    guard actor != request.requestedBy else {
      throw Rejection(
        .notAllowed, "request.own", "\(ref) was asked for by this login, \(shown(actor))",
        hint: "another login decides; to take it back: cem request void \(ref) --reason TEXT")
    }
    var evidence = FieldEncoder.references(of: command).filter { $0.kind == .evidence }
    if let stream = (command as? any EvidenceCommand)?.evidenceGiven?.stream {
      evidence.append(stream)
    }
    for change in changes {
      evidence += FieldEncoder.references(of: change.event.stored.payload)
        .filter { $0.kind == .evidence }
    }
    // What the request itself brings along is recorded with the approval.
    let added = changes.map(\.stream)
    for stream in Set(evidence).subtracting(added).sorted()
    where try state.recorders(of: stream).contains(actor) {
      throw Rejection(
        .notAllowed, "request.own-evidence",
        "\(ref) rests on \(stream.reference), which this login, \(shown(actor)), recorded",
        hint: "another login decides: cem approve \(ref)",
        details: ["evidence": .string(stream.reference)])
    }
  }
}

extension Rejection {
  /// Four eyes: the command has to be asked for.
  static func needsApproval(_ command: String) -> Rejection {
    Rejection(
      "request.needed",
      "this program asks for four eyes: \(command) takes another login's approval",
      hint: "ask for it: the same command with --request")
  }

  static func takesNoApprover(_ command: String) -> Rejection {
    Rejection(
      "request.needless", "\(command) takes nobody's approval here", hint: "leave out --request")
  }

  static func requestErased(_ ref: RequestRef) -> Rejection {
    Rejection(
      "request.erased", "the words of \(ref) were erased: what was asked for cannot be carried out",
      hint: "ask for it anew, and: cem reject \(ref) --reason TEXT")
  }
}
