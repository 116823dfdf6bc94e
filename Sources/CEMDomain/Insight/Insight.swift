/// What was found out about customers: the answer to a diagnostic question (domain §6).
package struct Insight: EntityState {
  package static let kind = EntityKind.insight

  package var details: InsightDetails

  package init(details: InsightDetails) { self.details = details }

  package var departments: [DepartmentCode] { details.department.map { [$0] } ?? [] }
  package var owner: PersonID? {
    get { details.owner }
    set { details.owner = newValue }
  }
}

/// The recorded fields of an insight.
package struct InsightDetails: EntityDetails {
  package var question: DiagnosticQuestion
  package var finding: Text
  package var segment: SegmentCode
  package var plane: ExperientialPlane
  package var department: DepartmentCode?
  package var touchpoint: TouchpointRef?
  package var stage: JourneyStage?
  package var module: ExperienceModule?
  /// What customers do there, at the stage or the touchpoint.
  package var outcome: JourneyOutcome?
  /// The share of customers who do, 0 to 1.
  package var share: Exact?
  /// The peak feeling that it tells of.
  package var peak: PeakFeeling?
  /// What it speaks about: gaps, platforms and initiatives.
  package var gaps: [GapRef]?
  package var platforms: [PlatformRef]?
  package var initiatives: [InitiativeRef]?
  package var evidence: EvidenceRef?
  package var source: Text?
  package var owner: PersonID?

  /// The streams of what it speaks about.
  package var subjects: [StreamID] {
    (gaps ?? []).map(\.stream) + (platforms ?? []).map(\.stream)
      + (initiatives ?? []).map(\.stream)
  }

  /// Where on the journey it counts: at its own stage, else at that of its touchpoint.
  package func stage(at touchpoint: EntityRecord?) -> JourneyStage? {
    if let stage { return stage }
    guard let touchpoint, !touchpoint.isVoided, case .touchpoint(let state) = touchpoint.entity
    else { return nil }
    return state.details.stage
  }

  /// The terms that not every version of the catalog has.
  fileprivate var newerTerms: [any Term] {
    (outcome.map { [$0] } ?? []) + (peak.map { [$0] } ?? [])
  }

  package func checkAmended(
    from _: InsightDetails, of _: EntityRecord, in situation: Situation
  ) throws(Rejection) {
    try situation.requireInCatalog(newerTerms)
  }

  package func validate() throws(FieldError) {
    if outcome != nil, stage == nil, touchpoint == nil {
      throw FieldError(
        path: "stage",
        "is missing: where customers stay or leave is said by a stage or a touchpoint")
    }
    if let share {
      guard outcome != nil else {
        throw FieldError(path: "outcome", "is missing: the share is of customers who stay or leave")
      }
      guard share >= .zero, share <= .one else {
        throw FieldError(path: "share", "must be a share between 0 and 1, not \(share)")
      }
    }
    func twice(_ refs: [StreamID]) -> StreamID? {
      var seen: Set<StreamID> = []
      return refs.first { !seen.insert($0).inserted }
    }
    for (path, refs) in [
      ("gaps", (gaps ?? []).map(\.stream)), ("platforms", (platforms ?? []).map(\.stream)),
      ("initiatives", (initiatives ?? []).map(\.stream)),
    ] {
      if let stream = twice(refs) {
        throw FieldError(path: path, "names \(stream.reference) twice")
      }
    }
  }
}

/// What can happen to an insight, beside corrections.
package enum InsightEvent: StoredEvents {
  case recorded(InsightDetails)

  package static let forms: [StoredForm<InsightEvent>] = [
    StoredForm("insight.recorded", 1, command: "insight.record") { .recorded($0) }
  ]

  package var stored: (type: String, schemaVersion: Int, payload: any Encodable & Sendable) {
    switch self {
    case .recorded(let payload): ("insight.recorded", 1, payload)
    }
  }
}

/// Records an insight.
package struct RecordInsight: Command {
  package static let name = "insight.record"
  package var details: InsightDetails

  package init(from decoder: any Decoder) throws { details = try InsightDetails(from: decoder) }
  package func encode(to encoder: any Encoder) throws { try details.encode(to: encoder) }

  package func decide(in situation: Situation) throws(Rejection) -> [Change] {
    var details = details
    if details.gaps?.isEmpty == true { details.gaps = nil }
    if details.platforms?.isEmpty == true { details.platforms = nil }
    if details.initiatives?.isEmpty == true { details.initiatives = nil }
    do { try details.validate() } catch { throw .input(error) }
    try situation.requireInCatalog(details.newerTerms)
    try situation.requireAll([
      details.segment, details.department, details.touchpoint, details.evidence, details.owner,
    ])
    try situation.requireAll(details.gaps ?? [])
    try situation.requireAll(details.platforms ?? [])
    try situation.requireAll(details.initiatives ?? [])
    return [
      Change(
        try situation.next(.insight), .insight(.recorded(details)),
        departments: Insight(details: details).departments)
    ]
  }
}
