import CEMDomain
import Testing

@Suite("Recorded rates (domain §0)") struct RateTests {
  private static func rate(_ from: String, _ to: String, _ value: String) -> Step {
    Step(
      "rate.record", ["from": .string(from), "to": .string(to), "rate": .string(value)])
  }

  @Test("§0: a rate is of a day and a direction, and more than zero") func recorded() {
    let spec = Spec.given()
    spec.when(Self.rate("USD", "CAD", "1.3698")).then(
      ("rate.recorded", ["from": "USD", "to": "CAD", "value": "1.3698"]))
    for wrong in ["0", "-1"] {
      let refused = spec.when(Self.rate("USD", "CAD", wrong)).rejected("input.invalid", .input)
      #expect(refused?.details["field"] == "rate")
    }
    spec.when(Self.rate("CAD", "CAD", "1")).rejected("input.invalid", .input)
    spec.when(Self.rate("US", "CAD", "1")).rejected("input.invalid", .input)
    Spec.nothing.when(Self.rate("USD", "CAD", "1")).rejected("program.not-found", .notFound)
    let given = spec.given([Self.rate("USD", "CAD", "1.3")])
    given.when(Step("rate.amend", ["rate": 1, "value": "1.4", "reason": "mistyped"])).then(
      ("rate.amended", ["old": ["value": "1.3"], "new": ["value": "1.4"]]))
    given.when(Step("rate.amend", ["rate": 1, "value": "0", "reason": "mistyped"]))
      .rejected("input.invalid", .input)
    given.when(Step("rate.void", ["rate": 1, "reason": "twice"])).then(("rate.voided", [:]))
    given.whenUndone().then(("rate.voided", [:]))
  }

  @Test("§0: the newest rate on or before the day counts, of two of one day the later one")
  func newest() throws {
    let spec = Spec.given(
      Self.rate("USD", "CAD", "1.1").on("2026-01-10"),
      Self.rate("USD", "CAD", "1.3").on("2026-03-10"),
      Self.rate("USD", "CAD", "1.2").on("2026-02-10"),
      Self.rate("USD", "CAD", "1.25").on("2026-02-10"),
      Self.rate("USD", "CAD", "9").on("2026-02-10"),
      Step("rate.void", ["rate": 5, "reason": "mistyped"]).on("2026-02-10"),
      Self.rate("EUR", "CAD", "1.5").on("2026-01-10"))
    let table = RateTable(spec.machine.state.entities.values)
    let (usd, cad) = (try Currency(scalar: "USD"), try Currency(scalar: "CAD"))
    func value(_ day: String) -> String? {
      table.rate(from: usd, to: cad, on: Day(day)!)?.details.value.description
    }
    #expect(value("2026-01-09") == nil)
    #expect(value("2026-01-10") == "1.1")
    #expect(value("2026-02-09") == "1.1")
    #expect(value("2026-02-10") == "1.25")
    #expect(value("2026-03-10") == "1.3")
    // Nobody said what it would be the other way round.
    #expect(table.rate(from: cad, to: usd, on: Day("2026-03-10")!) == nil)

    var sum = ConvertedSum(in: cad)
    sum.add(try Exact(scalar: "100"), cad, on: Day("2020-01-01")!, by: table)
    sum.add(try Exact(scalar: "10"), usd, on: Day("2026-02-10")!, by: table)
    sum.add(try Exact(scalar: "10"), usd, on: Day("2026-06-01")!, by: table)
    #expect(sum.known?.description == "125.5")
    #expect(sum.rates.map(\.description) == ["RATE-2", "RATE-4"])
    sum.add(try Exact(scalar: "1"), usd, on: Day("2025-01-01")!, by: table)
    #expect(sum.known == nil && sum.missing.map(\.description) == ["USD (≤ 2025-01-01)"])
  }

  @Test("§0: products are exact to six places, halves to the even one") func products() throws {
    func product(_ a: String, _ b: String) throws -> String {
      try Exact(scalar: a).multiplied(by: Exact(scalar: b)).description
    }
    #expect(try product("0.000001", "0.5") == "0")
    #expect(try product("0.000003", "0.5") == "0.000002")
    #expect(try product("0.000001", "0.500001") == "0.000001")
    #expect(try product("-0.000003", "0.5") == "-0.000002")
    #expect(try product("20000", "1.3698") == "27396")
    #expect(try product("999999999999", "1000000") == "999999999999000000")
  }
}
