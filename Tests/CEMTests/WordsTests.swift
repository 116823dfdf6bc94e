import CEMDomain
import CEMStore
import Foundation
import Testing

@testable import cem

/// Whatever a person reads has words in four languages: what the sources say is compared with the tables,
/// so that nothing new can be forgotten.
@Suite("§9: names are shown in four languages") struct WordsTests {
  private static let sources: [(file: String, text: String)] = {
    let root = URL(filePath: #filePath).deletingLastPathComponent().appending(
      path: "../../Sources/cem"
    ).standardized
    let files = FileManager.default.enumerator(at: root, includingPropertiesForKeys: nil)
    return (files?.compactMap { $0 as? URL } ?? []).filter { $0.pathExtension == "swift" }
      .compactMap { file in
        (try? String(contentsOf: file, encoding: .utf8)).map { (file.lastPathComponent, $0) }
      }
  }()

  /// The string literals in the first argument of each call of a function.
  private static func literals(inCallsOf function: String) -> [(file: String, text: String)] {
    sources.filter { !$0.file.hasPrefix("Words") }.flatMap { file, text in
      text.components(separatedBy: function + "(").dropFirst().flatMap { rest in
        literals(inFirstArgument: rest).map { (file, $0) }
      }
    }
  }

  private static func literals(inFirstArgument text: String) -> [String] {
    var found: [String] = []
    var literal: String?
    var depth = 0
    var isEscaped = false
    for character in text {
      if let open = literal {
        if !isEscaped, character == "\"" {
          found.append(open)
          literal = nil
        } else if isEscaped || character != "\\" {
          literal = open + (isEscaped && character != "\"" ? "\\" : "") + String(character)
        }
        isEscaped = !isEscaped && character == "\\"
        continue
      }
      switch character {
      case "\"": literal = ""
      case "(", "[", "{": depth += 1
      case ")" where depth == 0: return found
      case "," where depth == 0: return found
      case ")", "]", "}": depth -= 1
      default: break
      }
    }
    return found
  }

  private func isComplete(_ words: [Language: String]?) -> Bool {
    [.ukrainian, .russian, .chinese].allSatisfy { words?[$0]?.isEmpty == false }
  }

  @Test("Every title of a column or a line of a card") func titles() {
    var count = 0
    for (file, text) in Self.sources where !file.hasPrefix("Words") {
      for match in text.matches(
        of: /\bField(?:<\w+>)?\(\s*"(\w+)"(?:,\s*(?:title|short):\s*"([^"]*)")?/)
      {
        count += 1
        let key = String(match.1)
        let special = match.2.map { "\(key):\($0)" }
        #expect(
          isComplete(Words.titles[key]) || isComplete(special.flatMap { Words.titles[$0] }),
          "\(file): the title of \(key) stands in no table of Sources/cem/Words")
      }
    }
    #expect(count > 250)
  }

  @Test(
    "Every word and sentence that is said by its English wording",
    arguments: [
      "say", "Words.nothing", "sayHowToSayIt", "empty:", "static let nothing =",
    ])
  func phrases(function: String) {
    let said: [(file: String, text: String)]
    if function.hasSuffix(":") || function.hasSuffix("=") {
      said = Self.sources.flatMap { file, text in
        text.components(separatedBy: function).dropFirst().compactMap { rest in
          rest.prefixMatch(of: /\s*"([^"]+)"/).map { (file, String($0.1)) }
        }
      }
    } else {
      said = Self.literals(inCallsOf: function)
    }
    #expect(said.count > 1)
    for (file, text) in said where text.contains(where: \.isLetter) {
      #expect(
        isComplete(Words.phrases[text]),
        "\(file): \"\(text)\" stands in no table of Sources/cem/Words")
    }
  }

  @Test("Every title that a report gives a part, a column, a tile or a small table")
  func reportTitles() {
    var count = 0
    for (file, text) in Self.sources where file.hasPrefix("Report") {
      for match in text.matches(of: /ReportField(?:<\w+>)?\(\s*"(\w+)"(?:,\s*title:\s*"([^"]*)")?/)
      {
        count += 1
        let words = match.2.map { Words.phrases[String($0)] } ?? Words.titles[String(match.1)]
        #expect(isComplete(words) || match.2?.contains("\\(") == true, "\(file): \(match.0)")
      }
      for match in text.matches(
        of: /\b(?:part|fact|pairs)\(\s*"([^"]+)"|\btile\(\s*"\w+", "([^"]+)"/)
      {
        count += 1
        let words = String(match.1 ?? match.2 ?? "")
        #expect(isComplete(Words.phrases[words]), "\(file): \(words)")
      }
    }
    #expect(count > 80)
  }

  @Test("Every change of a level") func levelChanges() {
    for form in MaturityEvent.forms {
      let change = String(form.type.dropFirst("maturity.".count))
      guard !change.hasPrefix("action-") else { continue }
      #expect(isComplete(Words.phrases[change]), "\(change)")
    }
  }

  @Test("Everything that is counted") func counts() {
    for (file, text) in Self.sources where !file.hasPrefix("Words") {
      for match in text.matches(of: /Words\.count\((?:[^"()]|\([^()]*\))*"([^"]+)"/) {
        let forms = Words.counted[String(match.1)]
        #expect(forms?.ukrainian.count == 3, "\(file): \(match.1)")
        #expect(forms?.russian.count == 3, "\(file): \(match.1)")
        #expect(forms?.chinese.isEmpty == false, "\(file): \(match.1)")
      }
    }
  }

  @Test("Every figure's definition, every event's type, every kind of change")
  func lists() {
    for figure in Figures.all {
      #expect(isComplete(Words.phrases[figure.definition]), "\(figure.id): \(figure.definition)")
    }
    for type in Set(Event.allForms.map(\.type)) {
      let parts = type.split(separator: ".", maxSplits: 1).map(String.init)
      #expect(isComplete(Words.phrases["event:\(parts[1])"]), "\(type)")
      #expect(
        isComplete(Catalog.labels["EntityKind"]?[parts[0]] ?? Words.phrases[parts[0]]), "\(type)")
    }
    for kind in LogDiff.Thing.Kind.allCases {
      #expect(isComplete(Words.phrases[kind.rawValue]), "\(kind)")
      #expect(Words.counted["\(kind.rawValue):things"]?.russian.count == 3, "\(kind)")
    }
    for kind in EntityKind.allCases {
      #expect(isComplete(Catalog.labels["EntityKind"]?[kind.rawValue]), "\(kind)")
    }
    for text in [Catalog.deliveryGapCaveat, Catalog.employeesFirst] + Catalog.deliveryGapRemedies {
      #expect(isComplete(Words.phrases[text]), "\(text)")
    }
  }

  @Test("A translation has the places for values that the English has, and no line is cut short")
  func places() {
    func places(_ text: String) -> [String] {
      text.matches(of: /%\d/).map { String($0.0) }.sorted()
    }
    for (english, words) in Words.phrases {
      for (language, text) in words {
        #expect(places(text) == places(english), "\(language): \(text)")
      }
    }
    for table in Words.phraseTables + [Words.titleTable] {
      for cells in Words.lines(table) { #expect(cells.count == 4, "\(cells)") }
    }
    for cells in Words.lines(Words.countTable) { #expect(cells.count == 5, "\(cells)") }
  }

  @Test(
    "Numbers take the form that the language asks for",
    arguments: [
      (1, "1 розрив"), (2, "2 розриви"), (5, "5 розривів"), (11, "11 розривів"),
      (12, "12 розривів"), (21, "21 розрив"), (104, "104 розриви"), (111, "111 розривів"),
    ])
  func plurals(number: Int, text: String) {
    // The adjective between them follows the same rule.
    let said = Words.$spoken.withValue(.ukrainian) { Words.count(number, "open gap") }
    let parts = text.split(separator: " ")
    #expect(said.hasPrefix("\(parts[0]) ") && said.hasSuffix(" \(parts[1])"), "\(said)")
    #expect(
      Words.$spoken.withValue(.english) { Words.count(number, "open gap") }
        == (number == 1 ? "1 open gap" : "\(number) open gaps"))
  }

  @Test("A value that looks like a place is not filled in turn") func values() {
    Words.$spoken.withValue(.english) {
      #expect(Words.say("%1 before (%2, %3)", "%2 100%", "%1", "x") == "%2 100% before (%1, x)")
    }
  }

  @Test(
    "Texts break at blanks, between Chinese characters, and never before closing marks",
    arguments: [
      ("one two three", 7, ["one two", "three"]), ("a  b", 4, ["a  b"]),
      ("等级说明，如下", 8, ["等级说", "明，如下"]), ("abcdefghij k", 4, ["abcd", "efgh", "ij k"]),
      ("“部门”级", 4, ["“部", "门”", "级"]), ("", 5, [""]), ("a\nb", 5, ["a", "b"]),
      ("e\u{301}e\u{301}e\u{301} x", 3, ["e\u{301}e\u{301}e\u{301}", "x"]),
    ] as [(String, Int, [String])])
  func wrapping(text: String, width: Int, lines: [String]) {
    System.prepare()
    #expect(text.wrapped(to: width) == lines)
    for line in text.wrapped(to: width) { #expect(line.displayWidth <= width, "\(line)") }
  }
}
