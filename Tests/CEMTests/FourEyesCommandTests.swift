import CEMTestSupport
import Foundation
import Postgres
import Testing

@testable import cem

/// Requests, rates and the catalog by the built program against a real server.
@Suite(.database(.migrated)) struct FourEyesCommandTests {
  /// A program with a department and a gap, by a login of the office and by an approver.
  private func withProgram(
    _ more: String..., body: (_ office: CommandProcess, _ approver: CommandProcess) throws -> Void
  ) throws {
    let office = try CommandProcess(database: TestDatabase.current.conninfo(user: "office"))
    defer { office.remove() }
    var approver = office
    approver.environment["CEM_DATABASE_URL"] = TestDatabase.current.conninfo(user: "approver")
    for words in [
      ["init", "--program", "acme", "--name", "Acme", "--currency", "CAD", "--on", "2024-01-01"]
        + more,
      ["person", "add", "lee", "--name", "Lee", "--on", "2024-01-01"],
      ["department", "register", "ssc", "--name", "SSC", "--on", "2024-01-01"],
      ["gap", "record", "--department", "ssc", "--link", "4", "--title", "Long wait"],
    ] {
      let result = try office(words)
      try #require(result.status == 0, "\(words): \(result.errors)")
    }
    try body(office, approver)
  }

  @Test("§8: a request is made, listed, refused to whoever asked, and approved by another login")
  func requests() throws {
    try withProgram("--four-eyes") { office, approver in
      let accept = [
        "gap", "accept", "GAP-1", "--until", "2999-12-31", "--reason", "no money",
      ]
      #expect(try object(office("program", "show", "--json"))["fourEyes"] as? Bool == true)
      let refused = try approver(accept + ["--json"])
      #expect(refused.status == 65)
      #expect(try refused.error()["code"] as? String == "request.needed")
      #expect((try refused.error()["hint"] as? String)?.contains("--request") == true)
      let dry = try office(accept + ["--request", "--dry-run"])
      #expect(dry.status == 0 && dry.output.contains("request.made"), "\(dry)")
      let asked = try object(office(accept + ["--request", "--json"]))
      #expect(asked["ref"] as? String == "REQ-1")
      #expect(asked["command"] as? String == "request.make")
      let own = try office("approve", "REQ-1", "--json")
      #expect(own.status == 77)
      #expect(try own.error()["code"] as? String == "request.own")
      #expect(try office("approve", "REQ-9").status == 66)

      let open = try list(office("request", "list", "--state", "open", "--json"))
      #expect(open.map { $0["ref"] as? String } == ["REQ-1"])
      #expect(open[0]["about"] as? String == "GAP-1")
      #expect(open[0]["requestedBy"] as? String == "office")
      #expect((open[0]["given"] as? [String: Any])?["until"] as? String == "2999-12-31")
      let agenda = try list(office("agenda", "--kind", "to-approve", "--json"))
      #expect(agenda.map { $0["ref"] as? String } == ["REQ-1"])
      let card = try office("request", "show", "REQ-1", "--format", "table", "--lang", "uk").output
      #expect(card.contains("очікує") && card.contains("no money"), "\(card)")

      let done = try object(approver("approve", "REQ-1", "--json"))
      let types = (done["events"] as? [[String: Any]])?.map { $0["type"] as? String }
      #expect(types == ["request.approved", "gap.accepted"])
      #expect(try approver("approve", "REQ-1").status == 65)
      let gap = try object(office("gap", "show", "GAP-1", "--json"))
      #expect(gap["independentlyApproved"] as? Bool == true)
      #expect(gap["approvedBy"] as? String == "approver")
      #expect(gap["approvedAs"] as? String == "REQ-1")
      let event = try object(office("history", "show", "7", "--json"))
      #expect((event["data"] as? [String: Any])?["approval"] as? String == "REQ-1")
      #expect(try office("audit", "verify").status == 0)
    }
  }

  @Test("§8: status and report say what was not independently approved") func said() throws {
    try withProgram { office, approver in
      for words in [
        ["maturity", "assess", "ssc", "--level", "0", "--rationale", "r"],
        ["gap", "record", "--department", "ssc", "--link", "4", "--title", "Another"],
        ["gap", "accept", "GAP-2", "--until", "2999-12-31", "--reason", "r", "--request"],
      ] {
        let result = try office(words)
        try #require(result.status == 0, "\(words): \(result.errors)")
      }
      // Whoever has no right to it can ask.
      let cannot = try office(
        "maturity", "action", "waive", "ssc", "0.1", "--approver", "lee", "--reason", "r")
      #expect(cannot.status == 77 && cannot.errors.contains("--request"), "\(cannot.errors)")
      for words in [
        ["maturity", "action", "waive", "ssc", "0.1", "--approver", "lee", "--reason", "r"],
        ["approve", "REQ-1"],
      ] {
        let result = try approver(words)
        try #require(result.status == 0, "\(words): \(result.errors)")
      }
      let status = try list(office("status", "--json"))[0]
      #expect(
        status["approvals"] as? [String: Int] == ["independent": 1, "notIndependent": 1])
      let picture = try office("status", "--format", "table").output
      #expect(picture.contains("1 not independently approved"), "\(picture)")
      #expect(picture.contains("1 approved by approver"), "\(picture)")
      let own = try office("status", "ssc", "--format", "table", "--lang", "ru").output
      #expect(own.contains("без независимого одобрения"), "\(own)")
      #expect(own.contains("WVR-1") && own.contains("GAP-2"), "\(own)")
      // What was known before the approval.
      let before = try list(office("status", "--as-of", "9", "--json"))[0]
      #expect(
        before["approvals"] as? [String: Int] == ["independent": 0, "notIndependent": 1])
      let waiver = try object(office("waiver", "show", "WVR-1", "--json"))
      #expect(waiver["independentlyApproved"] as? Bool == false)
      #expect(waiver["approvedBy"] is NSNull)
      let page = office.home.appending(path: "r.html")
      try #require(try office("report", "--out", page.path()).status == 0)
      let html = try String(contentsOf: page, encoding: .utf8)
      #expect(html.contains("1 not independently approved"))
      #expect(html.contains("not independently approved</td>"))
    }
  }

  @Test("§8: whoever asked takes a request back; a rejection needs another login and a reason")
  func refusals() throws {
    try withProgram("--four-eyes") { office, approver in
      let ask = [
        "gap", "accept", "GAP-1", "--until", "2999-12-31", "--reason", "r", "--request",
      ]
      for _ in 0..<2 { try #require(try office(ask).status == 0) }
      for own in [["approve", "REQ-1"], ["reject", "REQ-1", "--reason", "no"]] {
        let refused = try office(own)
        #expect(refused.status == 77)
        #expect(refused.errors.contains("cem request void REQ-1 --reason TEXT"), "\(refused)")
      }
      #expect(try approver("reject", "REQ-1").status == 64)
      #expect(try approver("reject", "REQ-1", "--reason", "not yet").status == 0)
      #expect(
        try object(office("request", "show", "REQ-1", "--json"))["answer"] as? String == "not yet")
      #expect(try office("request", "void", "REQ-2", "--reason", "not needed").status == 0)
      #expect(try list(office("agenda", "--kind", "to-approve", "--json")).isEmpty)
      let needless = try office(
        "department", "amend", "ssc", "--name", "S", "--reason", "r", "--request")
      #expect(needless.status == 65 && needless.errors.contains("leave out --request"))
      let nonsense = try office("approve", "REQ-1", "--request")
      #expect(nonsense.status == 65, "\(nonsense)")
      // Leaving four eyes takes them too.
      let leave = ["program", "amend", "--no-four-eyes", "--reason", "too slow"]
      #expect(try approver(leave).status == 65)
      #expect(try office(leave + ["--request"]).status == 0)
      #expect(try approver("approve", "REQ-3").status == 0)
      #expect(try object(office("program", "show", "--json"))["fourEyes"] as? Bool == false)
    }
  }

  @Test(
    "§0: beside them one total in the program's currency, by the newest rate on or before the day")
  func rates() throws {
    try withProgram { office, approver in
      let open = ["initiative", "open", "--department", "ssc", "--step", "1", "--on", "2024-02-01"]
      for words in [
        open + ["--title", "Ours", "--budget", "1000"],
        open + ["--title", "Theirs", "--budget", "100", "--currency", "USD"],
        ["initiative", "pilot", "start", "INI-1", "--on", "2024-03-01"],
        ["initiative", "pilot", "start", "INI-2", "--on", "2024-03-01"],
      ] {
        let result = try office(words)
        try #require(result.status == 0, "\(words): \(result.errors)")
      }
      for (number, cost, benefit) in [("1", "200", "300"), ("2", "10", "50")] {
        let words = [
          "initiative", "pilot", "conclude", "INI-\(number)", "--cost", cost, "--benefit", benefit,
          "--verdict", "repeat", "--on", "2024-04-01",
        ]
        let result = try approver(words)
        try #require(result.status == 0, "\(words): \(result.errors)")
      }
      let without = try office("status", "--format", "table").output
      #expect(without.contains("1000 CAD") && without.contains("100 USD"), "\(without)")
      #expect(!without.contains("all in CAD"))
      // A rate of a later day is none for what was before.
      #expect(try office("rate", "record", "USD", "CAD", "--rate", "1.5").status == 0)
      let later = try office("status", "--format", "table").output
      #expect(later.contains("all in CAD: unknown without a rate for USD"), "\(later)")
      for (rate, day) in [("1.3", "2024-01-15"), ("1.4", "2024-03-15")] {
        let words = ["rate", "record", "USD", "CAD", "--rate", rate, "--on", day]
        #expect(try office(words).status == 0)
      }
      let status = try office("status", "--format", "table").output
      // 200 + 10 × 1.4, 300 + 50 × 1.4; 1000 + 100 × 1.3.
      #expect(
        status.contains("all in CAD · cost 214 · estimated benefit 370 · return 0.728972"),
        "\(status)")
      #expect(status.contains("by the rate RATE-3"), "\(status)")
      #expect(status.contains("all in CAD 1130"), "\(status)")
      #expect(status.contains("by the rate RATE-2"), "\(status)")
      let page = office.home.appending(path: "r.html")
      try #require(try office("report", "--out", page.path()).status == 0)
      let html = try String(contentsOf: page, encoding: .utf8)
      #expect(html.contains("all in CAD") && html.contains("RATE-3"))
      #expect(
        try office("rate", "amend", "RATE-3", "--rate", "1.2", "--reason", "typo").status == 0)
      #expect(
        try office("status", "--format", "table").output.contains(
          "cost 212 · estimated benefit 360"))
      let rates = try list(office("rate", "list", "--sort", "on", "--json=ref,rate,on"))
      #expect(rates.map { $0["ref"] as? String } == ["RATE-2", "RATE-3", "RATE-1"])
      #expect(try office("rate", "record", "USD", "CAD", "--rate", "0").status == 65)
      #expect(try office("audit", "verify").status == 0)
    }
  }

  @Test("§9: the catalog is shown, and adopting the present version changes nothing")
  func catalog() throws {
    try withProgram { office, _ in
      let versions = try list(office("catalog", "list", "--json"))
      #expect(versions.map { $0["version"] as? Int } == [1, 2])
      #expect(versions.map { $0["adopted"] as? Bool } == [false, true])
      let terms = try list(office("catalog", "show", "--json"))
      #expect(versions[1]["terms"] as? Int == terms.count)
      let actions = try list(office("catalog", "show", "1", "--kind", "Action", "--json"))
      #expect(actions.count == 16 && actions.first?["id"] as? String == "0.1")
      let words = try office("catalog", "show", "--format", "table", "--lang", "uk").output
      #expect(words.contains("потребу в змінах записано"), "\(words)")
      let present = try object(office("catalog", "adopt", "2", "--json"))
      #expect((present["events"] as? [Any])?.isEmpty == true)
      let unknown = try office("catalog", "adopt", "3", "--json")
      #expect(unknown.status == 66)
      #expect(try unknown.error()["hint"] as? String == "cem catalog list")
      #expect(try office("catalog", "show", "7").status == 66)
      #expect(try office("catalog", "show", "--kind", "Nonsense").status == 64)
    }
  }

  @Test func initGivesRolesToTheFirstFounderAlone() throws {
    let login = "maker_\(TestDatabase.current.name)"
    let root = try TestDatabase.current.connect()
    try root.execute("CREATE ROLE \(identifier: login) LOGIN CREATEROLE")
    try root.execute("GRANT cem_auditor TO \(identifier: login)")
    let cem = try CommandProcess(database: TestDatabase.current.conninfo(user: login))
    defer {
      cem.remove()
      _ = try? root.execute("DROP ROLE \(identifier: login)")
    }
    func mayRecord() throws -> Bool {
      try root.query("SELECT pg_has_role(\(login), 'cem_office', 'MEMBER')").one(Bool.self)
    }
    try #require(try cem("init", "--program", "acme", "--name", "Acme").status == 0)
    #expect(try mayRecord())
    try root.execute("REVOKE cem_office, cem_approver FROM \(identifier: login)")
    #expect(try cem("init", "--program", "acme", "--name", "Acme").status == 0)
    #expect(try cem("init", "--program", "other", "--name", "Other").status == 77)
    #expect(try !mayRecord())
  }
}
