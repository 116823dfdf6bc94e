import ArgumentParser

/// The command `cem`, whose subcommands are nouns.
@main
struct CEM: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "cem",
    abstract: "Track a Customer Experience Management program: what happened, and who says so.",
    discussion: examples(
      "cem init --program acme --name \"Acme CEM\"",
      "cem department register ssc --name \"Shared Services\"",
      "cem status",
      about:
        "Every command that changes something becomes an event in a log that is never changed; all that is shown is computed from it."
    ) + "\n\n\(CommandStatus.legend)",
    version: "0.1.0",
    groupedSubcommands: groups)

  static func main() async {
    System.prepare()
    let status = await Invocation.run { () throws(CommandError) in try System.arguments() }
    System.exit(status.rawValue)
  }
}
