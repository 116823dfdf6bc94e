extension [String] {
  /// The parts side by side with a dot between, in as many lines as it takes; none is torn that fits in one.
  func flowing(in width: Int) -> [String] {
    var lines: [String] = []
    for part in map({ $0.printable() }) {
      if let last = lines.last, last.displayWidth + 3 + part.displayWidth <= width {
        lines[lines.count - 1] = last + " · " + part
      } else {
        lines += part.wrapped(to: width)
      }
    }
    return lines
  }
}

extension String {
  /// The line in as many as it takes, each further one set in by two more; as it is where nothing limits it.
  func hanging(in width: Int?) -> [String] {
    guard let width, displayWidth > width else { return [self] }
    let blanks = String(prefix { $0 == " " })
    let first = String(dropFirst(blanks.count)).wrapped(to: max(20, width - blanks.count - 2))
    return first.enumerated().map { index, line in blanks + (index == 0 ? "" : "  ") + line }
  }

  /// The text in lines of at most that many columns: broken at blanks, between the characters of scripts
  /// that have no blanks, and within a word where it alone is too long.
  func wrapped(to width: Int) -> [String] {
    let width = max(2, width)
    return split(separator: "\n", omittingEmptySubsequences: false).flatMap {
      paragraph -> [String] in
      var lines: [String] = []
      var line = ""
      var used = 0
      func take(_ text: String, _ columns: Int, after blanks: Int) {
        let gap = line.isEmpty ? 0 : blanks
        if used + gap + columns > width, !line.isEmpty {
          lines.append(line)
          (line, used) = (text, columns)
        } else {
          line += String(repeating: " ", count: gap) + text
          used += gap + columns
        }
      }
      for piece in WrappedPiece.pieces(of: paragraph) {
        guard piece.width > width else {
          take(piece.text, piece.width, after: piece.blanks)
          continue
        }
        for (index, character) in piece.text.enumerated() {
          take(String(character), character.displayWidth, after: index == 0 ? piece.blanks : 0)
        }
      }
      return lines + [line]
    }
  }
}

/// What stays together when a text is broken into lines.
private struct WrappedPiece {
  var text: String
  var width: Int
  /// The blanks before it, which go where a line ends.
  var blanks: Int

  /// What must not begin a line: it stays with what it follows.
  private static let closing: Set<Character> = [
    "，", "。", "；", "：", "、", "）", "”", "》", "？", "！", "·", ",", ".", ";", ":", ")", "%", "…",
  ]

  /// What must not end a line: it stays with what it opens.
  private static let opening: Set<Character> = ["（", "“", "《", "("]

  static func pieces(of paragraph: Substring) -> [WrappedPiece] {
    var pieces: [WrappedPiece] = []
    var blanks = 0
    // Whether a break may come after the last character although no blank stands there.
    var isBreakable = true
    var isOpening = false
    for character in paragraph {
      if character == " " {
        blanks += 1
        isBreakable = true
        continue
      }
      let columns = character.displayWidth
      let isWide = columns > 1
      let begins = isBreakable || (isWide && !isOpening)
      if begins, blanks > 0 || !closing.contains(character) || pieces.isEmpty {
        pieces.append(WrappedPiece(text: "", width: 0, blanks: blanks))
      }
      pieces[pieces.count - 1].text.append(character)
      pieces[pieces.count - 1].width += columns
      isOpening = opening.contains(character)
      isBreakable = isWide && !isOpening
      blanks = 0
    }
    return pieces
  }
}
