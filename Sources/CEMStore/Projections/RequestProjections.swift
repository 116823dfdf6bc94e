package import CEMDomain

/// One row a request for what takes an approver.
package enum RequestRegister: Projection {
  package static let table = TableSchema(
    "request_register", version: 1,
    keys: [Column("request", .integer)],
    columns: [
      Column("command", .text), Column("about", .text), Column("departments", .text),
      Column("state", .text), Column("requested_by", .text), Column("requested_on", .date),
      Column("reason", .text), Column("decided_by", .text), Column("decided_on", .date),
      Column("answer", .text), Column("voided", .boolean), Column("changed_at_position", .bigint),
    ], isOwnRow: true, subject: .numbered(.request))

  package static func rows(of record: EntityRecord) -> [Contribution] {
    guard case .request(let request) = record.entity else { return [] }
    let (details, life) = (request.details, request.life)
    let departments = details.departments.map(\.code).joined(separator: ",")
    return [
      Contribution(
        key: [.integer(record.stream.number)],
        row: [
          .text(details.of), .text(details.about?.description), .text(departments),
          .term(life.stage), .text(request.requestedBy), .date(record.since),
          .text(request.reason), .text(life.decidedBy), .date(life.decidedOn), .text(life.why),
          .boolean(record.isVoided), .integer(record.position),
        ])
    ]
  }
}

/// One row a thing in force that takes an approver, with the approval where it came by one.
package enum ApprovalRegister: Projection {
  package static let table = TableSchema(
    "approval_register", version: 2,
    keys: [Column("kind", .text), Column("number", .integer), Column("code", .text)],
    columns: [
      Column("matter", .text), Column("department", .text), Column("since_on", .date),
      Column("until_on", .date), Column("request", .integer), Column("approved_by", .text),
    ])

  package static func rows(of record: EntityRecord) -> [Contribution] {
    guard let matter = record.approvedMatter else { return [] }
    return [
      Contribution(
        key: EntityTable.key(of: record.stream),
        row: [
          .term(matter.kind), .code(record.entity.state.departments.first), .date(matter.since),
          .date(matter.until), .integer(matter.approval?.request.number),
          .text(matter.approval?.by),
        ])
    ]
  }
}

/// One row a rate of exchange.
package enum RateRegister: Projection {
  package static let table = TableSchema(
    "rate_register", version: 1,
    keys: [Column("rate", .integer)],
    columns: [
      Column("from_currency", .text), Column("to_currency", .text), Column("value", .numeric),
      Column("recorded_on", .date), Column("source", .text), Column("external", .text),
      Column("voided", .boolean), Column("changed_at_position", .bigint),
    ], isOwnRow: true, subject: .numbered(.rate))

  package static func rows(of record: EntityRecord) -> [Contribution] {
    guard case .rate(let rate) = record.entity else { return [] }
    let details = rate.details
    return [
      Contribution(
        key: [.integer(record.stream.number)],
        row: [
          .text(details.from.description), .text(details.to.description), .numeric(details.value),
          .date(record.since), .text(details.source), .code(record.external),
          .boolean(record.isVoided), .integer(record.position),
        ])
    ]
  }
}
