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
    // In bash it knows more: which verbs may be left out, and what there is help for.
    if shell != "bash" {
      #expect(try cem("--generate-completion-script", shell).output.hasPrefix(script.output))
    }
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
    #expect(noun.output.split(separator: "\n") == ["old"], "\(noun)")
    let retire = try cem(
      "---completion", "department", "retire", "--", "positional@0", "0", "0", "cem", "department")
    #expect(retire.output.split(separator: "\n") == ["ssc"], "\(retire)")
  }

  /// What stands before the cursor, what is offered then, and what is not.
  private static let offers: [(line: String, offered: String, refused: String)] = [
    ("history --stream ", "GAP-1 ssc", "list"), ("history --type gap.c", "gap.closed", "list"),
    ("history --", "--since --follow", "list"), ("note GAP-1 --", "--text --label", "add"),
    ("note ", "GAP-1 add list", "--text"), ("db roles --", "--format", "add"),
    ("history show --", "--json", "--follow"),
    ("help ", "gap history", "record"), ("help gap re", "record reassess", "close"),
    ("gap list --state ", "open accepted voided", "started"),
    ("initiative list --state ", "piloting voided", "accepted"),
    ("gap list --sort ", "severity owner", "rag"), ("status --lang ", "en uk ru zh", "de"),
    ("maturity assess ssc --level ", "0 5", "6"),
    ("import --command gap.re", "gap.record", "gap.close"),
    ("import --template survey.", "survey.record", "gap.record"),
    ("catalog show --kind Gap", "GapLink", "Action"), ("explain open", "openGaps", "level"),
    ("projection rebuild gap", "gap_register", "entity"),
    ("gap close ", "GAP-1", "GAP-2"), ("gap reopen ", "GAP-2", "GAP-1"),
    ("gap show ", "GAP-1 GAP-2", "ssc"),
    ("maturity action complete ", "ssc", "1.1"),
    ("maturity action complete ssc ", "1.1 1.3", "ssc 1.2 2.1"),
    ("maturity action reopen ssc ", "1.2", "1.1"),
  ]

  @Test("bash is offered what a call can go on with, and nothing that would be refused")
  func offers()
    throws
  {
    let cem = try CommandProcess(database: TestDatabase.current.conninfo())
    defer { cem.remove() }
    for line in [
      "init --program acme --name Acme", "department register ssc --name SSC",
      "gap record --department ssc --link 1 --title A",
      "gap record --department ssc --link 2 --title B",
      "gap close GAP-2 --resolution done", "maturity assess ssc --level 1 --rationale talks",
      "maturity action complete ssc 1.2 --evidence minutes",
    ] {
      let result = try cem(line.split(separator: " ").map(String.init))
      try #require(result.status == 0, "\(line) \(result.errors)")
    }
    for (line, offered, refused) in Self.offers {
      let call = line.hasSuffix(" ") ? "\(line)''" : line
      let reply = try cem.shell(
        """
        mkdir -p "$HOME/bin"; ln -sf "$CEM" "$HOME/bin/cem"; PATH="$HOME/bin:$PATH"
        source <(cem completion bash); IFS=' '
        set -- cem \(call)
        COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); COMP_LINE="$*"; COMP_POINT=${#COMP_LINE}
        _cem cem "${COMP_WORDS[COMP_CWORD]}" "${COMP_WORDS[COMP_CWORD - 1]}"
        printf '%s\\n' "${COMPREPLY[@]}"
        """)
      let words = Set(reply.output.split(separator: "\n").map(String.init))
      for word in offered.split(separator: " ") {
        #expect(words.contains(String(word)), "\(line): \(word) \(words) \(reply.errors)")
      }
      for word in refused.split(separator: " ") {
        #expect(!words.contains(String(word)), "\(line): \(word)")
      }
    }
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
