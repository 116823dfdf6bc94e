import ArgumentParser

/// `cem history`: the events themselves.
struct HistoryCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "history", abstract: "What happened: the log's events.",
    discussion: examples("cem history --limit 10", "cem history show 42"),
    subcommands: [ListEvents.self, ShowEvent.self], defaultSubcommand: ListEvents.self)
}
