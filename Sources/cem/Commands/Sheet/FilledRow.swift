import CEMDomain

/// A row that people filled in, with its values read one by one: what is wrong is said of its cell.
struct FilledRow {
  let form: SheetForm
  let sheet: String
  let row: Int
  /// By the column's key.
  let cells: [String: WorkbookReader.Value]
  /// Where each column stands, for whoever has to find it.
  let columns: [String: Int]
  let countsFrom1904: Bool
  let people: SheetPeople

  /// A cell that cannot be read.
  struct BadCell: Error {
    var column: String
    var title: String
    var reason: String
  }

  /// Whether any of these cells was filled in.
  func has(_ keys: String...) -> Bool { keys.contains { cells[$0].map { !isBlank($0) } ?? false } }

  private func isBlank(_ value: WorkbookReader.Value) -> Bool {
    if case .text(let text) = value { text.trimmed.isEmpty } else { false }
  }

  private func bad(_ key: String, _ reason: String) -> BadCell {
    BadCell(
      column: columns[key].map { WorkbookSheet.column($0) } ?? "", title: title(key) ?? key,
      reason: reason)
  }

  /// The place of a column's cell, as `H4`; `nil` where the column is not there.
  func cell(_ key: String) -> String? {
    columns[key].map { WorkbookSheet.column($0) + String(row) }
  }

  /// What stands over a column; `nil` where the form has no such column.
  func title(_ key: String) -> String? {
    form.columns.first { $0.key == key }.map { Words.say($0.title) }
  }

  /// Whether a cell that is locked says something else than when it was given out.
  func contradicts(_ given: Datum, _ key: String) -> Bool {
    guard has(key), let value = cells[key], let text = try? text(value) else { return false }
    switch given {
    case .term(let kind, let id):
      return !([id] + Language.allCases.compactMap { Catalog.label(kind, id, in: $0) })
        .contains { $0.lowercased() == text.lowercased() }
    case .decimal(let number): return (try? self.number(value, key)) != number.description
    // What a cell cannot hold stands in it as an escape.
    default: return text != given.reading.printable(keepingLines: true).trimmed
    }
  }

  /// A cell as its column's kind has it, in the form in which commands take it; `nil` where it is empty.
  /// - Throws: `BadCell`.
  func value(_ key: String) throws(BadCell) -> JSON? {
    guard has(key), let value = cells[key],
      let column = form.columns.first(where: { $0.key == key })
    else { return nil }
    if case .error(let text) = value {
      throw bad(
        key,
        Words.say(
          text.hasPrefix("=")
            ? "is a formula without a value: {text}" : "is the error {text}", ["text": text]))
    }
    switch column.kind {
    case .reference, .text, .code: return .string(try text(value))
    case .number: return .string(try number(value, key))
    case .day: return .string(try day(value, key).description)
    case .person: return .string(try person(value, key))
    case .references: return .array(try parts(value, " ,;、;，\n\t").map(JSON.string))
    case .terms(let kind, let ids):
      // What a term is called may hold a blank.
      var terms: [JSON] = []
      for part in try parts(value, ",;、;，\n\t") {
        terms.append(.string(try term(.text(part), kind, ids, key)))
      }
      return .array(terms)
    case .flag: return try flag(value, key) ? .bool(true) : nil
    case .term(let kind, let ids): return .string(try term(value, kind, ids, key))
    }
  }

  /// What stands between separators.
  private func parts(
    _ value: WorkbookReader.Value, _ separators: String
  ) throws(BadCell) -> [String] {
    try text(value).split { separators.contains($0) }.map(\.trimmed)
      .filter { !$0.isEmpty }
  }

  /// A text; a number that a spreadsheet made of it reads as it did.
  private func text(_ value: WorkbookReader.Value) throws(BadCell) -> String {
    switch value {
    case .text(let text): return text.trimmed
    case .number(let digits): return FilledRow.shortest(digits) ?? digits
    case .day(let day): return day.description
    case .flag(let flag): return flag ? "TRUE" : "FALSE"
    case .error(let text): return text
    }
  }

  private func number(_ value: WorkbookReader.Value, _ key: String) throws(BadCell) -> String {
    let text = try text(value)
    // What is not a number in any form that is known is quoted as it was typed.
    do { return try Exact(scalar: FilledRow.plain(text) ?? text).description } catch {
      throw bad(key, error.message)
    }
  }

  /// A number as people type it, in digits, a point and a hyphen: a decimal comma, a real minus, blanks
  /// between groups of three digits. `nil` for what is none, or may be two: `1,200` is a thousand to some.
  static func plain(_ typed: String) -> String? {
    let blanks: Set<Character> = [" ", "\u{a0}", "\u{202f}", "\u{2009}"]
    let isNegative = typed.first == "-" || typed.first == "−"
    let parts = (isNegative ? typed.dropFirst() : typed[...])
      .split(omittingEmptySubsequences: false) { $0 == "." || $0 == "," }
    guard parts.count <= 2, let whole = parts.first else { return nil }
    let groups = whole.split(omittingEmptySubsequences: false) { blanks.contains($0) }
    let isGrouped =
      groups.count == 1 || (groups[0].count <= 3 && groups.dropFirst().allSatisfy { $0.count == 3 })
    guard isGrouped,
      (groups + parts.dropFirst()).allSatisfy({ part in
        !part.isEmpty && part.allSatisfy { $0.isASCII && $0.isNumber }
      })
    else { return nil }
    var number = (isNegative ? "-" : "") + groups.joined()
    guard parts.count == 2 else { return number }
    if typed.contains(","), groups.count == 1, parts[1].count == 3, whole.count <= 3, whole != "0" {
      return nil
    }
    number += "." + parts[1]
    return number
  }

  private func day(_ value: WorkbookReader.Value, _ key: String) throws(BadCell) -> Day {
    switch value {
    case .day(let day): return day
    case .number(let digits):
      if let day = WorkbookStyles.day(digits, from1904: countsFrom1904) { return day }
    case .text(let text):
      let text = text.trimmed
      if let day = Day(text) { return day }
      if text.utf8.count > 10, "T ".contains(text.dropFirst(10).first ?? "?"),
        let day = Day(String(text.prefix(10)))
      {
        return day
      }
    case .flag, .error: break
    }
    throw bad(
      key,
      Words.say("must be a date like 2026-06-30, not {text}", ["text": try text(value)]))
  }

  private func person(
    _ value: WorkbookReader.Value, _ key: String
  ) throws(BadCell) -> String {
    let text = try text(value)
    switch people.find(text) {
    case .person(let id): return id
    case .several(let ids):
      throw bad(
        key,
        Words.say(
          "{text} is the name of several: {ids}",
          ["text": text, "ids": ids.joined(separator: ", ")]))
    case .stranger:
      guard (try? PersonID(scalar: text)) != nil else {
        throw bad(key, Words.say("nobody is called {text}", ["text": text]))
      }
      return text
    }
  }

  private func flag(_ value: WorkbookReader.Value, _ key: String) throws(BadCell) -> Bool {
    let text = try text(value)
    if case .flag(let flag) = value { return flag }
    if Words.matches(text, "yes") || ["1", "x", "true", "+"].contains(text.lowercased()) {
      return true
    }
    if Words.matches(text, "no") || ["0", "-", "false"].contains(text.lowercased()) {
      return false
    }
    throw bad(key, Words.say("must be yes or empty, not {text}", ["text": text]))
  }

  private func term(
    _ value: WorkbookReader.Value, _ kind: String, _ ids: [String], _ key: String
  ) throws(BadCell) -> String {
    let text = try text(value)
    let wanted = text.lowercased()
    for (index, id) in ids.enumerated() {
      let names =
        [id, String(index + 1)]
        + Language.allCases.compactMap {
          Catalog.label(kind, id, in: $0)
        }
      if names.contains(where: { $0.lowercased() == wanted }) { return id }
    }
    let known = ids.map { Catalog.label(kind, $0, in: Words.language) ?? $0 }
    throw bad(
      key,
      Words.say(
        "must be one of {known}, not {text}",
        ["known": known.joined(separator: ", "), "text": text]))
  }

  /// The shortest digits of a number, without an exponent: spreadsheets store 0.58 as 0.57999999999999996.
  static func shortest(_ digits: String) -> String? {
    guard let number = Double(digits), number.isFinite, abs(number) < 1e12 else { return nil }
    let text = "\(number)"
    guard let mark = text.firstIndex(of: "e"), let exponent = Int(text[text.index(after: mark)...])
    else { return text.hasSuffix(".0") ? String(text.dropLast(2)) : text }
    // Numbers that large were left out before, so the point goes to the left.
    let significant = text[..<mark].filter(\.isNumber)
    return (number < 0 ? "-" : "") + "0." + String(repeating: "0", count: -exponent - 1)
      + significant
  }
}
