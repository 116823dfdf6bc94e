/// What can happen to things of every kind: corrections, a change of owner, and of department.
package enum CorrectionEvent: Hashable, Sendable {
  case amended(Amendment)
  case voided(Voiding)
  case restored(Restoration)
  case reverted(Reversion)
  /// The same of what takes an approver, which is not taken back without one: a retirement or its end, a verdict.
  case approvedReverted(Reversion)
  case handedOver(Handover)
  case moved(Move)

  /// The stored forms for one kind of thing.
  static func forms(of kind: EntityKind) -> [StoredForm<CorrectionEvent>] {
    let noun = kind.rawValue
    let reverted = StoredForm<CorrectionEvent>("\(noun).reverted", 1, command: "undo") {
      .reverted($0)
    }
    // A level has corrections of its own.
    if kind == .maturity { return [reverted] }
    let common: [StoredForm<CorrectionEvent>] = [
      StoredForm("\(noun).amended", 1, command: "\(noun).amend", subject: noun) { .amended($0) },
      StoredForm("\(noun).voided", 1, command: "\(noun).void", subject: noun) { .voided($0) },
      StoredForm("\(noun).restored", 1, command: "\(noun).restore", subject: noun) {
        .restored($0)
      },
      reverted,
      StoredForm("\(noun).handed-over", 1, command: "person.handover") { .handedOver($0) },
    ]
    let approvedReverted = typeOfApprovedReverted(kind).map { type in
      StoredForm<CorrectionEvent>(type, 1, command: "undo") { .approvedReverted($0) }
    }
    // It accompanies what became of the department.
    return common
      + (approvedReverted.map { [$0] } ?? [])
      + (kind.moves ? [StoredForm("\(noun).moved", 1, command: nil) { .moved($0) }] : [])
  }

  /// What is approved of a kind of thing, and taken back by an approver; `nil` where nothing is.
  private static func typeOfApprovedReverted(_ kind: EntityKind) -> String? {
    switch kind {
    case .touchpoint, .standard: "\(kind.rawValue).retirement-reverted"
    case .initiative: "\(kind.rawValue).verdict-reverted"
    default: nil
    }
  }

  /// The event that takes another one back.
  init(takingBack event: RecordedEvent) {
    let reversion = Reversion(position: event.position, type: event.event.type)
    switch event.event {
    case .touchpoint(.retired), .touchpoint(.reinstated), .standard(.retired),
      .standard(.reinstated), .initiative(.pilotConcluded), .initiative(.pilotCorrected):
      self = .approvedReverted(reversion)
    default: self = .reverted(reversion)
    }
  }

  func stored(
    of kind: EntityKind
  ) -> (type: String, schemaVersion: Int, payload: any Encodable & Sendable) {
    switch self {
    case .amended(let payload): ("\(kind.rawValue).amended", 1, payload)
    case .voided(let payload): ("\(kind.rawValue).voided", 1, payload)
    case .restored(let payload): ("\(kind.rawValue).restored", 1, payload)
    case .reverted(let payload): ("\(kind.rawValue).reverted", 1, payload)
    case .approvedReverted(let payload):
      (Self.typeOfApprovedReverted(kind) ?? "\(kind.rawValue).reverted", 1, payload)
    case .handedOver(let payload): ("\(kind.rawValue).handed-over", 1, payload)
    case .moved(let payload): ("\(kind.rawValue).moved", 1, payload)
    }
  }
}

/// Recorded fields were wrong and are corrected; nothing else about the thing changes.
package struct Amendment: Codable, Hashable, Sendable {
  /// The names of the fields, sorted by bytes.
  package var changed: [String]
  package var old: AmendedFields
  package var new: AmendedFields
}

extension Amendment {
  /// What it changes, by field; the parts of a field each for itself.
  /// - Parameter before: the thing as it was, which tells a text that was erased from one that was never there.
  package func changes(of before: EntityRecord?) -> [FieldChange] {
    let known = before.flatMap { try? Split.merged($0.entity.state, erasedText: "").object }
    let details = known?["details"]?.object
    return changed.flatMap { name -> [FieldChange] in
      let (old, new) = (old.value(of: name), new.value(of: name))
      guard old?.object != nil || new?.object != nil else {
        let wasErased = old == nil && details?[name] != nil
        return [FieldChange(name, from: old, to: new, wasErased: wasErased)]
      }
      return FieldChange.between(old, new, under: "\(name).")
    }
  }
}

extension FieldChange {
  /// What differs between the members of two objects; none is as good as an empty one.
  fileprivate static func between(
    _ old: JSON?, _ new: JSON?, under path: String = ""
  ) -> [FieldChange] {
    let (old, new) = (old?.object ?? JSONObject(), new?.object ?? JSONObject())
    return (old.keys + new.keys.filter { old[$0] == nil }).filter { old[$0] != new[$0] }
      .map { FieldChange(path + $0, from: old[$0], to: new[$0]) }
  }

  fileprivate init(
    _ field: String, from old: (any CustomStringConvertible)?,
    to new: (any CustomStringConvertible)?
  ) {
    self.init(
      field, from: old.map { JSON.string("\($0)") }, to: new.map { JSON.string("\($0)") },
      wasErased: false)
  }
}

extension RecordedEvent {
  /// What it corrects, by field; `nil` where it corrects nothing.
  /// - Parameter before: the thing as it was.
  package func corrections(of before: EntityRecord?) -> [FieldChange]? {
    switch event {
    case .correction(_, .amended(let amendment)): amendment.changes(of: before)
    case .standard(.revised(let revised)):
      [
        FieldChange("target", from: revised.before, to: revised.target),
        FieldChange("from", from: revised.fromBefore, to: revised.from),
      ]
    case .standard(.versionCorrected(let corrected)):
      corrected.drop == true
        ? [FieldChange("versions.\(corrected.version)", from: corrected.before, to: nil)]
        : [
          corrected.target.map { FieldChange("target", from: corrected.before, to: $0) },
          corrected.from.map { FieldChange("from", from: corrected.version, to: $0) },
        ].compactMap { $0 }
    case .initiative(.pilotCorrected(let corrected)):
      FieldChange.between(try? Split.merged(corrected.old), try? Split.merged(corrected.new))
    default: nil
    }
  }
}

/// Fields whose names are known only at run time, divided into facts and private values.
package struct AmendedFields: Codable, Hashable, Sendable {
  package var split: Split

  package init(split: Split) { self.split = split }

  package init(from decoder: any Decoder) throws { split = (decoder as! FieldDecoder).split }

  package func encode(to encoder: any Encoder) throws { (encoder as! FieldEncoder).put(split) }

  /// A field's value in both parts joined; `nil` where it is not set.
  package func value(of name: String) -> JSON? {
    let part = Split(
      facts: split.facts?.object?[name], personal: split.personal?.object?[name])
    return part.facts == nil && part.personal == nil ? nil : part.merged
  }
}

/// The thing should never have been recorded, perhaps because it is there already.
package struct Voiding: Codable, Hashable, Sendable {
  package var duplicateOf: StreamID?
}

/// A voided thing counts again.
package struct Restoration: Codable, Hashable, Sendable {
  /// What it was voided as a duplicate of, so that the change can be taken back.
  package var duplicateOf: StreamID?
}

/// The last step in the thing's life was recorded by mistake and is taken back.
package struct Reversion: Codable, Hashable, Sendable {
  /// The position of the event that is taken back.
  package var position: Int64
  /// Its type.
  package var type: String
}

/// The thing has another owner, or another sponsor, now.
package struct Handover: Codable, Hashable, Sendable {
  package var from: PersonID
  package var to: PersonID
  /// Where only what concerns one department was handed over.
  package var department: DepartmentCode?
  /// Whether it has another sponsor now, and its owner stays; absent where it has another owner.
  package var asSponsor: Bool?
}

extension Handover {
  /// The recorded field of a kind of thing that it changes.
  package func field(of kind: EntityKind) -> String {
    asSponsor == true ? "sponsor" : kind == .department ? "lead" : "owner"
  }
}

extension EntityRecord {
  mutating func evolve(with correction: CorrectionEvent) {
    switch correction {
    case .amended(let amendment): entity.state.apply(amendment)
    case .voided(let voiding):
      isVoided = true
      duplicateOf = voiding.duplicateOf
    case .restored:
      isVoided = false
      duplicateOf = nil
    case .reverted(let reversion) where reversion.type == MaturityEvent.typeOfAssessment:
      // It confirmed the level, and so changed nothing that is kept here.
      break
    case .reverted, .approvedReverted: entity.state.revertLife(at: position)
    case .handedOver(let handover) where handover.asSponsor == true:
      guard case .initiative(var initiative) = entity else { return }
      initiative.details.sponsor = handover.to
      entity = .initiative(initiative)
    case .handedOver(let handover): entity.state.owner = handover.to
    // Needs to know when, and is applied where that is known.
    case .moved: break
    }
  }
}

extension EntityState {
  /// Sets the amended fields. A field whose private value was erased reads as erased.
  fileprivate mutating func apply(_ amendment: Amendment) {
    guard let old = try? Split.merged(details).object else { return }
    var fields = old
    for name in amendment.changed { fields[name] = amendment.new.value(of: name) }
    if let details: Details = try? Split(facts: .object(fields)).decode() {
      self.details = details
    }
  }
}
