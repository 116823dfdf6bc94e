import CEMDomain
import CEMTestSupport
import Foundation
import Postgres
import Testing

@testable import CEMStore

@Suite("Departments change, through the store", .database(.migrated))
struct ReorganisationStoreTests {
  /// Departments `a` and `b` with work of every kind.
  private func program() throws -> TestProgram {
    let program = try TestProgram()
    try program.run("person.add", ["id": "lead", "name": "CX lead", "on": "2024-01-02"])
    for code in ["a", "b"] {
      try program.run(
        "department.register", ["code": .string(code), "name": "D", "on": "2024-01-02"])
      try program.run(
        "gap.record",
        ["department": .string(code), "link": 1, "title": "Wait", "on": "2024-02-01"])
      try program.run(
        "touchpoint.map", ["department": .string(code), "name": "Desk", "on": "2024-02-01"])
    }
    try program.run(
      "standard.set", ["touchpoint": 1, "metric": "answers", "target": "0.9", "on": "2024-02-01"])
    try program.run("channel.declare", ["department": "a", "name": "Panel", "on": "2024-02-01"])
    try program.run(
      "platform.state",
      ["department": "a", "title": "Calm", "promise": "We answer.", "on": "2024-02-01"])
    try program.run(
      "initiative.open",
      ["department": "b", "with": ["a"], "title": "Ask", "step": 1, "on": "2024-02-01"])
    for (code, level) in [("a", 3), ("b", 1)] as [(String, Int64)] {
      try program.run(
        "maturity.assess",
        [
          "department": .string(code), "level": .int(level), "rationale": "r", "on": "2024-02-01",
        ])
    }
    return program
  }

  private func merge(_ program: TestProgram) throws {
    try program.run(
      "department.merge",
      [
        "departments": ["a", "b"], "into": "c", "name": "C", "reason": "one desk",
        "on": "2024-05-01",
      ])
  }

  @Test("§8: what moved is there in every table, live, rebuilt, as of a moment and verified")
  func tables() throws {
    let program = try program()
    let before = try MomentResolver(program.connection, programID: program.programID).head()
    try merge(program)
    try program.expectLiveEqualsReplay()
    try program.run(
      "department.split",
      [
        "department": "c", "into": ["c", "d"], "move": ["TP-1=d", "GAP-2=d"], "reason": "r",
        "on": "2024-06-01",
      ])
    try program.run(
      "department.retire", ["department": "d", "into": "c", "reason": "r", "on": "2024-07-01"])
    try program.run(
      "department.reinstate", ["department": "d", "withWork": true, "on": "2024-08-01"])
    try program.run(
      "undo", ["position": .int(try position(program, "department.merged")), "reason": "r"])
    try program.expectLiveEqualsReplay()
    let reader = try LiveReader(program.connection, programID: program.programID)
    #expect(
      try reader.departments(on: Day("2024-09-01")!).map(\.department.code) == ["a", "c", "d"])
    #expect {
      try reader.departments(only: DepartmentCode(scalar: "b"), on: Day("2024-09-01")!)
    } throws: { error in
      (error as? Rejection)?.code == "department.retired"
    }
    let past = try PastReader(
      program.connection, programID: program.programID, point: before)
    #expect(try past.departments(on: Day("2024-09-01")!).map(\.department.code) == ["a", "b"])
  }

  private func position(_ program: TestProgram, _ type: String) throws -> Int64 {
    try program.connection.query(
      "SELECT min(position) FROM cem.event WHERE type = \(type) AND program_id = \(program.programID)"
    ).one(Int64.self)
  }

  @Test(
    "§0, §8: a department's days are known from the tables, and the log that keeps to them is right"
  )
  func days() throws {
    let program = try program()
    func refusal(_ name: String, _ fields: JSONObject) -> String? {
      do {
        try program.run(name, fields)
        return nil
      } catch StoreError.rejected(let rejection, _) {
        return rejection.code
      } catch {
        return "\(error)"
      }
    }
    let retire: JSONObject = ["department": "a", "into": "b", "reason": "r", "on": "2024-03-01"]
    try program.run(
      "initiative.amend", ["initiative": 1, "sponsor": "lead", "reason": "r", "on": "2024-02-01"])
    try program.run(
      "survey.record",
      [
        "department": "a", "period": "2024-01", "audience": "customers", "agree": "0.3",
        "sample": 10, "on": "2024-03-02",
      ])
    #expect(refusal("department.retire", retire) == "date.too-early")
    try program.run("survey.void", ["survey": 1, "reason": "r", "on": "2024-03-02"])
    try program.run("department.retire", retire)
    try program.run(
      "department.register", ["code": "c", "name": "C", "on": "2024-03-01"])
    try program.run(
      "department.retire", ["department": "b", "into": "c", "reason": "r", "on": "2024-04-01"])
    try program.run(
      "department.reinstate", ["department": "a", "withWork": true, "on": "2024-05-01"])
    let gap: JSONObject = ["department": "a", "link": 1, "title": "Wait", "on": "2024-04-30"]
    #expect(refusal("gap.record", gap) == "department.absent")
    try program.run("person.add", ["id": "next", "name": "Next", "on": "2024-05-01"])
    try program.run("person.handover", ["id": "lead", "to": "next", "on": "2024-05-01"])
    let reader = try LiveReader(program.connection, programID: program.programID)
    for stream in ["gap/1", "touchpoint/1", "channel/1"] {
      let record = try reader.record(#require(StreamID(stream)))
      #expect(record.entity.state.departments.map(\.code) == ["a"])
    }
    #expect(try reader.parts(of: PersonID(scalar: "next")).sponsored.count == 1)
    try program.expectLiveEqualsReplay()
    #expect(
      try LiveLogCheck(program.connection, programID: program.programID).report().problems == [])
  }

  @Test("§8: dashboards show since when a department is gone, and what took its place")
  func dashboards() throws {
    let program = try program()
    try merge(program)
    let reader = try TestDatabase.current.connect(user: "reader")
    let departments = try reader.query(
      "SELECT department, valid_to::text, successor FROM cem_bi.dim_department ORDER BY department"
    ).decode((String, String?, String?).self)
    #expect(departments.map(\.0) == ["a", "b", "c"])
    #expect(departments.map(\.1) == ["2024-04-30", "2024-04-30", nil])
    #expect(departments.map(\.2) == ["c", "c", nil])
    #expect(
      try reader.query("SELECT department FROM cem_bi.department_current").decode(String.self)
        == ["c"])
    let daily = try reader.query(
      """
      SELECT day::text || ' ' || department || ' ' || level || ' ' || open_gaps || ' ' \
      || open_initiatives FROM cem_bi.department_daily WHERE day IN ('2024-04-30', '2024-05-01') \
      ORDER BY day, department
      """
    ).decode(String.self)
    #expect(daily == ["2024-04-30 a 3 1 0", "2024-04-30 b 1 1 1", "2024-05-01 c 1 2 1"])
    #expect(
      try reader.query(
        "SELECT departments, lowest_level, open_gaps, level_3 FROM cem_bi.program_current"
      ).one((Int, Int, Int, Int).self) == (1, 1, 2, 0))
    #expect(
      try reader.query(
        "SELECT change || ' ' || basis FROM cem_bi.fact_maturity_change WHERE department = 'c'"
      ).decode(String.self) == ["inherited inherited"])
  }

  @Test("§8: what comes back within a month is counted once on every day") func forthAndBack()
    throws
  {
    let program = try program()
    for (day, into) in [("2024-05-01", "b"), ("2024-05-03", nil), ("2024-05-03", "b")]
      as [(JSON, JSON?)]
    {
      let fields: JSONObject =
        into.map { ["department": "a", "into": $0, "reason": "r", "on": day] }
        ?? ["department": "a", "withWork": true, "on": day]
      try program.run(into == nil ? "department.reinstate" : "department.retire", fields)
      try program.expectLiveEqualsReplay()
    }
    try program.run(
      "department.reinstate", ["department": "a", "withWork": true, "on": "2024-05-09"])
    try program.expectLiveEqualsReplay()
    let daily = try program.connection.query(
      """
      SELECT to_char(day, 'DD') || department || open_gaps FROM cem_bi.department_daily \
      WHERE day BETWEEN '2024-05-08' AND '2024-05-09' ORDER BY 1
      """
    ).decode(String.self)
    #expect(daily == ["08b2", "09a1", "09b1"])
  }

  @Test("What was recorded before the department that it is corrected into counts in its days")
  func olderThanDepartment() throws {
    let program = try TestProgram()
    for (name, fields) in [
      ("department.register", ["code": "x", "name": "X", "on": "2024-01-01"]),
      (
        "gap.record",
        ["department": "x", "link": 1, "title": "g", "on": "2024-01-05"]
      ),
      ("department.register", ["code": "y", "name": "Y", "on": "2024-03-10"]),
      (
        "gap.amend",
        ["gap": 1, "department": "y", "reason": "it is theirs", "on": "2024-03-20"]
      ),
    ] as [(String, JSONObject)] {
      try program.run(name, fields)
    }
    func daily() throws -> [String] {
      try program.connection.query(
        """
        SELECT day || ' ' || department || ' ' || open_gaps FROM cem_bi.department_daily \
        WHERE day IN ('2024-02-10', '2024-03-09', '2024-03-10', '2024-04-30', '2024-06-01') ORDER BY 1
        """
      ).decode(String.self)
    }
    let before = ["2024-02-10 x 0", "2024-03-09 x 0", "2024-03-10 x 0", "2024-03-10 y 1"]
    #expect(
      try daily() == before + [
        "2024-04-30 x 0", "2024-04-30 y 1", "2024-06-01 x 0", "2024-06-01 y 1",
      ])
    try program.run(
      "gap.close",
      ["gap": 1, "resolution": "r", "unmetReason": "u", "on": "2024-05-01"])
    #expect(
      try daily() == before + [
        "2024-04-30 x 0", "2024-04-30 y 1", "2024-06-01 x 0", "2024-06-01 y 0",
      ])
  }

  @Test("§8: the agenda asks for an assessment of what was inherited") func agenda() throws {
    let program = try program()
    try merge(program)
    func due() throws -> [String] {
      try LiveReader(program.connection, programID: program.programID)
        .agenda(on: Day("2024-06-01")!).items.filter { $0.kind == .toAssess }
        .map(\.record.stream.code)
    }
    #expect(try due() == ["c"])
    try program.run("maturity.assess", ["department": "c", "level": 1, "rationale": "looked"])
    #expect(try due() == [])
  }

  @Test("§8: the office cannot retire, merge, split or reinstate") func rights() throws {
    let program = try program()
    let office = ProgramStore(
      try TestDatabase.current.connect(user: "office"), programID: program.programID)
    for (name, fields) in [
      ("department.retire", ["department": "a", "into": "b", "reason": "r"]),
      ("department.merge", ["departments": ["a", "b"], "into": "c", "reason": "r"]),
      ("department.split", ["department": "a", "into": ["c", "d"], "reason": "r"]),
    ] as [(String, JSONObject)] {
      #expect(try isRefused(office, name, fields), "\(name)")
    }
    try program.run("department.retire", ["department": "a", "into": "b", "reason": "r"])
    #expect(try isRefused(office, "department.reinstate", ["department": "a"]))
  }

  private func isRefused(
    _ store: ProgramStore, _ name: String, _ fields: JSONObject
  ) throws -> Bool {
    do {
      _ = try store.execute([Submission(try IssuedCommand(name: name, fields: fields))])
      return false
    } catch StoreError.database(let error) {
      return error.kind == .insufficientPrivilege
    }
  }

  @Test("§8: a large department is merged by one command, at a cost of what moves") func large()
    throws
  {
    let program = try TestProgram()
    for code in ["a", "b"] {
      try program.run("department.register", ["code": .string(code), "name": "D"])
    }
    let gaps = try (0..<2_000).map { number in
      Submission(
        try IssuedCommand(
          name: "gap.record",
          fields: ["department": "a", "link": 1, "title": .string("Gap \(number)")]))
    }
    _ = try program.store.execute(gaps)
    let receipt = try program.run(
      "department.merge", ["departments": ["a", "b"], "into": "b", "reason": "r"])
    #expect(receipt.events.count == 2_001)
    try program.expectLiveEqualsReplay()
    #expect(
      try program.connection.query(
        "SELECT open_gaps FROM cem.department_status WHERE department = 'b'"
      ).one(Int.self) == 2_000)
  }
}
