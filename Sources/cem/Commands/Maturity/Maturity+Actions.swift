import ArgumentParser
import CEMDomain

extension MaturityNoun {
  struct ActionNoun: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "action", abstract: "The actions that a level requires.",
      subcommands: [CompleteVerb.self, ReopenVerb.self, WaiveVerb.self])

    struct CompleteVerb: AsyncParsableCommand {
      static let configuration = CommandConfiguration(
        commandName: "complete", abstract: "Record that actions are done, with evidence.",
        discussion: examples(
          "cem maturity action complete ssc 2.2 --evidence EV-4",
          "cem maturity action complete ssc 1.1 1.2 1.3 --evidence \"minutes of the workshop\"",
          "cem maturity action complete --all 3.1 --evidence \"minutes of the board, 12 May\" --expires 2027-05-12"
        ))

      @OptionGroup var target: ActionTarget
      @Option(
        help: ArgumentHelp(
          "Evidence like EV-4, or a file, a link or a text that becomes some.",
          valueName: "evidence"),
        completion: Completion.references(.evidence))
      var evidence: String
      @Option(help: ArgumentHelp("The last day on which it counts as done.", valueName: "date"))
      var expires: String?
      @OptionGroup(title: "Recording") var write: WriteOptions
      @OptionGroup(title: "Options everywhere") var options: GlobalOptions

      func run() async throws {
        try await issue(
          "maturity.action.complete",
          try target.with(given(["evidence": evidence, "expires": expires])), write, options)
      }
    }

    struct ReopenVerb: AsyncParsableCommand {
      static let configuration = CommandConfiguration(
        commandName: "reopen", abstract: "Record that an action is not done after all.",
        discussion: examples(
          "cem maturity action reopen ssc 2.2 --reason \"the case was withdrawn\""))

      @OptionGroup var target: ActionTarget
      @OptionGroup(title: "Recording") var write: WriteOptions
      @OptionGroup(title: "Options everywhere") var options: GlobalOptions

      func validate() throws { try target.validateOne() }

      func run() async throws {
        try await issue("maturity.action.reopen", try target.with(given([:])), write, options)
      }
    }

    struct WaiveVerb: AsyncParsableCommand {
      static let configuration = CommandConfiguration(
        commandName: "waive", abstract: "Let a department advance without an action.",
        discussion: examples(
          "cem maturity action waive ssc 2.3 --approver cx-approver --until 2026-12-31 --reason \"no colleagues yet\""
        ))

      @OptionGroup var target: ActionTarget
      @Option(
        help: ArgumentHelp("Who approved it.", valueName: "person"), completion: Completion.people)
      var approver: String
      @Option(help: ArgumentHelp("The last day on which it holds.", valueName: "date")) var until:
        String?
      @OptionGroup(title: "Recording") var write: WriteOptions
      @OptionGroup(title: "Options everywhere") var options: GlobalOptions

      func validate() throws { try target.validateOne() }

      func run() async throws {
        try await issue(
          "maturity.action.waive", try target.with(given(["approver": approver, "until": until])),
          write, options)
      }
    }
  }
}
