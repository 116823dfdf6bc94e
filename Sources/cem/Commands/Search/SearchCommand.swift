import ArgumentParser
import CEMDomain
import CEMStore

/// `cem search`: things by the words in them.
struct SearchCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "search", abstract: "Find things by the words in their titles, texts and notes.",
    discussion: examples(
      "cem search \"second menu\"", "cem search 等待 --kind gap", "cem search callback --limit 5",
      about:
        "All words must occur, whatever their case; in any language, and within longer words too. A note is shown with what it is about."
    ))

  @Argument(help: ArgumentHelp("The words.", valueName: "text")) var text: String
  @Option(
    help: ArgumentHelp("Only things of a kind, like gap or note.", valueName: "kind"),
    completion: .list(EntityKind.allCases.map(\.rawValue)))
  var kind: String?
  @Option(
    help: ArgumentHelp("Only those of a department.", valueName: "dept"),
    completion: Completion.departments)
  var department: String?
  @Option(help: ArgumentHelp("At most this many.", valueName: "n")) var limit: Int = 50
  @OptionGroup(title: "When") var read: ReadOptions
  @OptionGroup(title: "Options everywhere") var options: GlobalOptions

  func validate() throws {
    if limit < 0 { throw ValidationError("--limit must not be negative") }
    if let kind, EntityKind(rawValue: kind) == nil {
      throw ValidationError(
        "there is no kind \(kind): " + EntityKind.allCases.map(\.rawValue).joined(separator: ", "))
    }
  }

  func run() async throws {
    let words = SearchWords(Arguments.restored(text))
    guard !words.isEmpty else { throw CommandError.usage("there is no word to search for") }
    let session = try await Session.open(options)
    let kinds = kind.flatMap { EntityKind(rawValue: $0) }.map { [$0] } ?? EntityKind.allCases
    let found = try session.read(read) { reading in
      try reading.reader.search(words, among: kinds)
    }
    .filter { hit in
      department.map { code in
        hit.record.entity.state.departments.contains { $0.code == code }
      } ?? true
    }
    try options.show(
      Listing(Array(found.prefix(limit)), SearchHit.fields, empty: "nothing has these words"))
  }
}

extension SearchHit {
  static let fields: [Field<SearchHit>] = [
    Field("ref") { .text($0.record.stream.reference) },
    Field("kind") { .term(kind: "EntityKind", id: $0.record.stream.kind.rawValue) },
    Field("about") { Datum($0.record.note?.details.about.reference) },
    Field("departments") { Datum($0.record.entity.state.departments) },
    Field("field") { .term(kind: "Field", id: $0.field) },
    Field("text") { .text($0.excerpt) },
  ]
}
