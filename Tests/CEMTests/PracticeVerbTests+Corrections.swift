import CEMTestSupport
import Foundation
import Testing

@testable import cem

/// What is mistyped, and what is corrected later.
extension PracticeVerbTests {
  @Test("A file, a link and a text become evidence as they are, and a mistyped reference does not")
  func evidenceGiven() throws {
    try withProgram { cem in
      let folder = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
      try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
      defer { try? FileManager.default.removeItem(at: folder) }
      let file = folder.appending(path: "staff note").path()
      try "abc".write(toFile: folder.path() + "/staff note", atomically: true, encoding: .utf8)
      let complete = ["maturity", "action", "complete", "ssc", "0.1", "--evidence"]
      let refused = try cem(complete + ["EV 2"])
      #expect(refused.status == 65 && refused.errors.contains("name it like EV-2"), "\(refused)")
      for given in [file.removingPercentEncoding ?? file, "https://example.com/a", "All were told"]
      {
        let made = try cem(complete + [given])
        #expect(made.status == 0 && made.output.contains(", EV-"), "\(made)")
      }
      let evidence = try list(cem("evidence", "list", "--json", "--sort", "ref"))
      #expect(evidence.map { $0["form"] as? String } == ["file", "link", "text"])
      #expect((evidence.first?["file"] as? [String: Any])?["size"] as? Int == 3)
      #expect(evidence.first?["title"] as? String == "staff note")
      #expect(evidence.dropFirst().first?["url"] as? String == "https://example.com/a")
      #expect(evidence.last?["text"] as? String == "All were told")
      #expect(try cem("audit", "verify").status == 0)
    }
  }

  @Test("§5: a recount that leaves no breach says which gap was recorded from it")
  func unfoundedGap() throws {
    try withProgram { cem in
      #expect(try cem("gap", "record", "--from-breach", "STD-1/2024-Q1").status == 0)
      let recount = ["standard", "measure", "STD-1", "--period", "2024-Q1", "--reason", "recount"]
      let said = try cem(recount + ["--value", "0.6"])
      #expect(said.status == 0 && said.errors.isEmpty, "\(said)")
      let corrected = try cem(recount + ["--value", "0.95"])
      #expect(
        corrected.errors.contains(
          "GAP-1 was recorded from STD-1/2024-Q1, which is no breach any more: cem gap reassess GAP-1"
        ),
        "\(corrected)")
      let waiting = try list(cem("agenda", "--kind", "unfounded", "--json"))
      #expect(waiting.map { $0["ref"] as? String } == ["GAP-1"])
    }
  }

  @Test("§5: what was missed stays a breach of a retired standard, and is none of a voided one")
  func breachesOfWhatIsGone() throws {
    try withProgram { cem throws in
      func breaches() throws -> [String?] {
        try list(cem("standard", "breaches", "--json")).map { $0["breach"] as? String }
      }
      let all = ["STD-1/2024-Q1", "STD-1/2024-Q2"]
      #expect(try cem("standard", "retire", "STD-1", "--reason", "r").status == 0)
      #expect(try breaches() == all)
      let recorded = try cem("gap", "record", "--all-breaches", "ssc")
      #expect(recorded.output.contains("2 breaches of ssc became gaps"), "\(recorded)")
      let voided = try cem("standard", "void", "STD-1", "--reason", "never promised")
      for number in 1...2 {
        let said = "GAP-\(number) was recorded from \(all[number - 1]), which is no breach any more"
        #expect(voided.errors.contains(said), "\(voided)")
      }
      #expect(try breaches() == [])
      let waiting = try list(cem("agenda", "--kind", "unfounded", "--json"))
      #expect(waiting.map { $0["ref"] as? String } == ["GAP-1", "GAP-2"])
    }
  }

  @Test("§3: voiding a platform says who names it, and a voided waiver is shown as such")
  func lostFoundations() throws {
    try withProgram { cem throws in
      func run(_ command: String) throws -> CommandProcess.Result {
        let result = try cem.shell("\"$CEM\" \(command)")
        #expect(result.status == 0, "\(command): \(result.errors)")
        return result
      }
      _ = try run("platform state --title Calm --promise 'We answer.'")
      _ = try run("initiative open --department ssc --title Tell --step 4 --platform PLT-1")
      let voided = try run("platform void PLT-1 --reason 'never agreed'")
      #expect(
        voided.errors.contains(
          "INI-1 still names PLT-1: cem initiative amend INI-1 --platform REF --reason TEXT, or cem initiative waive INI-1 --reason TEXT"
        ), "\(voided)")
      let waived = try run("initiative waive INI-1 --until 2999-12-31 --reason prescribed")
      #expect(waived.output.contains("INI-1 platform waived, WVR-1 granted"), "\(waived)")
      #expect(waived.errors.contains("nobody is named as approver"), "\(waived)")
      func waivers() throws -> [Bool?] {
        let shown = try object(cem("initiative", "show", "INI-1", "--json"))
        return (shown["waivers"] as? [[String: Any]])?.map { $0["voided"] as? Bool } ?? []
      }
      #expect(try waivers() == [false])
      _ = try run("waiver void WVR-1 --reason r")
      #expect(try waivers() == [true])
      #expect(try run("initiative show INI-1 --format table").output.contains("voided yes"))
      #expect(try cem("audit", "verify").status == 0)
    }
  }

  @Test("§1: several actions are done by one piece of evidence, in one command")
  func severalActions() throws {
    try withProgram { cem throws in
      let complete = ["maturity", "action", "complete"]
      let done = try cem(complete + ["ssc", "0.1", "0.2", "--evidence", "e1"])
      #expect(done.output.contains("EV-1 added"), "\(done)")
      let evidence = try list(cem("evidence", "list", "--json"))
      #expect(evidence.count == 1)
      // Whoever has no level yet sees what is done all the same, and lacks nothing.
      let shown = try #require(
        try cem("maturity", "show", "ssc", "--json=actions,missingActions").json()
          as? [String: [Any]])
      let seen = shown["actions"]?.compactMap { ($0 as? [String: Any])?["action"] as? String }
      #expect(seen == ["0.1", "0.2"] && shown["missingActions"]?.isEmpty == true, "\(shown)")
      let wrong = try cem(complete + ["ssc", "0.1", "9.9", "--evidence", "e1"])
      #expect(wrong.errors.hasPrefix("error: action: must be one of "), "\(wrong)")
      let all = try cem(complete + ["--all", "1.1", "1.2", "--evidence", "EV-1"])
      #expect(all.status == 0, "\(all)")
      let both = try cem(complete + ["ssc", "--evidence", "e1"])
      #expect(both.status == 64 && both.errors.contains("name a department and an action"))
      let two = try cem("maturity", "action", "reopen", "ssc", "0.1", "0.2", "--reason", "r")
      #expect(two.status == 64 && two.errors.contains("one action"), "\(two)")
      let one = try cem("maturity", "action", "reopen", "ssc", "1.1", "--reason", "r")
      #expect(one.errors.contains("cem maturity action reopen --all 1.1"), "\(one)")
      #expect(try cem("audit", "verify").status == 0)
    }
  }

  @Test("§5: a version is corrected by the day from which it was in force") func versions() throws {
    try withProgram { cem in
      let amend = ["standard", "amend", "STD-1"]
      #expect(try cem(amend + ["--target", "0.7", "--from", "2024-11-10"]).status == 0)
      let correct = amend + ["--version-from", "2024-11-10", "--reason", "moved"]
      let moved = try cem(correct + ["--from", "2024-11-20"])
      #expect(moved.output.contains("STD-1 version corrected"), "\(moved)")
      #expect(moved.output.contains("\n  from  2024-11-10 → 2024-11-20\n"), "\(moved)")
      let history = try cem("history", "--stream", "standard/1", "--format", "table")
      #expect(history.output.contains("version from 2024-11-10 → 2024-11-20"), "\(history)")
      #expect(try cem(correct + ["--from", "2024-11-21"]).status == 66)
      #expect(try cem(amend + ["--drop", "--reason", "r"]).status == 64)
      let drop = amend + ["--drop", "--reason", "r", "--version-from"]
      let dropped = try cem(drop + ["2024-11-20"])
      #expect(dropped.output.contains("\n  versions.2024-11-20  0.7 → –\n"), "\(dropped)")
      #expect(try cem(drop + ["2024-01-01"]).status == 65)
      #expect(try cem("audit", "verify").status == 0)
    }
  }

  @Test(
    "§8: a successor that is not there needs a name, and its receipt says that it was registered")
  func mergedIntoNew() throws {
    try withProgram { cem in
      #expect(try cem("department", "register", "hr", "--name", "HR").status == 0)
      let merge = ["department", "merge", "ssc", "hr", "--reason", "one desk", "--into"]
      let refused = try cem(merge + ["hrr"])
      #expect(
        refused.status == 64 && refused.errors.contains("there is no department hrr yet"),
        "\(refused)")
      let merged = try cem(merge + ["people", "--name", "People"])
      #expect(merged.status == 0 && merged.output.contains(", people registered ("), "\(merged)")
      let void = try cem("department", "void", "people", "--reason", "typing error")
      #expect(void.status == 65 && void.errors.contains("took the place of"), "\(void)")
    }
  }

  @Test("§0, §2: whose login it is stands as approver, where nobody is named") func approver()
    throws
  {
    try withProgram { cem in
      for title in ["Waits", "Costs", "Doubts"] {
        #expect(
          try cem("gap", "record", "--department", "ssc", "--link", "4", "--title", title).status
            == 0)
      }
      func accept(_ gap: String, _ more: String...) throws -> CommandProcess.Result {
        try cem(["gap", "accept", gap, "--until", "2999-01-01", "--reason", "dear"] + more)
      }
      #expect(try accept("GAP-1").errors.contains("nobody is named as approver"))
      let login = try object(cem("whoami", "--json"))["login"] as? String ?? ""
      #expect(try cem("person", "add", "kim", "--name", "Kim", "--login", login).status == 0)
      #expect(try cem("person", "add", "lee", "--name", "Lee").status == 0)
      #expect(try accept("GAP-2").errors.isEmpty)
      #expect(try accept("GAP-3", "--approver", "lee").errors.isEmpty)
      let approvers = try ["GAP-1", "GAP-2", "GAP-3"].map {
        try object(cem("gap", "show", $0, "--json"))["approver"] as? String
      }
      #expect(approvers == [nil, "kim", "lee"])
      let opened = try cem(
        "initiative", "open", "--department", "ssc", "--title", "Ask", "--step", "4",
        "--waive-platform", "quick")
      #expect(opened.output.contains("INI-1 opened, WVR-1 granted ("), "\(opened)")
      let waiver = try list(cem("waiver", "list", "--json"))
      #expect(waiver.map { $0["approver"] as? String } == ["kim"])
    }
  }
}
