/// A place in a line of canonical JSON. Nothing but the canonical form of a value is taken.
struct LineCursor {
  let bytes: UnsafeBufferPointer<UInt8>
  private var position = 0

  init(bytes: UnsafeBufferPointer<UInt8>) { self.bytes = bytes }

  private static let quote = UInt8(ascii: "\"")
  private static let backslash = UInt8(ascii: "\\")

  /// Takes a byte and what follows it, or nothing.
  mutating func takes(_ first: UInt8, _ rest: [UInt8]) -> Bool {
    guard position + 1 + rest.count <= bytes.count, bytes[position] == first else { return false }
    for offset in rest.indices where bytes[position + 1 + offset] != rest[offset] { return false }
    position += 1 + rest.count
    return true
  }

  /// Whether the object ends here, and the line with it.
  var isAtEnd: Bool { position == bytes.count - 1 && bytes[position] == UInt8(ascii: "}") }

  /// A decimal number without sign or leading zeros.
  mutating func number() -> Range<Int>? {
    let start = position
    while position < bytes.count, (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(bytes[position])
    {
      position += 1
    }
    guard position > start, position - start <= 18,
      bytes[start] != UInt8(ascii: "0") || position == start + 1
    else { return nil }
    return start..<position
  }

  /// A string of printable ASCII that needs no escapes.
  mutating func token(isOptional: Bool) -> Range<Int>? {
    guard position < bytes.count, bytes[position] == Self.quote else { return nil }
    let start = position + 1
    position = start
    while position < bytes.count, bytes[position] != Self.quote {
      guard (0x21...0x7e).contains(bytes[position]), bytes[position] != Self.backslash else {
        return nil
      }
      position += 1
    }
    guard position < bytes.count, position > start else { return nil }
    let range = start..<position
    position += 1
    // The leaf text writes what is absent as a hyphen.
    let isHyphen = range.count == 1 && bytes[start] == UInt8(ascii: "-")
    return isOptional && isHyphen ? nil : range
  }

  /// Any string; what it says goes into `text`.
  mutating func text(into text: inout [UInt8]) -> Range<Int>? {
    guard position < bytes.count, bytes[position] == Self.quote else { return nil }
    let start = position + 1
    position = start
    var plain = start
    while position < bytes.count {
      switch bytes[position] {
      case Self.quote:
        text += bytes[plain..<position]
        position += 1
        return start..<(position - 1)
      case Self.backslash:
        text += bytes[plain..<position]
        guard let byte = escape() else { return nil }
        text.append(byte)
        plain = position
      case 0x20...: position += 1
      default: return nil
      }
    }
    return nil
  }

  /// The byte that an escape stands for, where it is the only way to write it.
  private mutating func escape() -> UInt8? {
    guard position + 1 < bytes.count else { return nil }
    let letter = bytes[position + 1]
    position += 2
    switch letter {
    case Self.quote, Self.backslash: return letter
    case UInt8(ascii: "b"): return 0x08
    case UInt8(ascii: "f"): return 0x0c
    case UInt8(ascii: "n"): return 0x0a
    case UInt8(ascii: "r"): return 0x0d
    case UInt8(ascii: "t"): return 0x09
    case UInt8(ascii: "u"):
      guard position + 4 <= bytes.count, bytes[position] == UInt8(ascii: "0"),
        bytes[position + 1] == UInt8(ascii: "0"),
        let byte = [UInt8](hex: bytes[(position + 2)..<(position + 4)])?.first, byte < 0x20
      else { return nil }
      position += 4
      return [0x08, 0x09, 0x0a, 0x0c, 0x0d].contains(byte) ? nil : byte
    default: return nil
    }
  }
}
