import CEMDomain
import Testing

@Suite("People, departments, handing over (domain §0)") struct PeopleTests {
  private let handOver = Step("person.handover", ["id": "kim", "to": "lee"])

  @Test("§0: a person is registered once") func once() {
    let kim = Step("person.add", ["id": "kim", "name": "Kim"])
    Spec.given().when(kim).thenNothing()
    Spec.given().when(kim.with("name", "Kim N.")).rejected("person.exists")
    Spec.given().when(kim.with("id", "max").with("login", "max")).then(
      ("person.added", ["name": "Kim", "login": "max"]))
  }

  @Test("§0: facts refer to people who are registered") func registered() {
    Spec.given().when(gap().with("owner", "max")).rejected("person.not-found", .notFound)
    Spec.given().when(assess("ssc", 1).with("assessor", "max")).rejected("person.not-found")
    Spec.given().when(
      Step("department.register", ["code": "it", "name": "IT", "lead": "max"])
    ).rejected("person.not-found")
  }

  @Test("§0: all that a person owns is handed over in one command") func handover() throws {
    let spec = Spec.given(
      gap().with("owner", "kim"), gap().with("owner", "lee"), gap().with("owner", "kim"),
      Step("department.register", ["code": "it", "name": "IT", "lead": "kim"]),
      Step("gap.void", ["gap": 3, "reason": "twice"]))
    let after = spec.when(handOver).then(
      ("department.handed-over", ["from": "kim", "to": "lee"]),
      ("gap.handed-over", ["from": "kim", "to": "lee"]))
    #expect(try (after.entity("gap/1") as? Gap)?.owner?.code == "lee")
    #expect(try (after.entity("department/it") as? Department)?.details.lead?.code == "lee")
    after.when(handOver).thenNothing()
  }

  @Test("§0: what a person sponsors is handed over, too, and its owner stays") func sponsorships()
    throws
  {
    let open = Step(
      "initiative.open",
      ["department": "ssc", "title": "T", "step": 1, "owner": "lee", "sponsor": "kim"])
    let spec = Spec.given(
      open, open.with("owner", "kim"), open.with("sponsor", "lee"),
      open.with("department", "billing"))
    let after = spec.when(handOver.with("department", "ssc")).then(
      ("initiative.handed-over", ["asSponsor": .null]),
      ("initiative.handed-over", ["from": "kim", "to": "lee", "asSponsor": true]),
      ("initiative.handed-over", ["asSponsor": true]))
    func people(_ number: Int, _ spec: Spec) throws -> [String] {
      try spec.entity("initiative/\(number)").people.map(\.code)
    }
    for number in 1...3 { #expect(try people(number, after) == ["lee", "lee"]) }
    let all = after.when(handOver).then(("initiative.handed-over", ["asSponsor": true]))
    #expect(try people(4, all) == ["lee", "lee"])
    all.when(Step("person.void", ["person": "kim", "reason": "r"])).then(("person.voided", [:]))
    // Each is taken back by itself.
    let undone = all.whenUndone().then(("initiative.amended", ["new": ["sponsor": "kim"]]))
    #expect(try people(4, undone) == ["lee", "kim"])
    // In an older log sponsorships stayed behind, and its handovers mean no more than they did.
    let old = try spec.when(handOver).result.get().filter {
      guard case .correction(_, .handedOver(let handover)) = $0.event else { return false }
      return handover.asSponsor != true
    }
    let again = ProgramDecider.Command(
      try IssuedCommand(recorded: old), today: Spec.today, actor: "office")
    #expect(
      try ProgramDecider.decide(again, given: spec.machine.state).map(\.event) == old.map(\.event))
  }

  @Test("§0: only what concerns one department may be handed over") func handoverOfDepartment() {
    let spec = Spec.given(
      gap().with("owner", "kim"), gap().with("owner", "kim").with("department", "billing"))
    spec.when(handOver.with("department", "billing")).then(
      ("gap.handed-over", ["department": "billing"]))
    spec.when(handOver.with("department", "nowhere")).rejected("department.not-found")
  }

  @Test("§0: nobody hands over to themselves or to a stranger") func handoverToWhom() {
    Spec.given().when(handOver.with("to", "kim")).rejected("handover.self", .input)
    Spec.given().when(handOver.with("to", "max")).rejected("person.not-found")
    Spec.given(Step("person.void", ["person": "lee", "reason": "r"])).when(handOver)
      .rejected("person.voided")
  }

  @Test("§0: a person who owns something is not voided") func voidOwner() {
    let void = Step("person.void", ["person": "kim", "reason": "never worked here"])
    let rejection = Spec.given(gap().with("owner", "kim")).when(void).rejected("person.in-use")
    #expect(rejection?.details["references"] == ["GAP-1"])
    Spec.given(gap().with("owner", "kim"), handOver).when(void).then(("person.voided", [:]))
  }

  @Test("§0: a person who sponsors, or who approved what still counts, is not voided")
  func voidNamed() throws {
    let void = Step("person.void", ["person": "kim", "reason": "never worked here"])
    let open = Step(
      "initiative.open", ["department": "ssc", "title": "T", "step": 1, "sponsor": "kim"])
    let sponsored = Spec.given(open)
    let rejection = sponsored.when(void).rejected("person.in-use")
    #expect(rejection?.details["references"] == ["INI-1"])
    #expect(rejection?.hint == "name another with: cem initiative amend")
    let reason: JSON = "wrong"
    let amend = Step("initiative.amend", ["initiative": 1, "sponsor": "lee", "reason": reason])
    sponsored.given([amend]).when(void).then(("person.voided", [:]))

    let accept = Step(
      "gap.accept", ["gap": 1, "approver": "kim", "until": "2026-12-31", "reason": "no budget"])
    Spec.given(gap(), accept).when(void).rejected("person.in-use")
    Spec.given(waive("ssc", "0.1").with("approver", "kim")).when(void).rejected("person.in-use")

    // A voided thing names nobody, and comes back only where all that it names is there.
    let gone = Step("initiative.void", ["initiative": 1, "reason": reason])
    let back = Step("initiative.restore", ["initiative": 1, "reason": reason])
    sponsored.given([gone, void]).when(back).rejected("person.voided")
  }

  @Test("§0, §8: a department's code is never used again") func codes() {
    let register = Step("department.register", ["code": "ssc", "name": "Service"])
    Spec.given().when(register).thenNothing()
    Spec.given().when(register.with("name", "Other")).rejected("department.exists")
    Spec.given(Step("department.void", ["department": "ssc", "reason": "r"])).when(register)
      .rejected("department.exists")
  }

  @Test("§0: a department with work is not voided") func voidDepartment() {
    let void = Step("department.void", ["department": "ssc", "reason": "never was"])
    Spec.given().when(void).then(("department.voided", [:]))
    Spec.given(gap()).when(void).rejected("department.in-use")
    Spec.given(assess("ssc", 1)).when(void).rejected("department.in-use")
  }

  @Test("§0: a department whose level was taken back can be voided") func voidAfterCorrection() {
    Spec.given(
      assess("ssc", 1), Step("maturity.correct", ["department": "ssc", "reason": "r"])
    ).when(Step("department.void", ["department": "ssc", "reason": "never was"])).then(
      ("department.voided", [:]))
  }
}
