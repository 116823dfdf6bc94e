package import CEMDomain

/// The one row of a program, which is founded once. Its slug stands in `cem.program`.
package enum ProgramRegister: Projection {
  package static let table = TableSchema(
    "program_register", version: 1,
    keys: [Column("founded_on", .date)],
    columns: [
      Column("name", .text), Column("time_zone", .text), Column("currency", .text),
      Column("fiscal_year_start", .integer), Column("catalog_version", .integer),
      Column("changed_at_position", .bigint),
    ])

  package static func rows(of record: EntityRecord) -> [Contribution] {
    guard case .program(let program) = record.entity else { return [] }
    let details = program.details
    return [
      Contribution(
        key: [.date(record.since)],
        row: [
          .text(details.name), .text(details.timeZone.description),
          .text(details.currency.description), .integer(details.fiscalYearStart),
          .integer(details.catalogVersion), .integer(record.position),
        ])
    ]
  }
}

/// One row a person.
package enum PersonRegister: Projection {
  package static let table = TableSchema(
    "person_register", version: 1,
    keys: [Column("person", .text)],
    columns: [
      Column("name", .text), Column("added_on", .date), Column("external", .text),
      Column("voided", .boolean), Column("changed_at_position", .bigint),
    ])

  package static func rows(of record: EntityRecord) -> [Contribution] {
    guard case .person(let person) = record.entity else { return [] }
    return [
      Contribution(
        key: [.text(record.stream.code)],
        row: [
          .text(person.details.name), .date(record.since), .code(record.external),
          .boolean(record.isVoided), .integer(record.position),
        ])
    ]
  }
}

/// One row an experiential platform.
package enum PlatformRegister: Projection {
  package static let table = TableSchema(
    "platform_register", version: 1,
    keys: [Column("platform", .integer)],
    columns: [
      Column("title", .text), Column("promise", .text), Column("theme", .text),
      Column("hook", .text), Column("department", .text), Column("owner", .text),
      Column("analyses", .integer), Column("insights", .integer), Column("stated_on", .date),
      Column("external", .text), Column("voided", .boolean), Column("changed_at_position", .bigint),
    ], isOwnRow: true, subject: .numbered(.platform))

  package static func rows(of record: EntityRecord) -> [Contribution] {
    guard case .platform(let platform) = record.entity else { return [] }
    let details = platform.details
    return [
      Contribution(
        key: [.integer(record.stream.number)],
        row: [
          .text(details.title), .text(details.promise), .text(details.theme), .text(details.hook),
          .code(details.department), .code(details.owner),
          .integer(details.restsOn?.count ?? 0), .integer(details.insights?.count ?? 0),
          .date(record.since), .code(record.external), .boolean(record.isVoided),
          .integer(record.position),
        ])
    ]
  }
}

/// One row a waiver.
package enum WaiverRegister: Projection {
  package static let table = TableSchema(
    "waiver_register", version: 1,
    keys: [Column("waiver", .integer)],
    columns: [
      Column("rule", .text), Column("initiative", .integer), Column("action", .text),
      Column("department", .text), Column("reason", .text), Column("approver", .text),
      Column("granted_on", .date), Column("until_on", .date), Column("revoked_on", .date),
      Column("external", .text), Column("voided", .boolean), Column("changed_at_position", .bigint),
    ], isOwnRow: true, subject: .numbered(.waiver))

  package static func rows(of record: EntityRecord) -> [Contribution] {
    guard case .waiver(let waiver) = record.entity else { return [] }
    let details = waiver.details
    return [
      Contribution(
        key: [.integer(record.stream.number)],
        row: [
          .term(details.rule),
          details.of.kind == .initiative ? .integer(details.of.number) : .null,
          .code(details.action), .code(details.departments.first), .text(details.because),
          .code(details.approver), .date(record.since), .date(details.until),
          .date(waiver.revokedOn), .code(record.external), .boolean(record.isVoided),
          .integer(record.position),
        ])
    ]
  }
}
