import CEMTestSupport
import Foundation
import Testing

@testable import cem

@Suite("The README", .database)
struct ReadmeTests {
  private static let script = "scripts/verify_bundle.py"

  private static let text: String = {
    let file = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent().appending(path: "README.md")
    return (try? String(contentsOf: file, encoding: .utf8)) ?? ""
  }()

  /// A command of the tour, and what the page says that a terminal then shows.
  private struct Step {
    var command: String
    var output: String?
  }

  /// The lines of the tour that begin with `cem`, and those that call the script for auditors. A block of
  /// text that follows one of commands is what the last of them shows.
  private static let steps: [Step] = {
    var steps: [Step] = []
    var shown: [Substring]?
    for line in text.split(separator: "\n", omittingEmptySubsequences: false) {
      if line == "```text" {
        shown = []
      } else if let lines = shown, line == "```" {
        steps[steps.count - 1].output = lines.joined(separator: "\n")
        shown = nil
      } else if shown != nil {
        shown?.append(line)
      } else if line.hasPrefix("cem ") || (line.hasPrefix(script) && PythonVerifier.isAvailable) {
        steps.append(Step(command: String(line)))
      }
    }
    return steps
  }()

  /// Without the day of the run, and without what a terminal does not show.
  private func comparable(_ text: String) -> String {
    String(String.UnicodeScalarView(text.unicodeScalars.filter { $0 != "\r" }))
      .replacing(/\d{4}-\d{2}-\d{2}/, with: "DAY")
      .split(separator: "\n", omittingEmptySubsequences: false)
      .map { $0.replacing(/\s+$/, with: "") }.joined(separator: "\n")
      .trimmingCharacters(in: .newlines)
  }

  @Test("The table of exit codes is that of the program") func exitCodes() throws {
    let rows = CommandStatus.allCases.map { "| \($0.rawValue) | \($0.meaning) |" }
    #expect(Self.text.contains(rows.joined(separator: "\n")))
  }

  @Test("Every command of the tour works, in its order, and shows what the page says")
  func tour() throws {
    #expect(Self.steps.count > 15)
    #expect(Self.steps.count { $0.output != nil } >= 3)
    var cem = try CommandProcess(database: TestDatabase.current.conninfo())
    cem.environment["NO_COLOR"] = "1"
    defer { cem.remove() }
    for step in Self.steps {
      let line =
        step.command.hasPrefix("cem ")
        ? "\"$CEM\"" + step.command.dropFirst(3)
        : PythonVerifier.script.path() + step.command.dropFirst(Self.script.count)
      guard let output = step.output else {
        let result = try cem.shell("cd \"$HOME\" && \(line)")
        #expect(result.status == 0, "\(step.command)\n\(result.output)\(result.errors)")
        #expect(!result.output.isEmpty, "\(step.command)")
        continue
      }
      // As somebody sees it at a terminal of 100 columns.
      let shown = String(
        decoding: try cem.terminal("cd \"$HOME\"; stty cols 100 rows 50; \(line)"), as: UTF8.self)
      #expect(comparable(shown) == comparable(output), "\(step.command)")
    }
    let gap = try cem("gap", "show", "GAP-1", "--json").json() as? [String: Any]
    #expect(gap?["severity"] as? Int == 3)
  }
}
