package import CEMDomain

/// One row a department: whether it is there, and what took its place.
package enum DepartmentRegister: Projection {
  package static let table = TableSchema(
    "department_register", version: 1,
    keys: [Column("department", .text)],
    columns: [
      Column("registered_on", .date), Column("retired_on", .date), Column("successor", .text),
      Column("external", .text), Column("voided", .boolean), Column("changed_at_position", .bigint),
    ])

  package static func rows(of record: EntityRecord) -> [Contribution] {
    guard case .department(let department) = record.entity else { return [] }
    let retirement = department.retirement
    return [
      Contribution(
        key: [.text(department.code.code)],
        row: [
          .date(record.since), .date(retirement?.on), .code(retirement?.successors?.first),
          .code(record.external), .boolean(record.isVoided), .integer(record.position),
        ])
    ]
  }
}
