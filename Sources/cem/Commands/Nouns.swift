import ArgumentParser

extension CEM {
  /// The nouns as help lists them.
  static let groups: [CommandGroup] = [
    CommandGroup(
      name: "Setting Up",
      subcommands: [InitCommand.self, ProgramNoun.self, UseCommand.self, WhoamiCommand.self]),
    CommandGroup(
      name: "Who and What", subcommands: [PersonNoun.self, DepartmentNoun.self]),
    CommandGroup(
      name: "Recording",
      subcommands: [EvidenceNoun.self, WaiverNoun.self, UndoCommand.self]),
    CommandGroup(
      name: "Running cem", subcommands: [DatabaseNoun.self, DoctorCommand.self]),
  ]
}
