extension Hash: CustomStringConvertible {
  /// Reads 64 hexadecimal digits of either case; `nil` for anything else.
  package init?(hex: String) {
    let digits = Array(hex.utf8)
    guard digits.count == 2 * Hash.byteCount else { return nil }
    var bytes: [UInt8] = []
    bytes.reserveCapacity(Hash.byteCount)
    for offset in stride(from: 0, to: digits.count, by: 2) {
      guard let high = Hex.value(of: digits[offset]), let low = Hex.value(of: digits[offset + 1])
      else { return nil }
      bytes.append(high << 4 | low)
    }
    self.init(bytes)
  }

  /// Reads canonical standard base64 (RFC 4648 §4, padded) of 32 bytes; `nil` for anything else.
  package init?(base64: String) {
    guard let bytes = Base64.decode(base64.utf8) else { return nil }
    self.init(bytes)
  }

  /// 64 lower-case hexadecimal digits.
  package var hex: String { Hex.encode(bytes) }

  /// Standard base64 (RFC 4648 §4) with padding: 44 characters, as C2SP formats write hashes.
  package var base64: String { Base64.encode(bytes) }

  /// The same as `base64`.
  package var description: String { base64 }
}
