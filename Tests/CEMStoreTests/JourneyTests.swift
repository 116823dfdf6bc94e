import CEMDomain
import CEMTestSupport
import Postgres
import RandomPrograms
import Testing

@testable import CEMStore

/// The customer's journey as `cem touchpoint journey` and as `cem_bi.journey` count it.
@Suite("The customer's journey (domain §4)", .database(.migrated)) struct JourneyTests {
  /// The view's rows of a stage together, as a dashboard adds them up, in the columns of a `JourneyRow`.
  private func shown(_ department: String? = nil, _ segment: String? = nil) throws -> [[String]] {
    let reader = try TestDatabase.current.connect(user: "reader")
    let conditions: SQL = """
      (\(department)::text IS NULL OR department = \(department)) \
      AND (\(segment)::text IS NULL OR segment = \(segment) OR segment IS NULL)
      """
    let rows = try reader.query(
      """
      SELECT rank, min(stage), concat_ws(' ', sum(touchpoints), sum(moments_of_truth), sum(plan_items), \
      sum(standards), sum(standards_missed), sum(open_gaps), sum(insights), sum(leaves), sum(stays), \
      sum(good_peaks), sum(bad_peaks)), trim_scale(max(leaving_share))::text, \
      trim_scale(round(sum(plan_items) / nullif(12.0 * sum(touchpoints), 0), 2))::text \
      FROM cem_bi.journey WHERE \(conditions) GROUP BY rank ORDER BY rank
      """
    ).decode((Int, String?, String, String?, String?).self)
    for (rank, stage, _, _, _) in rows {
      #expect((JourneyStage.allCases.map(\.rawValue) + [nil])[rank - 1] == stage)
    }
    return rows.map { [$0.1 ?? "none", $0.2, $0.3 ?? "–", $0.4 ?? "–"] }
  }

  private func told(_ rows: [JourneyRow]) -> [[String]] {
    rows.filter { !$0.isEmpty }.map { row in
      let counts = [
        row.touchpoints, row.momentsOfTruth, row.planItems, row.standards, row.standardsMissed,
        row.openGaps, row.insights, row.leaves, row.stays, row.goodPeaks, row.badPeaks,
      ]
      return [
        row.stage?.rawValue ?? "none", counts.map(String.init).joined(separator: " "),
        row.leavingShare.map(\.description) ?? "–", row.planShare.map(\.description) ?? "–",
      ]
    }
  }

  private func live(_ program: TestProgram) throws -> LiveReader {
    try LiveReader(program.connection, programID: program.programID)
  }

  @Test("§4: the journey counts what is there at each stage, in cem_bi and in a replay alike")
  func stages() throws {
    let program = try TestProgram()
    for code in ["a", "b"] {
      try program.run("department.register", ["code": .string(code), "name": "D"])
      try program.run("segment.define", ["code": .string("of-" + code), "name": "S"])
    }
    func map(_ department: String, _ fields: JSONObject) throws {
      var fields = fields
      fields["department"] = .string(department)
      fields["name"] = "T"
      try program.run("touchpoint.map", fields)
    }
    func insight(_ segment: String, _ fields: JSONObject) throws {
      var fields = fields
      fields["segment"] = .string(segment)
      for (key, value) in ["question": "reactions", "finding": "f", "plane": "usage"] {
        fields[key] = .string(value)
      }
      try program.run("insight.record", fields)
    }
    try map("a", ["stage": "learn", "momentOfTruth": true])
    try map("a", ["stage": "learn", "segment": "of-b"])
    try map("b", ["stage": "buy"])
    try map("b", [:])
    try map("b", ["stage": "use"])
    try map("b", ["stage": "use"])
    for item in ["plan", "goal", "audience"] {
      try program.run("touchpoint.plan", ["touchpoint": 1, "item": .string(item), "text": "t"])
    }
    for target in ["0.9", "0.1"] {
      try program.run(
        "standard.set",
        ["touchpoint": 3, "metric": "m", "target": .string(target), "from": "2024-01-01"])
    }
    for standard in [1, 2] {
      try program.run(
        "standard.measure", ["standard": .int(Int64(standard)), "period": "2024", "value": "0.5"])
    }
    for touchpoint: JSON in [3, 3, 4, .null] {
      try program.run(
        "gap.record", ["department": "a", "link": 1, "title": "G", "touchpoint": touchpoint])
    }
    try program.run("gap.close", ["gap": 1, "resolution": "r"])
    try insight("of-a", ["touchpoint": 3, "outcome": "leaves", "share": "0.25", "peak": "bad"])
    try insight("of-b", ["touchpoint": 3, "outcome": "leaves", "share": "0.4", "department": "a"])
    try insight("of-a", ["touchpoint": 3, "stage": "evaluate", "outcome": "stays", "share": "0.9"])
    try insight("of-a", ["stage": "learn", "outcome": "leaves", "peak": "good"])
    try insight("of-b", ["peak": "good"])
    try insight("of-a", ["touchpoint": 5, "outcome": "stays"])
    try insight("of-a", ["touchpoint": 6, "outcome": "stays", "stage": "use"])
    try insight("of-a", ["stage": "buy", "outcome": "leaves", "share": "1"])
    try program.run("insight.void", ["insight": 8, "reason": "r"])
    // Where nobody meets the company any more, customers have felt what they felt.
    try program.run("touchpoint.retire", ["touchpoint": 5, "reason": "r"])
    try program.run("touchpoint.void", ["touchpoint": 6, "reason": "r"])

    let expected = [
      ["learn", "2 1 3 0 0 0 1 1 0 1 0", "–", "0.13"],
      ["evaluate", "0 0 0 0 0 0 1 0 1 0 0", "–", "–"],
      ["buy", "1 0 0 2 1 1 2 2 0 0 1", "0.4", "0"],
      ["use", "0 0 0 0 0 0 2 0 2 0 0", "–", "–"],
      ["none", "1 0 0 0 0 1 1 0 0 1 0", "–", "0"],
    ]
    #expect(try told(live(program).journey()) == expected)
    #expect(try shown() == expected)
    let a = [
      ["learn", "2 1 3 0 0 0 0 0 0 0 0", "–", "0.13"],
      ["buy", "0 0 0 0 0 0 1 1 0 0 0", "0.4", "–"],
    ]
    #expect(try told(live(program).journey(of: DepartmentCode(scalar: "a"))) == a)
    #expect(try shown("a") == a)
    let ofA = [
      ["learn", "1 1 3 0 0 0 1 1 0 1 0", "–", "0.25"],
      ["evaluate", "0 0 0 0 0 0 1 0 1 0 0", "–", "–"],
      ["buy", "1 0 0 2 1 1 1 1 0 0 1", "0.25", "0"], ["use", "0 0 0 0 0 0 2 0 2 0 0", "–", "–"],
      ["none", "1 0 0 0 0 1 0 0 0 0 0", "–", "0"],
    ]
    #expect(try told(live(program).journey(segment: SegmentCode(scalar: "of-a"))) == ofA)
    #expect(try shown(nil, "of-a") == ofA)
    try program.expectLiveEqualsReplay()
  }

  /// A command that changes what the journey counts, valid or not.
  private func command(_ random: inout SeededGenerator) -> (String, JSONObject) {
    var fields: JSONObject = ["reason": "r"]
    func set(_ key: String, _ values: [JSON], _ percent: Int = 100) {
      if random.chance(percent) { fields[key] = random.pick(values) }
    }
    let numbers: [JSON] = [1, 2, 3, 4, 5, 6]
    let stages: [JSON] = ["learn", "evaluate", "enquire", "buy", "use"]
    let (segments, departments): ([JSON], [JSON]) = (["of-a", "of-b"], ["a", "b"])
    let name = random.pick([
      "touchpoint.map", "touchpoint.map", "touchpoint.amend", "touchpoint.plan",
      "touchpoint.retire", "touchpoint.reinstate", "touchpoint.void", "touchpoint.restore",
      "insight.record", "insight.record", "insight.record", "insight.amend", "insight.void",
      "insight.restore", "gap.record", "gap.close", "gap.void", "standard.set",
      "standard.measure", "standard.retire", "standard.void",
    ])
    switch name {
    case "touchpoint.map":
      (fields["department"], fields["name"]) = (random.pick(departments), "T")
      set("stage", stages, 70)
      set("segment", segments, 40)
      set("momentOfTruth", [true], 40)
    case "touchpoint.amend":
      set("touchpoint", numbers)
      set("stage", stages + [.null], 60)
      set("segment", segments + [.null], 40)
      set("department", departments, 30)
    case "touchpoint.plan":
      set("touchpoint", numbers)
      (fields["item"], fields["text"]) = (random.pick([1, 2, 3, 4]), "t")
    case "insight.record", "insight.amend":
      if name == "insight.amend" {
        set("insight", numbers)
      } else {
        (fields["question"], fields["finding"], fields["plane"]) = ("reactions", "f", "usage")
        set("segment", segments)
      }
      set("department", departments, 30)
      set("touchpoint", numbers, 60)
      set("stage", stages, 40)
      set("outcome", ["stays", "leaves"], 60)
      set("share", ["0.25", "0.4", "0.333333"], 40)
      set("peak", ["good", "bad"], 40)
    case "gap.record":
      (fields["department"], fields["link"], fields["title"]) = (random.pick(departments), 1, "G")
      set("touchpoint", numbers, 80)
    case "gap.close": (fields["gap"], fields["resolution"]) = (random.pick(numbers), "r")
    case "standard.set":
      (fields["metric"], fields["from"]) = ("m", "2024-01-01")
      set("touchpoint", numbers)
      set("target", ["0.1", "0.9"])
    case "standard.measure":
      (fields["period"], fields["value"]) = (random.pick(["2024-Q1", "2024-Q2"]), "0.5")
      set("standard", numbers)
    default: set(String(name.prefix { $0 != "." }), numbers)
    }
    return (name, fields)
  }

  @Test("So it does in random programs, of each department and segment", arguments: 0..<4)
  func random(number: UInt64) throws {
    let program = try TestProgram()
    for code in ["a", "b"] {
      try program.run("department.register", ["code": .string(code), "name": "D"])
      try program.run("segment.define", ["code": .string("of-" + code), "name": "S"])
    }
    var random = SeededGenerator(7_100 + number)
    for _ in 0..<250 {
      let (name, fields) = command(&random)
      _ = try? program.run(name, fields)
    }
    let live = try live(program)
    let past = try PastReader(program.connection, programID: program.programID, point: live.point)
    var counted = 0
    let departments = try live.records(of: .department).map(\.stream.code) + [nil]
    for department in departments {
      if let code = try department.map({ try DepartmentCode(scalar: $0) }) {
        // What is behind the rows.
        let insights = try live.journey(of: code).reduce(0) { $0 + $1.insights }
        for reader in [live, past] as [any ProgramReader] {
          #expect(try reader.insights(of: code).count { !$0.isVoided } == insights, "\(code)")
        }
      }
      for segment in try live.records(of: .segment).map(\.stream.code) + [nil] {
        let rows = try live.journey(
          of: department.map { try DepartmentCode(scalar: $0) },
          segment: segment.map { try SegmentCode(scalar: $0) })
        #expect(
          try told(rows) == shown(department, segment),
          "CEM_SEED, program \(number), \(department ?? "all"), \(segment ?? "all")")
        #expect(
          try rows
            == past.journey(
              of: department.map { try DepartmentCode(scalar: $0) },
              segment: segment.map { try SegmentCode(scalar: $0) }))
        counted += rows.reduce(0) { $0 + $1.leaves + $1.stays + $1.goodPeaks + $1.badPeaks }
      }
    }
    #expect(counted > 0)
  }
}
