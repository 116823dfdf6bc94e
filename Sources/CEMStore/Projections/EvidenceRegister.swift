package import CEMDomain

/// One row a piece of evidence.
package enum EvidenceRegister: Projection {
  package static let table = TableSchema(
    "evidence_register", version: 1,
    keys: [Column("evidence", .integer)],
    columns: [
      Column("title", .text), Column("form", .text), Column("url", .text),
      Column("file_name", .text), Column("file_size", .bigint), Column("file_sha256", .text),
      Column("author", .text), Column("dated", .date), Column("expires_on", .date),
      Column("retain_until", .date), Column("added_on", .date), Column("external", .text),
      Column("voided", .boolean), Column("changed_at_position", .bigint),
    ], isOwnRow: true, subject: .numbered(.evidence))

  package static func rows(of record: EntityRecord) -> [Contribution] {
    guard case .evidence(let evidence) = record.entity else { return [] }
    let details = evidence.details
    return [
      Contribution(
        key: [.integer(record.stream.number)],
        row: [
          .text(details.title), .text(form(of: details)), .text(details.url),
          .text(details.file?.name), details.file.map { .integer($0.size) } ?? .null,
          .code(details.file?.sha256), .text(details.author), .date(details.date),
          .date(details.expires), .date(details.retainUntil), .date(record.since),
          .code(record.external), .boolean(record.isVoided), .integer(record.position),
        ])
    ]
  }

  private static func form(of details: EvidenceDetails) -> String {
    if details.file != nil { return "file" }
    return details.url != nil ? "link" : "text"
  }
}
