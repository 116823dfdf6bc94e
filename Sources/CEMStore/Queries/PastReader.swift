package import CEMDomain
package import FoundationEssentials
package import Postgres

/// Answers from a replay of the log up to a position: what was known then.
package struct PastReader: ProgramReader {
  package let point: ReadPoint
  /// The whole state at that position.
  package let state: ProgramState
  /// What events contributed for ever; what things contribute is added where rows are asked for.
  private let entries: ProjectionTables

  init(point: ReadPoint, state: ProgramState, entries: ProjectionTables) {
    self.point = point
    self.state = state
    self.entries = entries
  }

  /// Replays the log up to a point.
  /// - Parameter day: only what had happened by its end counts; `nil` is all.
  /// - Throws: `StoreError.unreadable` for an event that cannot be decoded; `PostgresError`.
  package init(
    _ connection: Connection, programID: UUID, point: ReadPoint, through day: Day? = nil
  ) throws {
    var replay = Replay(through: day)
    if point.position > 0 {
      let log = EventLog(connection, programID: programID)
      try log.forEachRecorded(in: 1...point.position) { replay.apply($0) }
    }
    self = replay.reader(at: point)
  }

  package func records(_ streams: [StreamID]) throws -> [StreamID: EntityRecord] {
    var found: [StreamID: EntityRecord] = [:]
    for stream in streams { found[stream] = state.entities[stream] }
    return found
  }

  package func records(of kind: EntityKind) throws -> [EntityRecord] {
    state.entities.values.filter { $0.stream.kind == kind }.sorted { $0.stream < $1.stream }
  }

  package func rows(
    of projection: any Projection.Type, _ query: RowQuery
  ) throws -> [TableRow] {
    var tables = entries
    tables.add(rowsOf: state.entities.values, to: projection)
    return query.apply(to: tables.rows(of: projection.table))
  }
}
