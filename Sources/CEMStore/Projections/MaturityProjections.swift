package import CEMDomain

/// One row a change of a level.
package enum MaturityTimeline: Projection {
  package static let table = TableSchema(
    "maturity_timeline", version: 1,
    keys: [Column("position", .bigint)],
    columns: [
      Column("department", .text), Column("change", .text), Column("from_level", .integer),
      Column("to_level", .integer), Column("method", .text), Column("basis", .text),
      Column("occurred_on", .date), Column("changed_at_position", .bigint),
    ])

  package static func entries(for event: RecordedEvent) -> [Contribution] {
    guard case .maturity(let maturity) = event.event else { return [] }
    let change: String
    let levels: (from: Int?, to: Int?)
    var method: AssessmentMethod?
    var basis: LevelStanding.Basis?
    switch maturity {
    case .assessed(let payload):
      (change, levels, method) = ("assessed", (payload.from, payload.level), payload.method)
    case .advanced(let payload):
      (change, levels, basis) = ("advanced", (payload.from, payload.to), payload.basis)
    case .regressed(let payload): (change, levels) = ("regressed", (payload.from, payload.to))
    case .corrected(let payload): (change, levels) = ("corrected", (payload.from, payload.to))
    case .inherited(let payload):
      (change, levels, basis) = ("inherited", (payload.from, payload.level), .inherited)
    case .actionCompleted, .actionReopened, .actionWaived: return []
    }
    return [
      Contribution(
        key: [.integer(event.position)],
        row: [
          .text(event.stream.code.isEmpty ? nil : event.stream.code), .text(change),
          .integer(levels.from), .integer(levels.to), .term(method), .term(basis),
          .date(event.occurredOn), .integer(event.position),
        ])
    ]
  }
}

/// One row an action that a department did or was let off.
package enum MaturityActions: Projection {
  package static let table = TableSchema(
    "maturity_action", version: 1,
    keys: [Column("department", .text), Column("action", .text)],
    columns: [
      Column("level", .integer), Column("evidence", .integer), Column("waiver", .integer),
      Column("expires_on", .date), Column("recorded_on", .date),
      Column("changed_at_position", .bigint),
    ])

  package static func rows(of record: EntityRecord) -> [Contribution] {
    guard case .maturity(let maturity) = record.entity else { return [] }
    return maturity.actions.map { action in
      Contribution(
        key: [.text(maturity.department?.code ?? ""), .text(action.action.description)],
        row: [
          .integer(action.action.level), .integer(action.evidence?.number),
          .integer(action.waiver?.number), .date(action.expires), .date(action.on),
          .integer(action.position),
        ])
    }
  }
}
