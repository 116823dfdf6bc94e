package import CEMDomain

/// A replay's state for many questions in a row: each projection's rows are made once.
///
/// A `PastReader` makes the rows of a projection from all things whenever it is asked. A report asks for
/// each department's several times over.
package final class KeptReader: ProgramReader {
  private let past: PastReader
  private var tables: [String: Kept] = [:]
  private var kinds: [EntityKind: [EntityRecord]] = [:]

  /// A projection's rows in the order of their keys.
  private struct Kept {
    var rows: [TableRow]
    /// By the column `department`, where there is one.
    var byDepartment: [Value: [TableRow]]
  }

  package init(_ past: PastReader) { self.past = past }

  package var point: ReadPoint { past.point }

  package func records(_ streams: [StreamID]) throws -> [StreamID: EntityRecord] {
    try past.records(streams)
  }

  package func records(of kind: EntityKind) throws -> [EntityRecord] {
    if let records = kinds[kind] { return records }
    let records = try past.records(of: kind)
    kinds[kind] = records
    return records
  }

  package func rows(of projection: any Projection.Type, _ query: RowQuery) throws -> [TableRow] {
    let kept = try tables[projection.table.name] ?? keep(projection)
    for condition in query.conditions {
      switch condition {
      case .equals("department", let code): return query.apply(to: kept.byDepartment[code] ?? [])
      case .isOneOf("department", let codes) where codes.count == 1:
        return query.apply(to: kept.byDepartment[codes[0]] ?? [])
      case .equals, .isOneOf, .isBefore, .isNull: continue
      }
    }
    return query.apply(to: kept.rows)
  }

  private func keep(_ projection: any Projection.Type) throws -> Kept {
    let rows = try past.rows(of: projection, RowQuery())
    let hasDepartment = projection.table.allColumns.contains { $0.name == "department" }
    let kept = Kept(
      rows: rows,
      byDepartment: hasDepartment ? Dictionary(grouping: rows) { $0["department"] } : [:])
    tables[projection.table.name] = kept
    return kept
  }
}
