package import CEMDomain

/// One row a department: its level, its gaps by link, its initiatives by stage.
package enum DepartmentStatus: Projection {
  package static let table = TableSchema(
    "department_status", version: 1,
    keys: [Column("department", .text)],
    columns: [
      Column("name", .text), Column("lead", .text), Column("registered_on", .date),
      Column("voided", .boolean), Column("level", .integer), Column("level_id", .text),
      Column("level_basis", .text), Column("level_since", .date),
      Column("open_gaps", .integer, .add), Column("accepted_gaps", .integer, .add),
      Column("closed_gaps", .integer, .add),
    ]
      + GapLink.allCases.map { Column(column(of: $0), .integer, .add) }
      + stages.map { Column("initiatives_\($0)", .integer, .add) }
      + [Column("changed_at_position", .bigint, .latest)])

  /// The stages that are counted, as the columns name them.
  package static let stages = [
    "open", "started", "piloting", "concluded", "scaling", "completed", "on_hold", "cancelled",
  ]

  /// The column that counts the open gaps of a link.
  package static func column(of link: GapLink) -> String {
    "gaps_" + link.rawValue.map { $0 == "-" ? "_" : String($0) }.joined()
  }

  /// What a gap is counted in, by stage and link. A gap says so at each change, and names take long to put together.
  private static let gapCounts: [GapLife.Stage: [GapLink: [Contribution.Cell]]] = {
    func cell(_ column: String) -> Contribution.Cell {
      guard let place = table.index(of: column) else {
        preconditionFailure("\(table.name) has no column \(column)")
      }
      return Contribution.Cell(column: place, value: .integer(1))
    }
    return Dictionary(
      uniqueKeysWithValues: GapLife.Stage.allCases.map { stage in
        let all = cell("\(stage.rawValue)_gaps")
        let byLink = GapLink.allCases.map {
          ($0, stage == .open ? [all, cell(column(of: $0))] : [all])
        }
        return (stage, Dictionary(uniqueKeysWithValues: byLink))
      })
  }()

  package static func rows(of record: EntityRecord) -> [Contribution] {
    switch record.entity {
    case .department(let state):
      return [
        Contribution(
          to: table, key: [.text(state.code.code)], makesRow: true,
          [
            ("name", .text(state.details.name)), ("lead", .code(state.details.lead)),
            ("registered_on", .date(record.since)), ("voided", .boolean(record.isVoided)),
          ])
      ]
    case .maturity(let state):
      guard let department = state.department else { return [] }
      let standing = state.standing
      return [
        Contribution(
          to: table, key: [.text(department.code)],
          [
            ("level", .integer(standing?.level)),
            ("level_id", .text(standing.flatMap { Catalog.level($0.level)?.id })),
            ("level_basis", .term(standing?.basis)), ("level_since", .date(standing?.since)),
          ])
      ]
    case .gap(let state):
      guard !record.isVoided else { return [] }
      return [
        Contribution(
          to: table, key: [.text(state.details.department.code)],
          cells: gapCounts[state.life.stage]?[state.details.link] ?? [])
      ]
    case .initiative(let state):
      guard !record.isVoided else { return [] }
      return [
        Contribution(
          to: table, key: [.text(state.details.department.code)],
          [("initiatives_\(state.life.countedStage)", .integer(1))])
      ]
    case .program, .person, .evidence, .waiver, .platform, .segment, .touchpoint, .standard,
      .survey, .channel, .insight, .note, .request, .rate, .log:
      return []
    }
  }

  package static func entries(for event: RecordedEvent) -> [Contribution] {
    event.departments.map {
      Contribution(
        to: table, key: [.text($0.code)], [("changed_at_position", .integer(event.position))])
    }
  }

  /// The row of a department of which nothing was recorded.
  package static func blank(_ department: DepartmentCode) -> TableRow {
    TableRow(
      table: table, key: [.text(department.code)], values: table.columns.map(\.initial))
  }
}
