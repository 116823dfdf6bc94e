/// Where customers meet the company (domain §5).
package struct Touchpoint: EntityState {
  package static let kind = EntityKind.touchpoint

  package var details: TouchpointDetails
  package var life = TouchpointLife()
  /// The life before its last event, so that this event can be taken back.
  package var previousLife: [TouchpointLife] = []
  /// The departments that it came from, where departments changed.
  package var moves: [PastMove]?

  package init(details: TouchpointDetails) { self.details = details }

  package var departments: [DepartmentCode] { [details.department] }
  package var owner: PersonID? {
    get { details.owner }
    set { details.owner = newValue }
  }
  package var isOpen: Bool { life.retiredOn == nil }

  package mutating func revertLife(at _: Int64) {
    life = previousLife.popLast() ?? life
  }

  /// What the contact plan says about an item; `nil` where it is open.
  package func planned(_ item: ContactPlanItem) -> PlannedItem? {
    life.plan.first { $0.item == item }
  }

  /// The items of the contact plan that are still open, in order.
  package var openItems: [ContactPlanItem] {
    ContactPlanItem.allCases.filter { planned($0) == nil }
  }

  /// What an effective contact still lacks (domain §5): whom it reaches, what it is for, how, and how true
  /// feedback comes back. Empty where the contact plan answers all four.
  package var missingForEffect: [ContactPlanItem] {
    openItems.filter(Self.itemsOfEffect.contains)
  }

  /// The fields that a moment of truth still lacks: the first and main one is when first experience meets
  /// expectation (domain §4). `nil` where this is none.
  package var missingForTruth: [String]? {
    guard details.momentOfTruth == true else { return nil }
    return (details.expectation == nil ? ["expectation"] : [])
      + (details.firstExperience == nil ? ["firstExperience"] : [])
  }

  private static let itemsOfEffect: Set<ContactPlanItem> = [.audience, .goal, .mode, .tracking]
}

/// The recorded fields of a touchpoint.
package struct TouchpointDetails: EntityDetails {
  package var department: DepartmentCode
  package var name: Title
  /// By which way people come: `phone`, `web`, `counter`.
  package var channel: Tag?
  package var segment: SegmentCode?
  package var type: ContactType?
  package var stage: JourneyStage?
  /// Whether the outcome can change the attitude to the brand (domain §4).
  package var momentOfTruth: Bool?
  /// What customers expect before they meet it, in words.
  package var expectation: Text?
  /// What they meet the first time, in words.
  package var firstExperience: Text?
  /// What staff must always do there.
  package var rules: Text?
  /// What they may decide themselves.
  package var flexibility: Text?
  package var phase: Phase?
  package var dimension: Dimension?
  package var attribute: Attribute?
  /// The modules of experience that it works on.
  package var modules: [ExperienceModule]?
  /// What it can give.
  package var gives: [TouchpointGift]?
  package var owner: PersonID?

  package func validate() throws(FieldError) {
    if let module = firstTwice(in: modules) {
      throw FieldError(path: "modules", "names \(module.rawValue) twice")
    }
    if let gift = firstTwice(in: gives) {
      throw FieldError(path: "gives", "names \(gift.rawValue) twice")
    }
    if firstExperience != nil, expectation == nil {
      throw FieldError(
        path: "expectation", "is missing: a first experience is compared with what was expected")
    }
  }

  /// Its standards stand in the same department, and with them what was measured of them.
  package func companions(
    from before: TouchpointDetails, of subject: StreamID, in situation: Situation
  ) throws(Rejection) -> [Change] {
    guard department != before.department else { return [] }
    var changes: [Change] = []
    for record in try situation.state.work(of: before.department) {
      guard case .standard(let standard) = record.entity,
        standard.details.touchpoint.stream == subject
      else { continue }
      var details = standard.details
      details.department = department
      let amendment: Amendment
      do { amendment = try Amendment(from: standard.details, to: details) } catch {
        throw .input(FieldError(path: "department", "cannot be read"))
      }
      changes.append(
        Change(
          record.stream, .correction(.standard, .amended(amendment)),
          departments: [before.department, department]))
    }
    return changes
  }

  private func firstTwice<T: Term>(in terms: [T]?) -> T? {
    var seen: Set<T> = []
    return terms?.first { !seen.insert($0).inserted }
  }
}

/// What became of a touchpoint.
package struct TouchpointLife: Codable, Hashable, Sendable {
  /// The items of the contact plan that are filled in, in their order.
  package var plan: [PlannedItem] = []
  /// The day from which nobody meets the company here any more.
  package var retiredOn: Day?
  /// Who approved that beside the login that asked; `nil` where nobody did.
  package var retirement: Approval?
}

/// An item of a contact plan that is filled in.
package struct PlannedItem: Codable, Hashable, Sendable {
  package var item: ContactPlanItem
  package var text: Text
  /// The business date of its last change.
  package var on: Day
}
