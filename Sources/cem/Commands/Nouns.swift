import ArgumentParser

extension CEM {
  /// The nouns as help lists them.
  static let groups: [CommandGroup] = [
    CommandGroup(name: "Who and what", subcommands: [DepartmentNoun.self])
  ]
}
