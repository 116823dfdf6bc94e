import ArgumentParser
import CEMDomain

struct InitiativeNoun: AsyncParsableCommand, AmendableNoun, ListedNoun {
  static let kind = EntityKind.initiative
  static let example = "INI-7"
  static let configuration = CommandConfiguration(
    commandName: "initiative",
    abstract: "Work on the experience of customers, in one of five steps.",
    discussion: examples(
      "cem initiative open --department ssc --title \"Ask business callers\" --step 1",
      "cem initiative update INI-7 --rag green"),
    subcommands: [
      OpenVerb.self, PlainVerb<Start>.self, PlainVerb<Attest>.self, WaiveVerb.self, PilotNoun.self,
      ScaleVerb.self,
      CompleteVerb.self, UpdateVerb.self, LinkVerb.self, PlainVerb<Hold>.self,
      PlainVerb<Resume>.self, PlainVerb<Cancel>.self, PlainVerb<Reopen>.self, AmendVerb<Self>.self,
      VoidVerb<InitiativeNoun>.self,
      RestoreVerb<InitiativeNoun>.self, ListVerb<InitiativeNoun>.self, ShowVerb.self,
    ])

  typealias Fields = InitiativeFields
  typealias Filter = InitiativeFilter
  static let amendHelp = (
    abstract: "Correct what was recorded wrongly, or what is agreed anew.",
    discussion: examples(
      "cem initiative amend INI-7 --due 2027-06-30 --reason \"agreed with the sponsor\"",
      "cem initiative amend INI-7 --gap GAP-1 --gap GAP-12 --reason \"it closes both\"",
      "cem initiative amend INI-7 --clear sponsor --clear gap --reason \"she left\"")
  )
}

/// What initiatives can be listed by.
struct InitiativeFilter: ListFilter {
  @Option(
    help: ArgumentHelp("Only those that design an element of the brand.", valueName: "element"),
    completion: Completion.terms(BrandElement.self))
  var brandElement: String?

  var isGiven: Bool { brandElement != nil }

  func lets(_ record: EntityRecord) throws -> Bool {
    guard let brandElement else { return true }
    let wanted = try BrandElement(given: brandElement, field: "brandElement")
    return record.initiative?.details.brandElements?.contains(wanted) ?? false
  }
}

/// What an initiative's fields are called on the command line.
struct InitiativeFields: FieldOptions {
  @Option(
    help: ArgumentHelp("The department that leads.", valueName: "dept"),
    completion: Completion.departments)
  var department: String?
  @Option(
    help: ArgumentHelp("A partner; may be repeated.", valueName: "dept"),
    completion: Completion.departments)
  var with: [String] = []
  @Option(help: ArgumentHelp("What it is, in a few words.", valueName: "text")) var title: String?
  @Option(
    help: ArgumentHelp(
      "The step, by number or id: 1 experiential-world, 2 experiential-platform, 3 brand-experience, 4 customer-interface, 5 continuous-innovation.",
      valueName: "step"), completion: Completion.terms(Step.self))
  var step: String?
  @Option(
    help: ArgumentHelp(
      "What step 3 designs of the brand: name, logo, packaging, slogan, look-and-feel or campaign; may be repeated.",
      valueName: "element"), completion: Completion.terms(BrandElement.self))
  var brandElement: [String] = []
  @Option(help: ArgumentHelp("Who owns it.", valueName: "person"), completion: Completion.people)
  var owner: String?
  @Option(
    help: ArgumentHelp("Who pays and protects it.", valueName: "person"),
    completion: Completion.people)
  var sponsor: String?
  @Option(help: ArgumentHelp("The money for it.", valueName: "n")) var budget: String?
  @Option(help: ArgumentHelp("Its currency; default the program's.", valueName: "code"))
  var currency: String?
  @Option(help: ArgumentHelp("When it is to start.", valueName: "date")) var start: String?
  @Option(help: ArgumentHelp("When it is to be done.", valueName: "date")) var due: String?
  @Option(
    help: ArgumentHelp("A gap that it addresses; may be repeated.", valueName: "ref"),
    completion: Completion.references(.gap))
  var gap: [String] = []
  @Option(
    help: ArgumentHelp("A touchpoint that it works on; may be repeated.", valueName: "ref"),
    completion: Completion.references(.touchpoint))
  var touchpoint: [String] = []
  @Option(
    help: ArgumentHelp("The platform that steps 3 to 5 build on, like PLT-1.", valueName: "ref"),
    completion: Completion.references(.platform))
  var platform: String?
  @Option(help: ArgumentHelp("What tells whether it succeeds.", valueName: "text")) var metric:
    String?
  @Option(help: ArgumentHelp("The metric's unit.", valueName: "text")) var metricUnit: String?
  @Option(help: ArgumentHelp("The metric before.", valueName: "n")) var baseline: String?
  @Option(help: ArgumentHelp("The metric wanted.", valueName: "n")) var target: String?
  @Option(
    help: ArgumentHelp(
      "For word of mouth: listen, customer-relations, grassroots, promoters or earned-media.",
      valueName: "rule"), completion: Completion.terms(WordOfMouthRule.self))
  var womRule: String?

  var values: JSONObject {
    given([
      "department": department, "with": with, "title": title, "step": step,
      "brandElements": brandElement, "owner": owner,
      "sponsor": sponsor, "budget": budget, "currency": currency, "start": start, "due": due,
      "gaps": gap, "touchpoints": touchpoint, "platform": platform, "metric": metric,
      "metricUnit": metricUnit,
      "baseline": baseline, "target": target, "womRule": womRule,
    ])
  }
}
