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
