import ArgumentParser
import CEMDomain

/// A step in the life of a thing that needs no more than to be named.
protocol PlainStep {
  associatedtype Noun: CorrectableNoun
  static var verb: String { get }
  static var abstract: String { get }
  static var discussion: String { get }
}

/// `cem NOUN VERB REF`.
struct PlainVerb<Step: PlainStep>: AsyncParsableCommand {
  static var configuration: CommandConfiguration {
    CommandConfiguration(
      commandName: Step.verb, abstract: Step.abstract, discussion: Step.discussion)
  }

  @Argument(help: "Its reference.", completion: Completion.references(Step.Noun.kind))
  var ref: String
  @OptionGroup(title: "Recording") var write: WriteOptions
  @OptionGroup(title: "Options everywhere") var options: GlobalOptions

  func run() async throws {
    let kind = Step.Noun.kind.rawValue
    try await issue("\(kind).\(Step.verb)", given([kind: ref]), write, options)
  }
}
