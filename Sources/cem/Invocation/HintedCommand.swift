import ArgumentParser

/// A hint that is a command, brought to where the call went that it answers.
enum HintedCommand {
  /// Nouns that ask no program, or are told a database in their own way.
  private static let placeless: Set<String> = ["init", "use", "db", "doctor"]

  /// The hint with the call's `--program` and `--database`, where it is a command that takes them.
  ///
  /// A connection string that holds a password is never repeated.
  static func placed(_ hint: String, as arguments: [String]) -> String {
    guard hint.hasPrefix("cem "), !hint.contains("--help") else { return hint }
    var words = hint.split(separator: " ", omittingEmptySubsequences: false).map(String.init)
    guard CommandTree.subcommand(words[1], of: CEM.self) != nil else { return hint }
    var options: [String] = []
    if !placeless.contains(words[1]), !hint.hasPrefix("cem program list"),
      !hint.contains("--program "), let program = Arguments.value(of: "--program", in: arguments)
    {
      options += ["--program", program.shellQuoted]
    }
    if words[1] != "use", !hint.contains("--database"),
      let database = Arguments.value(of: "--database", in: arguments),
      !Secrets.contains(in: database)
    {
      options += ["--database", database.shellQuoted]
    }
    guard !options.isEmpty else { return hint }
    // Before the command's own options, and before what is said behind it.
    let end = words.firstIndex { word in
      word.isEmpty || word.hasPrefix("-") || word.hasPrefix("(") || word.last == ","
        || word.last == ";"
    }
    guard let end else { return (words + options).joined(separator: " ") }
    if let mark = words[end].last, mark == "," || mark == ";" {
      words[end].removeLast()
      options[options.count - 1].append(mark)
      words.insert(contentsOf: options, at: end + 1)
    } else {
      words.insert(contentsOf: options, at: end)
    }
    return words.joined(separator: " ")
  }
}
