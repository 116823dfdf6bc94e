/// Takes a thing that should never have been recorded out of every count.
package struct VoidRecord<State: EntityState>: CorrectionCommand {
  package static var name: String { "\(State.kind.rawValue).void" }

  package var subject: StreamID
  package var duplicateOf: StreamID?

  private enum Key: String, CodingKey { case duplicateOf }

  package init(subject: StreamID, duplicateOf: StreamID? = nil) {
    self.subject = subject
    self.duplicateOf = duplicateOf
  }

  package init(from decoder: any Decoder) throws {
    subject = try (decoder as! FieldDecoder).subject(State.kind)
    let original = try decoder.container(keyedBy: Key.self)
      .decodeIfPresent(String.self, forKey: .duplicateOf)
    do {
      duplicateOf = try original.map { text throws(FieldError) in
        try StreamID(reference: text, kind: State.kind)
      }
    } catch {
      throw error.under(Key.duplicateOf.stringValue)
    }
  }

  package func encode(to encoder: any Encoder) throws {
    var object = JSONObject()
    object[State.kind.rawValue] = .string(subject.reference)
    object["duplicateOf"] = duplicateOf.map { .string($0.reference) }
    var container = encoder.singleValueContainer()
    try container.encode(AmendedFields(split: Split(facts: .object(object))))
  }

  package func decide(in situation: Situation) throws(Rejection) -> [Change] {
    guard let record = try situation.find(subject) else { throw .notFound(subject) }
    guard !record.isVoided else { return [] }
    try situation.requireReason("voiding")
    if let duplicateOf {
      guard duplicateOf != subject else {
        throw Rejection(.input, "void.self", "a thing cannot be a duplicate of itself")
      }
      _ = try situation.require(duplicateOf, retired: true)
    }
    try checkUnused(record, in: situation)
    return [
      Change(
        subject, .correction(State.kind, .voided(Voiding(duplicateOf: duplicateOf))),
        departments: record.entity.state.departments)
    ] + (try waivers(of: record, in: situation))
  }

  /// Waivers that were granted for the thing alone go with it.
  private func waivers(
    of record: EntityRecord, in situation: Situation
  ) throws(Rejection) -> [Change] {
    var changes: [Change] = []
    for stream in record.entity.waivers {
      guard let waiver = try situation.find(stream), !waiver.isVoided else { continue }
      changes.append(
        Change(
          stream, .correction(.waiver, .voided(Voiding())),
          departments: waiver.entity.state.departments))
    }
    return changes
  }

  /// People whom something names, and departments with work, stay until these have moved.
  private func checkUnused(_ record: EntityRecord, in situation: Situation) throws(Rejection) {
    let users: [EntityRecord]
    let hint: String
    switch record.entity {
    case .person:
      let person = PersonID(stream: subject)
      users = try situation.state.naming(person)
      hint =
        users.contains { $0.entity.state.owner == person }
        ? "cem person handover \(subject.reference) --to ID"
        : "name another with: cem \(users.first?.stream.kind.rawValue ?? "gap") amend"
    case .department:
      let code = DepartmentCode(stream: subject)
      if let former = try situation.predecessor(of: code) {
        throw .isSuccessor(code, of: former)
      }
      users = try situation.state.concerning(code)
        .filter { record in
          // A maturity stream cannot be voided, but it can come to hold nothing.
          if case .maturity(let maturity) = record.entity { return !maturity.isBlank }
          return record.stream != subject
        }
      hint =
        switch users.first?.stream {
        case let level? where level.kind == .maturity:
          "cem maturity correct \(subject.code) --reason TEXT, and reopen what was done of its actions"
        case let other?:
          "void or amend them first: cem \(other.kind.rawValue) void \(other.reference)"
        case nil: ""
        }
    case .touchpoint(let touchpoint):
      users = try situation.state.concerning(touchpoint.details.department).filter { record in
        guard case .standard(let standard) = record.entity else { return false }
        return standard.details.touchpoint.stream == subject
      }
      hint = "void its standards first: cem standard void REF --reason TEXT"
    case .program, .maturity, .log:
      throw Rejection("\(State.kind.rawValue).void", "a \(State.kind.rawValue) cannot be voided")
    case .request:
      // What it led to stands by itself, and a decision is part of the history.
      _ = try situation.openRequest(RequestRef(subject.number))
      return
    case .evidence, .waiver, .platform, .initiative, .gap, .segment, .standard, .survey, .channel,
      .insight, .note, .rate:
      return
    }
    guard let first = users.first else { return }
    // A level has the name of its department.
    let name = first.stream.kind == .maturity ? "its maturity level" : first.stream.reference
    let count = users.count == 1 ? "" : "\(users.count) things, first by "
    throw Rejection(
      "\(State.kind.rawValue).in-use",
      "\(subject.reference) is still named by \(count)\(name)",
      hint: hint,
      details: ["references": .array(users.prefix(100).map { .string($0.stream.reference) })])
  }
}

extension Situation {
  /// A department that is gone and in whose place another stands. Nobody asked for it in logs of long ago.
  fileprivate func predecessor(of code: DepartmentCode) throws(Rejection) -> DepartmentCode? {
    guard !forgivesErasure else { return nil }
    for record in try state.all(.department) {
      guard case .department(let other) = record.entity,
        other.retirement?.successors?.contains(code) == true
      else { continue }
      return other.code
    }
    return nil
  }
}

extension Rejection {
  fileprivate static func isSuccessor(
    _ code: DepartmentCode, of former: DepartmentCode
  ) -> Rejection {
    Rejection(
      "department.in-use", "\(code) took the place of \(former)",
      hint: "cem department reinstate \(former) --with-work",
      details: ["references": [.string(former.code)]])
  }
}

/// Makes a voided thing count again.
package struct RestoreRecord<State: EntityState>: CorrectionCommand {
  package static var name: String { "\(State.kind.rawValue).restore" }

  package var subject: StreamID

  package init(subject: StreamID) { self.subject = subject }

  package init(from decoder: any Decoder) throws {
    subject = try (decoder as! FieldDecoder).subject(State.kind)
  }

  package func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    let object: JSONObject = [State.kind.rawValue: .string(subject.reference)]
    try container.encode(AmendedFields(split: Split(facts: .object(object))))
  }

  package func decide(in situation: Situation) throws(Rejection) -> [Change] {
    guard let record = try situation.find(subject) else { throw .notFound(subject) }
    guard record.isVoided else { return [] }
    try situation.requireReason("restoring")
    // What it refers to may have been voided meanwhile, or have moved.
    let departments = record.entity.state.departments
    let place = try place(of: record, in: situation) ?? departments
    for department in place where department.stream != subject {
      _ = try situation.require(
        department.stream, retired: record.entity.movable?.goesAlong != true)
    }
    try situation.requireAll(record.entity.state.people)
    var changes = [
      Change(
        subject,
        .correction(State.kind, .restored(Restoration(duplicateOf: record.duplicateOf))),
        departments: departments)
    ]
    if let from = departments.first, let to = place.first {
      changes += try situation.moves(of: [record], from: from) { _ in to }
    }
    if case .gap(let gap) = record.entity, let breach = gap.details.breach,
      case .standard(let standard)? = try situation.find(breach.stream)?.entity
    {
      changes += try standard.note(GapRef(subject.number), at: breach, in: situation)
    }
    return changes + (try waivers(of: record, in: situation))
  }

  /// The departments where a standard has to stand: its touchpoint's. `nil` of anything else.
  private func place(
    of record: EntityRecord, in situation: Situation
  ) throws(Rejection) -> [DepartmentCode]? {
    guard case .standard(let standard) = record.entity else { return nil }
    let touchpoint = standard.details.touchpoint
    return standard.isOpen
      ? try situation.activeTouchpoint(touchpoint).departments
      : try situation.touchpoint(touchpoint).departments
  }

  /// The waivers that were voided with the thing, by the same command, come back with it.
  private func waivers(
    of record: EntityRecord, in situation: Situation
  ) throws(Rejection) -> [Change] {
    var changes: [Change] = []
    var position = record.position
    for stream in record.entity.waivers {
      // A command's events stand side by side in the log.
      guard let waiver = try situation.find(stream), waiver.isVoided,
        waiver.position == position &+ 1
      else { continue }
      position = waiver.position
      changes += try RestoreRecord<Waiver>(subject: stream).decide(in: situation)
    }
    return changes
  }
}

extension Entity {
  /// The waivers that were granted for this thing alone.
  fileprivate var waivers: [StreamID] {
    guard case .initiative(let state) = self else { return [] }
    return [state.details.platformWaiver, state.life.platformWaiver, state.life.pilotWaiver]
      .compactMap { $0?.stream }
  }
}

extension FieldDecoder {
  /// The thing of a kind that a command names by its noun, as a reference or a code.
  func subject(_ kind: EntityKind) throws -> StreamID {
    if kind == .program { return .program }
    let key = kind.rawValue
    askFor(key)
    let value = FieldDecoder(split: Split(facts: split.merged.object?[key]), origin: .given)
    do {
      return try StreamID(reference: try value.string(), kind: kind)
    } catch {
      throw error.under(key)
    }
  }
}

extension StreamID {
  /// The thing of a kind with a reference (`GAP-12`, `12`), a code, or its stream's name.
  package init(reference text: String, kind: EntityKind) throws(FieldError) {
    if kind.referencePrefix != nil, let number = positiveNumber(text) {
      self.init(kind, number: number)
    } else if kind.referencePrefix == nil, isCode(text) {
      self.init(kind, code: text)
    } else if let stream = StreamID(text), stream.kind == kind {
      self = stream
    } else {
      let form = kind.referencePrefix.map { "a reference like \($0)-7" } ?? "a code"
      throw FieldError("must be \(form), not \(shown(text))")
    }
  }
}
