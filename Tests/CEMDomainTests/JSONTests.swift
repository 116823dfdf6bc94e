import CEMDomain
import Foundation
import RandomPrograms
import Testing

@Suite("Canonical JSON") struct JSONTests {
  @Test("What is written is read back, and written again the same", arguments: 0..<200)
  func roundTrip(round: UInt64) throws {
    var random = SeededGenerator(round)
    let json = random.json()
    let text = json.canonicalText
    let read = try JSON(parsing: text)
    #expect(read == json, "seed \(SeededGenerator.seed)")
    #expect(read.canonicalText.hasSameBytes(as: text))
    let oracle = try JSONSerialization.jsonObject(with: Data(text.utf8), options: .fragmentsAllowed)
    #expect(agrees(json, oracle), "\(text)")
  }

  /// Whether Foundation read the same value.
  private func agrees(_ json: JSON, _ other: Any) -> Bool {
    switch json {
    case .null: return other is NSNull
    case .bool(let value): return (other as? Bool) == value
    case .int(let value): return (other as? NSNumber)?.int64Value == value
    case .string(let value): return (other as? String).map { value.hasSameBytes(as: $0) } ?? false
    case .array(let items):
      guard let others = other as? [Any], others.count == items.count else { return false }
      return zip(items, others).allSatisfy { agrees($0, $1) }
    case .object(let object):
      guard let others = other as? [String: Any] else { return false }
      // Swift's dictionaries take é composed and decomposed for one key.
      return Set(object.keys).count != object.keys.count
        || object.keys.count == others.count
          && object.members.allSatisfy { member in
            others[member.key].map { agrees(member.value, $0) } ?? false
          }
    }
  }

  @Test("Texts broken at random are refused where Foundation refuses them", arguments: 0..<300)
  func broken(round: UInt64) {
    var random = SeededGenerator(round &+ 1000)
    var bytes = Array(random.json().canonicalText.utf8)
    for _ in 0...Int.random(in: 0...2, using: &random) {
      let index = Int.random(in: 0...bytes.count, using: &random)
      let byte = random.pick(Array("{}[]\",:\\u0123eE+-. tfn\u{1}".utf8) + [0x80, 0xff, 0xc0])
      if index < bytes.count, random.chance(60) {
        bytes[index] = byte
      } else {
        bytes.insert(byte, at: index)
      }
    }
    let ours = parse(bytes)
    let oracle = try? JSONSerialization.jsonObject(with: Data(bytes), options: .fragmentsAllowed)
    // We refuse more (a key twice, half of a surrogate pair), never less.
    if ours != nil {
      #expect(oracle != nil, "\(String(decoding: bytes, as: UTF8.self))")
    }
  }

  private func parse(_ bytes: [UInt8]) -> JSON? {
    bytes.withUnsafeBufferPointer { try? JSON(parsing: $0) }
  }

  @Test("Keys are sorted by UTF-8 bytes, not by UTF-16 or by meaning") func order() throws {
    let json = try JSON(parsing: #"{"é":1,"z":2,"\uffff":3,"😀":4,"Z":5,"e\u0301":6,"":7}"#)
    #expect(
      json.object?.keys.map { Array($0.utf8) }
        == [
          "", "Z", "e\u{301}", "z", "\u{e9}", "\u{ffff}", "😀",
        ].map { Array($0.utf8) })
  }

  @Test(
    "A key that stands twice is refused, side by side or not, escaped or not",
    arguments: [#"{"a":1,"a":1}"#, #"{"a":1,"b":2,"a":3}"#, #"{"a":1,"\u0061":2}"#])
  func duplicates(text: String) {
    #expect(throws: JSONSyntaxError.self) { try JSON(parsing: text) }
  }

  @Test("é composed and decomposed are two keys and two values") func composed() throws {
    let json = try JSON(parsing: "{\"\u{e9}\":1,\"e\u{301}\":2}")
    #expect(json.object?.members.count == 2)
    #expect(json.object?["\u{e9}"] == 1)
    #expect(json.object?["e\u{301}"] == 2)
    #expect(JSON.string("\u{e9}") != JSON.string("e\u{301}"))
    #expect(try Text("\u{e9}") != Text("e\u{301}"))
    #expect(Set([JSON.string("\u{e9}"), JSON.string("e\u{301}")]).count == 2)
  }

  @Test("Escapes are those that JSON demands and no more") func escapes() throws {
    let text = "\"\\/\u{8}\u{9}\u{a}\u{c}\u{d}\u{0}\u{1f}\u{7f}\u{2028}é😀"
    let written = JSON.string(text).canonicalText
    #expect(written == #""\"\\/\b\t\n\f\r\u0000\u001f"# + "\u{7f}\u{2028}é😀\"")
    #expect(try JSON(parsing: #""\ud83d\ude00\u00e9\/""#) == "😀é/")
  }

  @Test(
    "What is not JSON is refused",
    arguments: [
      "", " ", "{", "[1", "[1,]", "{\"a\"}", "{\"a\":}", "{a:1}", "'a'", "\"a", "\"\u{1}\"",
      #""\x""#, #""\u12""#, #""\ud83d""#, #""\ud83d\u0041""#, #""\ude00""#, "01", "-", "-01", "1.",
      ".5", "1e", "1e+", "1.2.3", "1-2", "+1", "NaN", "Infinity", "tru", "nul", "1 2", "[1]]",
      "\u{feff}1", "12345678901234567890.", "12345678901234567890e",
    ])
  func refused(text: String) {
    #expect(throws: JSONSyntaxError.self) { try JSON(parsing: text) }
  }

  @Test(
    "Invalid UTF-8 is refused",
    arguments: [
      [0x22, 0xff, 0x22], [0x22, 0xc0, 0x80, 0x22], [0x22, 0xed, 0xa0, 0x80, 0x22],
      [0x22, 0x5c, 0x6e, 0xe2, 0x82, 0x22], [0x22, 0xf4, 0x90, 0x80, 0x80, 0x22],
    ] as [[UInt8]])
  func utf8(bytes: [UInt8]) {
    #expect(parse(bytes) == nil)
  }

  @Test("Nesting ends at 64") func depth() throws {
    func nested(_ depth: Int) -> String {
      String(repeating: "[", count: depth) + String(repeating: "]", count: depth)
    }
    _ = try JSON(parsing: nested(64))
    #expect(throws: JSONSyntaxError.self) { try JSON(parsing: nested(65)) }
    #expect(throws: JSONSyntaxError.self) { try JSON(parsing: nested(100_000)) }
  }

  @Test("Integers keep all their digits; other numbers are texts as given") func numbers() throws {
    #expect(try JSON(parsing: "9223372036854775807") == .int(.max))
    #expect(try JSON(parsing: "-9223372036854775808") == .int(.min))
    #expect(try JSON(parsing: "9223372036854775808") == "9223372036854775808")
    #expect(try JSON(parsing: "-0") == 0)
    #expect(try JSON(parsing: "0.90") == "0.90")
    #expect(try JSON(parsing: "-1.5e-7") == "-1.5e-7")
  }
}
