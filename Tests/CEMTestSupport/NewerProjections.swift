package import CEMDomain
package import CEMStore
package import Postgres

/// Projections of a program that is newer than this one: the gaps' register has one more column and a view
/// that shows it, the departments' sums have another one, and there is a projection that was not there.
package enum NewerProjections {
  /// What the newer program maintains.
  package static let all = Projections(
    Projections.all.map { projection -> any Projection.Type in
      switch projection.table.name {
      case "gap_register": Gaps.self
      case "department_status": Departments.self
      default: projection
      }
    } + [Days.self])

  /// The gaps, with the length of each title.
  package enum Gaps: Projection {
    package static let table = TableSchema(
      "gap_register", version: 2, keys: GapRegister.table.keys,
      columns: GapRegister.table.columns + [
        Column("title_length", .integer, comment: "How many bytes the title has")
      ], isOwnRow: true, subject: .numbered(.gap))

    package static func rows(of record: EntityRecord) -> [Contribution] {
      GapRegister.rows(of: record).map { row in
        let values = row.values.map { $0 ?? .null }
        var length = Value.null
        if case .text(let title) = values[2] { length = .integer(title.utf8.count) }
        return Contribution(key: row.key, row: values + [length])
      }
    }
  }

  /// The departments, with how many gaps were ever recorded there.
  package enum Departments: Projection {
    package static let table = TableSchema(
      "department_status", version: 2, keys: DepartmentStatus.table.keys,
      columns: DepartmentStatus.table.columns + [Column("gaps_ever", .integer, .add)])

    package static let views: [SQL] = [
      """
      CREATE VIEW cem.gaps_ever AS SELECT program_id, department, gaps_ever \
      FROM \(table.relation)
      """
    ]

    package static func rows(of record: EntityRecord) -> [Contribution] {
      var rows = DepartmentStatus.rows(of: record).map(widened)
      if case .gap(let gap) = record.entity {
        let key = [Value.text(gap.details.department.code)]
        // A thing contributes once to a row.
        let others = rows.firstIndex { $0.key == key }.map { rows.remove(at: $0).cells } ?? []
        rows.append(
          Contribution(
            to: table, key: key,
            others.map { (table.columns[$0.column].name, $0.value) } + [("gaps_ever", .integer(1))])
        )
      }
      return rows
    }

    package static func entries(for event: RecordedEvent) -> [Contribution] {
      DepartmentStatus.entries(for: event).map(widened)
    }

    private static func widened(_ row: Contribution) -> Contribution {
      Contribution(
        to: table, key: row.key, makesRow: row.makesRow,
        row.cells.map { (table.columns[$0.column].name, $0.value) })
    }
  }

  /// One row a business day on which something happened.
  package enum Days: Projection {
    package static let table = TableSchema(
      "busy_day", version: 1, comment: "One row a day on which something happened",
      keys: [Column("day", .date, comment: "The business date")],
      columns: [
        Column("events", .integer, .add, comment: "How many events"),
        Column("changed_at_position", .bigint, .latest),
      ], indexes: [["events"]])

    package static func entries(for event: RecordedEvent) -> [Contribution] {
      [
        Contribution(
          to: table, key: [.date(event.occurredOn)], makesRow: true,
          [("events", .integer(1)), ("changed_at_position", .integer(event.position))])
      ]
    }
  }
}
