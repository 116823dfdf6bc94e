/// The program itself: what holds for all that is recorded in it.
package struct Program: EntityState {
  package static let kind = EntityKind.program

  package var details: ProgramDetails
  /// The periods that are closed, by their first days; `nil` is none.
  package var closes: [PeriodClose]?

  package init(details: ProgramDetails) { self.details = details }

  /// The close of a period, by whatever name it goes; `nil` where it is open.
  package func close(of days: ClosedRange<Day>) -> PeriodClose? {
    closes?.first { $0.days == days }
  }

  /// The closed periods that hold a day.
  package func closes(holding day: Day) -> [PeriodClose] {
    (closes ?? []).filter { $0.days.contains(day) }
  }
}

/// The recorded fields of a program.
package struct ProgramDetails: EntityDetails {
  /// The short name that people type; it may change, the program's id never does.
  package var slug: Slug
  package var name: Title
  /// An IANA time zone, in which the program's days begin and end.
  package var timeZone: TimeZoneName
  package var currency: Currency
  /// The month in which the fiscal year begins, 1 to 12.
  package var fiscalYearStart: Int
  /// The version of the catalog of terms that the program adopted.
  package var catalogVersion: Int
  /// Whether what takes an approver is asked for and approved by another login (domain §8); absent means
  /// that it is not.
  package var fourEyes: Bool?

  /// What every date and sum in the log was written under (domain §0).
  package static var settled: Set<String> {
    ["timeZone", "currency", "fiscalYearStart", "catalogVersion"]
  }

  package func validate() throws(FieldError) {
    guard (1...12).contains(fiscalYearStart) else {
      throw FieldError(path: "fiscalYearStart", "must be a month, 1 to 12, not \(fiscalYearStart)")
    }
  }
}

/// A program's short name: the form of a code.
package struct Slug: ScalarCodable {
  package let description: String

  package init(scalar text: String) throws(FieldError) {
    guard isCode(text) else {
      throw FieldError(
        "must be 1 to 32 lower-case letters, digits or hyphens, and not begin with a hyphen: \(shown(text))"
      )
    }
    description = text
  }
}

/// The name of an IANA time zone such as `America/Toronto`; the database knows which exist.
package struct TimeZoneName: ScalarCodable {
  package let description: String

  /// Where a program's days begin and end unless it says otherwise.
  package static let utc = TimeZoneName(known: "UTC")

  private init(known name: String) { description = name }

  package init(scalar text: String) throws(FieldError) {
    guard (1...64).contains(text.utf8.count),
      text.utf8.allSatisfy({ byte in
        (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte | 0x20)
          || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) || "/_+-".utf8.contains(byte)
      })
    else { throw FieldError("must be a time zone like Europe/Kyiv, not \(shown(text))") }
    description = text
  }
}

/// What can happen to a program, beside corrections.
package enum ProgramEvent: StoredEvents {
  case founded(ProgramDetails)
  case periodClosed(PeriodClosed)
  case periodReopened(PeriodReopened)
  case restated(PeriodRestated)
  case catalogAdopted(CatalogAdopted)

  package static let forms: [StoredForm<ProgramEvent>] = [
    StoredForm("program.founded", 1, command: "program.found") { .founded($0) },
    StoredForm("period.closed", 1, command: "period.close") { .periodClosed($0) },
    StoredForm("period.reopened", 1, command: "period.reopen") { .periodReopened($0) },
    // It accompanies whatever is dated in a closed period.
    StoredForm("period.restated", 1, command: nil) { .restated($0) },
    StoredForm("program.catalog-adopted", 1, command: "catalog.adopt") { .catalogAdopted($0) },
  ]

  package var stored: (type: String, schemaVersion: Int, payload: any Encodable & Sendable) {
    switch self {
    case .founded(let payload): ("program.founded", 1, payload)
    case .periodClosed(let payload): ("period.closed", 1, payload)
    case .periodReopened(let payload): ("period.reopened", 1, payload)
    case .restated(let payload): ("period.restated", 1, payload)
    case .catalogAdopted(let payload): ("program.catalog-adopted", 1, payload)
    }
  }
}

/// Founds the program: the first event of its log.
package struct FoundProgram: Command {
  package static let name = "program.found"
  package var slug: Slug
  package var name: Title
  package var timeZone: TimeZoneName?
  package var currency: Currency?
  package var fiscalYearStart: Int?
  package var fourEyes: Bool?

  /// Checks that what is recorded in a program founded so means the same in another one.
  /// - Throws: `Rejection` where its periods or amounts would be others.
  package func check(against other: ProgramDetails) throws(Rejection) {
    let (start, currency) = (fiscalYearStart ?? 1, currency ?? .euro)
    guard start != other.fiscalYearStart || currency != other.currency else { return }
    throw Rejection(
      .input, "program.founded-otherwise",
      "it was recorded in a program whose fiscal year starts in month \(start) and whose currency is"
        + " \(currency), and this one has month \(other.fiscalYearStart) and \(other.currency)",
      hint: "import into a program that is founded alike (cem init --fiscal-year-start \(start)"
        + " --currency \(currency)), or leave that row out")
  }

  package func decide(in situation: Situation) throws(Rejection) -> [Change] {
    guard try situation.find(.program) == nil else {
      throw Rejection(
        "program.founded", "the program is founded already", hint: "cem program show")
    }
    let details = ProgramDetails(
      slug: slug, name: name, timeZone: timeZone ?? .utc, currency: currency ?? .euro,
      fiscalYearStart: fiscalYearStart ?? 1,
      catalogVersion: situation.releasedCatalogs.max() ?? Catalog.version, fourEyes: fourEyes)
    do { try details.validate() } catch { throw .input(error) }
    return [Change(.program, .program(.founded(details)))]
  }
}
