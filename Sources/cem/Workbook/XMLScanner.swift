/// Reads XML from front to back, as much of it as workbooks use: elements, attributes, texts, the five
/// named entities and numbered ones, comments, CDATA. Names come without their prefix.
///
/// A document type is refused: nothing that could fetch or multiply is ever followed.
struct XMLScanner {
  enum Token: Equatable {
    case start(String, [String: String])
    case end(String)
    case text(String)
  }

  /// Why a part of a workbook cannot be read.
  struct Failure: Error, Hashable {
    var message: String
  }

  private let bytes: [UInt8]
  private var place: Int
  /// The end of an element that closed itself.
  private var pending: Token?
  private var open: [String] = []

  init(_ bytes: [UInt8]) {
    self.bytes = bytes
    // A byte-order mark says nothing in UTF-8.
    place = bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? 3 : 0
  }

  /// The next token; `nil` at the end.
  /// - Throws: `Failure` for what is not well-formed.
  mutating func next() throws(Failure) -> Token? {
    if let token = pending {
      pending = nil
      open.removeLast()
      return token
    }
    while place < bytes.count {
      guard bytes[place] == UInt8(ascii: "<") else { return .text(try text()) }
      if skip("<!--") {
        try skip(past: "-->")
      } else if skip("<![CDATA[") {
        let start = place
        try skip(past: "]]>")
        return .text(String(decoding: bytes[start..<place - 3], as: UTF8.self))
      } else if skip("<?") {
        try skip(past: "?>")
      } else if skip("<!") {
        throw Failure(message: "it has a document type")
      } else if skip("</") {
        let name = try self.name()
        skipBlanks()
        guard skip(">"), open.popLast() == name else {
          throw Failure(message: "an element is not closed where it should be")
        }
        return .end(name)
      } else {
        return try element()
      }
    }
    guard open.isEmpty else { throw Failure(message: "it is cut off") }
    return nil
  }

  private mutating func element() throws(Failure) -> Token {
    place += 1
    let name = try self.name()
    var attributes: [String: String] = [:]
    while true {
      skipBlanks()
      if skip("/>") {
        pending = .end(name)
        open.append(name)
        return .start(name, attributes)
      }
      if skip(">") {
        open.append(name)
        guard open.count <= 100 else { throw Failure(message: "it is nested too deep") }
        return .start(name, attributes)
      }
      let key = try self.name()
      skipBlanks()
      guard skip("="), place < bytes.count else {
        throw Failure(message: "an attribute has no value")
      }
      skipBlanks()
      guard let quote = place < bytes.count ? bytes[place] : nil,
        quote == UInt8(ascii: "\"") || quote == UInt8(ascii: "'"),
        let end = bytes[(place + 1)...].firstIndex(of: quote)
      else { throw Failure(message: "an attribute has no value") }
      attributes[key] = try Self.unescaped(bytes[place + 1..<end])
      place = end + 1
    }
  }

  private mutating func text() throws(Failure) -> String {
    let start = place
    place = bytes[place...].firstIndex(of: UInt8(ascii: "<")) ?? bytes.count
    return try Self.unescaped(bytes[start..<place])
  }

  /// A name without its prefix.
  private mutating func name() throws(Failure) -> String {
    var start = place
    while place < bytes.count, !" \t\r\n/>=<".utf8.contains(bytes[place]) {
      if bytes[place] == UInt8(ascii: ":") { start = place + 1 }
      place += 1
    }
    guard place > start else { throw Failure(message: "a name is missing") }
    return String(decoding: bytes[start..<place], as: UTF8.self)
  }

  private mutating func skip(_ text: StaticString) -> Bool {
    guard bytes[place...].starts(with: "\(text)".utf8) else { return false }
    place += text.utf8CodeUnitCount
    return true
  }

  private mutating func skip(past text: StaticString) throws(Failure) {
    while place < bytes.count {
      if skip(text) { return }
      place += 1
    }
    throw Failure(message: "it is cut off")
  }

  private mutating func skipBlanks() {
    while place < bytes.count, " \t\r\n".utf8.contains(bytes[place]) { place += 1 }
  }

  private static func unescaped(_ bytes: ArraySlice<UInt8>) throws(Failure) -> String {
    guard bytes.contains(UInt8(ascii: "&")) else { return String(decoding: bytes, as: UTF8.self) }
    var text = ""
    var rest = bytes
    while let start = rest.firstIndex(of: UInt8(ascii: "&")) {
      text += String(decoding: rest[..<start], as: UTF8.self)
      guard let end = rest[start...].firstIndex(of: UInt8(ascii: ";")), end - start <= 10,
        let character = entity(String(decoding: rest[start + 1..<end], as: UTF8.self))
      else { throw Failure(message: "it has an entity that is not known") }
      text.unicodeScalars.append(character)
      rest = rest[(end + 1)...]
    }
    return text + String(decoding: rest, as: UTF8.self)
  }

  private static func entity(_ name: String) -> Unicode.Scalar? {
    switch name {
    case "amp": "&"
    case "lt": "<"
    case "gt": ">"
    case "quot": "\""
    case "apos": "'"
    default:
      if name.hasPrefix("#x") || name.hasPrefix("#X") {
        UInt32(name.dropFirst(2), radix: 16).flatMap(Unicode.Scalar.init)
      } else if name.hasPrefix("#") {
        UInt32(name.dropFirst()).flatMap(Unicode.Scalar.init)
      } else {
        nil
      }
    }
  }
}
