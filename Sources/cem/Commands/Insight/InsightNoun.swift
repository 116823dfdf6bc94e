import ArgumentParser
import CEMDomain
import CEMStore

struct InsightNoun: AsyncParsableCommand, AmendableNoun, ShownNoun {
  static let kind = EntityKind.insight
  static let example = "INS-5"
  static let configuration = CommandConfiguration(
    commandName: "insight", abstract: "What was found out about customers.",
    discussion: examples(
      "cem insight record --department ssc --question reactions --finding \"Letters confuse\"",
      "cem insight list"),
    subcommands: [
      RecordVerb.self, AmendVerb<Self>.self, VoidVerb<Self>.self, RestoreVerb<Self>.self,
      ListVerb<Self>.self, ShowVerb<Self>.self,
    ])

  typealias Fields = InsightFields
  typealias Filter = InsightFilter
  static let amendHelp = (
    abstract: amendAbstract,
    discussion: examples("cem insight amend INS-5 --plane category --reason \"typing error\"")
  )
  static let showHelp = (
    abstract: "Show an insight.", discussion: examples("cem insight show INS-5")
  )
  static let listHelp = (
    abstract: "List insights.",
    discussion: examples(
      "cem insight list --question emotions", "cem insight list --segment first-time-buyers",
      "cem insight list --about GAP-12", "cem insight list --outcome leaves --peak bad --stage buy",
      about:
        "With --stage or --department an insight that has none belongs to that of its touchpoint, as in cem touchpoint journey."
    )
  )
  static let nothing = "no insights"
  static let first = "cem insight record --question Q --finding TEXT --segment S --plane P"
  static func fields(on _: Day) -> [Field<EntityRecord>] { fields }

  struct RecordVerb: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "record", abstract: "Record an insight.",
      discussion: examples(
        "cem insight record --question reactions --finding \"People give up at the second menu\" --segment first-time-buyers --plane usage --gap GAP-12",
        "cem insight record --question emotions --finding \"They feel sent away\" --segment first-time-buyers --plane usage --touchpoint TP-3 --outcome leaves --share 0.4 --peak bad",
        about:
          "It answers a diagnostic question, for a segment and on a plane. At any point of their journey customers stay or leave: --outcome says which, with the stage or the touchpoint, and --share how many do. Peak feelings, good or bad, weigh most in what is remembered: --peak."
      ))

    @OptionGroup(title: "The insight") var insight: InsightFields
    @OptionGroup(title: "Recording") var write: WriteOptions
    @OptionGroup(title: "Options everywhere") var options: GlobalOptions

    func run() async throws { try await issue("insight.record", insight.values, write, options) }
  }

  static let fields: [Field<EntityRecord>] = ownFields + Field.common

  private static let ownFields: [Field<EntityRecord>] = [
    .ref,
    Field("question") { Datum($0.insight?.details.question) },
    Field("segment") { Datum($0.insight?.details.segment) },
    Field("plane") { Datum($0.insight?.details.plane) },
    Field("finding") { Datum($0.insight?.details.finding) },
    Field("outcome") { Datum($0.insight?.details.outcome) },
    Field("share", numeric: true) { Datum($0.insight?.details.share) },
    Field("peak") { Datum($0.insight?.details.peak) },
    Field("department", inTable: false) { Datum($0.insight?.details.department) },
    Field("touchpoint", inTable: false) { Datum($0.insight?.details.touchpoint) },
    Field("journeyStage", inTable: false) { Datum($0.insight?.details.stage) },
    Field("module", inTable: false) { Datum($0.insight?.details.module) },
    Field("gaps", inTable: false) { Datum($0.insight?.details.gaps ?? []) },
    Field("platforms", inTable: false) { Datum($0.insight?.details.platforms ?? []) },
    Field("initiatives", inTable: false) { Datum($0.insight?.details.initiatives ?? []) },
    Field("evidence", inTable: false) { Datum($0.insight?.details.evidence) },
    Field("source", inTable: false) { Datum($0.insight?.details.source) },
    Field("owner", inTable: false) { Datum($0.insight?.details.owner) },
  ]
}

/// What an insight's fields are called on the command line.
struct InsightFields: FieldOptions {
  @Option(
    help: ArgumentHelp(
      "The diagnostic question: of the company perception, emotions, reactions, environment, interaction; of the brand proposition, value-change, competitors, return-rate, positioning, functions, segment-differences.",
      valueName: "question"), completion: Completion.terms(DiagnosticQuestion.self))
  var question: String?
  @Option(help: ArgumentHelp("What was found out.", valueName: "text")) var finding: String?
  @Option(
    help: ArgumentHelp("Of whom.", valueName: "code"), completion: Completion.references(.segment))
  var segment: String?
  @Option(
    help: ArgumentHelp("product, category, usage or sociocultural.", valueName: "plane"),
    completion: Completion.terms(ExperientialPlane.self))
  var plane: String?
  @Option(
    help: ArgumentHelp("The department that it concerns.", valueName: "dept"),
    completion: Completion.departments)
  var department: String?
  @Option(
    help: ArgumentHelp("Where, like TP-3.", valueName: "ref"),
    completion: Completion.references(.touchpoint))
  var touchpoint: String?
  @Option(
    help: ArgumentHelp(
      "The stage of the journey: learn, evaluate, enquire, buy or use.", valueName: "stage"),
    completion: Completion.terms(JourneyStage.self))
  var stage: String?
  @Option(
    help: ArgumentHelp(
      "The module of experience: sense, feel, think, act or relate.", valueName: "module"),
    completion: Completion.terms(ExperienceModule.self))
  var module: String?
  @Option(
    help: ArgumentHelp(
      "What customers do there, at the stage or the touchpoint: stays or leaves.",
      valueName: "outcome"), completion: Completion.terms(JourneyOutcome.self))
  var outcome: String?
  @Option(
    help: ArgumentHelp("The share of customers who do, between 0 and 1.", valueName: "number"))
  var share: String?
  @Option(
    help: ArgumentHelp("A peak feeling that it tells of: good or bad.", valueName: "peak"),
    completion: Completion.terms(PeakFeeling.self))
  var peak: String?
  @Option(
    help: ArgumentHelp("A gap that it speaks about; may be repeated.", valueName: "ref"),
    completion: Completion.references(.gap))
  var gap: [String] = []
  @Option(
    help: ArgumentHelp("A platform; may be repeated.", valueName: "ref"),
    completion: Completion.references(.platform))
  var platform: [String] = []
  @Option(
    help: ArgumentHelp("An initiative; may be repeated.", valueName: "ref"),
    completion: Completion.references(.initiative))
  var initiative: [String] = []
  @OptionGroup var proof: EvidenceReference
  @Option(help: ArgumentHelp("Where it comes from.", valueName: "text")) var source: String?
  @Option(help: ArgumentHelp("Who owns it.", valueName: "person"), completion: Completion.people)
  var owner: String?

  var values: JSONObject {
    given([
      "question": question, "finding": finding, "segment": segment, "plane": plane,
      "department": department, "touchpoint": touchpoint, "stage": stage, "module": module,
      "outcome": outcome, "share": share, "peak": peak, "gaps": gap, "platforms": platform,
      "initiatives": initiative, "evidence": proof.evidence,
      "source": source, "owner": owner,
    ])
  }
}

/// What insights can be listed by.
struct InsightFilter: ListFilter {
  @Option(
    help: ArgumentHelp("Only answers to a question.", valueName: "question"),
    completion: Completion.terms(DiagnosticQuestion.self))
  var question: String?
  @Option(
    help: ArgumentHelp("Only those of a segment.", valueName: "code"),
    completion: Completion.references(.segment))
  var segment: String?
  @Option(
    help: ArgumentHelp("Only those on a plane.", valueName: "plane"),
    completion: Completion.terms(ExperientialPlane.self))
  var plane: String?
  @Option(
    help: ArgumentHelp("Only those about a gap, a platform or an initiative.", valueName: "ref"),
    completion: Completion.references(.gap))
  var about: String?

  @Option(help: ArgumentHelp("Only those that say what customers do.", valueName: "outcome"))
  var outcome: JourneyOutcome?
  @Option(help: ArgumentHelp("Only those of a peak feeling.", valueName: "peak"))
  var peak: PeakFeeling?
  @Option(help: StageChoice.help, completion: StageChoice.completion) var stage: StageChoice?
  @Option(
    help: ArgumentHelp("Only those at a touchpoint.", valueName: "ref"),
    completion: Completion.references(.touchpoint))
  var touchpoint: String?

  var isGiven: Bool {
    question != nil || segment != nil || plane != nil || about != nil || outcome != nil
      || peak != nil || stage != nil || touchpoint != nil
  }

  func chosen(
    from records: [EntityRecord], _ reader: any ProgramReader
  ) throws -> [EntityRecord] {
    let ref = try touchpoint.map { try TouchpointRef(given: $0, field: "touchpoint") }
    if let ref { _ = try reader.record(ref.stream) }
    let places =
      stage == nil
      ? [:] : try reader.records(records.compactMap { $0.insight?.details.touchpoint?.stream })
    return try records.filter { record in
      guard let details = record.insight?.details, try lets(record) else { return false }
      return (ref.map { $0 == details.touchpoint } ?? true)
        && (stage.map {
          $0.stage == details.stage(at: details.touchpoint.flatMap { places[$0.stream] })
        } ?? true)
    }
  }

  func lets(_ record: EntityRecord) throws -> Bool {
    guard let details = record.insight?.details else { return false }
    let subject = try about.map { try StreamID(given: $0, field: "about") }
    return (question.map { $0 == details.question.rawValue } ?? true)
      && (segment.map { $0 == details.segment.code } ?? true)
      && (plane.map { $0 == details.plane.rawValue } ?? true)
      && (subject.map { details.subjects.contains($0) } ?? true)
      && (outcome.map { $0 == details.outcome } ?? true)
      && (peak.map { $0 == details.peak } ?? true)
  }
}
