import ArgumentParser
import CEMDomain
import CEMStore

/// `cem rate`.
struct RateNoun: AsyncParsableCommand, AmendableNoun, ShownNoun {
  static let kind = EntityKind.rate
  static let example = "RATE-1"
  static let configuration = CommandConfiguration(
    commandName: "rate",
    abstract: "Rates of exchange, by which totals in several currencies come into one.",
    discussion: examples(
      "cem rate record USD CAD --rate 1.36",
      about:
        "Totals stay per currency. Where rates into the program's currency are recorded, one total in that currency stands beside them: each amount by the newest rate on or before its day."
    ),
    subcommands: [
      RecordVerb.self, AmendVerb<Self>.self, VoidVerb<Self>.self, RestoreVerb<Self>.self,
      ListVerb<Self>.self, ShowVerb<Self>.self,
    ])

  typealias Fields = RateFields
  static let amendHelp = (
    abstract: amendAbstract,
    discussion: examples(
      "cem rate amend RATE-1 --rate 1.37 --reason \"mistyped\"",
      about: "The day stays: void a rate of the wrong day and record it again.")
  )
  static let showHelp = (abstract: "Show a rate.", discussion: examples("cem rate show RATE-1"))
  static let listHelp = (abstract: "List rates.", discussion: examples("cem rate list --sort on"))
  static let nothing = "no rates"
  static let first = "cem rate record FROM TO --rate N"
  static func fields(on _: Day) -> [Field<EntityRecord>] { fields }

  struct RecordVerb: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "record", abstract: "Record a rate of exchange.",
      discussion: examples(
        "cem rate record USD CAD --rate 1.3698",
        "cem rate record USD CAD --rate 1.3441 --on 2024-03-28 --source \"Bank of Canada\"",
        about:
          "One unit of the first currency is worth so many of the second, from the day of --on until a newer rate. The other way round is a rate of its own."
      ))

    @Argument(help: ArgumentHelp("The currency of the amounts.", valueName: "from"))
    var from: String
    @Argument(help: ArgumentHelp("The currency that they come into.", valueName: "to"))
    var to: String
    @OptionGroup(title: "The rate") var rate: RateValue
    @OptionGroup(title: "Recording") var write: WriteOptions
    @OptionGroup(title: "Options everywhere") var options: GlobalOptions

    func run() async throws {
      var fields = rate.values
      fields["from"] = from.fieldJSON
      fields["to"] = to.fieldJSON
      try await issue("rate.record", fields, write, options)
    }
  }

  private static let fields: [Field<EntityRecord>] = [
    .ref,
    Field("from", title: "CURRENCY") { Datum($0.rate?.details.from) },
    Field("to", title: "IN") { Datum($0.rate?.details.to) },
    Field("rate", numeric: true) { Datum($0.rate?.details.value) },
    Field("on") { .day($0.since) },
    Field("source") { Datum($0.rate?.details.source) },
    .external, .voided, .duplicateOf, .version, .position, .changedAt,
  ]
}

/// What is said of a rate beside its currencies.
struct RateValue: ParsableArguments {
  @Option(help: ArgumentHelp("What one unit of the first is worth in the second.", valueName: "n"))
  var rate: String?
  @Option(help: ArgumentHelp("Where it was published.", valueName: "text")) var source: String?

  var values: JSONObject { given(["rate": rate, "source": source]) }
}

/// What a rate's fields are called on the command line.
struct RateFields: FieldOptions {
  @Option(help: ArgumentHelp("The currency of the amounts.", valueName: "code"))
  var from: String?
  @Option(help: ArgumentHelp("The currency that they come into.", valueName: "code"))
  var to: String?
  @OptionGroup var rate: RateValue

  var values: JSONObject {
    var values = rate.values
    // An amendment calls it otherwise than recording does: there the rate is the thing itself.
    values["value"] = values["rate"]
    values["from"] = from?.fieldJSON
    values["to"] = to?.fieldJSON
    return values
  }
}
