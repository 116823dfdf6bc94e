package import CEMDomain

/// One row a closed period.
package enum PeriodRegister: Projection {
  package static let table = TableSchema(
    "period_register", version: 1,
    keys: [Column("period", .text)],
    columns: [
      Column("first_on", .date), Column("last_on", .date), Column("closed_on", .date),
      Column("closed_at_position", .bigint), Column("restatements", .integer),
    ])

  package static func rows(of record: EntityRecord) -> [Contribution] {
    guard case .program(let program) = record.entity else { return [] }
    return (program.closes ?? []).map { close in
      Contribution(
        key: [.text(close.period.description)],
        row: [
          .date(close.first), .date(close.last), .date(close.on), .integer(close.position),
          .integer(close.restatements ?? 0),
        ])
    }
  }
}
