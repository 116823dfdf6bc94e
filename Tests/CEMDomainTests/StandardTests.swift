import CEMDomain
import Testing

@Suite("Service standards (domain §5)") struct StandardTests {
  private let set = Step(
    "standard.set",
    [
      "touchpoint": "TP-1", "metric": "calls answered within 60 s", "target": "0.9",
      "unit": "ratio", "for": "external", "from": "2025-01-01",
    ])

  private func measure(_ period: String, _ value: String?, volume: JSON? = 100) -> Step {
    Step("standard.measure", ["standard": "STD-1", "period": .string(period)])
      .with("value", value.map(JSON.string)).with("noData", value == nil ? true : nil)
      .with("volume", volume)
  }

  private func revise(_ target: String, from: String) -> Step {
    Step(
      "standard.revise",
      ["standard": "STD-1", "target": .string(target), "from": .string(from)])
  }

  private var spec: Spec { Spec.given(touchpoint(), set) }

  private func state(_ spec: Spec) throws -> Standard {
    try #require(try spec.entity("standard/1") as? Standard)
  }

  @Test("§5: a standard sits on a touchpoint and is in force from a date") func isSet() throws {
    Spec.given().when(set).rejected("touchpoint.not-found", .notFound)
    let after = Spec.given(touchpoint()).when(set).then(
      (
        "standard.set",
        [
          "touchpoint": "TP-1", "department": "ssc", "target": "0.9", "from": "2025-01-01",
          "for": "external",
        ]
      ))
    #expect(after.record("standard/1")?.stream.reference == "STD-1")
    Spec.given(touchpoint()).when(set.with("from", nil)).then(
      ("standard.set", ["from": .string(Spec.today.description)]))
  }

  @Test("§5: an amended standard is a new version from its date") func versions() throws {
    let after = spec.when(revise("0.95", from: "2026-01-01")).then(
      (
        "standard.revised",
        ["target": "0.95", "from": "2026-01-01", "before": "0.9", "fromBefore": "2025-01-01"]
      ))
    let standard = try state(after)
    #expect(standard.version(on: Day("2024-12-31")!) == nil)
    #expect(standard.version(on: Day("2025-12-31")!)?.target?.description == "0.9")
    #expect(standard.version(on: Day("2026-01-01")!)?.target?.description == "0.95")
    after.when(revise("0.97", from: "2026-01-01")).rejected("standard.version-order")
    after.when(revise("0.95", from: "2026-01-01")).thenNothing()
    after.when(revise("0.95", from: "2025-09-01")).rejected("standard.version-order")
    after.when(revise("0.95", from: "2026-05-01")).thenNothing()
    let undone = after.whenUndone().then(("standard.reverted", [:]))
    #expect(try state(undone).versions.map(\.target?.description) == ["0.9"])
  }

  @Test("§5: a corrected date leaves every version in force from a day of its own") func dates()
    throws
  {
    func amend(_ from: JSON) -> Step {
      Step("standard.amend", ["standard": 1, "from": from, "reason": "typed wrongly"])
    }
    spec.when(amend(.null)).rejected("input.invalid", .input)
    spec.when(amend("2024-01-01")).then(("standard.amended", [:]))
    let revised = spec.given([revise("0.95", from: "2026-01-01")])
    revised.when(amend("2025-01-01")).rejected("standard.version-order")
    revised.when(amend("2024-01-01")).rejected("standard.version-order")
    let after = revised.when(amend("2025-01-02")).then(("standard.amended", [:]))
    #expect(try state(after).versions.map(\.from) == [Day("2025-01-01")!, Day("2025-01-02")!])
  }

  @Test(
    "§0, §5: a version that was recorded wrongly is corrected or dropped, and what was measured judged anew"
  )
  func correctedVersion() throws {
    func correct(_ version: JSON, _ fields: JSONObject) -> Step {
      var step = Step(
        "standard.correct-version", ["standard": 1, "version": version, "reason": "read wrongly"])
      for member in fields.members { step.fields[member.key] = member.value }
      return step
    }
    let revised = spec.given([
      revise("0.7", from: "2025-06-01"), revise("0.95", from: "2026-01-01"),
      measure("2025-06", "0.8"), measure("2025-07", "0.8"),
    ])
    func verdicts(_ spec: Spec) throws -> [String] {
      try state(spec).judgements.map(\.verdict.rawValue)
    }
    #expect(try verdicts(revised) == ["met", "met"])
    let moved = revised.when(correct("2025-06-01", ["from": "2025-07-02"])).then(
      (
        "standard.version-corrected",
        ["version": "2025-06-01", "from": "2025-07-02", "target": .null, "before": "0.7"]
      ))
    #expect(try verdicts(moved) == ["missed", "met"])
    #expect(try state(moved).details.from == Day("2026-01-01")!)
    let undone = moved.whenUndone().then(("standard.reverted", [:]))
    #expect(try verdicts(undone) == ["met", "met"])
    let raised = revised.when(correct("2025-06-01", ["target": "0.85"])).then(
      ("standard.version-corrected", ["target": "0.85"]))
    #expect(try verdicts(raised) == ["missed", "missed"])
    let dropped = revised.when(correct("2026-01-01", ["drop": true])).then(
      ("standard.version-corrected", ["drop": true]))
    #expect(try state(dropped).details.target?.description == "0.7")
    #expect(try state(dropped).versions.count == 2)
    // Of the latest version they are the recorded fields; the first may begin earlier.
    revised.when(correct("2026-01-01", ["from": "2026-11-20", "target": "0.9"])).then(
      ("standard.version-corrected", [:]))
    revised.when(correct("2025-01-01", ["from": "2024-01-01"])).then(
      ("standard.version-corrected", [:]))

    revised.when(correct("2025-01-01", ["drop": true])).rejected("standard.first-version")
    revised.when(correct("2025-06-02", ["target": "0.8"])).rejected(
      "standard.no-version", .notFound)
    for day in ["2026-01-01", "2026-02-01", "2025-01-01", "2024-12-31"] as [JSON] {
      revised.when(correct("2025-06-01", ["from": day])).rejected("standard.version-order")
    }
    revised.when(correct("2025-06-01", [:])).rejected("input.missing", .input)
    revised.when(correct("2025-06-01", ["drop": true, "target": "1"])).rejected("input.invalid")
    revised.when(correct("2025-06-01", ["target": "0.8"]).with("reason", nil))
      .rejected("reason.missing")
    revised.when(correct("2025-06-01", ["target": "0.7"])).thenNothing()
  }

  @Test("§5: the version in force on the period's last day judges, and a change within is flagged")
  func judged() throws {
    let after = spec.given([
      measure("2025-Q4", "0.92"), revise("0.95", from: "2026-02-15"),
      measure("2026-01", "0.92").on("2026-03-31"), measure("2026-02", "0.92").on("2026-03-31"),
      measure("2026-03", "0.92").on("2026-03-31"), measure("2026-Q1", "0.96").on("2026-03-31"),
    ])
    let judgements = try state(after).judgements
    #expect(
      judgements.map { "\($0.measurement.period) \($0.verdict) \($0.changedWithin)" } == [
        "2025-Q4 met false", "2026-01 met false", "2026-02 missed true", "2026-03 missed false",
        "2026-Q1 met true",
      ])
  }

  @Test(
    "§3, §5: a miss is a breach in the direction that hurts",
    arguments: [
      ("0.9", "0.9", false, "met"), ("0.9", "0.89", false, "missed"), ("60", "61", true, "missed"),
      ("60", "60", true, "met"), ("0", "0", true, "met"), ("0.9", "0", false, "missed"),
    ])
  func direction(target: String, value: String, lower: Bool, verdict: String) throws {
    let step = set.with("target", .string(target)).with("lowerIsBetter", .bool(lower))
    let after = Spec.given(touchpoint(), step, measure("2025", value))
    #expect(try state(after).standing?.verdict.rawValue == verdict)
  }

  @Test(
    "A trend goes by the direction, against the period that ended last before this one began",
    arguments: [
      (["2025-Q1 0.8", "2025-Q2 0.9"], false, "better"),
      (["2025-Q1 0.8", "2025-Q2 0.9"], true, "worse"),
      (["2025-Q1 0.9", "2025-Q2 0.9"], true, "same"), (["2025-Q1 0.9"], false, nil),
      // A quarter without data says nothing, and the year before holds none of these.
      (["2024 0.7", "2025-Q1 –", "2025-Q2 0.6"], false, "worse"),
      // A year is not compared with a quarter that it holds.
      (["2024 0.95", "2025-Q4 0.6", "2025 0.9"], false, "worse"),
      (["2025-Q4 0.6", "2025 0.9"], false, nil),
    ] as [([String], Bool, String?)])
  func trends(measured: [String], lower: Bool, trend: String?) throws {
    let steps = measured.map { text in
      let parts = text.split(separator: " ").map(String.init)
      return measure(parts[0], parts[1] == "–" ? nil : parts[1])
    }
    let promise = set.with("lowerIsBetter", .bool(lower)).with("from", "2024-01-01")
    let standard = try state(Spec.given(touchpoint(), promise).given(steps))
    #expect(standard.trend?.rawValue == trend)
    #expect((standard.standingBefore == nil) == (trend == nil))
  }

  @Test("§0, §5: no data is not zero, and without a target the verdict is unknown") func noData()
    throws
  {
    let after = spec.when(measure("2025", nil, volume: 0)).then(
      ("standard.measured", ["value": .null, "noData": true, "volume": "0"]))
    #expect(try state(after).standing?.verdict == .unknown)
    let zero = spec.when(measure("2025", "0")).then(
      ("standard.measured", ["value": "0", "noData": .null]))
    #expect(try state(zero).standing?.verdict == .missed)
    let untargeted = Spec.given(touchpoint(), set.with("target", nil), measure("2025", "0.1"))
    #expect(try state(untargeted).standing?.verdict == .unknown)
    spec.when(measure("2025", "0.5").with("noData", true)).rejected("input.invalid", .input)
    spec.when(measure("2025", nil).with("noData", nil)).rejected("input.missing", .input)
    spec.when(measure("2025", nil).with("noData", false)).rejected("input.missing", .input)
    spec.when(measure("2025", "0.5", volume: -1)).rejected("input.invalid", .input)
  }

  @Test("§0: a period is measured when it is over, and corrected for a reason") func again() throws
  {
    spec.when(measure("2026-Q2", "0.9").on("2026-06-29")).rejected("standard.period-open")
    let after = spec.when(measure("2025", "0.8")).then(
      (
        "standard.measured",
        ["first": "2025-01-01", "last": "2025-12-31", "value": "0.8", "replaces": .null]
      ))
    after.when(measure("2025", "0.80")).thenNothing()
    after.when(measure("2025", "0.85")).rejected("reason.missing")
    let corrected = after.when(measure("2025", "0.85").with("reason", "recounted")).then(
      ("standard.measured", ["replaces": true, "valueBefore": "0.8", "volumeBefore": "100"]))
    #expect(try state(corrected).judgements.count == 1)
    let undone = corrected.whenUndone().then(("standard.reverted", [:]))
    #expect(try state(undone).standing?.measurement.value?.description == "0.8")
  }

  @Test("§0: a period that goes by two names is measured once, under the first of them")
  func otherName() throws {
    let measured = spec.given([measure("2026-Q1", "0.5").on("2026-04-01")])
    // The fiscal year begins in April.
    let again = measure("FY2026-Q4", "0.6").on("2026-04-02")
    measured.when(measure("FY2026-Q4", "0.50")).thenNothing()
    measured.when(again).rejected("reason.missing")
    let after = measured.when(again.with("reason", "recounted")).then(
      ("standard.measured", ["period": "2026-Q1", "replaces": true, "valueBefore": "0.5"]))
    #expect(try state(after).life.measurements.map(\.value?.description) == ["0.6"])
    let breach = Step("gap.record-breach", ["breach": "STD-1/FY2026-Q4"])
    after.when(breach).then(
      ("gap.recorded", ["breach": "STD-1/2026-Q1"]),
      ("standard.breach-recorded", ["period": "2026-Q1"])
    ).when(breach).rejected("gap.breach-recorded")
  }

  @Test("§5: a retired standard is no longer measured, but for what was before")
  func retired() {
    let after = spec.given([
      Step("standard.retire", ["standard": 1, "reason": "ended"]).on("2026-03-15")
    ])
    after.when(revise("0.5", from: "2026-06-01")).rejected("standard.retired")
    after.when(measure("2026-Q2", "0.9")).rejected("standard.retired")
    after.when(measure("2026-Q1", "0.9")).then(("standard.measured", [:]))
  }

  @Test("§5: a breach becomes a gap in one command, which carries the figures over")
  func breach() throws {
    let missed = spec.given([measure("2025", "0.58")])
    let record = Step("gap.record-breach", ["breach": "STD-1/2025", "severity": 4])
    let after = missed.when(record).then(
      (
        "gap.recorded",
        [
          "department": "ssc", "link": "training-execution",
          "title": "calls answered within 60 s", "expected": "0.9", "perceived": "0.58",
          "unit": "ratio", "measuredOn": "2025-12-31", "touchpoint": "TP-1",
          "breach": "STD-1/2025", "severity": 4,
        ]
      ), ("standard.breach-recorded", ["period": "2025", "gap": "GAP-1"]))
    #expect(try state(after).standing?.measurement.gap == GapRef(1))
    after.when(record).rejected("gap.breach-recorded")
    after.whenUndone().rejected("undo.impossible")
    let void = Step("gap.void", ["gap": 1, "reason": "a test"])
    after.given([void.on(Spec.today.description)]).when(record).then(
      ("gap.recorded", [:]), ("standard.breach-recorded", ["gap": "GAP-2"]))
  }

  @Test("§5: a breach is one gap at a time, a restored one too") func restoredBreach() throws {
    let void = Step("gap.void", ["gap": 1, "reason": "a test"])
    let restore = Step("gap.restore", ["gap": 1, "reason": "none"])
    let record = Step("gap.record-breach", ["breach": "STD-1/2025"])
    let voided = spec.given([measure("2025", "0.58"), record, void])
    voided.when(restore).then(("gap.restored", [:]))
    let other = voided.given([record])
    other.when(restore).rejected("gap.breach-recorded")
    let back = other.given([void.with("gap", 2)]).when(restore).then(
      ("gap.restored", [:]), ("standard.breach-recorded", ["period": "2025", "gap": "GAP-1"]))
    back.when(record).rejected("gap.breach-recorded")
  }

  @Test("§5: what was met, unknown or never measured is no breach") func noBreach() {
    func record(_ breach: String) -> Step { Step("gap.record-breach", ["breach": .string(breach)]) }
    let measured = spec.given([measure("2025", "0.95"), measure("2025-Q1", nil)])
    measured.when(record("STD-1/2025")).rejected("standard.no-breach")
    measured.when(record("STD-1/2025-Q1")).rejected("standard.no-breach")
    measured.when(record("STD-1/2024")).rejected("standard.not-measured", .notFound)
    measured.when(record("STD-2/2025")).rejected("standard.not-found", .notFound)
    measured.when(record("STD-1")).rejected("input.invalid", .input)
  }

  @Test("§5: a gap that names a breach has its figures") func figures() {
    let missed = spec.given([measure("2025", "0.58")])
    let own = gap(expected: "0.9", perceived: "0.58").with("breach", "STD-1/2025")
      .with("touchpoint", "TP-1")
    missed.when(own).then(("gap.recorded", [:]), ("standard.breach-recorded", [:]))
    missed.when(own.with("perceived", "0.6")).rejected("gap.breach-differs")
    missed.when(own.with("touchpoint", nil)).rejected("gap.breach-differs")
    missed.given([own]).when(
      Step("gap.amend", ["gap": 1, "breach": .null, "reason": "r"])
    ).rejected("gap.settled")
  }

  @Test(
    "§0: a period's first and last day, by the calendar or the program's fiscal year",
    arguments: [
      ("2026", 4, "2026-01-01", "2026-12-31"), ("2024-02", 4, "2024-02-01", "2024-02-29"),
      ("2026-Q3", 4, "2026-07-01", "2026-09-30"), ("FY2026", 4, "2025-04-01", "2026-03-31"),
      ("FY2026-Q4", 4, "2026-01-01", "2026-03-31"), ("FY2026", 1, "2026-01-01", "2026-12-31"),
      ("FY2026-Q1", 10, "2025-10-01", "2025-12-31"),
    ])
  func periods(text: String, start: Int, first: String, last: String) throws {
    let days = try Period(scalar: text).days(fiscalYearStart: start)
    #expect(days.lowerBound.description == first)
    #expect(days.upperBound.description == last)
  }

  @Test(
    "What is no period is refused",
    arguments: ["", "26", "2026-Q5", "2026-13", "2026-1", "FY26", "FY2026-04", "2026-01-01", "Q1"])
  func noPeriod(text: String) {
    #expect(throws: FieldError.self) { try Period(scalar: text) }
  }
}
