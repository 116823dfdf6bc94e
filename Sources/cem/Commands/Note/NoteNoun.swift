import ArgumentParser
import CEMDomain
import CEMStore

struct NoteNoun: AsyncParsableCommand, AmendableNoun, ShownNoun {
  static let kind = EntityKind.note
  static let example = "NOTE-8"
  static let configuration = CommandConfiguration(
    commandName: "note", abstract: "Notes beside things of any kind, with labels and links.",
    discussion: examples(
      "cem note add GAP-12 --text \"Asked the office for the list\"",
      "cem note list"),
    subcommands: [
      AddVerb.self, AmendVerb<Self>.self, VoidVerb<Self>.self, RestoreVerb<Self>.self,
      ListVerb<Self>.self, ShowVerb<Self>.self,
    ],
    defaultSubcommand: AddVerb.self)

  typealias Fields = NoteFields
  typealias Filter = NoteFilter
  static let amendHelp = (
    abstract: amendAbstract,
    discussion: examples("cem note amend NOTE-8 --label staff --reason \"a better label\"")
  )
  static let showHelp = (abstract: "Show a note.", discussion: examples("cem note show NOTE-8"))
  static let listHelp = (
    abstract: "List notes.",
    discussion: examples("cem note list --about GAP-12", "cem note list --label people")
  )
  static let nothing = "no notes"
  static let first = "cem note REF --text TEXT"
  static func fields(on _: Day) -> [Field<EntityRecord>] { fields }

  struct AddVerb: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "add", abstract: "Write a note; 'add' can be left out.",
      discussion: examples(
        "cem note GAP-12 --text \"Discussed with the union\" --label people",
        "cem note INI-7 --text \"Minutes\" --link https://example.org/minutes"))

    @Argument(
      help: ArgumentHelp("What it is about, like GAP-12, or its stream.", valueName: "ref"),
      completion: Completion.references(.gap))
    var about: String
    @OptionGroup(title: "The note") var note: NoteFields
    @OptionGroup(title: "Recording") var write: WriteOptions
    @OptionGroup(title: "Options everywhere") var options: GlobalOptions

    func run() async throws {
      var fields = note.values
      fields["about"] = .string(about)
      try await issue("note.add", fields, write, options)
    }
  }

  static let fields: [Field<EntityRecord>] = ownFields + Field.common

  private static let ownFields: [Field<EntityRecord>] = [
    .ref,
    Field("about") { Datum($0.note?.details.about.reference) },
    Field("on", numeric: true) { .day($0.since) },
    Field("labels") { record in Datum((record.note?.details.labels ?? []).map(\.description)) },
    Field("text") { Datum($0.note?.details.text) },
    Field("link", inTable: false) { Datum($0.note?.details.link) },
    Field("departments", inTable: false) { Datum($0.note?.details.departments ?? []) },
  ]
}

/// What a note's fields are called on the command line.
struct NoteFields: FieldOptions {
  @Option(help: ArgumentHelp("What there is to say.", valueName: "text")) var text: String?
  @Option(help: ArgumentHelp("A label to find it by; may be repeated.", valueName: "label"))
  var label: [String] = []
  @Option(help: ArgumentHelp("Where more is written about it.", valueName: "url"))
  var link: String?

  var values: JSONObject { given(["text": text, "labels": label, "link": link]) }
}

/// What notes can be listed by.
struct NoteFilter: ListFilter {
  @Option(
    help: ArgumentHelp("Only those about one thing.", valueName: "ref"),
    completion: Completion.references(.gap))
  var about: String?
  @Option(help: ArgumentHelp("Only those with a label.", valueName: "label")) var label: String?

  var isGiven: Bool { about != nil || label != nil }

  func lets(_ record: EntityRecord) throws -> Bool {
    guard let details = record.note?.details else { return false }
    let subject = try about.map { try StreamID(given: $0, field: "about") }
    return (subject.map { $0 == details.about } ?? true)
      && (label.map { label in details.labels?.contains { $0.description == label } ?? false }
        ?? true)
  }
}
