package import FoundationEssentials
package import Postgres

/// How a projection of a program stands.
package struct ProjectionState: Sendable {
  package var name: String
  package var version: Int
  /// Whether it is in use, rather than being filled beside the version in use.
  package var isInUse: Bool
  /// `nil` where the login may not look into a table that is being filled.
  package var rows: Int64?
  /// Up to here it holds the log.
  package var position: Int64
  package var lagEvents: Int64
  /// How much older the last event that it holds is than the last one of the log.
  package var lagSeconds: Int64
  /// When it was last made again; `nil` where it never was.
  package var rebuiltAt: Timestamp?
  package var rebuiltPosition: Int64?
  /// How many rows differed then.
  package var corrected: Int64?

  /// All projections, by name; a version that is being filled comes after the one in use.
  ///
  /// A projection is changed in the transaction that appends, so the version in use stands where the log
  /// does.
  /// - Throws: `StoreError`, `PostgresError`.
  package static func all(
    _ connection: Connection, programID: UUID
  ) throws -> [ProjectionState] {
    try connection.transaction(.snapshot) { _ in
      let head = try MomentResolver(connection, programID: programID).head()
      return try inUse(connection, programID, head) + filling(connection, programID, head)
    }.sorted { ($0.name, $0.version) < ($1.name, $1.version) }
  }

  private static func inUse(
    _ connection: Connection, _ programID: UUID, _ head: ReadPoint
  ) throws -> [ProjectionState] {
    let rows = try connection.query(
      """
      SELECT p.name, p.version, r.rebuilt_at, r.position, r.corrected FROM cem.projection p \
      LEFT JOIN cem.projection_rebuild r ON r.name = p.name AND r.program_id = \(programID) \
      AND r.version = p.version
      """
    ).decode((String, Int, Timestamp?, Int64?, Int64?).self)
    return try rows.map { name, version, rebuiltAt, position, corrected in
      ProjectionState(
        name: name, version: version, isInUse: true,
        rows: try count(connection, programID, name, version), position: head.position,
        lagEvents: 0, lagSeconds: 0, rebuiltAt: rebuiltAt, rebuiltPosition: position,
        corrected: corrected)
    }
  }

  private static func filling(
    _ connection: Connection, _ programID: UUID, _ head: ReadPoint
  ) throws -> [ProjectionState] {
    let rows = try connection.query(
      """
      SELECT b.name, b.version, coalesce(p.position, 0), coalesce(extract(epoch FROM h.recorded_at \
      - coalesce(e.recorded_at, f.recorded_at)), 0)::bigint \
      FROM cem.projection_build b JOIN cem.head h ON h.program_id = \(programID) \
      LEFT JOIN cem.projection_build_position p ON p.name = b.name AND p.program_id = h.program_id \
      LEFT JOIN cem.event e ON e.program_id = h.program_id AND e.position = p.position \
      LEFT JOIN cem.event f ON f.program_id = h.program_id AND f.position = 1
      """
    ).decode((String, Int, Int64, Int64).self)
    return try rows.map { name, version, position, seconds in
      let table = "cem." + TableSchema.physicalName(name, version: version)
      let isOpen = try connection.query(
        "SELECT coalesce(has_table_privilege(to_regclass(\(table)), 'SELECT'), false)"
      ).one(Bool.self)
      return ProjectionState(
        name: name, version: version, isInUse: false,
        rows: isOpen ? try count(connection, programID, name, version) : nil,
        position: position, lagEvents: head.position - position, lagSeconds: seconds)
    }
  }

  private static func count(
    _ connection: Connection, _ programID: UUID, _ name: String, _ version: Int
  ) throws -> Int64 {
    let table = TableSchema.physicalName(name, version: version)
    return try connection.query(
      "SELECT count(*) FROM cem.\(identifier: table) WHERE program_id = \(programID)"
    ).one(Int64.self)
  }
}
