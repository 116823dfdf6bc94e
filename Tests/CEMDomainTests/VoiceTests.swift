import CEMDomain
import Testing

@Suite("The voice of the customer (domain §6, §7)") struct VoiceTests {
  private let segment = Step("segment.define", ["code": "first", "name": "First-time buyers"])

  private func survey(_ audience: String, agree: JSON = "0.31", sample: JSON = 812) -> Step {
    Step(
      "survey.record",
      [
        "department": "ssc", "period": "2026-Q1", "audience": .string(audience), "agree": agree,
        "sample": sample,
      ])
  }

  private var insight: Step {
    Step(
      "insight.record",
      [
        "question": "reactions", "finding": "People give up at the second menu",
        "segment": "first", "plane": "usage",
      ])
  }

  @Test("§6: a survey is of a department or a touchpoint, in a period, of an audience")
  func surveys() {
    Spec.given(segment).when(survey("customers").with("segment", "first")).then(
      (
        "survey.recorded",
        [
          "department": "ssc", "period": "2026-Q1", "first": "2026-01-01", "last": "2026-03-31",
          "audience": "customers", "segment": "first", "agree": "0.31", "sample": 812,
        ]
      ))
    let place = survey("employees").with("department", nil)
    Spec.given().when(place).rejected("input.missing", .input)
    let spec = Spec.given(touchpoint())
    spec.when(place.with("touchpoint", "TP-1")).then(
      ("survey.recorded", ["department": "ssc", "touchpoint": "TP-1"]))
    spec.when(place.with("touchpoint", "TP-1").with("department", "billing"))
      .rejected("input.invalid", .input)
    Spec.given().when(survey("customers").on("2026-03-30")).rejected("survey.period-open")
  }

  @Test(
    "§6: agreement is a share, of a sample of people",
    arguments: [("1.01", 10), ("-0.1", 10), ("0.5", 0), ("0.5", -3)] as [(JSON, JSON)])
  func shares(agree: JSON, sample: JSON) {
    Spec.given().when(survey("customers", agree: agree, sample: sample))
      .rejected("input.invalid", .input)
  }

  @Test(
    "§0, §6: where, when and whom a survey asked can be corrected, and the days follow the period")
  func corrected() throws {
    let spec = Spec.given(survey("customers").on("2026-04-02"), touchpoint())
    func amend(_ fields: JSONObject) -> Step {
      Step("survey.amend", fields).with("survey", "SRV-1").with("reason", "r").on("2026-06-01")
    }
    spec.when(amend(["sample": 821])).then(("survey.amended", ["changed": ["sample"]]))
    let moved = spec.when(
      amend(["department": "billing", "period": "2025", "audience": "employees"])
    ).then(
      ("survey.amended", ["changed": ["audience", "department", "first", "last", "period"]]))
    let survey = try #require(try moved.entity("survey/1") as? Survey)
    #expect(survey.departments.map(\.code) == ["billing"])
    #expect(survey.details.first == Day("2025-01-01")! && survey.details.last == Day("2025-12-31")!)
    let undone = moved.whenUndone().then(("survey.amended", [:]))
    #expect(try undone.entity("survey/1") as? Survey == spec.entity("survey/1") as? Survey)
    spec.when(amend(["period": "2026-Q3"])).rejected("survey.period-open")
    spec.when(amend(["first": "2025-01-01"])).rejected("survey.settled")
    spec.when(amend(["department": "nobody"])).rejected("department.not-found")
    // A survey about a touchpoint is one of its department.
    let placed = spec.when(amend(["touchpoint": "TP-1"])).then(("survey.amended", [:]))
    placed.when(amend(["department": "billing"])).rejected("survey.elsewhere", .input)
    placed.when(amend(["department": "billing", "touchpoint": .null])).then(
      ("survey.amended", [:]))
  }

  @Test("§6: ours believing minus customers agreeing is the delivery gap") func deliveryGap() {
    func answers(_ share: Int64, _ sample: Int64) -> DeliveryGap.Answers {
      DeliveryGap.Answers(agreeing: share * sample, sample: sample)
    }
    let bain = DeliveryGap(employees: answers(800_000, 100), customers: answers(80_000, 100))
    #expect(bain.size?.description == Catalog.deliveryGapReference.gap)
    #expect(Catalog.deliveryGapCaveat.contains("our own people"))
    #expect(Catalog.deliveryGapRemedies.count == 3)
    let silent = DeliveryGap(employees: answers(800_000, 100), customers: answers(0, 0))
    #expect(silent.customers.share == nil)
    #expect(silent.size == nil)
    let worse = DeliveryGap(employees: answers(200_000, 50), customers: answers(500_000, 10))
    #expect(worse.size?.description == "-0.3")
  }

  @Test("§6: samples add up, and a share is rounded to six places, half to even") func pooled() {
    let pooled = DeliveryGap.Answers(agreeing: 1_000_000, sample: 3)
    #expect(pooled.share?.description == "0.333333")
    #expect(DeliveryGap.Answers(agreeing: 1, sample: 2).share?.description == "0")
    #expect(DeliveryGap.Answers(agreeing: 3, sample: 2).share?.description == "0.000002")
  }

  @Test("§6: a feedback channel is declared, audited, and the plan follows the audit")
  func channels() throws {
    let declare = Step(
      "channel.declare", ["department": "ssc", "name": "Complaints", "form": "hotline"])
    let plan = Step("channel.plan", ["channel": "CH-1", "plan": "read them every morning"])
    let audit = Step("channel.audit", ["channel": "CH-1", "findings": "half are never read"])
    var spec = Spec.given().when(declare.on("2026-02-01")).then(
      ("channel.declared", ["department": "ssc", "form": "hotline"]))
    spec.when(plan).rejected("channel.not-audited")
    spec = spec.when(audit.on("2026-03-01")).then(
      ("channel.audited", ["findings": "half are never read", "auditedBefore": .null]))
    spec = spec.when(plan.on("2026-04-01")).then(("channel.planned", ["before": .null]))
    spec.when(plan).thenNothing()
    let channel = try #require(try spec.entity("channel/1") as? Channel)
    #expect(channel.life.auditedOn == Day("2026-03-01"))
    #expect(channel.life.hasPlan == true)
    let again = spec.when(audit).then(("channel.audited", ["auditedBefore": "2026-03-01"]))
    #expect(try (again.entity("channel/1") as? Channel)?.life.hasPlan == nil)
    let undone = again.whenUndone().then(("channel.reverted", [:]))
    #expect(try (undone.entity("channel/1") as? Channel)?.life.hasPlan == true)
  }

  @Test("§6: an insight answers a diagnostic question for a segment and a plane") func insights() {
    let spec = Spec.given(segment, gap())
    spec.when(insight.with("gaps", ["GAP-1"])).then(
      (
        "insight.recorded",
        ["question": "reactions", "segment": "first", "plane": "usage", "gaps": ["GAP-1"]]
      ))
    spec.when(insight.with("segment", nil)).rejected("input.missing", .input)
    spec.when(insight.with("plane", nil)).rejected("input.missing", .input)
    spec.when(insight.with("question", "weather")).rejected("input.invalid", .input)
    spec.when(insight.with("gaps", ["GAP-1", "GAP-1"])).rejected("input.invalid", .input)
    spec.when(insight.with("initiatives", ["INI-4"])).rejected("initiative.not-found", .notFound)
    Spec.given().when(insight).rejected("segment.not-found", .notFound)
  }

  @Test("§4: at any point the customer stays or leaves: an insight says which, where and how many")
  func outcomes() {
    let spec = Spec.given(segment, touchpoint())
    func recorded(_ step: Step, _ fields: JSONObject) {
      spec.when(step).then(("insight.recorded", fields))
    }
    let leaves = insight.with("outcome", "leaves")
    let atStage = leaves.with("stage", 4)
    let there = leaves.with("touchpoint", "TP-1").with("share", "0.40")
    recorded(insight, ["outcome": .null, "share": .null, "peak": .null])
    recorded(atStage, ["stage": "buy", "outcome": "leaves", "share": .null])
    recorded(there, ["touchpoint": "TP-1", "stage": .null, "outcome": "leaves", "share": "0.4"])
    for share: JSON in ["0", 1, "0.333333"] {
      recorded(atStage.with("share", share), ["outcome": "leaves"])
    }
    for share: JSON in ["-0.1", "1.000001", "many", "40%"] {
      spec.when(atStage.with("share", share)).rejected("input.invalid", .input)
    }
    // Where they do is said, and a share is of those who do something.
    for step in [leaves, insight.with("stage", 4).with("share", "0.4")] {
      spec.when(step).rejected("input.missing", .input)
    }
    spec.when(atStage.with("outcome", "goes")).rejected("input.invalid", .input)

    let later = Spec.given(segment, touchpoint(), there)
    func amend(_ fields: JSONObject) -> Outcome {
      later.when(
        fields.members.reduce(Step("insight.amend", ["insight": 1, "reason": "found out"])) {
          $0.with($1.key, $1.value)
        })
    }
    amend(["touchpoint": .null]).rejected("input.missing", .input)
    amend(["outcome": .null]).rejected("input.missing", .input)
    amend(["touchpoint": .null, "stage": "use", "share": "0.5"]).then(
      ("insight.amended", ["changed": ["share", "stage", "touchpoint"]]))
    amend(["touchpoint": .null, "outcome": .null, "share": .null]).then(
      ("insight.amended", ["changed": ["outcome", "share", "touchpoint"]]))
  }

  @Test("§4: peak feelings are good or bad, and an insight tells of one") func peaks() {
    let spec = Spec.given(segment)
    for peak in ["good", "bad"] {
      spec.when(insight.with("peak", .string(peak))).then(
        ("insight.recorded", ["peak": .string(peak)]))
    }
    spec.when(insight.with("peak", "mixed")).rejected("input.invalid", .input)
  }

  @Test("§3: a platform rests on insights, and states theme, cues and hook (§4, §7)")
  func platforms() {
    let state = Step(
      "platform.state",
      [
        "title": "Calm", "promise": "We answer", "insights": ["INS-1"], "theme": "a quiet street",
        "positiveCues": ["a smile"], "negativeCues": ["a queue"], "mementos": ["a card"],
        "hook": "one call is enough",
      ])
    Spec.given().when(state).rejected("insight.not-found", .notFound)
    Spec.given(segment, insight).when(state).then(
      ("platform.stated", ["insights": ["INS-1"], "hook": "one call is enough"]))
  }

  @Test("§7: each rule of word of mouth needs the ethics attestation before it starts")
  func wordOfMouth() {
    #expect(
      WordOfMouthRule.allCases.map(\.rawValue) == [
        "listen", "customer-relations", "grassroots", "promoters", "earned-media",
      ])
    for rule in WordOfMouthRule.allCases {
      let open = Step(
        "initiative.open",
        ["department": "ssc", "title": "Talk", "step": 1, "womRule": .string(rule.rawValue)])
      let start = Step("initiative.start", ["initiative": 1])
      Spec.given(open).when(start).rejected("initiative.ethics-missing")
      Spec.given(open.with("attestEthics", true)).when(start).then(("initiative.started", [:]))
    }
  }

  @Test("§3: innovation derives from the platform") func innovation() {
    let open = Step(
      "initiative.open",
      ["department": "ssc", "title": "A new way", "step": "continuous-innovation"])
    Spec.given().when(open).rejected("initiative.platform-missing")
    Spec.given(Step("platform.state", ["title": "Calm", "promise": "We answer"]))
      .when(open.with("platform", "PLT-1")).then(("initiative.opened", ["platform": "PLT-1"]))
  }

  @Test("Notes stand beside things of any kind, with labels and links") func notes() {
    func note(_ about: String) -> Step {
      Step("note.add", ["about": .string(about), "text": "Ask again"])
    }
    let spec = Spec.given(gap(), segment)
    spec.when(note("GAP-1").with("labels", ["people"]).with("link", "https://example.org/a")).then(
      (
        "note.added",
        [
          "about": "gap/1", "departments": ["ssc"], "labels": ["people"],
          "link": "https://example.org/a",
        ]
      ))
    spec.when(note("department/ssc")).then(("note.added", ["departments": ["ssc"]]))
    spec.when(note("segment/first")).then(("note.added", ["departments": []]))
    spec.when(note("program")).then(("note.added", ["about": "program"]))
    spec.when(note("GAP-9")).rejected("gap.not-found", .notFound)
    spec.when(note("GAP-1").with("link", "nowhere")).rejected("input.invalid", .input)
    spec.when(note("GAP-1").with("labels", ["a", "a"])).rejected("input.invalid", .input)
    spec.given([note("GAP-1")]).when(
      Step("note.amend", ["note": "NOTE-1", "about": "gap/2", "reason": "r"])
    ).rejected("note.settled")
  }
}
