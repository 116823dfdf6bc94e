import CEMDomain
import FoundationEssentials
import Postgres

/// Writes changes of projections: one statement for all rows whose same columns change.
struct ProjectionWriter {
  let programID: UUID

  /// Adds the statements for the changes of one table to a pipeline.
  func write(_ changes: [RowChange], to table: TableSchema, in pipeline: inout Pipeline) {
    var groups: [Shape: [RowChange]] = [:]
    var order: [Shape] = []
    for change in table.coalesced(changes) {
      let shape = Shape(
        columns: change.isDeleted
          ? [] : change.values.indices.filter { change.values[$0] != nil },
        makesRow: change.makesRow, isDeleted: change.isDeleted)
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
  }

  private struct Shape: Hashable {
    var columns: [Int]
    var makesRow: Bool
    var isDeleted: Bool
  }

  private func statement(for shape: Shape, rows: [RowChange], in table: TableSchema) -> SQL {
    let columns = shape.columns.map { table.columns[$0] }
    let names = (table.keys + columns).map { SQL.quote(identifier: $0.name) }
    let target = "cem." + SQL.quote(identifier: table.name)
    var arrays: [SQL] = []
    for (index, column) in table.keys.enumerated() {
      arrays.append(array(rows.map { $0.key[index] }, of: column))
    }
    for (place, column) in zip(shape.columns, columns) {
      arrays.append(array(rows.map { $0.values[place] ?? .null }, of: column))
    }
    let source: SQL = "unnest(\(SQL.joined(arrays, separator: ", ")))"
    let list = names.joined(separator: ", ")
    let keyNames = table.keys.map { SQL.quote(identifier: $0.name) }

    if shape.isDeleted {
      let match = keyNames.map { "t.\($0) = u.\($0)" }.joined(separator: " AND ")
      return """
        DELETE FROM \(unsafeSQL: target) t USING \(source) AS u (\(unsafeSQL: list)) \
        WHERE t.program_id = \(programID) AND \(unsafeSQL: match)
        """
    }
    if shape.makesRow {
      let updates = columns.map { column in
        let name = SQL.quote(identifier: column.name)
        return switch column.merge {
        case .set: "\(name) = EXCLUDED.\(name)"
        case .add: "\(name) = t.\(name) + EXCLUDED.\(name)"
        case .latest: "\(name) = greatest(t.\(name), EXCLUDED.\(name))"
        }
      }
      return """
        INSERT INTO \(unsafeSQL: target) AS t (program_id, \(unsafeSQL: list)) \
        SELECT \(programID)::uuid, u.* FROM \(source) AS u (\(unsafeSQL: list)) \
        ON CONFLICT (program_id, \(unsafeSQL: keyNames.joined(separator: ", "))) \
        DO UPDATE SET \(unsafeSQL: updates.joined(separator: ", "))
        """
    }
    let updates = columns.map { column in
      let name = SQL.quote(identifier: column.name)
      return switch column.merge {
      case .set: "\(name) = u.\(name)"
      case .add: "\(name) = t.\(name) + u.\(name)"
      case .latest: "\(name) = greatest(t.\(name), u.\(name))"
      }
    }
    let match = keyNames.map { "t.\($0) = u.\($0)" }.joined(separator: " AND ")
    return """
      UPDATE \(unsafeSQL: target) t SET \(unsafeSQL: updates.joined(separator: ", ")) \
      FROM \(source) AS u (\(unsafeSQL: list)) \
      WHERE t.program_id = \(programID) AND \(unsafeSQL: match)
      """
  }

  private func array(_ values: [Value], of column: Column) -> SQL {
    let texts = values.map(\.postgresText)
    return "\(texts)::\(unsafeSQL: column.kind.rawValue)[]"
  }
}
