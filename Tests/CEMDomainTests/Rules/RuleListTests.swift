import CEMDomain
import Foundation
import Testing

/// The list of the domain's rules is whole: each has tests, they exist, and they name its section.
@Suite("The list of rules (domain §0 to §9)") struct RuleListTests {
  struct Rule: Sendable {
    var section: String
    var text: String
    var rest: [String]

    /// The rules of a table.
    static func read(_ table: String) -> [Rule] {
      table.split(separator: "\n").map { line in
        let cells = line.components(separatedBy: " | ")
          .map { $0.trimmingCharacters(in: .whitespaces) }
        return Rule(section: cells[0], text: cells[1], rest: Array(cells.dropFirst(2)))
      }
    }
  }

  private static let rules = Rule.read(DomainRules.foundations) + Rule.read(DomainRules.practice)

  /// The names of all tests in the folders beside this one.
  private static let tests: Set<String> = {
    let root = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../..")
      .standardized
    var names: Set<String> = []
    for case let file as URL in FileManager.default.enumerator(
      at: root, includingPropertiesForKeys: nil) ?? .init()
    where file.pathExtension == "swift" && !file.path().contains("/Rules/") {
      guard let source = try? String(contentsOf: file, encoding: .utf8) else { continue }
      for match in source.matches(of: /@Test\(\s*"([^"]+)"/) { names.insert(String(match.1)) }
      for match in source.matches(of: /func `([^`]+)`/) { names.insert(String(match.1)) }
    }
    return names
  }()

  /// The sections that a name names: `§3 to §5, §9` is four of them.
  private func sections(of name: String) -> Set<String> {
    var found = Set(name.matches(of: /§\d/).map { String($0.0) })
    for match in name.matches(of: /§(\d) to §(\d)/) {
      guard let first = Int(match.1), let last = Int(match.2), first <= last else { continue }
      for number in first...last { found.insert("§\(number)") }
    }
    return found
  }

  @Test("Every rule has a test that exists and names its section", arguments: 0..<rules.count)
  func shown(number: Int) {
    let rule = Self.rules[number]
    #expect(!rule.rest.isEmpty, "\(rule.section) \(rule.text): no test")
    for name in rule.rest {
      #expect(
        Self.tests.contains(name), "\(rule.section) \(rule.text): no test is called “\(name)”")
      #expect(sections(of: name).contains(rule.section), "“\(name)” does not name \(rule.section)")
    }
  }

  @Test("Every section has its rules, and no rule stands twice") func whole() {
    #expect(Set(Self.rules.map(\.section)) == Set((0...9).map { "§\($0)" }))
    let texts = Self.rules.map { "\($0.section) \($0.text)" }
    #expect(Set(texts).count == texts.count)
    #expect(texts.count > 100)
  }
}
