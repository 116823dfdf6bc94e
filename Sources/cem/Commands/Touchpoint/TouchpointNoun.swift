import ArgumentParser
import CEMDomain

struct TouchpointNoun: AsyncParsableCommand, CorrectableNoun {
  static let kind = EntityKind.touchpoint
  static let example = "TP-3"
  static let configuration = CommandConfiguration(
    commandName: "touchpoint", abstract: "Where customers meet the company.",
    subcommands: [
      MapVerb.self, PlanVerb.self, UnplanVerb.self, RetireVerb.self, ReinstateVerb.self,
      AmendVerb.self, VoidVerb<TouchpointNoun>.self, RestoreVerb<TouchpointNoun>.self,
      ListVerb.self, ShowVerb.self,
    ])
}

/// What a touchpoint's fields are called on the command line.
struct TouchpointFields: ParsableArguments {
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
      valueName: "type"))
  var type: String?
  @Option(
    help: ArgumentHelp(
      "The stage of the journey, by number or id: 1 learn, 2 evaluate, 3 enquire, 4 buy, 5 use.",
      valueName: "stage"))
  var stage: String?
  @Flag(
    inversion: .prefixedNo,
    help: "Whether the outcome can change the customer's attitude to the brand.")
  var momentOfTruth: Bool?
  @Option(help: ArgumentHelp("What customers expect beforehand, in words.", valueName: "text"))
  var expectation: String?
  @Option(help: ArgumentHelp("What they meet the first time, in words.", valueName: "text"))
  var firstExperience: String?
  @Option(help: ArgumentHelp("expectation, interaction or reflection.", valueName: "phase"))
  var phase: String?
  @Option(help: ArgumentHelp("functional or emotional.", valueName: "dimension"))
  var dimension: String?
  @Option(
    help: ArgumentHelp("integrity, reliability, efficiency or convenience.", valueName: "attribute")
  )
  var attribute: String?
  @Option(
    help: ArgumentHelp(
      "A module of experience that it works on: sense, feel, think, act or relate; may be repeated.",
      valueName: "module"))
  var module: [String] = []
  @Option(
    help: ArgumentHelp(
      "What it can give: recognition, service, convenience, benefit, information or identity; may be repeated.",
      valueName: "gift"))
  var gives: [String] = []
  @Option(help: ArgumentHelp("Who owns it.", valueName: "person"), completion: Completion.people)
  var owner: String?

  var values: JSONObject {
    given([
      "name": name, "channel": channel, "segment": segment, "type": type, "stage": stage,
      "momentOfTruth": momentOfTruth.map(JSON.bool), "expectation": expectation,
      "firstExperience": firstExperience, "phase": phase, "dimension": dimension,
      "attribute": attribute, "modules": module, "gives": gives, "owner": owner,
    ])
  }
}
