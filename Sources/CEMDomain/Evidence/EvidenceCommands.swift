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
    try details.checkDate(in: situation)
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

/// A command that points to evidence, or gives a text that becomes some.
protocol EvidenceCommand: Command { var givenEvidence: Text? { get } }

extension EvidenceCommand {
  /// The evidence that is pointed to; `nil` where none is given, or by a text.
  var existingEvidence: StreamID? {
    guard let text = givenEvidence?.value, let stream = StreamID(text), stream.kind == .evidence
    else { return nil }
    return stream
  }
}

extension CompleteAction: EvidenceCommand { var givenEvidence: Text? { evidence } }
extension ConcludePilot: EvidenceCommand { var givenEvidence: Text? { evidence } }
extension CloseGap: EvidenceCommand { var givenEvidence: Text? { evidence } }
extension CompleteInitiative: EvidenceCommand { var givenEvidence: Text? { evidence } }

extension Situation {
  /// The evidence with a reference.
  package func evidence(_ ref: EvidenceRef) throws(Rejection) -> Evidence {
    guard case .evidence(let evidence) = try require(ref.stream).entity else {
      throw .notFound(ref.stream)
    }
    return evidence
  }

  /// What a command means by the evidence that it may have.
  func evidence(
    _ given: Text?, orTitled title: String
  ) throws(Rejection) -> (EvidenceRef?, added: [Change]) {
    guard let given else { return (nil, []) }
    let (ref, added): (EvidenceRef, [Change]) = try evidence(given, orTitled: title)
    return (ref, added)
  }

  /// What a command means by its evidence: a reference to some that holds on its date, or a text
  /// that becomes evidence, by its own words or under a title where it is too long to be one.
  func evidence(
    _ given: Text, orTitled title: String
  ) throws(Rejection) -> (EvidenceRef, added: [Change]) {
    let text = given.value ?? ""
    if let stream = StreamID(text), stream.kind == .evidence {
      let ref = EvidenceRef(stream.number)
      guard try evidence(ref).isValid(on: on) else {
        throw Rejection(
          "evidence.expired", "\(ref) has expired", hint: "cem evidence renew \(ref) --expires DATE"
        )
      }
      return (ref, [])
    }
    let stream = try next(.evidence)
    do {
      let details =
        text.utf8.count <= TitleLimit.maximumBytes
        ? EvidenceDetails(title: try Title(text))
        : EvidenceDetails(title: try Title(title), text: given)
      return (EvidenceRef(stream.number), [Change(stream, .evidence(.added(details)))])
    } catch {
      throw .input(FieldError(path: "evidence", error.message))
    }
  }
}
