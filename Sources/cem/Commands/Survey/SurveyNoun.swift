import ArgumentParser
import CEMDomain
import CEMStore

struct SurveyNoun: AsyncParsableCommand, AmendableNoun, ShownNoun {
  static let kind = EntityKind.survey
  static let example = "SRV-2"
  static let configuration = CommandConfiguration(
    commandName: "survey",
    abstract: "Perception surveys of customers and employees, and the delivery gap.",
    discussion: examples(
      "cem survey record --department retail --audience customers --period 2026-Q1 --agree 0.41 --sample 800",
      "cem survey delivery"),
    subcommands: [
      RecordVerb.self, AmendVerb<Self>.self, VoidVerb<Self>.self, RestoreVerb<Self>.self,
      ListVerb<Self>.self, DeliveryVerb.self, ShowVerb<Self>.self,
    ])

  typealias Fields = SurveyFields
  static let amendHelp = (
    abstract: amendAbstract,
    discussion: examples(
      "cem survey amend SRV-2 --sample 821 --reason \"late answers\"",
      "cem survey amend SRV-2 --period 2026-Q1 --reason \"typing error\"")
  )
  static let showHelp = (abstract: "Show a survey.", discussion: examples("cem survey show SRV-2"))
  static let listHelp = (
    abstract: "List surveys.",
    discussion: examples("cem survey list --department retail --sort period")
  )
  static let nothing = "no surveys"
  static let first =
    "cem survey record --department DEPT --period P --audience A --agree N --sample N"
  static func fields(on _: Day) -> [Field<EntityRecord>] { fields }

  struct RecordVerb: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "record", abstract: "Record a perception survey.",
      discussion: examples(
        "cem survey record --department retail --period 2026-Q1 --audience customers --agree 0.31 --sample 812",
        "cem survey record --touchpoint TP-3 --period 2026-Q1 --audience employees --agree 0.78 --sample 64",
        about:
          "How many agree that we deliver a superior experience. Employees are our own people: what they believe less what customers say is the delivery gap."
      ))

    @OptionGroup(title: "The survey") var survey: SurveyFields
    @OptionGroup(title: "Recording") var write: WriteOptions
    @OptionGroup(title: "Options everywhere") var options: GlobalOptions

    func run() async throws {
      try await issue("survey.record", survey.values, write, options)
    }
  }

  static let fields: [Field<EntityRecord>] = ownFields + Field.common

  private static let ownFields: [Field<EntityRecord>] = [
    .ref,
    Field("department", short: "DEPT") { Datum($0.survey?.details.department) },
    Field("touchpoint", short: "AT") { Datum($0.survey?.details.touchpoint) },
    Field("period") { Datum($0.survey?.details.period) },
    Field("audience") { Datum($0.survey?.details.audience) },
    Field("segment") { Datum($0.survey?.details.segment) },
    Field("agree", numeric: true) { Datum($0.survey?.details.agree) },
    Field("sample", numeric: true) { Datum($0.survey?.details.sample) },
    Field("question", inTable: false) { Datum($0.survey?.details.question) },
    Field("evidence", inTable: false) { Datum($0.survey?.details.evidence) },
  ]
}

/// What a survey's fields are called on the command line.
struct SurveyFields: FieldOptions {
  @Option(
    help: ArgumentHelp("The department.", valueName: "dept"), completion: Completion.departments)
  var department: String?
  @Option(
    help: ArgumentHelp("The touchpoint, in the place of a department.", valueName: "ref"),
    completion: Completion.references(.touchpoint))
  var touchpoint: String?
  @Option(help: ArgumentHelp("The period.", valueName: "period")) var period: String?
  @Option(
    help: ArgumentHelp("customers or employees.", valueName: "audience"),
    completion: Completion.terms(SurveyAudience.self))
  var audience: String?
  @Option(
    help: ArgumentHelp("Which customers were asked.", valueName: "code"),
    completion: Completion.references(.segment))
  var segment: String?
  @Option(
    help: ArgumentHelp(
      "The share who agree that we deliver a superior experience, 0 to 1.", valueName: "n"))
  var agree: String?
  @Option(help: ArgumentHelp("How many answered.", valueName: "n")) var sample: String?
  @Option(help: ArgumentHelp("What was asked, in its own words.", valueName: "text"))
  var question: String?
  @OptionGroup var proof: EvidenceReference

  var values: JSONObject {
    given([
      "department": department, "touchpoint": touchpoint, "period": period, "audience": audience,
      "segment": segment, "agree": agree, "sample": sample, "question": question,
      "evidence": proof.evidence,
    ])
  }
}
