import CEMDomain
import Testing

@Suite("Undo (domain §0)") struct UndoTests {
  /// Runs commands, takes the last event back, and compares a thing with what it was before the last
  /// command.
  private func expectUndone(
    _ steps: Step..., of stream: String, event: String,
    sourceLocation: SourceLocation = #_sourceLocation
  ) throws {
    let before = Spec.given().given(Array(steps.dropLast()), sourceLocation: sourceLocation)
    let after = before.given([steps.last!], sourceLocation: sourceLocation)
      .whenUndone(sourceLocation: sourceLocation)
      .then((event, [:]), sourceLocation: sourceLocation)
    let (old, new) = (before.record(stream), after.record(stream))
    #expect(old?.isVoided == new?.isVoided, sourceLocation: sourceLocation)
    #expect(old?.duplicateOf == new?.duplicateOf, sourceLocation: sourceLocation)
    #expect(
      comparable(old?.entity) == comparable(new?.entity), sourceLocation: sourceLocation)
  }

  /// A state without what an undo leaves behind: the step before, and the position at which an action was
  /// recorded.
  private func comparable(_ entity: Entity?) -> Entity? {
    switch entity {
    case .gap(var gap)?:
      gap.previous = []
      return .gap(gap)
    case .maturity(var maturity)?:
      maturity.before = nil
      maturity.previous = nil
      for index in maturity.actions.indices {
        maturity.actions[index].position = 0
      }
      return .maturity(maturity)
    default: return entity
    }
  }

  @Test("§0: an undone amendment brings the old values back") func amendment() throws {
    try expectUndone(
      gap().with("owner", "kim"),
      Step("gap.amend", ["gap": 1, "title": "T", "severity": 2, "owner": .null, "reason": "r"]),
      of: "gap/1", event: "gap.amended")
  }

  @Test("§0: an undone step of a gap's life brings the step before back") func life() throws {
    let accept = Step("gap.accept", ["gap": 1, "until": "2027-01-01", "reason": "r"])
    let close = Step("gap.close", ["gap": 1, "resolution": "r", "unmetReason": "r"])
    let reopen = Step("gap.reopen", ["gap": 1, "reason": "r"])
    try expectUndone(gap(), close, of: "gap/1", event: "gap.reverted")
    try expectUndone(gap(), accept, of: "gap/1", event: "gap.reverted")
    try expectUndone(gap(), accept, reopen, of: "gap/1", event: "gap.reverted")
    try expectUndone(gap(), accept, close, of: "gap/1", event: "gap.reverted")
  }

  @Test("§0: an undone reassessment brings the old value back") func reassessment() throws {
    let reassess = Step("gap.reassess", ["gap": 1, "perceived": "0.7"])
    try expectUndone(gap(), reassess, of: "gap/1", event: "gap.reverted")
    try expectUndone(gap(perceived: nil), reassess, of: "gap/1", event: "gap.reverted")
  }

  @Test("§0: an undone diagnosis puts the gap back") func diagnosis() throws {
    try expectUndone(
      gap(), Step("gap.diagnose", ["gap": 1, "link": 4]), of: "gap/1", event: "gap.reverted")
  }

  @Test("§0: an undone renewal brings the old day back, even one that has passed") func renewal()
    throws
  {
    try expectUndone(
      addEvidence(expires: "2026-03-31"), Step("evidence.renew", ["evidence": 1]),
      of: "evidence/1", event: "evidence.amended")
  }

  @Test("§0: undoing a handover of one thing gives back that thing alone") func handover() throws {
    let spec = Spec.given(
      gap().with("owner", "kim"), gap().with("owner", "kim"),
      Step("person.handover", ["id": "kim", "to": "lee"]))
    let after = spec.whenUndone().then(("gap.amended", ["new": ["owner": "kim"]]))
    #expect(try (after.entity("gap/1") as? Gap)?.owner?.code == "lee")
    #expect(try (after.entity("gap/2") as? Gap)?.owner?.code == "kim")
  }

  @Test("§0: an undo gives nothing back to a person who is gone") func goneOwner() throws {
    let spec = Spec.given(
      gap().with("owner", "kim"), Step("person.handover", ["id": "kim", "to": "lee"]),
      Step("person.void", ["person": "kim", "reason": "r"]))
    spec.when(Step("undo", ["position": 7, "reason": "r"])).rejected("person.voided")
    let amended = Spec.given(
      gap().with("owner", "kim"), Step("gap.amend", ["gap": 1, "owner": "lee", "reason": "r"]),
      Step("person.void", ["person": "kim", "reason": "r"]))
    amended.when(Step("undo", ["position": 7, "reason": "r"])).rejected("person.voided")
  }

  @Test("§0: undoing a restoration voids again, as the same duplicate") func restoration() throws {
    try expectUndone(
      gap(), gap(), Step("gap.void", ["gap": 2, "duplicateOf": 1, "reason": "r"]),
      Step("gap.restore", ["gap": 2, "reason": "r"]), of: "gap/2", event: "gap.voided")
  }

  @Test("§0: undoing a restoration does not void what is in use by now") func restorationInUse() {
    let spec = Spec.given(
      Step("person.void", ["person": "kim", "reason": "r"]),
      Step("person.restore", ["person": "kim", "reason": "r"]), gap().with("owner", "kim"))
    spec.when(Step("undo", ["position": 7, "reason": "r"])).rejected("person.in-use")
  }

  @Test("§0: an undone voiding restores, where what it refers to still stands") func voiding()
    throws
  {
    try expectUndone(
      gap(), Step("gap.void", ["gap": 1, "reason": "r"]), of: "gap/1", event: "gap.restored")
    let spec = Spec.given(
      gap().with("owner", "kim"), Step("gap.void", ["gap": 1, "reason": "r"]),
      Step("person.void", ["person": "kim", "reason": "r"]))
    spec.when(Step("undo", ["position": 7, "reason": "r"])).rejected("person.voided")
  }

  @Test("§0: a recorded thing is taken back by voiding it") func recorded() {
    Spec.given(gap()).whenUndone().then(("gap.voided", [:]))
    Spec.given(addEvidence()).whenUndone().then(("evidence.voided", [:]))
    Spec.given(waive("ssc", "0.2")).whenUndone().then(("waiver.voided", [:]))
    Spec.given().whenUndone().then(("department.voided", [:]))
    Spec.given(Step("platform.state", ["title": "Calm", "promise": "We answer."])).whenUndone()
      .then(("platform.voided", [:]))
  }

  @Test("§0: undone steps of maturity") func maturity() throws {
    let regress = Step("maturity.regress", ["department": "ssc", "to": 1, "reason": "r"])
    let correct = Step("maturity.correct", ["department": "ssc", "to": 1, "reason": "r"])
    let reopen = Step(
      "maturity.action.reopen", ["department": "ssc", "action": "0.1", "reason": "r"])
    let event = "maturity.corrected"
    try expectUndone(assess("ssc", 3), assess("ssc", 2), of: "maturity/ssc", event: event)
    try expectUndone(assess("ssc", 3), regress, of: "maturity/ssc", event: event)
    try expectUndone(assess("ssc", 3), correct, of: "maturity/ssc", event: event)
    try expectUndone(
      assess("ssc", 3), correct.with("to", nil), of: "maturity/ssc", event: event)
    try expectUndone(
      addEvidence(), assess("ssc", 0), complete("ssc", "0.1", evidence: "EV-1"),
      of: "maturity/ssc", event: "maturity.reverted")
    try expectUndone(
      complete("ssc", "0.1").with("expires", "2027-01-01"), reopen, of: "maturity/ssc",
      event: "maturity.reverted")
  }

  @Test("§0: nothing is done again by a department that is gone") func goneDepartment() {
    let reopen = Step(
      "maturity.action.reopen", ["department": "ssc", "action": "0.1", "reason": "r"])
    let spec = Spec.given(complete("ssc", "0.1"), reopen)
    let undo = Step("undo", ["position": .int(Int64(spec.machine.log.count)), "reason": "r"])
    spec.when(undo).then(("maturity.reverted", [:]))
    for (verb, code) in [("retire", "department.retired"), ("void", "department.voided")] {
      spec.given([Step("department.\(verb)", ["department": "ssc", "reason": "r"])]).when(undo)
        .rejected(code)
    }
  }

  @Test("§0: undoing a second completion brings the first evidence back") func completedTwice()
    throws
  {
    try expectUndone(
      addEvidence(), addEvidence(), complete("ssc", "0.1", evidence: "EV-1"),
      complete("ssc", "0.1", evidence: "EV-2"), of: "maturity/ssc",
      event: "maturity.reverted")
  }

  @Test("§0: undoing a second waiver brings the first one back") func waivedTwice() throws {
    let twice = Spec.given(waive("ssc", "0.1"), waive("ssc", "0.1"))
    // The last event but one: the waiver that is granted comes after it.
    let after = twice.when(
      Step("undo", ["position": .int(Int64(twice.machine.log.count - 1)), "reason": "r"])
    ).then(("maturity.reverted", [:]), ("waiver.voided", [:]))
    guard case .maturity(let maturity)? = after.record("maturity/ssc")?.entity else {
      Issue.record("no maturity")
      return
    }
    #expect(maturity.record(of: try ActionID(scalar: "0.1"))?.waiver == WaiverRef(1))
    #expect(after.record("waiver/2")?.isVoided == true)
  }

  @Test("§0: a first assessment is undone to not assessed, a confirmation to what it confirmed")
  func assessments() throws {
    let after = Spec.given(assess("ssc", 3)).whenUndone().then(
      ("maturity.corrected", ["from": 3, "to": .null]))
    #expect(try (after.entity("maturity/ssc") as? Maturity)?.standing == nil)
    try expectUndone(
      assess("ssc", 3), assess("ssc", 3), of: "maturity/ssc", event: "maturity.reverted")
    // What was done before is no part of it.
    let confirmed = Spec.given(assess("ssc", 3), complete("ssc", "3.1"), assess("ssc", 3))
    let undone = confirmed.whenUndone().then(
      ("maturity.reverted", ["type": "maturity.assessed"]))
    #expect(undone.record("maturity/ssc")?.entity == confirmed.record("maturity/ssc")?.entity)
  }

  @Test("§0: only a stream's last event can be taken back, with a reason") func last() {
    let spec = Spec.given(gap(), Step("gap.diagnose", ["gap": 1, "link": 4]))
    spec.when(Step("undo", ["position": 6, "reason": "r"])).rejected("undo.not-last")
    spec.when(Step("undo", ["position": 7])).rejected("reason.missing")
    spec.when(Step("undo", ["position": 8, "reason": "r"])).rejected("undo.no-event", .notFound)
    spec.when(Step("undo", ["position": 0, "reason": "r"])).rejected("undo.no-event", .notFound)
  }

  @Test("§0: an undone step, a revocation and the founding are not taken back") func impossible() {
    Spec.given(
      gap(perceived: "1"), Step("gap.close", ["gap": 1, "resolution": "r"]),
      Step("undo", ["position": 7, "reason": "r"])
    ).whenUndone().rejected("undo.impossible")
    Spec.given(waive("ssc", "0.2"), Step("waiver.revoke", ["waiver": 1, "reason": "r"]))
      .whenUndone().rejected("undo.impossible")
    Spec.nothing.given([founded[0]]).whenUndone().rejected("undo.impossible")
  }

  @Test("§0, §8: a retirement that is taken back leaves no days without the department")
  func noHole()
    throws
  {
    let retire = Step("department.retire", ["department": "ssc", "reason": "closed"])
    let retired = Spec.given().given([retire.on("2026-02-10")])
    func undo(_ spec: Spec) -> Step {
      Step("undo", ["position": .int(Int64(spec.machine.log.count)), "reason": "a slip"])
    }
    let back = retired.when(undo(retired))
    back.then(("department.reinstated", [:]))
    #expect(try back.result.get()[0].occurredOn == Day("2026-02-10"))
    // A closed period stays as it is.
    let closed = Spec.given().given([
      Step("period.close", ["period": "2026-02"]).on("2026-03-10"), retire.on("2026-03-11"),
    ])
    let march = try closed.when(undo(closed)).result.get()
    #expect(march[0].occurredOn == Day("2026-03-11"))
    let between = Spec.given().given([
      retire.on("2026-02-10"), Step("period.close", ["period": "2026-02"]).on("2026-03-10"),
    ])
    let position = Step(
      "undo", ["position": .int(Int64(between.machine.log.count - 1)), "reason": "a slip"])
    #expect(try between.when(position).result.get()[0].occurredOn == Spec.today)
    // What went on since does, too.
    let later = Spec.given(gap()).given([
      retire.with("into", "billing").on("2026-02-10"),
      Step("gap.reassess", ["gap": 1, "perceived": "0.6"]).on("2026-02-20"),
    ])
    let retirement = try #require(
      later.machine.log.first { $0.event.type == "department.retired" })
    let moved = try later.when(
      Step("undo", ["position": .int(retirement.position), "reason": "a slip"])
    ).result.get()
    #expect(moved.count == 2 && moved.allSatisfy { $0.occurredOn == Spec.today })
  }

  @Test(
    "§0, §8: a reinstatement that is taken back leaves the work where the retirement brought it")
  func reinstatementUndone() throws {
    let retire = Step(
      "department.retire", ["department": "ssc", "into": "billing", "reason": "closed"])
    let reinstate = Step("department.reinstate", ["department": "ssc"])
    let whole = reinstate.with("withWork", true)
    func department(_ spec: Spec, _ stream: String) throws -> String? {
      try spec.entity(stream).departments.first?.code
    }
    func undoLast(_ type: String, in spec: Spec) -> Step {
      let place = spec.machine.log.lastIndex { $0.event.type == type }
      return Step("undo", ["position": .int(Int64(place ?? -2) + 1), "reason": "a slip"])
    }
    let retired = Spec.given(gap()).given([retire])
    for first in [reinstate, whole] {
      // What was begun in between goes along.
      let back = retired.given([first, gap()])
      let undone = back.given([undoLast("department.reinstated", in: back)])
      #expect(try department(undone, "gap/1") == "billing")
      #expect(try department(undone, "gap/2") == "billing")
      // Made and taken back once more, it is as before.
      let again = undone.given([reinstate])
      for spec in [undone, again.given([undoLast("department.reinstated", in: again)])] {
        let whole = spec.when(whole)
          .then(("department.reinstated", [:]), ("gap.moved", ["to": "ssc"]), ("gap.moved", [:]))
        #expect(try department(whole, "gap/1") == "ssc")
        // What took it back is not taken back itself.
        spec.when(undoLast("department.retired", in: spec)).rejected("undo.impossible")
      }
    }
    // So is what came from another department in between.
    let joined = retired.given([
      Step("department.register", ["code": "it", "name": "IT"]), reinstate,
      gap().with("department", "it"),
      Step("department.retire", ["department": "it", "into": "ssc", "reason": "r"]),
    ])
    joined.given([undoLast("department.reinstated", in: joined)]).when(whole)
      .then(("department.reinstated", [:]), ("gap.moved", [:]), ("gap.moved", ["to": "ssc"]))
    // What was left with the successor on purpose stays there after another retirement.
    retired.given([reinstate, retire]).when(whole)
      .then(("department.reinstated", [:]))
    Spec.given().when(retire.with("again", true)).rejected("department.never-retired")
  }
}
