import ArgumentParser

/// The command `cem-bench`: makes large programs, and measures.
@main
struct CEMBench: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "cem-bench",
    abstract: "Make large programs, and measure cem beside its peers.",
    discussion: "scripts/bench starts a throwaway server and runs all of it.",
    subcommands: [GenerateCommand.self, RunCommand.self])
}
