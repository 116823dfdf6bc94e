import ArgumentParser
import CEMDomain

extension InitiativeNoun {
  struct OpenVerb: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "open", abstract: "Open an initiative.",
      discussion: examples(
        "cem initiative open --department ssc --title \"Answer within a day\" --step 4 --platform PLT-1 --gap GAP-12 --owner ada --due 2027-03-31",
        "cem initiative open --department ssc --title \"Ask business callers\" --step 1",
        about:
          "A department, a title and a step are needed; steps 3 to 5 name a platform or waive it."))

    @OptionGroup(title: "The initiative") var initiative: InitiativeFields
    @Option(help: ArgumentHelp("Why it builds on no platform.", valueName: "reason"))
    var waivePlatform: String?
    @Option(
      help: ArgumentHelp("Who approved that; by default whose login it is.", valueName: "person"),
      completion: Completion.people)
    var approver: String?
    @Option(
      help: ArgumentHelp("The last day on which the waiver holds.", valueName: "date"))
    var until: String?
    @Flag(help: "Attest the ethics of word of mouth.") var attestEthics = false
    @OptionGroup(title: "Recording") var write: WriteOptions
    @OptionGroup(title: "Options everywhere") var options: GlobalOptions

    func run() async throws {
      var all = initiative.values
      all["waivePlatform"] = waivePlatform.map(JSON.string)
      all["approver"] = approver.map(JSON.string)
      all["until"] = until.map(JSON.string)
      all["attestEthics"] = attestEthics.fieldJSON
      try await issue("initiative.open", all, write, options)
    }
  }

  struct UpdateVerb: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "update", abstract: "Tell how an initiative is going.",
      discussion: examples(
        "cem initiative update INI-7 --rag amber --note \"two dates are missing\""))

    @Argument(
      help: "The initiative.",
      completion: Completion.references(.initiative) { $0.entity.state.isOpen })
    var initiative: String
    @Option(
      help: ArgumentHelp("green, amber or red.", valueName: "colour"),
      completion: Completion.terms(StatusColour.self)) var rag: String
    @Option(help: ArgumentHelp("In a sentence.", valueName: "text")) var note: String?
    @OptionGroup(title: "Recording") var write: WriteOptions
    @OptionGroup(title: "Options everywhere") var options: GlobalOptions

    func run() async throws {
      try await issue(
        "initiative.update", given(["initiative": initiative, "rag": rag, "note": note]), write,
        options)
    }
  }

  struct PilotNoun: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "pilot", abstract: "Pilots: a try before the roll-out.",
      subcommands: [StartVerb.self, ConcludeVerb.self, CorrectVerb.self])

    struct StartVerb: AsyncParsableCommand {
      static let configuration = CommandConfiguration(
        commandName: "start", abstract: "Start a pilot.",
        discussion: examples("cem initiative pilot start INI-7 --scope \"two of nine offices\""))

      @Argument(
        help: "The initiative.",
        completion: Completion.references(.initiative) {
          [.started, .concluded].contains($0.initiative?.life.status)
        })
      var initiative: String
      @Option(help: ArgumentHelp("With whom or where it is tried.", valueName: "text"))
      var scope: String?
      @OptionGroup(title: "Recording") var write: WriteOptions
      @OptionGroup(title: "Options everywhere") var options: GlobalOptions

      func run() async throws {
        try await issue(
          "initiative.pilot.start", given(["initiative": initiative, "scope": scope]), write,
          options)
      }
    }

    struct ConcludeVerb: AsyncParsableCommand {
      static let configuration = CommandConfiguration(
        commandName: "conclude", abstract: "Conclude the pilot that runs.",
        discussion: examples(
          "cem initiative pilot conclude INI-7 --cost 140000 --benefit 450000 --benefit-kind estimated --horizon 24m --verdict scale"
        ))

      @Argument(
        help: "The initiative.",
        completion: Completion.references(.initiative) { $0.initiative?.life.stage == .piloting })
      var initiative: String
      @Option(help: ArgumentHelp("What it cost.", valueName: "n")) var cost: String
      @Option(help: ArgumentHelp("What it brought, over the horizon.", valueName: "n"))
      var benefit: String
      @Option(
        help: ArgumentHelp("scale, repeat or stop.", valueName: "verdict"),
        completion: Completion.terms(Verdict.self)) var verdict: String
      @Option(help: ArgumentHelp("Default the budget's, else the program's.", valueName: "code"))
      var currency: String?
      @Option(
        help: ArgumentHelp("measured, or estimated (the default).", valueName: "kind"),
        completion: Completion.terms(BenefitKind.self))
      var benefitKind: String?
      @Option(help: ArgumentHelp("Over which time: 12m, 2y, 90d.", valueName: "span"))
      var horizon: String?
      @OptionGroup var proof: EvidenceOrText
      @Option(help: ArgumentHelp("What else there is to say.", valueName: "text")) var note: String?
      @OptionGroup(title: "Recording") var write: WriteOptions
      @OptionGroup(title: "Options everywhere") var options: GlobalOptions

      func run() async throws {
        try await issue(
          "initiative.pilot.conclude",
          given([
            "initiative": initiative, "cost": cost, "benefit": benefit, "verdict": verdict,
            "currency": currency, "benefitKind": benefitKind, "horizon": horizon,
            "evidence": proof.evidence, "note": note,
          ]), write, options)
      }
    }

    struct CorrectVerb: AsyncParsableCommand {
      static let configuration = CommandConfiguration(
        commandName: "correct", abstract: "Correct the result of the last pilot.",
        discussion:
          "For what was recorded wrongly: both stay in the history, and neither makes a trend. The verdict can be corrected while nothing has followed from it.\n\n"
          + examples(
            "cem initiative pilot correct INI-7 --cost 14000 --reason \"a nought too many\""))

      @Argument(
        help: "The initiative.",
        completion: Completion.references(.initiative) { $0.initiative?.life.lastPilot != nil })
      var initiative: String
      @Option(help: ArgumentHelp("What it cost.", valueName: "n")) var cost: String?
      @Option(help: ArgumentHelp("What it brought, over the horizon.", valueName: "n"))
      var benefit: String?
      @Option(help: ArgumentHelp("The currency of both.", valueName: "code")) var currency: String?
      @Option(
        help: ArgumentHelp("measured or estimated.", valueName: "kind"),
        completion: Completion.terms(BenefitKind.self))
      var benefitKind: String?
      @Option(help: ArgumentHelp("Over which time: 12m, 2y, 90d.", valueName: "span"))
      var horizon: String?
      @Option(
        help: ArgumentHelp("Evidence like EV-4.", valueName: "ref"),
        completion: Completion.references(.evidence))
      var evidence: String?
      @Option(
        help: ArgumentHelp("scale, repeat or stop.", valueName: "verdict"),
        completion: Completion.terms(Verdict.self)) var verdict: String?
      @OptionGroup(title: "Recording") var write: WriteOptions
      @OptionGroup(title: "Options everywhere") var options: GlobalOptions

      func run() async throws {
        try await issue(
          "initiative.pilot.correct",
          given([
            "initiative": initiative, "cost": cost, "benefit": benefit, "currency": currency,
            "benefitKind": benefitKind, "horizon": horizon, "evidence": evidence,
            "verdict": verdict,
          ]), write, options)
      }
    }
  }
}
