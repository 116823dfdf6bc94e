import CEMDomain
import CEMTestSupport
import Postgres
import Testing

@testable import CEMStore

extension DashboardFigureTests {
  @Test("§2: an acceptance that goes on neither ends a gap nor opens one")
  func acceptedLonger() throws {
    let program = try program()
    let accept: JSONObject = ["gap": 1, "reason": "r", "until": "2024-12-31", "on": "2024-02-11"]
    try program.run("gap.accept", accept)
    let before = try flow(program)
    var longer = accept
    longer["until"] = "2025-06-30"
    longer["on"] = "2024-02-20"
    try program.run("gap.accept", longer)
    #expect(try flow(program) == before)
    let gap = try TestDatabase.current.connect(user: "reader").query(
      "SELECT state_since::text, review_on::text, reopenings FROM cem_bi.fact_gap"
    ).one((String, String, Int).self)
    #expect(gap == ("2024-02-11", "2025-06-30", 0))
    try program.expectLiveEqualsReplay()
  }

  /// What flows in and out of departments.
  private func flow(_ program: TestProgram) throws -> [[Value]] {
    try LiveReader(program.connection, programID: program.programID)
      .rows(of: DepartmentChanges.self, RowQuery()).map { $0.key + $0.values }
  }
}
