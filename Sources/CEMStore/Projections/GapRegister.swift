package import CEMDomain

/// One row a gap.
package enum GapRegister: Projection {
  package static let table = TableSchema(
    "gap_register", version: 1,
    keys: [Column("gap", .integer)],
    columns: [
      Column("department", .text), Column("link", .text), Column("title", .text),
      Column("state", .text), Column("state_since", .date), Column("severity", .integer),
      Column("expected", .numeric), Column("perceived", .numeric), Column("unit", .text),
      Column("lower_is_better", .boolean), Column("size", .numeric),
      Column("relative_size", .numeric), Column("phase", .text), Column("dimension", .text),
      Column("attribute", .text), Column("measured_on", .date), Column("recorded_on", .date),
      Column("owner", .text), Column("due_on", .date), Column("review_on", .date),
      Column("approver", .text), Column("evidence", .integer), Column("source", .text),
      Column("resolution", .text), Column("unmet_reason", .text),
      Column("reassessments", .integer), Column("reopenings", .integer),
      Column("external", .text), Column("voided", .boolean),
      Column("changed_at_position", .bigint),
    ], isOwnRow: true, subject: .numbered(.gap))

  package static func rows(of record: EntityRecord) -> [Contribution] {
    guard case .gap(let gap) = record.entity else { return [] }
    let details = gap.details
    let life = gap.life
    return [
      Contribution(
        key: [.integer(record.stream.number)],
        row: [
          .text(details.department.code), .term(details.link), .text(details.title),
          .term(life.stage), .date(life.since ?? record.since), .integer(details.severity),
          .numeric(details.expected), .numeric(details.perceived), .text(details.unit),
          .boolean(details.lowerIsBetter ?? false), .numeric(details.size),
          .numeric(details.relativeSize), .term(details.phase), .term(details.dimension),
          .term(details.attribute), .date(details.measuredOn), .date(record.since),
          .code(details.owner), .date(details.due), .date(life.reviewOn), .code(life.approver),
          .integer(details.evidence?.number), .text(details.source), .text(life.resolution),
          .text(life.unmetReason), .integer(life.reassessments), .integer(life.reopenings),
          .code(record.external), .boolean(record.isVoided), .integer(record.position),
        ])
    ]
  }
}
