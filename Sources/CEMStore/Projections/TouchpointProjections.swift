package import CEMDomain

/// One row a touchpoint: its contact plan, how its standards are kept, what is open there.
package enum TouchpointScorecard: Projection {
  package static let table = TableSchema(
    "touchpoint_scorecard", version: 2,
    keys: [Column("touchpoint", .integer)],
    columns: [
      Column("department", .text), Column("name", .text), Column("channel", .text),
      Column("segment", .text), Column("contact_type", .text), Column("stage", .text),
      Column("moment_of_truth", .boolean), Column("phase", .text), Column("dimension", .text),
      Column("attribute", .text), Column("owner", .text), Column("plan_items", .integer),
      Column("mapped_on", .date), Column("retired_on", .date), Column("external", .text),
      Column("voided", .boolean), Column("standards", .integer, .add),
      Column("standards_met", .integer, .add), Column("standards_missed", .integer, .add),
      Column("breaches", .integer, .add), Column("open_gaps", .integer, .add),
      Column("open_initiatives", .integer, .add), Column("changed_at_position", .bigint, .latest),
    ])

  package static func rows(of record: EntityRecord) -> [Contribution] {
    switch record.entity {
    case .touchpoint(let state): return [ownRow(of: record, state)]
    case .standard(let state):
      guard !record.isVoided, state.isOpen else { return [] }
      let standing = state.standing?.verdict
      return [
        contribution(
          to: state.details.touchpoint,
          [
            ("standards", 1), ("standards_met", standing == .met ? 1 : 0),
            ("standards_missed", standing == .missed ? 1 : 0),
            ("breaches", state.judgements.count { $0.isBreach }),
          ])
      ]
    case .gap(let state):
      guard !record.isVoided, state.isOpen, let touchpoint = state.details.touchpoint else {
        return []
      }
      return [contribution(to: touchpoint, [("open_gaps", 1)])]
    case .initiative(let state):
      guard !record.isVoided, state.isOpen else { return [] }
      return (state.details.touchpoints ?? []).map {
        contribution(to: $0, [("open_initiatives", 1)])
      }
    case .program, .person, .department, .evidence, .waiver, .maturity, .platform, .segment,
      .survey, .channel, .insight, .note, .request, .rate, .log:
      return []
    }
  }

  private static func contribution(
    to touchpoint: TouchpointRef, _ counts: [(String, Int)]
  ) -> Contribution {
    Contribution(
      to: table, key: [.integer(touchpoint.number)],
      counts.filter { $0.1 != 0 }.map { ($0.0, .integer($0.1)) })
  }

  private static func ownRow(of record: EntityRecord, _ state: Touchpoint) -> Contribution {
    let details = state.details
    return Contribution(
      to: table, key: [.integer(record.stream.number)], makesRow: true,
      [
        ("department", .text(details.department.code)), ("name", .text(details.name)),
        ("channel", .code(details.channel)), ("segment", .code(details.segment)),
        ("contact_type", .term(details.type)), ("stage", .term(details.stage)),
        ("moment_of_truth", .boolean(details.momentOfTruth ?? false)),
        ("phase", .term(details.phase)), ("dimension", .term(details.dimension)),
        ("attribute", .term(details.attribute)), ("owner", .code(details.owner)),
        ("plan_items", .integer(state.life.plan.count)), ("mapped_on", .date(record.since)),
        ("retired_on", .date(state.life.retiredOn)), ("external", .code(record.external)),
        ("voided", .boolean(record.isVoided)), ("changed_at_position", .integer(record.position)),
      ])
  }
}

/// One row a gap or an initiative at a touchpoint.
package enum TouchpointLinks: Projection {
  package static let table = TableSchema(
    "touchpoint_link", version: 1,
    keys: [Column("touchpoint", .integer), Column("kind", .text), Column("number", .integer)],
    columns: [Column("department", .text), Column("is_open", .boolean)])

  package static func rows(of record: EntityRecord) -> [Contribution] {
    guard !record.isVoided else { return [] }
    let touchpoints: [TouchpointRef]
    let department: DepartmentCode
    switch record.entity {
    case .gap(let state):
      touchpoints = state.details.touchpoint.map { [$0] } ?? []
      department = state.details.department
    case .initiative(let state):
      touchpoints = state.details.touchpoints ?? []
      department = state.details.department
    case .program, .person, .department, .evidence, .waiver, .maturity, .platform, .segment,
      .touchpoint, .standard, .survey, .channel, .insight, .note, .request, .rate, .log:
      return []
    }
    return touchpoints.map { touchpoint in
      Contribution(
        key: [
          .integer(touchpoint.number), .text(record.stream.kind.rawValue),
          .integer(record.stream.number),
        ],
        row: [.text(department.code), .boolean(record.entity.state.isOpen)])
    }
  }
}
