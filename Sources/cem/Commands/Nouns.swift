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
      subcommands: [
        EvidenceNoun.self, WaiverNoun.self, NoteNoun.self, RateNoun.self, UndoCommand.self,
        PeriodNoun.self,
      ]),
    CommandGroup(
      name: "Four Eyes",
      subcommands: [RequestNoun.self, ApproveCommand.self, RejectCommand.self]),
    work, experience, looking,
    CommandGroup(
      name: "Running cem",
      subcommands: [
        CatalogNoun.self, DatabaseNoun.self, ProjectionNoun.self, DoctorCommand.self,
        CompletionCommand.self,
      ]),
  ]

  /// What a program records day by day.
  static let work = CommandGroup(
    name: "The Work",
    subcommands: [MaturityNoun.self, GapNoun.self, InitiativeNoun.self, PlatformNoun.self])

  /// Where and how customers experience the company.
  static let experience = CommandGroup(
    name: "The Experience",
    subcommands: [
      SegmentNoun.self, TouchpointNoun.self, StandardNoun.self, SurveyNoun.self, ChannelNoun.self,
      InsightNoun.self,
    ])

  /// What shows it, and moves it in and out.
  static let looking = CommandGroup(
    name: "Looking",
    subcommands: [
      ShowCommand.self, StatusCommand.self, AgendaCommand.self, SearchCommand.self,
      HistoryCommand.self,
      DiffCommand.self, ExplainCommand.self, WatchNoun.self, ReportCommand.self, AuditNoun.self,
      SheetNoun.self, ImportCommand.self, ExportCommand.self,
    ])
}
