/// The discussion of a command's help: examples, one a line, after what there is to say.
func examples(_ lines: String..., about text: String = "") -> String {
  (text.isEmpty ? "" : text + "\n\n") + "Examples:\n"
    + lines.map { $0.brokenForShell(in: exampleWidth) }.joined(separator: "\n")
}

/// The columns that examples have at most: where they are broken a shell still reads them as one command.
private let exampleWidth = 79

extension String {
  /// The command set in by two, in lines that end in a backslash where it goes on; never within quotes.
  func brokenForShell(in width: Int) -> String {
    var lines = ["  "]
    let words = shellWords
    for (index, word) in words.enumerated() {
      let line = lines[lines.count - 1]
      // Where it goes on, a blank and a backslash follow.
      let end = index + 1 < words.count ? 2 : 0
      if !line.allSatisfy({ $0 == " " }), line.count + 1 + word.count + end > width {
        lines[lines.count - 1] += " \\"
        lines.append("    " + word)
      } else {
        lines[lines.count - 1] += (line.allSatisfy { $0 == " " } ? "" : " ") + word
      }
    }
    return lines.joined(separator: "\n")
  }

  /// The text cut at its blanks, but for those between quotes, and between an option and its value.
  private var shellWords: [String] {
    var words = [""]
    var quote: Character?
    for character in self {
      if character == " ", quote == nil {
        words.append("")
        continue
      }
      let isValue = words[words.count - 1].isEmpty && character != "-"
      if isValue, words.count > 1, words[words.count - 2].hasPrefix("--"),
        !words[words.count - 2].contains(where: { $0 == " " || $0 == "=" })
      {
        words.removeLast()
        words[words.count - 1].append(" ")
      }
      if character == quote {
        quote = nil
      } else if quote == nil, character == "\"" || character == "'" {
        quote = character
      }
      words[words.count - 1].append(character)
    }
    return words
  }
}
