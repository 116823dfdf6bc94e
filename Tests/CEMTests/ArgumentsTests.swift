import Testing

@testable import cem

@Suite struct ArgumentsTests {
  @Test(arguments: [
    (["status", "--json"], ["status", "--json=*"]),
    (["status", "--json=a,b", "ssc"], ["status", "--json=a,b", "ssc"]),
    (["status", "--json", "ssc"], ["status", "--json=*", "ssc"]),
    (["note", "GAP-1", "--", "--json"], ["note", "GAP-1", "--", "--json"]),
    (["gap", "reassess", "--perceived", "-5"], ["gap", "reassess", "--perceived=-5"]),
    (["history", "--since", "-10d"], ["history", "--since=-10d"]),
    (["diff", "-10d", "42"], ["diff", "\0-10d", "42"]),
    (["x", "--a=b", "-5"], ["x", "--a=b", "\0-5"]),
    (["---completion", "--json"], ["---completion", "--json"]),
    (["-h"], ["-h"]),
  ])
  func normalizes(given: [String], expected: [String]) {
    #expect(Arguments.normalized(given) == expected)
  }

  @Test func restoresAHyphen() {
    #expect(Arguments.restored(Arguments.normalized(["diff", "-10d"])[1]) == "-10d")
    #expect(Arguments.restored("10d") == "10d")
    #expect(Arguments.restored("\u{2212}5 °C") == "\u{2212}5 °C")
    #expect(Arguments.unmarked("no \0-10d here") == "no -10d here")
  }

  @Test(arguments: [
    (["a", "--json"], true), (["a", "--json=b"], true), (["a", "--format", "json"], true),
    (["a", "--format=ndjson"], true), (["a", "--format", "csv"], false), (["a"], false),
    (["a", "--", "--json"], false),
  ])
  func knowsWhenErrorsAreJSON(given: [String], expected: Bool) {
    #expect(Arguments.wantJSON(given) == expected)
  }

  @Test(arguments: [
    (["department", "add", "x"], "did you mean: cem department register …"),
    (["department", "delete", "x"], "did you mean: cem department void …"),
    (["evidence", "edit", "EV-1"], "did you mean: cem evidence amend …"),
    (["person", "create", "ada"], "did you mean: cem person add …"),
    (["program", "new"], "a program is founded with: cem init --program SLUG --name TEXT"),
    (
      ["waiver", "add"], "a waiver is granted where it is needed: cem maturity action waive --help"
    ),
  ])
  func namesTheRightVerb(arguments: [String], hint: String) throws {
    let error = try #require(VerbHints.error(for: arguments))
    #expect(error.hint == hint)
    #expect(error.exit == .usage)
  }

  @Test(arguments: [
    (["gaps"], "did you mean: cem gap"), (["init", "x"], nil), (["foo"], "cem --help"),
    (["departmnt", "list"], "did you mean: cem department"),
    (["hist"], "did you mean: cem history"),
    (["--program", "acme", "status"], "options come last, like: cem status --program acme"),
    (["--nonsense"], nil),
  ])
  func namesTheRightNoun(arguments: [String], hint: String?) {
    #expect(VerbHints.unknownNoun(in: arguments)?.hint == hint)
  }

  @Test(
    "A misspelt option is named where the right one is missed",
    arguments: [
      (["gap", "reassess", "1", "--percieved", "0.9"], "--perceived <n>", "--percieved"),
      (["gap", "reassess", "1", "--percieved=0.9"], "--perceived <n>", "--percieved"),
      (["gap", "reassess", "1", "--measured-on", "2026-01-01"], "--perceived <n>", nil),
      (["gap", "reassess", "1", "--", "--percieved"], "--perceived <n>", nil),
      (["gap", "record", "--titel", "T"], "--title <text>", "--titel"),
    ] as [([String], String, String?)])
  func namesTheMisspeltOption(arguments: [String], missed: String, found: String?) {
    let said = Invocation.misspelling(
      in: arguments, behind: "Missing expected argument '\(missed)'")
    let right = missed.prefix { $0 != " " }
    #expect(said == found.map { "Unknown option '\($0)'. Did you mean '\(right)'?" })
  }

  @Test func leavesKnownVerbsAlone() {
    #expect(VerbHints.error(for: ["person", "add", "--nonsense"]) == nil)
    #expect(VerbHints.error(for: ["nonsense", "add"]) == nil)
  }
}
