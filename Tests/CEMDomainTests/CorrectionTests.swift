import CEMDomain
import Testing

@Suite("Correcting is not changing (domain §0)") struct CorrectionTests {
  private let amend = Step("gap.amend", ["gap": "GAP-1", "reason": "typo"])
  private let void = Step("gap.void", ["gap": "GAP-1", "reason": "twice"])

  private func details(_ spec: Spec) throws -> GapDetails {
    try #require(try spec.entity("gap/1") as? Gap).details
  }

  // MARK: Amending

  @Test("§0: an amendment corrects a recorded field; the event holds old and new") func amends()
    throws
  {
    let spec = Spec.given(gap()).when(amend.with("title", "Late answers").with("severity", 4)).then(
      (
        "gap.amended",
        [
          "changed": ["severity", "title"], "old": ["title": "Slow answers"],
          "new": ["severity": 4, "title": "Late answers"],
        ]
      ))
    #expect(try details(spec).title.value == "Late answers")
    #expect(try details(spec).severity == 4)
  }

  @Test("§0: an amendment needs a reason, unless it changes nothing") func amendReason() {
    let spec = Spec.given(gap())
    spec.when(amend.with("severity", 4).with("reason", nil)).rejected("reason.missing")
    spec.when(amend.with("title", "Slow answers").with("reason", nil)).thenNothing()
    spec.when(amend).rejected("amend.nothing")
  }

  @Test("§0: null clears an optional field") func clears() throws {
    let spec = Spec.given(gap().with("severity", 3).with("owner", "kim"))
      .when(amend.with("severity", .null).with("owner", .null)).then(
        ("gap.amended", ["old": ["owner": "kim", "severity": 3], "new": [:]]))
    #expect(try details(spec).severity == nil)
    #expect(try details(spec).owner == nil)
  }

  @Test(
    "§0: a required field cannot be cleared",
    arguments: [
      ("gap.amend", "gap", "title"), ("gap.amend", "gap", "department"),
      ("gap.amend", "gap", "link"), ("platform.amend", "platform", "promise"),
      ("platform.amend", "platform", "title"), ("waiver.amend", "waiver", "because"),
      ("evidence.amend", "evidence", "title"), ("program.amend", "program", "name"),
      ("program.amend", "program", "slug"),
    ])
  func cannotClear(command: String, noun: String, field: String) {
    let spec = Spec.given(
      gap(), addEvidence(), Step("platform.state", ["title": "Calm", "promise": "We answer."]),
      waive("ssc", "0.2"))
    spec.when(Step(command, [noun: 1, "reason": "r"]).with(field, .null))
      .rejected("input.invalid", .input)
  }

  @Test("§0: an amendment that breaks a rule between fields is refused") func amendRules() {
    Spec.given(gap()).when(amend.with("unit", .null)).rejected("input.missing")
    Spec.given(gap()).when(amend.with("severity", 9)).rejected("input.invalid")
    Spec.given(gap()).when(amend.with("colour", "red")).rejected("input.invalid")
    Spec.given(addEvidence()).when(
      Step("evidence.amend", ["evidence": 1, "file": ["size": 1], "reason": "r"])
    ).rejected("input.missing")
  }

  @Test("§0: an amendment refers to things that exist") func amendReferences() {
    Spec.given(gap()).when(amend.with("owner", "max")).rejected("person.not-found")
    Spec.given(gap()).when(amend.with("evidence", "EV-9")).rejected("evidence.not-found")
    Spec.given(gap()).when(amend.with("department", "nowhere")).rejected("department.not-found")
  }

  @Test("§0: a gap moved to another department concerns both") func move() throws {
    let spec = Spec.given(gap()).when(amend.with("department", "billing")).then(
      ("gap.amended", ["new": ["department": "billing"]]))
    #expect(spec.machine.log.last?.departments.map(\.code) == ["ssc", "billing"])
    #expect(try details(spec).department.code == "billing")
    spec.when(Step("department.void", ["department": "ssc", "reason": "r"])).then(
      ("department.voided", [:]))
  }

  @Test("§0: texts that look alike but differ in their bytes are different") func bytes() throws {
    let spec = Spec.given(gap().with("title", "Caf\u{e9}"))
    spec.when(amend.with("title", "Caf\u{e9}")).thenNothing()
    let after = spec.when(amend.with("title", "Cafe\u{301}")).then(("gap.amended", [:]))
    #expect(try details(after).title.value?.utf8.count == 6)
  }

  @Test("§0: a level is neither amended nor voided, and a program is not voided") func maturity() {
    let spec = Spec.given(assess("ssc", 2))
    spec.when(Step("maturity.amend", ["maturity": "ssc", "level": 3, "reason": "r"]))
      .rejected("command.unknown")
    spec.when(Step("program.void", ["reason": "r"])).rejected("program.void")
  }

  // MARK: Voiding

  @Test("§0: a voided thing takes no further commands, until it is restored") func voids() throws {
    let restore = Step("gap.restore", ["gap": "GAP-1", "reason": "it was right"])
    let spec = Spec.given(gap())
    spec.when(void.with("reason", nil)).rejected("reason.missing")
    spec.when(restore).thenNothing()
    let after = spec.when(void).then(("gap.voided", ["duplicateOf": .null]))
    #expect(after.record("gap/1")?.isVoided == true)
    after.when(void).thenNothing()
    after.when(amend.with("severity", 1)).rejected("gap.voided")
    after.when(Step("gap.close", ["gap": 1, "resolution": "r"])).rejected("gap.voided")
    let restored = after.when(restore).then(("gap.restored", [:]))
    #expect(restored.record("gap/1")?.isVoided == false)
  }

  @Test("§0: a thing may be voided as the duplicate of another of its kind") func duplicate() {
    let spec = Spec.given(gap(), gap(), addEvidence())
    let duplicate = Step("gap.void", ["gap": 2, "reason": "twice"])
    let after = spec.when(duplicate.with("duplicateOf", "GAP-1")).then(
      ("gap.voided", ["duplicateOf": "gap/1"]))
    #expect(after.record("gap/2")?.duplicateOf == StreamID("gap/1"))
    spec.when(duplicate.with("duplicateOf", "GAP-2")).rejected("void.self")
    spec.when(duplicate.with("duplicateOf", "GAP-3")).rejected("gap.not-found")
    let rejection = spec.when(duplicate.with("duplicateOf", "EV-1")).rejected("input.invalid")
    #expect(rejection?.details["field"] == "duplicateOf")
    after.when(void.with("duplicateOf", "GAP-2")).rejected("gap.voided")
  }

  @Test("§0: a thing is not restored to an owner or a department that is gone") func restoreInto() {
    let restore = Step("gap.restore", ["gap": 1, "reason": "r"])
    let owned = Spec.given(
      gap().with("owner", "kim"), void, Step("person.void", ["person": "kim", "reason": "r"]))
    owned.when(restore).rejected("person.voided")
    let placed = Spec.given(
      gap(), void, Step("department.void", ["department": "ssc", "reason": "r"]))
    placed.when(restore).rejected("department.voided")
  }

  @Test(
    "§0: what is wrong about a thing that does not exist is that it does not exist",
    arguments: ["gap.amend", "gap.void", "gap.restore"])
  func nowhere(command: String) {
    Spec.given().when(
      Step(command, ["gap": 7, "severity": 1, "reason": "r"])
        .with("severity", command == "gap.amend" ? 1 : nil)
    ).rejected("gap.not-found", .notFound)
  }
}
