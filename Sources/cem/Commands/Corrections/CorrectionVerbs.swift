import ArgumentParser
import CEMDomain

/// A noun whose things can be voided and restored.
protocol CorrectableNoun {
  static var kind: EntityKind { get }
  /// How one of them is called, for the examples of help.
  static var example: String { get }
}

/// `cem NOUN void`.
struct VoidVerb<Noun: CorrectableNoun>: AsyncParsableCommand {
  static var configuration: CommandConfiguration {
    CommandConfiguration(
      commandName: "void",
      abstract: "Take one that should never have been recorded out of every count.",
      discussion: examples(
        "cem \(Noun.kind.rawValue) void \(Noun.example) --reason \"recorded twice\" --duplicate-of \(Noun.example)2",
        about: "It stays in the history, and can be restored."))
  }

  @Argument(help: "Which one.") var ref: String
  @Option(help: ArgumentHelp("Of which it is a duplicate.", valueName: "ref"))
  var duplicateOf: String?
  @OptionGroup(title: "Recording") var write: WriteOptions
  @OptionGroup(title: "Options everywhere") var options: GlobalOptions

  func run() async throws {
    try await issue(
      "\(Noun.kind.rawValue).void",
      given([Noun.kind.rawValue: ref, "duplicateOf": duplicateOf]), write, options)
  }
}

/// `cem NOUN restore`.
struct RestoreVerb<Noun: CorrectableNoun>: AsyncParsableCommand {
  static var configuration: CommandConfiguration {
    CommandConfiguration(
      commandName: "restore", abstract: "Make a voided one count again.",
      discussion: examples(
        "cem \(Noun.kind.rawValue) restore \(Noun.example) --reason \"it was no duplicate\""))
  }

  @Argument(help: "Which one.") var ref: String
  @OptionGroup(title: "Recording") var write: WriteOptions
  @OptionGroup(title: "Options everywhere") var options: GlobalOptions

  func run() async throws {
    try await issue(
      "\(Noun.kind.rawValue).restore", given([Noun.kind.rawValue: ref]), write, options)
  }
}

/// The fields that an amendment empties.
struct ClearOptions: ParsableArguments {
  @Option(help: ArgumentHelp("Empty a field, named like its option; may be repeated.", valueName: "field"))
  var clear: [String] = []

  /// The fields with nulls for those to be emptied.
  func added(to fields: JSONObject) -> JSONObject {
    var fields = fields
    for name in clear {
      let parts = name.split(separator: "-")
      let key = parts.dropFirst().reduce(String(parts.first ?? "")) {
        $0 + $1.prefix(1).uppercased() + $1.dropFirst()
      }
      fields[key] = .null
    }
    return fields
  }
}
