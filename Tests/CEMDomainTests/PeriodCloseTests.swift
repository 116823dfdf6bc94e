import CEMDomain
import Testing

@Suite("Periods close (domain §8)") struct PeriodCloseTests {
  private let close = Step("period.close", ["period": "2026-Q1"])
  private let restated = gap().on("2026-03-15").with("restate", true).with("reason", "late")

  /// The first quarter is closed on 10 April.
  private var closed: Spec { Spec.given(gap()).given([close.on("2026-04-10")]) }

  private func program(_ spec: Spec) -> Program? {
    guard case .program(let program)? = spec.record("program")?.entity else { return nil }
    return program
  }

  @Test("§8: a closed period refuses facts dated in it, on its last day too and not the day after")
  func refused() {
    let rejection = closed.when(gap().on("2026-03-31")).rejected("period.closed", .rule)
    #expect(rejection?.hint.contains("--restate") == true)
    closed.when(gap().on("2026-04-01")).then(("gap.recorded", [:]))
    closed.when(Step("gap.amend", ["gap": 1, "severity": 4, "reason": "r"]).on("2026-03-31"))
      .rejected("period.closed")
    // A correction that is made later says what is known, not what happened.
    closed.when(Step("gap.amend", ["gap": 1, "severity": 4, "reason": "r"]))
      .then(("gap.amended", [:]))
    // What there is nothing to do about is no fact.
    closed.when(Step("person.add", ["id": "kim", "name": "Kim"]).on("2026-03-01")).thenNothing()
  }

  @Test("§8: an approver restates a closed period, with a reason") func restatement() throws {
    let after = closed.when(restated).then(
      ("gap.recorded", [:]), ("period.restated", ["periods": ["2026-Q1"]]))
    let events = after.machine.log.suffix(2).map { $0 }
    #expect(events.map(\.occurredOn) == [Day("2026-03-15")!, Day("2026-04-10")!])
    #expect(events[1].stream == .program)
    #expect(program(after)?.closes?.first?.restatements == 1)
    closed.when(restated.with("reason", nil)).rejected("reason.missing", .input)
    // Whoever restates says so where something is closed, and only there.
    Spec.given().when(restated).rejected("period.open", .input)
    closed.when(restated.on("2026-04-01")).rejected("period.open", .input)
    // All closed periods that hold the day are named.
    closed.given([Step("period.close", ["period": "2026-03"]).on("2026-04-11")]).when(restated)
      .then(("gap.recorded", [:]), ("period.restated", ["periods": ["2026-Q1", "2026-03"]]))
  }

  @Test("§8: a period is closed once it is over, once") func closing() throws {
    Spec.given().when(close.on("2026-03-31")).rejected("period.not-over")
    Spec.given().when(close.with("period", "2026-Q5")).rejected("input.invalid", .input)
    let after = Spec.given().when(close.on("2026-04-01")).then(
      ("period.closed", ["period": "2026-Q1", "first": "2026-01-01", "last": "2026-03-31"]))
    after.when(close).thenNothing()
    // The program's fiscal year begins in April: this is the same quarter by another name.
    after.when(close.with("period", "FY2026-Q4")).thenNothing()
    let first = try #require(program(after)?.closes?.first)
    #expect(first.on == Day("2026-04-01")! && first.position == Int64(after.machine.log.count))
    after.when(close.with("period", "2025-Q4")).then(("period.closed", [:]))
  }

  @Test("§8: a closed period is opened again, with a reason") func reopening() {
    let reopen = Step("period.reopen", ["period": "2026-Q1", "reason": "a late survey"])
    closed.when(reopen.with("reason", nil)).rejected("reason.missing", .input)
    Spec.given().when(reopen).rejected("period.not-closed", .notFound)
    let position = Int64(closed.machine.log.count)
    let open = closed.when(reopen).then(
      ("period.reopened", ["period": "2026-Q1", "closedAt": .int(position)]))
    #expect(program(open)?.closes == nil)
    open.when(gap().on("2026-03-31")).then(("gap.recorded", [:]))
    open.when(close).then(("period.closed", [:]))
  }

  @Test("§0, §8: a close is taken back by reopening; what it was closed as does not come back")
  func undone() {
    let open = closed.whenUndone().then(("period.reopened", [:]))
    let rejection = open.whenUndone().rejected("undo.impossible")
    #expect(rejection?.hint.contains("cem period close 2026-Q1") == true)
    closed.given([restated]).whenUndone().rejected("undo.impossible")
  }
}
