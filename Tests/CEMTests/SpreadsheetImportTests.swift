import CEMTestSupport
import Foundation
import Testing

/// Tables as spreadsheets keep them, and as `cem` wrote them for one, read back.
@Suite(.database(.migrated)) struct SpreadsheetImportTests {
  private func withProgram(_ body: (CommandProcess) throws -> Void) throws {
    let cem = try CommandProcess(database: TestDatabase.current.conninfo())
    defer { cem.remove() }
    try #require(
      try cem("init", "--program", "acme", "--name", "A", "--on", "2024-01-01").status == 0)
    try #require(
      try cem("department", "register", "ssc", "--name", "SSC", "--on", "2024-01-01").status == 0)
    try body(cem)
  }

  private func write(_ cem: CommandProcess, _ name: String, _ text: String) throws -> String {
    let file = cem.home.appending(path: name)
    try text.write(to: file, atomically: true, encoding: .utf8)
    return file.path()
  }

  private func list(_ cem: CommandProcess, _ command: String) throws -> [[String: Any]] {
    try #require(try cem.shell("\"$CEM\" \(command)").json() as? [[String: Any]])
  }

  private func record(_ cem: CommandProcess, _ title: String) throws {
    let result = try cem("gap", "record", "--department", "ssc", "--link", "4", "--title=\(title)")
    try #require(result.status == 0, "\(result)")
  }

  @Test("A file with nothing but its header says where the log ends") func noRows() throws {
    try withProgram { cem in
      let file = try write(cem, "gaps.csv", "department,title,link\n")
      let said = try cem("import", file, "--command", "gap.record", "--format", "table")
      #expect(said.status == 0 && said.output.contains("the log ends at 2 "), "\(said)")
      let outcome = try cem("import", file, "--command", "gap.record", "--json").json()
      #expect((outcome as? [String: Any])?["treeSize"] as? Int == 2)
    }
  }
}
