/// A group of customers that experiences things alike (domain §3).
package struct Segment: EntityState {
  package static let kind = EntityKind.segment

  package var details: SegmentDetails

  package init(details: SegmentDetails) { self.details = details }

  package var owner: PersonID? {
    get { details.owner }
    set { details.owner = newValue }
  }
}

/// The recorded fields of a segment.
package struct SegmentDetails: EntityDetails {
  package var name: Title
  package var description: Text?
  /// Consumers buy by emotion, intuition, impulse and lifestyle; for a business, buying is work.
  package var market: SegmentMarket?
  package var role: PurchaseRole?
  package var purchase: PurchaseTurn?
  package var owner: PersonID?
}

/// What can happen to a segment, beside corrections.
package enum SegmentEvent: StoredEvents {
  case defined(SegmentDetails)

  package static let forms: [StoredForm<SegmentEvent>] = [
    StoredForm("segment.defined", 1, command: "segment.define", subject: "code") { .defined($0) }
  ]

  package var stored: (type: String, schemaVersion: Int, payload: any Encodable & Sendable) {
    switch self {
    case .defined(let payload): ("segment.defined", 1, payload)
    }
  }
}

/// Defines a segment. Its code is never used again, even after it was voided.
package struct DefineSegment: Command {
  package static let name = "segment.define"
  package var code: SegmentCode
  package var details: SegmentDetails

  private enum Key: String, CodingKey { case code }

  package init(from decoder: any Decoder) throws {
    code = try decoder.container(keyedBy: Key.self).decode(SegmentCode.self, forKey: .code)
    details = try SegmentDetails(from: decoder)
  }

  package func encode(to encoder: any Encoder) throws {
    try details.encode(to: encoder)
    var fields = encoder.container(keyedBy: Key.self)
    try fields.encode(code, forKey: .code)
  }

  package func decide(in situation: Situation) throws(Rejection) -> [Change] {
    _ = try situation.program()
    if let record = try situation.find(code.stream) {
      if !record.isVoided, case .segment(let segment) = record.entity, segment.details == details {
        return []
      }
      throw .exists(code.stream, as: code.code)
    }
    try situation.requireAll([details.owner])
    return [Change(code.stream, .segment(.defined(details)))]
  }
}
