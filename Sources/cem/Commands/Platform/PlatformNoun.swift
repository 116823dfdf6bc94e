import ArgumentParser
import CEMDomain
import CEMStore

struct PlatformNoun: AsyncParsableCommand, AmendableNoun, ListedNoun {
  static let kind = EntityKind.platform
  static let example = "PLT-1"
  static let configuration = CommandConfiguration(
    commandName: "platform",
    abstract: "Experiential platforms: the promises that initiatives of steps 3 to 5 build on.",
    discussion: examples(
      "cem platform state --title \"One promise\" --promise \"An answer within a day\"",
      "cem platform show PLT-1"),
    subcommands: [
      StateVerb.self, AmendVerb<Self>.self, VoidVerb<PlatformNoun>.self,
      RestoreVerb<PlatformNoun>.self,
      ListVerb<PlatformNoun>.self, ShowVerb.self,
    ])

  struct StateVerb: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "state", abstract: "State a platform.",
      discussion: examples(
        "cem platform state --title \"One front door\" --promise \"Ask once, and we find who answers\" --feel \"taken seriously\""
      ))

    @OptionGroup(title: "The platform") var platform: PlatformFields
    @OptionGroup(title: "Recording") var write: WriteOptions
    @OptionGroup(title: "Options everywhere") var options: GlobalOptions

    func run() async throws { try await issue("platform.state", platform.values, write, options) }
  }

  typealias Fields = PlatformFields
  static let amendHelp = (
    abstract: amendAbstract,
    discussion: examples(
      "cem platform amend PLT-1 --title \"One door\" --reason \"typing error\"",
      "cem platform amend PLT-1 --feel \"at ease\" --clear sense --reason \"agreed anew\"",
      about: "An impression that is not named stays as it is.")
  )
  static var listHelp: (abstract: String, discussion: String) {
    ("List platforms.", examples("cem platform list"))
  }
  static let nothing = "no platforms"
  static let first = "cem platform state --title TEXT --promise TEXT"
  static func fields(on _: Day) -> [Field<EntityRecord>] { fields }

  struct ShowVerb: ShowingVerb {
    static let configuration = CommandConfiguration(
      commandName: "show", abstract: "Show a platform.",
      discussion: examples("cem platform show PLT-1"))

    @Argument(help: "The platform.", completion: Completion.references(.platform)) var platform:
      String
    @OptionGroup(title: "When") var read: ReadOptions
    @OptionGroup(title: "Options everywhere") var options: GlobalOptions

    func run() async throws {
      let session = try await Session.open(options)
      let stream = try PlatformRef(scalar: platform).stream
      let view = try session.read(read) { reading in
        return PlatformView(
          record: try reading.reader.record(stream),
          initiatives: try reading.reader.initiatives([
            .equals("platform", .integer(Int64(stream.number)))
          ]),
          recent: try session.recentEvents(of: stream, upTo: reading.point.position))
      }
      try options.show(view, PlatformView.fields, recent: view.recent)
    }
  }

  static let fields: [Field<EntityRecord>] = ownFields + Field.common

  private static let ownFields: [Field<EntityRecord>] =
    [
      .ref,
      Field("title") { Datum($0.platform?.details.title) },
      Field("promise") { Datum($0.platform?.details.promise) },
      Field("department") { Datum($0.platform?.details.department) },
      Field("owner") { Datum($0.platform?.details.owner) },
      Field("sense", inTable: false) { Datum($0.platform?.details.impressions?.sense) },
      Field("feel", inTable: false) { Datum($0.platform?.details.impressions?.feel) },
      Field("think", inTable: false) { Datum($0.platform?.details.impressions?.think) },
      Field("act", inTable: false) { Datum($0.platform?.details.impressions?.act) },
      Field("relate", inTable: false) { Datum($0.platform?.details.impressions?.relate) },
      Field("restsOn", inTable: false) { Datum($0.platform?.details.restsOn ?? []) },
      Field("insights", inTable: false) { Datum($0.platform?.details.insights ?? []) },
      Field("theme", inTable: false) { Datum($0.platform?.details.theme) },
      Field("positiveCues", inTable: false) { texts($0.platform?.details.positiveCues) },
      Field("negativeCues", inTable: false) { texts($0.platform?.details.negativeCues) },
      Field("mementos", inTable: false) { texts($0.platform?.details.mementos) },
      Field("hook", inTable: false) { Datum($0.platform?.details.hook) },
    ]
}

private func texts(_ texts: [Text]?) -> Datum {
  .list((texts ?? []).map { Datum($0) })
}

/// A platform with what a card shows beside it.
struct PlatformView: Sendable {
  var record: EntityRecord
  /// The initiatives that build on it.
  var initiatives: [String]
  var recent: [String]

  static let fields: [Field<PlatformView>] =
    Field.of(PlatformNoun.fields) { $0.record } + [initiatives]

  private static let initiatives = Field<PlatformView>("initiatives") { Datum($0.initiatives) }
}

/// What a platform's fields are called on the command line.
struct PlatformFields: FieldOptions {
  static let parts = ["impressions": ["sense", "feel", "think", "act", "relate"]]

  @Option(help: ArgumentHelp("Its name.", valueName: "text")) var title: String?
  @Option(help: ArgumentHelp("The promise of value to the customer.", valueName: "text"))
  var promise: String?
  @Option(
    help: ArgumentHelp("The department it belongs to.", valueName: "dept"),
    completion: Completion.departments)
  var department: String?
  @Option(help: ArgumentHelp("Who owns it.", valueName: "person"), completion: Completion.people)
  var owner: String?
  @Option(help: ArgumentHelp("What customers should sense.", valueName: "text")) var sense: String?
  @Option(help: ArgumentHelp("What they should feel.", valueName: "text")) var feel: String?
  @Option(help: ArgumentHelp("What they should think.", valueName: "text")) var think: String?
  @Option(help: ArgumentHelp("What they should do.", valueName: "text")) var act: String?
  @Option(help: ArgumentHelp("What they should relate to.", valueName: "text")) var relate: String?
  @Option(
    help: ArgumentHelp(
      "A step-1 initiative whose analysis it rests on; may be repeated.", valueName: "ref"),
    completion: Completion.references(.initiative))
  var restsOn: [String] = []
  @Option(
    help: ArgumentHelp("An insight that it rests on; may be repeated.", valueName: "ref"),
    completion: Completion.references(.insight))
  var insight: [String] = []
  @Option(help: ArgumentHelp("What brings the impressions together.", valueName: "text"))
  var theme: String?
  @Option(help: ArgumentHelp("A cue to strengthen; may be repeated.", valueName: "text"))
  var positiveCue: [String] = []
  @Option(help: ArgumentHelp("A cue to remove; may be repeated.", valueName: "text"))
  var negativeCue: [String] = []
  @Option(help: ArgumentHelp("What people take home; may be repeated.", valueName: "text"))
  var memento: [String] = []
  @Option(help: ArgumentHelp("The one clear idea that people pass on.", valueName: "text"))
  var hook: String?

  var values: JSONObject {
    let impressions = given([
      "sense": sense, "feel": feel, "think": think, "act": act, "relate": relate,
    ])
    return given([
      "title": title, "promise": promise, "department": department, "owner": owner,
      "impressions": impressions.isEmpty ? nil : JSON.object(impressions), "restsOn": restsOn,
      "insights": insight, "theme": theme, "positiveCues": positiveCue,
      "negativeCues": negativeCue, "mementos": memento, "hook": hook,
    ])
  }
}

extension Session {
  /// Says which open initiatives name a platform that was voided.
  func noteUnsupportedInitiatives(after issued: IssuedReceipt) throws {
    guard !issued.isDryRun, let event = issued.receipt.events.first,
      event.type == "platform.voided", let stream = StreamID(event.stream)
    else { return }
    let initiatives = try readNow {
      try $0.reader.initiatives([
        .equals("platform", .integer(Int64(stream.number))), .isUnderWay,
      ])
    }
    for initiative in initiatives {
      Console.standard.note(
        Words.say(
          "%1 still names %2: cem initiative amend %1 --platform REF --reason TEXT, or cem initiative waive %1 --reason TEXT",
          initiative, stream.reference
        ).printable())
    }
  }
}
