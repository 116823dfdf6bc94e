/// What a fact rests on: a text, a link, or a file that stays where it is (domain §0).
package struct Evidence: EntityState {
  package static let kind = EntityKind.evidence

  package var details: EvidenceDetails

  package init(details: EvidenceDetails) { self.details = details }

  /// Whether it still holds on a day: it is valid through its last day.
  package func isValid(on day: Day) -> Bool { details.expires.map { day <= $0 } ?? true }
}

/// The recorded fields of a piece of evidence. One of text, url and file is given.
package struct EvidenceDetails: EntityDetails {
  package var title: Title
  package var text: Text?
  package var url: Text?
  package var file: EvidenceFile?
  /// When it was made.
  package var date: Day?
  package var author: Title?
  /// The last day on which it holds.
  package var expires: Day?
  /// How long the original must be kept.
  package var retainUntil: Day?

  package func validate() throws(FieldError) {
    let forms = [text != nil, url != nil, file != nil].count(where: { $0 })
    guard forms <= 1 else { throw FieldError("is a text, a link or a file: only one of them") }
    if let date, let expires, expires < date {
      throw FieldError(path: "expires", "\(expires) is before the evidence's date \(date)")
    }
  }

  package func checkAmended(
    from before: EvidenceDetails, of record: EntityRecord, in _: Situation
  ) throws(Rejection) {
    if date != before.date { try checkDate(onAdding: record.since) }
  }

  /// Evidence exists on the business date of the command that adds it.
  func checkDate(onAdding day: Day) throws(Rejection) {
    guard let date, date > day else { return }
    throw Rejection(
      "evidence.later", "evidence of \(date) does not exist yet on \(day)",
      hint: "use --date with a day up to \(day)")
  }
}

/// A file by its name, size and digest.
package struct EvidenceFile: Codable, Hashable, Sendable {
  package var name: Title
  /// In bytes.
  package var size: Int64
  package var sha256: SHA256Hex
}

/// A SHA-256 digest in lower-case hexadecimal.
package struct SHA256Hex: ScalarCodable {
  package let description: String

  package init(scalar text: String) throws(FieldError) {
    guard text.utf8.count == 64,
      text.utf8.allSatisfy({ byte in
        (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
          || (UInt8(ascii: "a")...UInt8(ascii: "f")).contains(byte)
      })
    else { throw FieldError("must be 64 hexadecimal digits") }
    description = text
  }
}

/// What can happen to evidence, beside corrections.
package enum EvidenceEvent: StoredEvents {
  case added(EvidenceDetails)
  case renewed(EvidenceRenewed)

  package static let forms: [StoredForm<EvidenceEvent>] = [
    StoredForm("evidence.added", 1, command: "evidence.add") { .added($0) },
    StoredForm("evidence.renewed", 1, command: "evidence.renew", subject: "evidence") {
      .renewed($0)
    },
  ]

  package var stored: (type: String, schemaVersion: Int, payload: any Encodable & Sendable) {
    switch self {
    case .added(let payload): ("evidence.added", 1, payload)
    case .renewed(let payload): ("evidence.renewed", 1, payload)
    }
  }
}

/// The evidence holds until another day, or without end.
package struct EvidenceRenewed: Codable, Hashable, Sendable {
  package var before: Day?
  package var expires: Day?
}

extension Evidence {
  mutating func evolve(with event: EvidenceEvent) {
    switch event {
    case .added: break
    case .renewed(let event): details.expires = event.expires
    }
  }
}
