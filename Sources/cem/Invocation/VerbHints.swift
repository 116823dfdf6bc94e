import ArgumentParser
import CEMDomain

/// The right verb for one that other tools have and cem has not.
enum VerbHints {
  private static let creating = ["add", "create", "new", "open", "record", "register", "insert"]
  private static let changing = ["edit", "update", "change", "set", "modify", "rename"]
  private static let removing = ["delete", "remove", "rm", "del", "destroy"]

  /// How each noun's things come to be, where it is not `add`.
  private static let creatingVerbs = [
    "gap": "record", "initiative": "open", "department": "register", "platform": "state",
    "segment": "define", "touchpoint": "map", "standard": "set", "survey": "record",
    "insight": "record",
    "channel": "declare", "evidence": "add", "person": "add",
  ]

  /// An error that names the right verb, where the arguments are a known noun with an unknown verb.
  static func error(for arguments: [String]) -> CommandError? {
    // Behind an option a word may be the option's value.
    let words = arguments.prefix { !$0.hasPrefix("-") }
    guard words.count >= 2, let noun = CommandTree.subcommand(words[0], of: CEM.self),
      !noun.configuration.subcommands.isEmpty,
      CommandTree.subcommand(words[1], of: noun) == nil
    else { return nil }
    let verbs = noun.configuration.subcommands.map { $0._commandName }
    return .usage(
      "cem \(words[0]) has no verb \(words[1])",
      hint: right(for: words[1], noun: words[0], verbs: verbs)
        ?? "verbs of \(words[0]): " + verbs.joined(separator: ", "))
  }

  /// An error that names what the first word may have meant, where no noun is called that.
  static func unknownNoun(in arguments: [String]) -> CommandError? {
    guard let first = arguments.first else { return nil }
    let nouns = CEM.configuration.subcommands.map { $0._commandName }
    guard !first.hasPrefix("-") else {
      guard arguments.contains(where: nouns.contains), !first.hasPrefix("-h") else { return nil }
      return .usage(
        "an option stands before the noun: \(first)",
        hint: "options come last, like: cem status --program acme")
    }
    guard CommandTree.subcommand(first, of: CEM.self) == nil else { return nil }
    let meant = nouns.filter { isNear(first, $0) }
    return .usage(
      "there is no command \(first)",
      hint: meant.isEmpty
        ? "cem --help" : "did you mean: " + meant.map { "cem \($0)" }.joined(separator: ", "))
  }

  /// Whether a word is the beginning of another, or one letter of it is wrong, missing or too much.
  private static func isNear(_ word: String, _ other: String) -> Bool {
    let (a, b) = (Array(word), Array(other))
    if a.count >= 2, b.starts(with: a) { return true }
    let start = zip(a, b).prefix { $0 == $1 }.count
    let end = zip(a.dropFirst(start).reversed(), b.dropFirst(start).reversed())
      .prefix { $0 == $1 }.count
    return max(a.count, b.count) - start - end <= 1
  }

  private static func right(for verb: String, noun: String, verbs: [String]) -> String? {
    if noun == "history" {
      if Int64(verb) != nil { return "did you mean: cem history show \(verb)" }
      if StreamID(verb) != nil { return "did you mean: cem history --stream \(verb)" }
    }
    let candidates: [String]
    if creating.contains(verb) {
      if noun == "program" {
        return "a program is founded with: cem init --program SLUG --name TEXT"
      }
      if noun == "waiver" {
        return "a waiver is granted where it is needed: cem maturity action waive --help"
      }
      candidates = [creatingVerbs[noun] ?? "add"]
    } else if changing.contains(verb) {
      candidates = ["amend", "update"]
    } else if removing.contains(verb) {
      candidates = ["void", "revoke", "cancel"]
    } else {
      return nil
    }
    return candidates.first(where: verbs.contains).map { "did you mean: cem \(noun) \($0) …" }
  }
}
