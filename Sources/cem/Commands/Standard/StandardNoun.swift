import ArgumentParser
import CEMDomain

struct StandardNoun: AsyncParsableCommand, CorrectableNoun {
  static let kind = EntityKind.standard
  static let example = "STD-9"
  static let configuration = CommandConfiguration(
    commandName: "standard",
    abstract: "Service standards at touchpoints, and how they are kept.",
    subcommands: [
      SetVerb.self, MeasureVerb.self, RetireVerb.self, ReinstateVerb.self, AmendVerb.self,
      VoidVerb<StandardNoun>.self, RestoreVerb<StandardNoun>.self, ListVerb.self,
      BreachesVerb.self, ShowVerb.self,
    ])
}

/// What a standard's fields are called on the command line, apart from target and date.
struct StandardFields: ParsableArguments {
  @Option(help: ArgumentHelp("What is measured, in a few words.", valueName: "text"))
  var metric: String?
  @Option(help: ArgumentHelp("The unit of target and values.", valueName: "text"))
  var unit: String?
  @Flag(inversion: .prefixedNo, help: "Whether a lower value is the better one.")
  var lowerIsBetter: Bool?
  @Option(
    name: .customLong("for"), help: ArgumentHelp("external or internal.", valueName: "audience"))
  var audience: String?
  @Option(help: ArgumentHelp("Who owns it.", valueName: "person"), completion: Completion.people)
  var owner: String?

  var values: JSONObject {
    given([
      "metric": metric, "unit": unit, "lowerIsBetter": lowerIsBetter.map(JSON.bool),
      "for": audience, "owner": owner,
    ])
  }
}
