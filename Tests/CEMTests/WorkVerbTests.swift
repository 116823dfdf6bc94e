import CEMTestSupport
import Foundation
import Testing

@testable import cem

/// The verbs of the work itself, by the built program against a real server.
@Suite(.database(.migrated)) struct WorkVerbTests {
  private func withProgram(_ body: (CommandProcess) throws -> Void) throws {
    try CommandProcess.with(
      [
        "init --program acme --name Acme",
        "department register ssc --name SSC",
      ], body)
  }

  @Test func statusHasTheContractsFields() throws {
    try withProgram { cem in
      let row = try #require(try list(cem("status", "ssc", "--json")).first)
      #expect(
        Set(row.keys) == [
          "department", "name", "lead", "level", "levelId", "levelName", "levelBasis",
          "levelSince", "unsupported", "actionsDone", "actionsRequired", "missingActions",
          "waivers", "readyToAdvance", "openGaps", "gapsByLink", "worstLink", "initiatives",
          "approvals", "assessmentDue", "restated", "asOfPosition", "asOfTime",
        ])
      #expect(row["level"] is NSNull)
      #expect(
        Set((row["initiatives"] as? [String: Int] ?? [:]).keys) == [
          "open", "started", "piloting", "concluded", "scaling", "completed", "onHold",
          "cancelled",
        ])
      #expect(try cem("status", "nope").status == 66)
    }
  }

  @Test("§0, §1: a level rises by its actions; not assessed is no level")
  func levelsRiseByTheirActions() throws {
    try withProgram { cem in
      _ = try cem("maturity", "assess", "ssc", "--level", "0", "--rationale", "interviews")
      #expect(try cem("maturity", "advance", "ssc", "--rationale", "r").status == 65)
      let program = try cem("maturity", "advance", "--program-level", "--rationale", "r")
      #expect(
        program.errors == """
          error: the program has not been assessed yet
          hint: cem maturity assess --program-level --level N --rationale TEXT

          """)
      _ = try cem("maturity", "action", "complete", "ssc", "0.1", "--evidence", "a memo")
      _ = try cem("maturity", "action", "complete", "--all", "0.2", "--evidence", "a talk")
      #expect(try list(cem("status", "--json")).first?["readyToAdvance"] as? Bool == true)
      #expect(try cem("maturity", "advance", "ssc", "--rationale", "r").status == 0)
      let shown = try object(cem("maturity", "show", "ssc", "--json"))
      #expect(shown["level"] as? Int == 1)
      #expect(shown["missingActions"] as? [String] == ["1.1", "1.2", "1.3"])
      #expect(
        try object(cem("maturity", "show", "ssc", "--as-of", "3", "--json"))["level"] as? Int == 0)
      #expect(try cem("maturity", "assess", "--level", "1", "--rationale", "r").status == 64)
    }
  }

  @Test("§2: a gap is addressed while an open initiative names it, and closed once it is met")
  func gapsFromRecordToClose() throws {
    try withProgram { cem in
      let recorded = try cem(
        "gap", "record", "--department", "ssc", "--link", "4", "--title", "Long wait",
        "--expected", "0.9", "--perceived", "0.5", "--unit", "share", "--severity", "4")
      #expect(recorded.status == 0, "\(recorded.errors)")
      _ = try cem("gap", "record", "--department", "ssc", "--link", "1", "--title", "Promises")
      _ = try cem(
        "initiative", "open", "--department", "ssc", "--title", "Ask", "--step", "1", "--gap",
        "GAP-1")
      let gap = try object(cem("gap", "show", "GAP-1", "--json"))
      #expect(gap["size"] as? Double == 0.4)
      #expect(gap["addressedBy"] as? [String] == ["INI-1"])
      #expect(gap["link"] as? String == "training-execution")
      #expect(gap["external"] is NSNull)
      let sorted = try list(cem("gap", "list", "--sort", "-severity,title", "--json=ref"))
      #expect(sorted.map { $0["ref"] as? String } == ["GAP-1", "GAP-2"])
      #expect(try cem("gap", "close", "GAP-1", "--resolution", "r").status == 65)
      _ = try cem("initiative", "cancel", "INI-1", "--reason", "r")
      let alone = try object(cem("gap", "show", "GAP-1", "--json"))
      #expect((alone["addressedBy"] as? [String])?.isEmpty == true)
      _ = try cem("gap", "reassess", "GAP-1", "--perceived", "0.95")
      #expect(try cem("gap", "close", "GAP-1", "--resolution", "r").status == 0)
      #expect(try list(cem("gap", "list", "--state", "open", "--json")).count == 1)
    }
  }

  @Test("A receipt of a correction says what it was and what it is")
  func amendmentsSayWhatChanged() throws {
    try withProgram { cem in
      for title in ["A", "B"] {
        _ = try cem("gap", "record", "--department", "ssc", "--link", "4", "--title", title)
      }
      _ = try cem(
        "initiative", "open", "--department", "ssc", "--title", "Ask", "--step", "1", "--gap",
        "GAP-1", "--due", "2027-01-31")
      let amend = [
        "initiative", "amend", "INI-1", "--gap", "GAP-2", "--due", "2027-06-30", "--metric",
        String(repeating: "long ", count: 60), "--reason", "agreed",
      ]
      let would = try cem(amend + ["--dry-run"])
      #expect(would.output.contains("\n  due     2027-01-31 → 2027-06-30\n"), "\(would)")
      let done = try cem(amend + ["--lang", "uk"])
      let lines = done.output.split(separator: "\n")
      try #require(lines.count == 4, "\(done)")
      #expect(lines[1].hasSuffix(" 2027-01-31 → 2027-06-30"), "\(done)")
      #expect(lines[2].hasSuffix(" GAP-1 → GAP-2"), "\(done)")
      #expect(lines[3].contains(" – → long long"), "\(done)")
      // A terminal has no room for all of a text.
      let again = ["gap", "amend", "GAP-1", "--title", String(repeating: "T", count: 300)]
      let shown = try String(
        decoding: cem.terminal(
          "stty cols 80; \"$CEM\" \(again.joined(separator: " ")) --reason r --color never"),
        as: UTF8.self)
      #expect(
        shown.contains("  title  A →") && shown.contains("TTT…") && shown.count < 300, "\(shown)")
    }
  }

  @Test("§1, §7: by which method, by whom and why a level was assessed, and who attested ethics")
  func whoSaysSo() throws {
    try withProgram { cem in
      _ = try cem("person", "add", "ada", "--name", "Ada")
      func assess(_ level: String, _ more: String...) throws {
        let arguments = ["maturity", "assess", "ssc", "--level", level, "--rationale"] + more
        #expect(try cem(arguments).status == 0)
      }
      try assess("2", "interviews", "--method", "independent", "--assessor", "ada")
      func shown() throws -> [String?] {
        let level = try object(cem("maturity", "show", "ssc", "--json"))
        return ["method", "assessor", "rationale"].map { level[$0] as? String }
      }
      #expect(try shown() == ["independent", "ada", "interviews"])
      let history = try cem("history", "--stream", "maturity/ssc", "--format", "table")
      #expect(history.output.contains("maturity assessed at 2 (independent)"), "\(history)")
      try assess("1", "a second look", "--method", "self")
      #expect(try shown() == ["self", nil, "a second look"])
      let card = try cem("maturity", "show", "ssc", "--format", "table", "--lang", "uk").output
      #expect(card.contains("самооцінка") && card.contains("a second look"), "\(card)")
      let page = try cem("report", "--out", "-")
      #expect(page.output.contains("self-assessed") && page.output.contains("a second look"))
      // What was corrected to the level before it is as if it had never been said.
      _ = try cem("maturity", "correct", "ssc", "--to", "2", "--reason", "the wrong department")
      #expect(try shown() == ["independent", "ada", "interviews"])
      let before = try object(cem("maturity", "show", "ssc", "--as-of", "2", "--json"))
      #expect(before["assessedOn"] is NSNull && before["method"] is NSNull)

      let open = ["initiative", "open", "--department", "ssc", "--title", "T", "--step", "1"]
      _ = try cem(open + ["--wom-rule", "listen"])
      #expect(try object(cem("initiative", "show", "INI-1", "--json"))["attestedBy"] is NSNull)
      _ = try cem("initiative", "attest", "INI-1", "--on-behalf-of", "ada")
      let attested = try object(cem("initiative", "show", "INI-1", "--json"))
      #expect(attested["attestedBy"] as? String == "ada" && attested["ethicsVersion"] as? Int == 1)
      let attestation = try list(cem("history", "--stream", "initiative/1", "--json")).last
      let position = try #require(attestation?["position"] as? Int)
      _ = try cem("undo", "\(position)", "--reason", "not hers to say")
      #expect(try object(cem("initiative", "show", "INI-1", "--json"))["attestedBy"] is NSNull)
      _ = try cem(open + ["--wom-rule", "listen", "--attest-ethics"])
      let own = try object(cem("initiative", "show", "INI-2", "--json"))["attestedBy"] as? String
      #expect(own == (attestation?["actor"] as? String))
    }
  }

  @Test("The same thing has the same name in JSON, whatever it is of") func sameNames() throws {
    try withProgram { cem in
      for arguments in [
        ["person", "add", "ada", "--name", "Ada"],
        ["note", "add", "department/ssc", "--text", "t"],
        ["evidence", "add", "a text", "--title", "  T\n"],
        ["gap", "record", "--department", "ssc", "--link", "4", "--title", " G "],
      ] {
        let result = try cem(arguments)
        #expect(result.status == 0, "\(result.errors)")
      }
      for noun in ["person", "department", "evidence", "note", "gap"] {
        let row = try #require(try list(cem(noun, "list", "--json")).first)
        for key in ["position", "version", "voided", "duplicateOf", "external"] {
          #expect(row[key] != nil, "\(noun) \(key)")
        }
        #expect(row["position"] is Int)
      }
      #expect(try list(cem("program", "list", "--json")).first?["name"] as? String == "Acme")
      let level = try #require(try list(cem("maturity", "list", "--json")).first)
      #expect(
        Set(["levelId", "levelName", "levelBasis", "levelSince", "basis"]).isSubset(of: level.keys))
      #expect(try list(cem("period", "list", "--limit", "3", "--json")).isEmpty)
      // What a person types at the ends is no part of a title.
      #expect(try list(cem("evidence", "list", "--json")).first?["title"] as? String == "T")
      #expect(try list(cem("gap", "list", "--json")).first?["title"] as? String == "G")
    }
  }

  @Test func historyHasTheContractsFields() throws {
    try withProgram { cem in
      let events = try list(cem("history", "--json"))
      #expect(events.count == 2)
      #expect(
        Set(events[1].keys) == [
          "position", "eventId", "stream", "version", "type", "schemaVersion", "departments",
          "actor", "onBehalfOf", "commandId", "correlationId", "causationId", "occurredOn",
          "recordedAt", "reason", "data", "leafHash",
        ])
      #expect(events[1]["departments"] as? [String] == ["ssc"])
      #expect(try list(cem("history", "--after-position", "1", "--json")).count == 1)
      #expect(try list(cem("history", "--type", "department.*", "--json")).count == 1)
      #expect(
        try object(cem("history", "show", "2", "--json"))["type"] as? String
          == "department.registered")
      #expect(try cem("history", "show", "9").status == 66)
    }
  }

  @Test func importListsWhatItRefuses() throws {
    try withProgram { cem in
      let file = cem.home.appending(path: "rows.ndjson")
      try "{\"command\":\"person.add\",\"id\":\"ada\",\"name\":\"Ada\"}\nnonsense\n".write(
        to: file, atomically: false, encoding: .utf8)
      let strict = try cem("import", file.path(), "--json")
      #expect(strict.status == 65)
      #expect(
        try strict.error()["message"] as? String
          == "line 2: the line is not JSON: not a JSON value (at byte 1)")
      let lenient = try cem("import", file.path(), "--keep-going", "--json")
      #expect(lenient.status == 65)
      #expect(lenient.refusedRows.map { $0["line"] as? Int } == [2])
      #expect(try cem("import", file.path(), "--keep-going").errors.hasPrefix("line 2: "))
      #expect(try object(lenient)["recorded"] as? Int == 1)
      let piped = try cem.shell(
        "cat \(file.path()) | \"$CEM\" import - --source rows.ndjson --keep-going --json")
      #expect(try object(piped)["handledBefore"] as? Int == 1)
      #expect(try cem("export").output.split(separator: "\n").count == 3)
    }
  }
}
