import CEMDomain
import Testing

@Suite("Departments change (domain §8)") struct ReorganisationTests {
  let retire = Step("department.retire", ["department": "ssc", "reason": "closed"])
  let open = Step(
    "initiative.open", ["department": "ssc", "with": "billing", "title": "Call back", "step": 1])
  let map = Step("touchpoint.map", ["department": "ssc", "name": "Hotline"])
  let standard = Step(
    "standard.set", ["touchpoint": 1, "metric": "answers", "target": "0.9", "from": "2026-01-01"])
  let channel = Step("channel.declare", ["department": "ssc", "name": "Panel"])
  let platform = Step(
    "platform.state", ["department": "ssc", "title": "Calm", "promise": "We answer."])
  let merge = Step(
    "department.merge",
    ["departments": ["ssc", "billing"], "into": "care", "name": "Care", "reason": "one desk"])

  func department(_ spec: Spec, _ stream: String) throws -> DepartmentCode? {
    try spec.entity(stream).departments.first
  }

  /// Takes back the event of a type.
  func undo(_ spec: Spec, _ type: String) -> Step {
    let place = spec.machine.log.firstIndex { $0.event.type == type }
    return Step("undo", ["position": .int(Int64(place ?? -2) + 1), "reason": "a slip"])
  }

  // MARK: Retiring

  @Test(
    "§8: a department with work is not retired",
    arguments: ["gap", "accepted", "initiative", "partner", "touchpoint", "standard"])
  func hasWork(what: String) {
    let steps: [Step] =
      switch what {
      case "gap": [gap()]
      case "accepted":
        [
          gap(), Step("gap.accept", ["gap": 1, "until": "2027-01-01", "reason": "r"]),
        ]
      case "initiative": [open]
      case "partner": [open.with("department", "billing").with("with", "ssc")]
      case "touchpoint": [map]
      default: [map, standard]
      }
    let rejection = Spec.given().given(steps).when(retire).rejected("department.has-work", .rule)
    #expect(rejection?.hint.contains("--into") == true)
    #expect(rejection?.details["references"] != .array([]))
  }

  @Test("§8: a department without work is retired, for a reason, and its code is not used again")
  func withoutWork() throws {
    let ended = [
      gap(perceived: "0.9"), Step("gap.close", ["gap": 1, "resolution": "done"]), open,
      Step("initiative.cancel", ["initiative": 1, "reason": "r"]), map,
      Step("touchpoint.retire", ["touchpoint": 1, "reason": "r"]), channel,
    ]
    let spec = Spec.given().given(ended)
    spec.when(retire.with("reason", nil)).rejected("reason.missing", .input)
    let retired = spec.when(retire).then(("department.retired", ["into": .null]))
    guard case .department(let state)? = retired.record("department/ssc")?.entity else { return }
    #expect(state.retirement?.on == Spec.today)
    #expect(state.retirement?.successors == nil)
    retired.when(retire).thenNothing()
    retired.when(Step("department.register", ["code": "ssc", "name": "Again"]))
      .rejected("department.exists")
  }

  @Test("§8: work moves to the department that takes over, and what is over stays") func moves()
    throws
  {
    let before = Spec.given(
      gap(), gap(perceived: "0.9"), Step("gap.close", ["gap": 2, "resolution": "done"]), open,
      map, standard, channel, platform)
    let after = before.when(retire.with("into", "billing")).then(
      ("department.retired", ["into": "billing"]),
      ("channel.moved", ["from": "ssc", "to": "billing"]), ("gap.moved", [:]),
      ("initiative.moved", [:]), ("platform.moved", [:]), ("standard.moved", [:]),
      ("touchpoint.moved", [:]))
    for stream in [
      "gap/1", "initiative/1", "touchpoint/1", "standard/1", "channel/1", "platform/1",
    ] {
      #expect(try department(after, stream)?.code == "billing", "\(stream)")
    }
    #expect(try department(after, "gap/2")?.code == "ssc")
    // Billing took part, and now leads.
    #expect(try after.entity("initiative/1").departments.map(\.code) == ["billing"])
    // Events name both, so that the history of each department has them.
    #expect(after.machine.log.last?.departments.map(\.code) == ["ssc", "billing"])
  }

  @Test("§8: the department that takes over must be another, and there") func into() {
    let spec = Spec.given(gap())
    spec.when(retire.with("into", "ssc")).rejected("input.invalid", .input)
    spec.when(retire.with("into", "nobody")).rejected("department.not-found", .notFound)
    spec.given([Step("department.retire", ["department": "billing", "reason": "r"])])
      .when(retire.with("into", "billing")).rejected("department.retired")
  }

  @Test("§8: a retired department takes no new work", arguments: 0..<13) func noNewWork(number: Int)
  {
    let ended = [
      gap(perceived: "0.9"), Step("gap.close", ["gap": 1, "resolution": "done"]), open,
      Step("initiative.cancel", ["initiative": 1, "reason": "r"]), map,
      Step("touchpoint.retire", ["touchpoint": 1, "reason": "r"]), channel,
      gap().with("department", "billing"),
    ]
    let spec = Spec.given().given(ended).given([retire.on("2026-06-01")])
    let closed = Int64(spec.machine.log.firstIndex { $0.event.type == "gap.closed" }! + 1)
    let steps = [
      gap(), open, open.with("department", "billing").with("with", "ssc"), map,
      channel, platform, assess("ssc", 1), complete("ssc", "0.1"),
      Step("gap.reopen", ["gap": 1, "reason": "r"]),
      Step("initiative.reopen", ["initiative": 1, "reason": "r"]),
      Step("touchpoint.reinstate", ["touchpoint": 1]),
      Step("gap.amend", ["gap": 2, "department": "ssc", "reason": "r"]),
      Step("undo", ["position": .int(closed), "reason": "r"]),
    ]
    let rejection = spec.when(steps[number]).rejected("department.retired", .rule)
    #expect(rejection?.hint.contains("cem department reinstate ssc") == true)
    // Not even what is said to have begun before.
    if number < 8 { spec.when(steps[number].on("2026-05-01")).rejected("department.retired") }
    // What was recorded of it can still be corrected.
    spec.when(Step("department.amend", ["department": "ssc", "name": "Former", "reason": "r"]))
      .then(("department.amended", [:]))
    spec.when(Step("note.add", ["about": "department/ssc", "text": "t"])).then(("note.added", [:]))
  }

  @Test(
    "§0, §8: a department is not gone before what happened there",
    arguments: ["gap", "level", "survey", "initiative"])
  func goneBefore(what: String) {
    let steps: [Step] =
      switch what {
      case "gap":
        [gap(perceived: "0.9"), Step("gap.close", ["gap": 1, "resolution": "r"]).on("2026-05-01")]
      case "level": [assess("ssc", 2).on("2026-05-01")]
      case "survey":
        [
          Step(
            "survey.record",
            [
              "department": "ssc", "period": "2026-02", "audience": "customers", "agree": "0.3",
              "sample": 10, "on": "2026-05-01",
            ])
        ]
      default:
        [open, Step("initiative.cancel", ["initiative": 1, "reason": "r"]).on("2026-05-01")]
      }
    let spec = Spec.given().given(steps)
    let split = Step(
      "department.split", ["department": "ssc", "into": ["east", "west"], "reason": "r"])
    for step in [retire, retire.with("into", "billing"), merge, split] {
      let refusal = spec.when(step.on("2026-04-30")).rejected("date.too-early")
      #expect(refusal?.details["notBefore"] == "2026-05-01")
      #expect((try? spec.when(step.on("2026-05-01")).result.get()) != nil)
    }
    // The other one stays, and so does a department that is divided but for a part.
    guard what != "level" else { return }
    spec.when(merge.with("into", "ssc").with("name", nil).on("2026-04-30"))
      .then(("department.merged", [:]))
    spec.when(split.with("into", ["ssc", "west"]).on("2026-04-30"))
      .then(("department.split", [:]), ("department.registered", [:]))
  }

  @Test("§8: nothing is recorded of days on which a department was not there") func absent() {
    let spec = Spec.given(gap().with("department", "billing")).given([
      retire.on("2026-03-01"), Step("department.reinstate", ["department": "ssc"]).on("2026-05-01"),
    ])
    for step in [
      gap(), open, open.with("department", "billing").with("with", "ssc"), map, assess("ssc", 1),
      complete("ssc", "0.1"),
    ] {
      for day in ["2026-03-01", "2026-04-30"] {
        let refusal = spec.when(step.on(day)).rejected("department.absent", .rule)
        #expect(refusal?.details["notBefore"] == "2026-05-01")
      }
      for day in ["2026-02-28", "2026-05-01"] {
        #expect((try? spec.when(step.on(day)).result.get()) != nil)
      }
    }
    // Taken back on its own day, a retirement left no such days.
    let retired = Spec.given().given([retire.on("2026-03-01")])
    let back = retired.when(undo(retired, "department.retired"))
      .then(("department.reinstated", [:]))
    back.when(gap().on("2026-04-01")).then(("gap.recorded", [:]))
  }

  @Test("§8: a retired department is reinstated, with its work where that is asked for")
  func reinstated() throws {
    let before = Spec.given(gap(), map, standard, open)
    let retired = before.given([retire.with("into", "billing")])
    let alone = retired.when(Step("department.reinstate", ["department": "ssc"]))
      .then(("department.reinstated", ["retiredOn": "2026-02-01", "successors": ["billing"]]))
    #expect(try department(alone, "gap/1")?.code == "billing")
    alone.when(Step("department.reinstate", ["department": "ssc"])).thenNothing()
    // What went on to somewhere else meanwhile does not come back.
    let moved = retired.given([
      Step("department.register", ["code": "it", "name": "IT"]),
      Step("gap.amend", ["gap": 1, "department": "it", "reason": "r"]),
    ])
    let whole = moved.when(Step("department.reinstate", ["department": "ssc", "withWork": true]))
      .then(
        ("department.reinstated", ["withWork": true]), ("initiative.moved", [:]),
        ("standard.moved", ["from": "billing", "to": "ssc"]), ("touchpoint.moved", [:]))
    #expect(try department(whole, "gap/1")?.code == "it")
    #expect(try department(whole, "touchpoint/1")?.code == "ssc")
    whole.when(gap()).then(("gap.recorded", [:]))
  }

  @Test("§8: work goes back all the way by which it came, one undone merger after the other")
  func backAndBack() throws {
    let undone = Spec.given(
      Step("department.register", ["code": "it", "name": "IT"]), gap(),
      retire.with("into", "billing"),
      Step("department.retire", ["department": "billing", "into": "it", "reason": "r"]),
      Step("department.reinstate", ["department": "billing", "withWork": true])
    )
    #expect(try department(undone, "gap/1")?.code == "billing")
    let back = undone.when(Step("department.reinstate", ["department": "ssc", "withWork": true]))
      .then(("department.reinstated", [:]), ("gap.moved", ["from": "billing", "to": "ssc"]))
    #expect(try department(back, "gap/1")?.code == "ssc")
  }

  @Test("§8: work comes back by all the reorganisations that took it further") func fromFurtherOn()
    throws
  {
    let on = Step("department.retire", ["department": "billing", "into": "it", "reason": "r"])
    let whole = Step("department.reinstate", ["department": "ssc", "withWork": true])
    let moved = Spec.given(
      Step("department.register", ["code": "it", "name": "IT"]), gap(), map, standard, gap(),
      retire.with("into", "billing"))
    let further = moved.given([on])
    let back = further.when(whole).then(
      ("department.reinstated", ["successors": ["billing"], "further": true]),
      ("gap.moved", ["from": "it", "to": "ssc"]), ("gap.moved", [:]),
      ("standard.moved", ["from": "it"]), ("touchpoint.moved", [:]))
    #expect(try department(back, "gap/1")?.code == "ssc")
    // In an older log nothing came back from there, and its reinstatements mean no more than they did.
    var old = try #require(try further.when(whole).result.get().first)
    old.event = try Event(
      type: "department.reinstated", schemaVersion: 1,
      data: Split(facts: ["retiredOn": "2026-02-01", "successors": ["billing"], "withWork": true]))
    let again = ProgramDecider.Command(
      try IssuedCommand(recorded: [old]), today: Spec.today, actor: "office")
    #expect(
      try ProgramDecider.decide(again, given: further.machine.state).map(\.event) == [old.event])
    // What somebody gave to another department on purpose stays there.
    let given = moved.given([
      Step("gap.amend", ["gap": 1, "department": "it", "reason": "r"]),
      Step("department.retire", ["department": "it", "into": "billing", "reason": "r"]),
    ])
    let some = given.when(whole).then(
      ("department.reinstated", ["further": .null]), ("gap.moved", [:]), ("standard.moved", [:]),
      ("touchpoint.moved", [:]))
    #expect(try department(some, "gap/1")?.code == "billing")
    #expect(try department(some, "gap/2")?.code == "ssc")
  }

  @Test("§8: a part that was split off and taken back comes off again with its work")
  func splitOffAgain() throws {
    let taken = Spec.given(
      gap(),
      Step(
        "department.split",
        ["department": "ssc", "into": ["ssc", "field"], "move": ["GAP-1=field"], "reason": "r"]),
      Step("department.retire", ["department": "field", "into": "ssc", "reason": "r"]))
    taken.when(Step("department.reinstate", ["department": "field", "withWork": true]))
      .then(("department.reinstated", [:]), ("gap.moved", ["from": "ssc", "to": "field"]))
  }

  @Test("§5, §8: a standard that was set after its touchpoint had moved comes back with it")
  func standardsReturn() throws {
    let retired = Spec.given(map).given([retire.with("into", "billing")]).given([standard])
    let back = retired.when(Step("department.reinstate", ["department": "ssc", "withWork": true]))
      .then(
        ("department.reinstated", ["withWork": true]),
        ("standard.moved", ["from": "billing", "to": "ssc"]), ("touchpoint.moved", [:]))
    #expect(try department(back, "standard/1")?.code == "ssc")
    back.when(Step("touchpoint.retire", ["touchpoint": 1, "reason": "r"]))
      .rejected("touchpoint.in-use")
  }

  @Test("§0, §5: a restored standard stands where its touchpoint does by then") func restored()
    throws
  {
    let void = Step("standard.void", ["standard": 1, "reason": "r"])
    let restore = Step("standard.restore", ["standard": 1, "reason": "r"])
    let spec = Spec.given(map, standard, void)
    spec.when(restore).then(("standard.restored", [:]))
    let moved = spec.given([retire.with("into", "billing")])
    let back = moved.when(restore).then(
      ("standard.restored", [:]), ("standard.moved", ["from": "ssc", "to": "billing"]))
    #expect(try department(back, "standard/1")?.code == "billing")
  }

  @Test("§0, §8: taking back a retirement brings the department and its work back") func undone()
    throws
  {
    let retired = Spec.given(gap()).given([retire.with("into", "billing")])
    let position = Int64(retired.machine.log.count - 1)
    let undo = Step("undo", ["position": .int(position), "reason": "a slip"])
    let back = retired.when(undo).then(("department.reinstated", [:]), ("gap.moved", [:]))
    #expect(try department(back, "gap/1")?.code == "ssc")
    // The move alone is not taken back.
    retired.whenUndone().rejected("undo.impossible")
    let again = Int64(back.machine.log.count - 1)
    back.when(Step("undo", ["position": .int(again), "reason": "r"]))
      .then(("department.retired", ["into": "billing"]), ("gap.moved", [:]))
  }
}
