/// Corrects recorded fields of a thing.
package struct AmendRecord<State: EntityState>: AmendCommand {
  package static var name: String { "\(State.kind.rawValue).amend" }

  package var subject: StreamID
  /// The new values by field; null clears a field. `impressions.feel` is one part of a field, which
  /// leaves the other parts as they are.
  package var fields: JSONObject

  package init(subject: StreamID, fields: JSONObject) {
    self.subject = subject
    self.fields = fields
  }

  package init(from decoder: any Decoder) throws {
    let decoder = decoder as! FieldDecoder
    subject = try decoder.subject(State.kind)
    var fields = decoder.split.merged.object ?? JSONObject()
    fields[State.kind.rawValue] = nil
    decoder.askForAll()
    self.fields = fields
  }

  package func encode(to encoder: any Encoder) throws {
    var object = fields
    if subject != .program { object[State.kind.rawValue] = .string(subject.reference) }
    var container = encoder.singleValueContainer()
    try container.encode(AmendedFields(split: Split(facts: .object(object))))
  }

  package func decide(in situation: Situation) throws(Rejection) -> [Change] {
    let record = try situation.require(subject, retired: true)
    guard let state = record.entity.state as? State else { throw .notFound(subject) }
    guard !fields.isEmpty else {
      throw Rejection(
        .input, "amend.nothing", "no field to correct was given",
        hint: "cem \(State.kind.rawValue) amend --help")
    }
    if let settled = fields.keys.first(where: { State.Details.settled.contains(root(of: $0)) }) {
      throw Rejection(
        "\(State.kind.rawValue).settled",
        "\(settled) of \(subject.reference) cannot be corrected: other facts rest on it",
        details: ["field": .string(settled)])
    }
    var amended = try amendedDetails(state.details)
    try amended.derive(in: situation)
    let amendment: Amendment
    let after: [DepartmentCode]
    do {
      try validate(amended, from: state.details)
      amendment = try Amendment(from: state.details, to: amended)
      var changed = state
      changed.details = amended
      after = changed.departments
      try situation.requireReferences(in: amendment)
      try amended.checkAmended(from: state.details, of: record, in: situation)
    } catch let error as FieldError {
      throw .input(error)
    } catch let error as Rejection {
      throw error
    } catch {
      throw .input(FieldError("cannot be read"))
    }
    guard !amendment.changed.isEmpty else { return [] }
    try situation.requireReason("a correction")
    return [
      Change(
        subject, .correction(State.kind, .amended(amendment)),
        departments: state.departments + after.filter { !state.departments.contains($0) })
    ] + (try amended.companions(from: state.details, of: subject, in: situation))
  }

  /// Checks the rules between fields. What an erasure broke is not laid at the amendment's door.
  private func validate(
    _ amended: State.Details, from before: State.Details
  ) throws(FieldError) {
    do {
      try amended.validate()
    } catch {
      guard fields[error.path] == nil else { throw error }
      do { try before.validate() } catch let earlier where earlier == error { return }
      throw error
    }
  }

  /// The field that a name stands for, or stands for a part of.
  private func root(of name: String) -> String { String(name.prefix { $0 != "." }) }

  private func set(_ member: JSONObject.Member, in object: inout JSONObject) {
    let value = member.value == .null ? nil : member.value
    let root = root(of: member.key)
    guard root != member.key else {
      object[root] = value
      return
    }
    var parts = object[root]?.object ?? JSONObject()
    parts[String(member.key.dropFirst(root.count + 1))] = value
    object[root] = parts.isEmpty ? nil : .object(parts)
  }

  private func amendedDetails(_ details: State.Details) throws(Rejection) -> State.Details {
    do {
      var object = try Split(details).merged.object ?? JSONObject()
      for member in fields.members {
        set(member, in: &object)
      }
      let decoder = FieldDecoder(
        split: Split(facts: .object(object)), origin: .amending(Set(fields.keys.map(root(of:)))))
      let amended = try State.Details(from: decoder)
      // A cleared field is in no part of what was decoded.
      let unknown =
        decoder.firstUnknown()
        ?? fields.keys.first { decoder.askedFor?.contains(root(of: $0)) != true }
      if let unknown {
        throw FieldError(path: shown(unknown), "\(Self.name) has no such field")
      }
      return amended
    } catch let error as FieldError {
      throw .input(error)
    } catch {
      throw .input(FieldError("cannot be read"))
    }
  }
}

extension Amendment {
  /// The difference between two states of the recorded fields.
  init<Details: EntityDetails>(from before: Details, to after: Details) throws {
    let (before, after) = (try Split(before), try Split(after))
    let parts = [before.facts, before.personal, after.facts, after.personal]
      .map { $0?.object ?? JSONObject() }
    var old = (facts: JSONObject(), personal: JSONObject())
    var new = old
    var changed: [String] = []
    for name in Set(parts.flatMap(\.keys)).sorted(by: { $0.precedesByBytes($1) })
    where parts[0][name] != parts[2][name] || parts[1][name] != parts[3][name] {
      changed.append(name)
      old.facts[name] = parts[0][name]
      old.personal[name] = parts[1][name]
      new.facts[name] = parts[2][name]
      new.personal[name] = parts[3][name]
    }
    func fields(_ parts: (facts: JSONObject, personal: JSONObject)) -> AmendedFields {
      AmendedFields(
        split: Split(
          facts: .object(parts.facts),
          personal: parts.personal.isEmpty ? nil : .object(parts.personal)))
    }
    self.init(changed: changed, old: fields(old), new: fields(new))
  }
}

extension Situation {
  /// Checks that what an amendment newly refers to exists.
  fileprivate func requireReferences(in amendment: Amendment) throws {
    for member in amendment.new.split.facts?.object?.members ?? [] {
      let before = references(in: amendment.old.split.facts?.object?[member.key])
      for text in references(in: member.value) where !before.contains(text) {
        switch member.key {
        case "department", "with": _ = try require(DepartmentCode(scalar: text).stream)
        case "owner", "sponsor", "lead", "approver": _ = try require(PersonID(scalar: text).stream)
        case "segment": _ = try require(SegmentCode(scalar: text).stream)
        case "evidence", "platform", "gaps", "restsOn", "touchpoint", "touchpoints", "insights",
          "platforms", "initiatives":
          if let stream = StreamID(text) { _ = try require(stream) }
        default: break
        }
      }
    }
  }

  private func references(in value: JSON?) -> [String] {
    switch value {
    case .string(let text): [text]
    case .array(let items): items.compactMap(\.string)
    case nil, .null, .bool, .int, .object: []
    }
  }
}
