/// A reference to a thing with a stream of its own. A command's references are what its decision reads.
package protocol StreamReference: ScalarCodable {
  /// The stream of the thing.
  var stream: StreamID { get }
}

extension StreamReference {
  package func encode(to encoder: any Encoder) throws {
    let encoder = encoder as! FieldEncoder
    encoder.note(stream)
    encoder.encode(scalar: description)
  }
}

/// A kind of thing that is named by a code.
package protocol CodedKind: Sendable { static var kind: EntityKind { get } }
/// A kind of thing that is numbered from 1 within its program.
package protocol NumberedKind: Sendable { static var kind: EntityKind { get } }

/// A code such as a department's: `[a-z0-9][a-z0-9-]{0,31}`.
package struct Code<Kind: CodedKind>: StreamReference, Comparable {
  package let code: String

  package init(scalar text: String) throws(FieldError) {
    guard isCode(text) else {
      throw FieldError(
        "must be 1 to 32 lower-case letters, digits or hyphens, and not begin with a hyphen: \(shown(text))"
      )
    }
    code = text
  }

  /// The code of a thing of this kind whose stream is known.
  package init(stream: StreamID) { code = stream.code }

  package var stream: StreamID { StreamID(Kind.kind, code: code) }
  package var description: String { code }
  package static func < (a: Self, b: Self) -> Bool { a.code.precedesByBytes(b.code) }
}

/// A numbered reference such as `GAP-12`.
package struct Ref<Kind: NumberedKind>: StreamReference, Comparable {
  /// From 1.
  package let number: Int

  package init(_ number: Int) { self.number = number }

  package init(scalar text: String) throws(FieldError) {
    // The bare number is accepted too: the noun has already said which kind is meant.
    if let number = positiveNumber(text) {
      self.number = number
    } else if let stream = StreamID(text), stream.kind == Kind.kind {
      number = stream.number
    } else {
      throw FieldError(
        "must be a reference like \(Kind.kind.referencePrefix ?? "")-7, not \(shown(text))")
    }
  }

  package var stream: StreamID { StreamID(Kind.kind, number: number) }
  package var description: String { stream.reference }
  package static func < (a: Self, b: Self) -> Bool { a.number < b.number }
}

package enum PersonKind: CodedKind { package static let kind = EntityKind.person }
package enum DepartmentKind: CodedKind { package static let kind = EntityKind.department }
package enum EvidenceKind: NumberedKind { package static let kind = EntityKind.evidence }
package enum WaiverKind: NumberedKind { package static let kind = EntityKind.waiver }
package enum PlatformKind: NumberedKind { package static let kind = EntityKind.platform }
package enum InitiativeKind: NumberedKind { package static let kind = EntityKind.initiative }
package enum GapKind: NumberedKind { package static let kind = EntityKind.gap }

package enum SegmentKind: CodedKind { package static let kind = EntityKind.segment }
package enum TouchpointKind: NumberedKind { package static let kind = EntityKind.touchpoint }
package enum ChannelKind: NumberedKind { package static let kind = EntityKind.channel }
package enum InsightKind: NumberedKind { package static let kind = EntityKind.insight }
package enum RequestKind: NumberedKind { package static let kind = EntityKind.request }
package enum RateKind: NumberedKind { package static let kind = EntityKind.rate }
package enum StandardKind: NumberedKind { package static let kind = EntityKind.standard }

/// A person's code.
package typealias PersonID = Code<PersonKind>
/// A department's code.
package typealias DepartmentCode = Code<DepartmentKind>
/// A piece of evidence, like `EV-4`.
package typealias EvidenceRef = Ref<EvidenceKind>
/// A waiver, like `WVR-2`.
package typealias WaiverRef = Ref<WaiverKind>
/// An experiential platform, like `PLT-1`.
package typealias PlatformRef = Ref<PlatformKind>
/// An initiative, like `INI-7`.
package typealias InitiativeRef = Ref<InitiativeKind>
/// A gap, like `GAP-12`.
package typealias GapRef = Ref<GapKind>
/// A segment's code.
package typealias SegmentCode = Code<SegmentKind>
/// A touchpoint, like `TP-3`.
package typealias TouchpointRef = Ref<TouchpointKind>
/// A service standard, like `STD-9`.
package typealias StandardRef = Ref<StandardKind>
/// A feedback channel, like `CH-2`.
package typealias ChannelRef = Ref<ChannelKind>
/// An insight, like `INS-5`.
package typealias InsightRef = Ref<InsightKind>
/// A request, like `REQ-5`.
package typealias RequestRef = Ref<RequestKind>
/// A rate of exchange, like `RATE-1`.
package typealias RateRef = Ref<RateKind>

/// An id that another system gave, as `source:id`; unique in a program. At most 200 bytes.
package struct ExternalID: ScalarCodable {
  package let description: String

  package init(scalar text: String) throws(FieldError) {
    guard let colon = text.utf8.firstIndex(of: UInt8(ascii: ":")), colon != text.utf8.startIndex,
      text.utf8.index(after: colon) != text.utf8.endIndex, text.utf8.count <= 200,
      text.utf8.allSatisfy({ $0 > 0x20 && $0 != 0x7f })
    else { throw FieldError("must be like source:id, without spaces, at most 200 bytes") }
    description = text
  }
}

extension ExternalID {
  /// By UTF-8 bytes, as the database compares them.
  package static func == (a: Self, b: Self) -> Bool {
    a.description.hasSameBytes(as: b.description)
  }

  package func hash(into hasher: inout Hasher) { description.hashBytes(into: &hasher) }
}

/// A currency: three capital letters (ISO 4217).
package struct Currency: ScalarCodable {
  package let description: String

  /// What a program counts in unless it says otherwise.
  package static let euro = Currency(known: "EUR")

  private init(known code: String) { description = code }

  package init(scalar text: String) throws(FieldError) {
    guard text.utf8.count == 3,
      text.utf8.allSatisfy({ (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains($0) })
    else { throw FieldError("must be three capital letters like CAD, not \(shown(text))") }
    description = text
  }
}
