package import CEMDomain

/// A program's state at a moment, whether the tables answer or a replay does.
package protocol ProgramReader {
  /// What the reads see.
  var point: ReadPoint { get }

  /// The things with these streams that exist, voided or not.
  func records(_ streams: [StreamID]) throws -> [StreamID: EntityRecord]

  /// All things of a kind, or those that concern a department, voided or not, in the order of their streams.
  func records(of kind: EntityKind, concerning department: DepartmentCode?) throws -> [EntityRecord]

  /// The things that a person owns or leads, without what was voided, in the order of their streams.
  func records(ownedBy person: PersonID) throws -> [EntityRecord]

  /// Rows of a projection.
  func rows(of projection: any Projection.Type, _ query: RowQuery) throws -> [TableRow]
}

extension ProgramReader {
  /// All things of a kind, voided or not, in the order of their streams.
  package func records(of kind: EntityKind) throws -> [EntityRecord] {
    try records(of: kind, concerning: nil)
  }

  /// The thing with a stream.
  /// - Throws: `Rejection.notFound` and what the reader throws.
  package func record(_ stream: StreamID) throws -> EntityRecord {
    guard let record = try records([stream])[stream] else { throw Rejection.notFound(stream) }
    return record
  }
}

/// Which rows of a projection are wanted, and in which order.
package struct RowQuery: Sendable {
  /// A condition on one column. NULL meets none.
  package enum Condition: Sendable {
    case equals(String, Value)
    case isOneOf(String, [Value])
    case isBefore(String, Day)
    case isSet(String)
    /// Of a column that lists several, separated by commas: one of them.
    case lists(String, String)

    /// What was not voided.
    package static let counts = Condition.equals("voided", .boolean(false))

    /// What is one department's, or everything.
    package static func of(_ department: DepartmentCode?) -> [Condition] {
      department.map { [.equals("department", .text($0.code))] } ?? []
    }

    /// The initiatives that are neither completed nor cancelled.
    package static let isUnderWay = Condition.isOneOf(
      "stage",
      InitiativeLife.Stage.allCases.filter { $0 != .completed && $0 != .cancelled }
        .map { .text($0.rawValue) })
  }

  /// All of them must hold.
  package var conditions: [Condition] = []
  /// Columns, each ascending (NULL last) or descending (NULL first); then the key.
  package var order: [(column: String, descending: Bool)] = []
  package var limit: Int?

  package init(
    _ conditions: [Condition] = [], order: [(column: String, descending: Bool)] = [],
    limit: Int? = nil
  ) {
    self.conditions = conditions
    self.order = order
    self.limit = limit
  }
}

extension RowQuery {
  /// Applies the query to rows in memory; rows come in the order of their keys.
  package func apply(to rows: [TableRow]) -> [TableRow] {
    var rows = rows.filter { row in conditions.allSatisfy { $0.holds(for: row) } }
    if !order.isEmpty {
      rows.sort { a, b in
        for (column, descending) in order {
          let (x, y) = descending ? (b[column], a[column]) : (a[column], b[column])
          if Value.precedes(x, y) { return true }
          if Value.precedes(y, x) { return false }
        }
        return a.key.lexicographicallyPrecedes(b.key, by: Value.precedes)
      }
    }
    return limit.map { Array(rows.prefix($0)) } ?? rows
  }
}

extension RowQuery.Condition {
  fileprivate func holds(for row: TableRow) -> Bool {
    switch self {
    case .equals(let column, let value): row[column] != .null && row[column] == value
    case .isOneOf(let column, let values): row[column] != .null && values.contains(row[column])
    case .isBefore(let column, let day):
      if case .date(let value) = row[column] { value < day } else { false }
    case .isSet(let column): row[column] != .null
    case .lists(let column, let member):
      if case .text(let list) = row[column] {
        list.split(separator: ",").contains { $0.utf8.elementsEqual(member.utf8) }
      } else {
        false
      }
    }
  }
}
