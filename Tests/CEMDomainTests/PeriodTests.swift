import CEMDomain
import RandomPrograms
import Testing

@Suite("Periods (domain §0)") struct PeriodTests {
  @Test(
    "§0: a period is a stretch of days",
    arguments: [
      ("2026", 1, "2026-01-01", "2026-12-31"), ("2026", 4, "2026-01-01", "2026-12-31"),
      ("2026-Q3", 1, "2026-07-01", "2026-09-30"), ("2026-Q4", 4, "2026-10-01", "2026-12-31"),
      ("2024-02", 1, "2024-02-01", "2024-02-29"), ("2026-12", 1, "2026-12-01", "2026-12-31"),
      ("FY2026", 4, "2025-04-01", "2026-03-31"), ("FY2000", 10, "1999-10-01", "2000-09-30"),
      ("FY2026-Q4", 4, "2026-01-01", "2026-03-31"), ("FY2026-Q1", 7, "2025-07-01", "2025-09-30"),
      ("FY2026", 1, "2026-01-01", "2026-12-31"), ("FY2026-Q2", 1, "2026-04-01", "2026-06-30"),
    ])
  func days(text: String, fiscalYearStart: Int, first: String, last: String) throws {
    let days = try Period(scalar: text).days(fiscalYearStart: fiscalYearStart)
    #expect(days.lowerBound.description == first)
    #expect(days.upperBound.description == last)
  }

  @Test(
    "§0: anything else is refused",
    arguments: [
      "", "26", "2026-", "2026-Q5", "2026-Q0", "2026-13", "2026-00", "2026-7", "2026Q3", "0000",
      "FY", "FY2026-07", "FY2025/27", "FY2025/6", "2025/26", "2026-Q3 ", "q3", "2026-Q٣",
    ])
  func refuses(text: String) {
    #expect(throws: FieldError.self) { try Period(scalar: text) }
  }

  @Test(
    "§0: a period reads back from its name",
    arguments: ["2026", "2026-Q3", "2026-07", "FY2026", "FY2026-Q3"])
  func names(text: String) throws { #expect(try Period(scalar: text).description == text) }
}

@Suite("What had happened by a day (domain §0)") struct PeriodFoldTests {
  private let gap = Step(
    "gap.record",
    [
      "department": "ssc", "link": "undiagnosed", "title": "Slow", "expected": "0.9",
      "perceived": "0.5", "unit": "ratio", "severity": 2,
    ])

  /// The gap as known after all steps, by the end of March; the steps carry their dates.
  private func inMarch(_ steps: Step...) throws -> EntityRecord? {
    var spec = Spec.given(gap.on("2026-03-01"))
    spec = spec.given(steps)
    return folded(spec, "gap/1")
  }

  @Test("§0: a correction of a pilot's result counts where the pilot does") func pilots() throws {
    func step(_ verb: String, _ fields: JSONObject, _ day: String) -> Step {
      var step = Step("initiative.\(verb)", fields).on(day)
      step.fields["initiative"] = 1
      return step
    }
    let opened = Spec.given(
      Step("initiative.open", ["department": "ssc", "title": "Call back", "step": 1]),
      step("pilot.start", [:], "2026-02-02"),
      step("pilot.conclude", ["cost": 100, "benefit": 2, "verdict": "repeat"], "2026-03-02"))
    let correct = step("pilot.correct", ["cost": 10, "reason": "r"], "2026-05-02")
    func cost(_ spec: Spec) throws -> String? {
      guard case .initiative(let initiative)? = folded(spec, "initiative/1")?.entity else {
        return nil
      }
      return initiative.life.lastPilot?.result.cost.description
    }
    #expect(try cost(opened.given([correct])) == "10")
    let undone = opened.given([correct])
    let undo = Step("undo", ["position": .int(Int64(undone.machine.log.count)), "reason": "r"])
    #expect(try cost(undone.given([undo.on("2026-06-01")])) == "100")
    // Another pilot was concluded after the end of March: that is corrected.
    let second = opened.given([
      step("pilot.start", [:], "2026-04-01"),
      step("pilot.conclude", ["cost": 7, "benefit": 2, "verdict": "scale"], "2026-04-02"),
    ])
    #expect(try cost(second.given([correct])) == "100")
  }

  private func folded(_ spec: Spec, _ stream: String) -> EntityRecord? {
    var fold = PeriodFold(through: Day("2026-03-31")!)
    var state = ProgramState.complete
    for event in spec.machine.log {
      if let counted = fold.counted(event, state.entities[event.stream]) {
        state.evolve(with: counted)
      }
    }
    return StreamID(stream).flatMap { state.entities[$0] }
  }

  private func reassess(_ value: String, _ day: String) -> Step {
    Step("gap.reassess", ["gap": "GAP-1", "perceived": .string(value)]).on(day)
  }

  private func amend(_ field: String, _ value: JSON, _ day: String) -> Step {
    Step("gap.amend", ["gap": "GAP-1", field: value, "reason": "wrong"]).on(day)
  }

  @Test("§0: what happened later does not count") func later() throws {
    let record = try inMarch(
      reassess("0.6", "2026-03-31"), reassess("0.7", "2026-04-01"),
      Step("gap.close", ["gap": "GAP-1", "resolution": "done", "unmetReason": "enough"])
        .on("2026-04-02"))
    #expect(record?.fields["perceived"] == "0.6")
    #expect(record?.fields["state"] == "open")
  }

  @Test("§0: a later correction of what stood then counts") func corrections() throws {
    #expect(try inMarch(amend("severity", 5, "2026-05-01"))?.fields["severity"] == 5)
    #expect(
      try inMarch(Step("gap.void", ["gap": "GAP-1", "reason": "twice"]).on("2026-05-01"))?.isVoided
        == true)
    let back = try inMarch(
      Step("gap.void", ["gap": "GAP-1", "reason": "twice"]).on("2026-05-01"),
      Step("gap.restore", ["gap": "GAP-1", "reason": "not twice"]).on("2026-05-02"))
    #expect(back?.isVoided == false)
  }

  @Test("§0: a correction of what came later does not") func correctionsOfLater() throws {
    let record = try inMarch(
      reassess("0.7", "2026-04-01"), amend("perceived", "0.8", "2026-05-01"),
      amend("severity", 4, "2026-05-02"))
    #expect(record?.fields["perceived"] == "0.5")
    #expect(record?.fields["severity"] == 4)
  }

  @Test("§0: a correction counts field by field") func byField() throws {
    let both = Step(
      "gap.amend", ["gap": "GAP-1", "perceived": "0.8", "severity": 5, "reason": "wrong"])
    let record = try inMarch(reassess("0.7", "2026-04-01"), both.on("2026-05-01"))
    #expect(record?.fields["perceived"] == "0.5")
    #expect(record?.fields["severity"] == 5)
  }

  @Test("§0: a correction of what came later does not, whatever the value was before")
  func sameValue()
    throws
  {
    let record = try inMarch(
      reassess("0.6", "2026-04-01"), reassess("0.5", "2026-05-01"),
      amend("perceived", "0.55", "2026-05-02"), amend("perceived", "0.56", "2026-05-03"))
    #expect(record?.fields["perceived"] == "0.5")
    // A step that was taken back changed nothing, and what is corrected is what stood before it.
    let undone = Spec.given(gap.on("2026-03-01")).given([reassess("0.6", "2026-04-01")])
      .whenUndone().after.given([amend("perceived", "0.55", "2026-06-30")])
    #expect(folded(undone, "gap/1")?.fields["perceived"] == "0.55")
  }

  @Test("§0: a thing that moved and came back stays where it was, wherever it is corrected to")
  func moved() {
    let spec = Spec.given(gap.on("2026-03-01")).given([
      Step("department.retire", ["department": "ssc", "into": "billing", "reason": "one"])
        .on("2026-04-01"),
      Step("department.reinstate", ["department": "ssc", "withWork": true]).on("2026-05-01"),
      Step("department.register", ["code": "late", "name": "Late"]).on("2026-05-02"),
      amend("department", "late", "2026-05-03"),
    ])
    #expect(spec.record("gap/1")?.fields["department"] == "late")
    #expect(folded(spec, "gap/1")?.fields["department"] == "ssc")
  }

  @Test("§0: a step taken back counts where the step does") func reversions() throws {
    let close = Step(
      "gap.close", ["gap": "GAP-1", "resolution": "done", "unmetReason": "enough"])
    func undo(_ spec: Spec) -> Spec {
      let position = JSON.int(Int64(spec.machine.log.count))
      return spec.given([
        Step("undo", ["position": position, "reason": "mistake"]).on("2026-05-01")
      ])
    }
    let inTime = undo(Spec.given(gap.on("2026-03-01"), close.on("2026-03-02")))
    #expect(folded(inTime, "gap/1")?.fields["state"] == "open")
    let late = undo(Spec.given(gap.on("2026-03-01"), close.on("2026-04-02")))
    #expect(folded(late, "gap/1")?.fields["state"] == "open")
    #expect(folded(late, "gap/1")?.fields["reopenings"] == 0)
  }

  @Test("§0: a corrected level counts where the level does") func levels() throws {
    func assess(_ level: Int64) -> Step {
      Step(
        "maturity.assess", ["department": "ssc", "level": .int(level), "rationale": "seen"])
    }
    func correct(_ level: Int64) -> Step {
      Step("maturity.correct", ["department": "ssc", "to": .int(level), "reason": "typed wrongly"])
    }
    func level(_ steps: Step...) -> JSON? {
      folded(Spec.given(assess(3).on("2026-03-01")).given(steps), "maturity/ssc")?.fields["level"]
    }
    #expect(level() == 3)
    #expect(level(correct(2).on("2026-05-01")) == 2)
    // The second assessment is later, and so is its correction; what stood in March is not touched.
    #expect(level(assess(1).on("2026-04-01"), correct(3).on("2026-05-01")) == 3)
    #expect(level(assess(1).on("2026-04-01"), correct(2).on("2026-05-01")) == 3)
  }

  @Test("§0: whatever an undo takes back counts where that does", arguments: 0..<5)
  func undone(number: Int) throws {
    let finish = complete("ssc", "0.1").on("2026-03-01")
    let (stream, before, step): (String, [Step], Step) =
      [
        ("gap/1", [], Step("gap.diagnose", ["gap": 1, "link": 1])),
        ("maturity/ssc", [], complete("ssc", "0.2")),
        ("maturity/ssc", [finish], complete("ssc", "0.1", evidence: "other minutes")),
        (
          "maturity/ssc", [finish],
          Step("maturity.action.reopen", ["department": "ssc", "action": "0.1", "reason": "r"])
        ),
        ("waiver/1", [], waive("ssc", "0.1")),
      ][number]
    let spec = Spec.given(gap.on("2026-03-01"), assess("ssc", 0).on("2026-03-01")).given(before)
    for day in ["2026-03-02", "2026-04-02"] {
      let done = spec.given([step.on(day)])
      let place = try #require(done.machine.log.lastIndex { $0.stream == StreamID(stream) })
      let after = done.given([
        Step("undo", ["position": .int(Int64(place + 1)), "reason": "mistake"]).on("2026-05-01")
      ])
      let then = folded(after, stream)
      #expect(then?.isVoided ?? true || then?.fields == folded(spec, stream)?.fields, "\(day)")
    }
  }

  @Test("§0: a level that came later, was taken back and is there again stays later") func again() {
    let before = Spec.given(assess("ssc", 0).on("2026-03-01")).given([
      complete("ssc", "0.1").on("2026-03-02"), complete("ssc", "0.2").on("2026-03-02"),
      advance("ssc").on("2026-05-01"),
    ])
    var spec = before
    for day in ["2026-05-02", "2026-05-03", "2026-05-04", "2026-05-05"] {
      spec = spec.given([
        Step("undo", ["position": .int(Int64(spec.machine.log.count)), "reason": "r"]).on(day)
      ])
      let known = (spec.record("maturity/ssc")?.entity.state as? Maturity)?.standing
      #expect(known?.level == (spec.machine.log.count % 2 == before.machine.log.count % 2 ? 1 : 0))
      #expect(folded(spec, "maturity/ssc")?.entity == folded(before, "maturity/ssc")?.entity)
    }
  }

  @Test("§0: a later confirmation does not keep a level from being corrected") func confirmed() {
    let correct = Step(
      "maturity.correct", ["department": "ssc", "to": 1, "reason": "typed wrongly"])
    let spec = Spec.given(assess("ssc", 2).on("2026-03-01")).given([
      assess("ssc", 2).on("2026-05-01"), correct.on("2026-05-02"),
    ])
    #expect(folded(spec, "maturity/ssc")?.fields["level"] == 1)
    #expect(folded(spec, "maturity/ssc")?.fields["since"] == "2026-03-01")
  }

  /// What is known of the levels says which of them stood on each day; so does what had happened by then.
  @Test("§0: whatever levels are recorded and corrected, the one on a day is the same both ways")
  func sameBothWays() throws {
    for program in 0..<60 {
      var random = SeededGenerator(UInt64(program))
      var spec = Spec.given()
      for number in 0..<30 {
        let day = JSON.string(Day("2026-03-25")!.adding(days: number / 2).description)
        let level = JSON.int(Int64(random.next() % 4))
        let step: Step =
          switch random.next() % 6 {
          case 0, 1: assess("ssc", 0).with("level", level)
          case 2: Step("maturity.regress", ["department": "ssc", "to": level, "reason": "r"])
          case 3: Step("maturity.correct", ["department": "ssc", "to": level, "reason": "r"])
          case 4: Step("maturity.correct", ["department": "ssc", "reason": "r"])
          default:
            Step("undo", ["position": .int(Int64(spec.machine.log.count)), "reason": "r"])
          }
        let outcome = spec.when(step.with("on", day))
        if case .success = outcome.result { spec = outcome.after }
      }
      let known = try #require(spec.record("maturity/ssc")?.entity.state as? Maturity)
      let level = known.levels?.last { $0.since <= Day("2026-03-31")! }?.level
      let then = folded(spec, "maturity/ssc")?.entity.state as? Maturity
      #expect(then?.standing?.level == level, "seed \(SeededGenerator.seed), program \(program)")
    }
  }

  @Test("§0: a measurement that is corrected later counts as it was corrected") func measurements()
  {
    func measure(_ value: String, _ day: String) -> Step {
      Step(
        "standard.measure",
        ["standard": 1, "period": "2026-02", "value": .string(value), "reason": "counted twice"]
      ).on(day)
    }
    let set = Spec.given(
      Step("touchpoint.map", ["department": "ssc", "name": "Line", "type": "personnel"])
    ).given([
      Step(
        "standard.set", ["touchpoint": 1, "metric": "Wait", "target": "60", "lowerIsBetter": true])
    ])
    func value(_ steps: Step...) -> JSON? {
      folded(set.given(steps), "standard/1")?.fields["measurements.2026-02.value"]
    }
    #expect(value(measure("70", "2026-03-05")) == "70")
    #expect(
      value(
        measure("70", "2026-03-05"), measure("65", "2026-04-02"), measure("50", "2026-05-05"))
        == "50")
    // What was not measured by then is not corrected either.
    #expect(value(measure("70", "2026-04-02"), measure("50", "2026-05-05")) == nil)
    let undone = set.given([measure("70", "2026-03-05"), measure("50", "2026-05-05")]).whenUndone()
    #expect(
      folded(undone.after, "standard/1")?.fields["measurements.2026-02.value"] == "70")
  }

  @Test("§0, §5: a version that is corrected later counts where the version does")
  func correctedVersion() {
    let set = Spec.given(
      Step("touchpoint.map", ["department": "ssc", "name": "Line", "type": "personnel"]),
      Step("standard.set", ["touchpoint": 1, "metric": "Wait", "target": "60"]))
    func target(revisedOn day: String) -> JSON? {
      let spec = set.given([
        Step("standard.revise", ["standard": 1, "target": "50", "from": "2026-03-10"]).on(day),
        Step(
          "standard.correct-version",
          ["standard": 1, "version": "2026-03-10", "target": "55", "reason": "read wrongly"]
        ).on("2026-05-01"),
      ])
      return folded(spec, "standard/1")?.fields["target"]
    }
    #expect(target(revisedOn: "2026-03-05") == "55")
    #expect(target(revisedOn: "2026-04-05") == "60")
  }

  @Test("§0: what did not exist yet does not") func nothing() {
    let spec = Spec.given().given([
      gap.on("2026-04-01"), amend("severity", 5, "2026-05-01"),
      Step("gap.void", ["gap": "GAP-1", "reason": "twice"]).on("2026-05-01"),
    ])
    #expect(folded(spec, "gap/1") == nil)
  }
}

@Suite("The fields of things") struct EntityFieldsTests {
  @Test("§0: a change names the field, what it was and what it is") func changes() throws {
    var spec = Spec.given(
      Step("gap.record", ["department": "ssc", "link": "undiagnosed", "title": "Slow"]))
    let before = try #require(spec.record("gap/1"))
    spec = spec.given([
      Step("gap.close", ["gap": "GAP-1", "resolution": "done", "unmetReason": "enough"]),
      Step("gap.void", ["gap": "GAP-1", "reason": "twice"]),
    ])
    let after = try #require(spec.record("gap/1"))
    let changes = EntityRecord.changes(from: before, to: after)
    #expect(
      changes == [
        FieldChange("resolution", from: nil, to: "done"),
        FieldChange("state", from: "open", to: "closed"),
        FieldChange("stateSince", from: nil, to: "2026-02-01"),
        FieldChange("unmetReason", from: nil, to: "enough"),
        FieldChange("voided", from: nil, to: true),
      ])
    #expect(EntityRecord.changes(from: after, to: after).isEmpty)
    #expect(EntityRecord.changes(from: nil, to: before).contains { $0.field == "title" })
  }

  @Test("§0: what an undo would bring back is no field") func hidden() throws {
    let spec = Spec.given(
      Step("maturity.assess", ["department": "ssc", "level": 0, "rationale": "r"]),
      Step(
        "maturity.action.complete", ["department": "ssc", "action": "0.1", "evidence": "Minutes"]))
    let fields = try #require(spec.record("maturity/ssc")).fields
    #expect(fields.keys == ["actions.0.1", "basis", "department", "level", "restsOn", "since"])
  }
}
