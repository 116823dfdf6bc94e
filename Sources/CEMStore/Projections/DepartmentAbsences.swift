package import CEMDomain

/// One row a reinstatement of a department: the days before it on which the department was not there.
///
/// Of a department that is not there now the register says since when.
package enum DepartmentAbsences: Projection {
  package static let table = TableSchema(
    "department_absence", version: 1,
    keys: [Column("position", .bigint)],
    columns: [
      Column("department", .text), Column("retired_on", .date), Column("reinstated_on", .date),
    ])

  package static func entries(for event: RecordedEvent) -> [Contribution] {
    guard case .department(.reinstated(let reinstated)) = event.event else { return [] }
    return [
      Contribution(
        key: [.integer(event.position)],
        row: [
          .text(event.stream.code), .date(reinstated.retiredOn), .date(event.occurredOn),
        ])
    ]
  }
}
