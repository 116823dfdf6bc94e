import ArgumentParser
import CEMDomain

extension InitiativeNoun {
  enum Start: PlainStep {
    typealias Noun = InitiativeNoun
    static func fits(_ record: EntityRecord) -> Bool { record.initiative?.life.status == .open }
    static let verb = "start"
    static let abstract = "Start an initiative."
    static let discussion = examples("cem initiative start INI-7")
  }

  enum Attest: PlainStep {
    typealias Noun = InitiativeNoun
    static let verb = "attest"
    static let abstract = "Attest the ethics of a word-of-mouth initiative."
    static let discussion = examples(
      "cem initiative attest INI-7",
      about: "No stealth, no undisclosed paid buzz, no fake identities, no lies, no spam.")
  }

  struct WaiveVerb: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "waive", abstract: "Let an initiative of steps 3 to 5 build on no platform.",
      discussion: examples(
        "cem initiative waive INI-7 --until 2026-12-31 --reason \"the platform is being stated\"",
        about: "For one that is open: 'open --waive-platform' does it at once."))

    @Argument(help: "The initiative.", completion: Completion.references(.initiative))
    var initiative: String
    @Option(
      help: ArgumentHelp("Who approved it; by default whose login it is.", valueName: "person"),
      completion: Completion.people)
    var approver: String?
    @Option(help: ArgumentHelp("The last day on which it holds.", valueName: "date"))
    var until: String?
    @OptionGroup(title: "Recording") var write: WriteOptions
    @OptionGroup(title: "Options everywhere") var options: GlobalOptions

    func run() async throws {
      try await issue(
        "initiative.waive",
        given(["initiative": initiative, "approver": approver, "until": until]), write, options)
    }
  }

  enum Hold: PlainStep {
    typealias Noun = InitiativeNoun
    static func fits(_ record: EntityRecord) -> Bool {
      record.initiative?.life.isOnHold == false && record.entity.state.isOpen
    }
    static let verb = "hold"
    static let abstract = "Put an initiative on hold."
    static let discussion = examples("cem initiative hold INI-7 --reason \"no staff until autumn\"")
  }

  enum Resume: PlainStep {
    typealias Noun = InitiativeNoun
    static func fits(_ record: EntityRecord) -> Bool { record.initiative?.life.isOnHold == true }
    static let verb = "resume"
    static let abstract = "Go on with an initiative that is on hold."
    static let discussion = examples("cem initiative resume INI-7")
  }

  enum Cancel: PlainStep {
    typealias Noun = InitiativeNoun
    static let verb = "cancel"
    static let abstract = "Cancel an initiative."
    static let discussion = examples("cem initiative cancel INI-7 --reason \"the pilot did harm\"")
  }

  enum Reopen: PlainStep {
    typealias Noun = InitiativeNoun
    static func fits(_ record: EntityRecord) -> Bool { !record.entity.state.isOpen }
    static let verb = "reopen"
    static let abstract = "Open a completed or cancelled initiative again, where it was before."
    static let discussion = examples("cem initiative reopen INI-7 --reason \"funded again\"")
  }

  struct ScaleVerb: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "scale",
      abstract: "Roll an initiative out, after a pilot that says so or a waiver.",
      discussion: examples(
        "cem initiative scale INI-7",
        "cem initiative scale INI-7 --waive-pilot \"the law leaves no choice\" --approver cx-approver"
      ))

    @Argument(
      help: "The initiative.",
      completion: Completion.references(.initiative) {
        [.started, .concluded].contains($0.initiative?.life.status)
      })
    var initiative: String
    @Option(help: ArgumentHelp("Why it needs no pilot that says so.", valueName: "reason"))
    var waivePilot: String?
    @Option(
      help: ArgumentHelp("Who approved that; by default whose login it is.", valueName: "person"),
      completion: Completion.people)
    var approver: String?
    @OptionGroup(title: "Recording") var write: WriteOptions
    @OptionGroup(title: "Options everywhere") var options: GlobalOptions

    func run() async throws {
      try await issue(
        "initiative.scale",
        given(["initiative": initiative, "waivePilot": waivePilot, "approver": approver]), write,
        options)
    }
  }

  struct CompleteVerb: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "complete", abstract: "End an initiative as planned.",
      discussion: examples(
        "cem initiative complete INI-7 --measured 0.83"))

    @Argument(
      help: "The initiative.",
      completion: Completion.references(.initiative) { $0.entity.state.isOpen })
    var initiative: String
    @Option(help: ArgumentHelp("The metric now, in its unit.", valueName: "n")) var measured:
      String?
    @Option(help: ArgumentHelp("What else there is to say.", valueName: "text")) var note: String?
    @OptionGroup var proof: EvidenceOrText
    @OptionGroup(title: "Recording") var write: WriteOptions
    @OptionGroup(title: "Options everywhere") var options: GlobalOptions

    func run() async throws {
      try await issue(
        "initiative.complete",
        given([
          "initiative": initiative, "measured": measured, "note": note, "evidence": proof.evidence,
        ]), write, options)
    }
  }

  struct LinkVerb: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "link", abstract: "Add a link to where else the initiative is written about.",
      discussion: examples(
        "cem initiative link INI-7 https://tracker.example/CEM-7"))

    @Argument(
      help: "The initiative.",
      completion: Completion.references(.initiative) { $0.entity.state.isOpen })
    var initiative: String
    @Argument(help: "The address.") var url: String
    @OptionGroup(title: "Recording") var write: WriteOptions
    @OptionGroup(title: "Options everywhere") var options: GlobalOptions

    func run() async throws {
      try await issue(
        "initiative.link", given(["initiative": initiative, "url": url]), write, options)
    }
  }
}
