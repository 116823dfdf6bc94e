import CEMDomain
import Testing

/// Departments that merge, and are divided.
extension ReorganisationTests {
  // MARK: Merging

  @Test("§8: departments merge into a new one, which stands on the lowest of their levels")
  func merged() throws {
    let before = Spec.given(assess("ssc", 3), assess("billing", 1), gap(), open, map, standard)
    let after = before.when(merge.with("lead", "kim")).then(
      ("department.merged", ["departments": ["ssc", "billing"], "into": "care"]),
      ("department.merged", [:]), ("department.registered", ["name": "Care", "lead": "kim"]),
      ("maturity.inherited", ["from": .null, "level": 1]), ("gap.moved", [:]),
      ("initiative.moved", ["from": "ssc"]), ("standard.moved", [:]), ("touchpoint.moved", [:]),
      ("initiative.moved", ["from": "billing"]))
    for stream in ["gap/1", "touchpoint/1", "standard/1"] {
      #expect(try department(after, stream)?.code == "care", "\(stream)")
    }
    // Both took part in it, and are one now.
    #expect(try after.entity("initiative/1").departments.map(\.code) == ["care"])
    let care = after.record("maturity/care")?.fields
    #expect(care?["level"] == 1 && care?["basis"] == "inherited")
    for code in ["ssc", "billing"] {
      after.when(gap().with("department", .string(code))).rejected("department.retired")
    }
    after.when(gap().with("department", "care")).then(("gap.recorded", [:]))
  }

  @Test("§8: departments merge into one of them") func mergedIntoOne() throws {
    let after = Spec.given(assess("ssc", 3), assess("billing", 1), gap())
      .when(merge.with("into", "billing").with("name", nil)).then(
        ("department.merged", ["into": "billing"]),
        ("maturity.inherited", ["from": 1, "level": 1]), ("gap.moved", [:]))
    #expect(after.record("maturity/billing")?.fields["basis"] == "inherited")
    after.when(gap().with("department", "billing")).then(("gap.recorded", [:]))
  }

  @Test("§0, §8: a source that was not assessed says nothing of the level") func unassessed() {
    Spec.given(assess("ssc", 3)).when(merge).then(
      ("department.merged", [:]), ("department.merged", [:]), ("department.registered", [:]),
      ("maturity.inherited", ["level": 3]))
    let none = Spec.given().when(merge).then(
      ("department.merged", [:]), ("department.merged", [:]), ("department.registered", [:]))
    #expect(none.record("maturity/care") == nil)
  }

  @Test("§8: an inherited level is due until it is assessed, and an assessment may confirm it")
  func due() throws {
    let merged = Spec.given(assess("ssc", 3), assess("billing", 1)).given([merge])
    func standing(_ spec: Spec) -> LevelStanding? {
      guard case .maturity(let state)? = spec.record("maturity/care")?.entity else { return nil }
      return state.standing
    }
    #expect(standing(merged)?.isDue == true)
    let confirmed = merged.when(assess("care", 1)).then(("maturity.assessed", ["from": 1]))
    #expect(standing(confirmed)?.basis == .baseline)
    #expect(standing(confirmed)?.since == Day("2026-02-01")!)
    // Confirmed by mistake, it is due again.
    let undone = confirmed.whenUndone().then(("maturity.corrected", ["from": 1, "to": 1]))
    #expect(standing(undone)?.isDue == true)
    merged.when(assess("care", 2)).rejected("maturity.assessment-raises")
  }

  @Test("§0, §8: taking back a merger takes back the level that it led to") func inheritedUndone()
    throws
  {
    let into = merge.with("into", "ssc").with("name", nil)
    func standing(_ spec: Spec) -> LevelStanding? {
      guard case .maturity(let state)? = spec.record("maturity/ssc")?.entity else { return nil }
      return state.standing
    }
    for level: Int64 in [3, 1] {
      let before = Spec.given(assess("ssc", Int(level)), assess("billing", 1))
      let merged = before.given([into.on("2026-03-01")])
      #expect(standing(merged)?.isDue == true)
      let back = merged.when(undo(merged, "department.merged")).then(
        ("department.reinstated", ["levels": ["ssc"]]),
        ("maturity.corrected", ["from": 1, "to": .int(level)]))
      #expect(standing(back) == standing(before))
      // By itself a reinstatement changes no level: the work was there.
      merged.when(Step("department.reinstate", ["department": "billing", "withWork": true]))
        .then(("department.reinstated", ["levels": .null]))
    }
    // What was recorded since rests on it.
    let worked = Spec.given(assess("ssc", 3), assess("billing", 1)).given([
      into, complete("ssc", "1.1"),
    ])
    worked.when(undo(worked, "department.merged")).then(("department.reinstated", [:]))
    // As long as another department is a part of it, it has the level of both.
    let three = Spec.given(
      Step("department.register", ["code": "it", "name": "IT"]), assess("ssc", 3),
      assess("billing", 1), assess("it", 2)
    ).given([into.with("departments", ["billing", "ssc", "it"])])
    let one = three.when(undo(three, "department.merged")).then(("department.reinstated", [:]))
    let other = one.machine.log.lastIndex { $0.event.type == "department.merged" } ?? -2
    one.when(Step("undo", ["position": .int(Int64(other) + 1), "reason": "a slip"])).then(
      ("department.reinstated", ["levels": ["ssc"]]), ("maturity.corrected", ["to": 3]))
    // A new department goes back to no level, and only who inherited gives one up.
    let new = Spec.given(assess("ssc", 3)).given([
      merge, Step("department.reinstate", ["department": "billing"]),
    ])
    new.when(undo(new, "department.merged")).then(
      ("department.reinstated", [:]), ("maturity.corrected", ["from": 3, "to": .null]))
    new.when(Step("department.reinstate", ["department": "ssc", "levels": ["billing"]]))
      .rejected("input.invalid", .input)
  }

  @Test("§8: what is merged is there, is several, and goes to one of them or to a new code")
  func refusals() {
    let spec = Spec.given(Step("department.register", ["code": "it", "name": "IT"]))
    spec.when(merge.with("departments", ["ssc"])).rejected("input.invalid", .input)
    spec.when(merge.with("departments", ["ssc", "ssc"])).rejected("input.invalid", .input)
    spec.when(merge.with("departments", ["ssc", "nobody"])).rejected("department.not-found")
    spec.when(merge.with("reason", nil)).rejected("reason.missing")
    spec.when(merge.with("into", "ssc")).rejected("input.invalid", .input)
    let third = spec.when(merge.with("into", "it")).rejected("department.exists")
    #expect(third?.hint.hasSuffix("cem department merge ssc billing it --into it") == true)
    let merged = spec.given([merge])
    merged.when(merge).rejected("department.retired")
    merged.when(merge.with("departments", ["care", "it"]).with("into", "ssc"))
      .rejected("department.exists")
  }

  @Test("§8: what took the place of another department is not voided, but was once")
  func successor()
    throws
  {
    let merged = Spec.given().given([merge])
    let void = Step("department.void", ["department": "care", "reason": "typing error"])
    let refusal = merged.when(void).rejected("department.in-use")
    #expect(refusal?.hint == "cem department reinstate billing --with-work")
    let again = ProgramDecider.Command(
      try IssuedCommand(name: void.name, fields: void.fields), today: Spec.today, actor: "office",
      forgivesErasure: true)
    #expect(try ProgramDecider.decide(again, given: merged.machine.state).count == 1)
    let reinstated = merged.given(
      ["ssc", "billing"].map { Step("department.reinstate", ["department": .string($0)]) })
    reinstated.when(void).then(("department.voided", [:]))
  }

  @Test("§8: a department is taken out of a merger with its work") func takenOut() throws {
    let merged = Spec.given(gap(), gap().with("department", "billing")).given([merge])
    let out = merged.when(Step("department.reinstate", ["department": "ssc", "withWork": true]))
      .then(("department.reinstated", ["successors": ["care"]]), ("gap.moved", ["to": "ssc"]))
    #expect(try department(out, "gap/1")?.code == "ssc")
    #expect(try department(out, "gap/2")?.code == "care")
  }

  // MARK: Splitting

  @Test("§8: a department is divided; what is not named goes to the first part") func divided()
    throws
  {
    let split = Step(
      "department.split",
      [
        "department": "ssc", "into": ["desk", "field"], "move": ["TP-1=field", "GAP-2=field"],
        "names": ["field=Field work"], "reason": "two sites",
      ])
    let before = Spec.given(assess("ssc", 2), gap(), gap(), map, standard, channel)
    let after = before.when(split).then(
      ("department.split", ["into": ["desk", "field"], "move": ["TP-1=field", "GAP-2=field"]]),
      ("department.registered", ["name": "desk"]),
      ("department.registered", ["name": "Field work"]),
      ("maturity.inherited", ["level": 2]), ("maturity.inherited", ["level": 2]),
      ("channel.moved", ["to": "desk"]), ("gap.moved", ["to": "desk"]),
      ("gap.moved", ["to": "field"]), ("standard.moved", ["to": "field"]),
      ("touchpoint.moved", ["to": "field"]))
    after.when(gap()).rejected("department.retired")
    guard case .department(let state)? = after.record("department/ssc")?.entity else { return }
    #expect(state.retirement?.successors?.map(\.code) == ["desk", "field"])
    let back = after.when(undo(after, "department.split"))
    back.then(
      ("department.reinstated", ["levels": ["desk", "field"]]),
      ("maturity.corrected", ["from": 2, "to": .null]),
      ("maturity.corrected", ["from": 2, "to": .null]), ("channel.moved", [:]), ("gap.moved", [:]),
      ("gap.moved", [:]), ("standard.moved", [:]), ("touchpoint.moved", [:]))
  }

  @Test("§8: a part may keep the code, and stays where it is") func carvedOut() throws {
    let after = Spec.given(assess("ssc", 2), gap(), gap()).when(
      Step(
        "department.split",
        ["department": "ssc", "into": ["ssc", "field"], "move": ["GAP-2=field"], "reason": "r"])
    ).then(
      ("department.split", [:]), ("department.registered", ["name": "field"]),
      ("maturity.inherited", ["from": 2, "level": 2]), ("maturity.inherited", [:]),
      ("gap.moved", ["to": "field"]))
    #expect(try department(after, "gap/1")?.code == "ssc")
    after.when(gap()).then(("gap.recorded", [:]))
    after.when(undo(after, "department.split")).rejected("undo.impossible")
  }

  @Test("§8: what a split names must be parts, and work of the department", arguments: 0..<7)
  func splitRefusals(number: Int) {
    let split = Step(
      "department.split", ["department": "ssc", "into": ["desk", "field"], "reason": "r"])
    let spec = Spec.given(gap().with("department", "billing"), map, standard)
    let (step, code) = [
      (split.with("into", ["desk"]), "input.invalid"),
      (split.with("into", ["desk", "billing"]), "department.exists"),
      (split.with("move", ["GAP-1=field"]), "department.not-its-work"),
      (split.with("move", ["TP-1=billing"]), "input.invalid"),
      (split.with("move", ["STD-1=field"]), "input.invalid"),
      (split.with("move", ["TP-1=field", "TP-1=desk"]), "input.invalid"),
      (split.with("names", ["billing=B"]), "input.invalid"),
    ][number]
    spec.when(step).rejected(code)
  }

  // MARK: Looking back

  @Test("§0, §8: a period before a reorganisation shows the departments as they were")
  func period() throws {
    let spec = Spec.given(assess("ssc", 3), assess("billing", 1), gap())
      .given([
        merge.on("2026-05-01"),
        Step("gap.amend", ["gap": 1, "severity": 4, "reason": "r"]).on("2026-05-02"),
      ])
    var fold = PeriodFold(through: Day("2026-04-30")!)
    var state = ProgramState.complete
    for event in spec.machine.log {
      if let counted = fold.counted(event, state.entities[event.stream]) {
        state.evolve(with: counted)
      }
    }
    let gap = state.entities[StreamID("gap/1")!]
    #expect(gap?.fields["department"] == "ssc" && gap?.fields["severity"] == 4)
    #expect(state.entities[StreamID("department/care")!] == nil)
    #expect(state.entities[StreamID("department/ssc")!]?.fields["retirement.on"] == nil)
  }
}
