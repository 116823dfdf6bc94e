/// The languages in which the catalog's terms are shown; events store ids only (domain §9). That a report was
/// issued names the one that it is in.
package enum Language: String, Term {
  case english = "en"
  case ukrainian = "uk"
  case russian = "ru"
  case chinese = "zh"

  /// The language of a locale such as `uk_UA.UTF-8`; `nil` for any other.
  package init?(locale: String) {
    self.init(rawValue: String(locale.prefix { $0.isLetter }).lowercased())
  }
}

extension Catalog {
  /// What a term is called in a language; `nil` where the catalog does not name it.
  package static func label(_ kind: String, _ id: String, in language: Language) -> String? {
    labels[kind]?[id]?[language]
  }

  /// What a term is called in a language.
  package static func label(_ term: any Term, in language: Language) -> String {
    label(kindName(of: term), term.rawValue, in: language) ?? term.rawValue
  }

  /// The name of a term's kind: that of its type.
  package static func kindName(of term: any Term) -> String {
    String(
      String(reflecting: type(of: term)).split(separator: ".").dropFirst().joined(separator: "."))
  }

  /// A term of the catalog: what it is called in each language.
  package struct NamedTerm: Hashable, Sendable {
    package let kind: String
    package let id: String
    package let names: [Language: String]
  }

  /// By kind, id and language.
  package static let labels: [String: [String: [Language: String]]] = {
    var labels: [String: [String: [Language: String]]] = [:]
    for term in terms { labels[term.kind, default: [:]][term.id] = term.names }
    for level in levels {
      // What a level is called where the id or the English name is all that is at hand.
      labels["Level.Name", default: [:]][level.name] = labels["Level"]?[String(level.number)]
      labels["Level.ID", default: [:]][level.id] = labels["Level"]?[String(level.number)]
    }
    return labels
  }()

  /// All terms, in the catalog's order.
  package static let terms: [NamedTerm] = {
    var terms: [NamedTerm] = []
    var kind = ""
    for line in labelTable.split(separator: "\n") {
      let cells = line.split(separator: "|").map { cell in
        String(cell.drop { $0 == " " }.reversed().drop { $0 == " " }.reversed())
      }
      if cells.count == 1 { kind = cells[0] }
      guard cells.count == 5 else { continue }
      terms.append(
        NamedTerm(
          kind: kind, id: cells[0],
          names: [
            .english: cells[1], .ukrainian: cells[2], .russian: cells[3], .chinese: cells[4],
          ]))
    }
    return terms
  }()
}
