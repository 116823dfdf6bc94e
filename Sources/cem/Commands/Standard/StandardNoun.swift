import ArgumentParser
import CEMDomain
import CEMStore

struct StandardNoun: AsyncParsableCommand, ListedNoun {
  static let kind = EntityKind.standard
  static let example = "STD-9"
  static let configuration = CommandConfiguration(
    commandName: "standard",
    abstract: "Service standards at touchpoints, and how they are kept.",
    discussion: examples(
      "cem standard set TP-3 --metric \"answered within a minute\" --target 0.9",
      "cem standard measure STD-9 --period 2026-Q1 --value 0.93"),
    subcommands: [
      SetVerb.self, MeasureVerb.self, PlainVerb<Retire>.self, PlainVerb<Reinstate>.self,
      AmendVerb.self, VoidVerb<Self>.self, RestoreVerb<Self>.self, ListVerb<Self>.self,
      BreachesVerb.self, ShowVerb.self,
    ])

  typealias Filter = StandardFilter
  static let listHelp = (
    abstract: "List service standards.",
    discussion: examples(
      "cem standard list --department retail --state missed", "cem standard list --sort -target",
      "cem standard list --aspect customer-time",
      about:
        "States, by the latest measurement that has a value: met, missed, unknown; and retired. Voided ones only with --state voided."
    )
  )
  static let nothing = "no standards"
  static let first = "cem standard set TP --metric TEXT --target N"
  static let states = ["met", "missed", "unknown", "retired"]
  static var state: ((EntityRecord, Day) -> String)? {
    { record, _ in record.standard?.stateName ?? "" }
  }
  static func fields(on _: Day) -> [Field<EntityRecord>] { fields }
}

/// What service standards can be listed by.
struct StandardFilter: ListFilter {
  @Option(
    help: ArgumentHelp(
      "Only those of an aspect of the customer interface, or with 'none' those that name none.",
      valueName: "aspect"),
    completion: .list(StandardAspect.allCases.map(\.rawValue) + ["none"]))
  var aspect: String?
  @Option(
    name: .customLong("for"),
    help: ArgumentHelp("Only those for external or internal customers.", valueName: "audience"),
    completion: Completion.terms(StandardAudience.self))
  var audience: String?

  var isGiven: Bool { aspect != nil || audience != nil }

  func lets(_ record: EntityRecord) throws -> Bool {
    guard let details = record.standard?.details else { return false }
    if let audience {
      guard try details.for == StandardAudience(given: audience, field: "for") else { return false }
    }
    guard let aspect else { return true }
    return try details.aspect
      == (aspect == "none" ? nil : StandardAspect(given: aspect, field: "aspect"))
  }
}

/// What a standard's fields are called on the command line, apart from target and date.
struct StandardFields: FieldOptions {
  @Option(help: ArgumentHelp("What is measured, in a few words.", valueName: "text"))
  var metric: String?
  @Option(help: ArgumentHelp("The unit of target and values.", valueName: "text"))
  var unit: String?
  @Flag(inversion: .prefixedNo, help: "Whether a lower value is the better one.")
  var lowerIsBetter: Bool?
  @Option(
    name: .customLong("for"), help: ArgumentHelp("external or internal.", valueName: "audience"),
    completion: Completion.terms(StandardAudience.self))
  var audience: String?
  @Option(
    help: ArgumentHelp(
      "Which side of the customer interface it holds: style, substance, service-time (one that is kept) or customer-time (what customers spend).",
      valueName: "aspect"), completion: Completion.terms(StandardAspect.self))
  var aspect: String?
  @Option(help: ArgumentHelp("Who owns it.", valueName: "person"), completion: Completion.people)
  var owner: String?

  var values: JSONObject {
    given([
      "metric": metric, "unit": unit, "lowerIsBetter": lowerIsBetter.map(JSON.bool),
      "for": audience, "aspect": aspect, "owner": owner,
    ])
  }
}
