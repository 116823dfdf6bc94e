package import CEMDomain
package import Postgres

/// One row an initiative.
package enum InitiativeBoard: Projection {
  package static let table = TableSchema(
    "initiative_board", version: 2,
    keys: [Column("initiative", .integer)],
    columns: [
      Column("department", .text), Column("title", .text), Column("step", .text),
      Column("stage", .text), Column("stage_since", .date), Column("on_hold", .boolean),
      Column("colour", .text), Column("colour_on", .date), Column("note", .text),
      Column("partners", .text), Column("gaps", .text),
      Column("brand_elements", .text, comment: "What it designs of the brand, divided by commas"),
      Column("owner", .text),
      Column("sponsor", .text), Column("budget", .numeric), Column("currency", .text),
      Column("start_on", .date), Column("due_on", .date), Column("opened_on", .date),
      Column("platform", .integer), Column("metric", .text), Column("metric_unit", .text),
      Column("baseline", .numeric), Column("target", .numeric), Column("measured", .numeric),
      Column("pilots", .integer), Column("pilot_verdict", .text), Column("pilot_cost", .numeric),
      Column("pilot_benefit", .numeric), Column("pilot_currency", .text),
      Column("pilot_return", .numeric), Column("wom_rule", .text), Column("external", .text),
      Column("pilot_benefit_kind", .text), Column("voided", .boolean),
      Column("changed_at_position", .bigint),
    ], isOwnRow: true, subject: .numbered(.initiative))

  package static let views: [SQL] =
    [
      """
      CREATE OR REPLACE VIEW cem_bi.fact_initiative WITH (security_barrier) AS
      SELECT b.program_id, p.slug AS program, b.initiative, 'INI-' || b.initiative AS ref, b.department, b.title,
        b.step, b.stage, CASE WHEN b.on_hold THEN 'onHold' ELSE b.stage END AS status, b.stage_since,
        b.stage NOT IN ('completed', 'cancelled') AS is_open, b.on_hold, b.colour, b.colour_on,
        b.note AS colour_note, b.owner, b.sponsor, b.budget, b.currency, b.opened_on, b.start_on, b.due_on,
        CASE WHEN b.stage IN ('completed', 'cancelled') THEN b.stage_since END AS ended_on, b.platform,
        coalesce(array_length(string_to_array(b.partners, ','), 1), 0) AS partners,
        coalesce(array_length(string_to_array(b.gaps, ','), 1), 0) AS gaps,
        b.metric, b.metric_unit, b.baseline, b.target, b.measured, b.pilots, b.pilot_verdict, b.pilot_cost,
        b.pilot_benefit, b.pilot_currency, b.pilot_return, b.wom_rule, b.external,
        coalesce(array_length(string_to_array(b.brand_elements, ','), 1), 0) AS brand_elements, b.pilot_benefit_kind
      FROM \(table.relation) b JOIN cem.program p USING (program_id) WHERE NOT b.voided
      """,
      "COMMENT ON COLUMN cem_bi.fact_initiative.brand_elements IS 'How many elements of the brand it designs; bridge_initiative_brand_element has them'",
      "COMMENT ON COLUMN cem_bi.fact_initiative.pilot_benefit_kind IS 'Whether that was measured or estimated (BenefitKind); sums of both say nothing'",
      """
      CREATE OR REPLACE VIEW cem_bi.bridge_initiative_brand_element WITH (security_barrier) AS
      SELECT b.program_id, p.slug AS program, b.initiative, named.element, b.department,
        b.stage NOT IN ('completed', 'cancelled') AS is_open, b.stage = 'completed' AS is_completed
      FROM \(table.relation) b
      JOIN cem.program p USING (program_id)
      CROSS JOIN LATERAL unnest(string_to_array(b.brand_elements, ',')) AS named (element)
      WHERE NOT b.voided
      """,
      "COMMENT ON VIEW cem_bi.bridge_initiative_brand_element IS 'One row an initiative and an element of the brand that it designs'",
    ]
    + [
      ("program_id", "The program''s id, which never changes"),
      ("program", "The program''s short name"),
      ("initiative", "The initiative''s number"),
      ("element", "What is designed of the brand (BrandElement)"),
      ("department", "The department that leads the initiative"),
      ("is_open", "Whether the initiative is neither completed nor cancelled"),
      ("is_completed", "Whether it is completed"),
    ].map { column, comment in
      "COMMENT ON COLUMN cem_bi.bridge_initiative_brand_element.\(unsafeSQL: column) IS '\(unsafeSQL: comment)'"
    } + [
      "GRANT SELECT ON cem_bi.bridge_initiative_brand_element TO cem_office, cem_auditor, cem_reader"
    ]

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
          list(details.with), list(details.gaps),
          list(details.brandElements?.map(\.rawValue)), .code(details.owner),
          .code(details.sponsor),
          .numeric(details.budget), .code(details.currency), .date(details.start),
          .date(details.due), .date(record.since), .integer(details.platform?.number),
          .text(details.metric), .text(details.metricUnit), .numeric(details.baseline),
          .numeric(details.target), .numeric(life.measured), .integer(life.pilots),
          .term(pilot?.verdict), .numeric(pilot?.cost), .numeric(pilot?.benefit),
          .code(pilot?.currency), .numeric(pilot?.returnOnInvestment), .term(details.womRule),
          .code(record.external), .term(pilot?.benefitKind), .boolean(record.isVoided),
          .integer(record.position),
        ])
    ]
  }

  private static func list(_ references: [any CustomStringConvertible]?) -> Value {
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
