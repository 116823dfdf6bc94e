package import CEMDomain

/// One row a segment of customers.
package enum SegmentRegister: Projection {
  package static let table = TableSchema(
    "segment_register", version: 1,
    keys: [Column("segment", .text)],
    columns: [
      Column("name", .text), Column("description", .text), Column("market", .text),
      Column("role", .text), Column("purchase", .text), Column("owner", .text),
      Column("defined_on", .date), Column("external", .text), Column("voided", .boolean),
      Column("changed_at_position", .bigint),
    ], isOwnRow: true)

  package static func rows(of record: EntityRecord) -> [Contribution] {
    guard case .segment(let segment) = record.entity else { return [] }
    let details = segment.details
    return [
      Contribution(
        key: [.text(record.stream.code)],
        row: [
          .text(details.name), .text(details.description), .term(details.market),
          .term(details.role), .term(details.purchase), .code(details.owner), .date(record.since),
          .code(record.external), .boolean(record.isVoided), .integer(record.position),
        ])
    ]
  }
}
