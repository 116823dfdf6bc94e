/// The program goes by another version of the catalog from here on (domain §9).
package struct CatalogAdopted: Codable, Hashable, Sendable {
  package var from: Int
  package var version: Int
}

/// Adopts a released version of the catalog.
package struct AdoptCatalog: Command {
  package static let name = "catalog.adopt"
  /// The version's number.
  package var version: Int

  package func decide(in situation: Situation) throws(Rejection) -> [Change] {
    let adopted = try situation.program().details.catalogVersion
    guard situation.releasedCatalogs.contains(version) else {
      throw Rejection(
        .notFound, "catalog.unknown", "there is no version \(version) of the catalog",
        hint: "cem catalog list",
        details: ["released": .array(situation.releasedCatalogs.map { .int(Int64($0)) })])
    }
    guard version != adopted else { return [] }
    // What was recorded under a newer version may name what an older one does not have.
    guard version > adopted else {
      throw Rejection(
        "catalog.older",
        "the program has adopted version \(adopted), which is newer than \(version)",
        hint: "cem catalog list")
    }
    return [
      Change(.program, .program(.catalogAdopted(CatalogAdopted(from: adopted, version: version))))
    ]
  }
}

extension Situation {
  /// Refuses terms that came in a later version of the catalog than the program goes by.
  func requireInCatalog(_ terms: [any Term]) throws(Rejection) {
    guard !terms.isEmpty else { return }
    let adopted = try program().details.catalogVersion
    guard let newer = terms.first(where: { Catalog.firstVersion(of: $0) > adopted }) else { return }
    let version = Catalog.firstVersion(of: newer)
    throw Rejection(
      "catalog.not-adopted",
      "\(newer.rawValue) came in version \(version) of the catalog, and the program goes by version \(adopted)",
      hint: "cem catalog adopt \(version)",
      details: ["term": .string(newer.rawValue), "version": .int(Int64(version))])
  }
}
