import ArgumentParser
import CEMDomain

/// The right verb for one that other tools have and cem has not.
enum VerbHints {
  private static let creating = ["add", "create", "new", "open", "record", "register", "insert"]
  private static let changing = ["edit", "update", "change", "set", "modify", "rename"]
  private static let removing = ["delete", "remove", "rm", "del", "destroy"]
  private static let ending = ["close", "complete", "finish", "end", "done", "conclude"]

  /// What people call nouns.
  private static let nouns = [
    "people": "person", "staff": "person", "user": "person", "users": "person",
    "team": "department",
    "unit": "department", "level": "maturity", "metric": "standard", "kpi": "standard",
    "todo": "agenda", "tasks": "agenda", "log": "history", "config": "use", "profile": "use",
  ]

  /// How each noun's things come to be, where it is not `add`.
  private static let creatingVerbs = [
    "gap": "record", "initiative": "open", "department": "register", "platform": "state",
    "segment": "define", "touchpoint": "map", "standard": "set", "survey": "record",
    "insight": "record", "rate": "record", "maturity": "assess",
    "channel": "declare", "evidence": "add", "person": "add",
  ]

  /// An error that names the right verb, where the arguments are a known noun with an unknown verb.
  static func error(for arguments: [String]) -> CommandError? {
    // Behind an option a word may be the option's value.
    let words = Array(arguments.prefix { !$0.hasPrefix("-") })
    let path = CommandTree.path(of: words)
    guard !path.isEmpty, words.count > path.count, let noun = CommandTree.command(path),
      !noun.configuration.subcommands.isEmpty
    else { return nil }
    let (name, verb) = (path.joined(separator: " "), words[path.count])
    let verbs = noun.configuration.subcommands.map { $0._commandName }
    return .usage(
      "cem \(name) has no verb \(verb)",
      hint: right(for: verb, noun: name, verbs: verbs)
        ?? "verbs of \(name): " + verbs.joined(separator: ", "))
  }

  /// The same where help is asked for, which the parser gives of what it knows of the words.
  static func unknownHelp(for arguments: [String]) -> CommandError? {
    guard arguments.first == "help" || arguments.contains(where: { ["-h", "--help"].contains($0) })
    else { return nil }
    let words = arguments.first == "help" ? Array(arguments.dropFirst()) : arguments
    guard let first = words.first, !first.hasPrefix("-"), first != "help" else { return nil }
    let usual = CommandTree.command(CommandTree.path(of: words))?.configuration.defaultSubcommand
    return unknownNoun(in: words) ?? (usual == nil ? error(for: words) : nil)
  }

  /// The same where the word was taken for what a verb that may be left out is about: `note edit NOTE-1`.
  static func swallowedVerb(in arguments: [String]) -> CommandError? {
    guard let first = arguments.first,
      let noun = CommandTree.subcommand(first, of: CEM.self),
      noun.configuration.defaultSubcommand != nil, let verb = arguments.dropFirst().first,
      !verb.hasPrefix("-"), CommandTree.subcommand(verb, of: noun) == nil, StreamID(verb) == nil,
      right(for: verb, noun: first, verbs: noun.configuration.subcommands.map { $0._commandName })
        != nil
    else { return nil }
    return error(for: arguments)
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
    let owners = CEM.configuration.subcommands.filter {
      CommandTree.subcommand(first, of: $0) != nil
    }
    let meant =
      if first == "version" {
        ["--version"]
      } else if let noun = Self.nouns[first] {
        [noun]
      } else if StreamID(first) != nil {
        ["show \(first)"]
      } else if !owners.isEmpty {
        owners.map { "\($0._commandName) \(first)" }
      } else {
        first.nearest(of: nouns)
      }
    let hint =
      switch meant.count {
      case 0: "cem --help"
      case ...6: "did you mean: " + meant.map { "cem \($0)" }.joined(separator: ", ")
      default: "what it is done to comes first, like: cem \(meant[0])"
      }
    return .usage("there is no command \(first)", hint: hint)
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
      candidates = ["amend", "update", creatingVerbs[noun] ?? ""]
    } else if removing.contains(verb) {
      candidates = ["void", "revoke", "cancel"]
    } else if ending.contains(verb) {
      candidates = ["complete", "close", "conclude", "retire"]
    } else {
      let near = verb.nearest(of: verbs)
      return near.isEmpty
        ? nil : "did you mean: " + near.map { "cem \(noun) \($0)" }.joined(separator: ", ")
    }
    return candidates.first(where: verbs.contains).map { "did you mean: cem \(noun) \($0) …" }
  }
}

extension VerbHints {
  /// What a thing of another noun is named for, where the call says it to this one: `initiative show GAP-1`.
  static func otherNoun(in arguments: [String]) -> String? {
    let path = CommandTree.path(of: arguments)
    guard path.count > 1, let own = EntityKind(rawValue: path[0]),
      let ref = arguments.dropFirst(path.count).first, ref.contains("-"),
      let stream = StreamID(ref), stream.kind != own,
      CommandTree.command([stream.kind.rawValue] + path.dropFirst()) != nil
    else { return nil }
    return "did you mean: cem "
      + ([stream.kind.rawValue] + path.dropFirst() + [ref]).joined(separator: " ")
  }

  /// The complaint about an option that there is not, with the one that was meant, where that can be told: by
  /// what others call it, or by its letters.
  static func unknownOption(behind complaint: String, in arguments: [String]) -> String? {
    guard let match = complaint.firstMatch(of: /Unknown option '--([^' =]+)[^']*'/),
      let schema = VerbSchema(calledBy: arguments)
    else { return nil }
    let (given, known) = (
      String(match.1), schema.arguments.compactMap(\.option).map { String($0.dropFirst(2)) }
    )
    let other = synonyms.first { $0.contains(given) }?.first(where: known.contains)
    let meant = other ?? given.nearest(of: known).first
    return "Unknown option '--\(given)'." + (meant.map { " Did you mean '--\($0)'?" } ?? "")
  }

  /// What people call the same thing; of each line the first that a verb has is offered.
  private static let synonyms = [
    ["finding", "text", "note", "description", "rationale", "resolution", "promise", "findings"],
    ["title", "name", "subject", "label", "summary"],
    ["type", "market", "form", "link", "question", "kind", "category"],
    ["department", "dept", "unit-code", "team"],
    ["owner", "lead", "assessor", "responsible", "assignee", "assigned-to"],
    ["due", "until", "expires", "deadline", "end", "by"],
    ["on", "measured-on", "date", "when", "day"],
    ["perceived", "value", "agree", "measured", "actual", "score", "result"],
    ["expected", "target", "goal", "wanted"],
    ["reason", "rationale", "why", "comment", "because", "message"],
    ["rag", "state", "status", "colour", "color"],
    ["severity", "priority", "impact"],
  ]

  /// A value that begins with hyphens and was taken for an option, as it can be given.
  static func joinedValue(behind complaint: String, in arguments: [String]) -> String? {
    guard let match = complaint.firstMatch(of: /Missing value for '(--[^ '=]+)/),
      let place = arguments.firstIndex(of: String(match.1)),
      let value = arguments.dropFirst(place + 1).first, value.hasPrefix("-"),
      let schema = VerbSchema(calledBy: arguments),
      !schema.arguments.contains(where: { $0.option == String(value.prefix { $0 != "=" }) })
    else { return nil }
    return
      "a value that begins with a hyphen is joined to its option: \(match.1)=\(value.shellQuoted)"
  }
}

extension String {
  /// The words that this one may have been meant for: those that it begins, else the nearest by their letters.
  func nearest(of words: [String]) -> [String] {
    if utf8.count >= 2 {
      let begun = words.filter { $0.hasPrefix(self) }
      if !begun.isEmpty { return begun }
    }
    let near = words.map { (word: $0, distance: distance(to: $0)) }
      // Short words resemble each other anyway.
      .filter { $0.distance <= (Swift.min(utf8.count, $0.word.utf8.count) < 6 ? 1 : 2) }
    let least = near.map(\.distance).min()
    return near.filter { $0.distance == least }.map(\.word)
  }

  /// How many letters are wrong, missing, too much, or changed places with the next.
  func distance(to other: String) -> Int {
    let (a, b) = (Array(self), Array(other))
    var before: [Int] = []
    var row = Array(0...b.count)
    for i in a.indices {
      var next = [i + 1]
      for j in b.indices {
        var cost = Swift.min(next[j] + 1, row[j + 1] + 1, row[j] + (a[i] == b[j] ? 0 : 1))
        if i > 0, j > 0, a[i] == b[j - 1], a[i - 1] == b[j] {
          cost = Swift.min(cost, before[j - 1] + 1)
        }
        next.append(cost)
      }
      (before, row) = (row, next)
    }
    return row[b.count]
  }
}
