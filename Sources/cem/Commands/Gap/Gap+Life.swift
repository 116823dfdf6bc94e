import ArgumentParser
import CEMDomain

extension GapNoun {
  struct RecordVerb: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "record", abstract: "Record a gap.",
      discussion: examples(
        "cem gap record --department ssc --link 4 --title \"Calls wait too long\" --expected 0.85 --perceived 0.58 --unit share --severity 4",
        "cem gap record --department ssc --link undiagnosed --title \"Forms come back\"",
        "cem gap record --from-breach STD-9/2026-Q1 --severity 4",
        "cem gap record --all-breaches ssc",
        about:
          "A department, a link and a title are needed, the rest where it is known. A breach of a service standard brings its own."
      ))

    @OptionGroup(title: "The gap") var gap: GapFields
    @Option(
      help: ArgumentHelp(
        "Take over the figures of a breach, named by its standard and its period.",
        valueName: "std/period"))
    var fromBreach: String?
    @Option(
      help: ArgumentHelp(
        "Record every breach of a department that no gap was recorded from.", valueName: "dept"),
      completion: Completion.departments)
    var allBreaches: String?
    @Option(
      help: ArgumentHelp("With --all-breaches, only those of a period.", valueName: "period"))
    var period: String?
    @OptionGroup(title: "Recording") var write: WriteOptions
    @OptionGroup(title: "Options everywhere") var options: GlobalOptions

    func validate() throws {
      if fromBreach != nil, allBreaches != nil {
        throw ValidationError("--from-breach and --all-breaches exclude each other")
      }
      if period != nil, allBreaches == nil {
        throw ValidationError("--period goes with --all-breaches")
      }
      guard allBreaches != nil else { return }
      if write.commandId != nil || write.external != nil {
        throw ValidationError("--all-breaches records many gaps: each has an id of its own")
      }
    }

    func run() async throws {
      if let fromBreach {
        try await recordBreach(fromBreach)
      } else if let allBreaches {
        try await recordAllBreaches(of: allBreaches)
      } else {
        try await issue("gap.record", gap.values, write, options)
      }
    }
  }

  struct DiagnoseVerb: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "diagnose", abstract: "Put a gap on the link where its cause was found.",
      discussion: examples("cem gap diagnose GAP-12 --link standard-training"))

    @Argument(help: "The gap.", completion: GapNoun.open) var gap: String
    @Option(
      help: ArgumentHelp("The link, by number or id.", valueName: "link"),
      completion: Completion.terms(GapLink.self)) var link: String
    @OptionGroup(title: "Recording") var write: WriteOptions
    @OptionGroup(title: "Options everywhere") var options: GlobalOptions

    func run() async throws {
      try await issue("gap.diagnose", given(["gap": gap, "link": link]), write, options)
    }
  }

  struct ReassessVerb: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "reassess", abstract: "Record a new perceived value.",
      discussion: examples("cem gap reassess GAP-12 --perceived 0.74 --measured-on 2026-06-30"))

    @Argument(help: "The gap.", completion: GapNoun.open) var gap: String
    @Option(help: ArgumentHelp("What customers perceive now, in the unit.", valueName: "n"))
    var perceived: String
    @Option(
      help: ArgumentHelp("When it was measured; default the command's date.", valueName: "date"))
    var measuredOn: String?
    @OptionGroup(title: "Recording") var write: WriteOptions
    @OptionGroup(title: "Options everywhere") var options: GlobalOptions

    func run() async throws {
      try await issue(
        "gap.reassess",
        given(["gap": gap, "perceived": perceived, "measuredOn": measuredOn]), write, options)
    }
  }

  struct CloseVerb: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "close", abstract: "Close a gap.",
      discussion: examples(
        "cem gap close GAP-12 --resolution \"a second shift answers calls\" --evidence EV-4",
        "cem gap close GAP-12 --resolution \"the service ended\" --unmet-reason \"nobody calls any more\""
      ))

    @Argument(help: "The gap.", completion: GapNoun.open) var gap: String
    @Option(help: ArgumentHelp("What was done.", valueName: "text")) var resolution: String
    @Option(
      help: ArgumentHelp(
        "Why it is closed although the expected value is not met.", valueName: "text"))
    var unmetReason: String?
    @OptionGroup var proof: EvidenceOrText
    @OptionGroup(title: "Recording") var write: WriteOptions
    @OptionGroup(title: "Options everywhere") var options: GlobalOptions

    func run() async throws {
      try await issue(
        "gap.close",
        given([
          "gap": gap, "resolution": resolution, "unmetReason": unmetReason,
          "evidence": proof.evidence,
        ]), write, options)
    }
  }

  struct AcceptVerb: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "accept", abstract: "Accept a gap as it is, until a date to look again.",
      discussion: examples(
        "cem gap accept GAP-12 --until 2027-03-31 --approver cx-approver --reason \"no budget this year\""
      ))

    @Argument(help: "The gap.", completion: GapNoun.open) var gap: String
    @Option(help: ArgumentHelp("When to look at it again.", valueName: "date")) var until: String
    @Option(
      help: ArgumentHelp("Who approved it; by default whose login it is.", valueName: "person"),
      completion: Completion.people)
    var approver: String?
    @OptionGroup(title: "Recording") var write: WriteOptions
    @OptionGroup(title: "Options everywhere") var options: GlobalOptions

    func run() async throws {
      try await issue(
        "gap.accept", given(["gap": gap, "until": until, "approver": approver]), write, options)
    }
  }

  /// The gaps on which there is work.
  fileprivate static let open = Completion.references(.gap) { $0.entity.state.isOpen }

  enum Reopen: PlainStep {
    typealias Noun = GapNoun
    static func fits(_ record: EntityRecord) -> Bool { !record.entity.state.isOpen }
    static let verb = "reopen"
    static let abstract = "Open a closed or accepted gap again."
    static let discussion = examples("cem gap reopen GAP-12 --reason \"complaints are back\"")
  }
}
