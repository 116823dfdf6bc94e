import ArgumentParser
import CEMDomain
import CEMStore

/// `cem evidence`.
struct EvidenceNoun: AsyncParsableCommand, ShownNoun {
  static let kind = EntityKind.evidence
  static let example = "EV-4"
  static let configuration = CommandConfiguration(
    commandName: "evidence", abstract: "What facts rest on: texts, links and files.",
    discussion: examples(
      "cem evidence add survey.pdf --title \"Caller survey\"",
      "cem evidence list"),
    subcommands: [
      Add.self, Renew.self, Amend.self, ListVerb<Self>.self, ShowVerb<Self>.self,
      VoidVerb<Self>.self,
      RestoreVerb<Self>.self,
    ])

  /// The fields, of which `state` depends on the day.
  static func fields(on day: Day) -> [Field<EntityRecord>] {
    [
      .ref,
      Field("title") { Datum($0.evidence?.details.title) },
      Field("form") { Datum($0.evidence?.details.form, of: "Evidence.Form") },
      Field("state") { .term(kind: "Evidence.State", id: state(of: $0, on: day)) },
      Field("date", inTable: false) { Datum($0.evidence?.details.date) },
      Field("author", inTable: false) { Datum($0.evidence?.details.author) },
      Field("expires") { Datum($0.evidence?.details.expires) },
      Field("retainUntil", inTable: false) { Datum($0.evidence?.details.retainUntil) },
      Field("text", inTable: false) { Datum($0.evidence?.details.words) },
      Field("url", inTable: false) { Datum($0.evidence?.details.url) },
      Field("file", inTable: false) { record in
        guard let file = record.evidence?.details.file else { return .null }
        return Datum([
          "name": Datum(file.name), "size": .integer(file.size), "sha256": Datum(file.sha256),
        ])
      },
      Field("since", inTable: false) { .day($0.since) },
      .external, .voided, .duplicateOf, .version, .position, .changedAt,
    ]
  }

  static var listHelp: (abstract: String, discussion: String) {
    (
      "List the evidence.",
      examples("cem evidence list --state expired", about: "States: valid, expired, voided.")
    )
  }
  static let states = ["valid", "expired"]
  static let nothing = "no evidence"
  static let first = "cem evidence add FILE|URL|TEXT --title TEXT"
  static let showHelp = (
    abstract: "Show a piece of evidence.", discussion: examples("cem evidence show EV-4")
  )
  static var state: ((EntityRecord, Day) -> String)? { state(of:on:) }

  static func state(of record: EntityRecord, on day: Day) -> String {
    if record.isVoided { return "voided" }
    return record.evidence?.isValid(on: day) == true ? "valid" : "expired"
  }
}

extension EvidenceDetails {
  /// What kind of thing it is.
  fileprivate var form: String {
    if file != nil { return "file" }
    return url == nil ? "text" : "link"
  }

  /// The text that it is: its title, where that says it all.
  fileprivate var words: String? { text?.value ?? (form == "text" ? title.value : nil) }
}

extension EvidenceNoun {
  struct Renew: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "renew", abstract: "Say until when evidence holds.",
      discussion: examples(
        "cem evidence renew EV-4 --expires 2027-06-30", "cem evidence renew EV-4 --for-good"))

    @Argument(help: "Its reference.", completion: Completion.references(.evidence))
    var ref: String
    @Option(help: ArgumentHelp("The last day on which it holds.", valueName: "date"))
    var expires: String?
    @Flag(help: "It holds without end.") var forGood = false
    @OptionGroup(title: "Recording") var write: WriteOptions
    @OptionGroup(title: "Options everywhere") var options: GlobalOptions

    static let missing = "give either --expires DATE or --for-good"

    func validate() throws {
      if (expires != nil) == forGood { throw ValidationError(Self.missing) }
    }

    func run() async throws {
      try await issue(
        "evidence.renew", given(["evidence": ref, "expires": expires]), write, options)
    }
  }

  struct Amend: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "amend", abstract: "Correct the fields of evidence.",
      discussion: examples("cem evidence amend EV-4 --title \"Survey 2026\" --reason \"typo\""))

    @Argument(help: "Its reference.", completion: Completion.references(.evidence))
    var ref: String
    @Option(help: "Its title.") var title: String?
    @Option(help: "Its text.") var text: String?
    @Option(help: "Its link.") var url: String?
    @Option(help: ArgumentHelp("When it was made.", valueName: "date")) var date: String?
    @Option(help: "Who made it.") var author: String?
    @Option(help: ArgumentHelp("How long the original must be kept.", valueName: "date"))
    var retainUntil: String?
    @OptionGroup var amend: AmendOptions
    @OptionGroup(title: "Recording") var write: WriteOptions
    @OptionGroup(title: "Options everywhere") var options: GlobalOptions

    func run() async throws {
      try await issue(
        "evidence.amend",
        amend.adding(
          to: given([
            "evidence": ref, "title": title, "text": text, "url": url, "date": date,
            "author": author, "retainUntil": retainUntil,
          ]), of: .evidence), write, options)
    }
  }
}
