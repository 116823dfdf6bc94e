import CEMTestSupport
import Foundation
import Postgres
import Testing

@testable import cem

/// An auditor's login reads everything and writes nothing, whatever is tried.
@Suite(.database(.migrated)) struct AuditorTests {
  private static let reads = [
    "program show", "program list", "person list", "person show kim", "show GAP-1",
    "department list",
    "department show ssc", "evidence list", "evidence show 1", "waiver list", "maturity list",
    "maturity show ssc", "initiative list", "initiative show 1", "gap list", "gap show 1",
    "platform list", "status", "status ssc", "status --as-of 3", "history", "history show 2",
    "export --what commands", "audit verify", "audit receipts", "audit erase 2 --dry-run",
    "projection status", "projection verify", "whoami", "db roles", "history --type 'gap.*'",
    "status --period 2024", "diff 1 now", "diff 1 now ssc --json", "explain",
    "explain openGaps ssc",
    "audit replay --step", "audit replay --stream GAP-1",
    "audit sample --size 2 --seed 1 --by actor",
    "audit checkpoint keygen --out \"$HOME\"/key", "audit checkpoint sign --key \"$HOME\"/key",
    "audit prove 2 --out \"$HOME\"/2.proof", "audit export --out \"$HOME\"/bundle",
    "agenda", "search T", "touchpoint list", "standard list", "survey list", "survey delivery",
    "channel list", "insight list", "note list", "segment list", "doctor || true",
    "export --what events --format csv", "audit receipts --json",
  ]

  /// What only the owner or an administrator may do.
  private static let ownersAlone = [
    "audit erase 2 --reason r --yes", "audit recover --reason r",
    "db roles add stranger2 --role reader", "projection rebuild",
  ]

  /// A call of every verb that records, each once.
  private static let writes: [String] = {
    var verbs: Set<String> = []
    return (RecordingCalls.all + RecordingCalls.deciding).filter { line in
      VerbTree.verb(of: line.split(separator: " ").map(String.init))
        .map { verbs.insert($0.description).inserted } ?? false
    }.map { $0.replacingOccurrences(of: "§", with: "x") + " --reason=r" }
  }()

  @Test func readsEverythingAndWritesNothing() throws {
    let office = try CommandProcess(database: TestDatabase.current.conninfo(user: "approver"))
    defer { office.remove() }
    try office.script([
      "init --program acme --name Acme", "person add kim --name Kim", "person add kim2 --name Kim",
      "department register ssc --name SSC", "evidence add text --title T",
      "initiative open --department ssc --title T --step 1",
      "gap record --department ssc --link 1 --title T --expected 1 --unit u",
    ])
    var auditor = office
    auditor.environment["CEM_DATABASE_URL"] = TestDatabase.current.conninfo(user: "auditor")
    let root = try TestDatabase.current.connect()
    let head = "SELECT position || encode(frontier, 'hex') FROM cem.head"
    let before = try root.query("\(unsafeSQL: head)").one(String.self)
    for line in Self.reads {
      let result = try auditor.shell("\"$CEM\" \(line)")
      #expect(result.status == 0, "\(line): \(result.errors)")
    }
    #expect(Self.writes.count > 60)
    for line in Self.writes + Self.ownersAlone {
      let result = try auditor.shell("\"$CEM\" \(line)")
      #expect(result.status == 77, "\(line): \(result.status) \(result.errors)")
    }
    #expect(try root.query("\(unsafeSQL: head)").one(String.self) == before)
  }
}
