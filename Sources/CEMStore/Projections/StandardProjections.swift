package import CEMDomain
package import Postgres

/// One row a service standard, with its latest version and the measurement that stands.
package enum StandardRegister: Projection {
  package static let table = TableSchema(
    "standard_register", version: 3,
    keys: [Column("standard", .integer)],
    columns: [
      Column("touchpoint", .integer), Column("department", .text), Column("metric", .text),
      Column("unit", .text), Column("target", .numeric), Column("lower_is_better", .boolean),
      Column("audience", .text),
      Column("aspect", .text, comment: "The side of the customer interface that it holds"),
      Column("in_force_from", .date), Column("versions", .integer),
      Column("owner", .text), Column("set_on", .date), Column("retired_on", .date),
      Column("measurements", .integer), Column("breaches", .integer),
      Column("latest_period", .text), Column("latest_value", .numeric),
      Column("latest_volume", .numeric), Column("latest_verdict", .text),
      Column("external", .text), Column("voided", .boolean), Column("changed_at_position", .bigint),
    ], isOwnRow: true, subject: .numbered(.standard))

  package static let views: [SQL] = [
    """
    CREATE OR REPLACE VIEW cem_bi.fact_standard WITH (security_barrier) AS
    SELECT s.program_id, p.slug AS program, s.standard, 'STD-' || s.standard AS ref, s.touchpoint, s.department,
      s.metric, s.unit, s.target, s.lower_is_better, s.audience, s.in_force_from, s.versions, s.owner, s.set_on,
      s.retired_on, s.retired_on IS NULL AS is_active, s.measurements, s.breaches, s.latest_period, s.latest_value,
      s.latest_volume, s.latest_verdict, s.external, s.aspect
    FROM \(table.relation) s JOIN cem.program p USING (program_id) WHERE NOT s.voided
    """,
    "COMMENT ON COLUMN cem_bi.fact_standard.aspect IS 'The side of the customer interface that it holds (StandardAspect); NULL where none was named'",
  ]

  package static func rows(of record: EntityRecord) -> [Contribution] {
    guard case .standard(let standard) = record.entity else { return [] }
    let details = standard.details
    let latest = standard.standing
    return [
      Contribution(
        key: [.integer(record.stream.number)],
        row: [
          .integer(details.touchpoint.number), .text(details.department.code),
          .text(details.metric), .text(details.unit), .numeric(details.target),
          .boolean(details.lowerIsBetter ?? false), .term(details.for),
          .term(details.aspect), .date(details.from), .integer(standard.versions.count),
          .code(details.owner), .date(record.since),
          .date(standard.life.retiredOn), .integer(standard.life.measurements.count),
          .integer(standard.judgements.count { $0.isBreach }), .code(latest?.measurement.period),
          .numeric(latest?.measurement.value), .numeric(latest?.measurement.volume),
          .term(latest?.verdict), .code(record.external), .boolean(record.isVoided),
          .integer(record.position),
        ])
    ]
  }
}

/// One row a measurement of a service standard, judged.
package enum StandardMeasurements: Projection {
  package static let table = TableSchema(
    "standard_measurement", version: 1,
    keys: [Column("standard", .integer), Column("period", .text)],
    columns: [
      Column("touchpoint", .integer), Column("department", .text), Column("first_on", .date),
      Column("last_on", .date), Column("value", .numeric), Column("no_data", .boolean),
      Column("volume", .numeric), Column("target", .numeric), Column("verdict", .text),
      Column("changed_within", .boolean), Column("gap", .integer), Column("recorded_on", .date),
    ])

  package static func rows(of record: EntityRecord) -> [Contribution] {
    guard case .standard(let standard) = record.entity, !record.isVoided else { return [] }
    return standard.judgements.map { judgement in
      let measurement = judgement.measurement
      return Contribution(
        key: [.integer(record.stream.number), .text(measurement.period.description)],
        row: [
          .integer(standard.details.touchpoint.number), .text(standard.details.department.code),
          .date(measurement.first), .date(measurement.last), .numeric(measurement.value),
          .boolean(measurement.value == nil), .numeric(measurement.volume),
          .numeric(judgement.version?.target), .term(judgement.verdict),
          .boolean(judgement.changedWithin), .integer(measurement.gap?.number),
          .date(measurement.on),
        ])
    }
  }
}
