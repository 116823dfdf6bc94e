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

  package func validate() throws(FieldError) {
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

extension Situation {
  /// The insight with a reference.
  package func insight(_ ref: InsightRef) throws(Rejection) -> Insight {
    guard case .insight(let state) = try require(ref.stream).entity else {
      throw .notFound(ref.stream)
    }
    return state
  }
}
