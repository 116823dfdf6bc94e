import CEMDomain
import CEMTestSupport
import Foundation
import Testing

@testable import cem

/// Texts that would be markup, and texts that are gone.
@Suite(.database(.migrated)) struct ReportHostilityTests {
  private func page(_ cem: CommandProcess, _ language: Language = .english) throws -> String {
    let result = try cem("report", "--out", "-", "--lang", language.rawValue, "--since", "1")
    try #require(result.status == 0, "\(result.errors)")
    return result.output
  }

  private func withProgram(_ body: (CommandProcess) throws -> Void) throws {
    let cem = try CommandProcess(database: TestDatabase.current.conninfo())
    defer { cem.remove() }
    let text = HostileText.everything + "</p><script>alert(1)</script>&#x41;&lt; ]]> --> \u{fffe}"
    try #require(try cem("init", "--program", "acme", "--name", text).status == 0)
    for line in [
      "department register ssc --name=§",
      "gap record --department=ssc --link=4 --title=§ --unit=§ "
        + "--expected=1 --perceived=0 --severity=5",
      "initiative open --department=ssc --title=§ --step=1 --due=2020-01-01",
      "touchpoint map --department=ssc --name=§ --moment-of-truth",
      "gap record --department=ssc --link=1 --title=§ --touchpoint=TP-1",
      "maturity assess ssc --level=0 --rationale=§",
      "gap amend GAP-1 --title=§2 --reason=§",
    ] {
      let words = line.split(separator: " ").map {
        $0.replacingOccurrences(of: "§", with: text)
      }
      let result = try cem(words)
      try #require(result.status == 0 || line.contains("due"), "\(line) \(result.errors)")
    }
    try body(cem)
  }

  @Test("Hostile texts are texts in the page")
  func escaped() throws {
    try withProgram { cem throws in
      for language in Language.allCases {
        let html = try page(cem, language)
        let document = try ReportDocument(html)
        #expect(!document.elements.contains("script"))
        #expect(!HostileText.isRaw(html.utf8))
        #expect(document.text.contains("</p><script>alert(1)</script>&#x41;&lt; ]]> -->"))
        #expect(document.text.contains("\\u{202e}"))
        #expect(document.text.components(separatedBy: "DROP TABLE").count > 6)
      }
    }
  }

  @Test("Erased texts say so in the language, and nothing of them is left")
  func erased() throws {
    let cem = try CommandProcess(database: TestDatabase.current.conninfo())
    defer { cem.remove() }
    try cem.script([
      "init --program acme --name Acme", "department register ssc --name Byron",
      "gap record --department ssc --link 1 --title Byron --severity 5",
      "initiative open --department ssc --title Byron --step 1",
      "touchpoint map --department ssc --name Byron --moment-of-truth",
      "gap record --department ssc --link 1 --title Byron --touchpoint TP-1",
    ])
    #expect(try page(cem).contains("Byron"))
    for position in 2...6 {
      let result = try cem("audit", "erase", "\(position)", "--reason", "asked", "--yes")
      #expect(result.status == 0, "\(result.errors)")
    }
    for (language, word) in [
      (Language.english, "erased"), (.ukrainian, "стерто"), (.russian, "стёрто"),
      (.chinese, "已抹除"),
    ] {
      let html = try page(cem, language)
      #expect(!html.contains("Byron"))
      #expect(html.components(separatedBy: "<i class=\"gone\">\(word)</i>").count > 4)
    }
  }
}
