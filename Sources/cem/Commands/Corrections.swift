import ArgumentParser
import CEMDomain

/// A noun whose things can be corrected.
protocol CorrectableNoun {
  static var kind: EntityKind { get }
  /// A reference for examples.
  static var example: String { get }
}

/// `cem NOUN void REF`.
struct VoidVerb<Noun: CorrectableNoun>: AsyncParsableCommand {
  static var configuration: CommandConfiguration {
    CommandConfiguration(
      commandName: "void",
      abstract: "Take out of every count what should never have been recorded.",
      discussion: examples(
        "cem \(Noun.kind.rawValue) void \(Noun.example) --reason \"entered twice\"",
        about: "It stays in the history, and 'restore' brings it back."))
  }

  @Argument(help: "Its reference.", completion: Completion.references(Noun.kind))
  var ref: String
  @Option(
    help: ArgumentHelp("What it is a duplicate of.", valueName: "ref"),
    completion: Completion.references(Noun.kind))
  var duplicateOf: String?
  @OptionGroup(title: "Recording") var write: WriteOptions
  @OptionGroup(title: "Options everywhere") var options: GlobalOptions

  func run() async throws {
    try await issue(
      "\(Noun.kind.rawValue).void", given([Noun.kind.rawValue: ref, "duplicateOf": duplicateOf]),
      write, options)
  }
}

/// `cem NOUN restore REF`.
struct RestoreVerb<Noun: CorrectableNoun>: AsyncParsableCommand {
  static var configuration: CommandConfiguration {
    CommandConfiguration(
      commandName: "restore", abstract: "Make something that was voided count again.",
      discussion: examples(
        "cem \(Noun.kind.rawValue) restore \(Noun.example) --reason \"it was right after all\""))
  }

  @Argument(help: "Its reference.", completion: Completion.references(Noun.kind, voided: true))
  var ref: String
  @OptionGroup(title: "Recording") var write: WriteOptions
  @OptionGroup(title: "Options everywhere") var options: GlobalOptions

  func run() async throws {
    try await issue(
      "\(Noun.kind.rawValue).restore", given([Noun.kind.rawValue: ref]), write, options)
  }
}
