import ArgumentParser
import CEMDomain

struct GapNoun: AsyncParsableCommand, AmendableNoun, ListedNoun {
  static let kind = EntityKind.gap
  static let example = "GAP-12"
  static let configuration = CommandConfiguration(
    commandName: "gap",
    abstract: "Distances between what customers expect and what they perceive.",
    discussion: examples(
      "cem gap record --department ssc --link 4 --title \"Calls wait too long\"",
      "cem gap list --department ssc --state open"),
    subcommands: [
      RecordVerb.self, DiagnoseVerb.self, ReassessVerb.self, CloseVerb.self, AcceptVerb.self,
      PlainVerb<Reopen>.self, AmendVerb<Self>.self, VoidVerb<GapNoun>.self,
      RestoreVerb<GapNoun>.self,
      ListVerb<GapNoun>.self, ShowVerb.self,
    ])

  typealias Fields = GapFields
  static let amendHelp = (
    abstract: amendAbstract,
    discussion: examples(
      "cem gap amend GAP-12 --severity 3 --reason \"typing error\"",
      "cem gap amend GAP-12 --clear due --reason \"no date was agreed\"",
      about: "A new measured value is no correction: use cem gap reassess.")
  )
}

/// What a gap's fields are called on the command line.
struct GapFields: FieldOptions {
  @Option(
    help: ArgumentHelp("The department.", valueName: "dept"), completion: Completion.departments)
  var department: String?
  @Option(
    help: ArgumentHelp(
      "The link of the chain, by number or id: 1 promise-expectation, 2 expectation-standard, 3 standard-training, 4 training-execution, 5 execution-reward, 6 undiagnosed.",
      valueName: "link"), completion: Completion.terms(GapLink.self))
  var link: String?
  @Option(help: ArgumentHelp("What is wrong, in a few words.", valueName: "text"))
  var title: String?
  @Option(help: ArgumentHelp("What customers expect, in the unit.", valueName: "n"))
  var expected: String?
  @Option(help: ArgumentHelp("What they perceive, in the unit.", valueName: "n"))
  var perceived: String?
  @Option(help: ArgumentHelp("The unit of both.", valueName: "text")) var unit: String?
  @Flag(inversion: .prefixedNo, help: "Whether a lower value is the better one.")
  var lowerIsBetter: Bool?
  @Option(
    help: ArgumentHelp("1 (slight) to 5 (grave).", valueName: "1-5"),
    completion: .list(["1", "2", "3", "4", "5"])) var severity: String?
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
    help: ArgumentHelp("Where customers feel it, like TP-3.", valueName: "ref"),
    completion: Completion.references(.touchpoint))
  var touchpoint: String?
  @OptionGroup var proof: EvidenceReference
  @Option(help: ArgumentHelp("Where the figures come from.", valueName: "text")) var source: String?
  @Option(help: ArgumentHelp("When it was measured.", valueName: "date")) var measuredOn: String?
  @Option(help: ArgumentHelp("Who owns it.", valueName: "person"), completion: Completion.people)
  var owner: String?
  @Option(help: ArgumentHelp("Until when it is to be closed.", valueName: "date")) var due: String?

  var values: JSONObject {
    given([
      "department": department, "link": link, "title": title, "expected": expected,
      "perceived": perceived, "unit": unit, "lowerIsBetter": lowerIsBetter.map(JSON.bool),
      "severity": severity, "phase": phase, "dimension": dimension, "attribute": attribute,
      "evidence": proof.evidence, "source": source, "measuredOn": measuredOn, "owner": owner,
      "due": due, "touchpoint": touchpoint,
    ])
  }
}
