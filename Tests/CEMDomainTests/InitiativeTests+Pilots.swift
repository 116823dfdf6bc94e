import Testing

@testable import CEMDomain

extension InitiativeTests {
  static func result(
    _ verdict: Verdict, currency: String = "CAD", kind: BenefitKind = .estimated,
    evidence: Int? = nil
  ) throws -> PilotResult {
    try PilotResult(
      cost: Exact(scalar: "100"), benefit: Exact(scalar: "250"),
      currency: Currency(scalar: currency), benefitKind: kind,
      evidence: evidence.map(EvidenceRef.init),
      verdict: verdict)
  }

  static func concluded(_ result: PilotResult) -> InitiativeEvent {
    .pilotConcluded(PilotConcluded(from: .piloting, to: .concluded, result: result))
  }

  @Suite struct StartingPilots {
    @Test func `§3 an opened one is thereby started`() throws {
      try InitiativeSpec.given(.open()).when(.act("pilot.start", ["scope": "two centres"]))
        .then(.pilotStarted(PilotStarted(from: .opened, to: .piloting, scope: Text("two centres"))))
    }

    @Test func `§3 a started one may begin with a pilot`() throws {
      try InitiativeSpec.given(.open(), .act("start")).when(.act("pilot.start"))
        .then(.pilotStarted(PilotStarted(from: .started, to: .piloting)))
    }

    @Test func `§3 one pilot runs at a time`() throws {
      try InitiativeSpec.given(.open(), .act("pilot.start")).when(.act("pilot.start"))
        .thenRefused("initiative.piloting")
    }

    @Test func `§3 after repeat comes another pilot`() throws {
      try InitiativeSpec.given(.piloted("repeat")).when(.act("pilot.start"))
        .then(.pilotStarted(PilotStarted(from: .concluded, to: .piloting)))
    }

    @Test func `§3 after stop another pilot needs a reason`() throws {
      let spec = try InitiativeSpec.given(.piloted("stop"))
      spec.when(.act("pilot.start")).thenRefused("reason.missing")
      spec.when(.act("pilot.start", ["reason": "another group"]))
        .then(.pilotStarted(PilotStarted(from: .concluded, to: .piloting)))
    }

    @Test func `§3 after scale no pilot is needed`() throws {
      try InitiativeSpec.given(.piloted("scale")).when(.act("pilot.start"))
        .thenRefused("initiative.pilot-concluded")
    }

    @Test func `§3 what is being scaled is no longer piloted`() throws {
      try InitiativeSpec.given(.piloted("scale") + [.act("scale")]).when(.act("pilot.start"))
        .thenRefused("initiative.scaling")
    }
  }

  @Suite struct CorrectingPilots {
    @Test func `§0 figures that were recorded wrongly are corrected, whatever followed`() throws {
      let correction: JSONObject = [
        "cost": 10, "currency": "EUR", "horizon": "2y", "reason": "a nought too many",
      ]
      for followed in [[], [.act("scale")], [.act("scale"), .act("complete")]] as [[InitiativeRow]]
      {
        var spec = try InitiativeSpec.given(.piloted("scale") + followed)
        let corrected = PilotCorrected(
          pilot: 1,
          old: try PilotFigures(cost: Exact(scalar: "100"), currency: Currency(scalar: "CAD")),
          new: try PilotFigures(
            cost: Exact(scalar: "10"), currency: Currency(scalar: "EUR"),
            horizon: Horizon(scalar: "2y")))
        spec.when(.act("pilot.correct", correction)).then(.pilotCorrected(corrected))
        let stage = try spec.initiative.life.stage
        try spec.run(.act("pilot.correct", correction))
        let life = try spec.initiative.life
        #expect(life.stage == stage && life.pilots == 1)
        #expect(life.lastPilot?.result.cost == (try Exact(scalar: "10")))
        #expect(life.lastPilot?.result.benefit == (try Exact(scalar: "250")))
        #expect(life.lastPilot?.on == Day("2026-03-01"))
        // The same again changes nothing.
        spec.when(.act("pilot.correct", correction)).then([])
      }
    }

    @Test func `§0 the verdict is corrected while nothing has followed from it`() throws {
      let correction = InitiativeRow.act(
        "pilot.correct", ["verdict": "scale", "reason": "misread"])
      var spec = try InitiativeSpec.given(
        .piloted("stop") + [.act("update", ["rag": "red", "note": "stopped"])])
      try spec.run(correction)
      spec.when(.act("scale")).then(
        .scaled(InitiativeScaled(from: .concluded, to: .scaling, waiver: nil)))
      try spec.run(.act("scale"))
      spec.when(.act("pilot.correct", ["verdict": "repeat", "reason": "r"]))
        .thenRefused("initiative.verdict-followed")
    }

    @Test func `§0 what is corrected is there, is named, and comes with a reason`() throws {
      let spec = try InitiativeSpec.given(.piloted("scale"))
      spec.when(.act("pilot.correct", ["reason": "r"])).thenRefused("amend.nothing")
      spec.when(.act("pilot.correct", ["cost": 1])).thenRefused("reason.missing")
      spec.when(.act("pilot.correct", ["cost": -1, "reason": "r"]))
        .thenRefused("input.invalid", field: "cost")
      spec.when(.act("pilot.correct", ["evidence": "EV-9", "reason": "r"]))
        .thenRefused("evidence.not-found")
      try InitiativeSpec.given(.open(), .act("pilot.start"))
        .when(.act("pilot.correct", ["cost": 1, "reason": "r"]))
        .thenRefused("initiative.no-pilot")
    }
  }

  @Suite struct ConcludingPilots {
    let running: [InitiativeRow] = [.open(), .act("pilot.start")]

    @Test func `§3 only a running pilot is concluded`() throws {
      try InitiativeSpec.given(.open()).when(.conclude("scale"))
        .thenRefused("initiative.not-piloting")
      try InitiativeSpec.given(.piloted("repeat")).when(.conclude("scale"))
        .thenRefused("initiative.not-piloting")
    }

    @Test func `§3 the benefit is estimated, in the program's currency, unless said otherwise`()
      throws
    {
      try InitiativeSpec.given(running).when(.conclude("scale"))
        .then(concluded(result(.scale)))
      try InitiativeSpec.given(running)
        .when(.conclude("scale", ["currency": "EUR", "benefitKind": "measured"]))
        .then(concluded(result(.scale, currency: "EUR", kind: .measured)))
    }

    @Test func `§3 the budget's currency goes before the program's`() throws {
      try InitiativeSpec.given(
        .open(["budget": 1, "currency": "USD"]), .act("pilot.start")
      ).when(.conclude("stop")).then(concluded(result(.stop, currency: "USD")))
    }

    @Test func `§3 a cost is not negative, a benefit may be`() throws {
      let spec = try InitiativeSpec.given(running)
      spec.when(.conclude("stop", ["cost": -1])).thenRefused("input.invalid", field: "cost")
      #expect(throws: Never.self) {
        try spec.when(.conclude("stop", ["benefit": -1])).result.get()
      }
    }

    @Test func `§3 evidence is a reference to some that holds`() throws {
      let spec = try InitiativeSpec.given(running)
      spec.when(.conclude("scale", ["evidence": "EV-1"]))
        .then(concluded(try result(.scale, evidence: 1)))
      spec.when(.conclude("scale", ["evidence": "EV-2"])).thenRefused("evidence.expired")
      spec.when(.conclude("scale", ["evidence": "EV-9"])).thenRefused("evidence.not-found")
    }

    @Test func `§3 a pilot cannot rest on evidence that was added later`() throws {
      var spec = try InitiativeSpec.given(running)
      try spec.run(InitiativeRow("evidence.add", ["title": "Survey"]), on: "2026-04-01")
      spec.when(.conclude("scale", ["evidence": "EV-3"])).thenRefused("date.too-early")
    }

    @Test func `§3 a text becomes evidence`() throws {
      try InitiativeSpec.given(running).when(.conclude("scale", ["evidence": "900 answers read"]))
        .then([
          .initiative(concluded(result(.scale, evidence: 3))),
          .evidence(.added(EvidenceDetails(title: Title("900 answers read")))),
        ])
    }

    @Test func `§3 the last concluded pilot is kept while the next one runs`() throws {
      let spec = try InitiativeSpec.given(
        .piloted("repeat") + [.act("pilot.start", ["scope": "both languages"])])
      let life = try spec.initiative.life
      #expect(life.lastPilot?.result.verdict == .repeat)
      #expect(life.pilot?.scope == (try Text("both languages")))
      #expect(life.pilots == 1)
    }

    @Test(
      arguments: [
        ("100", "250", "1.5"), ("100", "40", "-0.6"), ("3", "4", "0.333333"),
        ("100", "-50", "-1.5"),
        ("0", "250", nil),
      ] as [(String, String, String?)])
    func `§3 the return is gain by cost, unknown where nothing was spent`(
      cost: String, benefit: String, expected: String?
    ) throws {
      var result = try result(.scale)
      result.cost = try Exact(scalar: cost)
      result.benefit = try Exact(scalar: benefit)
      #expect(result.returnOnInvestment?.description == expected)
    }

    @Test(arguments: ["12m", "1y", "6w", "9999d"]) func `§3 a horizon is a number and a unit`(
      text: String
    ) throws {
      #expect(try Horizon(scalar: text).description == text)
    }

    @Test(arguments: ["", "m", "0m", "-1m", "+1m", "01m", "12", "12h", "10000d", "1.5y", "12 m"])
    func `§3 other horizons are refused`(text: String) {
      #expect(throws: FieldError.self) { try Horizon(scalar: text) }
    }
  }

  @Suite struct Scaling {
    @Test func `§3 a pilot that says scale opens the way`() throws {
      try InitiativeSpec.given(.piloted("scale")).when(.act("scale"))
        .then(.scaled(InitiativeScaled(from: .concluded, to: .scaling)))
    }

    @Test func `§3 without such a pilot it is refused`() throws {
      try InitiativeSpec.given(.open(), .act("start")).when(.act("scale"))
        .thenRefused("initiative.pilot-missing")
      try InitiativeSpec.given(.piloted("repeat")).when(.act("scale"))
        .thenRefused("initiative.pilot-missing")
    }

    @Test func `§3 a waiver stands for the pilot`() throws {
      let waiver = try WaiverDetails(
        rule: .pilot, of: InitiativeRef(1).stream,
        departments: InitiativeTests.details.department.list,
        because: Text("one form for all"), approver: PersonID(scalar: "bob"))
      try InitiativeSpec.given(.open(), .act("start"))
        .when(.act("scale", ["waivePilot": "one form for all", "approver": "bob"]))
        .then([
          .initiative(
            .scaled(InitiativeScaled(from: .started, to: .scaling, waiver: WaiverRef(1)))),
          .waiver(.granted(waiver)),
        ])
    }

    @Test func `§3 a waiver that is not needed is refused`() throws {
      try InitiativeSpec.given(.piloted("scale")).when(.act("scale", ["waivePilot": "so"]))
        .thenRefused("input.invalid", field: "waivePilot")
      try InitiativeSpec.given(.piloted("scale")).when(.act("scale", ["approver": "bob"]))
        .thenRefused("input.invalid", field: "approver")
    }

    @Test func `§3 no waiver helps after stop, in a pilot, or before the start`() throws {
      let scale = InitiativeRow.act("scale", ["waivePilot": "so"])
      try InitiativeSpec.given(.piloted("stop")).when(scale).thenRefused("initiative.stopped")
      try InitiativeSpec.given(.open(), .act("pilot.start")).when(scale)
        .thenRefused("initiative.piloting")
      try InitiativeSpec.given(.open()).when(scale).thenRefused("initiative.not-started")
    }

    @Test func `§3 what is being scaled has nothing to scale`() throws {
      try InitiativeSpec.given(.piloted("scale") + [.act("scale")]).when(.act("scale"))
        .then([Event]())
    }
  }
}
