/// A growing buffer of parameter text: what values write themselves into.
package struct TextWriter: Sendable {
  var bytes: [UInt8] = []

  package init() {}

  /// Appends a string's UTF-8 bytes.
  package mutating func append(_ text: String) {
    bytes.append(contentsOf: text.utf8)
  }

  /// Appends one byte of text.
  package mutating func append(byte: UInt8) {
    bytes.append(byte)
  }

  /// Appends text that is at hand as bytes (UTF-8).
  package mutating func append(contentsOf text: [UInt8]) {
    bytes.append(contentsOf: text)
  }

  /// Appends an integer in decimal digits.
  package mutating func append(_ number: some FixedWidthInteger) {
    guard number != 0 else { return bytes.append(0x30) }
    if number < 0 { bytes.append(0x2D) }
    let start = bytes.count
    var rest = number.magnitude
    while rest > 0 {
      let (quotient, digit) = rest.quotientAndRemainder(dividingBy: 10)
      bytes.append(0x30 &+ UInt8(truncatingIfNeeded: digit))
      rest = quotient
    }
    bytes[start...].reverse()
  }

  /// Appends two lower-case hex digits for each byte.
  package mutating func append(hex data: [UInt8]) {
    bytes.reserveCapacity(bytes.count + 2 * data.count)
    for byte in data {
      bytes.append(Hex.digit(byte >> 4))
      bytes.append(Hex.digit(byte & 15))
    }
  }

  /// Puts a backslash before each byte from `start` on that `mustEscape` names.
  ///
  /// Values write plain text first and are escaped in place afterwards: most need nothing, and those
  /// that do are moved once, from the end, without a second buffer.
  @inline(__always)
  mutating func escape(from start: Int, where mustEscape: (UInt8) -> Bool) {
    let extra = unsafe bytes.withUnsafeBufferPointer { bytes in
      var extra = 0
      for index in start..<bytes.count { extra &+= mustEscape(unsafe bytes[index]) ? 1 : 0 }
      return extra
    }
    guard extra > 0 else { return }
    var source = bytes.count - 1
    bytes.append(contentsOf: repeatElement(0, count: extra))
    unsafe bytes.withUnsafeMutableBufferPointer { bytes in
      var target = bytes.count - 1
      while target > source {
        let byte = unsafe bytes[source]
        let isSpecial = mustEscape(byte)
        unsafe bytes[target] = byte
        target -= 1
        if isSpecial {
          unsafe bytes[target] = 0x5C
          target -= 1
        }
        source -= 1
      }
    }
  }
}

/// Hexadecimal digits, as PostgreSQL's `bytea` text form has them.
enum Hex {
  @inline(__always)
  static func digit(_ nibble: UInt8) -> UInt8 {
    nibble < 10 ? 0x30 &+ nibble : 0x57 &+ nibble
  }

  /// The value of each byte as a hex digit, 255 where it is none.
  static let values: [UInt8] = (0...255).map { (byte: UInt8) -> UInt8 in
    switch byte {
    case 0x30...0x39: byte - 0x30
    case 0x41...0x46: byte - 0x37
    case 0x61...0x66: byte - 0x57
    default: 255
    }
  }

  /// The bytes that an even number of hex digits stands for, nil where the text is something else.
  static func decode(_ text: Span<UInt8>, from start: Int) -> [UInt8]? {
    let digits = text.count - start
    guard digits >= 0, digits.isMultiple(of: 2) else { return nil }
    var bad: UInt8 = 0
    let table = values.span
    let decoded = [UInt8](unsafe: digits / 2) { index in
      let high = table[Int(text[start + 2 * index])]
      let low = table[Int(text[start + 2 * index + 1])]
      bad |= (high | low) & 0xF0
      return high << 4 | low
    }
    return bad == 0 ? decoded : nil
  }
}

extension [UInt8] {
  /// An array filled without a check for capacity at each element.
  fileprivate init(unsafe count: Int, element: (Int) -> UInt8) {
    unsafe self.init(unsafeUninitializedCapacity: count) { buffer, initialized in
      for index in 0..<count {
        unsafe buffer.initializeElement(at: index, to: element(index))
      }
      initialized = count
    }
  }
}
