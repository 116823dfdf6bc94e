import CEMTestSupport
import Foundation
import Postgres
import Testing

/// Departments that come and go count on the days on which they were there, whoever is asked.
@Suite("When departments are there", .database(.migrated)) struct PresenceTests {
  private static let beginning = [
    "init --program acme --name Acme --on 2025-01-01",
    "department register a --name A --on 2025-01-01",
    "department register b --name B --on 2025-01-01",
    "maturity assess a --level 3 --rationale Asked --on 2025-01-10",
    "maturity assess b --level 1 --rationale Asked --on 2025-01-10",
  ]

  /// The departments with their levels on a day, as `status` has them for the period that ends on it, and as
  /// dashboards have them.
  private func standing(_ cem: CommandProcess, _ period: String, _ day: String) throws -> [[String]]
  {
    let rows = try #require(
      try cem("status", "--period", period, "--json").json() as? [[String: Any]])
    let status = rows.map { "\($0["department"] ?? "") \($0["level"] as? Int ?? -1)" }
    let daily = try TestDatabase.current.connect(user: "reader").query(
      """
      SELECT department || ' ' || coalesce(level, -1) FROM cem_bi.department_daily \
      WHERE day = \(day)::date ORDER BY department
      """
    ).decode(String.self)
    return [status, daily]
  }

  /// How many departments stood on levels 0 to 5 or were not assessed, by day, as the report has it.
  private func levels(_ cem: CommandProcess, _ options: String = "") throws -> [String: [Int]] {
    let file = cem.home.appending(path: "tables.zip").path()
    let made = try cem.shell("\"$CEM\" report --out '\(file)' --csv \(options)")
    try #require(made.status == 0, "\(made.errors)")
    let lines = try cem.shell("unzip -p '\(file)' levels.csv").output.split(
      whereSeparator: \.isNewline)
    return Dictionary(
      uniqueKeysWithValues: lines.dropFirst().map { line in
        let cells = line.split(separator: ",").map(String.init)
        return (cells[0], cells.dropFirst().compactMap { Int($0) })
      })
  }

  @Test("§8: a department that was retired counts on the days on which it was there") func retired()
    throws
  {
    try CommandProcess.with(
      Self.beginning + [
        "department register c --name C --on 2025-08-01",
        "department retire b --on 2025-11-01 --reason 'no more'",
      ]
    ) { cem in
      #expect(
        try standing(cem, "2025-Q3", "2025-09-30")
          == Array(repeating: ["a 3", "b 1", "c -1"], count: 2))
      let levels = try levels(cem)
      #expect(levels["2025-06-30"] == [0, 1, 0, 1, 0, 0, 0])
      #expect(levels["2025-09-30"] == [0, 1, 0, 1, 0, 0, 1])
      #expect(levels["2025-12-31"] == [0, 0, 0, 1, 0, 0, 1])
    }
  }

  @Test("§8: what was merged stays in the past") func merged() throws {
    try CommandProcess.with(
      Self.beginning + [
        "department merge a b --into ab --name AB --on 2025-07-01 --reason one"
      ]
    ) { cem in
      let levels = try levels(cem)
      #expect(levels["2025-03-31"] == [0, 1, 0, 1, 0, 0, 0])
      #expect(levels["2025-09-30"] == [0, 1, 0, 0, 0, 0, 0])
    }
  }

  @Test("§0, §8: an undone merger leaves no level behind, and a reinstatement says which it leaves")
  func mergerUndone() throws {
    try CommandProcess.with(
      Self.beginning + ["department merge a b --into a --on 2025-07-01 --reason one"]
    ) { cem in
      let undone = try cem("undo", "6", "--reason", "a slip")
      #expect(undone.status == 0 && undone.errors.isEmpty, "\(undone)")
      let rows = ["a 3", "b 1"]
      #expect(try standing(cem, "2025-Q3", "2025-09-30") == [rows, rows])

      let merge = "department merge a b --into a --on 2025-10-01 --reason one"
      try #require(try cem.shell("\"$CEM\" \(merge)").status == 0)
      let back = try cem("department", "reinstate", "b", "--on", "2025-11-01")
      #expect(
        back.errors.contains(
          "a still stands on level 1, which it inherited; if it had another: cem maturity correct a"
        ), "\(back)")
      #expect(try cem("audit", "verify").status == 0)
    }
  }

  @Test("§0, §1: a confirmation that is taken back leaves the assessment before it, at any time")
  func confirmationUndone() throws {
    try CommandProcess.with(
      Self.beginning + [
        "maturity assess a --level 3 --method independent --rationale Wrong --on 2025-02-01",
        "undo 6 --reason slip",
      ]
    ) { cem in
      for period in [[], ["--period", "2025-02"]] {
        let shown = try #require(
          try cem(["maturity", "show", "a", "--json"] + period).json() as? [String: Any])
        #expect(shown["assessedOn"] as? String == "2025-01-10", "\(period)")
        #expect(shown["method"] as? String == "office")
        #expect(shown["rationale"] as? String == "Asked")
      }
      #expect(try cem("audit", "verify").status == 0)
    }
  }

  @Test("§8: a department was not there between its retirement and its reinstatement")
  func reinstated() throws {
    try CommandProcess.with(
      Self.beginning + [
        "department retire b --on 2025-03-01 --reason 'no more'",
        "department reinstate b --on 2025-06-01",
        "department retire b --on 2025-06-01 --reason 'no more'",
        "department reinstate b --on 2025-08-01",
      ]
    ) { cem in
      for (period, day, rows) in [
        ("2025-02", "2025-02-28", ["a 3", "b 1"]), ("2025-03", "2025-03-31", ["a 3"]),
        ("2025-06", "2025-06-30", ["a 3"]), ("2025-08", "2025-08-31", ["a 3", "b 1"]),
      ] {
        #expect(try standing(cem, period, day) == [rows, rows], "\(period)")
      }
      let levels = try levels(cem)
      #expect(levels["2025-03-31"] == [0, 0, 0, 1, 0, 0, 0])
      #expect(levels["2025-09-30"] == [0, 1, 0, 1, 0, 0, 0])
      // What has happened by the end of a period is all that its report knows.
      #expect(try self.levels(cem, "--period 2025-04")["2025-02-28"] == [0, 1, 0, 1, 0, 0, 0])
    }
  }

  @Test("§0: the days before the program was founded are there, too") func beforeTheFounding()
    throws
  {
    try CommandProcess.with(
      ["init --program acme --name Acme"] + Self.beginning.dropFirst()
    ) { cem in
      let rows = ["a 3", "b 1"]
      #expect(try standing(cem, "2025-Q1", "2025-03-31") == [rows, rows])
      let days = try TestDatabase.current.connect(user: "reader").query(
        """
        SELECT min(d.day)::text FROM cem_bi.department_daily d \
        JOIN cem_bi.dim_date USING (program_id, day)
        """
      ).one(String.self)
      #expect(days == "2025-01-01")
    }
  }
}
