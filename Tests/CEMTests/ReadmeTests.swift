import CEMTestSupport
import Foundation
import Testing

@Suite("The README", .database)
struct ReadmeTests {
  /// The lines of the tour that begin with `cem`.
  private static let commands: [String] = {
    let file = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent().appending(path: "README.md")
    let text = (try? String(contentsOf: file, encoding: .utf8)) ?? ""
    return text.split(separator: "\n").map(String.init).filter { $0.hasPrefix("cem ") }
  }()

  @Test("Every command of the tour works, in its order")
  func tour() throws {
    #expect(Self.commands.count > 15)
    let cem = try CommandProcess(database: TestDatabase.current.conninfo())
    defer { cem.remove() }
    for command in Self.commands {
      let result = try cem.shell("\"$CEM\"" + command.dropFirst(3))
      #expect(result.status == 0, "\(command)\n\(result.errors)")
      #expect(!result.output.isEmpty, "\(command)")
    }
    let gap = try cem("gap", "show", "GAP-1", "--json").json() as? [String: Any]
    #expect(gap?["severity"] as? Int == 3)
  }
}
