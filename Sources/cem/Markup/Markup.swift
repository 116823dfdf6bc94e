/// HTML, SVG and the XML of workbooks, put together from parts.
///
/// A text becomes markup only by being escaped, and an element is always closed, so whatever a program
/// holds, the result is well-formed and means what it says. What is written reads as HTML and as XML.
///
///     Markup("p", ["class": "note"], "Level ", Markup("b", "\(level)"))
struct Markup: ExpressibleByStringLiteral, ExpressibleByStringInterpolation {
  /// The escaped text.
  private(set) var code: String

  /// A text; line breaks stay.
  init(_ text: String) { code = Markup.escaped(text) }
  init(stringLiteral text: String) { self.init(text) }

  private init(code: String) { self.code = code }

  /// An element; an attribute that is `nil` is left out.
  init(
    _ name: String, _ attributes: KeyValuePairs<String, String?> = [:], _ content: Markup...
  ) {
    self.init(name, attributes, content)
  }

  init(_ name: String, _ attributes: KeyValuePairs<String, String?> = [:], _ content: [Markup]) {
    code = "<" + name
    for (name, value) in attributes {
      guard let value else { continue }
      code += " \(name)=\"\(Markup.escaped(value))\""
    }
    let isVoid = content.isEmpty && !Markup.neverVoid.contains(name)
    guard !isVoid else {
      code += "/>"
      return
    }
    code += ">"
    for part in content { code += part.code }
    code += "</\(name)>"
  }

  /// Several parts in a row, without an element around them.
  init(joining parts: [Markup], by separator: Markup = .empty) {
    self.init(code: parts.map(\.code).joined(separator: separator.code))
  }

  /// What is markup already: a style sheet, an XML declaration. Never a text that somebody typed.
  static func verbatim(_ code: StaticString) -> Markup { Markup(code: "\(code)") }

  static let empty = Markup(code: "")

  var isEmpty: Bool { code.isEmpty }

  static func + (a: Markup, b: Markup) -> Markup { Markup(code: a.code + b.code) }

  /// HTML reads these as open for ever when they close themselves.
  private static let neverVoid: Set<String> = [
    "a", "article", "b", "caption", "data", "div", "figcaption", "figure", "footer", "h1", "h2",
    "h3",
    "header", "i", "li", "main", "nav", "ol", "p", "section", "small", "span", "strong", "style",
    "table", "tbody", "td", "th", "thead", "time", "title", "tr", "ul",
  ]

  /// The text with what markup would read as its own replaced, and what would be obeyed or would turn
  /// the direction of what follows shown as an escape.
  private static func escaped(_ text: String) -> String {
    if text.utf8.allSatisfy({ isPlain($0) }) { return text }
    var escaped = ""
    for scalar in text.printable(keepingLines: true).unicodeScalars {
      switch scalar {
      case "&": escaped += "&amp;"
      case "<": escaped += "&lt;"
      case ">": escaped += "&gt;"
      case "\"": escaped += "&quot;"
      // No XML may hold these.
      case "\u{fffe}", "\u{ffff}": escaped += "\u{fffd}"
      default: escaped.unicodeScalars.append(scalar)
      }
    }
    return escaped
  }

  private static func isPlain(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "&"), UInt8(ascii: "<"), UInt8(ascii: ">"), UInt8(ascii: "\""): false
    case 0x20..<0x7f, 0x0a: true
    default: false
    }
  }
}
