import CEMTestSupport
import Foundation
import Testing

@testable import cem

/// Touchpoints, standards, surveys, notes, search and agenda, by the built program against a real server.
@Suite(.database(.migrated)) struct PracticeVerbTests {
  func withProgram(_ body: (CommandProcess) throws -> Void) throws {
    try CommandProcess.with(
      [
        "init --program acme --name Acme --on 2024-01-01",
        "department register ssc --name SSC --on 2024-01-01",
        "touchpoint map --department ssc --name Hotline --moment-of-truth",
        "standard set TP-1 --metric answers --target 0.9 --unit ratio --from 2024-01-01",
        "standard measure STD-1 --period 2024-Q1 --value 0.5",
        "standard measure STD-1 --period 2024-Q2 --value 0.6",
        "standard measure STD-1 --period 2024-Q3 --no-data",
        "standard measure STD-1 --period 2024-Q4 --value 0.95",
      ], body)
  }

  @Test("§5: a miss is a breach, and becomes a gap in one command")
  func breachesBecomeGapsInOneCommand() throws {
    try withProgram { cem in
      let breaches = try list(cem("standard", "breaches", "--json"))
      #expect(breaches.map { $0["breach"] as? String } == ["STD-1/2024-Q1", "STD-1/2024-Q2"])
      let dry = try list(cem("gap", "record", "--all-breaches", "ssc", "--dry-run", "--json"))
      #expect(dry.count == 2)
      let said = try cem("gap", "record", "--all-breaches", "ssc", "--dry-run")
      #expect(said.output.contains("2 breaches of ssc would become gaps"), "\(said)")
      let one = try cem(
        "gap", "record", "--all-breaches", "ssc", "--period", "2024-Q1", "--dry-run")
      #expect(one.output.contains("1 breach of ssc would become a gap\n"), "\(one)")
      #expect(!said.output.contains("\\n"), "\(said)")
      #expect(try list(cem("gap", "list", "--json")).isEmpty)
      let elsewhere = try cem(
        "gap", "record", "--from-breach", "STD-1/2024-Q1", "--department", "nowhere")
      #expect(elsewhere.status == 65)
      #expect(elsewhere.errors.contains("not of nowhere"), "\(elsewhere)")
      #expect(try cem("gap", "record", "--from-breach", "STD-1/2024-Q1").status == 0)
      #expect(try cem("gap", "record", "--from-breach", "STD-1/2024-Q1").status == 65)
      #expect(try cem("gap", "record", "--from-breach", "STD-1/2024-Q3").status == 65)
      #expect(try cem("gap", "record", "--from-breach", "STD-9/2024").status == 66)
      let rest = try list(
        cem("gap", "record", "--all-breaches", "ssc", "--severity", "4", "--json"))
      #expect(rest.map { $0["ref"] as? String } == ["GAP-2"])
      let all = try cem("gap", "record", "--all-breaches", "ssc", "--dry-run")
      #expect(all.output.contains("nothing to do"), "\(all)")
      #expect(try list(cem("gap", "record", "--all-breaches", "ssc", "--json")).isEmpty)
      #expect(try cem("gap", "record", "--all-breaches", "nope").status == 66)
      #expect(
        try cem("gap", "record", "--all-breaches", "ssc", "--from-breach", "STD-1/2024").status
          == 64)
      let gap = try object(cem("gap", "show", "GAP-2", "--json"))
      #expect(gap["expected"] as? Double == 0.9)
      #expect(gap["perceived"] as? Double == 0.6)
      #expect(gap["touchpoint"] as? String == "TP-1")
      #expect(gap["breach"] as? String == "STD-1/2024-Q2")
      // A gap that was voided is not named any more, and the breach can become another.
      try #require(try cem("gap", "void", "GAP-1", "--reason", "a slip").status == 0)
      let standard = try object(cem("standard", "show", "STD-1", "--json"))
      let measured = try #require(standard["measurements"] as? [[String: Any]])
      #expect(measured.prefix(2).map { $0["gap"] as? String } == [nil, "GAP-2"])
      let listed = try list(cem("standard", "breaches", "--json"))
      #expect(listed.map { $0["gap"] as? String } == [nil, "GAP-2"])
      #expect(try list(cem("standard", "breaches", "--unrecorded", "--json")).count == 1)
      try #require(try cem("gap", "restore", "GAP-1", "--reason", "it was right").status == 0)
      #expect(try list(cem("standard", "breaches", "--unrecorded", "--json")).isEmpty)
    }
  }

  @Test("A file's name is no evidence where a text becomes some") func evidenceByFileName() throws {
    try withProgram { cem in
      try #require(
        try cem("gap", "record", "--department", "ssc", "--link", "4", "--title", "Waits").status
          == 0)
      let close = ["gap", "close", "GAP-1", "--resolution", "Done", "--evidence"]
      for command in [close, ["evidence", "add", "--title", "Minutes"]] {
        let refused = try cem(command + ["minutes-2025.pdf"])
        #expect(refused.status == 66, "\(refused)")
        #expect(refused.errors.contains("there is no file minutes-2025.pdf"), "\(refused)")
      }
      #expect(try list(cem("evidence", "list", "--json")).isEmpty)
      #expect(try cem(close + ["Page 2 of minutes-2025.pdf"]).status == 0)
    }
  }

  @Test("Whoever is killed while breaches become gaps can try again: each becomes one gap")
  func aRetryAddsNothing() throws {
    try withProgram { cem in
      let rows =
        [
          #"{"command":"standard.set","touchpoint":1,"metric":"calls","target":"0.9","from":"1980-01-01"}"#
        ]
        + (1990..<2020).map {
          #"{"command":"standard.measure","standard":2,"period":"\#($0)","value":"0.1"}"#
        }
      let file = cem.home.appending(path: "rows.ndjson")
      try rows.joined(separator: "\n").write(to: file, atomically: false, encoding: .utf8)
      try #require(try cem("import", file.path()).status == 0)
      #expect(try list(cem("standard", "breaches", "--json")).count == 32)
      let record = ["gap", "record", "--all-breaches", "ssc", "--json"]
      for delay in stride(from: UInt32(10_000), through: 200_000, by: 20_000) {
        let process = try cem.start(record)
        usleep(delay)
        kill(process.processIdentifier, SIGKILL)
        process.waitUntilExit()
      }
      let last = try cem(record)
      #expect(last.status == 0, "\(last.errors)")
      let gaps = try list(cem("gap", "list", "--json=breach")).compactMap {
        $0["breach"] as? String
      }
      #expect(Set(gaps).count == gaps.count)
      let breaches = try list(cem("standard", "breaches", "--json=breach"))
        .compactMap { $0["breach"] as? String }
      #expect(Set(gaps) == Set(breaches))
      #expect(gaps.count == 32)
      #expect(try list(cem(record)).isEmpty)
    }
  }

  @Test func aStandardsVersionsAndMeasurementsShow() throws {
    try withProgram { cem in
      #expect(
        try cem("standard", "amend", "STD-1", "--target", "0.4", "--from", "2024-02-01").status
          == 0)
      let standard = try object(cem("standard", "show", "STD-1", "--json"))
      let measured = try #require(standard["measurements"] as? [[String: Any]])
      #expect(measured.map { $0["verdict"] as? String } == ["met", "met", "unknown", "met"])
      #expect(measured.map { $0["changedWithin"] as? Bool } == [true, false, false, false])
      #expect(measured[2]["value"] is NSNull)
      // The target of a version to come judges no period of before.
      #expect(
        try cem("standard", "amend", "STD-1", "--target", "0.99", "--from", "2025-02-01").output
          .contains("  target  0.4 → 0.99\n  from    2024-02-01 → 2025-02-01"))
      let listed = try #require(try list(cem("standard", "list", "--json")).first)
      let there = try object(cem("touchpoint", "show", "TP-1", "--json"))
      for row in [listed, try #require((there["standards"] as? [[String: Any]])?.first)] {
        #expect(row["target"] as? Double == 0.99 && row["judgedTarget"] as? Double == 0.4)
        #expect((row["state"] ?? row["verdict"]) as? String == "met")
      }
      #expect(try cem("standard", "amend", "STD-1", "--from", "2024-02-01").status == 64)
      #expect(try cem("standard", "amend", "STD-1", "--target", "0.5").status == 64)
      #expect(try cem("standard", "measure", "STD-1", "--period", "2024").status == 64)
      let early = try cem("standard", "list", "--as-of", "4", "--json")
      #expect(try list(early).first?["period"] is NSNull)
    }
  }

  @Test("§5: a touchpoint shows how complete its contact plan is")
  func touchpointsShowTheirPlan() throws {
    try withProgram { cem in
      #expect(try cem("touchpoint", "plan", "TP-1", "2", "--text", "An answer").status == 0)
      let place = try object(cem("touchpoint", "show", "TP-1", "--json"))
      #expect(place["plan"] as? Int == 1)
      #expect((place["planned"] as? [String: String]) == ["goal": "An answer"])
      #expect((place["openItems"] as? [String])?.count == 11)
      #expect(place["breaches"] as? Int == 2)
      #expect(try cem("touchpoint", "retire", "TP-1", "--reason", "r").status == 65)
    }
  }

  @Test("§6: ours believing less customers agreeing, beside Bain's 80/8 and its caveat")
  func theDeliveryGapIsOursLessTheirs() throws {
    try withProgram { cem in
      for (audience, agree) in [("employees", "0.8"), ("customers", "0.25")] {
        _ = try cem(
          "survey", "record", "--department", "ssc", "--period", "2024-Q4", "--audience", audience,
          "--agree", agree, "--sample", "40")
      }
      let row = try #require(try list(cem("survey", "delivery", "--json")).first)
      #expect(row["gap"] as? Double == 0.55)
      let text = try cem("survey", "delivery", "--format", "table").output
        .replacing("\n", with: " ")
      #expect(text.contains("Bain's reference: 0.8 believe, 0.08 agree, gap 0.72."))
      #expect(text.contains("compare the direction, not the size"))
      #expect(text.contains("What closes it: design the right experience;"))
    }
  }

  @Test("Evidence that need not be kept any longer waits for somebody; the last day still keeps it")
  func retention() throws {
    try withProgram { cem in
      let add = ["evidence", "add", "a letter", "--title", "Letter", "--on", "2024-01-02"]
      _ = try cem(add + ["--retain-until", "2024-06-30"])
      func waiting(_ day: String) throws -> [String?] {
        try list(cem("agenda", "--period", day, "--json")).filter { $0["ref"] as? String == "EV-1" }
          .map { $0["why"] as? String ?? $0["kind"] as? String }
      }
      #expect(try waiting("2024-06") == [])
      #expect(try waiting("2024-07").count == 1)
      let now = try list(cem("agenda", "--json")).contains { $0["ref"] as? String == "EV-1" }
      #expect(now)
    }
  }

  @Test func notesAreFoundAgain() throws {
    try withProgram { cem in
      #expect(try cem("note", "TP-1", "--text", "Окремий Номер", "--label", "people").status == 0)
      let notes = try list(cem("note", "list", "--about", "TP-1", "--json"))
      #expect(notes.first?["labels"] as? [String] == ["people"])
      let found = try list(cem("search", "номер", "--json"))
      #expect(found.first?["ref"] as? String == "NOTE-1")
      #expect(found.first?["about"] as? String == "TP-1")
      #expect(try cem("search", " ").status == 64)
      #expect(try cem("note", "TP-9", "--text", "x").status == 66)
    }
  }

  @Test func theAgendaShowsWhatWaits() throws {
    try withProgram { cem in
      _ = try cem(
        "gap", "record", "--department", "ssc", "--link", "1", "--title", "Late", "--due",
        "2024-01-31")
      let items = try list(cem("agenda", "ssc", "--json"))
      #expect(items.first?["kind"] as? String == "overdue")
      #expect(items.first?["ref"] as? String == "GAP-1")
      #expect(try cem("agenda", "nope").status == 66)
      #expect(try cem("agenda", "--kind", "someday").status == 64)
    }
  }

  @Test("§1: the agenda warns of an action whose own last day is near")
  func theAgendaWarnsOfActions() throws {
    try withProgram { cem in
      try cem.script([
        "maturity assess ssc --level 0 --rationale Asked --on 2024-02-01",
        "maturity action complete ssc 0.1 --evidence Minutes --on 2024-02-01 --expires 2024-12-20",
        "maturity action complete ssc 0.2 --evidence Minutes --on 2024-02-01",
        "maturity advance ssc --rationale Done --on 2024-02-02",
      ])
      let items = try list(cem.shell("\"$CEM\" agenda ssc --period 2024-11 --json"))
      #expect(
        items.filter { $0["kind"] as? String == "expiring" }.map { $0["title"] as? String }
          == ["0.1"])
      #expect(
        items.first { $0["kind"] as? String == "expiring" }?["date"] as? String == "2024-12-20")
    }
  }

  @Test("§1: an action that ended by its own completion says that its evidence has not")
  func ownEnd() throws {
    try withProgram { cem throws in
      for command in [
        "maturity assess ssc --level 0 --rationale Asked --on 2024-01-03",
        "maturity action complete ssc 0.1 --evidence Minutes --on 2024-02-01 --expires 2024-06-30",
        "evidence renew EV-1 --expires 2199-12-31",
      ] { #expect(try cem.shell("\"$CEM\" \(command)").status == 0) }
      func shown() throws -> String {
        let bytes = try cem.terminal("\"$CEM\" maturity show ssc --color never")
        return String(decoding: bytes, as: UTF8.self)
      }
      let said = "(the action's own end: complete it again)"
      #expect(try shown().contains(said))
      let again = "maturity action complete ssc 0.1 --evidence EV-1"
      #expect(try cem.shell("\"$CEM\" \(again)").status == 0)
      #expect(try !shown().contains("complete it again"))
    }
  }

  @Test("§8: the hints about a department that is gone, or cannot go, do what they say when typed")
  func departmentHints() throws {
    try withProgram { cem throws in
      func typing(_ result: CommandProcess.Result) throws -> CommandProcess.Result {
        let hint = try #require(result.errors.firstMatch(of: /hint: cem ([^,\n]*)/)).1
        return try cem.shell("\"$CEM\" \(hint.replacing("TEXT", with: "r"))")
      }
      // All of it is entered today, whenever it happened.
      for command in [
        "department register old --name Old --on 2024-01-02",
        "department retire old --reason merged --on 2024-06-01",
        "department register new --name New --on 2024-01-02",
        "maturity assess new --level 1 --rationale Asked --on 2024-01-03",
      ] { #expect(try cem.shell("\"$CEM\" \(command)").status == 0) }
      let gone = try cem("status", "old")
      #expect(gone.status == 66)
      let then = try typing(gone)
      #expect(then.status == 0 && then.output.contains("old"), "\(then)")

      let kept = try cem("department", "void", "new", "--reason", "r")
      #expect(kept.status == 65 && kept.errors.contains("by its maturity level"), "\(kept.errors)")
      #expect(try typing(kept).status == 0)
      #expect(try cem("department", "void", "new", "--reason", "r").status == 0)
    }
  }

  @Test("§5: a period without data does not take a miss back") func noDataIsNoKeeping() throws {
    try withProgram { cem in
      func atRisk() throws -> Int? {
        try object(cem("explain", "momentsAtRisk", "--json"))["value"] as? Int
      }
      #expect(try atRisk() == 0)
      _ = try cem("standard", "measure", "STD-1", "--period", "2025-Q1", "--value", "0.4")
      #expect(try atRisk() == 1)
      _ = try cem("standard", "measure", "STD-1", "--period", "2025-Q2", "--no-data")
      #expect(try atRisk() == 1)
      // Whatever says so says the same.
      let missed = try list(cem("standard", "list", "--state", "missed", "--json=ref,period,value"))
      #expect(missed.map { $0["period"] as? String } == ["2025-Q1"])
      #expect(missed.first?["value"] as? Double == 0.4)
      let touchpoint = try object(cem("touchpoint", "show", "TP-1", "--json"))
      #expect(touchpoint["standardsMissed"] as? Int == 1)
      let standards = try #require(touchpoint["standards"] as? [[String: Any]])
      #expect(standards.map { $0["verdict"] as? String } == ["missed"])
      _ = try cem("standard", "measure", "STD-1", "--period", "2025-Q3", "--value", "0.95")
      #expect(try atRisk() == 0)
    }
  }

  @Test(
    "A filter that names nobody is an error, and no empty list",
    arguments: [
      ("gap list --department nope", Int32(66)), ("gap list --owner nope", 66),
      ("maturity list --department nope", 66), ("agenda --owner nope", 66),
      ("history --type gap.foo", 64), ("history --type gap.recorded", 0),
      ("history --type gap.*", 0),
    ])
  func filtersNameWhatIsThere(command: String, status: Int32) throws {
    try withProgram { cem in
      let result = try cem.shell("\"$CEM\" \(command)")
      #expect(result.status == status, "\(result.errors)")
      #expect(status == 0 || result.errors.contains("hint:"))
    }
  }

  @Test("§0: nobody knows what is to come, and before the first event there is nothing")
  func momentsOutsideTheLog() throws {
    try withProgram { cem in
      let future = try cem("status", "--as-of", "2999-01-01")
      #expect(future.status == 65 && future.errors.contains("is after today"), "\(future.errors)")
      let past = try cem("status", "--as-of", "2020-01-01")
      #expect(past.status == 0 && past.errors.contains("--period"), "\(past.errors)")
    }
  }

  @Test(arguments: [
    (
      "uk", "ПІДРОЗДІЛ", "обіцянка – очікування", "GAP-1 записано (позиція ", "ІМ’Я",
      "особа: 2 нових"
    ),
    (
      "ru", "ПОДРАЗДЕЛЕНИЕ", "обещание – ожидание", "GAP-1 записано (позиция ", "ИМЯ",
      "лицо: 2 новых"
    ),
    ("zh", "部门", "品牌沟通活动/客户期望", "GAP-1 已记录（位置", "姓名", "2项新增"),
    ("en", "DEPARTMENT", "promise-expectation", "GAP-1 recorded (position ", "NAME", "2 new"),
  ])
  func tablesSpeakFourLanguages(
    language: String, title: String, link: String, receipt: String, name: String, count: String
  ) throws {
    try withProgram { cem in
      let recorded = try cem(
        "gap", "record", "--department", "ssc", "--link", "1", "--title", "Late", "--lang", language
      ).output
      #expect(recorded.hasPrefix(receipt), "\(recorded)")
      for id in ["eve", "bob"] { _ = try cem("person", "add", id, "--name", id) }
      let people = try cem("person", "list", "--format", "table", "--lang", language).output
      #expect(people.prefix { $0 != "\n" }.contains(name), "\(people)")
      let diff = try cem("diff", "1", "now", "--format", "table", "--lang", language).output
      #expect(diff.contains(count), "\(diff)")
      let table = try cem("gap", "list", "--format", "table", "--lang", language).output
      #expect(table.contains(title))
      #expect(table.contains(link))
      // Whatever the language, programs read ids.
      let row = try list(cem("gap", "list", "--json", "--lang", language)).first
      #expect(row?["link"] as? String == "promise-expectation")
      #expect(try cem("status", "--format", "table", "--lang", language).status == 0)
      #expect(try cem("gap", "list", "--lang", "xx").status == 64)
    }
  }
}
