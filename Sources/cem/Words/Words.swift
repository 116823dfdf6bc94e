import CEMDomain
import Synchronization

/// What tables and cards say, in the language of whoever reads; JSON, CSV and pipes stay in ids.
enum Words {
  private static let chosen = Mutex<Language?>(nil)

  /// The language in use: `--lang`, then `CEM_LANG`, then the locale, else English.
  static var language: Language {
    if let language = chosen.withLock({ $0 }) { return language }
    for name in ["CEM_LANG", "LC_ALL", "LC_MESSAGES", "LANG"] {
      if let locale = System.environment(name) { return Language(locale: locale) ?? .english }
    }
    return .english
  }

  /// Follows `--lang`.
  static func use(_ language: Language) { chosen.withLock { $0 = language } }

  /// What stands over a column or before a value.
  static func title(_ field: String, orEnglish english: String) -> String {
    guard language != .english else { return english }
    return titles[field]?[language] ?? english
  }

  /// A phrase of a picture, by its English wording.
  static func say(_ english: String) -> String {
    guard language != .english else { return english }
    return phrases[english]?[language] ?? english
  }

  /// Field keys with their titles.
  static let titles = parsed(titleTable + "\n" + reportFieldTable)
  /// Phrases by their English wording.
  static let phrases = parsed(phraseTable + "\n" + reportTable + "\n" + sheetTable)

  private static func parsed(_ table: String) -> [String: [Language: String]] {
    var words: [String: [Language: String]] = [:]
    for line in table.split(separator: "\n") {
      let cells = line.split(separator: "|").map { cell in
        String(cell.drop { $0 == " " }.reversed().drop { $0 == " " }.reversed())
      }
      guard cells.count == 4 else { continue }
      words[cells[0]] = [.ukrainian: cells[1], .russian: cells[2], .chinese: cells[3]]
    }
    return words
  }
}
