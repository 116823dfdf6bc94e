import CEMDomain
import Testing

/// What things have, by the domain's description: given whole, it is recorded whole.
@Suite("What things have (domain §2 to §9)") struct FieldRuleTests {
  @Test("§2, §4: a gap has all its fields") func gapFields() {
    let fields: JSONObject = [
      "department": "ssc", "link": "standard-training", "title": "Slow answers", "expected": "0.9",
      "perceived": "0.6", "unit": "ratio", "lowerIsBetter": false, "severity": 4,
      "touchpoint": "TP-1", "phase": "reflection", "dimension": "emotional",
      "attribute": "reliability", "source": "call log", "evidence": "EV-1",
      "measuredOn": "2026-03-01", "owner": "kim", "due": "2026-12-31",
    ]
    Spec.given(touchpoint(), addEvidence()).when(Step("gap.record", fields))
      .then(("gap.recorded", fields))
    for (field, value) in [
      ("link", "reward"), ("phase", "before"), ("dimension", "rational"), ("attribute", "speed"),
    ] as [(String, JSON)] {
      Spec.given(touchpoint(), addEvidence())
        .when(Step("gap.record", fields).with(field, value)).rejected("input.invalid", .input)
    }
  }

  @Test(
    "§3, §4, §5: a touchpoint says which phase, dimension, attribute and modules it works on, what it gives, its rules and its flexibility"
  )
  func touchpointFields() {
    let fields: JSONObject = [
      "department": "ssc", "name": "Hotline", "phase": "interaction", "dimension": "functional",
      "attribute": "convenience", "modules": ["feel", "relate"],
      "gives": ["recognition", "identity"],
      "rules": "say what happens next", "flexibility": "waive a fee up to 20",
    ]
    let map = Step("touchpoint.map", fields)
    Spec.given().when(map).then(("touchpoint.mapped", fields))
    for (field, value) in [
      ("modules", ["smell"]), ("modules", ["feel", "feel"]), ("gives", ["money"]),
      ("gives", ["service", "service"]), ("phase", "later"),
    ] as [(String, JSON)] {
      Spec.given().when(map.with(field, value)).rejected("input.invalid", .input)
    }
  }

  @Test("§3, §5: a standard is for external or for internal customers") func audiences() {
    let set = Step("standard.set", ["touchpoint": 1, "metric": "answers", "target": "0.9"])
    for audience in ["external", "internal"] as [JSON] {
      Spec.given(touchpoint()).when(set.with("for", audience))
        .then(("standard.set", ["for": audience]))
    }
    Spec.given(touchpoint()).when(set.with("for", "all")).rejected("input.invalid", .input)
  }

  @Test("§3: a standard says which aspect of the customer interface it holds") func aspects() throws
  {
    let set = Step("standard.set", ["touchpoint": 1, "metric": "answers", "target": "0.9"])
    for aspect in StandardAspect.allCases.map({ JSON.string($0.rawValue) }) {
      Spec.given(touchpoint()).when(set.with("aspect", aspect))
        .then(("standard.set", ["aspect": aspect]))
    }
    Spec.given(touchpoint()).when(set.with("aspect", "speed")).rejected("input.invalid", .input)
    // A log of before there was the field has none, and is as it was.
    let bare = Spec.given(touchpoint(), set)
    let (_, _, payload) = try #require(bare.machine.log.last).event.stored
    #expect(try Split(payload).facts?.object?["aspect"] == nil)
    let amend = Step("standard.amend", ["standard": 1, "aspect": "style", "reason": "it is"])
    let amended = bare.when(amend).then(
      ("standard.amended", ["changed": ["aspect"], "new": ["aspect": "style"]]))
    amended.when(amend).thenNothing()
    let cleared = amended.when(amend.with("aspect", .null)).then(
      ("standard.amended", ["old": ["aspect": "style"]]))
    #expect((try cleared.entity("standard/1") as? Standard)?.details.aspect == nil)
  }

  @Test("§3: what is missing for balance: style or substance beside the other, customers' time")
  func balance() {
    func missing(_ counts: [StandardAspect: Int]) -> [StandardAspect] {
      InterfaceBalance(counts).missing
    }
    #expect(missing([:]) == [.customerTime])
    #expect(missing([.style: 2]) == [.substance, .customerTime])
    #expect(missing([.substance: 1, .customerTime: 1]) == [.style])
    #expect(missing([.style: 1, .substance: 1, .serviceTime: 3]) == [.customerTime])
    #expect(missing([.style: 1, .substance: 1, .customerTime: 1]) == [])
    #expect(missing([.style: 0, .customerTime: 1]) == [])
  }

  @Test("§3: the step that designs the brand names what it designs, and no other does")
  func brandElements() throws {
    let open = Step(
      "initiative.open",
      ["department": "ssc", "title": "Words", "step": 3, "waivePlatform": "small"])
    let named = open.with("brandElements", ["slogan", "look-and-feel"])
    Spec.given().when(named).then(
      ("initiative.opened", ["brandElements": ["slogan", "look-and-feel"]]),
      ("waiver.granted", [:]))
    Spec.given().when(open.with("brandElements", [])).then(
      ("initiative.opened", ["brandElements": .null]), ("waiver.granted", [:]))
    Spec.given().when(open.with("brandElements", ["smell"])).rejected("input.invalid", .input)
    Spec.given().when(open.with("brandElements", ["logo", "logo"]))
      .rejected("input.invalid", .input)
    for step in [1, 2, 4, 5] as [JSON] {
      let other = named.with("step", step)
        .with("waivePlatform", [1, 2].contains(step) ? nil : "small")
      let rejection = Spec.given().when(other).rejected("initiative.brand-elements")
      #expect(rejection?.details["brandElements"] == ["slogan", "look-and-feel"])
      #expect(rejection?.hint.contains("--step 3") == true)
    }
    let spec = Spec.given(named)
    let amend = Step("initiative.amend", ["initiative": 1, "step": 4, "reason": "it is another"])
    let rejection = spec.when(amend).rejected("initiative.brand-elements")
    #expect(
      rejection?.hint
        == "cem initiative amend INI-1 --step customer-interface --clear brand-element --reason TEXT"
    )
    let moved = spec.when(amend.with("brandElements", .null)).then(
      ("initiative.amended", ["changed": ["brandElements", "step"]]))
    let late = moved.when(
      Step("initiative.amend", ["initiative": 1, "brandElements": ["name"], "reason": "r"])
    ).rejected("initiative.brand-elements")
    #expect(
      late?.hint == "cem initiative amend INI-1 --step 3 --brand-element name --reason TEXT")
    let state = try #require(try spec.entity("initiative/1") as? Initiative)
    #expect(state.details.brandElements == [.slogan, .lookAndFeel])
  }

  @Test("§5: a measurement has its period, value and volume") func measurement() throws {
    let set = Step(
      "standard.set",
      ["touchpoint": 1, "metric": "answers", "target": "0.9", "from": "2025-01-01"])
    let measure = Step(
      "standard.measure",
      ["standard": 1, "period": "2025-Q4", "value": "0.85", "volume": 1200, "note": "two sites"])
    let after = Spec.given(touchpoint(), set).when(measure).then(
      (
        "standard.measured",
        [
          "period": "2025-Q4", "first": "2025-10-01", "last": "2025-12-31", "value": "0.85",
          "volume": "1200", "note": "two sites", "noData": .null,
        ]
      ))
    let standard = try #require(try after.entity("standard/1") as? Standard)
    #expect(standard.standing?.measurement.volume?.description == "1200")
    #expect(standard.standing?.verdict == .missed)
    for (field, value) in [("volume", -1), ("value", .null), ("period", "2025-Q5")]
      as [(String, JSON)]
    {
      Spec.given(touchpoint(), set).when(measure.with(field, value)).rejectedAsInput()
    }
  }

  @Test("§7: an attestation says who attested, and to which version") func attestation() {
    let open = Step(
      "initiative.open",
      ["department": "ssc", "title": "Talk", "step": 1, "womRule": "promoters"])
    let spec = Spec.given(open).when(
      Step("initiative.attest", ["initiative": 1, "onBehalfOf": "kim"])
    ).then(("initiative.ethics-attested", ["version": .int(Int64(Catalog.ethicsVersion))]))
    #expect(spec.machine.log.last?.onBehalfOf?.code == "kim")
    // An initiative that becomes word of mouth later needs it too.
    let plain = Spec.given(
      open.with("womRule", nil),
      Step("initiative.amend", ["initiative": 1, "womRule": "listen", "reason": "it is"]))
    plain.when(Step("initiative.start", ["initiative": 1])).rejected("initiative.ethics-missing")
  }

  @Test(
    "§9: a program is founded on a version of the catalog, and keeps it until it adopts another")
  func catalogVersion() throws {
    let spec = Spec.nothing.when(founded[0]).then(
      ("program.founded", ["catalogVersion": .int(Int64(Catalog.version))]))
    spec.when(Step("program.amend", ["catalogVersion": 3, "reason": "newer"]))
      .rejected("program.settled")
    Spec.nothing.when(founded[0].with("catalogVersion", 9)).rejected("input.invalid", .input)
  }

  @Test("§9: a newer version is adopted, an older or unknown one is not") func adoption() {
    func adopt(_ version: Int) -> Step {
      Step("catalog.adopt", ["version": .int(Int64(version))])
    }
    // A new program has the newest of what was released.
    let newest = Spec.given()
    newest.when(adopt(Catalog.version)).thenNothing()
    let unknown = newest.when(adopt(Catalog.version + 1)).rejected("catalog.unknown", .notFound)
    #expect(unknown?.hint == "cem catalog list")
    // Once there is another, it is adopted by an event, and advances say which they went by.
    let released = Spec.nothing.releasing([1]).given(
      founded + [assess("ssc", 0), complete("ssc", "0.1"), complete("ssc", "0.2")]
    ).releasing([1, 2, 3])
    let adopted = released.when(adopt(2)).then(
      ("program.catalog-adopted", ["from": 1, "version": 2]))
    adopted.when(adopt(2)).thenNothing()
    adopted.when(adopt(1)).rejected("catalog.older")
    adopted.when(advance("ssc")).then(("maturity.advanced", ["catalogVersion": 2]))
    released.when(advance("ssc")).then(("maturity.advanced", ["catalogVersion": 1]))
    Spec.nothing.releasing([1, 2]).when(founded[0]).then(
      ("program.founded", ["catalogVersion": 2]))
  }

  @Test("§9: what came in a newer version than the program goes by is not named")
  func newerTerms() {
    let segment = Step("segment.define", ["code": "new", "name": "New", "market": "consumer"])
    let spec = Spec.nothing.releasing([1]).given(founded + [touchpoint(), segment])
      .releasing([1, 2])
    let insight: JSONObject = [
      "question": "emotions", "finding": "F", "segment": "new", "plane": "usage", "stage": "buy",
    ]
    let commands = [
      (
        Step(
          "standard.set", ["touchpoint": 1, "metric": "answers", "target": 1, "aspect": "style"]),
        "aspect"
      ),
      (
        Step(
          "initiative.open",
          [
            "department": "ssc", "title": "Words", "step": 3, "waivePlatform": "small",
            "brandElements": ["slogan"],
          ]), "brandElements"
      ),
      (Step("insight.record", insight).with("outcome", "leaves"), "outcome"),
      (Step("insight.record", insight).with("peak", "bad"), "peak"),
    ]
    let adopted = spec.given([Step("catalog.adopt", ["version": 2])])
    for (command, field) in commands {
      let rejection = spec.when(command).rejected("catalog.not-adopted")
      #expect(rejection?.hint == "cem catalog adopt 2")
      #expect((try? adopted.when(command).result.get())?.isEmpty == false)
      // What needs no such term goes on as before, and is amended to need one.
      let noun = String(command.name.prefix { $0 != "." })
      let bare = spec.given([command.with(field, nil)])
      let amend = Step("\(noun).amend", [noun: 1, field: command.fields[field]!, "reason": "r"])
      bare.when(amend).rejected("catalog.not-adopted")
    }
  }
}

extension Outcome {
  /// Expects a refusal of what was given, whatever the rule.
  fileprivate func rejectedAsInput(sourceLocation: SourceLocation = #_sourceLocation) {
    guard case .failure(let rejection) = result else {
      Issue.record("not refused", sourceLocation: sourceLocation)
      return
    }
    #expect(rejection.kind == .input, "\(rejection.message)", sourceLocation: sourceLocation)
  }
}
