import CEMTestSupport
import Foundation
import Postgres
import Testing

@testable import cem

/// Looking back: history, moments, periods, differences, replays and samples, by the built program.
@Suite(.database(.migrated)) struct TimeTravelTests {
  /// A program of 10 events: 1 founded, 2 and 3 departments, 4 and 5 gaps of retail, 6 a reassessment,
  /// 7 a gap of web, 8 a void, 9 and 10 evidence and an action done with it.
  func withProgram(_ body: (CommandProcess) throws -> Void) throws {
    try CommandProcess.with(
      [
        "init --program acme --name Acme --fiscal-year-start 4 --on 2025-01-10",
        "department register retail --name Retail --on 2025-01-10",
        "department register web --name Web --on 2025-01-10",
        "gap record --department retail --link 4 --title Waits --expected 0.9 --perceived 0.5 --unit ratio --on 2025-02-01",
        "gap record --department retail --link 2 --title Forms --on 2025-05-01",
        "gap reassess GAP-1 --perceived 0.7 --on 2025-07-15",
        "gap record --department web --link undiagnosed --title Search --on 2025-07-20",
        "gap void GAP-2 --reason twice --on 2025-08-01",
        "maturity action complete retail 0.1 --evidence Minutes --on 2025-08-02",
      ], body)
  }

  private func positions(_ cem: CommandProcess, _ options: String) throws -> [Int] {
    try list(cem.shell("\"$CEM\" history \(options) --json=position"))
      .compactMap { $0["position"] as? Int }
  }

  @Test(
    arguments: [
      ("--stream GAP-1", [4, 6]), ("--stream gap/1 --limit 1", [6]),
      ("--stream gap/1 --after-position 0 --limit 1", [4]), ("--department web", [3, 7]),
      ("--type 'gap.*'", [4, 5, 6, 7, 8]), ("--type gap.voided", [8]), ("--type gap.accepted", []),
      ("--limit 2", [9, 10]), ("--after-position 0 --limit 2", [1, 2]),
      ("--after-position 9", [10]),
      ("--since 4 --until 7", [5, 6, 7]), ("--as-of 3", [1, 2, 3]), ("--until 0", []),
      ("--department retail --type gap.recorded --limit 1", [5]), ("--actor nobody", []),
      ("--period 2025-Q3", [6, 7, 8, 9, 10]), ("--period 2025-02", [4]),
      ("--period FY2025", [1, 2, 3, 4]),
      ("--period FY2026-Q2 --department web", [7]), ("--limit 0", Array(1...10)),
    ] as [(String, [Int])])
  func historyFilters(options: String, expected: [Int]) throws {
    try withProgram { cem in
      let found = try positions(cem, options)
      #expect(found == expected)
    }
  }

  @Test func historyIsOneListInEveryFormat() throws {
    try withProgram { cem in
      let json = try list(cem("history", "--limit", "0", "--json"))
      let lines = try cem("history", "--limit", "0", "--format", "ndjson").output.split(
        separator: "\n")
      #expect(json.count == 10)
      #expect(lines.count == 10)
      let csv = try cem("history", "--limit", "0", "--format", "csv").output
      #expect(csv.split(separator: "\r\n").count == 11)
      #expect(csv.hasPrefix("position,eventId,stream,"))
      #expect(try cem("history", "--until", "0", "--json").output == "[]\n")
      #expect(try cem("history", "--until", "0", "--format", "csv").output.hasPrefix("position,"))
      // No pager in a pipe.
      let piped = try cem.shell("CEM_PAGER=false \"$CEM\" history --limit 0 | wc -l")
      #expect(piped.output.trimmingCharacters(in: .whitespaces) == "10\n")
    }
  }

  @Test func aPagerShowsWhatIsLongerThanTheScreen() throws {
    try withProgram { cem in
      // script(1) gives the program a terminal of its own.
      func onTerminal(_ rows: Int) throws -> String {
        try cem.shell(
          "script -qec 'stty rows \(rows) cols 80; CEM_PAGER=\"sed s/^/paged:/\" \"$CEM\" history --limit 0' /dev/null"
        ).output
      }
      let tall = try onTerminal(40)
      let low = try onTerminal(5)
      #expect(!tall.contains("paged:"))
      #expect(low.contains("paged:"))
      #expect(low.contains("gap voided"))
    }
  }

  @Test func anEventIsShownWithWhatItChangedAndItsProof() throws {
    try withProgram { cem in
      let shown = try object(cem("history", "show", "6", "--json"))
      let changes = try #require(shown["changes"] as? [[String: Any]])
      #expect(
        changes.map { $0["field"] as? String } == ["measuredOn", "perceived", "reassessments"])
      #expect(changes[1]["old"] as? String == "0.5")
      #expect(changes[1]["new"] as? String == "0.7")
      let proof = try #require(shown["proof"] as? [String: Any])
      #expect(proof["leafHashHolds"] as? Bool == true)
      #expect(proof["included"] as? Bool == true)
      #expect(proof["treeSize"] as? Int == 10)
      // Both events of one command name each other.
      for (position, other) in [(9, 10), (10, 9)] {
        let shown = try object(cem("history", "show", "\(position)", "--json"))
        let others = try #require(shown["command"] as? [[String: Any]])
        #expect(others.map { $0["position"] as? Int } == [other])
      }
      #expect(try cem("history", "show", "11").status == 66)
      #expect(try cem("history", "show", "0").status == 66)
      let card = try cem("history", "show", "8", "--format", "table").output
      #expect(card.contains("why          twice"))
      #expect(card.contains("voided  yes"))
    }
  }

  @Test func aChangedEventFailsItsProof() throws {
    try withProgram { cem in
      let admin = try TestDatabase.current.connect()
      try admin.execute("ALTER TABLE cem.event DISABLE TRIGGER ALL")
      try admin.execute(
        "UPDATE cem.event SET occurred_on = occurred_on - 1 WHERE position = 4")
      let changed = try cem("history", "show", "4", "--json")
      #expect(changed.status == 1)
      let proof = try #require(try object(changed)["proof"] as? [String: Any])
      #expect(proof["leafHashHolds"] as? Bool == false)
      #expect(proof["included"] as? Bool == false)
      #expect(try cem("history", "show", "5").status == 0)
      try admin.execute("UPDATE cem.event SET private = '{\"title\":\"Other\"}' WHERE position = 5")
      #expect(try cem("history", "show", "5").status == 1)
    }
  }

  @Test func erasedDataReadsAsErased() throws {
    try withProgram { cem in
      let admin = try TestDatabase.current.connect()
      try admin.execute("ALTER TABLE cem.event DISABLE TRIGGER ALL")
      try admin.execute(
        script: """
          UPDATE cem.event SET private = NULL, salt = NULL,
            private_hash = sha256(salt || '\\x00'::bytea || convert_to(private, 'UTF8'))
            WHERE position = 4
          """)
      let shown = try cem("history", "show", "4", "--json")
      #expect(shown.status == 0, "\(shown.errors)")
      #expect((try object(shown)["data"] as? [String: Any])?["erased"] as? Bool == true)
      #expect(
        try cem("history", "show", "4", "--format", "table").output.contains("erased"))
      let replayed = try cem("audit", "replay", "--stream", "GAP-1", "--format", "ndjson")
      #expect(replayed.status == 0, "\(replayed.errors)")
      #expect(replayed.output.split(separator: "\n").count == 2)
      #expect(try cem("diff", "3", "7", "--json").status == 0)
      #expect(try cem("status", "--as-of", "7", "--json").status == 0)
      #expect(try cem("explain", "openGaps", "retail", "--as-of", "7", "--json").status == 0)
    }
  }

  @Test("§0: a period shows what had happened by its end, as known now or at a moment")
  func aPeriodIsWhatHadHappenedByItsEnd() throws {
    try withProgram { cem in
      func gaps(_ options: String...) throws -> [[String: Any]] {
        let result = try cem.shell(
          "\"$CEM\" gap list --json=ref,perceived \(options.joined(separator: " "))")
        #expect(result.status == 0, "\(result.errors)")
        return try list(result)
      }
      // GAP-2 was voided later: it never was a gap.
      let june = try gaps("--period", "2025-Q2")
      #expect(june.map { $0["ref"] as? String } == ["GAP-1"])
      #expect("\(june[0]["perceived"] ?? "")" == "0.5")
      // As known before that, it was one.
      let known = try gaps("--period", "2025-Q2", "--as-of", "7")
      let september = try gaps("--period", "2025-Q3")
      let before = try gaps("--period", "2024")
      #expect(known.count == 2)
      #expect(september.count == 2)
      #expect(before.isEmpty)
      let said = try cem("status", "--period", "FY2025", "--json=department,openGaps")
      #expect(
        said.errors.hasPrefix("FY2025: 2024-04-01 to 2025-03-31, as known now, at position 10"))
      #expect(
        said.output
          == "[{\"department\":\"retail\",\"openGaps\":1},{\"department\":\"web\",\"openGaps\":0}]\n"
      )
      #expect(try cem("status", "--period", "2999").status == 65)
      #expect(try cem("status", "--period", "2025-Q9").status == 64)
    }
  }

  @Test(
    "A filter that names nothing is not answered with nothing",
    arguments: [
      "--stream GAP-999", "--stream maturity/nobody", "--department nobody",
      "--stream GAP-999 --as-of 3", "--stream GAP-999 --follow",
    ])
  func historyOfNothing(options: String) throws {
    try withProgram { cem in
      let result = try cem.shell("\"$CEM\" history \(options)")
      #expect(result.status == 66 && result.output.isEmpty, "\(result.output) \(result.errors)")
      #expect(result.errors.contains("hint: cem "), "\(result.errors)")
    }
  }

  @Test func momentsAreSaidAndChecked() throws {
    try withProgram { cem in
      let none = try cem("status", "--as-of", "0", "--json")
      #expect(none.output == "[]\n")
      #expect(none.errors.hasPrefix("as of position 0\nnothing was recorded by then"))
      for moment in ["2001-01-01", "2001-06-30T00:00:00Z"] {
        let early = try cem("status", "--as-of", moment, "--json")
        #expect(early.output == "[]\n")
        #expect(early.errors.contains("--period 2001"), "\(early.errors)")
        let report = try cem("report", "--out", "-", "--as-of", moment)
        #expect(report.status == 66 && report.output.isEmpty)
        #expect(report.errors.contains("error: there is nothing to report"), "\(report.errors)")
        #expect(report.errors.contains("hint: --period 2001"))
      }
      #expect(try !cem("report", "--out", "-", "--as-of", "0").errors.contains("--period"))
      #expect(try cem("status", "--as-of", "11").status == 65)
      for span in ["-1h", "-1d", "-2w", "-3m", "-1y"] {
        let early = try cem("status", "--as-of", span, "--json")
        #expect(early.status == 0 && early.output == "[]\n", "\(span): \(early.errors)")
        #expect(early.errors.hasPrefix("as of position 0"), "\(span): \(early.errors)")
        #expect(try cem("gap", "list", "--as-of", span).status == 0)
      }
      let later = try cem("status", "--as-of", "2999-01-01", "--json=openGaps")
      #expect(later.status == 65 && later.errors.contains("is after today"))
    }
  }

  @Test func aDifferenceNamesFieldsAndEvents() throws {
    try withProgram { cem in
      let diff = try object(cem("diff", "4", "now", "--json"))
      #expect(diff["events"] as? Int == 6)
      let departments = try #require(diff["departments"] as? [[String: Any]])
      #expect(departments.map { $0["department"] as? String } == ["retail", "web", nil])
      let things = try #require(departments[0]["things"] as? [[String: Any]])
      #expect(things.map { $0["thing"] as? String } == ["GAP-1", "GAP-2", "retail"])
      #expect(things.map { $0["kind"] as? String } == ["changed", "new", "new"])
      #expect(things[0]["positions"] as? [Int] == [6])
      let changes = try #require(things[0]["changes"] as? [[String: Any]])
      #expect(
        changes.contains { $0["field"] as? String == "perceived" && $0["old"] as? String == "0.5" })
      let figures = try #require(departments[1]["figures"] as? [[String: Any]])
      let gaps = try #require(figures.first { $0["figure"] as? String == "openGaps" })
      #expect(gaps["old"] as? Int == 0)
      #expect(gaps["new"] as? Int == 1)
      #expect(gaps["positions"] as? [Int] == [7])

      let one = try object(cem("diff", "7", "8", "retail", "--json"))
      let only = try #require(one["departments"] as? [[String: Any]])
      #expect(only.count == 1)
      #expect((only[0]["things"] as? [[String: Any]])?.first?["kind"] as? String == "voided")
      #expect(
        try cem("diff", "7", "8", "--format", "csv").output.contains(
          "retail,GAP-2,voided,voided,,true,8"))
      #expect(try cem("diff", "8", "8").output.isEmpty)
      #expect(try cem("diff", "8", "8", "--format", "table").output == "nothing changed\n")
      #expect(try cem("diff", "8", "4").status == 65)
      #expect(try cem("diff", "0", "now", "nope").status == 66)
      #expect(try cem("diff", "0", "0", "--json").status == 0)
    }
  }

  @Test func aFigureIsExplained() throws {
    try withProgram { cem in
      let one = try object(cem("explain", "openGaps", "retail", "--json"))
      #expect(one["value"] as? Int == 1)
      #expect(one["positions"] as? [Int] == [4, 6])
      #expect(one["reproduced"] as? Bool == true)
      #expect(try list(cem("explain", "openGaps", "--json")).count == 2)
      #expect(try object(cem("explain", "medianLevel", "--json"))["value"] is NSNull)
      #expect(try list(cem("explain", "--json")).count > 30)
      let past = try object(cem("explain", "openGaps", "retail", "--as-of", "7", "--json"))
      #expect(past["positions"] as? [Int] == [4, 5, 6])
      let period = try object(cem("explain", "openGaps", "retail", "--period", "2025-Q2", "--json"))
      #expect(period["positions"] as? [Int] == [4])
      let unknown = try cem("explain", "openGapps", "--json")
      #expect(unknown.status == 66)
      #expect(try unknown.error()["hint"] as? String == "did you mean openGaps?")
      #expect(try cem("explain", "medianLevel", "retail").status == 64)
      #expect(try cem("explain", "level", "nope").status == 66)
      try TestDatabase.current.connect().execute(
        "UPDATE cem.department_status SET open_gaps = 7 WHERE department = 'retail'")
      let wrong = try cem("explain", "openGaps", "retail")
      #expect(wrong.status == 1)
      #expect(wrong.errors.contains("the events of openGaps of retail give 1, not 7"))
    }
  }

  @Test func aReplayStepsThrough() throws {
    try withProgram { cem in
      func steps(_ options: String) throws -> [[String: Any]] {
        let result = try cem.shell("\"$CEM\" audit replay \(options)")
        #expect(result.status == 0, "\(result.errors)")
        return try result.output.split(separator: "\n").map {
          try #require(
            try JSONSerialization.jsonObject(with: Data($0.utf8)) as? [String: Any])
        }
      }
      func positions(_ steps: [[String: Any]]) -> [Int] {
        steps.compactMap { ($0["event"] as? [String: Any])?["position"] as? Int }
      }
      for (options, expected) in [
        ("", Array(1...10)), ("--department web", [3, 7]), ("--stream GAP-1", [4, 6]),
        ("--from 4 --to 6", [5, 6]), ("--stream GAP-9", []), ("--to 0", []),
      ] {
        let found = positions(try steps(options))
        #expect(found == expected, "\(options)")
      }
      let last = try #require(try steps("--department retail").last)
      let state = try #require(last["state"] as? [String: Any])
      let department = try #require((state["departments"] as? [[String: Any]])?.first)
      // The state after the last event is the present one.
      let status = try #require(
        try list(cem("status", "retail", "--json")).first)
      for key in ["openGaps", "level", "gapsByLink", "initiatives"] {
        #expect(department[key] as? NSObject == status[key] as? NSObject, "\(key)")
      }
      let voided = try #require(try steps("--stream GAP-2").last?["state"] as? [String: Any])
      #expect((voided["thing"] as? [String: Any])?["voided"] as? Bool == true)
      #expect(try cem("audit", "replay", "--from", "6", "--to", "4").status == 64)
      #expect(try cem("audit", "replay", "--stream", "x/1").status == 64)
    }
  }

  @Test func aSampleIsAWorkPaper() throws {
    try withProgram { cem in
      let first = try cem("audit", "sample", "--size", "4", "--seed", "7")
      let again = try cem("audit", "sample", "--size", "4", "--seed", "7")
      #expect(first.output == again.output)
      let lines = first.output.split(separator: "\r\n").map(String.init)
      #expect(lines.count == 5)
      #expect(lines[0].hasSuffix("population,treeSize,rootHash,seed,method,result,remark"))
      #expect(lines[1].contains(",10,10,"))
      let whole = try object(cem("audit", "sample", "--size", "50", "--seed", "7", "--json"))
      #expect((whole["events"] as? [Any])?.count == 10)
      #expect(whole["treeSize"] as? Int == 10)
      // What came later changes nothing about the sample of what was there.
      let then = try cem("audit", "sample", "--size", "4", "--seed", "7", "--as-of", "10")
      _ = try cem("person", "add", "p", "--name", "P")
      #expect(
        try cem("audit", "sample", "--size", "4", "--seed", "7", "--as-of", "10").output
          == then.output)
      let strata = try object(
        cem("audit", "sample", "--size", "3", "--seed", "7", "--by", "department", "--json"))
      #expect((strata["events"] as? [[String: Any]])?.count == 3)
      #expect(try cem("audit", "sample", "--size", "0", "--seed", "7").status == 64)
      #expect(try cem("audit", "sample", "--size", "4").status == 64)
    }
  }

  @Test func printedForPeople() throws {
    try withProgram { cem in
      func shown(_ arguments: String) throws -> String {
        try cem.shell("\"$CEM\" \(arguments) --format table").output
          .replacing(#/\d{4}-\d\d-\d\d \d\d:\d\d/#, with: "0000-00-00 00:00")
          .replacing(#/[A-Za-z0-9+/]{43}=/#, with: "…hash…")
          .replacing(#/[0-9a-f]{8}-[0-9a-f-]{27}/#, with: "…id…")
          .replacing(#/\bpostgres\b/#, with: "login")
      }
      try Golden.expect(try shown("history show 6"), equals: "event-card")
      try Golden.expect(try shown("diff 4 now"), equals: "diff-100")
      try Golden.expect(try shown("explain openGaps"), equals: "explain-100")
      try Golden.expect(try shown("explain"), equals: "explain-list")
      try Golden.expect(
        try shown("audit replay --department retail --from 3"), equals: "replay-100")
    }
  }
}

/// A program in which nothing but its founding happened.
@Suite(.database(.migrated)) struct EmptyProgramTests {
  @Test func everythingAnswers() throws {
    let cem = try CommandProcess(database: TestDatabase.current.conninfo())
    defer { cem.remove() }
    try #require(try cem("init", "--program", "acme", "--name", "Acme").status == 0)
    let commands = [
      "history", "history show 1", "diff 0 now", "diff 1 now", "explain", "explain openGaps",
      "explain medianLevel", "explain asOfTime", "audit replay", "audit sample --seed 1", "status",
      "status --as-of 0",
    ]
    for command in commands {
      for format in ["", "--json", "--format table", "--format csv"] {
        let result = try cem.shell("\"$CEM\" \(command) \(format)")
        #expect(result.status == 0, "\(command) \(format): \(result.errors)")
      }
    }
  }
}
