import CEMDomain
import CEMTestSupport
import Postgres
import Testing

@testable import CEMStore

/// How the database finds what dashboards ask for: through indexes, where a program is large. What it costs
/// in time is for `scripts/bench` to say.
@Suite("The dashboards' ways", .database(.migrated)) struct DashboardPlanTests {
  /// Two departments with gaps, one of which was moved.
  private func program() throws -> TestProgram {
    let program = try TestProgram()
    for code in ["a", "b"] {
      try program.run("department.register", ["code": .string(code), "name": "D"])
    }
    for department in ["a", "b", "a"] {
      try program.run(
        "gap.record",
        [
          "department": .string(department), "link": 1, "title": "G", "expected": 9, "perceived": 7,
          "unit": "days",
        ])
    }
    try program.run("gap.reassess", ["gap": 1, "perceived": "7.5"])
    try program.run("gap.diagnose", ["gap": 2, "link": 2])
    try program.run("gap.amend", ["gap": 3, "department": "b", "link": 4, "reason": "r"])
    try program.run("gap.close", ["gap": 3, "resolution": "r", "unmetReason": "u"])
    return program
  }

  /// The plan of a question, as a planner chooses it for which reading a whole table is dear: as in a
  /// program with a million events.
  private func plan(_ statement: String) throws -> String {
    let root = try TestDatabase.current.connect()
    try root.execute("VACUUM ANALYZE")
    try root.execute(script: "SET enable_seqscan = off; SET enable_bitmapscan = off")
    let lines = try root.query("EXPLAIN (COSTS OFF) \(unsafeSQL: statement)").decode(String.self)
    return lines.joined(separator: "\n")
  }

  @Test(
    "What gaps went through is found by department and day, without the log and the register",
    arguments: [
      ("department = 'a'", "gap_event_department", "(department = 'a'::text)"),
      (
        "department = 'a' AND occurred_on > '2024-01-01'", "gap_event_department",
        "(occurred_on > '2024-01-01'::date)"
      ),
      (
        "occurred_on BETWEEN '2024-01-01' AND '2024-12-31'", "gap_event_day",
        "(occurred_on <= '2024-12-31'::date)"
      ),
      ("gap = 1", "gap_event_gap", "(gap = 1)"),
    ])
  func events(condition: String, index: String, found: String) throws {
    _ = try program()
    let plan = try plan(
      """
      SELECT date_trunc('month', occurred_on::timestamp), change, count(*) FROM cem_bi.fact_gap_event \
      WHERE program = 'test' AND \(condition) GROUP BY 1, 2
      """)
    #expect(plan.contains("using \(index) on gap_event e"), "\(plan)")
    #expect(plan.contains(found), "\(plan)")
    for table in ["event", "gap_register"] { #expect(!plan.contains("on \(table)"), "\(plan)") }
  }

  @Test("A department's events find their gaps' links without the register's rows") func links()
    throws
  {
    _ = try program()
    let plan = try plan(
      "SELECT * FROM cem_bi.fact_gap_event WHERE program = 'test' AND department = 'a'")
    #expect(plan.contains("Index Only Scan using gap_register_link"), "\(plan)")
    #expect(plan.contains("(department = 'a'::text COLLATE \"C\")"), "\(plan)")
  }

  @Test("Gaps are counted by department, state and link from an index alone") func counts() throws {
    _ = try program()
    let plan = try plan("SELECT * FROM cem_bi.gap_current WHERE program = 'test'")
    #expect(plan.contains("Index Only Scan using gap_register_department"), "\(plan)")
    #expect(plan.contains("GroupAggregate") && !plan.contains("Sort"), "\(plan)")
    let counts = try TestDatabase.current.connect(user: "reader").query(
      "SELECT concat_ws(' ', department, state, link, gaps) FROM cem_bi.gap_current ORDER BY 1"
    ).decode(String.self)
    #expect(
      counts == [
        "a open promise-expectation 1", "b closed training-execution 1",
        "b open expectation-standard 1",
      ])
  }

  @Test(
    "Gaps are found by their days",
    arguments: [
      ("recorded_on", "gap_register_recorded_on"), ("due_on", "gap_register_due_on"),
      ("closed_on", "gap_register_closed_on"),
    ])
  func days(column: String, index: String) throws {
    _ = try program()
    let plan = try plan(
      "SELECT * FROM cem_bi.fact_gap WHERE program = 'test' AND \(column) BETWEEN '2024-01-01' AND '2024-03-31'"
    )
    #expect(plan.contains("Index Scan using \(index) on gap_register"), "\(plan)")
  }

  @Test(
    "What a moved gap went through is of its present department, and says which it was of then")
  func moved() throws {
    let program = try program()
    func events() throws -> [String] {
      try TestDatabase.current.connect(user: "reader").query(
        """
        SELECT concat_ws(' ', department, nullif(department_then, department), gap, change, link, \
        perceived, perceived_before) FROM cem_bi.fact_gap_event ORDER BY gap, position
        """
      ).decode(String.self)
    }
    let first = [
      "a 1 recorded promise-expectation 7", "a 1 reassessed promise-expectation 7.5 7",
      "b 2 recorded promise-expectation 7", "b 2 diagnosed expectation-standard",
    ]
    #expect(
      try events() == first + [
        "b a 3 recorded promise-expectation 7", "b 3 closed training-execution",
      ])
    try program.run("gap.amend", ["gap": 3, "department": "a", "reason": "r"])
    #expect(
      try events() == first + [
        "a 3 recorded promise-expectation 7", "a b 3 closed training-execution",
      ])
    try program.run("gap.void", ["gap": 3, "reason": "r"])
    #expect(try events() == first)
    try program.run("gap.restore", ["gap": 3, "reason": "r"])
    #expect(
      try events() == first + [
        "a 3 recorded promise-expectation 7", "a b 3 closed training-execution",
      ])
    try program.expectLiveEqualsReplay()
  }
}
