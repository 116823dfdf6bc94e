import CEMTestSupport
import Foundation
import Postgres
import Testing

/// Closing periods, by the built program.
@Suite("Closed periods", .database(.migrated)) struct PeriodVerbTests {
  /// Retail has one gap in the first quarter of 2025, which was closed; another of that quarter came late,
  /// and so did a lower value.
  private func withClosed(_ body: (CommandProcess) throws -> Void) throws {
    try CommandProcess.with(
      [
        "init --program acme --name Acme --on 2025-01-10",
        "department register retail --name Retail --on 2025-01-10",
        "maturity assess retail --level 0 --rationale Asked --on 2025-01-20",
        "gap record --department retail --link 4 --title Waits --expected 0.9 --perceived 0.5 --unit ratio --on 2025-02-01",
        "period close 2025-Q1",
        "gap record --department retail --link 2 --title Forms --on 2025-03-01 --restate --reason 'a late list'",
        "gap amend GAP-1 --perceived 0.4 --reason 'misread'",
      ], body)
  }

  @Test("A receipt names the period, also when it is given again") func receipts() throws {
    try withClosed { cem in
      let id = UUID().uuidString
      let close = ["period", "close", "2025-Q2", "--command-id", id]
      let closed = try cem(close)
      #expect(closed.output.hasPrefix("2025-Q2 closed (position 9,"), "\(closed)")
      #expect(try cem(close).output.hasPrefix("2025-Q2 closed before"))
      let again = try #require(try cem(close + ["--json"]).json() as? [String: Any])
      #expect(again["ref"] as? String == "2025-Q2" && again["duplicate"] as? Bool == true)
      let reopened = try cem("period", "reopen", "2025-Q2", "--reason", "r")
      #expect(reopened.output.hasPrefix("2025-Q2 reopened (position 10,"), "\(reopened)")
    }
  }

  @Test("§0, §8: a closed period reads as it was known at its close") func reads() throws {
    try withClosed { cem in
      let closed = try cem.shell("\"$CEM\" gap list --period 2025-Q1 --json=ref,perceived")
      let gaps = try list(closed)
      #expect(gaps.map { $0["ref"] as? String } == ["GAP-1"])
      #expect(gaps.first?["perceived"] as? Double == 0.5)
      #expect(closed.errors.contains("as known at its close, at position 5"))
      // Known now, and at other moments, it reads otherwise.
      let now = try list(
        cem.shell("\"$CEM\" gap list --period 2025-Q1 --as-of now --json=ref,perceived"))
      #expect(now.compactMap { $0["perceived"] as? Double } == [0.4])
      #expect(now.count == 2)
      let periods = try list(cem("period", "list", "--json"))
      #expect(periods.count == 1)
      #expect(periods[0]["position"] as? Int == 5)
      #expect(periods[0]["restatements"] as? Int == 1)
      #expect(periods[0]["last"] as? String == "2025-03-31")
      // By the calendar's quarter, which is the fiscal one here.
      #expect(try list(cem.shell("\"$CEM\" gap list --period FY2025-Q1 --json=ref")).count == 1)
      _ = try cem("period", "reopen", "2025-Q1", "--reason", "more comes")
      #expect(try list(cem.shell("\"$CEM\" gap list --period 2025-Q1 --json=ref")).count == 2)
      #expect(try list(cem("period", "list", "--json")).isEmpty)
    }
  }

  @Test("§8: a closed period is shown as it was closed, beside what is known now") func shown()
    throws
  {
    try withClosed { cem in
      let row = try #require(try list(cem.shell("\"$CEM\" status --period 2025-Q1 --json")).first)
      #expect(row["openGaps"] as? Int == 1)
      let restated = try #require(row["restated"] as? [String: Any])
      #expect(restated["openGaps"] as? Int == 2)
      #expect(restated["level"] == nil)
      #expect(row["asOfPosition"] as? Int == 5)
      let now = try #require(try list(cem.shell("\"$CEM\" status --json")).first)
      #expect(now["restated"] is NSNull)
      // Both gaps' events: the one that the period was closed with, and the one that came late.
      let explained = try #require(
        try cem.shell("\"$CEM\" explain restated retail --period 2025-Q1 --json").json()
          as? [String: Any])
      #expect(explained["value"] as? [String: Any] as NSDictionary? == restated as NSDictionary)
      #expect(explained["positions"] as? [Int] == [4, 6, 8])
      #expect(explained["reproduced"] as? Bool == true)
      let picture = try String(
        decoding: cem.terminal("\"$CEM\" status --period 2025-Q1 --color never"), as: UTF8.self)
      #expect(picture.contains("RESTATED SINCE ITS CLOSE"))
      #expect(picture.contains("retail: Open gaps 1 → 2"))
      // Only the link that has another number, by its name.
      let lines = try cem.shell(
        "\"$CEM\" status --period 2025-Q1 --format table --lang uk"
      ).output.split(separator: "\n").filter { $0.hasPrefix("retail: ") }
      #expect(
        lines == [
          "retail: Відкриті розриви 1 → 2",
          "retail: відкриті розриви: очікування – стандарт 0 → 1",
          "retail: Найгірша ланка навчання – виконання → очікування – стандарт",
        ], "\(lines)")

      let file = cem.home.appending(path: "r.html").path()
      func report(_ options: String) throws -> String {
        let result = try cem.shell("\"$CEM\" report --period 2025-Q1 --out \(file) \(options)")
        #expect(result.status == 0, "\(result.errors)")
        return try ReportDocument(String(contentsOfFile: file, encoding: .utf8)).text
      }
      let text = try report("")
      #expect(text.contains("as known at its close, restated at position 8"))
      #expect(text.contains("Restated since its close"))
      #expect(text.contains("expectation – standard") && !text.contains("Expectation-standard"))
      // What came late stands at the end only, among the events behind what is restated.
      let parts = text.components(separatedBy: "Events")
      #expect(parts.dropLast().contains { $0.contains("Waits") })
      #expect(!parts.dropLast().contains { $0.contains("Forms") })
      #expect(parts.last?.contains("Forms") == true)
      #expect(try !report("--as-of now").contains("Restated since its close"))
    }
  }

  @Test(
    "A difference takes a closed period as it was closed, and its restatements as what came since")
  func differences() throws {
    try withClosed { cem in
      try cem.script([
        "gap record --department retail --link 3 --title Training --on 2025-05-01",
        "period close 2025-Q2",
        "gap record --department retail --link 1 --title Adverts --on 2025-06-01 --restate --reason late",
      ])
      func diff(_ words: String) throws -> (said: String, things: [String: [Int]], ends: [Int]) {
        let result = try cem.shell("\"$CEM\" diff \(words) retail --json")
        let object = try #require(try result.json() as? [String: Any], "\(result)")
        let parts = object["departments"] as? [[String: Any]] ?? []
        let things = parts.flatMap { $0["things"] as? [[String: Any]] ?? [] }
        let ends = ["from", "to"].compactMap {
          (object[$0] as? [String: Any])?["position"] as? Int
        }
        return (
          result.errors,
          Dictionary(
            uniqueKeysWithValues: things.compactMap { thing in
              (thing["thing"] as? String).map { ($0, thing["positions"] as? [Int] ?? []) }
            }), ends
        )
      }
      // Of the first quarter what was known at its close: what was corrected, and came late, makes a difference.
      let closed = try diff("2025-Q1 2025-Q2")
      #expect(closed.said.contains("2025-Q1: 2025-01-01 to 2025-03-31, as known at its close"))
      #expect(closed.said.contains("2025-Q2: 2025-04-01 to 2025-06-30, as known at its close"))
      #expect(closed.ends == [5, 10])
      #expect(closed.things == ["GAP-1": [8], "GAP-2": [6], "GAP-3": [9]])
      // Beside one that is open, what came since its close is there, too.
      let open = try diff("2025-Q2 2025-Q3")
      #expect(open.said.contains("2025-09-30, as known now, at position 12"))
      #expect(open.ends == [10, 12])
      #expect(open.things == ["GAP-4": [11]])
      // The first one is never known better than the second.
      _ = try cem("period", "reopen", "2025-Q1", "--reason", "more comes")
      let bounded = try diff("2025-Q1 2025-Q2")
      #expect(bounded.said.contains("2025-03-31, as known at position 10"))
      #expect(bounded.ends == [10, 10])
      #expect(bounded.things == ["GAP-3": [9]])
    }
  }

  @Test("§8: a restatement that leaves the sums alone shows where it lies") func distribution()
    throws
  {
    try withClosed { cem in
      for command in [
        "gap void GAP-1 --reason never", "initiative open --department retail --title I --step 1",
      ] { #expect(try cem.shell("\"$CEM\" \(command)").status == 0) }
      let row = try #require(try list(cem.shell("\"$CEM\" status --period 2025-Q1 --json")).first)
      let restated = try #require(row["restated"] as? [String: Any])
      #expect(row["openGaps"] as? Int == 1 && restated["openGaps"] == nil)
      let before = try #require(row["gapsByLink"] as? [String: Int]).filter { $0.value > 0 }
      let after = try #require(restated["gapsByLink"] as? [String: Int]).filter { $0.value > 0 }
      #expect(before.count == 1 && after.count == 1 && before != after)
    }
  }

  @Test("§8: a department that came late, or was gone already, is restated like any other")
  func departments() throws {
    let cem = try CommandProcess(database: TestDatabase.current.conninfo())
    defer { cem.remove() }
    try cem.script([
      "init --program acme --name Acme --on 2025-01-10",
      "department register retail --name Retail --on 2025-01-10",
      "gap record --department retail --link 4 --title Waits --on 2025-02-01",
      "period close 2025-Q1",
      "department register late --name Late --on 2025-03-15 --restate --reason forgot",
      "gap record --department late --link 1 --title Letters --on 2025-03-30 --restate --reason late",
      "department retire retail --into late --on 2025-03-31 --restate --reason 'long gone'",
    ])
    let rows = try list(cem.shell("\"$CEM\" status --period 2025-Q1 --json"))
    #expect(rows.map { $0["department"] as? String } == ["retail"])
    let restated = try #require(rows.first?["restated"] as? [String: Any])
    #expect(restated["present"] as? Bool == false && restated["openGaps"] as? Int == 0)
    let explained = try list(cem.shell("\"$CEM\" explain restated --period 2025-Q1 --json"))
    #expect(explained.map { $0["department"] as? String } == ["late", "retail"])
    #expect(explained.allSatisfy { $0["reproduced"] as? Bool == true })
    #expect(explained.last?["value"] as? [String: Any] as NSDictionary? == restated as NSDictionary)
    let late = try #require(explained.first?["value"] as? [String: Any])
    #expect(late["present"] as? Bool == true && late["openGaps"] as? Int == 2)
    #expect(try cem.shell("\"$CEM\" explain restated other --period 2025-Q1").status == 66)
    let picture = try String(
      decoding: cem.terminal("\"$CEM\" status --period 2025-Q1 --color never"), as: UTF8.self)
    for line in [
      "late: Present no → yes", "late: Open gaps 0 → 2", "retail: Present yes → no",
      "retail: Open gaps 1 → 0",
    ] { #expect(picture.contains(line), "\(picture)") }
    let html = try cem("report", "--period", "2025-Q1", "--out", "-").output
    let text = try ReportDocument(html).text
    #expect(text.contains("Restated since its close") && text.contains("Letters"))
  }

  @Test("§0, §8: the report of a closed period is made again, whatever came since") func again()
    throws
  {
    try withClosed { cem in
      let (file, copy) = (cem.home.appending(path: "r.html"), cem.home.appending(path: "s.html"))
      #expect(try cem("report", "--period", "2025-Q1", "--out", file.path()).status == 0)
      let text = try ReportDocument(String(contentsOf: file, encoding: .utf8)).text
      let line = try #require(
        text.firstMatch(of: /cem (report --program [^\n]*--lang en)\s+--out FILE/)
      ).1
      #expect(line.contains("--known-at 8"))
      for more in [
        "gap amend GAP-1 --perceived 0.3 --reason again", "period reopen 2025-Q1 --reason more",
        "gap void GAP-2 --reason twice", "period close 2025-Q1",
      ] { #expect(try cem.shell("\"$CEM\" \(more)").status == 0) }
      let made = try cem.shell("\"$CEM\" \(line) --out '\(copy.path())'")
      #expect(made.status == 0, "\(made.errors)")
      #expect(try Data(contentsOf: file) == Data(contentsOf: copy))

      let early = try cem.shell("\"$CEM\" report --period 2025-Q1 --known-at 4 --out -")
      #expect(early.status == 65 && early.errors.contains("hint: --as-of 4"), "\(early.errors)")
      #expect(try cem.shell("\"$CEM\" report --known-at 4 --out -").status == 64)
    }
  }

  @Test("§8: the office can neither close a period nor record in a closed one") func rights() throws
  {
    try withClosed { cem in
      var office = cem
      office.environment["CEM_DATABASE_URL"] = TestDatabase.current.conninfo(user: "office")
      let late = "gap record --department retail --link 2 --title Late --on 2025-03-01"
      let refused = try office.shell("\"$CEM\" \(late) --json")
      #expect(refused.status == 65)
      #expect(try refused.error()["code"] as? String == "period.closed")
      #expect(try office.shell("\"$CEM\" \(late) --restate --reason late").status == 77)
      #expect(try office("period", "close", "2025-Q2").status == 77)
      #expect(try office("period", "reopen", "2025-Q1", "--reason", "r").status == 77)
      #expect(try cem.shell("\"$CEM\" \(late) --restate").status == 64)
      #expect(try cem("period", "close", "2999").status == 65)
      let verified = try cem("audit", "verify", "--json")
      #expect(verified.status == 0, "\(verified.output)")
      let reader = try TestDatabase.current.connect(user: "reader")
      let closed = try reader.query(
        "SELECT period || ' ' || last_on || ' ' || closed_at_position || ' ' || restatements FROM cem_bi.dim_closed_period"
      ).decode(String.self)
      #expect(closed == ["2025-Q1 2025-03-31 5 1"])
    }
  }
}
