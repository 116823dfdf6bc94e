import ArgumentParser

struct DepartmentNoun: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "department",
    abstract: "The units whose maturity, gaps and initiatives are tracked.",
    subcommands: [RegisterVerb.self, ListVerb.self])
}
