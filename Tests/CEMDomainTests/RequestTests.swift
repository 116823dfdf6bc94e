import CEMDomain
import Testing

/// Four eyes (domain §8): what takes an approver is asked for, then approved or rejected by another login.
@Suite("§8: four eyes") struct RequestTests {
  static let fourEyes = founded.map { step in
    step.name == "program.found" ? step.with("fourEyes", true) : step
  }

  /// A program that asks for four eyes, and these commands.
  static func program(_ steps: Step...) -> Spec {
    Spec.nothing.given(fourEyes + steps)
  }

  private static let accept = Step(
    "gap.accept", ["gap": 1, "until": "2027-03-31", "reason": "no budget"])
  static let approve = Step("request.approve", ["request": "REQ-1"]).by("ann")
  private static let reject = Step("request.reject", ["request": 1, "reason": "not yet"]).by("ann")

  /// One of each kind that takes an approver, with what has to be before it.
  private static let kinds: [(before: [Step], step: Step)] = [
    ([gap()], accept),
    (
      [assess("ssc", 0), complete("ssc", "0.1"), complete("ssc", "0.2")], advance("ssc")
    ),
    ([assess("ssc", 0)], waive("ssc", "0.1")),
    (
      [assess("ssc", 1)],
      Step("maturity.correct", ["department": "ssc", "to": 0, "reason": "another department's"])
    ),
    (
      [
        Step("initiative.open", ["department": "ssc", "title": "Call back", "step": 1]),
        Step("initiative.pilot.start", ["initiative": 1]),
      ],
      Step(
        "initiative.pilot.conclude",
        ["initiative": 1, "cost": 100, "benefit": 250, "verdict": "scale", "note": "fewer calls"])
    ),
    (
      [],
      Step(
        "initiative.open",
        [
          "department": "ssc", "title": "Redesign", "step": 4, "waivePlatform": "no time",
          "approver": "lee",
        ])
    ),
    (
      [Step("touchpoint.map", ["department": "ssc", "name": "Desk"])],
      Step("touchpoint.retire", ["touchpoint": 1, "reason": "closed"])
    ),
    (
      [
        Step("touchpoint.map", ["department": "ssc", "name": "Desk"]),
        Step("standard.set", ["touchpoint": 1, "metric": "answers", "target": "0.9"]),
      ], Step("standard.retire", ["standard": 1, "reason": "closed"])
    ),
    (
      [],
      Step("program.amend", ["fourEyes": false, "reason": "too slow"])
    ),
  ]

  @Test(
    "§8: in a program with four eyes what takes an approver is asked for",
    arguments: 0..<kinds.count)
  func asked(kind: Int) throws {
    let (before, step) = Self.kinds[kind]
    let spec = Spec.nothing.given(Self.fourEyes + before)
    let refused = spec.when(step).rejected("request.needed")
    #expect(refused?.hint.contains("--request") == true)
    // An approver alone is no second pair of eyes.
    spec.when(step.by("ann")).rejected("request.needed")
    let asked = spec.when(step.requested).then(("request.made", ["of": .string(step.name)]))
    let record = try #require(asked.machine.state.entities[StreamID("REQ-1")!])
    guard case .request(let request) = record.entity else {
      Issue.record("no request")
      return
    }
    #expect(request.isOpen && request.requestedBy == "office")
    let done = asked.when(Self.approve)
    let events = try done.result.get()
    #expect(events.count > 1)
    #expect(events[0].event.type == "request.approved")
    #expect(events.dropFirst().contains { $0.event.takesApprover })
    #expect(events[0].request == nil)
    #expect(events.dropFirst().allSatisfy { $0.request == RequestRef(1) && $0.actor == "ann" })
  }

  @Test("§8: a retirement, or its end, is not taken back by one login alone", arguments: 0..<4)
  func takenBack(number: Int) {
    let kind = number < 2 ? "standard" : "touchpoint"
    let retire = Step("\(kind).retire", [kind: 1, "reason": "closed"])
    let steps = [
      Step("touchpoint.map", ["department": "ssc", "name": "Desk"]),
      Step("standard.set", ["touchpoint": 1, "metric": "answers", "target": "0.9"]),
      Step("standard.retire", ["standard": 1, "reason": "closed"]), retire,
    ]
    let ends = number % 2 == 0 ? [] : [Step("\(kind).reinstate", [kind: 1])]
    let open = Spec.given().given(steps).given(ends)
    let undo = Step("undo", ["position": .int(Int64(open.machine.log.count)), "reason": "a slip"])
    open.when(undo).then(("\(kind).retirement-reverted", [:]))
    let spec = open.given([Step("program.amend", ["fourEyes": true, "reason": "r"])])
    spec.when(undo).rejected("request.needed")
    spec.when(undo.requested).then(("request.made", ["of": "undo"])).when(Self.approve).then(
      ("request.approved", [:]), ("\(kind).retirement-reverted", [:]))
  }

  @Test("§8: elsewhere it may be asked for") func voluntary() throws {
    let spec = Spec.given(gap())
    spec.when(Self.accept).then(("gap.accepted", [:]))
    let asked = spec.when(Self.accept.requested).then(("request.made", ["of": "gap.accept"]))
    asked.when(Self.approve).then(
      ("request.approved", [:]), ("gap.accepted", ["until": "2027-03-31"]))
    // What takes nobody's approval is not asked for.
    spec.when(gap().requested).rejected("request.needless")
    spec.when(Self.approve.requested).rejected("input.invalid", .input)
    // What a rule refuses now is not worth asking for.
    spec.when(Self.accept.with("gap", 9).requested).rejected("gap.not-found", .notFound)
    spec.when(Self.accept.with("reason", nil).requested).rejected("reason.missing", .input)
  }

  @Test("§8: neither the login that asked nor one that recorded the evidence decides")
  func others() {
    let spec = Self.program(
      gap(), assess("ssc", 0), complete("ssc", "0.1", evidence: "minutes").by("ada"),
      complete("ssc", "0.2").by("bea"), advance("ssc").requested)
    for step in [Self.approve, Self.reject] {
      spec.when(step.by("office")).rejected("request.own", .notAllowed)
      let refused = spec.when(step.by("ada")).rejected("request.own-evidence", .notAllowed)
      #expect(
        refused?.details["evidence"] == "evidence/1" || refused?.details["evidence"] == "EV-1")
      spec.when(step.by("bea")).rejected("request.own-evidence", .notAllowed)
    }
    spec.when(Self.approve).then(
      ("request.approved", [:]), ("maturity.advanced", ["from": 0, "to": 1]))
    spec.when(Self.reject).then(("request.rejected", [:]))
    // Whoever gave evidence another end vouches for it too.
    let renewed = spec.given([
      Step("evidence.renew", ["evidence": 1, "expires": "2027-01-01"]).by("ann")
    ])
    renewed.when(Self.approve).rejected("request.own-evidence", .notAllowed)
    // Evidence that comes as a text with the request itself is nobody else's.
    let pilot = Self.program(
      Step("initiative.open", ["department": "ssc", "title": "Call back", "step": 1]),
      Step("initiative.pilot.start", ["initiative": 1]),
      Step(
        "initiative.pilot.conclude",
        ["initiative": 1, "cost": 1, "benefit": 2, "verdict": "stop", "evidence": "the sheet"]
      ).requested)
    pilot.when(Self.approve).then(
      ("request.approved", [:]), ("initiative.pilot-concluded", ["evidence": .null]),
      ("evidence.added", [:]))
  }

  @Test("§8: an approval decides anew, on its own day; what a rule refuses by now stays open")
  func anew() throws {
    let spec = Self.program(
      assess("ssc", 0), complete("ssc", "0.1"), complete("ssc", "0.2"), advance("ssc").requested)
    let day = try spec.when(Self.approve.on("2026-03-01")).result.get()
    #expect(day.allSatisfy { $0.occurredOn == Day("2026-03-01") })
    spec.when(Self.approve.on("2026-01-31")).rejected("date.too-early")
    let reopened = spec.given([
      Step("maturity.action.reopen", ["department": "ssc", "action": "0.2", "reason": "not all"])
    ])
    reopened.when(Self.approve).rejected("maturity.actions-missing")
    let again = reopened.given([complete("ssc", "0.2", evidence: "the list")])
    let done = again.when(Self.approve).then(
      ("request.approved", [:]), ("maturity.advanced", ["to": 1]))
    // A decision is taken once.
    done.when(Self.approve).rejected("request.decided")
    done.when(Self.reject).rejected("request.decided")
    // Where somebody did otherwise what was asked for, nothing is left to do.
    let moot = Self.program(
      assess("ssc", 1),
      Step("maturity.correct", ["department": "ssc", "to": 0, "reason": "a slip"]).requested,
      Step("maturity.correct", ["department": "ssc", "to": 0, "reason": "a slip"]).requested,
      Step("request.approve", ["request": 2]).by("ann"))
    moot.when(Self.approve).rejected("request.moot")
  }

  @Test("§8: what was asked for is done as it was asked for") func asAsked() throws {
    let spec = Self.program(
      gap(),
      Self.accept.with("onBehalfOf", "kim").requested,
      Step(
        "initiative.open",
        [
          "department": "ssc", "title": "Redesign", "step": 4, "waivePlatform": "no time",
          "approver": "lee", "external": "crm:7",
        ]
      ).requested)
    let events = try spec.when(
      Self.approve.with("reason", "agreed").with("onBehalfOf", "lee")
    ).result.get()
    #expect(events.map(\.reason?.value) == ["agreed", "no budget"])
    #expect(events.map(\.onBehalfOf?.code) == ["lee", "kim"])
    let opened = try spec.when(Step("request.approve", ["request": 2]).by("ann")).result.get()
    #expect(
      opened.map(\.event.type) == ["request.approved", "initiative.opened", "waiver.granted"])
    #expect(opened.map(\.external?.description) == [nil, "crm:7", nil])
    // An id from elsewhere is unique also where it was asked for.
    spec.given([addEvidence().with("external", "crm:7")])
      .when(Step("request.approve", ["request": 2]).by("ann")).rejected("evidence.exists")
  }

  @Test("§8: a rejection has a reason, and nothing of what was asked for happens") func rejected()
    throws
  {
    let spec = Self.program(gap(), Self.accept.requested)
    spec.when(Self.reject.with("reason", nil)).rejected("reason.missing", .input)
    let after = spec.when(Self.reject).then(("request.rejected", [:]))
    #expect(try (after.entity("gap/1") as? Gap)?.life.stage == .open)
    after.when(Self.approve).rejected("request.decided")
    // It can be taken back, by an approver; then the request is open again.
    let back = after.whenUndone(Step("undo", ["reason": "a slip"]).by("ann")).then(
      ("request.reverted", [:]))
    back.when(Self.approve).then(("request.approved", [:]), ("gap.accepted", [:]))
    // Whoever asked takes a request back by voiding it, as long as nobody decided.
    let void = Step("request.void", ["request": 1, "reason": "not needed any more"])
    spec.when(void).then(("request.voided", [:])).when(Self.approve).rejected("request.voided")
    after.when(void).rejected("request.decided")
    // An approval is not taken back; what it led to is.
    let approved = spec.when(Self.approve).then(("request.approved", [:]), ("gap.accepted", [:]))
    approved.when(
      Step("undo", ["position": .int(Int64(approved.machine.log.count - 1)), "reason": "a slip"])
    ).rejected("undo.impossible")
    approved.whenUndone().then(("gap.reverted", [:]))
  }

  @Test("§8: leaving four eyes takes four eyes") func leaving() {
    let spec = Self.program(gap())
    let leave = Step("program.amend", ["fourEyes": false, "reason": "too slow"])
    spec.when(leave).rejected("request.needed")
    spec.when(leave.with("fourEyes", .null)).rejected("request.needed")
    spec.when(Step("program.amend", ["name": "Acme CX", "reason": "renamed"]))
      .then(("program.amended", [:]))
    let left = spec.given([leave.requested, Self.approve])
    left.when(Self.accept).then(("gap.accepted", [:]))
    // Coming to it takes nobody else.
    let entered = Spec.given(
      gap(), Step("program.amend", ["fourEyes": true, "reason": "auditors"]))
    entered.when(Self.accept).rejected("request.needed")
  }

  @Test("§8: what came by a request knows who approved it, and all else that nobody did")
  func approvals() throws {
    for (before, step) in Self.kinds {
      let direct = Spec.given().given(before + [step])
      let approved = Spec.nothing.given(Self.fourEyes + before + [step.requested, Self.approve])
      func matters(_ spec: Spec) -> [ApprovedMatter] {
        spec.machine.state.entities.values.compactMap(\.approvedMatter)
      }
      #expect(matters(direct).count == matters(approved).count, "\(step.name)")
      #expect(matters(direct).allSatisfy { $0.approval == nil }, "\(step.name)")
      #expect(
        matters(approved).allSatisfy { $0.approval == Approval(request: RequestRef(1), by: "ann") },
        "\(step.name)")
    }
    // What ended is not in force: nothing is left to be said of it.
    let ended = Self.program(
      gap(), Self.accept.requested, Self.approve,
      Step("gap.reopen", ["gap": 1, "reason": "worse"]))
    #expect(ended.machine.state.entities.values.compactMap(\.approvedMatter).isEmpty)
  }

  @Test("§8: whatever can be asked for, no word of it is a fact") func words() throws {
    let mark = "marked-word"
    let marked: [(before: [Step], step: Step)] = [
      ([gap()], Self.accept.with("reason", .string(mark))),
      (
        [assess("ssc", 0), complete("ssc", "0.1"), complete("ssc", "0.2")],
        advance("ssc").with("rationale", .string(mark))
      ),
      ([assess("ssc", 0)], waive("ssc", "0.1").with("reason", .string(mark))),
      (
        [
          Step("initiative.open", ["department": "ssc", "title": "Call back", "step": 1]),
          Step("initiative.pilot.start", ["initiative": 1]),
        ],
        Step(
          "initiative.pilot.conclude",
          [
            "initiative": 1, "cost": 100, "benefit": 250, "verdict": "scale",
            "note": .string(mark), "evidence": .string(mark),
          ])
      ),
      (
        [],
        Step(
          "initiative.open",
          [
            "department": "ssc", "title": .string(mark), "step": 4,
            "waivePlatform": .string(mark), "metric": .string(mark), "metricUnit": .string(mark),
            "links": [.string("https://a.example/\(mark)")],
          ])
      ),
      (
        [assess("ssc", 0), waive("ssc", "0.1")],
        Step(
          "waiver.amend",
          ["waiver": 1, "because": .string(mark), "approver": "kim", "reason": .string(mark)])
      ),
      // The same words as before are no change, and words still.
      (
        [assess("ssc", 0), waive("ssc", "0.1").with("reason", .string(mark))],
        Step(
          "waiver.amend",
          ["waiver": 1, "because": .string(mark), "approver": "kim", "reason": "wrong person"])
      ),
      (
        [],
        Step(
          "program.amend",
          ["fourEyes": false, "name": .string(mark), "reason": .string(mark)])
      ),
    ]
    for (before, step) in marked {
      // What has to be there first is of a time before four eyes.
      let spec = Spec.given().given(
        before + [Step("program.amend", ["fourEyes": true, "reason": "auditors"])])
      let events = try spec.when(step.requested).result.get()
      let split = try Split(events[0].event.stored.payload)
      #expect(!JSON.canonical(split.facts).contains(mark), "\(step.name)")
      #expect(
        JSON.canonical(split.personal).contains(mark) || events[0].reason?.value == mark,
        "\(step.name)")
      // It is carried out with the words that it was asked for with.
      let done = try spec.when(step.requested).after.when(Self.approve).result.get()
      let texts = try done.map { event in
        JSON.canonical(try Split(event.event.stored.payload).personal) + (event.reason?.value ?? "")
      }
      #expect(texts.contains { $0.contains(mark) } || step.fields["reason"] != .string(mark))
    }
  }

  @Test("§8: a request whose words were erased is not carried out") func erased() throws {
    let spec = Self.program(gap(), Self.accept.requested)
    var state = ProgramState.complete
    for event in spec.machine.log {
      var event = event
      if case .request = event.event {
        let split = try Split(event.event.stored.payload)
        event.event = try Event(
          type: "request.made", schemaVersion: 1, data: Split(facts: split.facts))
        event.reason = nil
      }
      state.evolve(with: event)
    }
    let issued = try IssuedCommand(name: "request.approve", fields: ["request": 1])
    #expect {
      try ProgramDecider.decide(
        .init(issued, today: Spec.today, actor: "ann"), given: state)
    } throws: { ($0 as? Rejection)?.code == "request.erased" }
    let refusal = try IssuedCommand(
      name: "request.reject", fields: ["request": 1, "reason": "gone"])
    #expect(
      try ProgramDecider.decide(.init(refusal, today: Spec.today, actor: "ann"), given: state)
        .map(\.event.type) == ["request.rejected"])
  }
}

extension JSON {
  /// The canonical text of what is there.
  fileprivate static func canonical(_ json: JSON?) -> String { json?.canonicalText ?? "" }
}
