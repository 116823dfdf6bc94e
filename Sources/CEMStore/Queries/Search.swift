package import CEMDomain
import Postgres

/// The words of a search: all of them must occur in what a person wrote about one thing.
package struct SearchWords: Hashable, Sendable {
  let words: [String]

  package init(_ text: String) {
    words = text.split(whereSeparator: \.isWhitespace).map { $0.lowercased() }
  }

  package var isEmpty: Bool { words.isEmpty }
}

/// A thing that a search found, with the text that shows why.
package struct SearchHit: Sendable {
  package var record: EntityRecord
  /// The field with the first of the words.
  package var field: String
  package var excerpt: String
}

extension SearchWords {
  /// The thing as a hit, where what people wrote about it has all the words.
  func hit(_ record: EntityRecord) -> SearchHit? {
    guard !record.isVoided, let personal = (try? Split(record.entity.state))?.personal else {
      return nil
    }
    var texts: [(field: String, text: String)] = []
    Self.collect(personal, "", into: &texts)
    let lowered = texts.map { $0.text.lowercased() }
    guard words.allSatisfy({ word in lowered.contains { $0.contains(word) } }),
      let place = lowered.firstIndex(where: { $0.contains(words[0]) })
    else { return nil }
    return SearchHit(record: record, field: texts[place].field, excerpt: texts[place].text)
  }

  private static func collect(
    _ json: JSON, _ field: String, into texts: inout [(field: String, text: String)]
  ) {
    switch json {
    case .string(let text): texts.append((field, text))
    case .array(let items): for item in items { collect(item, field, into: &texts) }
    case .object(let object):
      for member in object.members {
        // What a thing's last event may bring back is no part of what it says now.
        guard !["previous", "previousLife"].contains(member.key) else { continue }
        collect(
          member.value, ["details", "life"].contains(member.key) ? "" : member.key, into: &texts)
      }
    case .null, .bool, .int: break
    }
  }
}

extension ProgramReader {
  /// The things of these kinds with the words, in the order of kinds and of things.
  package func search(_ words: SearchWords, among kinds: [EntityKind]) throws -> [SearchHit] {
    let kinds = kinds.filter { $0 != .maturity }
    var candidates: [EntityRecord] = []
    if let live = self as? LiveReader {
      candidates = Array(try records(live.streams(of: kinds, containing: words)).values)
    } else {
      for kind in kinds { candidates += try records(of: kind) }
    }
    return candidates.sorted { $0.stream < $1.stream }.compactMap { words.hit($0) }
  }
}

extension LiveReader {
  /// The things of these kinds in whose stored state every word occurs: PostgreSQL finds them, in any
  /// script and within longer words; what people wrote about them is looked at afterwards.
  fileprivate func streams(of kinds: [EntityKind], containing words: SearchWords) throws
    -> [StreamID]
  {
    // The database's own lower case may know no letters beyond ASCII.
    let knowsAllLetters = try connection.query(
      "SELECT EXISTS (SELECT FROM pg_collation WHERE collname = 'und-x-icu')"
    ).one(Bool.self)
    var sql: SQL = """
      SELECT kind, number, code FROM \(EntityTable.table.relation) WHERE program_id = \(programID) AND NOT voided \
      AND kind = ANY (\(kinds.map(\.rawValue))::text[])
      """
    for word in words.words where knowsAllLetters || word.utf8.allSatisfy({ $0 < 0x80 }) {
      // What JSON writes in other letters is left to the look afterwards.
      guard !word.contains(where: { $0 == "\"" || $0 == "\\" || $0.isNewline }) else { continue }
      let pattern = word.reduce(into: "%") { pattern, letter in
        if letter == "%" || letter == "_" { pattern += "\\" }
        pattern.append(letter)
      }
      let text: SQL =
        knowsAllLetters ? "lower(state COLLATE \"und-x-icu\") COLLATE \"C\"" : "lower(state)"
      sql.append(" AND \(text) LIKE \(pattern + "%")")
    }
    sql.append(" ORDER BY kind, number, code")
    return try connection.query(sql).decode((String, Int, String).self)
      .compactMap { kind, number, code in
        EntityKind(rawValue: kind).map { kind in
          number > 0 ? StreamID(kind, number: number) : StreamID(kind, code: code)
        }
      }
  }
}
