import ArgumentParser
import CEMDomain

extension MaturityNoun {
  struct AssessVerb: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "assess",
      abstract: "Assess a level: a baseline, later a confirmation or a lowering.",
      discussion: examples(
        "cem maturity assess ssc --level 1 --rationale \"interviews of May\" --method office",
        "cem maturity assess --program-level --level 1 --rationale \"leadership's own view\""))

    @OptionGroup var target: LevelTarget
    @Option(help: ArgumentHelp("0 to 5.", valueName: "n"), completion: Completion.levels) var level:
      Int
    @Option(help: ArgumentHelp("What speaks for it.", valueName: "text")) var rationale: String
    @Option(
      help: ArgumentHelp("self, office (the default) or independent.", valueName: "method"),
      completion: Completion.terms(AssessmentMethod.self))
    var method: String?
    @Option(help: ArgumentHelp("Who assessed.", valueName: "person"), completion: Completion.people)
    var assessor: String?
    @OptionGroup(title: "Recording") var write: WriteOptions
    @OptionGroup(title: "Options everywhere") var options: GlobalOptions

    func run() async throws {
      try await issue(
        "maturity.assess",
        target.with(
          given(["level": level, "rationale": rationale, "method": method, "assessor": assessor])),
        write, options)
    }
  }

  struct AdvanceVerb: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "advance",
      abstract: "Move up one level: every required action is done or waived.",
      discussion: examples("cem maturity advance ssc --rationale \"all three actions done\""))

    @OptionGroup var target: LevelTarget
    @Option(help: ArgumentHelp("What speaks for it.", valueName: "text")) var rationale: String
    @OptionGroup(title: "Recording") var write: WriteOptions
    @OptionGroup(title: "Options everywhere") var options: GlobalOptions

    func run() async throws {
      try await issue(
        "maturity.advance", target.with(given(["rationale": rationale])), write, options)
    }
  }

  struct RegressVerb: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "regress", abstract: "Record that a level was lost.",
      discussion: examples("cem maturity regress ssc --to 1 --reason \"the unit was dissolved\""))

    @OptionGroup var target: LevelTarget
    @Option(help: ArgumentHelp("The lower level.", valueName: "n"), completion: Completion.levels)
    var to: Int
    @OptionGroup(title: "Recording") var write: WriteOptions
    @OptionGroup(title: "Options everywhere") var options: GlobalOptions

    func run() async throws {
      try await issue("maturity.regress", target.with(given(["to": to])), write, options)
    }
  }

  struct CorrectVerb: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "correct", abstract: "Correct a level that was recorded wrongly.",
      discussion: examples(
        "cem maturity correct ssc --to 2 --reason \"typing error\"",
        about: "Without --to the department is not assessed again."))

    @OptionGroup var target: LevelTarget
    @Option(help: ArgumentHelp("The right level.", valueName: "n"), completion: Completion.levels)
    var to: Int?
    @OptionGroup(title: "Recording") var write: WriteOptions
    @OptionGroup(title: "Options everywhere") var options: GlobalOptions

    func run() async throws {
      try await issue("maturity.correct", target.with(given(["to": to])), write, options)
    }
  }
}
