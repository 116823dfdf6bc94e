import Testing

@testable import CEMDomain

/// The rules of initiatives (domain §3 and §7), one a test.
@Suite struct InitiativeTests {
  static let details = try! InitiativeDetails(
    department: DepartmentCode(scalar: "tbs"), title: Title("Call back"), step: .experientialWorld)

  @Suite struct Opening {
    @Test func `§3 what was given is recorded`() throws {
      try InitiativeSpec.given().when(.open()).then(.opened(InitiativeTests.details))
    }

    @Test func `§3 the header names the leading department, then the partners`() throws {
      let opened = try InitiativeSpec.given().when(.open(["with": ["cra", "cic"]])).result.get()
      #expect(opened.first?.departments.map(\.code) == ["tbs", "cra", "cic"])
    }

    @Test func `§0, §3 a budget without a currency is in the program's`() throws {
      var details = InitiativeTests.details
      details.budget = try Exact(scalar: "1500.5")
      details.currency = try Currency(scalar: "CAD")
      try InitiativeSpec.given().when(.open(["budget": "1500.50"])).then(.opened(details))
    }

    @Test(
      arguments: [
        (["budget": -1], "budget"),
        (["with": "tbs"], "with"), (["with": ["cra", "cra"]], "with"),
        (["gaps": ["GAP-1", "1"]], "gaps"),
        (["start": "2026-04-02", "due": "2026-04-01"], "due"),
        (["links": "www.example.org"], "links"),
        (["attestEthics": true], "attestEthics"), (["approver": "ana"], "approver"),
        (["waivePlatform": "no need"], "waivePlatform"),
        (["platform": "PLT-1", "step": 3, "waivePlatform": "no need"], "waivePlatform"),
        (["platformWaiver": "WVR-1"], "platformWaiver"), (["ethicsVersion": 1], "ethicsVersion"),
      ] as [(JSONObject, String)])
    func `§3 fields that do not fit each other are refused`(fields: JSONObject, field: String)
      throws
    {
      try InitiativeSpec.given().when(.open(fields)).thenRefused("input.invalid", field: field)
    }

    @Test(
      arguments: [
        (["currency": "CAD"], "budget"), (["metricUnit": "calls"], "metric"),
        (["baseline": 1], "metric"), (["target": 1], "metric"),
      ] as [(JSONObject, String)])
    func `§3 fields that ask for another are refused without it`(
      fields: JSONObject, field: String
    ) throws {
      try InitiativeSpec.given().when(.open(fields)).thenRefused("input.missing", field: field)
    }

    @Test(arguments: [1, 2]) func `§3 the foundation needs no platform`(step: Int64) throws {
      #expect(throws: Never.self) { try InitiativeSpec.given(.open(["step": .int(step)])) }
    }

    @Test(arguments: [3, 4, 5]) func `§3 other steps name a platform or waive it`(step: Int64)
      throws
    {
      let spec = try InitiativeSpec()
      spec.when(.open(["step": .int(step)])).thenRefused("initiative.platform-missing")
      var details = InitiativeTests.details
      details.step = CEMDomain.Step.allCases[Int(step) - 1]
      details.platform = PlatformRef(1)
      spec.when(.open(["step": .int(step), "platform": "PLT-1"])).then(.opened(details))
    }

    @Test func `§3 a platform waiver is granted with the opening`() throws {
      var details = InitiativeTests.details
      details.step = .customerInterface
      details.platformWaiver = WaiverRef(1)
      let waiver = try WaiverDetails(
        rule: .platform, of: InitiativeRef(1).stream, departments: details.department.list,
        because: Text("prescribed"), approver: PersonID(scalar: "bob"))
      try InitiativeSpec.given()
        .when(.open(["step": 4, "waivePlatform": "prescribed", "approver": "bob"]))
        .then([.initiative(.opened(details)), .waiver(.granted(waiver))])
    }

    @Test func `§3 a platform that was voided says so, and which other there is`() {
      let platform = Step("platform.state", ["title": "Calm", "promise": "We answer."])
      let open = Step(
        "initiative.open",
        ["department": "ssc", "title": "Tell", "step": 4, "platform": "PLT-1"])
      let start = Step("initiative.start", ["initiative": 1])
      let spec = Spec.given(
        platform, open, Step("platform.void", ["platform": 1, "reason": "never agreed"]))
      let nothing = spec.when(start).rejected("initiative.platform-missing")
      #expect(nothing?.message.contains("PLT-1, which INI-1 names, was voided") == true)
      #expect(nothing?.hint.hasPrefix("cem platform state ") == true, "\(nothing?.hint ?? "")")
      let other = spec.given([platform]).when(start).rejected("initiative.platform-missing")
      #expect(other?.hint.hasPrefix("cem initiative amend INI-1 --platform PLT-2 ") == true)
      let waived = spec.given([Step("initiative.waive", ["initiative": 1, "reason": "r"])])
      waived.when(start).then(("initiative.started", [:]))
    }

    @Test func `§3 a platform is waived until a day, and again after it`() throws {
      let open = Step(
        "initiative.open",
        [
          "department": "ssc", "title": "Tell", "step": 4, "waivePlatform": "prescribed",
          "until": "2026-02-28",
        ])
      let start = Step("initiative.start", ["initiative": 1])
      let waive = Step(
        "initiative.waive", ["initiative": 1, "approver": "lee", "until": "2026-12-31"])
      let spec = Spec.given(open)
      spec.when(start.on("2026-02-28")).then(("initiative.started", [:]))
      let held = spec.when(waive.on("2026-02-28").with("reason", "r"))
        .rejected("initiative.platform-waived")
      #expect(held?.hint == "cem waiver amend WVR-1 --until DATE --reason TEXT")
      let over = spec.when(start).rejected("initiative.platform-missing")
      #expect(over?.message.contains("WVR-1, by which INI-1 builds on none, no longer") == true)
      #expect(over?.hint.hasSuffix(", or cem initiative waive INI-1 --reason TEXT") == true)
      spec.when(waive).rejected("reason.missing")
      spec.when(waive.with("reason", "r").with("approver", "max")).rejected("person.not-found")
      spec.when(waive.with("reason", "r").with("until", "2026-06-29")).rejected("date.until")
      let after = spec.when(waive.with("reason", "still prescribed")).then(
        ("initiative.platform-waived", ["waiver": "WVR-2"]),
        (
          "waiver.granted",
          [
            "rule": "platform", "of": "initiative/1", "departments": ["ssc"],
            "because": "still prescribed", "approver": "lee", "until": "2026-12-31",
          ]
        ))
      after.when(start).then(("initiative.started", [:]))
      // With it goes what was granted for it alone.
      after.when(Step("initiative.void", ["initiative": 1, "reason": "twice"])).then(
        ("initiative.voided", [:]), ("waiver.voided", [:]), ("waiver.voided", [:]))
      let undone = spec.given([
        waive.with("reason", "r").with("until", nil).on("2026-03-01")
      ])
      let position = try #require(undone.record("initiative/1")).position
      undone.when(Step("undo", ["position": .int(position), "reason": "a slip"]))
        .then(("initiative.reverted", [:]), ("waiver.voided", [:]))
        .when(start).rejected("initiative.platform-missing")
    }

    @Test func `§3 a waiver is for what builds on no platform`() {
      let waive = Step("initiative.waive", ["initiative": 1, "reason": "r"])
      let open = Step("initiative.open", ["department": "ssc", "title": "Tell", "step": 1])
      Spec.given(
        Step("platform.state", ["title": "Calm", "promise": "We answer."]),
        open.with("step", 4).with("platform", "PLT-1")
      ).when(waive).rejected("initiative.platform-named")
      Spec.given().when(open.with("until", "2026-12-31")).rejected("input.invalid")
      // A step that is corrected needs a platform, or the waiver first.
      let amend = Step("initiative.amend", ["initiative": 1, "step": 4, "reason": "misread"])
      let missing = Spec.given(open).when(amend).rejected("input.missing", .input)
      #expect(missing?.hint.hasSuffix("cem initiative waive INI-1 --reason TEXT") == true)
      Spec.given(open, waive).when(amend).then(("initiative.amended", [:]))
    }

    @Test(
      arguments: [
        (["department": "none"], "department.not-found"),
        (["with": "none"], "department.not-found"),
        (["owner": "none"], "person.not-found"), (["sponsor": "none"], "person.not-found"),
        (["gaps": "GAP-9"], "gap.not-found"), (["platform": "PLT-9"], "platform.not-found"),
        (["step": 3, "waivePlatform": "so", "approver": "none"], "person.not-found"),
        (["gaps": "GAP-1", "on": "2026-01-09"], "date.too-early"),
      ] as [(JSONObject, String)])
    func `§3 what it refers to exists on its date`(fields: JSONObject, code: String) throws {
      try InitiativeSpec.given().when(.open(fields)).thenRefused(code)
    }
  }

  @Suite struct WordOfMouth {
    static let open = InitiativeRow.open(["womRule": "grassroots"])

    @Test func `§7 attesting on opening records the version of the text`() throws {
      var details = InitiativeTests.details
      details.womRule = .grassroots
      details.ethicsVersion = Catalog.ethicsVersion
      try InitiativeSpec.given().when(.open(["womRule": "grassroots", "attestEthics": true]))
        .then(.opened(details))
    }

    @Test(arguments: ["start", "pilot.start"])
    func `§7 it cannot begin without the attestation`(verb: String) throws {
      try InitiativeSpec.given(Self.open).when(.act(verb)).thenRefused("initiative.ethics-missing")
      #expect(throws: Never.self) {
        try InitiativeSpec.given(Self.open, .act("attest"), .act(verb))
        try InitiativeSpec.given(
          .open(["womRule": "listen", "attestEthics": true]), .act(verb))
      }
    }

    @Test func `§7 attesting may come later, once for a version`() throws {
      try InitiativeSpec.given(Self.open).when(.act("attest"))
        .then(.ethicsAttested(EthicsAttested(from: nil, version: Catalog.ethicsVersion)))
      try InitiativeSpec.given(Self.open, .act("attest")).when(.act("attest")).then([Event]())
    }

    @Test func `§7 what turns out to be word of mouth is attested before it ends`() throws {
      let amend = InitiativeRow.act("amend", ["womRule": "listen", "reason": "r"])
      let complete = InitiativeRow.act("complete", ["note": "done"])
      let rows = [InitiativeRow.open(), .act("start"), amend]
      try InitiativeSpec.given(rows).when(complete).thenRefused("initiative.ethics-missing")
      #expect(throws: Never.self) {
        try InitiativeSpec.given(rows + [.act("attest"), complete])
      }
      try InitiativeSpec.given([.open(), .act("start"), complete]).when(amend)
        .thenRefused("initiative.completed")
    }

    @Test func `§7 other initiatives have nothing to attest`() throws {
      try InitiativeSpec.given(.open()).when(.act("attest"))
        .thenRefused("initiative.not-word-of-mouth")
    }
  }

  @Suite struct Starting {
    @Test func `§3 an opened one starts`() throws {
      try InitiativeSpec.given(.open()).when(.act("start"))
        .then(.started(InitiativeMoved(from: .opened, to: .started)))
    }

    @Test func `§3 a started one has nothing to start`() throws {
      try InitiativeSpec.given(.open(), .act("start")).when(.act("start")).then([Event]())
      try InitiativeSpec.given(.piloted("scale")).when(.act("start")).then([Event]())
    }

    @Test(arguments: ["start", "pilot.start"])
    func `§3 a platform waiver that was revoked excuses no longer`(verb: String) throws {
      let open = InitiativeRow.open(["step": 3, "waivePlatform": "prescribed"])
      let revoke = InitiativeRow("waiver.revoke", ["waiver": "WVR-1", "reason": "repealed"])
      #expect(throws: Never.self) { try InitiativeSpec.given(open, .act(verb)) }
      try InitiativeSpec.given(open, revoke).when(.act(verb))
        .thenRefused("initiative.platform-missing")
    }

    @Test func `§3 a voided platform is none`() throws {
      try InitiativeSpec.given(
        .open(["step": 3, "platform": 1]),
        InitiativeRow("platform.void", ["platform": "PLT-1", "reason": "twice"])
      ).when(.act("start")).thenRefused("initiative.platform-missing")
    }
  }
}

extension DepartmentCode {
  var list: [DepartmentCode] { [self] }
}
