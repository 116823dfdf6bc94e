import ArgumentParser
import CEMDomain

extension TouchpointNoun {
  struct MapVerb: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "map", abstract: "Map a touchpoint.",
      discussion: examples(
        "cem touchpoint map --department retail --name \"Hotline\" --channel phone --type personnel --stage enquire --moment-of-truth",
        about: "A department and a name are needed, the rest where it is known."))

    @OptionGroup(title: "The touchpoint") var touchpoint: TouchpointFields
    @OptionGroup(title: "Recording") var write: WriteOptions
    @OptionGroup(title: "Options everywhere") var options: GlobalOptions

    func run() async throws {
      try await issue("touchpoint.map", touchpoint.values, write, options)
    }
  }

  struct PlanVerb: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "plan", abstract: "Fill in an item of the contact plan.",
      discussion: examples(
        "cem touchpoint plan TP-3 goal --text \"Every caller knows what happens next\"",
        about:
          "The twelve items, by number or id: 1 plan, 2 goal, 3 audience, 4 design, 5 mode, 6 channel, 7 norms, 8 incentive, 9 archive, 10 analysis, 11 digestion, 12 tracking."
      ))

    @Argument(
      help: "The touchpoint.",
      completion: Completion.references(.touchpoint) { $0.entity.state.isOpen })
    var touchpoint: String
    @Argument(
      help: "The item.", completion: .list(ContactPlanItem.allCases.map(\.rawValue)))
    var item: String
    @Option(help: ArgumentHelp("What is planned.", valueName: "text")) var text: String
    @OptionGroup(title: "Recording") var write: WriteOptions
    @OptionGroup(title: "Options everywhere") var options: GlobalOptions

    func run() async throws {
      try await issue(
        "touchpoint.plan", given(["touchpoint": touchpoint, "item": item, "text": text]), write,
        options)
    }
  }

  struct UnplanVerb: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "unplan", abstract: "Open an item of the contact plan again.",
      discussion: examples("cem touchpoint unplan TP-3 incentive"))

    @Argument(
      help: "The touchpoint.",
      completion: Completion.references(.touchpoint) { $0.entity.state.isOpen })
    var touchpoint: String
    @Argument(
      help: "The item.", completion: .list(ContactPlanItem.allCases.map(\.rawValue)))
    var item: String
    @OptionGroup(title: "Recording") var write: WriteOptions
    @OptionGroup(title: "Options everywhere") var options: GlobalOptions

    func run() async throws {
      try await issue(
        "touchpoint.unplan", given(["touchpoint": touchpoint, "item": item]), write, options)
    }
  }

  enum Retire: PlainStep {
    typealias Noun = TouchpointNoun
    static let verb = "retire"
    static let abstract = "Note that nobody meets the company here any more."
    static let discussion = examples(
      "cem touchpoint retire TP-3 --reason \"the hotline was closed\"",
      about: "Its service standards are retired first. 'reinstate' brings it back.")
  }

  enum Reinstate: PlainStep {
    typealias Noun = TouchpointNoun
    static func fits(_ record: EntityRecord) -> Bool { !record.entity.state.isOpen }
    static let verb = "reinstate"
    static let abstract = "Note that people meet the company here again."
    static let discussion = examples("cem touchpoint reinstate TP-3")
  }
}
