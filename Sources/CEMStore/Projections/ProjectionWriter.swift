import CEMDomain
import FoundationEssentials
import Postgres
import Synchronization

/// Writes changes of projections: one statement for all rows whose same columns change.
struct ProjectionWriter {
  let programID: UUID

  /// Adds the statements for the changes of one table to a pipeline.
  func write(_ changes: [RowChange], to table: TableSchema, in pipeline: inout Pipeline) {
    if changes.isEmpty { return }
    if table.isOwnRow, changes.allSatisfy(\.isWhole) {
      // As commands write them: each row once, and all of one shape.
      let shape = Shape(columns: Array(table.columns.indices), makesRow: true, isDeleted: false)
      pipeline.query(statement(for: shape, rows: changes, in: table), prepared: true)
      return
    }
    var groups: [Shape: [RowChange]] = [:]
    var order: [Shape] = []
    for change in table.filled(table.coalesced(changes)) {
      let shape = Shape(
        columns: change.isDeleted
          ? [] : change.values.indices.filter { change.values[$0] != nil },
        // A row of sums that is not there is one of zeros.
        makesRow: !change.isDeleted && (change.makesRow || table.isSum),
        isDeleted: change.isDeleted)
      if groups[shape] == nil { order.append(shape) }
      groups[shape, default: []].append(change)
    }
    // Rows are made before anything is added to them, and always in the same order of keys, so that
    // no two writers of other tables could wait for each other.
    for shape in order.filter(\.makesRow) + order.filter({ !$0.makesRow }) {
      guard let rows = groups[shape] else { continue }
      guard shape.isDeleted || !shape.columns.isEmpty else { continue }
      pipeline.query(statement(for: shape, rows: rows, in: table), prepared: true)
    }
    let leaving = changes.filter(\.mayVanish)
    if !leaving.isEmpty {
      let shape = Shape(columns: [], makesRow: false, isDeleted: true, isEmpty: true)
      pipeline.query(statement(for: shape, rows: leaving, in: table), prepared: true)
    }
  }

  private struct Shape: Hashable {
    var columns: [Int]
    var makesRow: Bool
    var isDeleted: Bool
    /// Whether only rows are meant that add up to nothing.
    var isEmpty = false
  }

  private func statement(for shape: Shape, rows: [RowChange], in table: TableSchema) -> SQL {
    let made = Made(table: table.physicalName, shape: shape)
    let template = Self.templates.withLock { templates in
      if let template = templates[made] { return template }
      let template = SQLTemplate(Self.example(for: shape, in: table))
      templates[made] = template
      return template
    }
    return template.binding { values in
      // In the order in which the statements name them.
      if shape.makesRow { values.append(programID) }
      for (index, column) in table.keys.enumerated() {
        values.append(array(rows.map { $0.key[index] }, of: column))
      }
      for place in shape.columns {
        values.append(array(rows.map { $0.values[place] ?? .null }, of: table.columns[place]))
      }
      if !shape.makesRow { values.append(programID) }
    }
  }

  /// What a text of a statement was made for.
  private struct Made: Hashable {
    var table: String
    var shape: Shape
  }

  /// The texts, which are long and the same for every command.
  private static let templates = Mutex<[Made: SQLTemplate]>([:])

  private static func example(for shape: Shape, in table: TableSchema) -> SQL {
    let columns = shape.columns.map { table.columns[$0] }
    let names = (table.keys + columns).map { SQL.quote(identifier: $0.name) }
    let target = "cem." + SQL.quote(identifier: table.physicalName)
    let selected = zip(table.keys + columns, names).map { column, name -> SQL in
      "unnest(\("")::\(unsafeSQL: column.kind.rawValue)[]) AS \(unsafeSQL: name)"
    }
    let source: SQL = "(SELECT \(SQL.joined(selected, separator: ", ")))"
    let list = names.joined(separator: ", ")
    let keyNames = table.keys.map { SQL.quote(identifier: $0.name) }
    let programID = ""

    // Rows are looked up one by one. A plan made while a table is empty would join it as a whole for ever.
    let match =
      keyNames.map { "t.\($0) = w.\($0)" }
      + (shape.isEmpty ? table.columns.map { "t.\(SQL.quote(identifier: $0.name)) = 0" } : [])
    func places(of columns: String) -> SQL {
      """
      (SELECT \(unsafeSQL: columns) FROM \(source) w, LATERAL (SELECT t.ctid AS place \
      FROM \(unsafeSQL: target) t WHERE t.program_id = \(programID) \
      AND \(unsafeSQL: match.joined(separator: " AND ")) OFFSET 0) r)
      """
    }
    if shape.isDeleted {
      return "DELETE FROM \(unsafeSQL: target) WHERE ctid = ANY (ARRAY\(places(of: "r.place")))"
    }
    let given = shape.makesRow ? "EXCLUDED" : "u"
    let updates = columns.map { column in
      let name = SQL.quote(identifier: column.name)
      return switch column.merge {
      case .set: "\(name) = \(given).\(name)"
      case .add: "\(name) = t.\(name) + \(given).\(name)"
      case .latest: "\(name) = greatest(t.\(name), \(given).\(name))"
      }
    }
    if shape.makesRow {
      return """
        INSERT INTO \(unsafeSQL: target) AS t (program_id, \(unsafeSQL: list)) \
        SELECT \(programID)::uuid, u.* FROM \(source) u \
        ON CONFLICT (program_id, \(unsafeSQL: keyNames.joined(separator: ", "))) \
        DO UPDATE SET \(unsafeSQL: updates.joined(separator: ", "))
        """
    }
    return """
      UPDATE \(unsafeSQL: target) t SET \(unsafeSQL: updates.joined(separator: ", ")) \
      FROM \(places(of: "r.place, w.*")) u WHERE t.ctid = u.place
      """
  }

  private func array(_ values: [Value], of column: Column) -> BinaryArray {
    var array = BinaryArray(of: column.kind.element, capacity: values.count)
    for value in values { array.append(value, as: column.kind) }
    return array
  }
}

extension TableSchema {
  /// Gives all changes of a batch the same columns to add to, so that one statement serves them.
  fileprivate func filled(_ changes: [RowChange]) -> [RowChange] {
    guard changes.count > 1 else { return changes }
    let sums = columns.indices.filter { columns[$0].merge != .set }
    // A row that goes has no values.
    let used = sums.filter { index in
      changes.contains { !$0.isDeleted && $0.values[index] != nil }
    }
    return changes.map { change in
      if change.isDeleted { return change }
      var change = change
      for index in used where change.values[index] == nil { change.values[index] = .integer(0) }
      return change
    }
  }
}

extension Column.Kind {
  fileprivate var element: BinaryArray.Element {
    switch self {
    case .text: .text
    case .integer: .integer
    case .bigint: .bigint
    case .boolean: .boolean
    case .date: .date
    case .numeric: .numeric
    }
  }
}

extension BinaryArray {
  fileprivate mutating func append(_ value: Value, as kind: Column.Kind) {
    switch value {
    case .null: appendNull()
    case .text(let text): append(text: text)
    case .integer(let number) where kind == .numeric: append(millionths: number * 1_000_000)
    case .integer(let number): append(integer: number)
    case .boolean(let flag): append(boolean: flag)
    case .date(let day): append(integer: Int64(day.sinceEpoch))
    case .numeric(let number): append(millionths: number.millionths)
    }
  }
}
