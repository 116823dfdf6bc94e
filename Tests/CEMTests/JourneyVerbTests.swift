import CEMTestSupport
import Foundation
import Testing

@testable import cem

/// The customer's journey, and what insights say of it, by the built program against a real server.
@Suite(.database(.migrated)) struct JourneyVerbTests {
  private func withProgram(_ body: (CommandProcess) throws -> Void) throws {
    try CommandProcess.with(
      [
        "init --program acme --name Acme --on 2024-01-01",
        "department register retail --name Retail --on 2024-01-01",
        "department register it --name IT --on 2024-01-01",
        "segment define families --name Families", "segment define firms --name Firms",
      ], body)
  }

  private let insight =
    "insight record --question reactions --finding 'They hang up' --segment families --plane usage"

  @Test("§4: what customers do and feel is recorded, listed, corrected and refused clearly")
  func insights() throws {
    try withProgram { cem in
      try cem.script([
        "touchpoint map --department retail --name Hotline --stage buy",
        "touchpoint map --department retail --name Shop",
        "\(insight) --touchpoint TP-1 --outcome leaves --share 0.40 --peak bad",
        "\(insight) --stage 4 --outcome stays --peak good",
        "\(insight) --touchpoint TP-2 --outcome leaves", insight,
      ])
      func refs(_ options: String) throws -> [String?] {
        try list(cem.shell("\"$CEM\" insight list --json \(options)")).map { $0["ref"] as? String }
      }
      #expect(try refs("--outcome leaves") == ["INS-1", "INS-3"])
      #expect(try refs("--outcome leaves --peak bad --stage buy --touchpoint TP-1") == ["INS-1"])
      #expect(try refs("--peak good") == ["INS-2"])
      // One without a stage belongs to the stage of its touchpoint.
      #expect(try refs("--stage buy") == ["INS-1", "INS-2"])
      #expect(try refs("--stage 4") == ["INS-1", "INS-2"])
      #expect(try refs("--stage none") == ["INS-3", "INS-4"])
      #expect(try refs("--touchpoint TP-2") == ["INS-3"])
      for (options, status) in [
        ("--stage never", 64), ("--outcome goes", 64), ("--peak high", 64),
        ("--touchpoint TP-9", 66), ("--touchpoint nine", 65),
      ] {
        #expect(try cem.shell("\"$CEM\" insight list \(options)").status == status, "\(options)")
      }
      let shown = try list(cem("insight", "list", "--json"))
      #expect(shown.map { $0["outcome"] as? String } == ["leaves", "stays", "leaves", nil])
      #expect(shown.map { $0["share"] as? Double } == [0.4, nil, nil, nil])
      #expect(shown.map { $0["peak"] as? String } == ["bad", "good", nil, nil])
      #expect(
        try cem("insight", "show", "INS-1", "--format", "table", "--lang", "uk").output
          .contains("іде"))

      func refused(_ options: String, _ words: String, _ status: Int32 = 65) throws {
        let result = try cem.shell("\"$CEM\" \(insight) \(options)")
        #expect(result.status == status, "\(options)")
        #expect(result.errors.contains(words), "\(result.errors)")
      }
      try refused("--outcome leaves", "by a stage or a touchpoint", 64)
      try refused("--stage buy --share 0.4", "--outcome: is missing", 64)
      try refused("--stage buy --outcome stays --share 1.5", "a share between 0 and 1")
      try refused("--stage buy --outcome stays --share 40%", "as a share that is 0.4")
      try cem.script(["insight amend INS-1 --share 0.5 --clear peak --reason 'counted again'"])
      let amended = try list(cem("insight", "list", "--json"))[0]
      #expect(amended["share"] as? Double == 0.5 && amended["peak"] is NSNull)
    }
  }

  @Test("§4: the journey in one view, with what is missing in it") func journey() throws {
    try withProgram { cem in
      func table(_ options: String = "") throws -> String {
        try cem.shell("\"$CEM\" touchpoint journey --format table \(options)").output
      }
      #expect(try table().hasPrefix("no touchpoints: cem touchpoint map"))
      #expect(try table("--department it") == "nothing matches\n")
      let empty = try list(cem("touchpoint", "journey", "--json"))
      #expect(
        empty.map { $0["stage"] as? String } == ["learn", "evaluate", "enquire", "buy", "use", nil])
      #expect(empty.allSatisfy { $0["touchpoints"] as? Int == 0 && $0["planShare"] is NSNull })

      try cem.script([
        "touchpoint map --department retail --name Hotline --stage buy --moment-of-truth",
        "touchpoint map --department it --name Portal --segment firms",
        "touchpoint plan TP-1 goal --text Calm",
        "standard set TP-1 --metric calls --target 0.9 --from 2024-01-01",
        "standard measure STD-1 --period 2024 --value 0.5", "gap record --from-breach STD-1/2024",
      ])
      let before = try table()
      #expect(before.contains("nobody said whether customers stay or leave: cem insight record"))
      #expect(before.contains("touchpoints without a stage: cem touchpoint list --stage none"))
      #expect(before.contains("no touchpoint at: learn, evaluate, enquire, use"))
      try cem.script([
        "\(insight) --touchpoint TP-1 --outcome leaves --share 0.4 --peak bad",
        "\(insight) --stage use --outcome stays --peak good",
      ])
      #expect(try !table().contains("nobody said"))
      let rows = try list(cem("touchpoint", "journey", "--json"))
      let expected: [String: Double] = [
        "touchpoints": 1, "momentsOfTruth": 1, "planItems": 1, "planShare": 0.08, "standards": 1,
        "standardsMissed": 1, "openGaps": 1, "insights": 1, "leaves": 1, "leavingShare": 0.4,
        "stays": 0, "goodPeaks": 0, "badPeaks": 1,
      ]
      for (key, value) in expected { #expect(rows[3][key] as? Double == value, "\(key)") }
      #expect(rows[4]["stays"] as? Int == 1 && rows[4]["goodPeaks"] as? Int == 1)
      #expect(rows[5]["touchpoints"] as? Int == 1)
      func touchpoints(_ options: String...) throws -> [Int?] {
        try list(cem.run(["touchpoint", "journey", "--json"] + options)).map {
          $0["touchpoints"] as? Int
        }
      }
      #expect(try touchpoints("--department", "it") == [0, 0, 0, 0, 0, 1])
      #expect(try touchpoints("--segment", "families") == [0, 0, 0, 1, 0, 0])
      #expect(try touchpoints("--segment", "firms") == [0, 0, 0, 1, 0, 1])
      #expect(try touchpoints("--as-of", "5") == [0, 0, 0, 0, 0, 0])
      #expect(try cem("touchpoint", "journey", "--segment", "nobody").status == 66)
      #expect(try cem("touchpoint", "journey", "--department", "nobody").status == 66)
      #expect(
        try list(cem("touchpoint", "list", "--stage", "none", "--json")).map {
          $0["ref"] as? String
        } == ["TP-2"])
      for (language, words) in [
        ("en", ["no stage", "UP TO"]), ("uk", ["без етапу", "купує"]),
        ("ru", ["без этапа", "покупает"]), ("zh", ["无阶段", "购买"]),
      ] {
        let text = try table("--lang \(language)")
        for word in words { #expect(text.contains(word), "\(language) \(text)") }
      }

      // The same in the page, the workbook and the explanation.
      let page = try cem("report", "--out", "-").output
      #expect(page.contains("<section id=\"journey\">") && page.contains("href=\"#journey\""))
      let explained = try #require(
        try cem("explain", "journey", "--json").json() as? [String: Any])
      #expect((explained["value"] as? [[String: Any]])?[3]["leavingShare"] as? Double == 0.4)
    }
  }

  @Test("A report says nothing of a journey where there are no touchpoints") func noJourney() throws
  {
    try withProgram { cem in
      try cem.script(["\(insight) --stage use --outcome stays"])
      #expect(try !cem("report", "--out", "-").output.contains("Customer journey"))
    }
  }

  @Test(
    "§4: a touchpoint sets first experience beside expectation, and says what a moment of truth lacks"
  )
  func momentsOfTruth() throws {
    try withProgram { cem in
      try cem.script([
        "touchpoint map --department retail --name Hotline --moment-of-truth --expectation 'At once'",
        "touchpoint map --department retail --name Shop",
      ])
      func missing(_ ref: String) throws -> [String]? {
        let shown = try cem("touchpoint", "show", ref, "--json").json() as? [String: Any]
        return try #require(shown)["missingForTruth"] as? [String]
      }
      #expect(try missing("TP-1") == ["firstExperience"])
      #expect(try missing("TP-2") == nil)
      let lines = try cem("touchpoint", "show", "TP-1", "--format", "table").output
        .split(separator: "\n")
      let place = try #require(lines.firstIndex { $0.hasPrefix("expectation") })
      #expect(lines[place + 1].hasPrefix("missing for truth"))
      try cem.script([
        "touchpoint amend TP-1 --first-experience 'Ten minutes' --reason 'asked them'"
      ])
      #expect(try missing("TP-1") == [])
      let after = try cem("touchpoint", "show", "TP-1", "--format", "table").output
        .split(separator: "\n")
      #expect(after[place + 1].hasPrefix("first experience"))
    }
  }
}
