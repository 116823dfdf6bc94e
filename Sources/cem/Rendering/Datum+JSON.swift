import CEMDomain
import CEMStore

extension Datum {
  /// The value as JSON on one line, numbers as numbers, members in their order.
  var jsonText: String {
    var bytes: [UInt8] = []
    writeJSON(to: &bytes, indent: nil)
    return String(decoding: bytes, as: UTF8.self)
  }

  /// The value as JSON over several lines, for people.
  var prettyJSONText: String {
    var bytes: [UInt8] = []
    writeJSON(to: &bytes, indent: 0)
    return String(decoding: bytes, as: UTF8.self)
  }

  /// Appends the value as JSON.
  /// - Parameter indent: the depth of the line; `nil` for a single line.
  func writeJSON(to bytes: inout [UInt8], indent: Int?) {
    switch self {
    case .null, .erased: bytes.append(contentsOf: "null".utf8)
    case .bool(let flag): bytes.append(contentsOf: (flag ? "true" : "false").utf8)
    case .integer(let number): bytes.append(contentsOf: String(number).utf8)
    case .decimal(let number): bytes.append(contentsOf: number.description.utf8)
    case .text(let text): Datum.writeJSON(text, to: &bytes)
    case .term(_, let id): Datum.writeJSON(id, to: &bytes)
    case .day(let day): JSON.string(day.description).write(to: &bytes)
    case .time(let time): JSON.string(time.description).write(to: &bytes)
    case .list(let values):
      write(values, between: ("[", "]"), to: &bytes, indent: indent) { value, bytes, indent in
        value.writeJSON(to: &bytes, indent: indent)
      }
    case .object(let members):
      write(members, between: ("{", "}"), to: &bytes, indent: indent) { member, bytes, indent in
        Datum.writeJSON(member.key, to: &bytes)
        bytes.append(contentsOf: (indent == nil ? ":" : ": ").utf8)
        member.value.writeJSON(to: &bytes, indent: indent)
      }
    }
  }

  /// Appends a string. What a terminal would obey is escaped too where JSON itself does not ask for it.
  private static func writeJSON(_ text: String, to bytes: inout [UInt8]) {
    let start = bytes.count
    JSON.string(text).write(to: &bytes)
    guard text.unicodeScalars.contains(where: \.isUnsafeForTerminals) else { return }
    var escaped = ""
    for scalar in String(decoding: bytes[start...], as: UTF8.self).unicodeScalars {
      guard scalar.isUnsafeForTerminals else {
        escaped.unicodeScalars.append(scalar)
        continue
      }
      for unit in UTF16.encode(scalar) ?? UTF16.encodedReplacementCharacter {
        let digits = String(unit, radix: 16)
        escaped += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
      }
    }
    bytes.replaceSubrange(start..., with: escaped.utf8)
  }

  private func write<Item>(
    _ items: [Item], between brackets: (String, String), to bytes: inout [UInt8], indent: Int?,
    _ writeItem: (Item, inout [UInt8], Int?) -> Void
  ) {
    bytes.append(contentsOf: brackets.0.utf8)
    let inner = indent.map { $0 + 1 }
    for (index, item) in items.enumerated() {
      if index > 0 { bytes.append(UInt8(ascii: ",")) }
      Datum.breakLine(&bytes, inner)
      writeItem(item, &bytes, inner)
    }
    if !items.isEmpty { Datum.breakLine(&bytes, indent) }
    bytes.append(contentsOf: brackets.1.utf8)
  }

  private static func breakLine(_ bytes: inout [UInt8], _ indent: Int?) {
    guard let indent else { return }
    bytes.append(UInt8(ascii: "\n"))
    bytes.append(contentsOf: repeatElement(UInt8(ascii: " "), count: indent * 2))
  }
}
