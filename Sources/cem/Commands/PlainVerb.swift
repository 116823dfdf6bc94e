import ArgumentParser
import CEMDomain
import CEMStore

/// A step in the life of a thing that needs no more than to be named.
protocol PlainStep: SendableMetatype {
  associatedtype Noun: CorrectableNoun
  static var verb: String { get }
  static var abstract: String { get }
  static var discussion: String { get }
  /// Whether the step can follow where a thing stands, so that it is offered.
  static func fits(_ record: EntityRecord) -> Bool
}

extension PlainStep {
  static func fits(_ record: EntityRecord) -> Bool { record.entity.state.isOpen }
}

/// `cem NOUN VERB REF`.
struct PlainVerb<Step: PlainStep>: AsyncParsableCommand {
  static var configuration: CommandConfiguration {
    CommandConfiguration(
      commandName: Step.verb, abstract: Step.abstract, discussion: Step.discussion)
  }

  @Argument(
    help: "Its reference.",
    completion: Completion.references(Step.Noun.kind, where: { Step.fits($0) }))
  var ref: String
  @OptionGroup(title: "Recording") var write: WriteOptions
  @OptionGroup(title: "Options everywhere") var options: GlobalOptions

  func run() async throws {
    let kind = Step.Noun.kind.rawValue
    try await issue("\(kind).\(Step.verb)", given([kind: ref]), write, options)
  }
}
