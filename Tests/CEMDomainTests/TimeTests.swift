import CEMDomain
import Testing

@Suite("Time (domain §0)") struct TimeTests {
  @Test("§0: a fact is dated today in the program's zone unless it says otherwise") func today() {
    let spec = Spec.given().when(gap()).then(("gap.recorded", [:]))
    #expect(spec.machine.log.last?.occurredOn == Spec.today)
  }

  @Test("§0: a fact is never dated in the future") func future() {
    Spec.given().when(gap().on("2026-07-01")).rejected("date.future", .rule)
  }

  @Test("§0: a fact is not dated before the thing's previous event") func beforePrevious() {
    let diagnose = Step("gap.diagnose", ["gap": 1, "link": 2])
    let spec = Spec.given(gap(), diagnose.on("2026-03-01"))
    spec.when(diagnose.with("link", 3).on("2026-02-28")).rejected("date.too-early", .rule)
    spec.when(diagnose.with("link", 3).on("2026-03-01")).then(("gap.diagnosed", [:]))
  }

  @Test("§0: a fact is not dated before a fact that it rests on") func beforeGround() {
    let spec = Spec.given(addEvidence().on("2026-03-01"))
    spec.when(gap().with("evidence", "EV-1").on("2026-02-28")).rejected("date.too-early")
    spec.when(complete("ssc", "0.1", evidence: "EV-1").on("2026-02-28"))
      .rejected("date.too-early")
    Spec.given().when(gap().on("2025-12-31")).rejected("date.too-early")
    // What is older than the program comes into one that was founded earlier.
    let close = Step("period.close", ["period": "2024", "on": "2025-01-31"])
    let early = Spec.given().when(close).rejected("date.too-early")
    #expect(early?.hint.contains("cem init --on") == true)
  }

  @Test("§0: a person may be named in a fact that is older than the registration")
  func olderThanPerson() {
    Spec.given(Step("person.add", ["id": "max", "name": "Max"]).on("2026-06-01"))
      .when(gap().with("owner", "max").on("2026-03-01")).then(("gap.recorded", [:]))
  }

  @Test(
    "§0: a program's zone, currency and fiscal year are fixed when it is founded",
    arguments: ["timeZone", "currency", "fiscalYearStart", "catalogVersion"])
  func settled(field: String) {
    Spec.given().when(Step("program.amend", ["reason": "r"]).with(field, "USD"))
      .rejected("program.settled")
  }

  @Test("§0: a program is founded once, and before anything else") func foundedOnce() {
    Spec.given().when(founded[0].on("2026-06-30")).rejected("program.founded")
    Spec.nothing.when(founded[1]).rejected("program.not-found")
    Spec.nothing.when(founded[3]).rejected("program.not-found")
    Spec.nothing.when(addEvidence()).rejected("program.not-found")
    Spec.nothing.when(gap()).rejected("department.not-found")
  }

  @Test("§0: a fiscal year begins in a month, 1 to 12", arguments: [0, 13]) func month(month: Int64)
  {
    Spec.nothing.when(founded[0].with("fiscalYearStart", .int(month))).rejected("input.invalid")
  }

  @Test("§0: a refusal and nothing to do leave no event and burn no number") func noBurning() {
    var spec = Spec.given()
    spec = spec.when(gap().with("severity", 9)).after
    spec = spec.when(founded[3]).after
    #expect(spec.machine.log.count == founded.count)
    #expect(spec.when(gap()).after.record("gap/1") != nil)
  }

  @Test("§0: external ids are unique in a program") func external() {
    let spec = Spec.given(gap().with("external", "crm:7"))
    spec.when(gap().with("external", "crm:7")).rejected("gap.exists")
    spec.when(addEvidence().with("external", "crm:7")).rejected("gap.exists")
    spec.when(gap().with("external", "crm:8")).then(("gap.recorded", [:]))
  }

  @Test("§0: an external id belongs to a new thing alone") func externalUnused() {
    Spec.given(gap()).when(
      Step("gap.diagnose", ["gap": 1, "link": 1, "external": "crm:7"])
    ).rejected("external.unused")
    Spec.given().when(assess("ssc", 1).with("external", "crm:7")).rejected("external.unused")
  }

  @Test("§0: an external id of an action goes to its new evidence, first action or not")
  func externalOfEvidence() {
    let spec = Spec.given(
      complete("ssc", "0.1").with("external", "dms:1"),
      complete("ssc", "0.2").with("external", "dms:2"))
    #expect(spec.record("evidence/1")?.external?.description == "dms:1")
    #expect(spec.record("evidence/2")?.external?.description == "dms:2")
    #expect(spec.record("maturity/ssc")?.external == nil)
  }

  @Test("§0: external ids that look alike but differ in their bytes are two") func externalBytes() {
    Spec.given(gap().with("external", "crm:caf\u{e9}"))
      .when(gap().with("external", "crm:cafe\u{301}")).then(("gap.recorded", [:]))
  }

  @Test("§0: a login may act on behalf of a registered person") func onBehalfOf() {
    Spec.given().when(gap().with("onBehalfOf", "max")).rejected("person.not-found", .notFound)
    let spec = Spec.given().when(gap().with("onBehalfOf", "kim")).then(("gap.recorded", [:]))
    #expect(spec.machine.log.last?.onBehalfOf?.code == "kim")
  }
}
