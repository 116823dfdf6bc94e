/// Standard base64 (RFC 4648 §4), padded, with one accepted form for every value.
enum Base64 {
  private static let alphabet = Array(
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)

  /// 255 marks a byte outside the alphabet.
  private static let values: [UInt8] = {
    var values = [UInt8](repeating: 255, count: 256)
    for (value, character) in alphabet.enumerated() { values[Int(character)] = UInt8(value) }
    return values
  }()

  /// The padded encoding of `bytes`.
  static func encode(_ bytes: [UInt8]) -> String {
    let length = (bytes.count + 2) / 3 * 4
    return String(unsafeUninitializedCapacity: length) { buffer in
      var output = 0
      for start in stride(from: 0, to: bytes.count, by: 3) {
        let available = min(3, bytes.count - start)
        var group = UInt32(bytes[start]) << 16
        if available > 1 { group |= UInt32(bytes[start + 1]) << 8 }
        if available > 2 { group |= UInt32(bytes[start + 2]) }
        for digit in 0..<4 {
          let value = Int(group >> UInt32(18 - 6 * digit)) & 63
          buffer[output] = digit <= available ? alphabet[value] : UInt8(ascii: "=")
          output += 1
        }
      }
      return output
    }
  }

  /// The bytes of a padded encoding.
  ///
  /// `nil` for foreign characters, missing padding, and set bits behind the last byte: those would
  /// give one value several spellings, and a signed document several equal-looking forms.
  static func decode(_ text: some Sequence<UInt8>) -> [UInt8]? {
    var digits = Array(text)
    guard digits.count.isMultiple(of: 4) else { return nil }
    var padding = 0
    while padding < 2, digits.last == UInt8(ascii: "=") {
      digits.removeLast()
      padding += 1
    }
    var bytes: [UInt8] = []
    bytes.reserveCapacity(digits.count * 3 / 4)
    var group: UInt32 = 0
    var bits = 0
    for digit in digits {
      let value = values[Int(digit)]
      guard value != 255 else { return nil }
      group = group << 6 | UInt32(value)
      bits += 6
      if bits >= 8 {
        bits -= 8
        bytes.append(UInt8(truncatingIfNeeded: group >> UInt32(bits)))
        group &= (1 << UInt32(bits)) - 1
      }
    }
    guard group == 0 else { return nil }
    return bytes
  }
}
