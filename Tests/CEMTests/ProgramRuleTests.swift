import CEMTestSupport
import Foundation
import Testing

@testable import cem

/// What the domain asks of the views of a program: what must stand beside what.
@Suite(.database(.migrated)) struct ProgramRuleTests {
  /// Four departments, of which one is not assessed.
  private func withProgram(_ body: (CommandProcess) throws -> Void) throws {
    try CommandProcess.with(
      [
        "init --program acme --name Acme --on 2024-01-01", "person add lee --name Lee",
        "department register a --name A --on 2024-01-01",
        "department register b --name B --on 2024-01-01",
        "department register c --name C --on 2024-01-01",
        "department register d --name D --on 2024-01-01",
        "maturity assess a --level 1 --rationale r", "maturity assess b --level 3 --rationale r",
        "maturity assess c --level 3 --rationale r",
        "maturity assess --program-level --level 2 --rationale r",
      ], body)
  }

  private func table(_ cem: CommandProcess, _ command: String) throws -> String {
    let result = try cem.shell("\"$CEM\" \(command) --format table")
    try #require(result.status == 0, "\(command): \(result.errors)")
    return result.output
  }

  private func object(_ cem: CommandProcess, _ command: String) throws -> [String: Any] {
    try #require(try cem.shell("\"$CEM\" \(command) --json").json() as? [String: Any])
  }

  @Test("§1: the program's level stands beside the lowest, the median, the counts, the unassessed")
  func programLevel() throws {
    try withProgram { cem in
      let program = try #require(
        try table(cem, "status").split(separator: "THE PROGRAM\n").last.map(String.init))
      let level = try #require(program.split(separator: "\nopen gaps").first)
        .split(separator: "\n").map { $0.trimmingCharacters(in: .whitespaces) }
        .joined(separator: " ")
      #expect(level.contains("2 the customer is heard"))
      for part in [
        "lowest 1", "median 3", "departments per level 0–5: 0 1 0 2 0 0", "1 not assessed",
      ] {
        #expect(level.contains(part), "\(part): \(level)")
      }
      let list = try table(cem, "maturity list").replacing("\n", with: " ")
      #expect(
        list.contains(
          "lowest 1, median 3, per level 0–5: 0 1 0 2 0 0, 1 not assessed, the program itself at 2"
        ), "\(list)")
    }
  }

  @Test("§1, §6: the audits of feedback channels, and their plans, stand beside a level")
  func channels() throws {
    try withProgram { cem in
      #expect(try object(cem, "maturity show a")["channels"] as? [String] == [])
      #expect(try !table(cem, "maturity show a").contains("feedback channels"))
      try cem.script(["channel declare --department a --name Hotline --on 2024-02-01"])
      try cem.script(["channel declare --department a --name Panel --on 2024-02-01"])
      try cem.script(["channel declare --department b --name Form --on 2024-02-01"])
      try cem.script(["channel audit CH-1 --findings 'half unread' --on 2024-03-01"])
      #expect(
        try table(cem, "maturity show a").contains(
          "CH-1 Hotline — audited on 2024-03-01, no plan yet\n"))
      try cem.script(["channel plan CH-1 --text 'read all' --on 2024-04-01"])
      let shown = try #require(
        try object(cem, "maturity show a")["channels"] as? [[String: Any]])
      #expect(shown.map { $0["channel"] as? String } == ["CH-1", "CH-2"])
      #expect(shown.map { $0["auditedOn"] as? String } == ["2024-03-01", nil])
      #expect(shown.map { $0["planned"] as? Bool } == [true, nil])
      let card = try table(cem, "maturity show a")
      #expect(card.contains("CH-1 Hotline — audited on 2024-03-01, a plan followed\n"))
      #expect(card.contains("CH-2 Panel — never audited\n"))
      #expect(!card.contains("CH-3"))
    }
  }

  @Test("§0: a waiver stays visible where it matters, also once it is revoked") func waivers()
    throws
  {
    try withProgram { cem in
      try cem.script(["maturity action waive a 1.1 --reason 'no staff' --approver lee"])
      try cem.script([
        "initiative open --department a --title Chat --step 4 --waive-platform 'a quick fix' --approver lee"
      ])
      func waiversOfStatus() throws -> [String]? {
        let rows = try cem("status", "a", "--json").json() as? [[String: Any]]
        return rows?.first?["waivers"] as? [String]
      }
      func actionState() throws -> String? {
        let actions = try object(cem, "maturity show a")["actions"] as? [[String: Any]]
        return actions?.first?["state"] as? String
      }
      #expect(try actionState() == "waived")
      #expect(try table(cem, "maturity show a").contains("1.1"))
      #expect(try table(cem, "maturity show a").contains("waived (WVR-1) by lee"))
      #expect(try table(cem, "initiative show INI-1").contains("a quick fix"))
      #expect(try waiversOfStatus() == ["WVR-1"])
      try cem.script(["waiver revoke WVR-1 --reason 'staff came'"])
      try cem.script(["waiver revoke WVR-2 --reason 'a platform came'"])
      #expect(try actionState() == "revoked")
      #expect(try table(cem, "maturity show a").contains("was waived (WVR-1) by lee, revoked"))
      let held = try #require(
        try object(cem, "initiative show INI-1")["waivers"] as? [[String: Any]])
      #expect(held.first?["reason"] as? String == "a quick fix")
      #expect(held.first?["revokedOn"] is String)
      #expect(try waiversOfStatus() == [])
      let listed = try cem("waiver", "list", "--json=state").json() as? [[String: Any]]
      #expect(listed?.map { $0["state"] as? String } == ["revoked", "revoked"])
    }
  }

  @Test("§0, §1: a level shows what it rests on, by whose waiver, and what of it is gone")
  func support() throws {
    try withProgram { cem in
      try cem.script(["maturity assess d --level 0 --rationale r"])
      try cem.script(["maturity action complete d 0.1 --evidence Minutes"])
      try cem.script(["maturity action waive d 0.2 --reason 'no staff' --approver lee"])
      try cem.script(["maturity advance d --rationale r"])
      func support() throws -> [[String: Any]] {
        try object(cem, "maturity show d")["levelRestsOn"] as? [[String: Any]] ?? []
      }
      #expect(try support().map { $0["action"] as? String } == ["0.1", "0.2"])
      #expect(try support().map { $0["state"] as? String } == ["done", "waived"])
      #expect(try support().last?["approver"] as? String == "lee")
      #expect(try table(cem, "maturity show d").contains("0.2 staff are told what CEM is — waived"))
      try cem.script(["waiver revoke WVR-1 --reason r"])
      #expect(try support().map { $0["state"] as? String } == ["done", "revoked"])
      #expect(try object(cem, "maturity show d")["unsupported"] as? Bool == true)
      #expect(try table(cem, "maturity show d").contains("✗ 0.2 staff are told what CEM is"))
    }
  }

  @Test("§2: a reading names the two sides that a gap's link joins") func sides() throws {
    try withProgram { cem in
      try cem.script([
        "gap record --department a --link 3 --title T --expected 1 --perceived 0.4 --unit ratio"
      ])
      try cem.script(["gap record --department a --link undiagnosed --title U"])
      let known = try object(cem, "gap show GAP-1")
      #expect(known["wantedSide"] as? String == "service-standard")
      #expect(known["actualSide"] as? String == "staff-training")
      #expect(try object(cem, "gap show GAP-2")["wantedSide"] is NSNull)
      let card = try table(cem, "gap show GAP-1 --lang zh")
      #expect(card.contains("服务标准") && card.contains("员工培训"))
    }
  }

  @Test("§5: a touchpoint says what an effective contact still lacks") func effect() throws {
    try withProgram { cem in
      try cem.script(["touchpoint map --department a --name Hotline"])
      try cem.script(["touchpoint plan TP-1 goal --text 'an answer'"])
      let open = try object(cem, "touchpoint show TP-1")
      #expect(open["effective"] as? Bool == false)
      #expect(open["missingForEffect"] as? [String] == ["audience", "mode", "tracking"])
      for item in ["audience", "mode", "tracking"] {
        try cem.script(["touchpoint plan TP-1 \(item) --text 'as agreed'"])
      }
      #expect(try object(cem, "touchpoint show TP-1")["effective"] as? Bool == true)
    }
  }

  @Test("§3: touchpoints are found by the aspects that their standards hold, and by what they lack")
  func balance() throws {
    try withProgram { cem in
      for name in ["Hotline", "Desk", "Leaflet"] {
        try cem.script(["touchpoint map --department a --name \(name)"])
      }
      try cem.script(["touchpoint amend TP-2 --rules 'greet' --reason r"])
      for (place, aspect) in [(1, "style"), (2, "style"), (2, "substance"), (2, "customer-time")] {
        try cem.script(["standard set TP-\(place) --metric m --target 1 --aspect \(aspect)"])
      }
      try cem.script(["standard set TP-3 --metric m --target 1 --for internal"])
      func refs(_ command: String) throws -> [String] {
        let rows = try cem.shell("\"$CEM\" \(command) --json=ref").json() as? [[String: Any]]
        return try #require(rows, "\(command)").compactMap { $0["ref"] as? String }
      }
      #expect(try refs("standard list --aspect customer-time") == ["STD-4"])
      #expect(try refs("standard list --aspect none") == ["STD-5"])
      #expect(try refs("standard list --for internal") == ["STD-5"])
      #expect(try refs("standard list --for internal --aspect style") == [])
      #expect(try cem.shell("\"$CEM\" search greet").output.contains("rules"))
      #expect(try refs("touchpoint list --aspect customer-time") == ["TP-2"])
      #expect(try refs("touchpoint list --aspect style --lacks substance") == ["TP-1"])
      #expect(try refs("touchpoint list --lacks rules") == ["TP-1", "TP-3"])
      #expect(try refs("touchpoint list --lacks flexibility --aspect style") == ["TP-1", "TP-2"])
      let shown = try object(cem, "touchpoint show TP-1")
      #expect(
        shown["aspects"] as? [String: Int]
          == ["style": 1, "substance": 0, "service-time": 0, "customer-time": 0])
      #expect(shown["missingForBalance"] as? [String] == ["substance", "customer-time"])
      #expect(try object(cem, "touchpoint show TP-2")["missingForBalance"] as? [String] == [])
      let card = try table(cem, "touchpoint show TP-1 --lang uk")
      #expect(card.contains("бракує для рівноваги") && card.contains("суть"), "\(card)")
      // As it was known before the last standard of the desk.
      try cem.script(["standard retire STD-3 --reason r"])
      #expect(try refs("touchpoint list --aspect style --lacks substance") == ["TP-1", "TP-2"])
      let position = try #require(try object(cem, "standard show STD-3")["position"] as? Int)
      #expect(
        try refs("touchpoint list --aspect style --lacks substance --as-of \(position - 1)")
          == ["TP-1"])
      for wrong in ["standard list --aspect x", "touchpoint list --lacks x --aspect style"] {
        #expect(try cem.shell("\"$CEM\" \(wrong)").status == 65, "\(wrong)")
      }
    }
  }

  @Test("§3: initiatives are found by what they design of the brand, also those of a file")
  func brandElements() throws {
    try withProgram { cem in
      let rows =
        "department,title,step,waivePlatform,brandElements\na,T,3,w,logo slogan\na,U,4,w,\n"
      let imported = try cem.shell(
        "printf '\(rows)' | \"$CEM\" import - --format csv --command initiative.open")
      try #require(imported.status == 0, "\(imported)")
      try cem.script([
        "initiative open --department a --title V --step 3 --waive-platform w --brand-element logo"
      ])
      func refs(_ command: String) throws -> [String] {
        let rows = try cem.shell("\"$CEM\" \(command) --json=ref").json() as? [[String: Any]]
        return try #require(rows, "\(command)").compactMap { $0["ref"] as? String }
      }
      #expect(try refs("initiative list --brand-element logo") == ["INI-1", "INI-3"])
      #expect(try refs("initiative list --brand-element slogan") == ["INI-1"])
      #expect(try cem.shell("\"$CEM\" initiative list --brand-element x").status == 65)
      #expect(
        try object(cem, "initiative show INI-1")["brandElements"] as? [String]
          == ["logo", "slogan"])
      #expect(try object(cem, "initiative show INI-2")["brandElements"] as? [String] == [])
      let amend = "\"$CEM\" initiative amend INI-1 --step 4 --reason r"
      let refused = try cem.shell(amend)
      #expect(refused.status == 65, "\(refused)")
      #expect(
        refused.errors.contains(
          "initiative amend INI-1 --step customer-interface --clear brand-element"), "\(refused)")
      #expect(try cem.shell(amend + " --clear brand-element").status == 0)
      #expect(try refs("initiative list --brand-element slogan") == [])
    }
  }

  @Test("§6: our own people come first, and where they were not asked is said") func employees()
    throws
  {
    try withProgram { cem in
      func delivery() throws -> String {
        try table(cem, "survey delivery").replacing("\n", with: " ")
      }
      let survey = "survey record --department a --agree 0.5 --sample 20"
      try cem.script(["\(survey) --audience customers --period 2024-Q1"])
      try cem.script(["\(survey) --audience customers --period 2024-Q2"])
      try cem.script(["\(survey) --audience employees --period 2024-Q2"])
      let text = try delivery()
      #expect(text.contains("Good impressions begin with our own people"))
      #expect(text.contains("In 1 of 2 our own people were not asked."))
      try cem.script(["\(survey) --audience employees --period 2024-Q1"])
      #expect(try !delivery().contains("were not asked"))
    }
  }

  @Test("§4: a moment of truth is at risk while a gap is open there or a standard is missed")
  func momentsAtRisk() throws {
    try withProgram { cem in
      func atRisk() throws -> String {
        let text = try table(cem, "status")
        let from = try #require(text.range(of: "moments of truth at risk")).upperBound
        return String(text[from...].prefix { $0 != "\n" }).trimmingCharacters(in: .whitespaces)
      }
      try cem.script(["touchpoint map --department a --name Hotline --moment-of-truth"])
      try cem.script(["touchpoint map --department a --name Leaflet"])
      #expect(try atRisk() == "none")
      try cem.script(["gap record --department a --link 1 --title T --touchpoint TP-2"])
      #expect(try atRisk() == "none")
      try cem.script(["gap record --department a --link 1 --title T --touchpoint TP-1"])
      #expect(try atRisk().hasPrefix("TP-1"))
      #expect(try atRisk().hasSuffix("1 open gap"))
      try cem.script(["gap close GAP-2 --resolution done"])
      #expect(try atRisk() == "none")
      try cem.script(["standard set TP-1 --metric answers --target 0.9 --from 2024-01-01"])
      try cem.script(["standard measure STD-1 --period 2024-Q1 --value 0.5"])
      #expect(try atRisk().hasSuffix("1 standard missed"))
    }
  }

  @Test("§9: events hold ids alone, in whatever language they were recorded") func ids() throws {
    try withProgram { cem in
      for (number, language) in ["en", "uk", "ru", "zh"].enumerated() {
        try cem.script([
          "gap record --department a --link 1 --title T --phase reflection --attribute integrity --lang \(language)"
        ])
        let events = try #require(
          try cem("history", "--stream", "GAP-\(number + 1)", "--json", "--lang", language).json()
            as? [[String: Any]])
        let data = try #require(events.first?["data"] as? [String: Any])
        #expect(data["link"] as? String == "promise-expectation")
        #expect(data["phase"] as? String == "reflection")
        #expect(data["attribute"] as? String == "integrity")
      }
      // A name in a language is no id.
      let named = try cem(
        "gap", "record", "--department", "a", "--link", "обіцянка – очікування", "--title", "T",
        "--lang", "uk")
      #expect(named.status == 65 || named.status == 64)
    }
  }
}
