package import CEMDomain
package import FoundationEssentials
package import Postgres
import Synchronization

/// Answers from a replay of the log up to a position: what was known then.
///
/// The rows of a projection are made of all things at once, and once: whoever asks for one department's asks
/// for the next one's, too.
package final class PastReader: ProgramReader, Sendable {
  package let point: ReadPoint
  /// The whole state at that position.
  package let state: ProgramState
  /// What events contributed for ever; what things contribute is added where rows are asked for.
  private let entries: ProjectionTables
  private let kept = Mutex(Kept())

  private struct Kept {
    var tables: [String: Table] = [:]
    var kinds: [EntityKind: Records] = [:]
  }

  private struct Records {
    /// In the order of their streams.
    var all: [EntityRecord]
    var byDepartment: [DepartmentCode: [EntityRecord]] = [:]

    init(_ all: [EntityRecord]) {
      self.all = all
      for record in all {
        for department in Set(record.entity.state.departments) {
          byDepartment[department, default: []].append(record)
        }
      }
    }
  }

  private struct Table {
    /// In the order of their keys.
    var rows: [TableRow]
    /// By the column `department`, where there is one.
    var byDepartment: [Value: [TableRow]]
  }

  init(point: ReadPoint, state: ProgramState, entries: ProjectionTables) {
    self.point = point
    self.state = state
    self.entries = entries
  }

  /// Replays the log up to a point.
  /// - Parameter day: only what had happened by its end counts; `nil` is all.
  /// - Throws: `StoreError.unreadable` for an event that cannot be decoded; `PostgresError`.
  package convenience init(
    _ connection: Connection, programID: UUID, point: ReadPoint, through day: Day? = nil
  ) throws {
    var replay = Replay(through: day)
    if point.position > 0 {
      let log = EventLog(connection, programID: programID)
      try log.forEachRecorded(in: 1...point.position) { replay.apply($0) }
    }
    self.init(point: point, state: replay.state, entries: replay.entries)
  }

  package func records(_ streams: [StreamID]) throws -> [StreamID: EntityRecord] {
    var found: [StreamID: EntityRecord] = [:]
    for stream in streams { found[stream] = state.entities[stream] }
    return found
  }

  package func records(
    of kind: EntityKind, concerning department: DepartmentCode?
  ) throws -> [EntityRecord] {
    let records = kept.withLock { kept in
      if let records = kept.kinds[kind] { return records }
      let records = Records(
        state.entities.values.filter { $0.stream.kind == kind }.sorted { $0.stream < $1.stream })
      kept.kinds[kind] = records
      return records
    }
    return department.map { records.byDepartment[$0] ?? [] } ?? records.all
  }

  package func records(ownedBy person: PersonID) throws -> [EntityRecord] {
    try state.owned(by: person)
  }

  package func rows(of projection: any Projection.Type, _ query: RowQuery) throws -> [TableRow] {
    let table = kept.withLock { kept in
      if let table = kept.tables[projection.table.name] { return table }
      let table = self.table(of: projection)
      kept.tables[projection.table.name] = table
      return table
    }
    for condition in query.conditions {
      switch condition {
      case .equals("department", let code): return query.apply(to: table.byDepartment[code] ?? [])
      case .isOneOf("department", let codes) where codes.count == 1:
        return query.apply(to: table.byDepartment[codes[0]] ?? [])
      case .equals, .isOneOf, .isBefore, .isSet, .lists: continue
      }
    }
    return query.apply(to: table.rows)
  }

  private func table(of projection: any Projection.Type) -> Table {
    var tables = entries
    tables.add(rowsOf: state.entities.values, to: projection)
    let rows = tables.rows(of: projection.table)
    let hasDepartment = projection.table.allColumns.contains { $0.name == "department" }
    return Table(
      rows: rows,
      byDepartment: hasDepartment ? Dictionary(grouping: rows) { $0["department"] } : [:])
  }
}
