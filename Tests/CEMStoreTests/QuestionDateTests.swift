import CEMDomain
import CEMTestSupport
import Postgres
import Testing

@testable import CEMStore

/// Nothing that is stored depends on the day or the place of whoever reads it.
@Suite("Days and zones", .database(.migrated)) struct QuestionDateTests {
  /// A department on level 0 whose first action rests on evidence that holds until 2 March.
  private func program() throws -> TestProgram {
    let program = try TestProgram()
    try program.run("department.register", ["code": "ssc", "name": "SSC", "on": "2024-01-01"])
    try program.run(
      "evidence.add", ["title": "Memo", "expires": "2024-03-02", "on": "2024-02-01"])
    try program.run(
      "maturity.assess",
      ["department": "ssc", "level": 0, "rationale": "interviews", "on": "2024-02-01"])
    for (action, evidence) in [("0.1", "EV-1"), ("0.2", "Minutes")] {
      try program.run(
        "maturity.action.complete",
        [
          "department": "ssc", "action": .string(action), "evidence": .string(evidence),
          "on": "2024-02-01",
        ])
    }
    try program.run(
      "gap.record",
      ["department": "ssc", "link": 4, "title": "G", "due": "2024-03-02", "on": "2024-02-01"])
    return program
  }

  @Test("§0: the same log read on two days, in two time zones, gives the same rows")
  func sameRows() throws {
    let program = try program()
    let (first, second) = (Day("2024-03-01")!, Day("2031-12-31")!)
    var tables: [[[TableRow]]] = []
    var reports: [[TableRow]] = []
    var logs: [[String]] = []
    for (zone, day) in [("Asia/Shanghai", first), ("America/Los_Angeles", second)] {
      // What an administrator set for everybody must not matter either.
      let database = TestDatabase.current
      for (setting, value) in [("TimeZone", zone), ("DateStyle", "German")] {
        try database.connect().execute(
          "ALTER DATABASE \(identifier: database.name) SET \(identifier: setting) = \(unsafeSQL: "'\(value)'")"
        )
      }
      let connection = try database.connect()
      let live = try LiveReader(connection, programID: program.programID)
      let past = try PastReader(connection, programID: program.programID, point: live.point)
      for reader in [live, past] as [any ProgramReader] {
        tables.append(try Projections.all.map { try reader.rows(of: $0, RowQuery()) })
        reports.append(try reader.departments(on: day).map(\.row))
      }
      var log: [String] = []
      try EventLog(connection, programID: program.programID)
        .forEach(in: 1...live.point.position) { log.append($0.leafText) }
      logs.append(log)
    }
    #expect(tables[0].count == Projections.all.count)
    #expect(tables.allSatisfy { $0 == tables[0] })
    #expect(reports[0].count == 1)
    #expect(reports.allSatisfy { $0 == reports[0] })
    #expect(logs[0] == logs[1])
  }

  @Test(
    "§0, §1: evidence that expires tomorrow blocks an advance the day after, with no event in between"
  )
  func expiry() throws {
    let program = try program()
    let live = try LiveReader(program.connection, programID: program.programID)
    let head = live.point.position
    let past = try PastReader(
      program.connection, programID: program.programID, point: live.point)
    for reader in [live, past] as [any ProgramReader] {
      for (day, missing) in [("2024-03-01", []), ("2024-03-02", []), ("2024-03-03", ["0.1"])] {
        let report = try #require(try reader.departments(on: Day(day)!).first)
        #expect(report.isReadyToAdvance == missing.isEmpty, "\(day)")
        #expect(report.missingActions.map(\.description) == missing, "\(day)")
      }
    }
    let advance: JSONObject = ["department": "ssc", "rationale": "done"]
    func decide(on day: String) throws -> [String] {
      var fields = advance
      fields["on"] = .string(day)
      var options = ProgramStore.Options()
      options.isDryRun = true
      let submission = Submission(try IssuedCommand(name: "maturity.advance", fields: fields))
      return try program.store.execute([submission], options: options)[0].events.map(\.type)
    }
    #expect(try decide(on: "2024-03-01") == ["maturity.advanced"])
    #expect(try decide(on: "2024-03-02") == ["maturity.advanced"])
    #expect(rejection { try decide(on: "2024-03-03") } == "maturity.actions-missing")
    #expect(try LiveReader(program.connection, programID: program.programID).point.position == head)
    try program.run("maturity.advance", advance.merging(["on": "2024-03-02"]))
  }
}

extension JSONObject {
  fileprivate func merging(_ other: JSONObject) -> JSONObject {
    var merged = self
    for member in other.members { merged[member.key] = member.value }
    return merged
  }
}
