import CEMDomain
import CEMStore
import CEMTestSupport
import FoundationEssentials
import Postgres
import Testing

/// Touchpoints and standards through the store: tables, imports over what is there, the way out again.
@Suite("Touchpoints and standards through the store", .database(.migrated))
struct StandardImportTests {
  private func program() throws -> TestProgram {
    let program = try TestProgram()
    try program.run("department.register", ["code": "a", "name": "A", "on": "2024-01-02"])
    try program.run("department.register", ["code": "b", "name": "B", "on": "2024-01-02"])
    try program.run("segment.define", ["code": "first", "name": "First-time", "on": "2024-01-02"])
    return program
  }

  private func rows(target: String, value: String, channel: String = "phone") -> String {
    """
    {"command":"touchpoint.map","department":"a","name":"Hotline","channel":"\(channel)","external":"x:t1","on":"2024-01-02"}
    {"command":"standard.set","touchpoint":"@x:t1","metric":"answers","unit":"share","target":"\(target)","external":"x:s1","on":"2024-01-02"}
    {"command":"standard.measure","standard":"@x:s1","period":"2024","value":"\(value)","volume":10,"on":"2025-01-31"}

    """
  }

  private func run(
    _ text: String, into program: TestProgram, revises: Bool = false
  ) throws -> ImportOutcome {
    var options = Importer.Options()
    options.revises = revises
    var chunk = Array(text.utf8)
    var reader = try RowReader(.ndjson) {
      defer { chunk = [] }
      return chunk
    }
    return try Importer(program.store, source: "t", options: options).run(&reader)
  }

  @Test("A correction that gives its reason is one, and comes once, as an export has it")
  func corrected() throws {
    let program = try program()
    let text =
      rows(target: "0.9", value: "0.5")
      + #"{"command":"standard.measure","standard":"@x:s1","period":"2024","value":"0.6","reason":"typo","on":"2025-02-01"}"#
    #expect(try run(text, into: program).recorded == 4)
    #expect(try run(text, into: program).handledBefore == 4)
    let reader = try LiveReader(program.connection, programID: program.programID)
    let row = try #require(try reader.rows(of: StandardRegister.self, RowQuery()).first)
    #expect(row["latest_value"].postgresText == "0.6")
    try program.expectLiveEqualsReplay()
  }

  @Test(
    "What was recorded in a program with other periods or money is not taken for its own",
    arguments: [
      ("\"currency\":\"CAD\"", 1), ("\"fiscalYearStart\":4", 1), ("\"currency\":\"EUR\"", 0),
    ])
  func foundedOtherwise(fields: String, refused: Int) throws {
    let program = try program()
    let text = #"{"command":"program.found","slug":"other","name":"Other",\#(fields)}"#
    if refused == 0 {
      #expect(try run(text, into: program).unchanged == 1)
    } else {
      #expect {
        try run(text, into: program)
      } throws: { ($0 as? RefusedRow)?.rejection.code == "program.founded-otherwise" }
    }
  }

  @Test("§0, §5: dashboards name no gap at a breach that was voided") func voidedGap() throws {
    let program = try TestProgram()
    for (name, fields) in [
      ("department.register", ["code": "ssc", "name": "SSC"]),
      ("touchpoint.map", ["department": "ssc", "name": "Hotline"]),
      (
        "standard.set",
        ["touchpoint": 1, "metric": "answers", "target": "0.9", "from": "2024-01-01"]
      ),
      ("standard.measure", ["standard": 1, "period": "2024-Q1", "value": "0.5"]),
      ("gap.record-breach", ["breach": "STD-1/2024-Q1"]),
    ] as [(String, JSONObject)] {
      try program.run(name, fields)
    }
    let reader = try TestDatabase.current.connect(user: "reader")
    func named() throws -> Int? {
      try reader.query("SELECT gap FROM cem_bi.fact_measurement").one(Int?.self)
    }
    #expect(try named() == 1)
    try program.run("gap.void", ["gap": 1, "reason": "a slip"])
    #expect(try named() == nil)
    try program.run("gap.restore", ["gap": 1, "reason": "it was right"])
    #expect(try named() == 1)
  }

  @Test("Live rows of touchpoints, links, standards and measurements equal those of a replay")
  func liveEqualsReplay() throws {
    let program = try program()
    try program.run(
      "touchpoint.map", ["department": "a", "name": "Desk", "segment": "first", "stage": 4])
    try program.run("touchpoint.map", ["department": "b", "name": "Web"])
    try program.run("touchpoint.plan", ["touchpoint": 1, "item": "goal", "text": "Calm"])
    try program.run(
      "standard.set",
      ["touchpoint": 1, "metric": "answers", "target": "0.9", "from": "2024-01-01"])
    for (period, value) in [("2024-01", "0.95"), ("2024-02", "0.5"), ("2024-03", "0.6")] {
      try program.run(
        "standard.measure", ["standard": 1, "period": .string(period), "value": .string(value)])
    }
    try program.expectLiveEqualsReplay()
    try program.run("gap.record-breach", ["breach": "STD-1/2024-02"])
    try program.run("gap.amend", ["gap": 1, "touchpoint": "TP-2", "reason": "r"])
    try program.run(
      "initiative.open",
      ["department": "a", "title": "I", "step": 1, "touchpoints": ["TP-1", "TP-2"]])
    try program.run(
      "initiative.amend", ["initiative": 1, "touchpoints": ["TP-2"], "reason": "r"])
    try program.run("standard.amend", ["standard": 1, "target": "0.55", "reason": "r"])
    try program.run("standard.retire", ["standard": 1, "reason": "r"])
    try program.run("standard.reinstate", ["standard": 1])
    try program.run("standard.void", ["standard": 1, "reason": "r"])
    try program.expectLiveEqualsReplay()
    try program.run("standard.restore", ["standard": 1, "reason": "r"])
    try program.expectLiveEqualsReplay()

    let reader = try LiveReader(program.connection, programID: program.programID)
    let cards = try reader.rows(of: TouchpointScorecard.self, RowQuery())
    #expect(cards.map { $0["standards"] } == [.integer(1), .integer(0)])
    #expect(cards.map { $0["breaches"] } == [.integer(1), .integer(0)])
    #expect(cards.map { $0["open_gaps"] } == [.integer(0), .integer(1)])
    #expect(cards.map { $0["open_initiatives"] } == [.integer(0), .integer(1)])
    #expect(cards.map { $0["plan_items"] } == [.integer(1), .integer(0)])
    let missed = try reader.rows(
      of: StandardMeasurements.self, RowQuery([.equals("verdict", .text("missed"))]))
    #expect(missed.map { $0["period"] } == [.text("2024-02")])
    #expect(missed.map { $0["gap"] } == [.integer(1)])
  }

  @Test("A row names what another system knows by its id, from this run or an earlier one")
  func externalReferences() throws {
    let program = try program()
    #expect(try run(rows(target: "0.9", value: "0.8"), into: program).recorded == 3)
    let more = """
      {"command":"gap.record","department":"a","link":4,"title":"Slow","touchpoint":"@x:t1"}

      """
    #expect(try run(more, into: program).recorded == 1)
    let unknown = """
      {"command":"gap.record","department":"a","link":4,"title":"Slow","touchpoint":"@x:t9"}

      """
    #expect { try run(unknown, into: program) } throws: { error in
      (error as? RefusedRow)?.rejection.code == "import.unknown-ref"
    }
  }

  @Test("Another import over it revises what differs, and nothing else")
  func revised() throws {
    let program = try program()
    _ = try run(rows(target: "0.9", value: "0.8"), into: program)
    #expect(try run(rows(target: "0.9", value: "0.8"), into: program, revises: true).events == 0)
    #expect { try run(rows(target: "0.9", value: "0.85"), into: program) } throws: { error in
      (error as? RefusedRow)?.rejection.code == "import.changed"
    }
    let outcome = try run(
      rows(target: "0.8", value: "0.85", channel: "web"), into: program, revises: true)
    #expect(outcome.events == 3)
    #expect(outcome.revised == 3)
    let reader = try LiveReader(program.connection, programID: program.programID)
    let row = try #require(try reader.rows(of: StandardMeasurements.self, RowQuery()).first)
    #expect(row["verdict"] == .text("met"))
    // What the source said first, and says again, is a change once more.
    #expect(try run(rows(target: "0.9", value: "0.8"), into: program, revises: true).events == 3)
    #expect(try run(rows(target: "0.9", value: "0.8"), into: program, revises: true).events == 0)
    try program.expectLiveEqualsReplay()
  }

  @Test("The commands of an export lead to the same tables in an empty program")
  func roundTrip() throws {
    let program = try program()
    _ = try run(rows(target: "0.9", value: "0.8"), into: program)
    try program.run(
      "standard.revise", ["standard": 1, "target": "0.95", "from": "2025-01-01"])
    try program.run("touchpoint.plan", ["touchpoint": 1, "item": "goal", "text": "Calm"])
    try program.run("gap.record-breach", ["breach": "STD-1/2024", "severity": 2])
    try program.run("touchpoint.unplan", ["touchpoint": 1, "item": "goal"])
    try program.run("standard.retire", ["standard": 1, "reason": "r"])
    try program.run("touchpoint.retire", ["touchpoint": 1, "reason": "r"])
    let live = try LiveReader(program.connection, programID: program.programID)
    var text = ""
    try CommandExport(program.connection, programID: program.programID)
      .forEach(upTo: live.point.position) { text += JSON.object($0).canonicalText + "\n" }

    let copy = try TestProgram(slug: "copy")
    _ = try run(text, into: copy)
    let other = try LiveReader(copy.connection, programID: copy.programID)
    for projection in Projections.all where projection.table.name != "entity" {
      #expect(
        try live.rows(of: projection, RowQuery()) == other.rows(of: projection, RowQuery()),
        "\(projection.table.name)")
    }
  }
}
