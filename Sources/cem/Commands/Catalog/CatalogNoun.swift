import ArgumentParser
import CEMDomain
import CEMStore

/// `cem catalog`.
struct CatalogNoun: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "catalog",
    abstract: "The catalog of levels, actions, links, steps and other terms.",
    discussion: examples(
      "cem catalog show",
      about:
        "It is numbered, and a version never changes once it is released. A program is founded on the newest version, and goes by it until it adopts a newer one."
    ),
    subcommands: [ListVersions.self, ShowVersion.self, Adopt.self])

  struct ListVersions: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "list",
      abstract: "List the released versions, and which one the program adopted.",
      discussion: examples("cem catalog list", "cem catalog list --as-of 2026-06-30"))

    @OptionGroup(title: "When") var read: ReadOptions
    @OptionGroup(title: "Options everywhere") var options: GlobalOptions

    func run() async throws {
      let session = try await Session.open(options)
      let adopted = try session.read(read) {
        try $0.reader.record(.program).program?.details.catalogVersion
      }
      let fields: [Field<Int>] = [
        Field("version", numeric: true) { Datum($0) },
        Field("adopted") { .bool($0 == adopted) },
        Field("levels", numeric: true) { _ in Datum(Catalog.levels.count) },
        Field("terms", numeric: true) { Datum(Catalog.entries(of: $0)?.count) },
      ]
      try options.show(Listing(Catalog.released, fields))
    }
  }

  struct ShowVersion: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "show", abstract: "Show a version: every term with its id.",
      discussion: examples(
        "cem catalog show", "cem catalog show 1 --lang uk", "cem catalog show --kind GapLink",
        about: "Without a number it is the one that the program adopted."))

    @Argument(help: ArgumentHelp("The version's number.", valueName: "version"))
    var version: Int?
    @Option(
      help: ArgumentHelp("Only one kind of term, such as Action.", valueName: "kind"),
      completion: .list(Catalog.Entry.kinds(in: Catalog.entries(of: Catalog.version) ?? [])))
    var kind: String?
    @OptionGroup(title: "When") var read: ReadOptions
    @OptionGroup(title: "Options everywhere") var options: GlobalOptions

    func run() async throws {
      let session = try await Session.open(options)
      let adopted = try session.read(read) {
        try $0.reader.record(.program).program?.details.catalogVersion
      }
      let number = version ?? adopted ?? Catalog.version
      guard let entries = Catalog.entries(of: number) else {
        throw Rejection(
          .notFound, "catalog.unknown", "there is no version \(number) of the catalog",
          hint: "cem catalog list")
      }
      let kinds = Catalog.Entry.kinds(in: entries)
      if let kind, !kinds.contains(kind) {
        throw CommandError.unknown("kind", kind, among: kinds)
      }
      let fields: [Field<Catalog.Entry>] = [
        Field("kind") { .text($0.kind) }, Field("id") { .text($0.id) },
        Field("text") { .text($0.words) },
      ]
      try options.show(Listing(entries.filter { kind == nil || $0.kind == kind }, fields))
    }
  }

  struct Adopt: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "adopt", abstract: "Go by another version from here on.",
      discussion: examples(
        "cem catalog adopt 2",
        about:
          "What was recorded under the version before stays as it is. There is no way back to an older one, whose terms may be fewer."
      ))

    @Argument(help: ArgumentHelp("The version's number.", valueName: "version")) var version: Int
    @OptionGroup(title: "Recording") var write: WriteOptions
    @OptionGroup(title: "Options everywhere") var options: GlobalOptions

    func run() async throws {
      try await issue("catalog.adopt", given(["version": version]), write, options)
    }
  }
}

extension Catalog.Entry {
  /// The kinds of terms in the order of a catalog.
  fileprivate static func kinds(in entries: [Catalog.Entry]) -> [String] {
    entries.map(\.kind).reduce(into: []) { kinds, kind in
      if kinds.last != kind, !kinds.contains(kind) { kinds.append(kind) }
    }
  }

  /// What it is called in the language of whoever reads.
  fileprivate var words: String {
    guard Words.language != .english else { return text }
    switch kind {
    case "Action": return (try? ActionID(scalar: id)).map { Words.action($0) } ?? text
    case "Level":
      return Catalog.levels.first { $0.id == id }.map { "\($0.number) \(Words.level($0.number))" }
        ?? text
    default: return Catalog.label(kind, id, in: Words.language) ?? text
    }
  }
}
