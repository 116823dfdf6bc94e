import ArgumentParser
import CEMDomain
import CEMStore

struct SegmentNoun: AsyncParsableCommand, AmendableNoun, ShownNoun {
  static let kind = EntityKind.segment
  static let example = "first-time-buyers"
  static let configuration = CommandConfiguration(
    commandName: "segment", abstract: "Groups of customers that experience things alike.",
    discussion: examples(
      "cem segment define small-business --name \"Small businesses\" --market business",
      "cem segment list"),
    subcommands: [
      DefineVerb.self, AmendVerb<Self>.self, VoidVerb<Self>.self, RestoreVerb<Self>.self,
      ListVerb<Self>.self, ShowVerb<Self>.self,
    ])

  typealias Fields = SegmentFields
  static let amendHelp = (
    abstract: amendAbstract,
    discussion: examples(
      "cem segment amend first-time-buyers --purchase first --reason \"left out\"")
  )
  static let showHelp = (
    abstract: "Show a segment.", discussion: examples("cem segment show first-time-buyers")
  )
  static let listHelp = (abstract: "List segments.", discussion: examples("cem segment list"))
  static let nothing = "no segments"
  static let first = "cem segment define CODE --name TEXT"
  static func fields(on _: Day) -> [Field<EntityRecord>] { fields }

  struct DefineVerb: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "define", abstract: "Define a segment.",
      discussion: examples(
        "cem segment define first-time-buyers --name \"First-time buyers\" --market consumer --role buyer --purchase first"
      ))

    @Argument(help: ArgumentHelp("Its code.", valueName: "code")) var code: String
    @OptionGroup(title: "The segment") var segment: SegmentFields
    @OptionGroup(title: "Recording") var write: WriteOptions
    @OptionGroup(title: "Options everywhere") var options: GlobalOptions

    func run() async throws {
      var fields = segment.values
      fields["code"] = .string(code)
      try await issue("segment.define", fields, write, options)
    }
  }

  static let fields: [Field<EntityRecord>] = ownFields + Field.common

  private static let ownFields: [Field<EntityRecord>] = [
    Field("code") { .text($0.stream.code) },
    Field("name") { Datum($0.segment?.details.name) },
    Field("market") { Datum($0.segment?.details.market) },
    Field("role") { Datum($0.segment?.details.role) },
    Field("purchase") { Datum($0.segment?.details.purchase) },
    Field("owner") { Datum($0.segment?.details.owner) },
    Field("description", inTable: false) { Datum($0.segment?.details.description) },
  ]
}

/// What a segment's fields are called on the command line.
struct SegmentFields: FieldOptions {
  @Option(help: ArgumentHelp("Its name.", valueName: "text")) var name: String?
  @Option(help: ArgumentHelp("Who they are, in words.", valueName: "text"))
  var description: String?
  @Option(
    help: ArgumentHelp("consumer or business.", valueName: "market"),
    completion: Completion.terms(SegmentMarket.self))
  var market: String?
  @Option(
    help: ArgumentHelp("buyer, user or influencer.", valueName: "role"),
    completion: Completion.terms(PurchaseRole.self))
  var role: String?
  @Option(
    help: ArgumentHelp("first or repeat.", valueName: "purchase"),
    completion: Completion.terms(PurchaseTurn.self))
  var purchase: String?
  @Option(help: ArgumentHelp("Who owns it.", valueName: "person"), completion: Completion.people)
  var owner: String?

  var values: JSONObject {
    given([
      "name": name, "description": description, "market": market, "role": role,
      "purchase": purchase, "owner": owner,
    ])
  }
}
