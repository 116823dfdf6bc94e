import CEMTestSupport
import Foundation
import Testing

@Suite("The README", .database)
struct ReadmeTests {
  private static let script = "scripts/verify_bundle.py"

  /// The lines of the tour that begin with `cem`, and those that call the script for auditors.
  private static let commands: [String] = {
    let file = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent().appending(path: "README.md")
    let text = (try? String(contentsOf: file, encoding: .utf8)) ?? ""
    return text.split(separator: "\n").map(String.init).filter { line in
      line.hasPrefix("cem ") || (line.hasPrefix(script) && PythonVerifier.isAvailable)
    }
  }()

  @Test("Every command of the tour works, in its order")
  func tour() throws {
    #expect(Self.commands.count > 15)
    let cem = try CommandProcess(database: TestDatabase.current.conninfo())
    defer { cem.remove() }
    for command in Self.commands {
      let line =
        command.hasPrefix("cem ")
        ? "\"$CEM\"" + command.dropFirst(3)
        : PythonVerifier.script.path() + command.dropFirst(Self.script.count)
      let result = try cem.shell("cd \"$HOME\" && \(line)")
      #expect(result.status == 0, "\(command)\n\(result.errors)")
      #expect(!result.output.isEmpty, "\(command)")
    }
    let gap = try cem("gap", "show", "GAP-1", "--json").json() as? [String: Any]
    #expect(gap?["severity"] as? Int == 3)
  }
}
