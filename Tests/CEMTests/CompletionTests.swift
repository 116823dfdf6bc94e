import CEMTestSupport
import Testing

@testable import cem

@Suite(.database(.migrated)) struct CompletionTests {
  @Test("The script that a shell asks for is the parser's own", arguments: ["bash", "zsh", "fish"])
  func script(shell: String) throws {
    let cem = try CommandProcess(database: nil)
    defer { cem.remove() }
    let script = try cem("completion", shell)
    #expect(script.status == 0 && script.output.contains("---completion"), "\(script.errors)")
    #expect(try cem("--generate-completion-script", shell).output.hasPrefix(script.output))
    #expect(try cem("completion", "tcsh").status == 64)
  }

  @Test("Work is offered no department that is gone; the noun itself is") func retired() throws {
    let cem = try CommandProcess(database: TestDatabase.current.conninfo())
    defer { cem.remove() }
    try cem.script([
      "init --program acme --name Acme", "department register ssc --name SSC",
      "department register old --name Old", "department retire old --reason gone",
    ])
    let work = try cem(
      "---completion", "gap", "record", "--", "--department", "0", "0", "cem", "gap")
    #expect(work.output.split(separator: "\n") == ["ssc"], "\(work)")
    let noun = try cem(
      "---completion", "department", "reinstate", "--", "positional@0", "0", "0", "cem",
      "department")
    #expect(Set(noun.output.split(separator: "\n")) == ["old", "ssc"], "\(noun)")
  }

  /// What new things are called, which the shell cannot know, and numbers.
  private static let free: Set = [
    "person add id", "department register code", "segment define code",
  ]

  @Test func whatNamesAThingIsCompleted() {
    let names: Set = [
      "dept", "person", "ref", "id", "code", "department", "dept> <action", "evidence",
    ]
    for verb in VerbTree.all {
      for argument in verb.arguments where argument.kind != .flag {
        guard let value = argument.valueName, names.contains(value),
          argument.kind == .positional || !["id", "code"].contains(value),
          !Self.free.contains("\(verb) \(value)")
        else { continue }
        #expect(argument.isCompleted, "\(verb) \(argument.name) <\(value)>")
      }
    }
  }
}
