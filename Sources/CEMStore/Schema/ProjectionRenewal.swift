package import FoundationEssentials
package import Postgres

/// Makes projections again that a migration added or changed, from the logs of the programs that are there.
///
/// The migration notes what is to be done in `cem.projection_rebuild`, under a version that is not the
/// required one. So a renewal that was cut off is found and finished by the next `cem db migrate`.
package struct ProjectionRenewal {
  private let connection: Connection

  /// - Parameter connection: of whoever migrates.
  package init(_ connection: Connection) { self.connection = connection }

  /// The programs with something left to do, and the projections. Those that come in a new version are not among
  /// them: `ProjectionUpgrade` makes those from the log anyway.
  /// - Throws: `PostgresError`.
  package func pending() throws(PostgresError) -> [UUID: Set<String>] {
    let rows = try connection.query(
      """
      SELECT r.program_id, r.name, p.version FROM cem.projection_rebuild r JOIN cem.projection p USING (name) \
      WHERE r.version < p.version
      """
    ).decode((UUID, String, Int).self)
    let own = Set(Projections.all.map { $0.table.physicalName })
    return rows.filter { own.contains(TableSchema.physicalName($0.1, version: $0.2)) }
      .reduce(into: [:]) { $0[$1.0, default: []].insert($1.1) }
  }

  /// Does what is left.
  /// - Throws: `StoreError`, `PostgresError`.
  package func run() throws {
    for (programID, names) in try pending() {
      let projections = Projections.all.filter { names.contains($0.table.name) }
      _ = try Rebuild(connection, programID: programID, projections: projections).run()
    }
  }
}
