import CEMDomain
package import Postgres

/// The catalog's terms in the database, so that dashboards show names rather than ids.
package struct TermTable {
  private let connection: Connection

  /// - Parameter connection: of whoever migrates.
  package init(_ connection: Connection) { self.connection = connection }

  /// A term's name in a language.
  package struct Entry: Hashable, Sendable {
    package var kind: String
    package var id: String
    /// `en`, `uk`, `ru` or `zh`.
    package var language: String
    package var label: String
    /// Its place in the catalog, from 1.
    package var rank: Int
  }

  /// What the table has to hold: all of this program's catalog.
  package static let catalog: [Entry] = Catalog.terms.enumerated().flatMap { index, term in
    Language.allCases.compactMap { language in
      term.names[language].map {
        Entry(
          kind: term.kind, id: term.id, language: language.rawValue, label: $0, rank: index + 1)
      }
    }
  }

  private func entries() throws(PostgresError) -> [Entry] {
    try connection.query("SELECT kind, id, language, label, rank FROM cem.term")
      .decode((String, String, String, String, Int).self)
      .map { Entry(kind: $0, id: $1, language: $2, label: $3, rank: $4) }
  }

  /// Whether it holds the catalog's terms and no others.
  package var isCurrent: Bool {
    get throws(PostgresError) { try Set(entries()) == Set(TermTable.catalog) }
  }

  /// Writes the table anew where it differs from the catalog.
  package func refresh() throws {
    guard try !isCurrent else { return }
    let catalog = TermTable.catalog
    _ = try connection.transaction { _ in
      try connection.execute("DELETE FROM cem.term")
      try connection.execute(
        """
        INSERT INTO cem.term (kind, id, language, label, rank) SELECT * FROM unnest( \
        \(catalog.map(\.kind))::text[], \(catalog.map(\.id))::text[], \
        \(catalog.map(\.language))::text[], \(catalog.map(\.label))::text[], \
        \(catalog.map(\.rank))::integer[])
        """)
    }
  }
}
