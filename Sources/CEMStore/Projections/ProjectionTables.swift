package import CEMDomain

/// Projections in memory: what the tables hold after a replay.
package struct ProjectionTables: Sendable {
  /// By the place of a projection, what its rows hold by key.
  var rows: [[[Value]: [Value?]]]
  let projections: [any Projection.Type]
  /// The keys to which things contributed, or events, of which nobody made the row, by the place of a projection:
  /// there is no such row in the tables either.
  var unmade: [Set<[Value]>]
  /// The keys that changed, by the place of a projection; `nil` where nobody asks.
  private(set) var changed: [Set<[Value]>]?

  /// Whether what is contributed to a key is a row, whoever made it.
  private let isOfPart: Bool

  /// - Parameter isOfPart: whether only a part of a log is folded, which may lack what made a row.
  package init(of projections: [any Projection.Type] = Projections.all, isOfPart: Bool = false) {
    self.projections = projections
    self.isOfPart = isOfPart
    rows = Array(repeating: [:], count: projections.count)
    unmade = Array(repeating: [], count: projections.count)
  }

  /// Notes from here on which keys change.
  mutating func noteChanges() { changed = Array(repeating: [], count: projections.count) }

  /// How many rows a projection has.
  func count(of table: TableSchema) -> Int {
    place(of: table).map { rows[$0].count - unmade[$0].count } ?? 0
  }

  /// The keys of a projection's rows.
  func keys(of table: TableSchema) -> [[Value]] { Array(contributed(to: table).keys) }

  /// The keys of a projection that changed since `noteChanges`.
  func changedKeys(of table: TableSchema) -> Set<[Value]> {
    place(of: table).flatMap { changed?[$0] } ?? []
  }

  /// What was contributed to a projection's rows, by key.
  func contributed(to table: TableSchema) -> [[Value]: [Value?]] {
    guard let index = place(of: table) else { return [:] }
    return unmade[index].isEmpty
      ? rows[index] : rows[index].filter { !unmade[index].contains($0.key) }
  }

  private func place(of table: TableSchema) -> Int? {
    projections.firstIndex { $0.table.name == table.name }
  }

  /// Adds what an event contributes for ever.
  package mutating func add(entriesFor event: RecordedEvent) {
    for index in projections.indices {
      for entry in projections[index].entries(for: event) { merge(entry, into: index) }
    }
  }

  /// Adds what other tables of the same projections hold.
  package mutating func add(_ other: ProjectionTables) {
    for index in projections.indices {
      if rows[index].isEmpty, changed == nil {
        rows[index] = other.rows[index]
        unmade[index] = other.unmade[index]
        continue
      }
      let table = projections[index].table
      for (key, values) in other.rows[index] {
        if !other.unmade[index].contains(key) {
          unmade[index].remove(key)
        } else if rows[index][key] == nil {
          unmade[index].insert(key)
        }
        let cells = values.enumerated().compactMap { column, value in
          value.map { Contribution.Cell(column: column, value: $0) }
        }
        ProjectionTables.merge(
          cells, table,
          &rows[index][key, default: Array(repeating: nil, count: table.columns.count)])
      }
    }
  }

  /// Adds what a thing contributes in its final state.
  package mutating func add(rowsOf record: EntityRecord) {
    for index in projections.indices {
      for row in projections[index].rows(of: record) { merge(row, into: index) }
    }
  }

  /// Adds what things contribute to one projection.
  package mutating func add(
    rowsOf records: some Sequence<EntityRecord>, to projection: any Projection.Type
  ) {
    guard let index = projections.firstIndex(where: { $0 == projection }) else { return }
    for record in records {
      for row in projection.rows(of: record) { merge(row, into: index) }
    }
  }

  private mutating func merge(_ contribution: Contribution, into index: Int) {
    let table = projections[index].table
    changed?[index].insert(contribution.key)
    let count = rows[index].count
    ProjectionTables.merge(
      contribution.cells, table,
      &rows[index][
        contribution.key, default: Array(repeating: nil, count: table.columns.count)])
    note(
      contribution.key, isMade: contribution.makesRow, isNew: rows[index].count > count, in: index)
  }

  /// Notes whether the row of a key was made. A sum is there as soon as anything is added.
  private mutating func note(_ key: [Value], isMade: Bool, isNew: Bool, in index: Int) {
    if isMade || isOfPart || projections[index].table.isSum {
      if !unmade[index].isEmpty { unmade[index].remove(key) }
    } else if isNew {
      unmade[index].insert(key)
    }
  }

  private static func merge(
    _ cells: [Contribution.Cell], _ table: TableSchema, _ values: inout [Value?]
  ) {
    for cell in cells {
      values[cell.column] = table.merged(
        values[cell.column], cell.value, table.columns[cell.column].merge)
    }
  }

  /// Takes a thing that changed: what it contributes now less what it did before.
  package mutating func change(from before: EntityRecord?, to after: EntityRecord?) {
    for index in projections.indices {
      let table = projections[index].table
      let changes = table.changes(
        from: before.map { projections[index].rows(of: $0) } ?? [],
        to: after.map { projections[index].rows(of: $0) } ?? [])
      for change in changes {
        changed?[index].insert(change.key)
        if change.isDeleted {
          rows[index][change.key] = nil
          unmade[index].remove(change.key)
          continue
        }
        let count = rows[index].count
        let cells = change.values.enumerated().compactMap { column, value in
          value.map { Contribution.Cell(column: column, value: $0) }
        }
        ProjectionTables.merge(
          cells, table,
          &rows[index][change.key, default: Array(repeating: nil, count: table.columns.count)])
        note(change.key, isMade: change.makesRow, isNew: rows[index].count > count, in: index)
        if change.mayVanish, rows[index][change.key]?.allSatisfy(\.isNothing) == true {
          rows[index][change.key] = nil
        }
      }
    }
  }

  /// A projection's rows in the order of their keys; what nobody set is zero, false or NULL.
  package func rows(of table: TableSchema) -> [TableRow] {
    contributed(to: table)
      .map { TableRow(table: table, key: $0.key, contributed: $0.value) }
      .sorted { $0.key.lexicographicallyPrecedes($1.key, by: Value.precedes) }
  }

  /// A projection's row with a key; `nil` where there is none.
  package func row(_ key: [Value], of table: TableSchema) -> TableRow? {
    guard let index = place(of: table), !unmade[index].contains(key) else { return nil }
    return rows[index][key].map { TableRow(table: table, key: key, contributed: $0) }
  }
}

extension Column {
  /// What a new row holds before anybody contributes.
  package var initial: Value {
    switch merge {
    case .add, .latest: .integer(0)
    case .set: kind == .boolean ? .boolean(false) : .null
    }
  }
}

extension Value? {
  /// Whether it adds nothing.
  fileprivate var isNothing: Bool { self == nil || self == .integer(0) }
}

extension Value {
  /// The order of the database: NULL last, texts by bytes.
  package static func precedes(_ a: Value, _ b: Value) -> Bool {
    switch (a, b) {
    case (.null, _): false
    case (_, .null): true
    case (.integer(let a), .integer(let b)): a < b
    case (.text(let a), .text(let b)): a.precedesByBytes(b)
    case (.date(let a), .date(let b)): a < b
    case (.numeric(let a), .numeric(let b)): a < b
    case (.boolean(let a), .boolean(let b)): !a && b
    default: false
    }
  }
}

/// A row of a projection, from the database or from memory.
package struct TableRow: Hashable, Sendable {
  package let table: TableSchema
  package let key: [Value]
  package let values: [Value]

  /// A value by its column's name. The column must exist.
  package subscript(name: String) -> Value {
    if let index = table.index(of: name) { return values[index] }
    guard let index = table.keys.firstIndex(where: { $0.name == name }) else {
      preconditionFailure("\(table.name) has no column \(name)")
    }
    return key[index]
  }

  package static func == (a: TableRow, b: TableRow) -> Bool {
    a.table.name == b.table.name && a.key == b.key && a.values == b.values
  }

  package func hash(into hasher: inout Hasher) { hasher.combine(key) }
}

extension TableRow {
  /// A column's whole number; 0 where it holds none.
  package func number(_ column: String) -> Int {
    if case .integer(let number) = self[column] { Int(number) } else { 0 }
  }

  /// A column's text; `nil` where it holds none.
  package func text(_ column: String) -> String? {
    if case .text(let text) = self[column] { text } else { nil }
  }

  /// A column's day; `nil` where it holds none.
  package func day(_ column: String) -> Day? {
    if case .date(let day) = self[column] { day } else { nil }
  }

  /// The thing of a kind whose number the column of that name holds.
  package func stream(_ kind: EntityKind) -> StreamID {
    StreamID(kind, number: number(kind.rawValue))
  }

  /// Whether its values are what was contributed.
  func holds(_ contributed: [Value?]) -> Bool {
    values.indices.allSatisfy { (contributed[$0] ?? table.columns[$0].initial) == values[$0] }
  }

  /// What nobody contributed is zero, false or NULL.
  fileprivate init(table: TableSchema, key: [Value], contributed values: [Value?]) {
    self.init(
      table: table, key: key,
      values: zip(table.columns, values).map { column, value in value ?? column.initial })
  }
}
