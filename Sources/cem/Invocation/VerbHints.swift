import ArgumentParser

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
    let words = arguments.filter { !$0.hasPrefix("-") }
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

  private static func right(for verb: String, noun: String, verbs: [String]) -> String? {
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
