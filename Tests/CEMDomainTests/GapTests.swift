import CEMDomain
import Testing

@Suite("Gaps (domain §2)") struct GapTests {
  private let accept = Step(
    "gap.accept", ["gap": "GAP-1", "approver": "lee", "until": "2026-12-31", "reason": "dear"])
  private let close = Step("gap.close", ["gap": "GAP-1", "resolution": "more people"])
  private let reopen = Step("gap.reopen", ["gap": "GAP-1", "reason": "slow again"])

  private func reassess(_ perceived: String) -> Step {
    Step("gap.reassess", ["gap": "GAP-1", "perceived": .string(perceived)])
  }

  private func state(_ spec: Spec) throws -> Gap {
    try #require(try spec.entity("gap/1") as? Gap)
  }

  @Test("§2: a gap is recorded, reassessed, closed and reopened") func life() throws {
    var spec = Spec.given().when(gap().on("2026-02-01")).then(
      (
        "gap.recorded",
        [
          "department": "ssc", "link": "undiagnosed", "title": "Slow answers", "unit": "ratio",
          "expected": "0.9", "perceived": "0.6", "measuredOn": "2026-02-01",
        ]
      ))
    spec = spec.when(reassess("0.75").on("2026-03-01")).then(
      (
        "gap.reassessed",
        [
          "before": "0.6", "perceived": "0.75", "measuredBefore": "2026-02-01",
          "measuredOn": "2026-03-01",
        ]
      ))
    spec = spec.when(reassess("0.95").on("2026-04-01")).then(("gap.reassessed", [:]))
    spec = spec.when(close.on("2026-05-01")).then(
      ("gap.closed", ["resolution": "more people", "unmetReason": .null]))
    #expect(try state(spec).life.stage == .closed)
    #expect(try !state(spec).isOpen)
    spec = spec.when(reopen).then(("gap.reopened", ["from": "closed"]))
    #expect(try state(spec).life.stage == .open)
    #expect(try state(spec).life.resolution == nil)
    #expect(try state(spec).life.reassessments == 2)
    #expect(try state(spec).life.reopenings == 1)
  }

  @Test("§2: numbers of gaps go on from the last, whatever was voided") func numbers() throws {
    let spec = Spec.given(
      gap(), gap(), Step("gap.void", ["gap": "GAP-2", "reason": "twice", "duplicateOf": "GAP-1"]))
    let after = spec.when(gap()).then(("gap.recorded", [:]))
    #expect(after.record("gap/3") != nil)
  }

  @Test(
    "§2: the size is what is lacking in the direction that hurts",
    arguments: [
      ("0.9", "0.6", nil, "0.3", "0.333333"), ("0.9", "0.95", nil, "-0.05", "-0.055556"),
      ("60", "90", true, "30", "0.5"), ("60", "45", true, "-15", "-0.25"),
      ("0", "3", true, "3", nil), (nil, "3", nil, nil, nil), ("3", nil, nil, nil, nil),
    ] as [(String?, String?, Bool?, String?, String?)])
  func size(
    expected: String?, perceived: String?, lower: Bool?, size: String?, relative: String?
  ) throws {
    let step = gap(expected: expected, perceived: perceived).with(
      "lowerIsBetter", lower.map(JSON.bool))
    let details = try state(Spec.given(step)).details
    #expect(details.size?.description == size)
    #expect(details.relativeSize?.description == relative)
  }

  @Test("§0, §2: the size relative to a missing or zero base is unknown, never zero")
  func relativeToZero() throws {
    let details = try state(Spec.given(gap(expected: "0", perceived: "0"))).details
    #expect(details.size == .zero)
    #expect(details.relativeSize == nil)
  }

  @Test("§2: the relative size grows with the gap whatever the expected value's sign")
  func negativeExpectation() throws {
    // A net promoter score of −20 expected and −40 found hurts by half of what was expected.
    let details = try state(Spec.given(gap(expected: "-20", perceived: "-30"))).details
    #expect(details.size?.description == "10")
    #expect(details.relativeSize?.description == "0.5")
  }

  @Test("§2: severity is 1 to 5", arguments: [0, 6, -1]) func severity(severity: Int64) {
    Spec.given().when(gap().with("severity", .int(severity))).rejected("input.invalid", .input)
    Spec.given().when(gap().with("severity", 5)).then(("gap.recorded", ["severity": 5]))
  }

  @Test("§2: a value needs a unit") func unit() {
    Spec.given().when(gap().with("unit", nil)).rejected("input.missing", .input)
    let spec = Spec.given(gap(expected: nil, perceived: nil).with("unit", nil))
    spec.when(reassess("0.5")).rejected("gap.unit-missing")
    spec.when(Step("gap.amend", ["gap": 1, "expected": "0.9", "reason": "r"]))
      .rejected("input.missing")
  }

  @Test("§2: a gap sits on undiagnosed until its cause is known") func diagnose() throws {
    let diagnose = Step("gap.diagnose", ["gap": "GAP-1", "link": "training-execution"])
    let spec = Spec.given(gap()).when(diagnose).then(
      ("gap.diagnosed", ["from": "undiagnosed", "link": "training-execution"]))
    #expect(try state(spec).details.link == .trainingExecution)
    spec.when(diagnose).thenNothing()
  }

  @Test("§2: a gap belongs to a department that exists and was not voided") func department() {
    Spec.given().when(gap().with("department", "nowhere"))
      .rejected("department.not-found", .notFound)
    Spec.given(Step("department.void", ["department": "ssc", "reason": "never was"]))
      .when(gap()).rejected("department.voided")
    Spec.given().when(gap().with("department", nil)).rejected("input.missing")
  }

  @Test("§2: an unmet gap closes only with the reason why unmet") func unmet() throws {
    let spec = Spec.given(gap())
    let rejection = spec.when(close).rejected("gap.unmet", .rule)
    #expect(rejection?.details["expected"] == "0.9")
    #expect(rejection?.details["perceived"] == "0.6")
    let after = spec.when(close.with("unmetReason", "the product ends")).then(
      ("gap.closed", ["unmetReason": "the product ends"]))
    #expect(try state(after).life.unmetReason?.value == "the product ends")
  }

  @Test("§2: a gap that is met takes no reason why unmet") func metWithReason() {
    let unmet = close.with("unmetReason", "the product ends")
    let rejection = Spec.given(gap(perceived: "0.90")).when(unmet).rejected("gap.met", .rule)
    #expect(rejection?.message == "GAP-1 is met: expected 0.9, perceived 0.9")
    for gap in [gap(), gap(perceived: nil), gap(expected: nil)] {
      Spec.given(gap).when(unmet).then(("gap.closed", [:]))
    }
  }

  @Test("§2: a gap that was closed as met is not corrected to be unmet") func closedUnmet() {
    let amend = Step("gap.amend", ["gap": 1, "expected": "0.95", "reason": "mistyped"])
    let met = Spec.given(gap(perceived: "0.90"), close)
    met.when(amend).rejected("gap.unmet", .rule)
    met.when(amend.with("expected", .null).with("perceived", .null)).then(("gap.amended", [:]))
    met.when(amend.with("expected", "0.85").with("title", "T")).then(("gap.amended", [:]))
    // Where the reason why unmet is told, or it was not closed, nothing is in the way.
    Spec.given(gap(), close.with("unmetReason", "the product ends")).when(amend)
      .then(("gap.amended", [:]))
    Spec.given(gap(perceived: "0.90")).when(amend).then(("gap.amended", [:]))
  }

  @Test("§2: a gap whose perceived value is unknown is unmet") func unknownIsUnmet() {
    Spec.given(gap(perceived: nil)).when(close).rejected("gap.unmet")
  }

  @Test("§2: a gap that is met exactly closes") func metExactly() {
    Spec.given(gap(perceived: "0.90")).when(close).then(("gap.closed", [:]))
  }

  @Test("§2: a gap without an expected value closes with its resolution") func nothingExpected() {
    Spec.given(gap(expected: nil)).when(close).then(("gap.closed", [:]))
  }

  @Test("§2: a closed gap takes no new value, and is not closed or accepted again") func closed() {
    let spec = Spec.given(gap(perceived: "1"), close)
    spec.when(close).rejected("gap.closed")
    spec.when(reassess("0.5")).rejected("gap.closed")
    spec.when(accept).rejected("gap.closed")
  }

  @Test("§2: a gap is accepted with a reason, an approver and a date to look again") func accepted()
    throws
  {
    let spec = Spec.given(gap())
    spec.when(accept.with("reason", nil)).rejected("reason.missing")
    spec.when(accept.with("approver", "max")).rejected("person.not-found")
    spec.when(accept.with("until", nil)).rejected("input.missing")
    spec.when(accept.with("until", "2026-06-30")).rejected("date.until")
    let after = spec.when(accept).then(
      ("gap.accepted", ["approver": "lee", "until": "2026-12-31"]))
    #expect(try state(after).life.stage == .accepted)
    #expect(try state(after).life.reviewOn == Day("2026-12-31"))
    let again = after.when(accept).rejected("gap.accepted")
    #expect(again?.message == "GAP-1 is accepted until 2026-12-31 already")
    after.when(reopen).then(("gap.reopened", ["from": "accepted"]))
    after.when(reassess("0.7")).then(("gap.reassessed", [:]))
  }

  @Test("§2: an acceptance goes on until another day, with its reason and approver")
  func acceptedLonger() throws {
    let spec = Spec.given(gap(), accept)
    let longer = accept.with("until", "2027-06-15").with("approver", nil)
    spec.when(longer.with("reason", nil)).rejected("reason.missing")
    spec.when(longer.with("until", "2026-06-30")).rejected("date.until")
    let after = spec.when(longer).then(
      (
        "gap.accepted",
        ["approver": .null, "until": "2027-06-15", "untilBefore": "2026-12-31"]
      ))
    // It did not come to be accepted once more.
    let (before, gap) = (try state(spec), try state(after))
    #expect(gap.life.since == Day("2026-02-01"))
    #expect(gap.life.turns == before.life.turns)
    #expect(gap.life.reopenings == 0)
    #expect(gap.life.reviewOn == Day("2027-06-15"))
    #expect(gap.life.approver == nil)
    let undone = after.whenUndone().then(("gap.reverted", [:]))
    #expect(try state(undone).life == before.life)
  }

  @Test("§2: reopening an open gap is nothing to do") func reopenOpen() {
    Spec.given(gap()).when(reopen).thenNothing()
  }

  @Test("§2: a value is not measured after the command's date, nor before the last one")
  func measured() {
    let spec = Spec.given(gap())
    spec.when(reassess("0.7").on("2026-03-01").with("measuredOn", "2026-03-02"))
      .rejected("gap.measured-later")
    let earlier = spec.when(reassess("0.7").on("2026-03-01").with("measuredOn", "2026-01-31"))
      .rejected("date.too-early")
    #expect(earlier?.message == "GAP-1 was measured last on 2026-02-01, which is after 2026-01-31")
    #expect(earlier?.hint == "use --measured-on 2026-02-01 or later")
    spec.when(Step("gap.amend", ["gap": 1, "measuredOn": "2026-07-01", "reason": "r"]))
      .rejected("gap.measured-later")
    Spec.given().when(gap().with("measuredOn", "2026-07-01")).rejected("gap.measured-later")
    // What was recorded on a day was measured by then, whenever it is corrected.
    let amend = Step("gap.amend", ["gap": 1, "measuredOn": "2026-02-02", "reason": "r"])
    Spec.given(gap()).when(amend).rejected("gap.measured-later")
    Spec.given(gap()).when(amend.with("measuredOn", "2026-01-31")).then(("gap.amended", [:]))
    Spec.given(gap()).given([reassess("0.7").on("2026-03-01")])
      .when(amend).then(("gap.amended", [:]))
  }
}
