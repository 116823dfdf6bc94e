import CEMTestSupport
import Postgres
import Testing

/// Values through the server and back, made by a generator with a fixed seed.
@Suite(.database) struct ValueTests {
  let connection: Connection

  init() throws {
    connection = try TestDatabase.current.connect()
  }

  struct Day: PostgresText, Equatable {
    var postgresText: String
    init?(postgresText: String) {
      guard postgresText.utf8.count == 10 else { return nil }
      self.postgresText = postgresText
    }
  }

  @Test func `Integers at their ends`() throws {
    let (a, b, c, d) = try connection.query(
      "SELECT \(Int.min)::int8, \(Int64.max)::int8, \(Int32.min)::int4, \(Int16.max)::int2"
    ).one((Int, Int64, Int32, Int16).self)
    #expect(a == .min)
    #expect(b == .max)
    #expect(c == .min)
    #expect(d == .max)
    for text in ["9223372036854775808", "-9223372036854775809", "", "-", "1.5", "1 "] {
      #expect(throws: PostgresError.self) {
        try connection.query("SELECT \(text)::text").one(Int.self)
      }
    }
  }

  @Test(arguments: [0, -0.5, 1e300, 2.5e-308, .infinity, -.infinity, 0.1])
  func `Floating-point numbers`(_ number: Double) throws {
    #expect(try connection.query("SELECT \(number)::float8").one(Double.self) == number)
  }

  @Test func `All bytes`() throws {
    let bytes = Array(UInt8.min...UInt8.max)
    #expect(try connection.query("SELECT \(bytes)::bytea").one([UInt8].self) == bytes)
    #expect(try connection.query("SELECT \([] as [UInt8])::bytea").one([UInt8].self) == [])
    #expect(try connection.query("SELECT sha256(\(bytes))").one([UInt8].self).count == 32)
    #expect(throws: PostgresError.self) { try connection.query("SELECT '\\xfg'").one([UInt8].self) }
  }

  @Test func `A type of another module`() throws {
    let day = try #require(Day(postgresText: "2026-02-28"))
    #expect(
      try connection.query("SELECT \(day)::date + 1").one(Day.self).postgresText == "2026-03-01")
    #expect(try connection.query("SELECT \([day, nil])::date[]").one([Day?].self) == [day, nil])
  }

  @Test func `Arrays of text round-trip`() throws {
    var random = Xorshift(state: 42)
    let alphabet = Array("\"\\{},NULL null\t\n é👩‍👧a'$")
    for count in [0, 1, 2, 3, 10, 100, 1000] {
      let array = (0..<count).map { _ -> String? in
        guard !random.next().isMultiple(of: 8) else { return nil }
        return String((0..<random.next() % 6).map { _ in alphabet.randomElement(using: &random)! })
      }
      let query: SQL =
        "SELECT \(array)::text[], cardinality(\(array)::text[]), \(array.compactMap { $0 })::text[]"
      let (same, length, full) = try connection.query(query).one(([String?], Int, [String]).self)
      #expect(same == array)
      #expect(length == count)
      #expect(full == array.compactMap { $0 })
      // Element by element, so that an error in both directions cannot cancel out.
      let elements = try connection.query("SELECT unnest(\(array)::text[])").decode(String?.self)
      #expect(elements == array)
    }
  }

  @Test func `Arrays of numbers, bytes and truth values round-trip`() throws {
    var random = Xorshift(state: 7)
    let numbers = (0..<1000).map { _ in Int(truncatingIfNeeded: random.next()) }
    let bytes = (0..<100).map { index -> [UInt8]? in
      index % 7 == 0 ? nil : (0..<index).map { _ in UInt8(truncatingIfNeeded: random.next()) }
    }
    let query: SQL = """
      SELECT \(numbers)::int8[], \(numbers.map { Int32(truncatingIfNeeded: $0) as Int32? })::int4[],
        \(bytes)::bytea[], \([true, nil, false])::bool[]
      """
    let (a, b, c, d) = try connection.query(query)
      .one(([Int], [Int32?], [[UInt8]?], [Bool?]).self)
    #expect(a == numbers)
    #expect(b == numbers.map { Int32(truncatingIfNeeded: $0) })
    #expect(c == bytes)
    #expect(d == [true, nil, false])
    #expect(try connection.query("SELECT unnest(\(bytes)::bytea[])").decode([UInt8]?.self) == bytes)
  }

  @Test func `A large array goes in one parameter`() throws {
    let document = "{\"text\":\"" + String(repeating: "a\\n\\\"é", count: 140) + "\"}"
    let array = Array(repeating: document, count: 10_000)
    let (count, length) = try connection.query(
      "SELECT count(*), sum(octet_length(t)) FROM unnest(\(array)::text[]) AS t"
    ).one((Int, Int).self)
    #expect(count == 10_000)
    #expect(length == 10_000 * document.utf8.count)
  }

  @Test func `What is no array is refused`() throws {
    for text in ["", "{", "}", "1", "{1,2", "{{1},{2}}", "{\"a}", "{1}x}", "{\"a\"b}"] {
      #expect(throws: PostgresError.self) {
        try connection.query("SELECT \(text)::text").one([String].self)
      }
    }
    #expect(throws: PostgresError.self) {
      try connection.query("SELECT ARRAY[1, NULL]").one([Int].self)
    }
  }
}

/// Marsaglia's xorshift: numbers that are the same in each run.
struct Xorshift: RandomNumberGenerator {
  var state: UInt64

  mutating func next() -> UInt64 {
    state ^= state << 13
    state ^= state >> 7
    state ^= state << 17
    return state
  }
}
