/// A piece of work on the experience of customers, in one of the five steps (domain §3).
package struct Initiative: EntityState {
  package static let kind = EntityKind.initiative

  package var details: InitiativeDetails
  package var life: InitiativeLife
  /// The life before its last event, so that this event can be taken back.
  package var previousLife: [InitiativeLife] = []
  /// The departments that it came from, where departments changed.
  package var moves: [PastMove]?

  package init(details: InitiativeDetails) {
    self.details = details
    life = InitiativeLife(ethicsVersion: details.ethicsVersion)
  }

  /// The leading department, then the partners.
  package var departments: [DepartmentCode] { [details.department] + (details.with ?? []) }
  package var owner: PersonID? {
    get { details.owner }
    set { details.owner = newValue }
  }
  package var people: [PersonID] { [owner, details.sponsor].compactMap(\.self) }
  /// The waiver under which it builds on no platform.
  package var platformWaiver: WaiverRef? { life.platformWaiver ?? details.platformWaiver }
  /// Neither completed nor cancelled; on hold is open too.
  package var isOpen: Bool { !life.stage.isEnd }

  package mutating func revertLife(at _: Int64) {
    life = previousLife.popLast() ?? life
  }

  /// The platform that it builds on and the waiver of one, whether they hold or not.
  package var foundations: [StreamID] {
    [details.platform?.stream, platformWaiver?.stream].compactMap(\.self)
  }

  /// Whether what it builds on holds on a day: its platform, or a waiver of one (domain §3).
  /// - Parameter find: finds its ``foundations``.
  package func isFounded<Failure>(
    on day: Day, _ find: (StreamID) throws(Failure) -> EntityRecord?
  ) throws(Failure) -> Bool {
    if details.step.isFoundation { return true }
    for stream in foundations {
      guard let record = try find(stream), !record.isVoided else { continue }
      guard case .waiver(let waiver) = record.entity else { return true }
      if waiver.isValid(on: day) { return true }
    }
    return false
  }
}

/// The recorded fields of an initiative.
package struct InitiativeDetails: EntityDetails {
  /// The department that leads.
  package var department: DepartmentCode
  /// Its partners.
  package var with: [DepartmentCode]?
  package var title: Title
  package var step: Step
  /// What it designs of the brand; only the step brand-experience does.
  package var brandElements: [BrandElement]?
  package var owner: PersonID?
  package var sponsor: PersonID?
  /// In `currency`; both are set or neither is.
  package var budget: Exact?
  package var currency: Currency?
  /// When it is to start.
  package var start: Day?
  package var due: Day?
  /// The gaps that it addresses.
  package var gaps: [GapRef]?
  /// The touchpoints that it works on.
  package var touchpoints: [TouchpointRef]?
  /// The platform that it builds on; steps 3 to 5 name one or hold a waiver.
  package var platform: PlatformRef?
  /// The waiver granted when it was opened without a platform.
  package var platformWaiver: WaiverRef?
  /// What tells whether it succeeded.
  package var metric: Title?
  package var metricUnit: Title?
  /// The metric before, in `metricUnit`.
  package var baseline: Exact?
  /// The metric wanted, in `metricUnit`.
  package var target: Exact?
  /// The rule of word of mouth, where it is such an activity (domain §7).
  package var womRule: WordOfMouthRule?
  /// The version of the ethics text that was attested when it was opened.
  package var ethicsVersion: Int?
  /// Where else it is written about: `https://…`, in the order in which they were added.
  package var links: [Text]?

  /// What opening granted and attested; later attestations are events of their own.
  package static let settled: Set = ["platformWaiver", "ethicsVersion"]
  /// How many links there can be, for they are read with every command.
  static let maximumLinks = 100

  package func validate() throws(FieldError) {
    try validateDepartmentsAndGaps()
    if let start, let due, due < start {
      throw FieldError(path: "due", "\(due) is before the start \(start)")
    }
    if let budget, budget < .zero {
      throw FieldError(path: "budget", "cannot be less than zero: \(budget)")
    }
    if budget != nil, currency == nil {
      throw FieldError(path: "currency", "is missing: a budget is an amount in a currency")
    }
    if budget == nil, currency != nil {
      throw FieldError(path: "budget", "is missing: a currency alone says nothing")
    }
    if metric == nil, metricUnit != nil || baseline != nil || target != nil {
      throw FieldError(
        path: "metric", "is missing: a unit, a baseline and a target are those of a metric")
    }
    try validateLinks()
  }

  package func checkAmended(
    from before: InitiativeDetails, of record: EntityRecord, in situation: Situation
  ) throws(Rejection) {
    guard case .initiative(let state) = record.entity else { return }
    let ref = InitiativeRef(record.stream.number)
    let elements = (brandElements ?? []).map { "--brand-element \($0.rawValue)" }
    try situation.requireBrandStep(
      of: self,
      hint: step == before.step
        ? "cem initiative amend \(ref) --step 3 \(elements.joined(separator: " ")) --reason TEXT"
        : "cem initiative amend \(ref) --step \(step.rawValue) --clear brand-element --reason TEXT")
    if !step.isFoundation, platform == nil, state.platformWaiver == nil {
      throw .platformUnnamed(ref, step: step)
    }
    if before.step == .experientialWorld, step != before.step {
      try situation.requireNoPlatform(on: ref)
    }
    if womRule != nil, before.womRule == nil, state.life.stage == .completed,
      state.life.ethicsVersion == nil
    {
      // Nothing can be attested of what is over.
      throw .initiativeHasEnded(ref, state.life.stage)
    }
  }

  private func validateDepartmentsAndGaps() throws(FieldError) {
    var departments: Set = [department]
    for partner in with ?? [] where !departments.insert(partner).inserted {
      throw FieldError(
        path: "with",
        partner == department
          ? "\(partner) leads, so it is no partner" : "names \(partner) twice")
    }
    var distinct: Set<GapRef> = []
    for gap in gaps ?? [] where !distinct.insert(gap).inserted {
      throw FieldError(path: "gaps", "names \(gap) twice")
    }
    var places: Set<TouchpointRef> = []
    for touchpoint in touchpoints ?? [] where !places.insert(touchpoint).inserted {
      throw FieldError(path: "touchpoints", "names \(touchpoint) twice")
    }
    var elements: Set<BrandElement> = []
    for element in brandElements ?? [] where !elements.insert(element).inserted {
      throw FieldError(path: "brandElements", "names \(element.rawValue) twice")
    }
  }

  private func validateLinks() throws(FieldError) {
    guard let links else { return }
    guard links.count <= Self.maximumLinks else {
      throw FieldError(path: "links", "are more than \(Self.maximumLinks) (\(links.count))")
    }
    for link in links { try validateLink(link) }
  }
}

/// Checks that a link is one; an erased link passes.
func validateLink(_ link: Text) throws(FieldError) {
  guard let text = link.value else { return }
  let lower = text.lowercased()
  let isLink = ["https://", "http://"].contains { prefix in
    lower.hasPrefix(prefix) && lower.utf8.count > prefix.utf8.count
  }
  guard isLink, !text.contains(where: \.isWhitespace) else {
    throw FieldError(path: "links", "must be like https://example.org/page, not \(shown(text))")
  }
}
