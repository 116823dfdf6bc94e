import ArgumentParser
import CEMDomain
import CEMStore

struct SegmentNoun: AsyncParsableCommand, CorrectableNoun {
  static let kind = EntityKind.segment
  static let example = "first-time-buyers"
  static let configuration = CommandConfiguration(
    commandName: "segment", abstract: "Groups of customers that experience things alike.",
    subcommands: [
      DefineVerb.self, AmendVerb.self, VoidVerb<SegmentNoun>.self, RestoreVerb<SegmentNoun>.self,
      ListVerb.self, ShowVerb.self,
    ])

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

  struct AmendVerb: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "amend", abstract: "Correct what was recorded wrongly.",
      discussion: examples(
        "cem segment amend first-time-buyers --purchase first --reason \"left out\""))

    @Argument(help: "The segment.", completion: Completion.references(.segment))
    var segment: String
    @OptionGroup(title: "New values") var new: SegmentFields
    @OptionGroup(title: "New values") var cleared: AmendOptions
    @OptionGroup(title: "Recording") var write: WriteOptions
    @OptionGroup(title: "Options everywhere") var options: GlobalOptions

    func run() async throws {
      var fields = cleared.adding(to: new.values)
      fields["segment"] = .string(segment)
      try await issue("segment.amend", fields, write, options)
    }
  }

  struct ListVerb: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "list", abstract: "List segments.", discussion: examples("cem segment list"))

    @OptionGroup(title: "Which") var list: ListOptions
    @OptionGroup(title: "When") var read: ReadOptions
    @OptionGroup(title: "Options everywhere") var options: GlobalOptions

    func run() async throws {
      let session = try await Session.open(options)
      let records = try session.read(read) { try $0.reader.records(of: .segment) }
      try options.show(
        try list.apply(
          to: records, SegmentNoun.fields, empty: "no segments: cem segment define CODE --name TEXT"
        ))
    }
  }

  struct ShowVerb: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "show", abstract: "Show a segment.",
      discussion: examples("cem segment show first-time-buyers"))

    @Argument(help: "The segment.", completion: Completion.references(.segment))
    var segment: String
    @OptionGroup(title: "When") var read: ReadOptions
    @OptionGroup(title: "Options everywhere") var options: GlobalOptions

    func run() async throws {
      try await show(
        try SegmentCode(given: segment, field: "segment").stream, SegmentNoun.fields, read, options)
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
struct SegmentFields: ParsableArguments {
  @Option(help: ArgumentHelp("Its name.", valueName: "text")) var name: String?
  @Option(help: ArgumentHelp("Who they are, in words.", valueName: "text"))
  var description: String?
  @Option(help: ArgumentHelp("consumer or business.", valueName: "market")) var market: String?
  @Option(help: ArgumentHelp("buyer, user or influencer.", valueName: "role")) var role: String?
  @Option(help: ArgumentHelp("first or repeat.", valueName: "purchase")) var purchase: String?
  @Option(help: ArgumentHelp("Who owns it.", valueName: "person"), completion: Completion.people)
  var owner: String?

  var values: JSONObject {
    given([
      "name": name, "description": description, "market": market, "role": role,
      "purchase": purchase, "owner": owner,
    ])
  }
}
