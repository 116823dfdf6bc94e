package import CEMDomain
package import FoundationEssentials
package import Postgres

/// Answers from a replay of the log up to a position: what was known then.
package struct PastReader: ProgramReader {
  package let point: ReadPoint
  /// The whole state at that position.
  package let state: ProgramState
  private let tables: ProjectionTables

  /// Replays the log up to a point.
  /// - Throws: `StoreError.unreadable` for an event that cannot be decoded; `PostgresError`.
  package init(_ connection: Connection, programID: UUID, point: ReadPoint) throws {
    var state = ProgramState.complete
    var tables = ProjectionTables()
    if point.position > 0 {
      try EventLog(connection, programID: programID).forEach(in: 1...point.position) { stored in
        let event: RecordedEvent
        do {
          event = try stored.recorded()
        } catch {
          throw StoreError.unreadable(position: stored.position, "\(error)")
        }
        state.evolve(with: event)
        tables.add(entriesFor: event)
      }
    }
    for record in state.entities.values { tables.add(rowsOf: record) }
    self.point = point
    self.state = state
    self.tables = tables
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
    query.apply(to: tables.rows(of: projection.table))
  }
}
