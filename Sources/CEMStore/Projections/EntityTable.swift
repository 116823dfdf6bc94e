package import CEMDomain

/// The state of each thing, from which commands are decided.
package enum EntityTable: Projection {
  package static let table = TableSchema(
    "entity", version: 3,
    keys: [Column("kind", .text), Column("number", .integer), Column("code", .text)],
    columns: [
      Column("version", .integer), Column("changed_at_position", .bigint), Column("since", .date),
      Column("occurred_on", .date), Column("voided", .boolean), Column("external", .text),
      Column("duplicate_of", .text), Column("owner", .text), Column("departments", .text),
      Column("state", .text),
    ], isOwnRow: true, subject: .everything)

  package static func rows(of record: EntityRecord) -> [Contribution] {
    let state = record.entity.state
    return [
      Contribution(
        key: key(of: record.stream),
        row: [
          .integer(record.version), .integer(record.position), .date(record.since),
          .date(record.occurredOn), .boolean(record.isVoided), .code(record.external),
          .text(record.duplicateOf?.description), .code(state.owner),
          .text(state.departments.map(\.code).joined(separator: ",")),
          .text(stateText(of: state)),
        ])
    ]
  }

  static func key(of stream: StreamID) -> [Value] {
    [.text(stream.kind.rawValue), .integer(stream.number), .text(stream.code)]
  }

  private static func stateText(of state: any EntityState) -> String {
    guard let text = try? Split.canonicalText(of: state) else {
      preconditionFailure("a state that cannot be encoded: \(type(of: state))")
    }
    return text
  }
}
