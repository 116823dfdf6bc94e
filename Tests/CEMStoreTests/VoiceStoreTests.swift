import CEMDomain
import CEMStore
import CEMTestSupport
import Postgres
import Testing

@Suite("Surveys, channels, insights and notes through the store", .database(.migrated))
struct VoiceStoreTests {
  private func program() throws -> TestProgram {
    let program = try TestProgram()
    try program.run("person.add", ["id": "lead", "name": "CX lead", "on": "2024-01-02"])
    try program.run("department.register", ["code": "a", "name": "A", "on": "2024-01-02"])
    try program.run("segment.define", ["code": "first", "name": "First-time", "on": "2024-01-02"])
    return program
  }

  private func survey(
    _ program: TestProgram, _ audience: String, _ agree: String, _ sample: Int
  ) throws {
    try program.run(
      "survey.record",
      [
        "department": "a", "period": "2024-Q1", "audience": .string(audience),
        "agree": .string(agree), "sample": .int(Int64(sample)), "on": "2024-04-10",
      ])
  }

  @Test("Surveys of one period are pooled by their samples; a voided one adds nothing")
  func deliveryGap() throws {
    let program = try program()
    try survey(program, "employees", "0.8", 50)
    try survey(program, "customers", "0.1", 300)
    try survey(program, "customers", "0.5", 100)
    try program.expectLiveEqualsReplay()
    func row() throws -> (String?, String?, String?) {
      try program.connection.query(
        "SELECT employees_share::text, customers_share::text, gap::text FROM cem.delivery_gap"
      ).decode((String?, String?, String?).self)[0]
    }
    #expect(try row() == ("0.800000", "0.200000", "0.600000"))
    try program.run("survey.void", ["survey": 3, "reason": "asked twice"])
    #expect(try row() == ("0.800000", "0.100000", "0.700000"))
    try program.run("survey.void", ["survey": 1, "reason": "asked twice"])
    #expect(try row() == (nil, "0.100000", nil))
    try program.expectLiveEqualsReplay()
    try program.run("survey.restore", ["survey": 1, "reason": "not twice"])
    try program.run("survey.amend", ["survey": 1, "sample": 60, "agree": "0.9", "reason": "late"])
    #expect(try row() == ("0.900000", "0.100000", "0.800000"))
    try program.expectLiveEqualsReplay()
  }

  @Test("Live rows of channels, insights and notes equal those of a replay")
  func liveEqualsReplay() throws {
    let program = try program()
    try program.run("gap.record", ["department": "a", "link": 1, "title": "Wait"])
    try program.run("channel.declare", ["department": "a", "name": "Panel", "owner": "lead"])
    try program.run("channel.audit", ["channel": 1, "findings": "silent"])
    try program.run("channel.plan", ["channel": 1, "plan": "ask weekly"])
    try program.run(
      "insight.record",
      [
        "question": "emotions", "finding": "People feel lost", "segment": "first",
        "plane": "usage", "gaps": ["GAP-1"],
      ])
    try program.run("note.add", ["about": "GAP-1", "text": "Look again", "labels": ["people"]])
    try program.expectLiveEqualsReplay()
    try program.run("insight.amend", ["insight": 1, "gaps": .null, "reason": "r"])
    try program.run("undo", ["position": 10, "reason": "r"])
    try program.run("note.void", ["note": 1, "reason": "r"])
    try program.expectLiveEqualsReplay()
  }

  @Test("A search finds words in any script, whatever their case, and what they stand in")
  func search() throws {
    let program = try program()
    try program.run("gap.record", ["department": "a", "link": 1, "title": "Callers WAIT 100%"])
    try program.run("gap.record", ["department": "a", "link": 1, "title": "客户等待太久"])
    try program.run("gap.record", ["department": "a", "link": 1, "title": "Клієнти ЧЕКАЮТЬ довго"])
    try program.run("note.add", ["about": "GAP-1", "text": "a \"second\" menu\\path"])
    try program.run("gap.void", ["gap": 1, "reason": "r"])
    try program.run("gap.restore", ["gap": 1, "reason": "wait no more"])
    let live = try LiveReader(program.connection, programID: program.programID)
    let past = try PastReader(program.connection, programID: program.programID, point: live.point)
    func found(_ text: String) throws -> [String] {
      let words = SearchWords(text)
      let hits = try live.search(words, among: EntityKind.allCases)
      let earlier = try past.search(words, among: EntityKind.allCases)
      #expect(hits.map(\.record.stream) == earlier.map(\.record.stream), "\(text)")
      return hits.map(\.record.stream.reference)
    }
    #expect(try found("wait") == ["GAP-1"])
    #expect(try found("CALLERS 100%") == ["GAP-1"])
    #expect(try found("100_") == [])
    #expect(try found("等待") == ["GAP-2"])
    #expect(try found("чекають") == ["GAP-3"])
    #expect(try found("\"second\" menu\\path") == ["NOTE-1"])
    #expect(try found("training-execution") == [])
    #expect(try found("wait menu") == [])
    try program.run("gap.void", ["gap": 2, "reason": "r"])
    #expect(
      try LiveReader(program.connection, programID: program.programID)
        .search(SearchWords("等待"), among: [.gap]).isEmpty)
  }

  @Test("The agenda holds what waits on a day, what hurts most first")
  func agenda() throws {
    let program = try program()
    try program.run("person.add", ["id": "kim", "name": "Kim", "on": "2024-02-01"])
    func gap(_ title: String, due: String, severity: Int64) throws {
      try program.run(
        "gap.record",
        [
          "department": "a", "link": 1, "title": .string(title), "due": .string(due),
          "severity": .int(severity), "owner": "kim", "on": "2024-02-01",
        ])
    }
    try gap("slight", due: "2024-05-01", severity: 1)
    try gap("grave", due: "2024-05-20", severity: 5)
    try gap("near", due: "2024-06-10", severity: 3)
    try gap("far", due: "2024-07-10", severity: 3)
    try program.run(
      "gap.accept", ["gap": 4, "until": "2024-05-30", "reason": "dear", "on": "2024-02-02"])
    try program.run(
      "evidence.add", ["title": "Minutes", "expires": "2024-06-20", "on": "2024-02-01"])
    try program.run(
      "initiative.open", ["department": "a", "title": "Ask", "step": 1, "on": "2024-02-01"])
    try program.run("initiative.start", ["initiative": 1, "on": "2024-02-02"])
    try program.run(
      "channel.declare", ["department": "a", "name": "Panel", "on": "2024-02-03"])
    // What is left behind in a department that is gone waits for nobody.
    try program.run("department.register", ["code": "b", "name": "B", "on": "2024-02-03"])
    try program.run(
      "channel.declare", ["department": "b", "name": "Box", "owner": "kim", "on": "2024-02-03"])
    try program.run("department.retire", ["department": "b", "reason": "r", "on": "2024-02-04"])
    let reader = try LiveReader(program.connection, programID: program.programID)
    func lines(_ day: String) throws -> [String] {
      try items(on: day, reader)
        .map { "\($0.kind.rawValue) \($0.record.stream.reference) \($0.days ?? 0)" }
    }
    #expect(
      try lines("2024-06-01") == [
        "overdue GAP-2 -12", "overdue GAP-1 -31", "to-review GAP-4 -2", "stuck INI-1 -120",
        "expiring EV-1 19", "due GAP-3 9",
      ])
    #expect(try lines("2024-02-10") == [])
    #expect(try lines("2025-03-01").contains("to-review CH-1 -27"))
    #expect(try !lines("2025-03-01").contains { $0.hasPrefix("to-review CH-2") })
  }

  /// The agenda of a day; what of it is somebody's waits for them, too.
  private func items(on text: String, _ reader: LiveReader) throws -> [AgendaItem] {
    let day = try #require(Day(text))
    let items = try reader.agenda(on: day).items
    let kim = try PersonID(scalar: "kim")
    #expect(
      try reader.agenda(on: day, of: reader.records(ownedBy: kim)).items
        == items.filter { $0.record.entity.state.owner == kim }, "\(text)")
    return items
  }

  @Test("§5: an open gap whose breach was none after all waits until it is reassessed or voided")
  func unfounded() throws {
    let program = try program()
    try program.run(
      "touchpoint.map", ["department": "a", "name": "Hotline", "on": "2024-02-01"])
    try program.run(
      "standard.set",
      [
        "touchpoint": 1, "metric": "answers", "target": "0.9", "unit": "ratio",
        "from": "2023-01-01", "on": "2024-02-01",
      ])
    let measure: JSONObject = ["standard": 1, "period": "2024-01", "on": "2024-02-02"]
    func measured(_ value: JSON) throws {
      var fields = measure
      fields["value"] = value
      fields["reason"] = "recount"
      try program.run("standard.measure", fields)
    }
    try program.run("person.add", ["id": "kim", "name": "Kim", "on": "2024-02-01"])
    func lines() throws -> [String] {
      try items(
        on: "2024-02-03", LiveReader(program.connection, programID: program.programID)
      )
      .map { "\($0.kind.rawValue) \($0.record.stream.reference) \($0.days ?? 0)" }
    }
    try measured("0.4")
    try program.run(
      "gap.record-breach", ["breach": "STD-1/2024-01", "owner": "kim", "on": "2024-02-02"])
    #expect(try lines() == [])
    try measured("0.95")
    #expect(try lines() == ["unfounded GAP-1 -1"])
    try program.run(
      "gap.reassess", ["gap": 1, "perceived": "0.95", "on": "2024-02-02"])
    #expect(try lines() == [])
    // What is promised less is no breach, either.
    try program.run(
      "standard.measure", ["standard": 1, "period": "2023-12", "value": "0.8", "on": "2024-02-02"])
    try program.run("gap.record-breach", ["breach": "STD-1/2023-12", "on": "2024-02-02"])
    try program.run(
      "standard.correct-version",
      ["standard": 1, "version": "2023-01-01", "target": "0.7", "reason": "r", "on": "2024-02-02"])
    #expect(try lines() == ["unfounded GAP-2 -1"])
    try program.run("gap.void", ["gap": 2, "reason": "no breach", "on": "2024-02-02"])
    #expect(try lines() == [])
    // Nor is what was never promised.
    try program.run(
      "standard.measure", ["standard": 1, "period": "2023-11", "value": "0.6", "on": "2024-02-02"])
    try program.run(
      "gap.record-breach", ["breach": "STD-1/2023-11", "owner": "kim", "on": "2024-02-02"])
    try program.run("standard.retire", ["standard": 1, "reason": "r", "on": "2024-02-02"])
    #expect(try lines() == [])
    try program.run("standard.void", ["standard": 1, "reason": "r", "on": "2024-02-02"])
    #expect(try lines() == ["unfounded GAP-3 -1"])
  }

  @Test("§3: an initiative under way whose platform or waiver counts no more lacks support")
  func unsupportedInitiative() throws {
    let program = try program()
    try program.run("person.add", ["id": "kim", "name": "Kim", "on": "2024-01-02"])
    try program.run(
      "platform.state", ["title": "Calm", "promise": "We answer.", "on": "2024-01-02"])
    let open: JSONObject = [
      "department": "a", "title": "Tell", "step": 4, "owner": "kim", "on": "2024-01-10",
    ]
    for other: (String, JSON, String?) in [
      ("platform", "PLT-1", nil), ("waivePlatform", "prescribed", "2024-01-31"),
      ("waivePlatform", "prescribed", nil), ("waivePlatform", "prescribed", "2024-01-31"),
    ] {
      var fields = open
      fields[other.0] = other.1
      fields["until"] = other.2.map(JSON.string)
      try program.run("initiative.open", fields)
    }
    // The last one is only opened.
    for number in 1...3 as ClosedRange<Int64> {
      try program.run("initiative.start", ["initiative": .int(number), "on": "2024-01-11"])
    }
    func unsupported(_ day: String) throws -> [String] {
      try items(on: day, LiveReader(program.connection, programID: program.programID))
        .filter { $0.kind == .unsupported }
        .map { "\($0.record.stream.reference) \($0.title ?? "")" }
    }
    #expect(try unsupported("2024-01-31") == [])
    #expect(try unsupported("2024-02-01") == ["INI-2 Tell"])
    try program.run("waiver.revoke", ["waiver": 2, "reason": "r", "on": "2024-02-02"])
    try program.run("platform.void", ["platform": 1, "reason": "r", "on": "2024-02-02"])
    #expect(try unsupported("2024-02-02") == ["INI-1 Tell", "INI-2 Tell", "INI-3 Tell"])
    try program.run("initiative.waive", ["initiative": 2, "reason": "r", "on": "2024-02-02"])
    try program.run("initiative.hold", ["initiative": 3, "reason": "r", "on": "2024-02-02"])
    #expect(try unsupported("2024-02-02") == ["INI-1 Tell"])
    try program.expectLiveEqualsReplay()
  }

  @Test("A level whose evidence has expired stands first on the agenda")
  func unsupported() throws {
    let program = try program()
    try program.run(
      "maturity.assess",
      ["department": "a", "level": 0, "rationale": "r", "on": "2024-02-01"])
    for action in ["0.1", "0.2"] {
      try program.run(
        "maturity.action.complete",
        [
          "department": "a", "action": .string(action), "evidence": "Minutes",
          "expires": "2024-03-31", "on": "2024-02-01",
        ])
    }
    try program.run(
      "maturity.advance", ["department": "a", "rationale": "r", "on": "2024-02-02"])
    let reader = try LiveReader(program.connection, programID: program.programID)
    #expect(
      try reader.agenda(on: Day("2024-03-31")!).items.filter { $0.kind == .unsupported } == [])
    let items = try reader.agenda(on: Day("2024-04-01")!).items
    #expect(items.first?.kind == .unsupported)
    #expect(items.first?.record.stream.description == "maturity/a")
  }
}
