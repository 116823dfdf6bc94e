/// What decimals add up to, exactly: it may have more digits than each of them.
///
/// There is room for a hundred million of the largest, each converted by the largest rate. What is recorded is an
/// ``Exact``.
package struct Total: Hashable, Comparable, Sendable {
  /// The value times one million.
  package let millionths: Int128

  package init(millionths: Int128) { self.millionths = millionths }

  package init(_ value: Exact) { millionths = Int128(value.millionths) }

  package static let zero = Total(millionths: 0)

  package static func < (a: Total, b: Total) -> Bool { a.millionths < b.millionths }

  package static func - (a: Total, b: Total) -> Total {
    Total(millionths: a.millionths - b.millionths)
  }

  package static func + (a: Total, b: Total) -> Total {
    Total(millionths: a.millionths + b.millionths)
  }

  package static func += (total: inout Total, value: Total) { total = total + value }

  /// The quotient to six places, rounded half to even; `nil` for a zero divisor or where it would not fit.
  package func divided(by other: Total) -> Exact? {
    guard other.millionths != 0 else { return nil }
    let (numerator, isTooLarge) = millionths.multipliedReportingOverflow(by: 1_000_000)
    guard !isTooLarge,
      let value = Int64(exactly: numerator.roundedQuotient(dividingBy: other.millionths))
    else { return nil }
    return try? Exact(millionths: value)
  }
}

extension Total: LosslessStringConvertible {
  /// As of an ``Exact``.
  package var description: String { decimalText(millionths: millionths) }

  /// Reads what ``description`` writes.
  package init?(_ text: String) {
    let parts = text.split(separator: ".", omittingEmptySubsequences: false)
    guard parts.count <= 2, let whole = parts.first, whole.last?.isNumber == true else {
      return nil
    }
    let fraction = parts.count == 2 ? parts[1] : ""
    guard fraction.utf8.count <= 6,
      let value = Int128(whole + fraction + String(repeating: "0", count: 6 - fraction.utf8.count))
    else { return nil }
    millionths = value
  }
}

extension Int128 {
  /// The quotient, rounded half to even. The divisor is not zero.
  func roundedQuotient(dividingBy divisor: Int128) -> Int128 {
    let (quotient, remainder) = quotientAndRemainder(dividingBy: divisor)
    let (rest, whole) = (remainder.magnitude, divisor.magnitude)
    guard rest > whole - rest || (rest == whole - rest && quotient % 2 != 0) else {
      return quotient
    }
    return quotient + ((self < 0) == (divisor < 0) ? 1 : -1)
  }
}

/// A number of millionths as a decimal: digits without trailing zeros, without exponent, never `-0`.
func decimalText(millionths: some FixedWidthInteger & SignedInteger) -> String {
  let sign = millionths < 0 ? "-" : ""
  let (whole, rest) = millionths.magnitude.quotientAndRemainder(dividingBy: 1_000_000)
  guard rest != 0 else { return "\(sign)\(whole)" }
  var (fraction, digits) = (Int(rest), 6)
  while fraction % 10 == 0 {
    fraction /= 10
    digits -= 1
  }
  let text = String(fraction)
  return "\(sign)\(whole)." + String(repeating: "0", count: digits - text.count) + text
}
