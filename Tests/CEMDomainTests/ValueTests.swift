import CEMDomain
import RandomPrograms
import Testing

@Suite("Exact numbers") struct ExactTests {
  @Test("§0: what is printed is read back", arguments: 0..<300) func roundTrip(round: UInt64) throws
  {
    var random = SeededGenerator(round)
    let limit: Int64 = 999_999_999_999_999_999
    let bits = Int64.random(in: 0...59, using: &random)
    let value = try Exact(
      millionths: random.pick([1, -1]) * min(limit, Int64(random.next() >> 1) >> (59 - bits)))
    let text = value.description
    #expect(try Exact(scalar: text) == value)
    #expect(!text.hasPrefix("-0") || text.hasPrefix("-0."))
    #expect(!text.contains(".") || text.last != "0")
  }

  @Test(
    "§0: numbers are written in one way",
    arguments: [
      ("0.90", "0.9"), ("-0", "0"), ("-0.000000", "0"), ("007", "7"), ("1.000000000", "1"),
      ("999999999999.999999", "999999999999.999999"), ("-0.000001", "-0.000001"),
    ])
  func oneWay(given: String, written: String) throws {
    #expect(try Exact(scalar: given).description == written)
  }

  @Test(
    "§0: at most 18 digits, 6 of them after the point",
    arguments: [
      "", "-", ".", "5.", ".5", "+1", "1e3", "1,5", " 1", "1 ", "--1", "1.2.3", "٣", "0x1",
      "1000000000000", "0.0000001", "9999999999999999999999", "-1000000000000",
    ])
  func refused(text: String) {
    #expect(throws: FieldError.self) { try Exact(scalar: text) }
  }

  @Test(
    "§0: quotients are rounded half to even, and checked against exact multiplication",
    arguments: 0..<300)
  func quotient(round: UInt64) throws {
    var random = SeededGenerator(round &+ 7)
    func number() throws -> Exact {
      try Exact(millionths: Int64.random(in: -1_000_000_000...1_000_000_000, using: &random))
    }
    let (a, b) = (try number(), try number())
    guard let quotient = a.divided(by: b) else { return }
    // |a·10⁶ − q·b| ≤ |b| / 2, and at the half q is even.
    let rest =
      (Int128(a.millionths) * 1_000_000 - Int128(quotient.millionths) * Int128(b.millionths))
      .magnitude
    #expect(rest * 2 <= Int128(b.millionths).magnitude)
    if rest * 2 == Int128(b.millionths).magnitude { #expect(quotient.millionths % 2 == 0) }
  }

  @Test(
    "§0: halves go to the even neighbour; nothing is divided by zero",
    arguments: [
      ("0.000001", "2", "0"), ("0.000003", "2", "0.000002"), ("-0.000003", "2", "-0.000002"),
      ("-0.000001", "2", "0"), ("1", "3", "0.333333"), ("2", "3", "0.666667"), ("1", "0", nil),
      ("999999999999", "0.000001", nil),
    ] as [(String, String, String?)])
  func halves(a: String, b: String, quotient: String?) throws {
    #expect(try Exact(scalar: a).divided(by: Exact(scalar: b))?.description == quotient)
  }

  @Test(
    "§0: whoever writes a number otherwise is told how",
    arguments: [
      ("0,9", ": write 0.9"), ("-12,5", ": write -12.5"), ("90%", ": as a share that is 0.9"),
      ("1,234", ": leave out separators and signs"), ("€5", ": leave out separators and signs"),
      ("1 000", ": leave out separators and signs"), ("12abc", ""), ("%", ""), (",", ""),
      ("NA", ""), ("0,9%", ""),
    ])
  func advice(text: String, advice: String) {
    let error = #expect(throws: FieldError.self) { try Exact(scalar: text) }
    #expect(error?.message == "must be a decimal like 0.85, not \(text)\(advice)")
  }

  @Test("§0: differences that do not fit are unknown") func overflow() throws {
    let most = try Exact(scalar: "999999999999.999999")
    let least = try Exact(scalar: "-999999999999.999999")
    #expect(least - most == nil)
    #expect(most - most == .zero)
  }

  @Test("§0: totals are exact, whatever they come to") func totals() throws {
    let most = Total(try Exact(scalar: "999999999999.999999"))
    var sum = Total.zero
    for _ in 0..<1_000 { sum += most }
    #expect(sum.description == "999999999999999.999")
    #expect((.zero - sum).description == "-999999999999999.999")
    #expect(sum.divided(by: most)?.description == "1000")
    #expect(sum.divided(by: .zero) == nil)
    for text in ["0", "-0.000001", "1200000000000", "-1200000000000.5"] {
      #expect(Total(text)?.description == text)
    }
    #expect(Total("") == nil && Total("1.1.1") == nil && Total("1.0000001") == nil)
  }
}

@Suite("Days and names of things") struct NameTests {
  /// Counts days one by one, by the rule for leap years alone.
  @Test("Every day of the years 1 to 9999 has its number and its date") func everyDay() throws {
    var number = -719_162  // 0001-01-01, as PostgreSQL counts: '0001-01-01'::date - '1970-01-01'
    for year in 1...9999 {
      let isLeap = year.isMultiple(of: 4) && !year.isMultiple(of: 100) || year.isMultiple(of: 400)
      for (index, length) in [31, isLeap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]
        .enumerated()
      {
        for day in [1, 15, length] {
          let value = try #require(Day(year: year, month: index + 1, day: day))
          guard value.sinceEpoch == number + day - 1, value.parts == (year, index + 1, day) else {
            Issue.record("\(year)-\(index + 1)-\(day)")
            return
          }
        }
        if Day(year: year, month: index + 1, day: length + 1) != nil {
          Issue.record("\(year)-\(index + 1) has \(length) days")
        }
        number += length
      }
    }
    #expect(Day("9999-12-31")?.sinceEpoch == Int32(number - 1))
    #expect(Day("1970-01-01")?.sinceEpoch == 0)
  }

  @Test(
    "A date is YYYY-MM-DD",
    arguments: [
      "", "2026-6-30", "2026-06-31", "2026-02-29", "1900-02-29", "2026-13-01", "2026-00-10",
      "0000-01-01", "2026/06/30", "2026-06-30 ", "+026-06-30", "２０26-06-30", "2026-06-30T00:00",
    ])
  func noDate(text: String) { #expect(Day(text) == nil) }

  @Test("Dates print as they parse, and past the last year without a trap") func dates() {
    for text in ["0001-01-01", "2000-02-29", "2024-02-29", "9999-12-31"] {
      #expect(Day(text)?.description == text)
    }
    #expect(Day("9999-12-31")?.adding(days: 1).description == "10000-01-01")
    for days in [Int.max, .min, Int(Int32.max), -10_000_000_000] {
      #expect((Day("2026-01-31")!.adding(days: days) > Day("2026-01-31")!) == (days > 0))
    }
    #expect(Day("2026-01-31")!.days(to: Day("2026-03-01")!) == 29)
  }

  @Test("Codes are [a-z0-9][a-z0-9-]{0,31}") func codes() {
    for text in ["a", "0", "a-b", "a-", String(repeating: "x", count: 32)] {
      #expect((try? DepartmentCode(scalar: text))?.code == text)
    }
    for text in ["", "-a", "A", "é", "a_b", "a b", "a/b", String(repeating: "x", count: 33)] {
      #expect(throws: FieldError.self) { try DepartmentCode(scalar: text) }
    }
  }

  @Test(
    "A reference is GAP-12, or the number alone", arguments: ["GAP-12", "gap-12", "12", "gap/12"])
  func reference(text: String) throws {
    #expect(try GapRef(scalar: text) == GapRef(12))
    #expect(try GapRef(scalar: text).description == "GAP-12")
  }

  @Test(
    "Nothing else is a reference to a gap",
    arguments: [
      "", "0", "-1", "+1", "012", "GAP-0", "GAP-+5", "GAP-012", "GAP12", "GAP-", "INI-12",
      "gap/012",
      "gap/+1", "ﬁ-1", "GAP-99999999999999999999", "GAP-1 ", "evidence/1", "GAP-１",
    ])
  func noReference(text: String) { #expect(throws: FieldError.self) { try GapRef(scalar: text) } }

  @Test(
    "Streams print as they parse",
    arguments: [
      "program", "maturity", "maturity/ssc", "person/kim", "department/ssc", "evidence/1",
      "waiver/2",
      "platform/3", "initiative/4", "gap/12",
    ])
  func streams(text: String) { #expect(StreamID(text)?.description == text) }

  @Test(
    "Nothing else is a stream",
    arguments: [
      "", "/", "gap", "gap/", "gap/x", "gap/0", "program/x", "maturity/", "person/KIM",
      "person/a/b",
      "ıni-1", "thing/1",
    ])
  func noStream(text: String) { #expect(StreamID(text) == nil) }

  @Test("Every action of the catalog has its id, and no other") func actions() throws {
    let ids = Catalog.levels.flatMap { level in level.actions.map(\.id) }
    #expect(ids.count == 16)
    #expect(ids.sorted() == ids)
    for id in ids { #expect(try ActionID(scalar: id.description) == id) }
    for text in ["0.0", "0.3", "6.1", "1", "1.", ".1", "1.1.1", "01.1", "1.01", "+1.1", "-1.1"] {
      #expect(throws: FieldError.self) { try ActionID(scalar: text) }
    }
  }

  @Test(
    "A text in which there is nothing to see is empty",
    arguments: ["", " \n", "\u{200b}", "\u{2060}", " \u{feff}\u{ad}", "\u{3164}"])
  func nothingToSee(text: String) {
    #expect(throws: FieldError("is empty")) { try Title(text) }
    #expect(throws: Never.self) { try Title(text + "x") }
  }
}
