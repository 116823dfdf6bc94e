package import CEMDomain

/// One row an initiative.
package enum InitiativeBoard: Projection {
  package static let table = TableSchema(
    "initiative_board", version: 1,
    keys: [Column("initiative", .integer)],
    columns: [
      Column("department", .text), Column("title", .text), Column("step", .text),
      Column("stage", .text), Column("stage_since", .date), Column("on_hold", .boolean),
      Column("colour", .text), Column("colour_on", .date), Column("note", .text),
      Column("partners", .text), Column("gaps", .text), Column("owner", .text),
      Column("sponsor", .text), Column("budget", .numeric), Column("currency", .text),
      Column("start_on", .date), Column("due_on", .date), Column("opened_on", .date),
      Column("platform", .integer), Column("metric", .text), Column("metric_unit", .text),
      Column("baseline", .numeric), Column("target", .numeric), Column("measured", .numeric),
      Column("pilots", .integer), Column("pilot_verdict", .text), Column("pilot_cost", .numeric),
      Column("pilot_benefit", .numeric), Column("pilot_currency", .text),
      Column("pilot_return", .numeric), Column("wom_rule", .text), Column("external", .text),
      Column("voided", .boolean), Column("changed_at_position", .bigint),
    ], isOwnRow: true, subject: .numbered(.initiative))

  package static func rows(of record: EntityRecord) -> [Contribution] {
    guard case .initiative(let initiative) = record.entity else { return [] }
    let details = initiative.details
    let life = initiative.life
    let pilot = life.lastPilot?.result
    return [
      Contribution(
        key: [.integer(record.stream.number)],
        row: [
          .text(details.department.code), .text(details.title), .term(details.step),
          .term(life.stage), .date(life.since ?? record.since), .boolean(life.isOnHold),
          .term(life.lastUpdate?.rag), .date(life.lastUpdate?.on), .text(life.lastUpdate?.note),
          list(details.with), list(details.gaps), .code(details.owner), .code(details.sponsor),
          .numeric(details.budget), .code(details.currency), .date(details.start),
          .date(details.due), .date(record.since), .integer(details.platform?.number),
          .text(details.metric), .text(details.metricUnit), .numeric(details.baseline),
          .numeric(details.target), .numeric(life.measured), .integer(life.pilots),
          .term(pilot?.verdict), .numeric(pilot?.cost), .numeric(pilot?.benefit),
          .code(pilot?.currency), .numeric(pilot?.returnOnInvestment), .term(details.womRule),
          .code(record.external), .boolean(record.isVoided), .integer(record.position),
        ])
    ]
  }

  private static func list(_ references: [any ScalarCodable]?) -> Value {
    guard let references, !references.isEmpty else { return .null }
    return .text(references.map(\.description).joined(separator: ","))
  }
}

extension InitiativeLife {
  /// The stage under which `department_status` counts the initiative.
  var countedStage: String {
    switch status {
    case .open: "open"
    case .started: "started"
    case .piloting: "piloting"
    case .concluded: "concluded"
    case .scaling: "scaling"
    case .completed: "completed"
    case .onHold: "on_hold"
    case .cancelled: "cancelled"
    }
  }
}
