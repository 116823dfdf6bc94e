import CEMDomain
import Testing

extension RequestTests {
  @Test(
    "§8: a verdict, or its correction, is not taken back by one login alone",
    arguments: [false, true])
  func verdictTakenBack(corrected: Bool) {
    let open = Spec.given(
      Step("initiative.open", ["department": "ssc", "title": "Call back", "step": 1]),
      Step("initiative.pilot.start", ["initiative": 1]),
      Step(
        "initiative.pilot.conclude",
        ["initiative": 1, "cost": 100, "benefit": 250, "verdict": "stop"])
    ).given(
      corrected
        ? [Step("initiative.pilot.correct", ["initiative": 1, "cost": 10, "reason": "r"])] : [])
    let undo = Step("undo", ["position": .int(Int64(open.machine.log.count)), "reason": "a slip"])
    open.when(undo).then(("initiative.verdict-reverted", [:]))
    let spec = open.given([Step("program.amend", ["fourEyes": true, "reason": "r"])])
    spec.when(undo).rejected("request.needed")
    spec.when(undo.requested).then(("request.made", ["of": "undo"])).when(Self.approve).then(
      ("request.approved", [:]), ("initiative.verdict-reverted", [:]))
  }

  @Test("§8: a closed period is restated by two logins, on the day that was asked for")
  func restated() throws {
    let late = gap().on("2026-03-15").with("restate", true).with("reason", "late")
    let spec = Self.program(Step("period.close", ["period": "2026-Q1"]).on("2026-04-10").requested)
      .given([Self.approve.on("2026-04-10")])
    let refused = spec.when(late).rejected("request.needed")
    #expect(refused?.message.contains("a restatement") == true)
    spec.when(late.by("ann")).rejected("request.needed")
    // The request itself is dated today, and closes nothing again.
    let made = spec.when(late.requested)
    let asked = made.then(("request.made", ["of": "gap.record", "restates": "2026-03-15"]))
    #expect(try made.result.get()[0].occurredOn == Spec.today)
    spec.when(late.requested.with("reason", nil)).rejected("reason.missing", .input)
    spec.when(late.requested.with("on", nil)).rejected("input.missing", .input)
    spec.when(late.requested.on("2026-04-01")).rejected("period.open", .input)
    // Without four eyes for a restatement there is nothing to ask for.
    spec.when(gap().requested).rejected("request.needless")
    let approve = Self.approve.with("request", "REQ-2")
    let done = asked.when(approve)
    done.then(
      ("request.approved", [:]), ("gap.recorded", [:]),
      ("period.restated", ["periods": ["2026-Q1"]]))
    let events = try done.result.get()
    #expect(events.map(\.occurredOn.description).prefix(2) == ["2026-06-30", "2026-03-15"])
    #expect(events.dropFirst().allSatisfy { $0.request == RequestRef(2) && $0.actor == "ann" })
    #expect(events[1].reason?.value == "late")
    // What happened since to the thing it is about, the request learns when it is made.
    let later = spec.given([gap().on("2026-05-01")])
    later.when(
      Step("gap.reassess", ["gap": 1, "perceived": "0.6", "restate": true, "reason": "late"])
        .on("2026-03-15").requested
    ).rejected("date.too-early")
  }

  @Test("§8: a level that a correction said takes an approver, and status tells whether it had one")
  func correctedLevel() throws {
    let correct = Step(
      "maturity.correct", ["department": "ssc", "to": 5, "reason": "typing error"])
    func matter(_ spec: Spec) throws -> ApprovedMatter? {
      spec.machine.state.entities[StreamID("maturity/ssc")!]?.approvedMatter
    }
    let alone = Spec.given(assess("ssc", 1), correct)
    #expect(try matter(alone)?.kind == .level && matter(alone)?.approval == nil)
    let approved = Self.program(assess("ssc", 1), correct.requested).given([Self.approve])
    #expect(try matter(approved)?.approval?.by == "ann")
    // What it brings back has what it had.
    let back = Spec.given(
      assess("ssc", 3), assess("ssc", 1), correct.with("to", 3))
    #expect(try matter(back) == nil)
    #expect(try matter(Spec.given(assess("ssc", 1))) == nil)
  }
}
