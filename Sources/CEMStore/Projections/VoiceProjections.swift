package import CEMDomain

/// One row a perception survey.
package enum SurveyRegister: Projection {
  package static let table = TableSchema(
    "survey_register", version: 1,
    keys: [Column("survey", .integer)],
    columns: [
      Column("department", .text), Column("touchpoint", .integer), Column("period", .text),
      Column("first_on", .date), Column("last_on", .date), Column("audience", .text),
      Column("segment", .text), Column("agree", .numeric), Column("sample", .integer),
      Column("question", .text), Column("evidence", .integer), Column("recorded_on", .date),
      Column("external", .text), Column("voided", .boolean), Column("changed_at_position", .bigint),
    ], isOwnRow: true, subject: .numbered(.survey))

  package static func rows(of record: EntityRecord) -> [Contribution] {
    guard case .survey(let survey) = record.entity else { return [] }
    let details = survey.details
    return [
      Contribution(
        key: [.integer(record.stream.number)],
        row: [
          .text(details.department.code), .integer(details.touchpoint?.number),
          .code(details.period), .date(details.first), .date(details.last),
          .term(details.audience), .code(details.segment), .numeric(details.agree),
          .integer(details.sample), .text(details.question), .integer(details.evidence?.number),
          .date(record.since), .code(record.external), .boolean(record.isVoided),
          .integer(record.position),
        ])
    ]
  }
}

/// One row a department, touchpoint, segment and period: what our people believe, and what customers say.
package enum DeliveryGaps: Projection {
  package static let table = TableSchema(
    "delivery_gap", version: 1,
    keys: [
      Column("department", .text), Column("touchpoint", .integer), Column("segment", .text),
      Column("period", .text),
    ],
    columns: [Column("last_on", .date)]
      + SurveyAudience.allCases.reversed().flatMap { audience in
        [
          Column("\(audience.rawValue)_surveys", .integer, .add),
          Column("\(audience.rawValue)_sample", .bigint, .add),
          Column("\(audience.rawValue)_agreeing", .bigint, .add),
        ]
      })

  package static func rows(of record: EntityRecord) -> [Contribution] {
    guard case .survey(let survey) = record.entity else { return [] }
    let details = survey.details
    var values: [(String, Value)] = [("last_on", .date(details.last))]
    // A voided survey keeps the row that others may share, and adds nothing to it.
    if !record.isVoided {
      let audience = details.audience.rawValue
      values += [
        ("\(audience)_surveys", .integer(1)), ("\(audience)_sample", .integer(details.sample)),
        ("\(audience)_agreeing", .integer(details.agreeing)),
      ]
    }
    return [
      Contribution(
        to: table,
        key: [
          .text(details.department.code), .integer(details.touchpoint?.number ?? 0),
          .text(details.segment?.code ?? ""), .text(details.period.description),
        ], makesRow: true, values)
    ]
  }
}

/// One row a feedback channel.
package enum ChannelRegister: Projection {
  package static let table = TableSchema(
    "channel_register", version: 1,
    keys: [Column("channel", .integer)],
    columns: [
      Column("department", .text), Column("name", .text), Column("form", .text),
      Column("owner", .text), Column("declared_on", .date), Column("audits", .integer),
      Column("audited_on", .date), Column("findings", .text), Column("evidence", .integer),
      Column("has_plan", .boolean), Column("plan", .text), Column("external", .text),
      Column("voided", .boolean), Column("changed_at_position", .bigint),
    ], isOwnRow: true, subject: .numbered(.channel))

  package static func rows(of record: EntityRecord) -> [Contribution] {
    guard case .channel(let channel) = record.entity else { return [] }
    let details = channel.details
    let life = channel.life
    return [
      Contribution(
        key: [.integer(record.stream.number)],
        row: [
          .text(details.department.code), .text(details.name), .code(details.form),
          .code(details.owner), .date(record.since), .integer(life.audits), .date(life.auditedOn),
          .text(life.findings), .integer(life.evidence?.number), .boolean(life.hasPlan ?? false),
          .text(life.plan), .code(record.external), .boolean(record.isVoided),
          .integer(record.position),
        ])
    ]
  }
}

/// One row an insight.
package enum InsightRegister: Projection {
  package static let table = TableSchema(
    "insight_register", version: 2,
    keys: [Column("insight", .integer)],
    columns: [
      Column("question", .text), Column("finding", .text), Column("segment", .text),
      Column("plane", .text), Column("department", .text), Column("touchpoint", .integer),
      Column("stage", .text), Column("module", .text), Column("evidence", .integer),
      Column("source", .text), Column("owner", .text), Column("recorded_on", .date),
      Column("external", .text), Column("voided", .boolean), Column("changed_at_position", .bigint),
      Column("outcome", .text), Column("share", .numeric), Column("peak", .text),
    ], isOwnRow: true, subject: .numbered(.insight))

  package static let views = DashboardViews.insights + DashboardViews.journey

  package static func rows(of record: EntityRecord) -> [Contribution] {
    guard case .insight(let insight) = record.entity else { return [] }
    let details = insight.details
    return [
      Contribution(
        key: [.integer(record.stream.number)],
        row: [
          .term(details.question), .text(details.finding), .text(details.segment.code),
          .term(details.plane), .code(details.department), .integer(details.touchpoint?.number),
          .term(details.stage), .term(details.module), .integer(details.evidence?.number),
          .text(details.source), .code(details.owner), .date(record.since), .code(record.external),
          .boolean(record.isVoided), .integer(record.position), .term(details.outcome),
          .numeric(details.share), .term(details.peak),
        ])
    ]
  }
}

/// One row a thing that an insight speaks about.
package enum InsightLinks: Projection {
  package static let table = TableSchema(
    "insight_link", version: 1,
    keys: [Column("insight", .integer), Column("kind", .text), Column("number", .integer)],
    columns: [Column("recorded_on", .date)])

  package static func rows(of record: EntityRecord) -> [Contribution] {
    guard case .insight(let insight) = record.entity, !record.isVoided else { return [] }
    return insight.details.subjects.map { stream in
      Contribution(
        key: [
          .integer(record.stream.number), .text(stream.kind.rawValue), .integer(stream.number),
        ], row: [.date(record.since)])
    }
  }
}

/// One row a note.
package enum NoteRegister: Projection {
  package static let table = TableSchema(
    "note_register", version: 1,
    keys: [Column("note", .integer)],
    columns: [
      Column("about", .text), Column("departments", .text), Column("body", .text),
      Column("labels", .text), Column("link", .text), Column("written_on", .date),
      Column("voided", .boolean), Column("changed_at_position", .bigint),
    ], isOwnRow: true, subject: .numbered(.note))

  package static func rows(of record: EntityRecord) -> [Contribution] {
    guard case .note(let note) = record.entity else { return [] }
    let details = note.details
    let labels = (details.labels ?? []).map(\.description).joined(separator: ",")
    return [
      Contribution(
        key: [.integer(record.stream.number)],
        row: [
          .text(details.about.description),
          .text(details.departments.map(\.code).joined(separator: ",")), .text(details.text),
          .text(labels.isEmpty ? nil : labels), .text(details.link), .date(record.since),
          .boolean(record.isVoided), .integer(record.position),
        ])
    ]
  }
}
