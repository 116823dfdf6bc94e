import CEMDomain
package import FoundationEssentials
package import Postgres

/// Makes a program's projections again from its log while commands go on.
///
/// What differs is found outside of any lock. Then, under the head's lock, what came meanwhile is folded
/// and just the rows that differ are written: readers see the tables as they were, or whole.
package struct Rebuild {
  package let connection: Connection
  package let programID: UUID
  package var projections: [any Projection.Type]
  /// How many events a part has at most, about.
  package var partSize = LogPart.size
  /// Called after each part was folded and kept.
  package var onPart: () throws -> Void = {}

  /// - Parameter connection: of a role that may write the projections.
  package init(
    _ connection: Connection, programID: UUID,
    projections: [any Projection.Type] = Projections.all
  ) {
    self.connection = connection
    self.programID = programID
    self.projections = projections
  }

  /// What a rebuild came to.
  package struct Outcome: Hashable, Sendable {
    /// How many events were folded.
    package var events: Int64
    /// Where the log stood at the end.
    package var position: Int64
    /// How many rows each projection has, by name.
    package var rows: [String: Int]
    /// How many rows were written or removed, by name.
    package var corrected: [String: Int]
  }

  /// Rebuilds; anew from the beginning where something is erased meanwhile.
  /// - Parameter progress: called with the events folded so far, and how many there are.
  /// - Throws: `StoreError`, `PostgresError`.
  package func run(progress: (Int64, Int64) throws -> Void = { _, _ in }) throws -> Outcome {
    while true {
      do { return try runOnce(progress) } catch is ErasedMeanwhile {}
    }
  }

  private func runOnce(_ progress: (Int64, Int64) throws -> Void) throws -> Outcome {
    let refold = Refold(connection, programID: programID, projections: projections)
    let start = try head()
    try requireEvents(upTo: start)
    let progressSoFar = RebuildProgress(
      connection: connection, programID: programID, projections: projections)
    let (parts, position) =
      try progressSoFar.resume(refold) ?? (LogPart.all(ofLength: start, size: partSize), start)
    // The rows follow the register in that they name the gap's present department.
    let gapEvents =
      projections.contains { $0 == GapRegister.self }
      ? GapEvents(connection, programID: programID) : nil
    var areGapEventsRight = false
    try Background.run {
      try refold.fold(
        upTo: position, parts: parts,
        meanwhile: {
          if let gapEvents { areGapEventsRight = try gapEvents.differences().isEmpty }
        },
        finished: { part in
          // A single part leaves nothing to go on from.
          if part.count > 1 { try progressSoFar.save(refold, after: part, position: position) }
          try onPart()
        }, progress: { try progress($0, position) })
    }
    try refold.catchUp()
    var outcome = try finish(refold, progressSoFar)
    if let gapEvents {
      let isRight = areGapEventsRight && outcome.corrected[GapRegister.table.name] == nil
      let corrected = isRight ? 0 : try gapEvents.mend()
      outcome.rows[GapEvents.table.name] = try gapEvents.count()
      if corrected > 0 { outcome.corrected[GapEvents.table.name] = corrected }
    }
    return outcome
  }

  /// A head that was changed would have it look for events that are not there, without an end.
  private func requireEvents(upTo head: Int64) throws {
    let last = try connection.query(
      "SELECT coalesce(max(position), 0) FROM cem.event WHERE program_id = \(programID)"
    ).one(Int64.self)
    guard head <= last else {
      throw StoreError.unreadable(
        position: last + 1, "the head says \(head) events, and there are \(last)")
    }
  }

  private func head() throws -> Int64 {
    try MomentResolver(connection, programID: programID).head().position
  }

  private func finish(_ refold: Refold, _ progress: RebuildProgress) throws -> Outcome {
    do {
      return try connection.transaction(opening: { pipeline in
        pipeline.query("SELECT * FROM cem.lock_program(\(programID))")
      }) { tx in
        let position = try head()
        try refold.follow(to: position)
        let differences = try refold.differences()
        var outcome = Outcome(
          events: position, position: position, rows: refold.rowCounts, corrected: [:])
        for difference in differences { outcome.corrected[difference.table.name, default: 0] += 1 }
        var pipeline = Pipeline()
        differences.write(to: projections, of: programID, in: &pipeline)
        for projection in projections {
          let name = projection.table.name
          pipeline.query(
            Rebuild.note(
              projection.table, of: programID, at: position, rows: outcome.rows[name] ?? 0,
              corrected: outcome.corrected[name] ?? 0))
        }
        pipeline.query(progress.removal)
        try tx.commit(pipeline)
        return outcome
      }
    } catch {
      switch error {
      case .body(let error as PostgresError, _), .begin(let error), .commit(let error),
        .commitOutcomeUnknown(let error):
        throw StoreError(error, writingOver: connection)
      case .body(let error, _): throw error
      }
    }
  }

  /// The statement that notes when a projection was made again.
  static func note(
    _ table: TableSchema, of programID: UUID, at position: Int64, rows: Int, corrected: Int
  ) -> SQL {
    """
    INSERT INTO cem.projection_rebuild AS r \
    (program_id, name, version, position, rebuilt_at, row_count, corrected) \
    VALUES (\(programID), \(table.name), \(table.version), \(position), \
    clock_timestamp(), \(rows), \(corrected)) \
    ON CONFLICT (program_id, name) DO UPDATE SET version = EXCLUDED.version, \
    position = EXCLUDED.position, rebuilt_at = EXCLUDED.rebuilt_at, \
    row_count = EXCLUDED.row_count, corrected = EXCLUDED.corrected
    """
  }
}

extension [RowDifference] {
  /// Adds the statements that make the rows right: the wrong ones go, the right ones come.
  func write(
    to projections: [any Projection.Type], of programID: UUID, in pipeline: inout Pipeline
  ) {
    let writer = ProjectionWriter(programID: programID)
    for projection in projections {
      let table = projection.table
      let own = filter { $0.table.name == table.name }
      for start in stride(from: 0, to: own.count, by: 5_000) {
        let some = own[start..<Swift.min(start + 5_000, own.count)]
        let gone = some.filter { $0.actual != nil }.map { difference in
          RowChange(key: difference.key, values: [], makesRow: false, isDeleted: true)
        }
        let come = some.compactMap { difference in
          difference.expected.map {
            RowChange(key: difference.key, values: $0.map { .some($0) }, makesRow: true)
          }
        }
        writer.write(gone, to: table, in: &pipeline)
        writer.write(come, to: table, in: &pipeline)
      }
    }
  }
}
