/// Where and why a text is not the JSON that we read.
package struct JSONSyntaxError: Error, Equatable, CustomStringConvertible {
  /// Byte offset, from 0.
  package let offset: Int
  package let message: String

  package var description: String { "\(message) (at byte \(offset))" }
}

extension JSON {
  /// Parses a JSON text.
  ///
  /// Numbers other than integers become strings with the digits as given (`0.90` → `"0.90"`), for a
  /// decimal is read by `Exact` and never by way of floating point. A key that stands twice is an error.
  /// - Throws: `JSONSyntaxError`; nesting deeper than 64 is refused.
  package init(parsing text: String) throws(JSONSyntaxError) {
    var text = text
    let result: Result<JSON, JSONSyntaxError> = text.withUTF8 { buffer in
      Result { () throws(JSONSyntaxError) in try JSON(parsing: buffer) }
    }
    self = try result.get()
  }

  /// Parses UTF-8 bytes as `init(parsing:)` does, without copying them first.
  package init(parsing bytes: UnsafeBufferPointer<UInt8>) throws(JSONSyntaxError) {
    var parser = JSONParser(bytes: bytes)
    parser.skipSpace()
    self = try parser.value(depth: 0)
    parser.skipSpace()
    guard parser.position == bytes.count else { throw parser.error("text after the value") }
  }
}

/// A cursor over UTF-8 bytes.
private struct JSONParser {
  let bytes: UnsafeBufferPointer<UInt8>
  var position = 0

  init(bytes: UnsafeBufferPointer<UInt8>) { self.bytes = bytes }

  func error(_ message: String) -> JSONSyntaxError {
    JSONSyntaxError(offset: position, message: message)
  }

  var next: UInt8? { position < bytes.count ? bytes[position] : nil }

  mutating func skipSpace() {
    while let byte = next, byte == 0x20 || byte == 0x0a || byte == 0x0d || byte == 0x09 {
      position += 1
    }
  }

  mutating func take(_ byte: UInt8) -> Bool {
    guard next == byte else { return false }
    position += 1
    return true
  }

  mutating func value(depth: Int) throws(JSONSyntaxError) -> JSON {
    guard depth < 64 else { throw error("nested too deeply") }
    guard let next else { throw error("the text ends too early") }
    switch next {
    case UInt8(ascii: "{"): return .object(try object(depth: depth))
    case UInt8(ascii: "["): return .array(try array(depth: depth))
    case UInt8(ascii: "\""): return .string(try string())
    case UInt8(ascii: "t"): return try word("true", .bool(true))
    case UInt8(ascii: "f"): return try word("false", .bool(false))
    case UInt8(ascii: "n"): return try word("null", .null)
    case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"): return try number()
    default: throw error("not a JSON value")
    }
  }

  mutating func word(_ word: StaticString, _ value: JSON) throws(JSONSyntaxError) -> JSON {
    for offset in 0..<word.utf8CodeUnitCount {
      guard take(word.utf8Start[offset]) else { throw error("not a JSON value") }
    }
    return value
  }

  mutating func object(depth: Int) throws(JSONSyntaxError) -> JSONObject {
    position += 1
    var members: [JSONObject.Member] = []
    skipSpace()
    if take(UInt8(ascii: "}")) { return JSONObject() }
    var isSorted = true
    while true {
      skipSpace()
      guard next == UInt8(ascii: "\"") else { throw error("a key is expected") }
      let key = try string()
      skipSpace()
      guard take(UInt8(ascii: ":")) else { throw error("':' is expected") }
      skipSpace()
      let value = try value(depth: depth + 1)
      if isSorted, let last = members.last { isSorted = last.key.precedesByBytes(key) }
      members.append(JSONObject.Member(key: key, value: value))
      skipSpace()
      if take(UInt8(ascii: "}")) { break }
      guard take(UInt8(ascii: ",")) else { throw error("',' or '}' is expected") }
    }
    if !isSorted {
      members.sort { $0.key.precedesByBytes($1.key) }
      for (a, b) in zip(members, members.dropFirst()) where a.key.hasSameBytes(as: b.key) {
        throw error("the key \"\(shown(a.key))\" stands twice")
      }
    }
    return JSONObject(sorted: members)
  }

  mutating func array(depth: Int) throws(JSONSyntaxError) -> [JSON] {
    position += 1
    var values: [JSON] = []
    skipSpace()
    if take(UInt8(ascii: "]")) { return values }
    while true {
      skipSpace()
      values.append(try value(depth: depth + 1))
      skipSpace()
      if take(UInt8(ascii: "]")) { return values }
      guard take(UInt8(ascii: ",")) else { throw error("',' or ']' is expected") }
    }
  }

  mutating func number() throws(JSONSyntaxError) -> JSON {
    let start = position
    let isNegative = take(UInt8(ascii: "-"))
    let firstDigit = position
    var integer: Int64 = 0
    var overflow = false
    while let byte = next, isDigit(byte) {
      let digit = Int64(byte - UInt8(ascii: "0"))
      let (product, a) = integer.multipliedReportingOverflow(by: 10)
      // Downwards for a negative number, whose range reaches one further.
      let (sum, b) = product.addingReportingOverflow(isNegative ? -digit : digit)
      overflow = overflow || a || b
      integer = sum
      position += 1
    }
    guard position > firstDigit else { throw error("a digit is expected") }
    if bytes[firstDigit] == UInt8(ascii: "0"), position > firstDigit + 1 {
      throw error("a number with a leading zero")
    }
    var isPlain = true
    if take(UInt8(ascii: ".")) {
      isPlain = false
      try digits()
    }
    if take(UInt8(ascii: "e")) || take(UInt8(ascii: "E")) {
      isPlain = false
      _ = take(UInt8(ascii: "+")) || take(UInt8(ascii: "-"))
      try digits()
    }
    if isPlain, !overflow { return .int(integer) }
    return .string(String(decoding: bytes[start..<position], as: UTF8.self))
  }

  mutating func digits() throws(JSONSyntaxError) {
    guard let next, isDigit(next) else { throw error("a digit is expected") }
    while let byte = self.next, isDigit(byte) { position += 1 }
  }

  func isDigit(_ byte: UInt8) -> Bool {
    byte >= UInt8(ascii: "0") && byte <= UInt8(ascii: "9")
  }

  mutating func string() throws(JSONSyntaxError) -> String {
    position += 1
    let start = position
    var isASCII = true
    while position < bytes.count {
      let byte = bytes[position]
      if byte == UInt8(ascii: "\"") {
        let slice = UnsafeBufferPointer(rebasing: bytes[start..<position])
        // Nearly all are, and then there is nothing to validate.
        guard
          let string = isASCII
            ? String(decoding: slice, as: UTF8.self) : String(validating: slice, as: UTF8.self)
        else { throw error("invalid UTF-8") }
        position += 1
        return string
      }
      if byte == UInt8(ascii: "\\") { return try escapedString(from: start) }
      guard byte >= 0x20 else { throw error("a control character in a string") }
      if byte >= 0x80 { isASCII = false }
      position += 1
    }
    throw error("a string without its end")
  }

  mutating func escapedString(from start: Int) throws(JSONSyntaxError) -> String {
    var result = Array(bytes[start..<position])
    while let byte = next {
      position += 1
      switch byte {
      case UInt8(ascii: "\""):
        guard let string = String(validating: result, as: UTF8.self) else {
          throw error("invalid UTF-8")
        }
        return string
      case UInt8(ascii: "\\"): try escape(into: &result)
      case 0x20...: result.append(byte)
      default: throw error("a control character in a string")
      }
    }
    throw error("a string without its end")
  }

  mutating func escape(into result: inout [UInt8]) throws(JSONSyntaxError) {
    guard let byte = next else { throw error("a string without its end") }
    position += 1
    switch byte {
    case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): result.append(byte)
    case UInt8(ascii: "b"): result.append(0x08)
    case UInt8(ascii: "f"): result.append(0x0c)
    case UInt8(ascii: "n"): result.append(0x0a)
    case UInt8(ascii: "r"): result.append(0x0d)
    case UInt8(ascii: "t"): result.append(0x09)
    case UInt8(ascii: "u"):
      let high = try hex4()
      var scalar = UInt32(high)
      if (0xD800..<0xDC00).contains(high) {
        guard take(UInt8(ascii: "\\")), take(UInt8(ascii: "u")) else {
          throw error("half of a surrogate pair")
        }
        let low = try hex4()
        guard (0xDC00..<0xE000).contains(low) else { throw error("half of a surrogate pair") }
        scalar = 0x10000 + (UInt32(high) - 0xD800) << 10 + (UInt32(low) - 0xDC00)
      }
      guard let unicode = Unicode.Scalar(scalar) else { throw error("half of a surrogate pair") }
      result.append(contentsOf: String(Character(unicode)).utf8)
    default: throw error("an unknown escape")
    }
  }

  mutating func hex4() throws(JSONSyntaxError) -> UInt16 {
    guard position + 4 <= bytes.count else { throw error("a string without its end") }
    var value: UInt16 = 0
    for _ in 0..<4 {
      let byte = bytes[position]
      let digit: UInt8
      switch byte {
      case UInt8(ascii: "0")...UInt8(ascii: "9"): digit = byte - UInt8(ascii: "0")
      case UInt8(ascii: "a")...UInt8(ascii: "f"): digit = byte - UInt8(ascii: "a") + 10
      case UInt8(ascii: "A")...UInt8(ascii: "F"): digit = byte - UInt8(ascii: "A") + 10
      default: throw error("four hexadecimal digits are expected")
      }
      value = value << 4 | UInt16(digit)
      position += 1
    }
    return value
  }
}
