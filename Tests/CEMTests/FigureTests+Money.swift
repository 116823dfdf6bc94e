import CEMStore
import CEMTestSupport
import Foundation
import Postgres
import Testing

@testable import cem

/// Sums of money.
extension FigureTests {
  @Test(
    "A measured and an estimated benefit are added up nowhere, and each department has its part")
  func benefits() throws {
    let cem = try CommandProcess(database: TestDatabase.current.conninfo())
    defer { cem.remove() }
    var commands = [
      "init --program acme --name Acme --currency EUR", "person add boss --name Boss",
      "department register ssc --name SSC", "department register it --name IT",
      "rate record USD EUR --rate 0.5",
    ]
    for (number, given) in [
      ("ssc", "100 --benefit 150 --benefit-kind measured"),
      ("ssc", "200 --benefit 700 --benefit-kind estimated"), ("it", "10 --benefit 30"),
      ("it", "8 --benefit 4 --currency USD --benefit-kind measured"),
    ].enumerated() {
      let ref = "INI-\(number + 1)"
      commands += [
        "initiative open --department \(given.0) --title T --step 4 --waive-platform quick --approver boss",
        "initiative start \(ref)", "initiative pilot start \(ref)",
        "initiative pilot conclude \(ref) --cost \(given.1) --verdict scale",
      ]
    }
    for command in commands {
      let result = try cem.shell("\"$CEM\" \(command)")
      try #require(result.status == 0, "\(command): \(result.errors)")
    }
    func value(_ arguments: String...) throws -> String {
      let explained = try cem(["explain"] + arguments + ["--json"]).json() as? [String: Any]
      let value = try #require(explained?["value"])
      return String(
        decoding: try JSONSerialization.data(withJSONObject: value, options: .sortedKeys),
        as: UTF8.self)
    }
    #expect(
      try value("pilotReturns") == #"{"EUR":{"#
        + #""estimated":{"benefit":730,"cost":210,"pilots":2,"return":2.47619},"#
        + #""measured":{"benefit":150,"cost":100,"pilots":1,"return":0.5}},"#
        + #""USD":{"measured":{"benefit":4,"cost":8,"pilots":1,"return":-0.5}}}"#)
    #expect(
      try value("pilotReturns", "it") == #"{"EUR":{"#
        + #""estimated":{"benefit":30,"cost":10,"pilots":1,"return":2}},"#
        + #""USD":{"measured":{"benefit":4,"cost":8,"pilots":1,"return":-0.5}}}"#)
    let converted = try value("convertedTotals")
    #expect(
      converted.contains(#""measured":{"benefit":{"missing":[],"rates":["RATE-1"],"total":152}"#))
    #expect(!converted.contains("880") && !converted.contains("882"), "\(converted)")
    let connection = try TestDatabase.current.connect()
    let sums = try connection.query(
      """
      SELECT pilot_benefit_kind, sum(pilot_benefit)::text FROM cem_bi.fact_initiative \
      WHERE pilot_currency = 'EUR' GROUP BY 1 ORDER BY 1
      """
    ).decode((String, String).self)
    #expect(sums.map(\.0) == ["estimated", "measured"])
    #expect(sums.map { $0.1.prefix(4) } == ["730.", "150."])
    for shown in [
      try cem("status", "--format", "table").output, try cem("report", "--out", "-").output,
    ] {
      #expect(!shown.contains("880") && !shown.contains("882"), "\(shown)")
    }
    let programs = try cem("explain", "programLevel", "it")
    #expect(programs.status == 64)
  }

  @Test("§0: totals with more digits than an amount may have are told exactly") func largeTotals()
    throws
  {
    let cem = try CommandProcess(database: TestDatabase.current.conninfo())
    defer { cem.remove() }
    var commands = [
      "init --program acme --name Acme --currency VND", "person add boss --name Boss",
      "department register ssc --name SSC",
      "rate record IDR VND --rate 2.5",
    ]
    for (number, currency) in [(1, "VND"), (2, "VND"), (3, "IDR"), (4, "IDR")] {
      commands += [
        "initiative open --department ssc --title T --step 4 --waive-platform quick --approver boss --budget 600000000000 --currency \(currency)",
        "initiative start INI-\(number)", "initiative pilot start INI-\(number)",
        "initiative pilot conclude INI-\(number) --cost 800000000000 --benefit 900000000000.5 --currency \(currency) --verdict scale",
      ]
    }
    for command in commands {
      let result = try cem.shell("\"$CEM\" \(command)")
      try #require(result.status == 0, "\(command): \(result.errors)")
    }
    func row(_ figure: String, _ key: String) throws -> [String] {
      let explained = try cem("explain", figure, "--json").json() as? [String: Any]
      let value = try #require(explained?["value"] as? [String: Any])
      return try #require(value[key] as? [String: Any]).sorted { $0.key < $1.key }
        .map { "\($0) \($1)" }
    }
    #expect(try row("budgetsUnderWay", "IDR") == ["budget 1200000000000", "initiatives 2"])
    let pilots = try #require(try row("pilotReturns", "VND").first)
    for part in ["\"benefit\": 1800000000001", "\"cost\": 1600000000000", "\"pilots\": 2"] {
      #expect(pilots.contains(part), "\(pilots)")
    }
    let budget = try row("convertedTotals", "budget")
    #expect(budget.contains("total 4200000000000"), "\(budget)")
    let status = try cem("status", "--format", "table").output
    #expect(status.contains("1200000000000 VND · 2 initiatives with a budget"), "\(status)")
    #expect(status.contains("1200000000000 IDR · 2 initiatives with a budget"))
    #expect(status.contains("all in VND 4200000000000"))
    #expect(
      status.contains("2 pilots · cost 1600000000000 VND · estimated benefit 1800000000001 VND"))
    #expect(status.contains("all in VND · cost 5600000000000 · estimated benefit 6300000000003.5"))
    let page = try cem("report", "--out", "-").output
    #expect(page.contains("1\u{202f}200\u{202f}000\u{202f}000\u{202f}000"))
  }
}
