import CEMTestSupport
import Testing

@testable import cem

@Suite struct CompletionTests {
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
