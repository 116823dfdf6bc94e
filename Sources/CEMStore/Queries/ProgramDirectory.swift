package import FoundationEssentials
package import Postgres

/// The programs in a database.
package struct ProgramDirectory {
  private let connection: Connection

  package init(_ connection: Connection) { self.connection = connection }

  /// A program by its id and what may change about it.
  package struct Entry: Hashable, Sendable {
    package let id: UUID
    package let slug: String
    package let timeZone: String
  }

  /// All programs, by slug.
  /// - Throws: `StoreError.notMigrated` or `.database`.
  package func list() throws(StoreError) -> [Entry] {
    do {
      return try connection.query(
        "SELECT program_id, slug, time_zone FROM cem.program ORDER BY slug"
      ).decode((UUID, String, String).self).map { Entry(id: $0, slug: $1, timeZone: $2) }
    } catch {
      throw StoreError(error)
    }
  }

  /// The program with a slug; without one, the only program.
  /// - Throws: `StoreError.noProgram`, `.severalPrograms`, `.notMigrated` or `.database`.
  package func resolve(slug: String?) throws(StoreError) -> Entry {
    let programs = try list()
    guard let slug else {
      guard programs.count <= 1 else { throw .severalPrograms(programs.map(\.slug)) }
      guard let only = programs.first else { throw .noProgram(nil) }
      return only
    }
    guard let found = programs.first(where: { $0.slug == slug }) else { throw .noProgram(slug) }
    return found
  }
}
