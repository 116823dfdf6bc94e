import CEMDomain
import Testing

/// A touchpoint of SSC.
func touchpoint(_ name: String = "Hotline") -> Step {
  Step("touchpoint.map", ["department": "ssc", "name": .string(name), "channel": "phone"])
}

@Suite("Touchpoints (domain §3 to §5)") struct TouchpointTests {
  private let retire = Step("touchpoint.retire", ["touchpoint": "TP-1", "reason": "closed"])

  private func plan(_ item: String, _ text: String = "as agreed") -> Step {
    Step(
      "touchpoint.plan", ["touchpoint": "TP-1", "item": .string(item), "text": .string(text)])
  }

  private func state(_ spec: Spec) throws -> Touchpoint {
    try #require(try spec.entity("touchpoint/1") as? Touchpoint)
  }

  @Test(
    "§3, §5: a touchpoint has a name, department, channel, segment, stage, type, moment of truth")
  func mapped() throws {
    let segment = Step(
      "segment.define",
      [
        "code": "first-time", "name": "First-time buyers", "market": "consumer", "role": "buyer",
        "purchase": "first",
      ])
    let step = touchpoint().with("segment", "first-time").with("type", "personnel")
      .with("stage", 3).with("momentOfTruth", true)
    Spec.given().when(step).rejected("segment.not-found", .notFound)
    let spec = Spec.given(segment).when(step).then(
      (
        "touchpoint.mapped",
        [
          "department": "ssc", "name": "Hotline", "channel": "phone", "segment": "first-time",
          "type": "personnel", "stage": "enquire", "momentOfTruth": true,
        ]
      ))
    #expect(spec.record("touchpoint/1")?.stream.reference == "TP-1")
    spec.when(segment).thenNothing()
    spec.when(segment.with("market", "business")).rejected("segment.exists")
  }

  @Test("§5: the contact types, the journey and the twelve items of the plan are the catalog's")
  func terms() {
    #expect(
      ContactType.allCases.map(\.rawValue) == [
        "advertising", "public-relations", "personnel", "meeting", "delegated", "medium",
        "alliance", "random",
      ])
    #expect(
      ContactPlanItem.allCases.map(\.rawValue) == [
        "plan", "goal", "audience", "design", "mode", "channel", "norms", "incentive", "archive",
        "analysis", "digestion", "tracking",
      ])
    #expect(
      JourneyStage.allCases.map(\.rawValue) == ["learn", "evaluate", "enquire", "buy", "use"])
    #expect(
      TouchpointGift.allCases.map(\.rawValue) == [
        "recognition", "service", "convenience", "benefit", "information", "identity",
      ])
  }

  @Test("§5: each of the twelve items is filled in or open; a touchpoint shows how complete it is")
  func completeness() throws {
    var spec = Spec.given(touchpoint())
    #expect(try state(spec).openItems.count == 12)
    spec = spec.when(plan("goal", "No caller waits")).then(
      ("touchpoint.planned", ["item": "goal", "text": "No caller waits", "before": .null]))
    spec = spec.when(plan("1")).then(("touchpoint.planned", ["item": "plan"]))
    #expect(try state(spec).life.plan.map(\.item) == [.plan, .goal])
    #expect(try state(spec).openItems.count == 10)
    spec.when(plan("goal", "No caller waits")).thenNothing()
    spec = spec.when(plan("goal", "Calls end in an answer")).then(
      ("touchpoint.planned", ["before": "No caller waits"]))
    #expect(try state(spec).life.plan.count == 2)
    let open = Step("touchpoint.unplan", ["touchpoint": 1, "item": "goal"])
    spec = spec.when(open).then(
      ("touchpoint.unplanned", ["item": "goal", "before": "Calls end in an answer"]))
    #expect(try state(spec).planned(.goal) == nil)
    spec.when(open).thenNothing()
    spec.when(plan("price")).rejected("input.invalid", .input)
  }

  @Test("§5: a contact is effective once its plan says whom, what for, how, and with what feedback")
  func effect() throws {
    var spec = Spec.given(touchpoint())
    #expect(try state(spec).missingForEffect == [.goal, .audience, .mode, .tracking])
    for item in ["plan", "design", "channel", "norms", "incentive", "archive", "analysis"] {
      spec = spec.given([plan(item)])
    }
    #expect(try state(spec).missingForEffect.count == 4)
    for item in ["audience", "goal", "mode"] { spec = spec.given([plan(item)]) }
    #expect(try state(spec).missingForEffect == [.tracking])
    #expect(try state(spec.given([plan("tracking")])).missingForEffect.isEmpty)
  }

  @Test("§0: filling in an item can be taken back") func undo() throws {
    let spec = Spec.given(touchpoint(), plan("goal", "A"), plan("goal", "B"))
    let after = spec.whenUndone().then(("touchpoint.reverted", ["type": "touchpoint.planned"]))
    #expect(try state(after).planned(.goal)?.text.value == "A")
    after.whenUndone().rejected("undo.impossible")
  }

  @Test("§4: a first experience is held against what was expected") func momentOfTruth() throws {
    let met = touchpoint().with("momentOfTruth", true).with("firstExperience", "ten minutes")
    Spec.given().when(met).rejected("input.missing", .input)
    Spec.given().when(met.with("expectation", "an answer at once")).then(
      (
        "touchpoint.mapped",
        ["expectation": "an answer at once", "firstExperience": "ten minutes"]
      ))
    func missing(_ step: Step) throws -> [String]? { try state(.given(step)).missingForTruth }
    let moment = touchpoint().with("momentOfTruth", true)
    let expected = moment.with("expectation", "an answer at once")
    #expect(try missing(touchpoint()) == nil)
    #expect(try missing(moment) == ["expectation", "firstExperience"])
    #expect(try missing(expected) == ["firstExperience"])
    #expect(try missing(expected.with("firstExperience", "ten minutes")) == [])
  }

  @Test("§8: a touchpoint is retired with a reason, once its standards are") func retired() throws {
    let standard = Step("standard.set", ["touchpoint": 1, "metric": "answers", "target": "0.9"])
    let spec = Spec.given(touchpoint(), standard)
    spec.when(retire.with("reason", nil)).rejected("reason.missing")
    let rejection = spec.when(retire).rejected("touchpoint.in-use")
    #expect(rejection?.details["references"] == ["STD-1"])
    let alone = spec.when(Step("standard.retire", ["standard": 1, "reason": "closed"]))
      .then(("standard.retired", [:]))
    let after = alone.when(retire).then(("touchpoint.retired", [:]))
    #expect(try state(after).life.retiredOn == Spec.today)
    after.when(retire).thenNothing()
    after.when(plan("goal")).rejected("touchpoint.retired")
    after.when(standard).rejected("touchpoint.retired")
    after.when(Step("standard.reinstate", ["standard": 1])).rejected("touchpoint.retired")
    let back = after.when(Step("touchpoint.reinstate", ["touchpoint": 1])).then(
      ("touchpoint.reinstated", ["retiredOn": .string(Spec.today.description)]))
    back.when(Step("standard.reinstate", ["standard": 1])).then(("standard.reinstated", [:]))
  }

  @Test("§0: a standard is not restored where there is no touchpoint any more") func restored() {
    let spec = Spec.given(
      touchpoint(), Step("standard.set", ["touchpoint": 1, "metric": "answers", "target": "0.9"]),
      Step("standard.void", ["standard": 1, "reason": "twice"]))
    let restore = Step("standard.restore", ["standard": 1, "reason": "not twice"])
    spec.given([retire]).when(restore).rejected("touchpoint.retired")
    let voided = spec.given([Step("touchpoint.void", ["touchpoint": 1, "reason": "twice"])])
    voided.when(restore).rejected("touchpoint.voided")
    voided.given([Step("touchpoint.restore", ["touchpoint": 1, "reason": "not twice"])])
      .when(restore).then(("standard.restored", [:]))
  }

  @Test("§0: a retirement and its end are taken back by the rules of the commands that do the same")
  func takenBack() {
    let standard = Step("standard.set", ["touchpoint": 1, "metric": "answers", "target": "0.9"])
    let spec = Spec.given(touchpoint(), standard).given([
      Step("standard.retire", ["standard": 1, "reason": "closed"]), retire,
    ])
    let retired = Step(
      "undo", ["position": .int(Int64(spec.machine.log.count - 1)), "reason": "r"])
    spec.when(retired).rejected("touchpoint.retired")
    let again = spec.given([Step("touchpoint.reinstate", ["touchpoint": 1]).on("2026-02-02")])
    let undo = Step("undo", ["position": .int(Int64(again.machine.log.count)), "reason": "r"])
    #expect(
      (again.when(undo).after.record("touchpoint/1")?.entity.state as? Touchpoint)?.isOpen == false)
    again.given([standard.on("2026-02-02")]).when(undo).rejected("touchpoint.in-use")
  }

  @Test("§0: a touchpoint with standards is not voided before them") func voided() {
    let void = Step("touchpoint.void", ["touchpoint": 1, "reason": "twice"])
    let spec = Spec.given(
      touchpoint(), Step("standard.set", ["touchpoint": 1, "metric": "answers", "target": "0.9"]))
    spec.when(void).rejected("touchpoint.in-use")
    spec.given([Step("standard.void", ["standard": 1, "reason": "twice"])]).when(void)
      .then(("touchpoint.voided", [:]))
  }

  @Test("§2, §3: gaps and initiatives name touchpoints that exist") func named() {
    let spec = Spec.given(touchpoint())
    spec.when(gap().with("touchpoint", "TP-1")).then(("gap.recorded", ["touchpoint": "TP-1"]))
    spec.when(gap().with("touchpoint", "TP-2")).rejected("touchpoint.not-found", .notFound)
    let open = Step("initiative.open", ["department": "ssc", "title": "Call back", "step": 1])
    spec.when(open.with("touchpoints", ["TP-1"])).then(
      ("initiative.opened", ["touchpoints": ["TP-1"]]))
    spec.when(open.with("touchpoints", ["TP-1", 1])).rejected("input.invalid", .input)
    let gone = Step("touchpoint.void", ["touchpoint": 1, "reason": "twice"])
    spec.given([gone]).when(open.with("touchpoints", "TP-1")).rejected("touchpoint.voided")
    let amend = Step("initiative.amend", ["initiative": 1, "touchpoints": ["TP-9"], "reason": "r"])
    spec.given([open]).when(amend).rejected("touchpoint.not-found")
  }

  @Test("§0, §5: a touchpoint's department can be corrected, and its standards go along")
  func correctedDepartment() throws {
    let standard = Step(
      "standard.set",
      ["touchpoint": "TP-1", "metric": "answers", "target": "0.9", "from": "2025-01-01"])
    let measured = Step("standard.measure", ["standard": 1, "period": "2025", "value": "0.5"])
    let spec = Spec.given(
      touchpoint(), touchpoint("Desk"), standard, measured, standard.with("touchpoint", "TP-2"))
    let amend = Step(
      "touchpoint.amend", ["touchpoint": 1, "department": "billing", "reason": "mapped wrongly"])
    let after = spec.when(amend).then(
      ("touchpoint.amended", ["changed": ["department"]]),
      ("standard.amended", ["changed": ["department"], "new": ["department": "billing"]]))
    func departments(_ spec: Spec) throws -> [String] {
      try ["touchpoint/1", "standard/1", "touchpoint/2", "standard/2"].flatMap {
        try spec.entity($0).departments.map(\.code)
      }
    }
    #expect(try departments(after) == ["billing", "billing", "ssc", "ssc"])
    let gap = after.when(Step("gap.record-breach", ["breach": "STD-1/2025"])).then(
      ("gap.recorded", ["department": "billing"]), ("standard.breach-recorded", [:]))
    #expect(gap.record("gap/1") != nil)
    let back = after.when(amend.with("department", "ssc")).then(
      ("touchpoint.amended", [:]), ("standard.amended", [:]))
    #expect(try departments(back) == ["ssc", "ssc", "ssc", "ssc"])
    spec.when(amend.with("department", "nobody")).rejected("department.not-found")
    spec.when(amend.with("department", .null)).rejected("input.invalid")
    // The standard alone stands where its touchpoint does.
    after.when(Step("standard.amend", ["standard": 1, "department": "ssc", "reason": "r"]))
      .rejected("standard.settled")
  }
}
