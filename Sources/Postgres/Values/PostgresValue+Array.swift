// An array of elements is a PostgreSQL array of one dimension; an array of UInt8 is a `bytea`.

extension PostgresArrayElement {
  package static var needsQuotes: Bool { true }

  package static func encode(array: [Self], into text: inout TextWriter) {
    text.append(byte: 0x7B)
    var isFirst = true
    for element in array {
      if !isFirst { text.append(byte: 0x2C) }
      isFirst = false
      if element.isPostgresNull {
        text.append("NULL")
      } else if needsQuotes {
        // Always quoted: an empty string, the word NULL, commas, braces and spaces need it.
        text.append(byte: 0x22)
        let start = text.bytes.count
        element.encode(into: &text)
        text.escape(from: start, where: { $0 == 0x22 || $0 == 0x5C })
        text.append(byte: 0x22)
      } else {
        element.encode(into: &text)
      }
    }
    text.append(byte: 0x7D)
  }
}

extension Optional: PostgresArrayElement where Wrapped: PostgresArrayElement {
  package static var needsQuotes: Bool { Wrapped.needsQuotes }
}

extension UInt8: PostgresArrayElement, PostgresDecodable {
  package static func encode(array: [UInt8], into text: inout TextWriter) {
    text.append(byte: 0x5C)
    text.append(byte: 0x78)
    text.append(hex: array)
  }

  package init?(postgres text: Span<UInt8>) {
    guard let number = Int(postgres: text) else { return nil }
    self.init(exactly: number)
  }

  package func encode(into text: inout TextWriter) { text.append(self) }
}

extension Array: PostgresEncodable where Element: PostgresArrayElement {
  package func encode(into text: inout TextWriter) {
    Element.encode(array: self, into: &text)
  }
}

/// Bytes as elements of an array of `bytea`. Arrays of more than one dimension are not supported, so
/// no other array is an element.
extension Array: PostgresArrayElement where Element == UInt8 {}

extension Array: PostgresDecodable where Element: PostgresDecodable {
  package init?(postgres text: Span<UInt8>) {
    if Element.self == UInt8.self {
      guard text.count >= 2, text[0] == 0x5C, text[1] == 0x78,
        let bytes = Hex.decode(text, from: 2) as? [Element]
      else { return nil }
      self = bytes
    } else {
      var elements: [Element] = []
      let isComplete = ArrayLiteral.forEach(in: text) { element in
        guard let element else {
          guard let null = Element.postgresNull else { return false }
          elements.append(null)
          return true
        }
        guard let value = Element(postgres: element.span) else { return false }
        elements.append(value)
        return true
      }
      guard isComplete else { return nil }
      self = elements
    }
  }
}

/// The reader of array literals, as PostgreSQL writes them: `{1,NULL,"a \"quoted\" one"}`.
enum ArrayLiteral {
  /// Calls `body` with the unescaped text of each element (nil for NULL) until it returns false.
  ///
  /// - Returns: false where the text is no array of one dimension or `body` stopped.
  static func forEach(in text: Span<UInt8>, _ body: ([UInt8]?) -> Bool) -> Bool {
    guard text.count >= 2, text[0] == 0x7B, text[text.count - 1] == 0x7D else { return false }
    let end = text.count - 1
    var index = 1
    if index == end { return true }
    var element: [UInt8] = []
    while true {
      element.removeAll(keepingCapacity: true)
      var isQuoted = false
      if index < end, text[index] == 0x22 {
        isQuoted = true
        index += 1
        while index < end, text[index] != 0x22 {
          if text[index] == 0x5C { index += 1 }
          element.append(text[index])
          index += 1
        }
        guard index < end else { return false }
        index += 1
      } else {
        while index < end, text[index] != 0x2C {
          guard text[index] != 0x7B, text[index] != 0x7D else { return false }
          element.append(text[index])
          index += 1
        }
      }
      let isNull = !isQuoted && element.elementsEqual("NULL".utf8)
      guard body(isNull ? nil : element) else { return false }
      if index == end { return true }
      guard text[index] == 0x2C else { return false }
      index += 1
    }
  }
}
