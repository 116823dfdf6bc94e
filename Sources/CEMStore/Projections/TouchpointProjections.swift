package import CEMDomain
package import Postgres

/// One row a touchpoint: its contact plan, how its standards are kept, what is open there.
package enum TouchpointScorecard: Projection {
  package static let table = TableSchema(
    "touchpoint_scorecard", version: 4,
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
      Column("rules", .text, comment: "What staff must always do there"),
      Column("flexibility", .text, comment: "What they may decide themselves"),
    ] + StandardAspect.allCases.map { Column(column(of: $0), .integer, .add) })

  /// The column that counts the standards of an aspect.
  package static func column(of aspect: StandardAspect) -> String {
    switch aspect {
    case .style: "standards_style"
    case .substance: "standards_substance"
    case .serviceTime: "standards_service_time"
    case .customerTime: "standards_customer_time"
    }
  }

  package static let views: [SQL] =
    [
      """
      CREATE OR REPLACE VIEW cem_bi.fact_touchpoint WITH (security_barrier) AS
      SELECT t.program_id, p.slug AS program, t.touchpoint, 'TP-' || t.touchpoint AS ref, t.department, t.name,
        t.channel, t.segment, t.contact_type, t.stage, t.moment_of_truth, t.phase, t.dimension, t.attribute, t.owner,
        t.plan_items, round(t.plan_items / 12.0, 4) AS plan_share, t.mapped_on, t.retired_on,
        t.retired_on IS NULL AS is_active, t.standards, t.standards_met, t.standards_missed, t.breaches, t.open_gaps,
        t.open_initiatives, t.external, t.rules, t.flexibility, t.standards_style, t.standards_substance,
        t.standards_service_time, t.standards_customer_time
      FROM \(table.relation) t JOIN cem.program p USING (program_id) WHERE NOT t.voided
      """
    ]
    + [
      (
        "breaches",
        "How many measurements were misses, those of standards that were retired since included"
      ),
      ("rules", "What staff must always do there"),
      ("flexibility", "What they may decide themselves"),
      ("standards_style", "How many of its standards hold the style of the customer interface"),
      (
        "standards_substance",
        "How many hold its substance; none beside style, or the reverse, is out of balance"
      ),
      ("standards_service_time", "How many hold a regulated service time"),
      ("standards_customer_time", "How many say how much time customers spend"),
    ].map { column, comment in
      "COMMENT ON COLUMN cem_bi.fact_touchpoint.\(unsafeSQL: column) IS '\(unsafeSQL: comment)'"
    }

  package static func rows(of record: EntityRecord) -> [Contribution] {
    switch record.entity {
    case .touchpoint(let state): return [ownRow(of: record, state)]
    case .standard(let state):
      guard !record.isVoided else { return [] }
      // What was missed while it was promised stays a breach.
      var counts = [("breaches", state.judgements.count { $0.isBreach })]
      if state.isOpen {
        let standing = state.standing?.verdict
        counts += [
          ("standards", 1), ("standards_met", standing == .met ? 1 : 0),
          ("standards_missed", standing == .missed ? 1 : 0),
        ]
        if let aspect = state.details.aspect { counts.append((column(of: aspect), 1)) }
      }
      return [contribution(to: state.details.touchpoint, counts)]
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
        ("rules", .text(details.rules)), ("flexibility", .text(details.flexibility)),
        ("voided", .boolean(record.isVoided)), ("changed_at_position", .integer(record.position)),
      ])
  }
}

extension InterfaceBalance {
  /// What a row of ``TouchpointScorecard`` counts.
  package init(_ scorecard: TableRow) {
    var counts: [StandardAspect: Int] = [:]
    for aspect in StandardAspect.allCases {
      if case .integer(let count) = scorecard[TouchpointScorecard.column(of: aspect)] {
        counts[aspect] = Int(count)
      }
    }
    self.init(counts)
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
