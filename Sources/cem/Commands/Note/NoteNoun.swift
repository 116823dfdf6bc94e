import ArgumentParser
import CEMDomain
import CEMStore

struct NoteNoun: AsyncParsableCommand, CorrectableNoun {
  static let kind = EntityKind.note
  static let example = "NOTE-8"
  static let configuration = CommandConfiguration(
    commandName: "note", abstract: "Notes beside things of any kind, with labels and links.",
    subcommands: [
      AddVerb.self, AmendVerb.self, VoidVerb<NoteNoun>.self, RestoreVerb<NoteNoun>.self,
      ListVerb.self, ShowVerb.self,
    ],
    defaultSubcommand: AddVerb.self)

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

  struct AmendVerb: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "amend", abstract: "Correct what was recorded wrongly.",
      discussion: examples("cem note amend NOTE-8 --label staff --reason \"a better label\""))

    @Argument(help: "The note.", completion: Completion.references(.note)) var note: String
    @OptionGroup(title: "New values") var new: NoteFields
    @OptionGroup(title: "New values") var cleared: AmendOptions
    @OptionGroup(title: "Recording") var write: WriteOptions
    @OptionGroup(title: "Options everywhere") var options: GlobalOptions

    func run() async throws {
      var fields = cleared.adding(to: new.values)
      fields["note"] = .string(note)
      try await issue("note.amend", fields, write, options)
    }
  }

  struct ListVerb: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "list", abstract: "List notes.",
      discussion: examples("cem note list --about GAP-12", "cem note list --label people"))

    @Option(
      help: ArgumentHelp("Only those about one thing.", valueName: "ref"),
      completion: Completion.references(.gap))
    var about: String?
    @Option(help: ArgumentHelp("Only those with a label.", valueName: "label")) var label: String?
    @OptionGroup(title: "Which") var list: ListOptions
    @OptionGroup(title: "When") var read: ReadOptions
    @OptionGroup(title: "Options everywhere") var options: GlobalOptions

    func run() async throws {
      let session = try await Session.open(options)
      let subject = try about.map { try StreamID(given: $0, field: "about") }
      let records = try session.read(read) { try $0.reader.records(of: .note) }
        .filter { record in
          guard let details = record.note?.details else { return false }
          let labels = (details.labels ?? []).map(\.description)
          return (subject.map { $0 == details.about } ?? true)
            && (label.map { labels.contains($0) } ?? true)
        }
      try options.show(
        try list.apply(
          to: records, NoteNoun.fields, empty: "no notes: cem note REF --text TEXT"))
    }
  }

  struct ShowVerb: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "show", abstract: "Show a note.", discussion: examples("cem note show NOTE-8"))

    @Argument(help: "The note.", completion: Completion.references(.note)) var note: String
    @OptionGroup(title: "When") var read: ReadOptions
    @OptionGroup(title: "Options everywhere") var options: GlobalOptions

    func run() async throws {
      try await show(
        try NoteRef(given: note, field: "note").stream, NoteNoun.fields, read, options)
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
struct NoteFields: ParsableArguments {
  @Option(help: ArgumentHelp("What there is to say.", valueName: "text")) var text: String?
  @Option(help: ArgumentHelp("A label to find it by; may be repeated.", valueName: "label"))
  var label: [String] = []
  @Option(help: ArgumentHelp("Where more is written about it.", valueName: "url"))
  var link: String?

  var values: JSONObject { given(["text": text, "labels": label, "link": link]) }
}
