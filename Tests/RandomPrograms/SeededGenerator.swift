package import CEMDomain

/// A generator that can be started again from its seed (SplitMix64). `CEM_SEED` sets another seed.
package struct SeededGenerator: RandomNumberGenerator {
  package static let seed = TestRun.seed ?? 20_260

  private var state: UInt64

  /// A generator of a run with a seed of its own.
  package init(seed: UInt64, _ offset: UInt64 = 0) { state = seed &+ offset &* 0x9E37_79B9 }

  package init(_ offset: UInt64 = 0) { self.init(seed: Self.seed, offset) }

  package mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }

  package mutating func chance(_ percent: Int) -> Bool {
    Int.random(in: 0..<100, using: &self) < percent
  }

  package mutating func pick<Element>(_ elements: [Element]) -> Element {
    elements[Int.random(in: elements.indices, using: &self)]
  }

  /// A text with all that goes wrong in texts.
  package mutating func text(_ maximum: Int = 8) -> String {
    let pieces = [
      "a", "Z", " ", "é", "e\u{301}", "ї", "口", "\u{202e}", "\u{1b}[31m", "👩‍👩‍👧", "\"", "\\", "/",
      "\n",
      "\t", "\u{1}", "\u{7f}", "\u{2028}", "\u{ffff}", "\u{10ffff}", "{", ",",
    ]
    return (0...Int.random(in: 0...maximum, using: &self)).map { _ in pick(pieces) }.joined()
  }

  /// A JSON value.
  package mutating func json(depth: Int = 4) -> JSON {
    switch Int.random(in: 0..<(depth > 0 ? 8 : 5), using: &self) {
    case 0: return .null
    case 1: return .bool(.random(using: &self))
    case 2: return .int(pick([.min, .max, 0, -1, Int64.random(in: .min ... .max, using: &self)]))
    case 3, 4: return .string(text())
    case 5:
      return .array((0..<Int.random(in: 0..<5, using: &self)).map { _ in json(depth: depth - 1) })
    default:
      var object = JSONObject()
      for _ in 0..<Int.random(in: 0..<6, using: &self) {
        object[text(3)] = json(depth: depth - 1)
      }
      return .object(object)
    }
  }
}
