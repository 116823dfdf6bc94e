/// An experiential platform: the promise that initiatives of steps 3 to 5 build on (domain §3).
package struct Platform: EntityState {
  package static let kind = EntityKind.platform

  package var details: PlatformDetails
  /// The departments that it came from, where departments changed.
  package var moves: [PastMove]?

  package init(details: PlatformDetails) { self.details = details }

  package var departments: [DepartmentCode] { details.department.map { [$0] } ?? [] }
  package var owner: PersonID? {
    get { details.owner }
    set { details.owner = newValue }
  }
}

/// The recorded fields of a platform.
package struct PlatformDetails: EntityDetails {
  package var title: Title
  /// The promise of value to the customer.
  package var promise: Text
  package var department: DepartmentCode?
  package var owner: PersonID?
  /// The impressions wanted, per experience module.
  package var impressions: Impressions?
  /// The step-1 initiatives whose analyses it rests on.
  package var restsOn: [InitiativeRef]?
  /// The insights that it rests on.
  package var insights: [InsightRef]?
  /// What brings the impressions together (domain §4).
  package var theme: Text?
  /// Cues to strengthen.
  package var positiveCues: [Text]?
  /// Cues to remove.
  package var negativeCues: [Text]?
  /// What people take home.
  package var mementos: [Text]?
  /// The one clear idea that people pass on (钩子, domain §7).
  package var hook: Text?

  package func checkAmended(
    from before: PlatformDetails, of _: EntityRecord, in situation: Situation
  ) throws(Rejection) {
    if restsOn != before.restsOn { try checkAnalyses(in: situation) }
  }

  /// A platform rests on analyses of the experiential world: step 1 (domain §3).
  func checkAnalyses(in situation: Situation) throws(Rejection) {
    for ref in restsOn ?? [] {
      guard try situation.initiative(ref).details.step == .experientialWorld else {
        throw Rejection(
          "platform.not-an-analysis",
          "\(ref) is not a step-1 initiative: a platform rests on analyses of the experiential world",
          hint: "cem initiative list")
      }
    }
  }
}

extension Situation {
  /// Checks that no platform rests on an initiative, which is to be an analysis no more.
  func requireNoPlatform(on ref: InitiativeRef) throws(Rejection) {
    let platform = try state.all(.platform).first { record in
      guard case .platform(let platform) = record.entity else { return false }
      return platform.details.restsOn?.contains(ref) == true
    }
    guard let platform else { return }
    let reference = platform.stream.reference
    throw Rejection(
      "initiative.is-an-analysis",
      "\(reference) rests on \(ref) as an analysis of the experiential world, which is step 1",
      hint:
        "name another there first: cem platform amend \(reference) --rests-on REF --reason TEXT",
      details: ["reference": .string(reference)])
  }
}

/// What customers should sense, feel, think, do and relate to (domain §4).
package struct Impressions: Codable, Hashable, Sendable {
  package var sense: Text?
  package var feel: Text?
  package var think: Text?
  package var act: Text?
  package var relate: Text?
}

/// What can happen to a platform, beside corrections.
package enum PlatformEvent: StoredEvents {
  case stated(PlatformDetails)

  package static let forms: [StoredForm<PlatformEvent>] = [
    StoredForm("platform.stated", 1, command: "platform.state") { .stated($0) }
  ]

  package var stored: (type: String, schemaVersion: Int, payload: any Encodable & Sendable) {
    switch self {
    case .stated(let payload): ("platform.stated", 1, payload)
    }
  }
}

/// States a platform.
package struct StatePlatform: Command {
  package static let name = "platform.state"
  package var details: PlatformDetails

  package init(from decoder: any Decoder) throws { details = try PlatformDetails(from: decoder) }
  package func encode(to encoder: any Encoder) throws { try details.encode(to: encoder) }

  package func decide(in situation: Situation) throws(Rejection) -> [Change] {
    _ = try situation.program()
    try situation.requireAll([details.department, details.owner])
    try details.checkAnalyses(in: situation)
    try situation.requireAll(details.insights ?? [])
    return [
      Change(
        try situation.next(.platform), .platform(.stated(details)),
        departments: details.department.map { [$0] } ?? [])
    ]
  }
}
