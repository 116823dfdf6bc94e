import CEMTestSupport
import Foundation
import Testing

@testable import cem

/// What a person is asked at a terminal, and when nobody is asked. script(1) gives the program a terminal.
@Suite("Prompts", .database(.migrated)) struct PromptTests {
  private func withProgram(_ body: (CommandProcess) throws -> Void) throws {
    try CommandProcess.with(
      [
        "init --program acme --name Acme",
        "department register ssc --name ssc",
        "department register web --name web",
      ], body)
  }

  /// Types keys at a call's terminal, each line a while after the one before.
  private func type(
    _ cem: CommandProcess, _ call: String, _ keys: [String], environment: String = ""
  ) throws -> (shown: String, status: String) {
    let typing = keys.map { "sleep 0.4; printf '\($0)'" }.joined(separator: "; ")
    let file = cem.home.appending(path: "shown")
    let result = try cem.shell(
      "export TERM=xterm LINE='\(environment) \"$CEM\" \(call)'; "
        + "{ \(typing); sleep 1; } | timeout --foreground 120 script -qec \"$LINE\" /dev/null > '\(file.path())'; "
        + "echo ${PIPESTATUS[1]}")
    let bytes = Array(try Data(contentsOf: file)).filter { $0 != 0x0d }
    return (
      String(decoding: bytes, as: UTF8.self),
      result.output.trimmingCharacters(in: .whitespacesAndNewlines)
    )
  }

  private func gaps(_ cem: CommandProcess) throws -> [[String: Any]] {
    try #require(
      try cem("gap", "list", "--json=department,link,title").json() as? [[String: Any]])
  }

  @Test("What is missing is asked for, a mistake again; at the end stands the whole call")
  func asks() throws {
    try withProgram { cem in
      let (shown, status) = try type(
        cem, "gap record", ["nope\\n", "ssc\\n", "9\\n", "4\\n", "\\n", "Long wait\\n"])
      #expect(status == "0", "\(shown)")
      #expect(shown.contains("  ssc  web"))
      #expect(shown.contains("  4  training-execution"))
      #expect(shown.contains("a number from 1 to 6, or a word"))
      #expect(shown.contains("none of these: nope"))
      #expect(
        shown.contains(
          "next time: cem gap record --department ssc --link training-execution --title 'Long wait'"
        ), "\(shown)")
      let recorded = try gaps(cem)
      #expect(recorded.count == 1)
      #expect(recorded.first?["title"] as? String == "Long wait")
      #expect(recorded.first?["link"] as? String == "training-execution")
      // The call that is taught does the same.
      let line = try #require(
        shown.split(separator: "\n").first { $0.hasPrefix("next time: cem ") }
      ).dropFirst("next time: cem ".count)
      #expect(try cem.shell("\"$CEM\" \(line)").status == 0)
      #expect(try gaps(cem).count == 2)
    }
  }

  @Test("§8: a successor that is not there is asked for its name") func successor() throws {
    try withProgram { cem in
      let (shown, status) = try type(
        cem, "department merge ssc web --into care --reason one-desk", ["Customer care\n"])
      #expect(status == "0" && shown.contains(", care registered ("), "\(shown)")
      #expect(
        shown.contains(
          "next time: cem department merge ssc web --into care --reason one-desk --name"),
        "\(shown)")
    }
  }

  @Test(
    "It serves every verb: positional arguments, what the parser demands, alternatives, reasons")
  func everyVerb() throws {
    try withProgram { cem in
      let assessed = try type(cem, "maturity assess", ["x\\n", "ssc\\n", "1\\n", "interviews\\n"])
      #expect(assessed.status == "0", "\(assessed.shown)")
      #expect(
        assessed.shown.contains("next time: cem maturity assess ssc"), "\(assessed.shown)")
      _ = try cem("gap", "record", "--department", "web", "--link", "1", "--title", "T")
      let voided = try type(cem, "gap void", ["GAP-1\\n", "it was a test\\n"])
      #expect(voided.status == "0", "\(voided.shown)")
      #expect(voided.shown.contains("next time: cem gap void GAP-1 --reason 'it was a test'"))
      let done = try type(
        cem, "maturity action complete", ["ssc 1.1\\n", "minutes\\n"])
      #expect(done.status == "0", "\(done.shown)")
      #expect(
        done.shown.contains("next time: cem maturity action complete ssc 1.1 --evidence minutes"))
      let added = try type(cem, "person add", ["ada\\n", "Ada\\n"])
      #expect(added.status == "0", "\(added.shown)")
    }
  }

  @Test(
    "Over the words of a list stands what they are, and no word of it",
    arguments: [
      ("initiative update", "--rag", ""), ("initiative pilot conclude", "--verdict", ""),
      ("insight record", "--question", "The diagnostic question"),
      ("gap diagnose", "--link", "The link, by number or id."),
      ("touchpoint map", "--type", "The contact type"),
    ])
  func headings(call: String, option: String, heading: String) throws {
    let schema = try #require(VerbSchema(calledBy: call.split(separator: " ").map(String.init)))
    #expect(schema.argument(named: option)?.heading == heading)
  }

  @Test("Ctrl-C and Ctrl-D leave with 130 and record nothing", arguments: ["\\003", "\\004"])
  func leaving(key: String) throws {
    try withProgram { cem in
      let (shown, status) = try type(cem, "gap record", ["ssc\\n", key])
      #expect(status == "130", "\(shown)")
      #expect(try gaps(cem).isEmpty)
    }
  }

  @Test("Ctrl-C ends it at once, and not with the next key") func leavingAtOnce() throws {
    try withProgram { cem in
      // Each key comes once its question is there; the last, long after the program should have ended.
      let file = cem.home.appending(path: "shown").path()
      let result = try cem.shell(
        #"""
        export TERM=xterm LINE='"$CEM" gap record'
        question() { for _ in $(seq 600); do grep -q "$1: $" '\#(file)' && return; sleep 0.1; done; }
        { question department; printf 'ssc\n'; question link; printf '\003'; sleep 5; printf 'late\n'; sleep 1; } |
          timeout --foreground 120 script -qefc "$LINE" '\#(file)' >/dev/null 2>&1
        echo ${PIPESTATUS[1]}
        """#)
      let shown = try String(contentsOfFile: file, encoding: .utf8)
      #expect(result.output == "130\n", "\(shown)")
      #expect(shown.contains("interrupted") && !shown.contains("late"), "\(shown)")
      #expect(try gaps(cem).isEmpty)
    }
  }

  @Test("A rule that refuses ends it, and what was asked is not lost") func refused() throws {
    try withProgram { cem in
      let (shown, status) = try type(
        cem, "initiative open", ["ssc\\n", "Call back\\n", "4\\n"])
      #expect(status == "65", "\(shown)")
      #expect(
        shown.contains(
          "what was asked: cem initiative open --department ssc --title 'Call back' --step customer-interface"
        ), "\(shown)")
    }
  }

  @Test(
    "Nobody is asked where nobody would answer",
    arguments: [
      ("gap record --no-input", ""), ("gap record", "CEM_NO_INPUT=1"), ("gap record", "CI=true"),
      ("gap record --json", ""), ("gap record --format csv", ""), ("gap record 2>/dev/null", ""),
      ("gap record | cat", ""),
    ])
  func silent(call: String, environment: String) throws {
    try withProgram { cem in
      let (shown, _) = try type(cem, call, ["ssc\\n", "4\\n"], environment: environment)
      #expect(!shown.contains("  ssc  web"), "\(shown)")
      #expect(try gaps(cem).isEmpty)
    }
  }

  @Test("A pipe gets the error") func pipes() throws {
    try withProgram { cem in
      let result = try cem.shell("echo ssc | \"$CEM\" gap record")
      #expect(result.status == 64)
      #expect(result.errors.contains("department: is missing"))
    }
  }
}
