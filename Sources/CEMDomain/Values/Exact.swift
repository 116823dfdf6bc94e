/// An exact decimal: at most 18 digits, at most 6 of them after the point.
package struct Exact: Hashable, Comparable, Sendable {
  /// The value times one million.
  package let millionths: Int64

  /// - Throws: `FieldError` where there would be more than 12 digits before the point.
  package init(millionths: Int64) throws(FieldError) {
    guard millionths.magnitude < 1_000_000_000_000_000_000 else {
      throw FieldError("has more than 12 digits before the point")
    }
    self.millionths = millionths
  }

  private init(unchecked millionths: Int64) { self.millionths = millionths }

  package static let zero = Exact(unchecked: 0)
  package static let one = Exact(unchecked: 1_000_000)

  /// The value without its sign.
  package var magnitude: Exact { Exact(unchecked: abs(millionths)) }

  package static func < (a: Exact, b: Exact) -> Bool { a.millionths < b.millionths }

  /// The difference; `nil` where it would not fit.
  package static func - (a: Exact, b: Exact) -> Exact? {
    try? Exact(millionths: a.millionths - b.millionths)
  }

  /// The quotient to six places, rounded half to even; `nil` for a zero divisor or where it would not fit.
  package func divided(by other: Exact) -> Exact? {
    Total(self).divided(by: Total(other))
  }
}

extension Exact: CustomStringConvertible {
  /// Digits without trailing zeros, without exponent, never `-0`.
  package var description: String { decimalText(millionths: millionths) }
}

extension Exact: ScalarCodable {
  package init(scalar text: String) throws(FieldError) {
    func wrong() -> FieldError {
      FieldError("must be a decimal like 0.85, not \(shown(text))\(Exact.advice(on: text))")
    }
    var digits = text.utf8[...]
    let isNegative = digits.first == UInt8(ascii: "-")
    if isNegative { digits = digits.dropFirst() }
    var millionths: Int64 = 0
    var places: Int?
    var count = 0
    for byte in digits {
      if byte == UInt8(ascii: "."), places == nil, count > 0 {
        places = 0
        continue
      }
      guard byte >= UInt8(ascii: "0"), byte <= UInt8(ascii: "9") else { throw wrong() }
      let digit = Int64(byte - UInt8(ascii: "0"))
      count += 1
      if let before = places {
        guard before < 6 || digit == 0 else {
          throw FieldError("has more than 6 digits after the point")
        }
        places = before + 1
        if before >= 6 { continue }
      }
      guard millionths < 100_000_000_000_000_000 else {
        throw FieldError("has more than 18 digits")
      }
      millionths = millionths * 10 + digit
    }
    guard count > 0, places != 0 else { throw wrong() }
    for _ in min(places ?? 0, 6)..<6 {
      guard millionths < 100_000_000_000_000_000 else {
        throw FieldError("has more than 12 digits before the point")
      }
      millionths *= 10
    }
    try self.init(millionths: isNegative ? -millionths : millionths)
  }

  /// How a number is written that people write otherwise: `0,9`, `90%`. A comma before three digits may
  /// stand for thousands, so what it would be is not said there.
  private static func advice(on text: String) -> String {
    if text.last == "%", let percent = try? Exact(scalar: String(text.dropLast())),
      let hundred = try? Exact(scalar: "100"), let share = percent.divided(by: hundred)
    {
      return ": as a share that is \(share)"
    }
    let parts = text.split(separator: ",", omittingEmptySubsequences: false)
    if parts.count == 2, parts[1].count != 3,
      let number = try? Exact(scalar: parts.joined(separator: "."))
    {
      return ": write \(number)"
    }
    // `10,000`, `€50000`, `1 000 kr`: a number with something between or around its digits.
    let others = text.unicodeScalars.filter { !("0"..."9" ~= $0) }
    let areMarks = others.allSatisfy { mark in
      " ,.'\u{2019}\u{a0}\u{202f}_-".unicodeScalars.contains(mark) || "A"..."Z" ~= mark
        || mark.properties.generalCategory == .currencySymbol
    }
    return areMarks && others.count < text.unicodeScalars.count
      ? ": leave out separators and signs" : ""
  }
}
