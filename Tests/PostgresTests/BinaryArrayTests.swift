import CEMTestSupport
import Postgres
import Testing

/// Arrays in binary form come out as the values that went in.
@Suite(.database) struct BinaryArrayTests {
  let connection: Connection

  init() throws {
    connection = try TestDatabase.current.connect()
  }

  /// The elements as the server writes them.
  private func texts(_ array: BinaryArray, _ type: String) throws -> [String?] {
    try query(
      "SELECT x::text FROM unnest(\("")::\(unsafeSQL: type)[]) WITH ORDINALITY AS u (x, n) ORDER BY n",
      array
    ).decode(String?.self)
  }

  /// Runs a statement whose only parameter is the array.
  private func query(_ sql: SQL, _ array: BinaryArray) throws -> QueryResult {
    try connection.query(SQLTemplate(sql).binding { $0.append(array) })
  }

  @Test func `Integers and days`() throws {
    for (element, type, ends) in [
      (BinaryArray.Element.smallint, "smallint", [Int64(Int16.min), 0, Int64(Int16.max)]),
      (.integer, "integer", [Int64(Int32.min), -1, Int64(Int32.max)]),
      (.bigint, "bigint", [Int64.min, 1, Int64.max]),
    ] {
      var array = BinaryArray(of: element, capacity: 4)
      array.appendNull()
      for number in ends { array.append(integer: number) }
      #expect(try texts(array, type) == [nil] + ends.map { String($0) })
    }
    var days = BinaryArray(of: .date)
    for day: Int64 in [0, 10_957, -719_162, 2_932_896] { days.append(integer: day) }
    #expect(try texts(days, "date") == ["1970-01-01", "2000-01-01", "0001-01-01", "9999-12-31"])
  }

  @Test func `Decimals of every size`() throws {
    let values: [(Int64, String)] = [
      (0, "0.000000"), (1, "0.000001"), (-1, "-0.000001"), (100, "0.000100"),
      (9_999, "0.009999"), (10_000, "0.010000"), (500_000, "0.500000"), (-1_000_000, "-1.000000"),
      (12_345_678, "12.345678"), (99_990_000_000, "99990.000000"),
      (100_000_000_000_000, "100000000.000000"),
      (999_999_999_999_999_999, "999999999999.999999"),
      (-123_456_789_012_345_678, "-123456789012.345678"),
    ]
    var array = BinaryArray(of: .numeric)
    for (value, _) in values { array.append(millionths: value) }
    array.appendNull()
    #expect(
      try texts(array, "numeric(18, 6)") == values.map { Optional($0.1) } + [nil])
    // The same number is the same value, whatever its form was.
    var other = BinaryArray(of: .numeric)
    for value in 1..<2_000 { other.append(millionths: Int64(value) * 7_919_000_003 - 900) }
    let equal = try query(
      """
      SELECT count(*) FROM unnest(\("")::numeric[]) WITH ORDINALITY AS u (x, n)
      WHERE x = (n * 7919000003 - 900) / 1000000.0
      """, other
    ).one(Int.self)
    #expect(equal == 1_999)
  }

  @Test func `Texts, bytes, truth values and ids`() throws {
    let words = ["", "NULL", "{a,\"b\"}", "\\", "é👩‍👧 \n\t", String(repeating: "x", count: 100_000)]
    var array = BinaryArray(of: .text)
    for word in words { array.append(text: word) }
    #expect(try texts(array, "text") == words)
    var bytes = BinaryArray(of: .bytea)
    bytes.append(bytes: Array(UInt8.min...UInt8.max))
    bytes.append(bytes: [] as [UInt8])
    bytes.appendNull()
    let back = try query("SELECT unnest(\("")::bytea[])", bytes).decode([UInt8]?.self)
    #expect(back == [Array(UInt8.min...UInt8.max), [], nil])
    var flags = BinaryArray(of: .boolean)
    flags.append(boolean: true)
    flags.append(boolean: false)
    #expect(try texts(flags, "boolean") == ["true", "false"])
    var ids = BinaryArray(of: .uuid)
    ids.append(bytes: Array(0..<16))
    #expect(try texts(ids, "uuid") == ["00010203-0405-0607-0809-0a0b0c0d0e0f"])
    #expect(try texts(BinaryArray(of: .text), "text") == [])
  }

  @Test func `The server refuses a NUL character and another type`() throws {
    var array = BinaryArray(of: .text)
    array.append(text: "a\0b")
    #expect(throws: PostgresError.self) { try texts(array, "text") }
    var numbers = BinaryArray(of: .integer)
    numbers.append(integer: 1)
    #expect(throws: PostgresError.self) { try texts(numbers, "text") }
  }
}
