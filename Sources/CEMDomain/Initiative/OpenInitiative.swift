/// Opens an initiative.
package struct OpenInitiative: Command {
  package static let name = "initiative.open"
  package var details: InitiativeDetails
  /// Why an initiative of steps 3 to 5 needs no platform.
  package var waivePlatform: Text?
  /// Who approved that.
  package var approver: PersonID?
  /// The last day on which that holds.
  package var until: Day?
  /// Whether the ethics of word of mouth are attested.
  package var attestEthics: Bool?

  private enum Key: String, CodingKey { case waivePlatform, approver, until, attestEthics }

  package init(from decoder: any Decoder) throws {
    let given = (decoder as! FieldDecoder).split.merged.object?.keys ?? []
    if let field = InitiativeDetails.settled.sorted().first(where: given.contains) {
      throw FieldError(path: field, "\(Self.name) has no such field")
    }
    details = try InitiativeDetails(from: decoder)
    let fields = try decoder.container(keyedBy: Key.self)
    waivePlatform = try fields.decodeIfPresent(Text.self, forKey: .waivePlatform)
    approver = try fields.decodeIfPresent(PersonID.self, forKey: .approver)
    until = try fields.decodeIfPresent(Day.self, forKey: .until)
    attestEthics = try fields.decodeIfPresent(Bool.self, forKey: .attestEthics)
  }

  package func encode(to encoder: any Encoder) throws {
    try details.encode(to: encoder)
    var fields = encoder.container(keyedBy: Key.self)
    try fields.encodeIfPresent(waivePlatform, forKey: .waivePlatform)
    try fields.encodeIfPresent(approver, forKey: .approver)
    try fields.encodeIfPresent(until, forKey: .until)
    try fields.encodeIfPresent(attestEthics, forKey: .attestEthics)
  }

  package func decide(in situation: Situation) throws(Rejection) -> [Change] {
    let program = try situation.program()
    var details = details
    if details.with?.isEmpty == true { details.with = nil }
    if details.gaps?.isEmpty == true { details.gaps = nil }
    if details.touchpoints?.isEmpty == true { details.touchpoints = nil }
    if details.brandElements?.isEmpty == true { details.brandElements = nil }
    if details.links?.isEmpty == true { details.links = nil }
    if details.budget != nil, details.currency == nil {
      details.currency = program.details.currency
    }
    if attestEthics == true {
      guard details.womRule != nil else {
        throw .input(
          FieldError(path: "attestEthics", "concerns word-of-mouth initiatives: give womRule too"))
      }
      details.ethicsVersion = Catalog.ethicsVersion
    }
    try situation.requireBrandStep(of: details, hint: "use --step 3, or leave out --brand-element")
    try checkWaiverFields()
    let stream = try situation.next(.initiative)
    let waiver = try platformWaiver(of: stream, in: situation)
    details.platformWaiver = waiver?.ref
    do { try details.validate() } catch { throw .input(error) }
    try situation.requireAll(
      [details.department, details.owner, details.sponsor, details.platform])
    try situation.requireAll(details.with ?? [])
    try situation.requireAll(details.gaps ?? [])
    try situation.requireAll(details.touchpoints ?? [])
    let opened = Change(
      stream, .initiative(.opened(details)), departments: Initiative(details: details).departments)
    return [opened] + (waiver.map { [$0.change] } ?? [])
  }

  private func checkWaiverFields() throws(Rejection) {
    guard waivePlatform != nil else {
      guard approver == nil else { throw .approverWithoutWaiver("waivePlatform") }
      guard until == nil else {
        throw .input(FieldError(path: "until", "ends a waiver: give waivePlatform too"))
      }
      guard details.step.isFoundation || details.platform != nil else {
        throw .platformMissing(
          step: details.step, hint: "name it with --platform PLT-1, or use --waive-platform REASON")
      }
      return
    }
    guard !details.step.isFoundation, details.platform == nil else {
      throw .input(
        FieldError(
          path: "waivePlatform",
          details.platform == nil
            ? "is not needed: the step \(details.step.rawValue) builds on no platform"
            : "is not needed: a platform is named"))
    }
  }

  private func platformWaiver(
    of stream: StreamID, in situation: Situation
  ) throws(Rejection) -> (ref: WaiverRef, change: Change)? {
    guard let waivePlatform else { return nil }
    let (ref, change) = try situation.grant(
      WaiverDetails(
        rule: .platform, of: stream, departments: Initiative(details: details).departments,
        because: waivePlatform, approver: approver, until: until))
    return (ref, change)
  }
}

/// Lets an initiative that was opened go on without a platform. One of the foundation may be waived, too: its step
/// can be corrected then.
package struct WaivePlatform: InitiativeSubject {
  package static let name = "initiative.waive"
  package var initiative: InitiativeRef
  package var approver: PersonID?
  /// The last day on which the waiver holds.
  package var until: Day?

  package func decide(in situation: Situation) throws(Rejection) -> [Change] {
    let state = try situation.activeInitiative(initiative)
    if !state.details.step.isFoundation, try state.isFounded(on: situation.on, situation.find) {
      throw try .waiverNotNeeded(state, initiative, in: situation)
    }
    let reason = try situation.requireReason("a waiver")
    let (waiver, grant) = try situation.grant(
      WaiverDetails(
        rule: .platform, of: initiative.stream, departments: state.departments, because: reason,
        approver: approver, until: until))
    return [change(state, .platformWaived(PlatformWaived(waiver: waiver))), grant]
  }
}
