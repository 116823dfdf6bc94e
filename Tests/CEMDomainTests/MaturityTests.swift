import CEMDomain
import Testing

@Suite("Maturity (domain §1)") struct MaturityTests {
  /// The actions of a level done for a department.
  private func done(_ department: String, _ actions: String...) -> [Step] {
    actions.map { complete(department, $0) }
  }

  private func maturity(_ spec: Spec, _ stream: String = "maturity/ssc") throws -> Maturity {
    try #require(try spec.entity(stream) as? Maturity)
  }

  private func evaluation(_ spec: Spec) throws -> MaturityEvaluation {
    let own = try maturity(spec)
    let program = try spec.record("maturity").map { _ in try maturity(spec, "maturity") }
    var evidence: [EvidenceRef: Evidence] = [:]
    var waivers: [WaiverRef: Waiver] = [:]
    for stream in MaturityEvaluation.references([own, program]) {
      guard let record = spec.machine.state.entities[stream], !record.isVoided else { continue }
      if case .evidence(let state) = record.entity {
        evidence[EvidenceRef(stream.number)] = state
      }
      if case .waiver(let state) = record.entity { waivers[WaiverRef(stream.number)] = state }
    }
    return MaturityEvaluation(own: own, program: program, evidence: evidence, waivers: waivers)
  }

  // MARK: Assessing

  @Test("§1: a level is first assessed, a baseline with assessor, method and rationale")
  func baseline() throws {
    let spec = Spec.given().when(
      assess("ssc", 2).with("assessor", "kim").with("method", "independent").on("2026-03-01")
    ).then(
      (
        "maturity.assessed",
        [
          "from": .null, "level": 2, "assessor": "kim", "method": "independent",
          "rationale": "interviews",
        ]
      ))
    let standing = try maturity(spec).standing
    #expect(standing?.level == 2)
    #expect(standing?.basis == .baseline)
    #expect(standing?.since == Day("2026-03-01"))
  }

  @Test("§1: a department that was not assessed cannot advance, regress or be corrected")
  func notAssessed() {
    let spec = Spec.given()
    spec.when(advance("ssc")).rejected("maturity.not-assessed")
    spec.when(Step("maturity.regress", ["department": "ssc", "to": 1, "reason": "r"]))
      .rejected("maturity.not-assessed")
    spec.when(Step("maturity.correct", ["department": "ssc", "to": 1, "reason": "r"]))
      .rejected("maturity.not-assessed")
  }

  @Test("§1: a later assessment may confirm a level, which changes neither its basis nor its date")
  func confirm() throws {
    let spec = Spec.given(assess("ssc", 2)).when(assess("ssc", 2)).then(
      ("maturity.assessed", ["from": 2, "level": 2]))
    #expect(try maturity(spec).standing?.since == Day("2026-02-01"))
  }

  @Test("§1: a later assessment may lower a level") func lower() throws {
    let spec = Spec.given(assess("ssc", 3)).when(assess("ssc", 1).on("2026-05-01")).then(
      ("maturity.assessed", ["from": 3, "level": 1]))
    #expect(try maturity(spec).standing?.level == 1)
    #expect(try maturity(spec).standing?.since == Day("2026-05-01"))
  }

  @Test("§1: a later assessment never raises a level") func neverRaise() {
    Spec.given(assess("ssc", 2)).when(assess("ssc", 3)).rejected("maturity.assessment-raises")
  }

  @Test("§1: a level is 0 to 5", arguments: [-1, 6, 99]) func levels(level: Int) {
    Spec.given().when(assess("ssc", level)).rejected("input.invalid", .input)
  }

  @Test("§1: the program's own level is assessed too, beside those of the departments")
  func programLevel() throws {
    let spec = Spec.given(assess("ssc", 3)).when(
      Step("maturity.assess", ["programLevel": true, "level": 1, "rationale": "r"])
    ).then(("maturity.assessed", ["level": 1]))
    #expect(try maturity(spec, "maturity").standing?.level == 1)
    #expect(try maturity(spec).standing?.level == 3)
  }

  @Test("§1: a level belongs to a department or to the program, never to both or to neither")
  func oneTarget() {
    Spec.given().when(assess("ssc", 1).with("programLevel", true)).rejected("input.invalid")
    Spec.given().when(assess("ssc", 1).with("department", nil)).rejected("input.invalid")
    Spec.given().when(assess("nowhere", 1)).rejected("department.not-found", .notFound)
  }

  // MARK: Advancing

  @Test("§1: a level is advanced by one when every required action is done, each with evidence")
  func advanceOne() throws {
    let steps = [assess("ssc", 0)] + done("ssc", "0.1", "0.2")
    let spec = Spec.given().given(steps).when(advance("ssc")).then(
      (
        "maturity.advanced",
        [
          "from": 0, "to": 1, "basis": "advanced", "catalogVersion": 2, "rationale": "all done",
          "restsOn": [
            ["action": "0.1", "evidence": "EV-1"], ["action": "0.2", "evidence": "EV-2"],
          ],
        ]
      ))
    let standing = try #require(try maturity(spec).standing)
    #expect(standing.basis == .advanced)
    #expect(standing.since == Spec.today)
    spec.when(advance("ssc")).rejected("maturity.actions-missing")
  }

  @Test("§1: what is missing is named, and stops an advance") func missing() {
    let rejection = Spec.given(assess("ssc", 2), complete("ssc", "2.2")).when(advance("ssc"))
      .rejected("maturity.actions-missing", .rule)
    #expect(rejection?.details["missingActions"] == ["2.1", "2.3"])
  }

  @Test("§1: an advance needs a rationale") func rationale() {
    Spec.given().when(advance("ssc").with("rationale", nil)).rejected("input.missing", .input)
    Spec.given().when(advance("ssc").with("rationale", "  ")).rejected("input.invalid", .input)
  }

  @Test("§1: a level never moves past 5") func highest() {
    Spec.given().given([assess("ssc", 5)] + done("ssc", "5.1", "5.2", "5.3"))
      .when(advance("ssc")).rejected("maturity.highest")
  }

  @Test("§1: an action may be completed for all departments at once") func forAll() {
    Spec.given(
      assess("ssc", 0), assess("billing", 0), completeForAll("0.1"), complete("ssc", "0.2")
    ).when(advance("ssc")).then(
      (
        "maturity.advanced",
        [
          "restsOn": [
            ["action": "0.1", "evidence": "EV-1"], ["action": "0.2", "evidence": "EV-2"],
          ]
        ]
      )
    ).when(advance("billing")).rejected("maturity.actions-missing")
  }

  @Test("§1: an action of one department counts for no other") func ownOnly() {
    Spec.given(
      assess("ssc", 0), assess("billing", 0), complete("ssc", "0.1"), complete("ssc", "0.2")
    ).when(advance("billing")).rejected("maturity.actions-missing")
  }

  @Test("§1: an action done for all after the date of an advance does not count for it")
  func doneLater() {
    let spec = Spec.given(
      assess("ssc", 0), complete("ssc", "0.1"), completeForAll("0.2").on("2026-05-10"))
    spec.when(advance("ssc").on("2026-05-09")).rejected("maturity.actions-missing")
    spec.when(advance("ssc").on("2026-05-10")).then(("maturity.advanced", [:]))
  }

  @Test("§1: completing with a text adds it as evidence") func textBecomesEvidence() {
    Spec.given().when(complete("ssc", "1.1", evidence: "Trained on 3 May")).then(
      ("maturity.action-completed", ["action": "1.1", "evidence": "EV-1", "before": .null]),
      ("evidence.added", ["title": "Trained on 3 May"]))
  }

  @Test("§1: a text that is too long for a title becomes the evidence's text") func longEvidence() {
    let text = String(repeating: "trained ", count: 100)
    Spec.given().when(complete("ssc", "1.1", evidence: text)).then(
      ("maturity.action-completed", ["evidence": "EV-1"]),
      ("evidence.added", ["title": "Action 1.1", "text": .string(text)]))
  }

  @Test("§1: completing with a reference points to evidence, which must exist") func reference() {
    Spec.given(addEvidence()).when(complete("ssc", "1.1", evidence: "ev-1")).then(
      ("maturity.action-completed", ["evidence": "EV-1"]))
    Spec.given().when(complete("ssc", "1.1", evidence: "EV-7"))
      .rejected("evidence.not-found", .notFound)
  }

  @Test("§1: completing again with the same evidence is nothing to do") func completeAgain() {
    Spec.given(addEvidence(), complete("ssc", "1.1", evidence: "EV-1"))
      .when(complete("ssc", "1.1", evidence: "EV-1")).thenNothing()
  }

  @Test(
    "§1: there is no other action than the catalog's", arguments: ["1.4", "6.1", "1", "01.1", ""])
  func unknownAction(action: String) {
    Spec.given().when(complete("ssc", action)).rejected("input.invalid", .input)
  }

  // MARK: Expiry

  @Test("§1: expired evidence blocks advancing from the day after its last day, without any event")
  func expiry() throws {
    let spec = Spec.given(
      assess("ssc", 0), addEvidence(expires: "2026-03-31"),
      complete("ssc", "0.1", evidence: "EV-1"), complete("ssc", "0.2"))
    spec.when(advance("ssc").on("2026-03-31")).then(("maturity.advanced", [:]))
    let rejection = spec.when(advance("ssc").on("2026-04-01"))
      .rejected("maturity.actions-missing")
    #expect(rejection?.message.contains("0.1 (expired)") == true)
  }

  @Test("§1: an action's own last day holds beside that of its evidence") func actionExpires() {
    let spec = Spec.given(
      assess("ssc", 0), complete("ssc", "0.1").with("expires", "2026-03-31"),
      complete("ssc", "0.2"))
    spec.when(advance("ssc").on("2026-03-31")).then(("maturity.advanced", [:]))
    spec.when(advance("ssc").on("2026-04-01")).rejected("maturity.actions-missing")
    spec.when(complete("ssc", "0.1").with("expires", "2026-06-29")).rejected("maturity.expired")
  }

  @Test("§1: evidence that has expired cannot complete an action") func expiredEvidence() {
    Spec.given(addEvidence(expires: "2026-03-31")).when(complete("ssc", "0.1", evidence: "EV-1"))
      .rejected("evidence.expired")
  }

  @Test("§1: expired evidence shows the level as unsupported; nothing lowers it by itself")
  func unsupported() throws {
    let spec = Spec.given(
      assess("ssc", 0), addEvidence(expires: "2026-03-31"),
      complete("ssc", "0.1", evidence: "EV-1"), complete("ssc", "0.2"), advance("ssc"))
    let evaluation = try evaluation(spec)
    #expect(!evaluation.isUnsupported(on: Day("2026-03-31")!))
    #expect(evaluation.isUnsupported(on: Day("2026-04-01")!))
    #expect(try maturity(spec).standing?.level == 1)
    let renewed = spec.when(Step("evidence.renew", ["evidence": "EV-1"])).then(
      ("evidence.renewed", ["before": "2026-03-31", "expires": .null]))
    #expect(try !self.evaluation(renewed).isUnsupported(on: Spec.today))
  }

  @Test("§1: voided evidence makes its action undone") func voidedEvidence() throws {
    let spec = Spec.given(
      assess("ssc", 0), complete("ssc", "0.1"), complete("ssc", "0.2"),
      Step("evidence.void", ["evidence": "EV-1", "reason": "forged"]))
    spec.when(advance("ssc")).rejected("maturity.actions-missing")
    #expect(
      try evaluation(spec).status(of: ActionID(scalar: "0.1"), on: Spec.today).state
        == .voided)
  }

  @Test("§0: an action whose waiver was revoked says so, and no last day") func revokedWaiver()
    throws
  {
    let spec = Spec.given(
      Step("person.add", ["id": "cx-lead", "name": "CX lead"]), assess("ssc", 0),
      Step(
        "maturity.action.waive",
        [
          "department": "ssc", "action": "0.1", "approver": "cx-lead", "reason": "r",
          "until": "2999-01-01",
        ]),
      Step("waiver.revoke", ["waiver": "WVR-1", "reason": "r"]))
    let status = try evaluation(spec).status(of: ActionID(scalar: "0.1"), on: Spec.today)
    #expect(status.state == .revoked)
    #expect(status.expires == nil)
    let rejection = spec.when(advance("ssc")).rejected("maturity.actions-missing")
    #expect(rejection?.message.contains("0.1 (revoked)") == true)
  }

  @Test("§1: an action can be reopened, with a reason") func reopen() {
    let spec = Spec.given(complete("ssc", "0.1"))
    let reopen = Step("maturity.action.reopen", ["department": "ssc", "action": "0.1"])
    spec.when(reopen).rejected("reason.missing", .input)
    spec.when(reopen.with("reason", "nobody was told")).then(
      ("maturity.action-reopened", ["action": "0.1", "evidence": "EV-1"]))
    Spec.given().when(reopen.with("reason", "r")).thenNothing()
    let all = Spec.given(completeForAll("0.1")).when(reopen.with("reason", "r"))
      .rejected("maturity.done-for-all")
    #expect(all?.hint == "cem maturity action reopen --all 0.1 --reason TEXT")
  }

  @Test("§1: one piece of evidence shows several actions, each with an event of its own")
  func severalActions() throws {
    let both = complete("ssc", "0.1").with("more", ["0.2"])
    let spec = Spec.given().when(both).then(
      ("maturity.action-completed", ["action": "0.1", "evidence": "EV-1"]),
      ("maturity.action-completed", ["action": "0.2", "evidence": "EV-1"]),
      ("evidence.added", ["title": "minutes"]))
    let again = both.with("evidence", "EV-1")
    spec.when(again).thenNothing()
    spec.when(again.with("more", ["0.2", "1.1"])).then(
      ("maturity.action-completed", ["action": "1.1", "evidence": "EV-1"]))
    Spec.given().when(both.with("more", ["0.1"])).rejected("input.invalid", .input)
  }

  // MARK: Waiving

  @Test("§1: a waived action lets a department advance, with the basis waived") func waived() throws
  {
    let spec = Spec.given(assess("ssc", 0), complete("ssc", "0.1"), waive("ssc", "0.2"))
    let after = spec.when(advance("ssc")).then(
      (
        "maturity.advanced",
        [
          "basis": "waived",
          "restsOn": [
            ["action": "0.1", "evidence": "EV-1"], ["action": "0.2", "waiver": "WVR-1"],
          ],
        ]
      ))
    #expect(try maturity(after).standing?.basis == .waived)
  }

  @Test("§0, §1: a waiver says what, why and by whom") func waiverShape() {
    Spec.given().when(waive("ssc", "0.2").with("until", "2026-12-31")).then(
      ("maturity.action-waived", ["action": "0.2", "waiver": "WVR-1"]),
      (
        "waiver.granted",
        [
          "rule": "maturity-action", "of": "maturity/ssc", "action": "0.2", "departments": ["ssc"],
          "because": "no staff yet", "approver": "lee", "until": "2026-12-31",
        ]
      ))
    Spec.given().when(waive("ssc", "0.2").with("reason", nil)).rejected("reason.missing")
    Spec.given().when(waive("ssc", "0.2").with("approver", nil)).rejected("input.missing")
    Spec.given().when(waive("ssc", "0.2").with("approver", "max")).rejected("person.not-found")
    Spec.given().when(waive("ssc", "0.2").with("until", "2026-06-29")).rejected("date.until")
  }

  @Test("§1: a waiver ends after its last day, or when it is revoked") func waiverEnds() {
    let until = Spec.given(
      assess("ssc", 0), complete("ssc", "0.1"), waive("ssc", "0.2").with("until", "2026-03-31"))
    until.when(advance("ssc").on("2026-03-31")).then(("maturity.advanced", [:]))
    until.when(advance("ssc").on("2026-04-01")).rejected("maturity.actions-missing")
    let revoked = Spec.given(
      assess("ssc", 0), complete("ssc", "0.1"), waive("ssc", "0.2"),
      Step("waiver.revoke", ["waiver": 1, "reason": "staff came"]).on("2026-04-10"))
    revoked.when(advance("ssc").on("2026-04-09")).then(("maturity.advanced", [:]))
    revoked.when(advance("ssc").on("2026-04-10")).rejected("maturity.actions-missing")
  }

  // MARK: Regress and correct

  @Test("§1: only a person lowers a level: regress, with a reason") func regress() throws {
    let regress = Step("maturity.regress", ["department": "ssc", "to": 1])
    let spec = Spec.given(assess("ssc", 3))
    spec.when(regress).rejected("reason.missing")
    spec.when(regress.with("reason", "r").with("to", 3)).rejected("maturity.not-lower")
    spec.when(regress.with("reason", "r").with("to", 4)).rejected("maturity.not-lower")
    let after = spec.when(regress.with("reason", "the team left")).then(
      ("maturity.regressed", ["from": 3, "to": 1]))
    #expect(try maturity(after).standing?.level == 1)
  }

  @Test("§1: after a regress, unexpired actions stay done") func regressKeepsActions() {
    let steps = [assess("ssc", 0)] + done("ssc", "0.1", "0.2") + [advance("ssc")]
    Spec.given().given(steps)
      .given([Step("maturity.regress", ["department": "ssc", "to": 0, "reason": "r"])])
      .when(advance("ssc")).then(("maturity.advanced", ["from": 0, "to": 1]))
  }

  @Test("§1: a wrong entry is corrected, which makes no trend") func correct() throws {
    let spec = Spec.given(assess("ssc", 4)).when(
      Step("maturity.correct", ["department": "ssc", "to": 2, "reason": "typo"])
    ).then(("maturity.corrected", ["from": 4, "to": 2]))
    #expect(try maturity(spec).standing?.since == Day("2026-02-01"))
    spec.when(Step("maturity.correct", ["department": "ssc", "to": 2, "reason": "r"]))
      .thenNothing()
  }

  @Test("§1: a department can be corrected to not assessed, and back") func correctToNothing()
    throws
  {
    let spec = Spec.given(assess("ssc", 4)).when(
      Step("maturity.correct", ["department": "ssc", "reason": "another department"])
    ).then(("maturity.corrected", ["from": 4, "to": .null]))
    #expect(try maturity(spec).standing == nil)
    spec.when(advance("ssc")).rejected("maturity.not-assessed")
    spec.when(Step("maturity.correct", ["department": "ssc", "to": 4, "reason": "it was right"]))
      .then(("maturity.corrected", ["from": .null, "to": 4]))
  }

  @Test("§1: a corrected advance brings back the level before it, with its basis and date")
  func correctAdvance() throws {
    let steps = [assess("ssc", 0)] + done("ssc", "0.1", "0.2")
    let before = Spec.given().given(steps)
    let spec = before.given([advance("ssc").on("2026-03-01")]).whenUndone().then(
      ("maturity.corrected", ["from": 1, "to": 0]))
    #expect(try maturity(spec).standing == maturity(before).standing)
  }
}
