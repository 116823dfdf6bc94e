import CEMTestSupport
import Foundation
import Testing

@testable import cem

@Suite(.database(.migrated)) struct ArgumentsTests {
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
    (["history", "GAP-1"], "did you mean: cem history --stream GAP-1"),
    (["history", "gap/1", "--limit", "3"], "did you mean: cem history --stream gap/1"),
    (["history", "42"], "did you mean: cem history show 42"),
    (["gap", "clsoe", "GAP-1"], "did you mean: cem gap close"),
    (["department", "retial", "ssc"], "did you mean: cem department retire"),
    (["initiative", "complet"], "did you mean: cem initiative complete"),
    (["rate", "add"], "did you mean: cem rate record …"),
    (["initiative", "close", "INI-1"], "did you mean: cem initiative complete …"),
    (["gap", "finish", "GAP-1"], "did you mean: cem gap close …"),
    (["maturity", "set", "retail"], "did you mean: cem maturity assess …"),
    (["initiative", "pilot", "INI-1"], "verbs of initiative pilot: start, conclude, correct"),
    (["maturity", "action", "complte"], "did you mean: cem maturity action complete"),
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
    (["gpa", "list"], "did you mean: cem gap"), (["xyzzy"], "cem --help"),
    (["hist"], "did you mean: cem history"), (["people"], "did you mean: cem person"),
    (["version"], "did you mean: cem --version"), (["pilot"], "did you mean: cem initiative pilot"),
    (["rebuild"], "did you mean: cem projection rebuild"),
    (["verify", "--json"], "did you mean: cem audit verify, cem projection verify"),
    (["amend", "GAP-1"], "what it is done to comes first, like: cem program amend"),
    (["--program", "acme", "status"], "options come last, like: cem status --program acme"),
    (["--nonsense"], nil),
  ])
  func namesTheRightNoun(arguments: [String], hint: String?) {
    #expect(VerbHints.unknownNoun(in: arguments)?.hint == hint)
  }

  @Test(
    "Help for what there is not is an error, and so is a verb that was taken for what a note is about",
    arguments: [
      (["help", "nosuch"], "hint: cem --help"), (["help", "gpa"], "hint: did you mean: cem gap"),
      (["help", "gap", "clsoe"], "hint: did you mean: cem gap close"),
      (["gap", "nosuch", "--help"], "cem gap has no verb nosuch"),
      (["maturity", "action", "nosuch", "-h"], "cem maturity action has no verb nosuch"),
      (["note", "edit", "--text", "T"], "hint: did you mean: cem note amend …"),
      (["note", "edit", "NOTE-1"], "hint: did you mean: cem note amend …"),
      (["import", "--template", "gap.recrod"], "hint: did you mean: gap.record"),
      (["import", "-", "--command", "gap.recrod"], "hint: did you mean: gap.record"),
      (["projection", "rebuild", "gap_registr"], "hint: did you mean: gap_register"),
      (["gap", "list", "--state", "opn"], "hint: did you mean: open"),
    ] as [([String], String)])
  func refusesWhatThereIsNot(arguments: [String], text: String) throws {
    let cem = try CommandProcess(database: nil)
    defer { cem.remove() }
    let result = try cem(arguments)
    #expect(result.status == 64 && result.output.isEmpty, "\(result)")
    #expect(result.errors.contains(text), "\(result.errors)")
    #expect(result.errors.utf8.count < 400)
  }

  @Test(
    "Help for what there is comes as before",
    arguments: [
      ["--help"], ["help"], ["help", "gap"], ["gap", "record", "-h"], ["note", "GAP-1", "--help"],
      ["help", "maturity", "action"], ["help", "help"], ["gap"],
      ["gap", "record", "--title", "help", "-h"],
    ] as [[String]])
  func helps(arguments: [String]) throws {
    let cem = try CommandProcess(database: nil)
    defer { cem.remove() }
    let result = try cem(arguments)
    #expect(result.status == 0 && result.output.hasPrefix("OVERVIEW: "), "\(result)")
  }

  @Test("A language that there is not is refused, wherever it comes from") func language() throws {
    var cem = try CommandProcess(database: nil)
    defer { cem.remove() }
    cem.environment["CEM_LANG"] = "de"
    let result = try cem("explain")
    #expect(
      result.status == 64 && result.errors.contains("CEM_LANG must be en, uk, ru or zh, not de"))
    #expect(try cem("explain", "--lang", "ru").status == 0)
    cem.environment["CEM_LANG"] = "uk_UA.UTF-8"
    #expect(try cem("explain").status == 0)
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

  @Test(
    "An option that there is not is taken for what others call it, or for its letters, or for nothing",
    arguments: [
      (["insight", "record", "--text", "T"], "Unknown option '--text'. Did you mean '--finding'?"),
      (
        ["segment", "define", "x", "--kind", "K"],
        "Unknown option '--kind'. Did you mean '--market'?"
      ),
      (
        ["gap", "list", "--departmnt", "x"],
        "Unknown option '--departmnt'. Did you mean '--department'?"
      ),
      (["gap", "list", "--frobnicate"], "Unknown option '--frobnicate'."),
    ])
  func namesTheOptionThatWasMeant(arguments: [String], message: String) throws {
    let cem = try CommandProcess(database: nil)
    defer { cem.remove() }
    #expect(try cem(arguments).errors.hasPrefix("error: \(message)\n"))
  }

  @Test(
    "What is wrong with a value is said of its option, and how it is written",
    arguments: [
      (
        [
          "gap", "record", "--department", "ssc", "--link", "4", "--title", "T", "--measured-on",
          "x",
        ],
        "error: --measured-on: must be a date"
      ),
      (
        [
          "initiative", "open", "--department", "ssc", "--title", "T", "--step", "1",
          "--attest-ethics",
        ], "error: --attest-ethics: concerns word-of-mouth initiatives: give --wom-rule too"
      ),
      (
        ["note", "add", "GAP-1", "--text", "t", "--label", "a", "--label", "B!"], "error: --label: "
      ),
      (
        ["gap", "reassess", "GAP-1", "--perceived", "10,000"],
        "not 10,000: leave out separators and signs"
      ),
      (
        ["gap", "reassess", "GAP-1", "--perceived", "€50000"],
        "not €50000: leave out separators and signs"
      ),
      (
        ["gap", "record", "--department", "ssc", "--title", "--x"],
        "hint: a value that begins with a hyphen is joined to its option: --title=--x"
      ),
      (["initiative", "show", "GAP-1"], "hint: did you mean: cem gap show GAP-1"),
    ])
  func namesTheOptionThatIsWrong(arguments: [String], text: String) throws {
    let cem = try CommandProcess(database: TestDatabase.current.conninfo())
    defer { cem.remove() }
    for line in ["init --program acme --name Acme", "department register ssc --name SSC"] {
      try #require(try cem(line.split(separator: " ").map(String.init)).status == 0)
    }
    let result = try cem(arguments)
    #expect(result.errors.contains(text), "\(result.errors)")
    // To whoever imports it is a field.
    let row = cem.home.appending(path: "rows.ndjson")
    try #"{"command":"gap.record","department":"ssc","link":4,"title":"T","measuredOn":"x"}"#
      .write(to: row, atomically: true, encoding: .utf8)
    #expect(try cem("import", row.path()).errors.contains("measuredOn: must be a date"))
  }

  @Test(
    "What is more than two letters off is another word",
    arguments: [
      ("gap", "gap", 0), ("gpa", "gap", 1), ("clsoe", "close", 1), ("", "ab", 2), ("abc", "", 3),
      ("retial", "retire", 2), ("status", "state", 2), ("café", "cafe", 1),
    ])
  func distances(a: String, b: String, distance: Int) {
    #expect(a.distance(to: b) == distance && b.distance(to: a) == distance)
  }

  @Test(
    "What may be written is said on one line, without the parser's lists",
    arguments: [
      (["export", "--what", "foo"], "commands, events, departments, gaps,", "cem export --help"),
      (["history", "--since", "yesterday"], "for '--since <moment>'", "a span back (-10d)"),
      (["status", "--as-of", "2026-13-45"], "for '--as-of <moment>'", "a date (2026-06-30"),
      (["diff", "tomorrow", "now"], "for '<from>'", "a time (RFC 3339)"),
      (["status", "--period", "2026-Q5"], "for '--period <period>'", "2026-Q3"),
      (["history", "--limit", "abc"], "for '--limit <n>'", "cem history --help"),
    ])
  func complaintsAreClear(arguments: [String], message: String, hint: String) throws {
    let cem = try CommandProcess(database: nil)
    defer { cem.remove() }
    let result = try cem(arguments)
    #expect(result.status == 64)
    let lines = result.errors.split(separator: "\n")
    #expect(lines.count == 2, "\(result.errors)")
    #expect(lines[0].contains(message) && !lines[0].contains("\\n"), "\(lines[0])")
    #expect(lines[1].hasPrefix("hint: ") && lines[1].contains(hint), "\(lines[1])")
  }

  @Test(
    "A hint is a command for the program and the database that the call named",
    arguments: [
      ("cem gap list", ["--program", "acme"], "cem gap list --program acme"),
      ("cem gap list", [], "cem gap list"),
      (
        "cem gap reopen GAP-1 --reason TEXT", ["--program=a"],
        "cem gap reopen GAP-1 --program a --reason TEXT"
      ),
      (
        "cem doctor", ["--program", "a", "--database", "host=db dbname=x"],
        "cem doctor --database 'host=db dbname=x'"
      ),
      (
        "cem status", ["--database", "postgresql://u:secret@h/d", "--program", "a"],
        "cem status --program a"
      ),
      (
        "cem audit verify; nothing was signed", ["--program", "a"],
        "cem audit verify --program a; nothing was signed"
      ),
      (
        "cem projection rebuild   (others work on)", ["--program", "a"],
        "cem projection rebuild --program a   (others work on)"
      ),
      ("cem program list", ["--program", "a"], "cem program list"),
      (
        "cem init --program SLUG --name TEXT", ["--program", "a", "--database", "service=s"],
        "cem init --database service=s --program SLUG --name TEXT"
      ),
      ("cem gap --help", ["--program", "a"], "cem gap --help"),
      ("add --reason TEXT", ["--program", "a"], "add --reason TEXT"),
    ])
  func hintsGoWhereTheCallWent(hint: String, arguments: [String], expected: String) {
    #expect(HintedCommand.placed(hint, as: ["gap", "show", "GAP-1"] + arguments) == expected)
  }

  @Test func leavesKnownVerbsAlone() {
    #expect(VerbHints.error(for: ["person", "add", "--nonsense"]) == nil)
    #expect(VerbHints.error(for: ["nonsense", "add"]) == nil)
    // The values of options are no verbs.
    #expect(VerbHints.error(for: ["history", "--since", "yesterday"]) == nil)
    #expect(VerbHints.error(for: ["history", "--limit", "abc"]) == nil)
  }
}
