/// A distance between what customers expect and what they perceive (domain §2).
package struct Gap: EntityState {
  package static let kind = EntityKind.gap

  package var details: GapDetails
  package var life = GapLife()
  /// What its last event changed, as it was before, so that this event can be taken back.
  package var previous: [Snapshot] = []
  /// The departments that it came from, where departments changed.
  package var moves: [PastMove]?

  /// The part that events change.
  package struct Snapshot: Codable, Hashable, Sendable {
    package var link: GapLink
    package var perceived: Exact?
    package var measuredOn: Day?
    package var life: GapLife
  }

  package init(details: GapDetails) { self.details = details }

  package var departments: [DepartmentCode] { [details.department] }
  package var owner: PersonID? {
    get { details.owner }
    set { details.owner = newValue }
  }
  package var people: [PersonID] { [owner, life.approver].compactMap(\.self) }
  package var isOpen: Bool { life.stage == .open }

  package mutating func revertLife(at _: Int64) {
    guard let before = previous.popLast() else { return }
    details.link = before.link
    details.perceived = before.perceived
    details.measuredOn = before.measuredOn
    life = before.life
  }
}

/// The recorded fields of a gap.
package struct GapDetails: EntityDetails {
  package var department: DepartmentCode
  package var link: GapLink
  package var title: Title
  /// What customers expect, in `unit`.
  package var expected: Exact?
  /// What they perceive, in `unit`; the latest value.
  package var perceived: Exact?
  package var unit: Title?
  /// Whether a lower value is better; absent means that a higher one is.
  package var lowerIsBetter: Bool?
  /// 1 (slight) to 5 (grave).
  package var severity: Int?
  package var phase: Phase?
  package var dimension: Dimension?
  package var attribute: Attribute?
  package var evidence: EvidenceRef?
  package var source: Text?
  package var measuredOn: Day?
  package var owner: PersonID?
  package var due: Day?
  /// Where customers feel it.
  package var touchpoint: TouchpointRef?
  /// The breach of a service standard whose figures it took over.
  package var breach: BreachRef?

  /// A gap is recorded from a breach; none becomes one later.
  package static let settled: Set = ["breach"]

  package func validate() throws(FieldError) {
    if let severity, !(1...5).contains(severity) {
      throw FieldError(path: "severity", "must be 1 to 5, not \(severity)")
    }
    if (expected != nil || perceived != nil) && unit == nil {
      throw FieldError(path: "unit", "is missing: expected and perceived are values in a unit")
    }
  }

  package func checkAmended(
    from before: GapDetails, of record: EntityRecord, in situation: Situation
  ) throws(Rejection) {
    if case .gap(let gap) = record.entity, gap.life.stage == .closed, gap.life.unmetReason == nil,
      before.isMet, !isMet
    {
      throw .gapIsUnmet(
        GapRef(record.stream.number), details: self,
        hint: "open it again first: cem gap reopen \(record.stream.reference) --reason TEXT")
    }
    guard measuredOn != before.measuredOn, case .gap(let gap) = record.entity else { return }
    // Of the last reassessment no more is kept than that it came before the gap's last event.
    try checkMeasured(by: gap.life.reassessments == 0 ? record.since : record.occurredOn)
  }

  /// Nothing was measured after the business date of the command that says so.
  func checkMeasured(by day: Day) throws(Rejection) {
    if let measuredOn, measuredOn > day { throw .measuredLater(measuredOn, than: day) }
  }

  /// How far the perceived value falls short of the expected one, in the direction that hurts:
  /// positive where it hurts, zero or less where it is met; unknown where either is (domain §2).
  package var size: Exact? {
    guard let expected, let perceived else { return nil }
    return lowerIsBetter == true ? perceived - expected : expected - perceived
  }

  /// Whether what is perceived is as good as expected. Without an expected value there is nothing to be met.
  package var isMet: Bool { expected == nil || size.map { $0 <= .zero } ?? false }

  /// What a gap of unknown severity counts as where gaps are ordered: the middle of 1 to 5.
  package static let middleSeverity = 3

  /// The severity by which gaps are ordered.
  package var weight: Int { severity ?? GapDetails.middleSeverity }

  /// The size relative to the expected value's magnitude, so that it has the sign of the size;
  /// unknown where that is zero (domain §0).
  package var relativeSize: Exact? {
    guard let size, let expected else { return nil }
    return size.divided(by: expected.magnitude)
  }
}

/// Where a gap stands.
package struct GapLife: Codable, Hashable, Sendable {
  package enum Stage: String, Term {
    case open, closed, accepted
  }

  package var stage = Stage.open
  /// The business date of the last change of stage.
  package var since: Day?
  package var resolution: Text?
  package var unmetReason: Text?
  /// What its closing rests on.
  package var closingEvidence: EvidenceRef?
  package var approver: PersonID?
  /// Who approved the acceptance beside the login that asked; `nil` where nobody did.
  package var approval: Approval?
  /// When to look at an accepted gap again.
  package var reviewOn: Day?
  /// How often a new value was recorded.
  package var reassessments = 0
  /// How often it was opened again.
  package var reopenings = 0
  /// When it ceased to be open and was opened again.
  package var turns: Turns?
}
