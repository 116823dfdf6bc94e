import CEMTestSupport
import Foundation
import Postgres
import Testing

@testable import cem

/// An auditor's login reads everything and writes nothing, whatever is tried.
@Suite(.database(.migrated)) struct AuditorTests {
  private static let reads = [
    "program show", "program list", "person list", "person show kim", "department list",
    "department show ssc", "evidence list", "evidence show 1", "waiver list", "maturity list",
    "maturity show ssc", "initiative list", "initiative show 1", "gap list", "gap show 1",
    "platform list", "status", "status ssc", "status --as-of 3", "history", "history show 2",
    "export --what commands", "audit verify", "audit receipts", "audit erase 2 --dry-run",
    "projection status", "projection verify", "whoami", "db roles",
  ]

  private static let writes = [
    "program amend --name N --reason r", "person add lee --name Lee",
    "person amend kim --name K --reason r", "person handover kim --to kim2",
    "person void kim2 --reason r", "department register it --name IT",
    "department amend ssc --name S --reason r", "department void ssc --reason r",
    "evidence add text --title T", "evidence renew 1 --expires 2999-01-01",
    "evidence void 1 --reason r", "maturity assess ssc --level 0 --rationale r",
    "maturity action complete ssc 0.1 --evidence e", "maturity advance ssc --rationale r",
    "initiative open --department ssc --title T --step 1", "initiative start 1",
    "initiative cancel 1 --reason r", "initiative void 1 --reason r",
    "gap record --department ssc --link 1 --title T", "gap reassess 1 --perceived 1",
    "gap close 1 --resolution r --unmet-reason r", "gap amend 1 --title T --reason r",
    "gap void 1 --reason r", "platform state --title T --promise P", "undo 2 --reason r",
    "audit erase 2 --reason r --yes", "audit recover --reason r",
    "db roles add stranger2 --role reader", "projection rebuild",
  ]

  @Test func readsEverythingAndWritesNothing() throws {
    let office = try CommandProcess(database: TestDatabase.current.conninfo(user: "approver"))
    defer { office.remove() }
    for line in [
      "init --program acme --name Acme", "person add kim --name Kim", "person add kim2 --name Kim",
      "department register ssc --name SSC", "evidence add text --title T",
      "initiative open --department ssc --title T --step 1",
      "gap record --department ssc --link 1 --title T --expected 1 --unit u",
    ] {
      let result = try office.shell("\"$CEM\" \(line)")
      try #require(result.status == 0, "\(line): \(result.errors)")
    }
    var auditor = office
    auditor.environment["CEM_DATABASE_URL"] = TestDatabase.current.conninfo(user: "auditor")
    let root = try TestDatabase.current.connect()
    let head = "SELECT position || encode(frontier, 'hex') FROM cem.head"
    let before = try root.query("\(unsafeSQL: head)").one(String.self)
    for line in Self.reads {
      let result = try auditor.shell("\"$CEM\" \(line)")
      #expect(result.status == 0, "\(line): \(result.errors)")
    }
    for line in Self.writes {
      let result = try auditor.shell("\"$CEM\" \(line)")
      #expect(result.status == 77, "\(line): \(result.status) \(result.errors)")
    }
    #expect(try root.query("\(unsafeSQL: head)").one(String.self) == before)
  }
}
