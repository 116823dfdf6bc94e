import ArgumentParser

extension CEM {
  /// The nouns as help lists them.
  static let groups: [CommandGroup] = [
    CommandGroup(name: "Who and what", subcommands: [DepartmentNoun.self]),
    work, looking,
  ]

  /// What a program records day by day.
  static let work = CommandGroup(
    name: "The work",
    subcommands: [MaturityNoun.self, GapNoun.self, InitiativeNoun.self, PlatformNoun.self])

  /// What shows it, and moves it in and out.
  static let looking = CommandGroup(
    name: "Looking",
    subcommands: [
      StatusCommand.self, HistoryCommand.self, ImportCommand.self, ExportCommand.self,
    ])
}
