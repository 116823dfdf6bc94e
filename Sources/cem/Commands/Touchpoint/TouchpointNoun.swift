import ArgumentParser
import CEMDomain
import CEMStore

struct TouchpointNoun: AsyncParsableCommand, AmendableNoun, ListedNoun {
  static let kind = EntityKind.touchpoint
  static let example = "TP-3"
  static let configuration = CommandConfiguration(
    commandName: "touchpoint", abstract: "Where customers meet the company.",
    discussion: examples(
      "cem touchpoint map --department retail --name \"Hotline\" --type personnel",
      "cem touchpoint show TP-3", "cem touchpoint journey"),
    subcommands: [
      MapVerb.self, PlanVerb.self, UnplanVerb.self, PlainVerb<Retire>.self,
      PlainVerb<Reinstate>.self, AmendVerb<Self>.self, VoidVerb<Self>.self, RestoreVerb<Self>.self,
      ListVerb<Self>.self, ShowVerb.self, JourneyVerb.self,
    ])

  typealias Fields = TouchpointFields
  typealias Filter = TouchpointFilter
  static let amendHelp = (
    abstract: amendAbstract,
    discussion: examples(
      "cem touchpoint amend TP-3 --stage enquire --reason \"it was mapped too early\"",
      "cem touchpoint amend TP-3 --clear segment --reason \"it is for everybody\"",
      about:
        "With --department its service standards and what was measured of them go along; gaps and surveys are amended for themselves."
    )
  )
  static let listHelp = (
    abstract: "List touchpoints.",
    discussion: examples(
      "cem touchpoint list --department retail",
      "cem touchpoint list --moments-of-truth --sort plan", "cem touchpoint list --stage buy",
      "cem touchpoint list --aspect style --lacks substance",
      about:
        "States: active, retired; voided ones only with --state voided. The aspects of the customer interface are those of the service standards that are not retired."
    )
  )
  static let nothing = "no touchpoints"
  static let first = "cem touchpoint map --department DEPT --name TEXT"
  static let states = ["active", "retired"]
  static var state: ((EntityRecord, Day) -> String)? {
    { record, _ in record.touchpoint?.stateName ?? "" }
  }
  static func fields(on _: Day) -> [Field<EntityRecord>] { fields }
  static func fields(on _: Day, _ reader: any ProgramReader) throws -> [Field<EntityRecord>] {
    let balances = try reader.interfaceBalances()
    return fields + Field.of(balanceFields) { balances[$0.stream] ?? InterfaceBalance([:]) }
  }
}

/// What a touchpoint's fields are called on the command line.
struct TouchpointFields: FieldOptions {
  @Option(
    help: ArgumentHelp("The department.", valueName: "dept"), completion: Completion.departments)
  var department: String?
  @Option(help: ArgumentHelp("Its name.", valueName: "text")) var name: String?
  @Option(help: ArgumentHelp("By which way people come, like phone or web.", valueName: "channel"))
  var channel: String?
  @Option(
    help: ArgumentHelp("Whom it is for.", valueName: "code"),
    completion: Completion.references(.segment))
  var segment: String?
  @Option(
    help: ArgumentHelp(
      "The contact type: advertising, public-relations, personnel, meeting, delegated, medium, alliance or random.",
      valueName: "type"), completion: Completion.terms(ContactType.self))
  var type: String?
  @Option(
    help: ArgumentHelp(
      "The stage of the journey, by number or id: 1 learn, 2 evaluate, 3 enquire, 4 buy, 5 use.",
      valueName: "stage"), completion: Completion.terms(JourneyStage.self))
  var stage: String?
  @Flag(
    inversion: .prefixedNo,
    help: "Whether the outcome can change the customer's attitude to the brand.")
  var momentOfTruth: Bool?
  @Option(help: ArgumentHelp("What customers expect beforehand, in words.", valueName: "text"))
  var expectation: String?
  @Option(help: ArgumentHelp("What they meet the first time, in words.", valueName: "text"))
  var firstExperience: String?
  @Option(help: ArgumentHelp("What staff must always do there.", valueName: "text"))
  var rules: String?
  @Option(help: ArgumentHelp("What they may decide themselves.", valueName: "text"))
  var flexibility: String?
  @Option(
    help: ArgumentHelp("expectation, interaction or reflection.", valueName: "phase"),
    completion: Completion.terms(Phase.self))
  var phase: String?
  @Option(
    help: ArgumentHelp("functional or emotional.", valueName: "dimension"),
    completion: Completion.terms(Dimension.self))
  var dimension: String?
  @Option(
    help: ArgumentHelp(
      "integrity, reliability, efficiency or convenience.", valueName: "attribute"),
    completion: Completion.terms(Attribute.self))
  var attribute: String?
  @Option(
    help: ArgumentHelp(
      "A module of experience that it works on: sense, feel, think, act or relate; may be repeated.",
      valueName: "module"), completion: Completion.terms(ExperienceModule.self))
  var module: [String] = []
  @Option(
    help: ArgumentHelp(
      "What it can give: recognition, service, convenience, benefit, information or identity; may be repeated.",
      valueName: "gift"), completion: Completion.terms(TouchpointGift.self))
  var gives: [String] = []
  @Option(help: ArgumentHelp("Who owns it.", valueName: "person"), completion: Completion.people)
  var owner: String?

  var values: JSONObject {
    given([
      "department": department, "name": name, "channel": channel, "segment": segment, "type": type,
      "stage": stage,
      "momentOfTruth": momentOfTruth.map(JSON.bool), "expectation": expectation,
      "firstExperience": firstExperience, "rules": rules, "flexibility": flexibility,
      "phase": phase, "dimension": dimension,
      "attribute": attribute, "modules": module, "gives": gives, "owner": owner,
    ])
  }
}

/// What touchpoints can be listed by.
struct TouchpointFilter: ListFilter {
  @Flag(help: "Only moments of truth.") var momentsOfTruth = false
  @Option(help: StageChoice.help, completion: StageChoice.completion) var stage: StageChoice?
  @Option(
    help: ArgumentHelp(
      "Only those with a service standard for an aspect of the customer interface; may be repeated.",
      valueName: "aspect"), completion: Completion.terms(StandardAspect.self))
  var aspect: [String] = []
  @Option(
    help: ArgumentHelp(
      "Only those without: an aspect, rules or flexibility; may be repeated.", valueName: "what"),
    completion: .list(Lacking.all))
  var lacks: [String] = []

  var isGiven: Bool {
    momentsOfTruth || stage != nil || !aspect.isEmpty || !lacks.isEmpty
  }

  func lets(_ record: EntityRecord) -> Bool {
    (!momentsOfTruth || record.touchpoint?.details.momentOfTruth == true)
      && (stage.map { $0.stage == record.touchpoint?.details.stage } ?? true)
  }

  func chosen(
    from records: [EntityRecord], _ reader: any ProgramReader
  ) throws -> [EntityRecord] {
    guard !aspect.isEmpty || !lacks.isEmpty else { return records.filter(lets) }
    let aspects = try aspect.map { try StandardAspect(given: $0, field: "aspect") }
    let lacking = try lacks.map { try Lacking($0) }
    let balances = try reader.interfaceBalances()
    return records.filter { record in
      guard lets(record), let details = record.touchpoint?.details else { return false }
      let balance = balances[record.stream] ?? InterfaceBalance([:])
      return aspects.allSatisfy(balance.has)
        && lacking.allSatisfy { $0.isMissing(in: details, balance) }
    }
  }

  /// What a touchpoint may be without.
  private enum Lacking {
    case aspect(StandardAspect)
    case rules, flexibility

    static let all = StandardAspect.allCases.map(\.rawValue) + ["rules", "flexibility"]

    init(_ given: String) throws(FieldError) {
      switch given {
      case "rules": self = .rules
      case "flexibility": self = .flexibility
      default:
        guard let aspect = StandardAspect(rawValue: given) else {
          throw FieldError(
            path: "lacks", "must be one of \(Self.all.joined(separator: ", ")), not \(given)")
        }
        self = .aspect(aspect)
      }
    }

    func isMissing(in details: TouchpointDetails, _ balance: InterfaceBalance) -> Bool {
      switch self {
      case .aspect(let aspect): !balance.has(aspect)
      case .rules: details.rules == nil
      case .flexibility: details.flexibility == nil
      }
    }
  }
}
