package import Postgres

extension Projections {
  /// Which versions a database wants, by name.
  /// - Throws: `PostgresError`.
  package static func wanted(_ connection: Connection) throws(PostgresError) -> [String: Int] {
    let rows = try connection.query("SELECT name, version FROM cem.projection")
      .decode((String, Int).self)
    return Dictionary(rows, uniquingKeysWith: { first, _ in first })
  }

  /// The expression whose value ``check(against:)`` takes.
  package static let wantedVersions: SQL = """
    (SELECT versions FROM cem.projection_list)
    """

  /// Refuses a database that wants other versions.
  /// - Parameter wanted: names and versions as `cem.lock_program` gives them.
  /// - Throws: `StoreError.otherProjections`.
  package func check(against wanted: String) throws(StoreError) {
    guard wanted != versions else { return }
    var entries: [String: Int] = [:]
    for entry in wanted.split(separator: ",") {
      let parts = entry.split(separator: "=")
      if parts.count == 2 { entries[String(parts[0])] = Int(parts[1]) ?? 0 }
    }
    let changes = changes(from: entries)
    throw .otherProjections(
      changes.map(\.sentence).joined(separator: "; "),
      isProgramOlder: changes.contains(where: \.isProgramOlder))
  }

  /// A projection whose version in a database is not this program's.
  package struct Change: Hashable, Sendable {
    package var name: String
    /// What the database has; `nil` for a projection that it does not know.
    package var databaseVersion: Int?
    /// What this program has; `nil` for a projection that it does not know.
    package var programVersion: Int?

    /// Whether the program has to change, and not the database.
    package var isProgramOlder: Bool {
      guard let programVersion else { return true }
      return databaseVersion.map { $0 > programVersion } ?? false
    }

    package var sentence: String {
      switch (databaseVersion, programVersion) {
      case (let database?, let program?):
        "the database has version \(database) of \(name), this cem version \(program)"
      case (_?, nil): "this cem does not know the projection \(name)"
      case (nil, _): "the database does not have the projection \(name) yet"
      }
    }
  }

  /// What differs, by name.
  package func changes(from database: [String: Int]) -> [Change] {
    var own: [String: Int] = [:]
    for projection in list { own[projection.table.name] = projection.table.version }
    return Set(own.keys).union(database.keys).sorted().compactMap { name in
      own[name] == database[name]
        ? nil : Change(name: name, databaseVersion: database[name], programVersion: own[name])
    }
  }
}
