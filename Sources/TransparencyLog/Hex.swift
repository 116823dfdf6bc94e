/// Hexadecimal digits.
enum Hex {
  private static let digits = Array("0123456789abcdef".utf8)

  /// Two lower-case digits a byte.
  static func encode(_ bytes: some Collection<UInt8>) -> String {
    String(unsafeUninitializedCapacity: bytes.count * 2) { buffer in
      var output = 0
      for byte in bytes {
        buffer[output] = digits[Int(byte >> 4)]
        buffer[output + 1] = digits[Int(byte & 15)]
        output += 2
      }
      return output
    }
  }

  /// The value of one digit of either case, or `nil`.
  static func value(of digit: UInt8) -> UInt8? {
    switch digit {
    case UInt8(ascii: "0")...UInt8(ascii: "9"): digit - UInt8(ascii: "0")
    case UInt8(ascii: "a")...UInt8(ascii: "f"): digit - UInt8(ascii: "a") + 10
    case UInt8(ascii: "A")...UInt8(ascii: "F"): digit - UInt8(ascii: "A") + 10
    default: nil
    }
  }
}

extension Hex {
  /// Eight lower-case digits.
  static func encode(_ value: UInt32) -> String {
    encode((0..<4).map { UInt8(truncatingIfNeeded: value >> UInt32(24 - 8 * $0)) })
  }
}
