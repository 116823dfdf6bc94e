/// Decimal numbers in the one form that C2SP formats allow.
enum DecimalText {
  /// The number, `nil` for signs, leading zeros, other characters and more than 2⁶³ - 1.
  static func value(of text: some Collection<UInt8>) -> Int? {
    guard let first = text.first, first != UInt8(ascii: "0") || text.count == 1 else { return nil }
    var value = 0
    for digit in text {
      guard (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(digit) else { return nil }
      let (shifted, overflow) = value.multipliedReportingOverflow(by: 10)
      let (sum, carry) = shifted.addingReportingOverflow(Int(digit - UInt8(ascii: "0")))
      guard !overflow, !carry else { return nil }
      value = sum
    }
    return value
  }
}
