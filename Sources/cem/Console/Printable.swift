extension String {
  /// The text without anything that a terminal would obey: control characters, and those that turn
  /// the direction of what follows, stand as visible escapes like `\u{1b}`.
  ///
  /// - Parameter keepingLines: leave line breaks as they are.
  func printable(keepingLines: Bool = false) -> String {
    if utf8.allSatisfy({ $0 >= 0x20 && $0 < 0x7f }) { return self }
    var text = ""
    for scalar in unicodeScalars {
      switch scalar {
      case "\n" where keepingLines: text.unicodeScalars.append(scalar)
      case "\n": text += #"\n"#
      case "\r": text += #"\r"#
      case "\t": text += #"\t"#
      default:
        if scalar.isUnsafeForTerminals {
          text += #"\u{"# + String(scalar.value, radix: 16) + "}"
        } else {
          text.unicodeScalars.append(scalar)
        }
      }
    }
    return text
  }
}

extension Unicode.Scalar {
  /// Whether a terminal would obey it, or show what follows in another place.
  var isUnsafeForTerminals: Bool {
    switch value {
    case 0x00..<0x20, 0x7f..<0xa0: true
    // Marks of direction, embeddings, overrides and isolates (Unicode TR 9).
    case 0x061C, 0x200E, 0x200F, 0x202A...0x202E, 0x2066...0x2069: true
    // Line and paragraph separator, byte-order mark, and invisible tags.
    case 0x2028, 0x2029, 0xFEFF, 0xE0000...0xE007F: true
    default: false
    }
  }
}
