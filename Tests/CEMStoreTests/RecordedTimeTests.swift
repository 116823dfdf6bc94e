import CEMDomain
import CEMStore
import CEMTestSupport
import FoundationEssentials
import Postgres
import Testing

@Suite("Business dates and recorded times (domain §0)", .database(.migrated))
struct RecordedTimeTests {
  private func program(in zone: String, slug: String) throws -> TestProgram {
    let program = TestProgram(founding: try TestDatabase.current.connect(user: "approver"))
    try program.run(
      "program.found", ["slug": .string(slug), "name": "A test", "timeZone": .string(zone)])
    return program
  }

  private func events(of program: TestProgram) throws -> [StoredEvent] {
    try EventLog(program.connection, programID: program.programID)
      .events(EventLog.Filter(), limit: 100)
  }

  @Test("§0: today is the day in the program's zone, not the machine's or the session's")
  func today() throws {
    // Twenty-six hours apart, so that it is never the same day in both.
    let (east, west) = (
      try program(in: "Pacific/Kiritimati", slug: "east"),
      try program(in: "Etc/GMT+12", slug: "west")
    )
    let days = try [east, west].map { program in
      try #require(try events(of: program).first).occurredOn
    }
    #expect(days[0] > days[1])
    // What is today in the east is still to come in the west.
    let tomorrow: JSONObject = [
      "code": "retail", "name": "Retail", "on": .string(days[0].description),
    ]
    #expect(rejection { try west.run("department.register", tomorrow) } == "date.future")
    try east.run("department.register", tomorrow)
  }

  @Test("§0: the recorded time is the server's, whatever the business date")
  func recorded() throws {
    func clock() throws -> Timestamp {
      try program.connection.query("SELECT clock_timestamp()").one(Timestamp.self)
    }
    let program = try TestProgram(on: "2001-02-03")
    let before = try clock()
    try program.run(
      "department.register", ["code": "retail", "name": "Retail", "on": "2001-02-03"])
    let after = try clock()
    let event = try #require(try events(of: program).last)
    #expect(event.occurredOn == Day("2001-02-03"))
    #expect(event.recordedAt >= before && event.recordedAt <= after)
    // No command has a field for it.
    let fields: JSONObject = [
      "code": "web", "name": "Web", "recordedAt": "2001-02-03T00:00:00Z",
    ]
    let refusal = rejection { try program.run("department.register", fields) }
    #expect(refusal?.contains("department.register has no such field") == true)
  }

  @Test("§8: what approvers alone append, and what the office records") func rights() throws {
    let approvers = Set(
      try TestDatabase.current.connect().query(
        "SELECT type FROM cem.event_type WHERE appended_by = 'cem_approver'"
      ).map { try $0.decode(String.self) })
    #expect(
      approvers == [
        "maturity.advanced", "maturity.corrected", "maturity.action-waived", "waiver.granted",
        "waiver.revoked", "waiver.amended", "waiver.voided", "waiver.handed-over",
        "waiver.restored", "waiver.reverted",
        "gap.accepted", "initiative.pilot-concluded", "initiative.pilot-corrected",
        "initiative.platform-waived",
        "initiative.verdict-reverted", "touchpoint.retired", "touchpoint.reinstated",
        "standard.retired", "standard.reinstated", "touchpoint.retirement-reverted",
        "standard.retirement-reverted",
        "department.retired", "department.reinstated", "department.merged", "department.split",
        "maturity.inherited", "gap.moved", "initiative.moved", "touchpoint.moved", "standard.moved",
        "channel.moved", "platform.moved", "period.closed", "period.reopened", "period.restated",
        "request.approved", "request.rejected", "request.reverted",
      ])
  }
}
