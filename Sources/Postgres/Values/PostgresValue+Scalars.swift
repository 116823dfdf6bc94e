extension String: PostgresArrayElement, PostgresDecodable {
  package init?(postgres text: Span<UInt8>) {
    self.init(utf8: text)
  }

  package func encode(into text: inout TextWriter) {
    text.append(self)
  }

  /// A string of UTF-8 bytes; the server sends no others, since the connection's encoding is UTF-8.
  package init(utf8 text: Span<UInt8>) {
    self = unsafe text.withUnsafeBufferPointer { unsafe String(decoding: $0, as: UTF8.self) }
  }
}

extension Bool: PostgresArrayElement, PostgresDecodable {
  package static var needsQuotes: Bool { false }

  package init?(postgres text: Span<UInt8>) {
    guard text.count == 1 else { return nil }
    switch text[0] {
    case 0x74: self = true
    case 0x66: self = false
    default: return nil
    }
  }

  package func encode(into text: inout TextWriter) {
    text.append(byte: self ? 0x74 : 0x66)
  }
}

extension Double: PostgresArrayElement, PostgresDecodable {
  package static var needsQuotes: Bool { false }

  package init?(postgres text: Span<UInt8>) {
    let text = String(utf8: text)
    switch text {
    case "NaN": self = .nan
    case "Infinity": self = .infinity
    case "-Infinity": self = -.infinity
    default:
      guard let number = Double(text) else { return nil }
      self = number
    }
  }

  package func encode(into text: inout TextWriter) {
    text.append(isNaN ? "NaN" : isInfinite ? (self < 0 ? "-Infinity" : "Infinity") : "\(self)")
  }
}

extension FixedWidthInteger {
  /// Reads decimal digits with an optional sign, nil at anything else or where it does not fit.
  @inline(__always)
  fileprivate init?(decimal text: Span<UInt8>) {
    var index = 0
    let isNegative = text.count > 0 && text[0] == 0x2D
    if isNegative { index = 1 }
    guard index < text.count else { return nil }
    var value: Self = 0
    while index < text.count {
      let digit = text[index] &- 0x30
      guard digit < 10 else { return nil }
      let (product, overflow) = value.multipliedReportingOverflow(by: 10)
      // Towards the sign, so that the least value of the type can be read.
      let (sum, carry) =
        isNegative
        ? product.subtractingReportingOverflow(Self(truncatingIfNeeded: digit))
        : product.addingReportingOverflow(Self(truncatingIfNeeded: digit))
      guard !overflow, !carry else { return nil }
      value = sum
      index += 1
    }
    self = value
  }
}

extension Int: PostgresArrayElement, PostgresDecodable {
  package static var needsQuotes: Bool { false }
  package init?(postgres text: Span<UInt8>) { self.init(decimal: text) }
  package func encode(into text: inout TextWriter) { text.append(self) }
}

extension Int64: PostgresArrayElement, PostgresDecodable {
  package static var needsQuotes: Bool { false }
  package init?(postgres text: Span<UInt8>) { self.init(decimal: text) }
  package func encode(into text: inout TextWriter) { text.append(self) }
}

extension Int32: PostgresArrayElement, PostgresDecodable {
  package static var needsQuotes: Bool { false }
  package init?(postgres text: Span<UInt8>) { self.init(decimal: text) }
  package func encode(into text: inout TextWriter) { text.append(self) }
}

extension Int16: PostgresArrayElement, PostgresDecodable {
  package static var needsQuotes: Bool { false }
  package init?(postgres text: Span<UInt8>) { self.init(decimal: text) }
  package func encode(into text: inout TextWriter) { text.append(self) }
}
