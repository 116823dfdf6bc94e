import Testing

@testable import CEMDomain

extension InitiativeTests {
  @Suite struct Corrections {
    static func amend(_ fields: JSONObject) -> InitiativeRow {
      .act("amend", (["reason": "a slip"] as JSONObject).merging(fields))
    }

    @Test func `§0 recorded fields are amended and cleared`() throws {
      let spec = try InitiativeSpec.given(
        .open(["owner": "ana", "due": "2026-12-01", "gaps": "GAP-1"]), .act("start"),
        Self.amend(["owner": "bob", "due": .null, "gaps": .null, "step": 3, "platform": "PLT-1"]))
      let initiative = try spec.initiative
      #expect(initiative.owner?.code == "bob")
      #expect(initiative.details.due == nil)
      #expect(initiative.details.gaps == nil)
      #expect(initiative.details.platform == PlatformRef(1))
      #expect(initiative.life.stage == .started)
    }

    @Test(
      arguments: [
        (["step": 3], "input.missing", "platform"),
        (["currency": "USD"], "input.missing", "budget"),
        (["target": 5], "input.missing", "metric"), (["with": "tbs"], "input.invalid", "with"),
        (["links": "nowhere"], "input.invalid", "links"),
        (["platformWaiver": "WVR-1"], "initiative.settled", "platformWaiver"),
        (["ethicsVersion": 1], "initiative.settled", "ethicsVersion"),
      ] as [(JSONObject, String, String)])
    func `§0 an amendment keeps the rules between fields`(
      fields: JSONObject, code: String, field: String
    ) throws {
      try InitiativeSpec.given(.open()).when(Self.amend(fields)).thenRefused(code, field: field)
    }

    @Test func `§3 an analysis that a platform rests on stays one`() {
      func amend(_ fields: JSONObject) -> Step {
        var step = Step("initiative.amend", fields)
        step.fields["initiative"] = 1
        return step.with("reason", "r")
      }
      let platform = Step("platform.state", ["title": "Calm", "promise": "We answer."])
      let spec = Spec.given(
        Step("initiative.open", ["department": "ssc", "title": "Diaries", "step": 1]), platform,
        platform.with("restsOn", ["INI-1"]))
      spec.when(amend(["step": 2])).rejected("initiative.is-an-analysis")
      spec.when(amend(["title": "Two weeks of diaries"])).then(("initiative.amended", [:]))
      spec.given([Step("platform.amend", ["platform": 2, "restsOn": .null, "reason": "r"])])
        .when(amend(["step": 2])).then(("initiative.amended", [:]))
    }

    @Test func `§0 a move to another department concerns both`() throws {
      let events = try InitiativeSpec.given(.open()).when(Self.amend(["department": "cra"]))
        .result.get()
      #expect(events.first?.departments.map(\.code) == ["tbs", "cra"])
    }

    @Test(
      arguments: [
        ([.open()], .act("start")), ([.open()], .act("pilot.start", ["scope": "two"])),
        ([.open(), .act("pilot.start", ["scope": "two"])], .conclude("scale")),
        ([InitiativeRow].piloted("scale"), .act("scale")),
        ([.open(), .act("start")], .act("complete", ["note": "done"])),
        (
          [.open(), .act("start"), .act("complete", ["note": "done"])],
          .act("reopen", ["reason": "so"])
        ),
        ([.open(), .act("start")], .act("cancel", ["reason": "so"])),
        ([.open()], .act("hold", ["reason": "so"])),
        ([.open(), .act("hold", ["reason": "so"])], .act("resume")),
        ([.open(), .act("update", ["rag": "red"])], .act("update", ["rag": "green"])),
        ([.open(["womRule": "listen"])], .act("attest")),
        ([.open()], .act("link", ["url": "https://example.org"])),
        (
          [.open(), .act("link", ["url": "https://example.org"])],
          .act("link", ["url": "https://example.com"])
        ),
      ] as [([InitiativeRow], InitiativeRow)])
    func `§0 an undo leads back to the state before`(given: [InitiativeRow], row: InitiativeRow)
      throws
    {
      var spec = try InitiativeSpec.given(given)
      let before = try spec.initiative
      try spec.run(row)
      #expect(try spec.initiative != before)
      try spec.undoLast()
      #expect(try spec.initiative.life == before.life)
      #expect(try spec.initiative.details == before.details)
    }

    @Test func `§0 undoing the scaling voids the waiver granted for it`() throws {
      var spec = try InitiativeSpec.given(
        .open(), .act("start"), .act("scale", ["waivePilot": "so"]))
      let scaled = try #require(spec.log.first { $0.event.type == "initiative.scaled" })
      try spec.undo(scaled.position)
      #expect(try spec.initiative.life.stage == .started)
      #expect(
        spec.log.suffix(2).map(\.event.type) == ["initiative.reverted", "waiver.voided"])
    }

    @Test func `§0 an undone opening is voided`() throws {
      var spec = try InitiativeSpec.given(.open())
      try spec.undoLast()
      spec.when(.act("start")).thenRefused("initiative.voided")
    }

    @Test func `§0 waivers granted for an initiative are voided and restored with it`() throws {
      let void = InitiativeRow.act("void", ["reason": "twice"])
      let restore = InitiativeRow.act("restore", ["reason": "it was right"])
      var spec = try InitiativeSpec.given(.open(["step": 3, "waivePlatform": "prescribed"]))
      try spec.undo(spec.log[spec.log.count - 2].position)
      #expect(spec.log.suffix(2).map(\.event.type) == ["initiative.voided", "waiver.voided"])
      try spec.run(restore)
      #expect(spec.log.suffix(2).map(\.event.type) == ["initiative.restored", "waiver.restored"])
      try spec.run(.act("start"))
      try spec.run(.act("scale", ["waivePilot": "so"]))
      try spec.run(void)
      #expect(
        spec.log.suffix(3).map(\.stream.reference) == ["INI-1", "WVR-1", "WVR-2"])
      try spec.run(restore)
      #expect(
        spec.log.suffix(3).map(\.event.type)
          == ["initiative.restored", "waiver.restored", "waiver.restored"])
    }

    @Test func `§0 a waiver that was voided before its initiative stays so`() throws {
      var spec = try InitiativeSpec.given(.open(["step": 3, "waivePlatform": "prescribed"]))
      try spec.run(InitiativeRow("waiver.void", ["waiver": "WVR-1", "reason": "not needed"]))
      spec.when(.act("void", ["reason": "twice"]))
        .then([.correction(.initiative, .voided(Voiding()))])
      try spec.run(.act("void", ["reason": "twice"]))
      try spec.run(.act("restore", ["reason": "so"]))
      #expect(spec.log.last?.event.type == "initiative.restored")
    }
  }

  @Suite struct StoredForms {
    static let every: [InitiativeEvent] = try! [
      .opened(
        InitiativeDetails(
          department: DepartmentCode(scalar: "tbs"), with: [DepartmentCode(scalar: "cra")],
          title: Title("Cafe\u{301} \"å\"\n"), step: .customerInterface,
          owner: PersonID(scalar: "ana"), sponsor: PersonID(scalar: "bob"),
          budget: Exact(scalar: "1000.000001"), currency: Currency(scalar: "CAD"),
          start: Day("2026-01-01"), due: Day("2026-12-31"), gaps: [GapRef(1), GapRef(2)],
          platform: PlatformRef(1), platformWaiver: WaiverRef(2), metric: Title("口碑"),
          metricUnit: Title("ratio"), baseline: Exact(scalar: "-0.5"), target: Exact(scalar: "0.9"),
          womRule: .earnedMedia, ethicsVersion: 1,
          links: [Text("https://example.org/1"), Text("https://example.org/2")])),
      .opened(InitiativeTests.details),
      .started(InitiativeMoved(from: .opened, to: .started)),
      .pilotStarted(PilotStarted(from: .opened, to: .piloting, scope: Text("two centres"))),
      .pilotConcluded(
        PilotConcluded(
          from: .piloting, to: .concluded,
          result: PilotResult(
            cost: Exact(scalar: "100"), benefit: Exact(scalar: "-2.5"),
            currency: Currency(scalar: "EUR"), benefitKind: .measured,
            horizon: Horizon(scalar: "12m"), evidence: EvidenceRef(3), verdict: .repeat,
            note: Text("fewer calls")))),
      .pilotCorrected(
        PilotCorrected(
          pilot: 2, old: PilotFigures(cost: Exact(scalar: "100"), verdict: .repeat),
          new: PilotFigures(
            cost: Exact(scalar: "10"), horizon: Horizon(scalar: "2y"), verdict: .scale))),
      .scaled(InitiativeScaled(from: .started, to: .scaling, waiver: WaiverRef(1))),
      .completed(
        InitiativeCompleted(
          from: .scaling, to: .completed, measured: Exact(scalar: "0.81"), note: Text("done"))),
      .updated(InitiativeUpdated(from: .green, rag: .red, note: Text("late"))),
      .linked(InitiativeLinked(url: Text("https://example.org"))),
      .held(InitiativePaused(stage: .started)),
      .resumed(InitiativePaused(stage: .started)),
      .cancelled(InitiativeMoved(from: .concluded, to: .cancelled)),
      .reopened(InitiativeMoved(from: .completed, to: .scaling)),
      .ethicsAttested(EthicsAttested(from: nil, version: 1)),
      .platformWaived(PlatformWaived(waiver: WaiverRef(1))),
    ]

    /// What the database gives back: both parts as canonical text, parsed.
    private func stored(_ value: some Encodable) throws -> Split {
      let split = try Split(value)
      return Split(
        facts: try split.facts.map { try JSON(parsing: $0.canonicalText) },
        personal: try split.personal.map { try JSON(parsing: $0.canonicalText) })
    }

    @Test(arguments: every) func `an event reads back as it was written`(
      event: InitiativeEvent
    ) throws {
      let (type, version, payload) = event.stored
      let read = try Event(type: type, schemaVersion: version, data: try stored(payload))
      #expect(read == .initiative(event))
    }

    @Test func `every type is among them`() {
      #expect(Set(Self.every.map(\.stored.type)) == Set(InitiativeEvent.forms.map(\.type)))
    }

    @Test(arguments: every) func `an event whose private part was erased can be read`(
      event: InitiativeEvent
    ) throws {
      let (type, version, payload) = event.stored
      let facts = Split(facts: try stored(payload).facts)
      #expect(try Event(type: type, schemaVersion: version, data: facts).type == type)
    }

    @Test func `the words of people are private`() throws {
      for event in Self.every {
        let facts = try #require(try stored(event.stored.payload).facts).canonicalText
        for word in ["Caf", "口碑", "ratio", "centres", "fewer", "done", "late", "example"] {
          #expect(!facts.contains(word), "\(facts)")
        }
      }
    }

    @Test func `every command of a thing's own names the command it comes from`() {
      for form in InitiativeEvent.forms {
        #expect(form.command.map { Commands.byName[$0] != nil } == true, "\(form.type)")
      }
    }

    @Test func `a state reads back as it was kept`() throws {
      let spec = try InitiativeSpec.given(
        .piloted("repeat") + [
          .act("pilot.start", ["scope": "two"]), .act("update", ["rag": "red", "note": "late"]),
          .act("link", ["url": "https://example.org"]), .act("hold", ["reason": "so"]),
        ])
      let state = try spec.initiative
      #expect(try Entity(kind: .initiative, stored: try stored(state)) == .initiative(state))
    }
  }
}
