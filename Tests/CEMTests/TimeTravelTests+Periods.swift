import CEMTestSupport
import Foundation
import Testing

extension TimeTravelTests {
  @Test("A difference goes by periods, too, by what had happened when they ended")
  func aDifferenceOfPeriods() throws {
    try withProgram { cem in
      // What is dated in between, whenever it was recorded: the reassessment, web's gap, the void, and what was done.
      let result = try cem("diff", "2025-Q2", "2025-Q3", "--json")
      let diff = try object(result)
      #expect(result.errors.hasPrefix("2025-Q2: 2025-04-01 to 2025-06-30, as known now, at"))
      #expect(result.errors.contains("\n2025-Q3: 2025-07-01 to 2025-09-30, as known now, at"))
      let ends = try ["from", "to"].map { try #require(diff[$0] as? [String: Any]) }
      #expect(ends.map { $0["position"] as? Int } == [10, 10])
      #expect(ends.map { $0["period"] as? String } == ["2025-Q2", "2025-Q3"])
      #expect(ends.map { $0["first"] as? String } == ["2025-04-01", "2025-07-01"])
      #expect(ends.map { $0["last"] as? String } == ["2025-06-30", "2025-09-30"])
      let departments = try #require(diff["departments"] as? [[String: Any]])
      let things = departments.flatMap { $0["things"] as? [[String: Any]] ?? [] }
      #expect(things.map { $0["thing"] as? String } == ["GAP-1", "retail", "GAP-3", "EV-1"])
      // What was voided had never been there, by either end.
      #expect(diff["events"] as? Int == 4)
      let figures = try #require(departments[1]["figures"] as? [[String: Any]])
      #expect(
        figures.first { $0["figure"] as? String == "openGaps" }?["positions"] as? [Int] == [7])

      // Dated in the period, though recorded last.
      try #require(
        try cem(
          "gap", "record", "--department", "web", "--link", "1", "--title", "Late", "--on",
          "2025-09-01"
        ).status == 0)
      let web = try object(cem("diff", "2025-Q2", "2025-Q3", "web", "--json"))
      let parts = try #require(web["departments"] as? [[String: Any]])
      let found = try #require(parts[0]["things"] as? [[String: Any]])
      #expect(found.map { $0["positions"] as? [Int] } == [[7], [11]])

      // The fiscal year begins in April: its second quarter is the calendar's third, and so is the month's end.
      for pair in [
        ["FY2026-Q1", "FY2026-Q2"], ["2025-06", "2025-09"], ["CY2025-Q2", "2025-Q3"],
        ["2025-Q2", "2025"],
      ] {
        let same = try object(cem(["diff"] + pair + ["web", "--json"]))
        #expect(
          same["departments"] as? [[String: Any]] as NSArray? == parts as NSArray, "\(pair)")
      }
    }
  }

  @Test("A year is a position where the other end can be one; a moment beside a period is refused")
  func yearsAndMixtures() throws {
    try withProgram { cem in
      for (words, status, error, hint) in [
        ("2025 2026", 65, "the log ends at position 10, before 2025", "cem diff CY2025 CY2026"),
        ("2025 now", 65, "the log ends at position 10", "cem diff CY2025 2"),
        ("2025-Q2 now", 64, "2025-Q2 is a period and now is a moment", "cem diff 2025-Q2 2"),
        ("2025-Q2 now", 64, "recorded", ", or cem diff 2025-06-30 now"),
        ("8 2025-Q2", 64, "2025-Q2 is a period and 8 is a moment", "name two periods, or two"),
        ("2025-Q3 2025-Q2", 65, "after 2025-Q2, on 2025-06-30", "cem diff 2025-Q2 2025-Q3"),
        ("2025 2025-Q2", 65, "2025 ends on 2025-12-31, after 2025-Q2", "cem diff 2025-Q2 2025"),
        ("2025-Q2 2999-Q1", 65, "begins on 2999-01-01", "a period that has begun"),
        ("2025-Q5 2026-Q1", 64, "invalid for '<from>'", "a period is 2026, 2026-Q3"),
      ] as [(String, Int32, String, String)] {
        let refused = try cem.shell("\"$CEM\" diff \(words)")
        #expect(refused.status == status && refused.output.isEmpty, "\(words): \(refused)")
        #expect(refused.errors.contains(error), "\(words): \(refused.errors)")
        #expect(refused.errors.contains("hint: "), "\(words): \(refused.errors)")
        #expect(refused.errors.contains(hint), "\(words): \(refused.errors)")
      }
      #expect(try cem("diff", "CY2025", "CY2026").status == 0)
      #expect(
        try cem("diff", "2025-Q3", "2025-Q3", "--format", "table").output == "nothing changed\n")
      // In a log that is long enough they are positions, and that is said.
      let rows = (1...2030).map {
        #"{"command":"note.add","key":"\#($0)","about":"GAP-1","text":"n"}"#
      }.joined(separator: "\n")
      let file = cem.home.appending(path: "notes.ndjson")
      try rows.write(to: file, atomically: true, encoding: .utf8)
      try #require(try cem("import", file.path()).status == 0)
      let positions = try cem("diff", "2025", "2026", "--json")
      #expect(try object(positions)["events"] as? Int == 1)
      #expect(
        positions.errors.contains(
          "2025 and 2026 are positions here; the years: cem diff CY2025 CY2026\n"))
      #expect(try !cem("diff", "2025", "2029").errors.contains("2029 are"))
      #expect(try !cem("diff", "2020", "2021").errors.contains("are positions"))
    }
  }
}
