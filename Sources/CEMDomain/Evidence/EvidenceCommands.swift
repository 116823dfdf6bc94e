/// Adds a piece of evidence.
package struct AddEvidence: Command {
  package static let name = "evidence.add"
  package var details: EvidenceDetails

  package init(details: EvidenceDetails) { self.details = details }
  package init(from decoder: any Decoder) throws { details = try EvidenceDetails(from: decoder) }
  package func encode(to encoder: any Encoder) throws { try details.encode(to: encoder) }

  package func decide(in situation: Situation) throws(Rejection) -> [Change] {
    _ = try situation.program()
    do { try details.validate() } catch { throw .input(error) }
    try details.checkDate(onAdding: situation.on)
    return [Change(try situation.next(.evidence), .evidence(.added(details)))]
  }
}

/// Sets until when evidence holds; without a date, for good.
package struct RenewEvidence: Command {
  package static let name = "evidence.renew"
  package var evidence: EvidenceRef
  package var expires: Day?

  package func decide(in situation: Situation) throws(Rejection) -> [Change] {
    let state = try situation.evidence(evidence)
    guard state.details.expires != expires else { return [] }
    if let expires, expires < situation.on {
      throw Rejection(
        "evidence.expired", "\(expires) is before the command's date \(situation.on)",
        hint: "name a later day")
    }
    return [
      Change(
        evidence.stream,
        .evidence(.renewed(EvidenceRenewed(before: state.details.expires, expires: expires))))
    ]
  }
}
