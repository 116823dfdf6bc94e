package import FoundationEssentials
package import Postgres

/// How a projection of a program stands.
package struct ProjectionState: Sendable {
  package var name: String
  /// The version that writers must maintain.
  package var version: Int
  package var rows: Int64
  /// Up to here it holds the log.
  package var position: Int64
  package var lagEvents: Int64
  package var lagSeconds: Int64
  /// When it was last made again; `nil` where it never was.
  package var rebuiltAt: Timestamp?
  package var rebuiltPosition: Int64?
  /// How many rows differed then.
  package var corrected: Int64?

  /// All projections, by name.
  ///
  /// A projection is changed in the transaction that appends, so it stands where the log does.
  /// - Throws: `StoreError`, `PostgresError`.
  package static func all(
    _ connection: Connection, programID: UUID
  ) throws -> [ProjectionState] {
    try connection.transaction(.snapshot) { _ in
      let head = try MomentResolver(connection, programID: programID).head()
      let rows = try connection.query(
        """
        SELECT p.name, p.version, r.rebuilt_at, r.position, r.corrected FROM cem.projection p \
        LEFT JOIN cem.projection_rebuild r ON r.name = p.name AND r.program_id = \(programID) \
        AND r.version = p.version \
        ORDER BY p.name
        """
      ).decode((String, Int, Timestamp?, Int64?, Int64?).self)
      return try rows.map { name, version, rebuiltAt, position, corrected in
        let count = try connection.query(
          "SELECT count(*) FROM cem.\(identifier: name) WHERE program_id = \(programID)"
        ).one(Int64.self)
        return ProjectionState(
          name: name, version: version, rows: count, position: head.position, lagEvents: 0,
          lagSeconds: 0, rebuiltAt: rebuiltAt, rebuiltPosition: position, corrected: corrected)
      }
    }
  }
}
