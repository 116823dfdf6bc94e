import ArgumentParser
import CEMDomain
import CEMStore

/// `cem program`.
struct ProgramNoun: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "program", abstract: "The program itself; 'cem init' founds one.",
    discussion: examples(
      "cem program show",
      "cem program list"),
    subcommands: [Show.self, List.self, Amend.self])

  static let fields: [Field<EntityRecord>] = [
    Field("slug") { Datum($0.program?.details.slug) },
    Field("name") { Datum($0.program?.details.name) },
    Field("timeZone") { Datum($0.program?.details.timeZone) },
    Field("currency") { Datum($0.program?.details.currency) },
    Field("fiscalYearStart", numeric: true) { Datum($0.program?.details.fiscalYearStart) },
    Field("catalogVersion", numeric: true) { Datum($0.program?.details.catalogVersion) },
    Field("fourEyes") { .bool($0.program?.details.fourEyes ?? false) },
    Field("since") { .day($0.since) },
    .version, .position, .changedAt,
  ]
}

extension ProgramNoun {
  struct Show: ShowingVerb {
    static let configuration = CommandConfiguration(
      commandName: "show", abstract: "Show the program.",
      discussion: examples("cem program show", "cem program show --as-of 2026-06-30"))

    @OptionGroup(title: "When") var read: ReadOptions
    @OptionGroup(title: "Options everywhere") var options: GlobalOptions

    func run() async throws {
      let session = try await Session.open(options)
      let record = try session.read(read) { try $0.reader.record(.program) }
      try options.show(record, fields)
    }
  }

  struct List: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "list", abstract: "List the programs in the database.",
      discussion: examples("cem program list"))

    @OptionGroup(title: "Options everywhere") var options: GlobalOptions

    func run() async throws {
      let connection = try await DatabaseChoice(options.database).connect()
      try Migrator(connection).check(maintaining: nil)
      // The directory has what commands need to find a program; its name is in its own log.
      let rows = try ProgramDirectory(connection).list().map { entry in
        (
          entry: entry,
          name: try LiveReader(connection, programID: entry.id).records([.program])[.program]?
            .program?.details.name
        )
      }
      let fields: [Field<(entry: ProgramDirectory.Entry, name: Title?)>] = [
        Field("slug") { .text($0.entry.slug) }, Field("name") { Datum($0.name) },
        Field("timeZone") { .text($0.entry.timeZone) }, Field("id") { .text($0.entry.id.text) },
      ]
      try options.show(Listing(rows, fields, empty: "no programs"))
    }
  }

  struct Amend: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "amend", abstract: "Correct the program's fields.",
      discussion: examples(
        "cem program amend --name \"Acme CX\" --reason \"renamed\"",
        "cem program amend --four-eyes --reason \"the auditors ask for it\""))

    @Option(help: "The short name that people type.") var slug: String?
    @Option(help: "Its name.") var name: String?
    @Option(
      help: ArgumentHelp("The time zone in which its days begin and end.", valueName: "zone"))
    var timezone: String?
    @Option(help: ArgumentHelp("Its currency, such as CAD.", valueName: "code"))
    var currency: String?
    @Option(help: ArgumentHelp("The month in which its fiscal year begins.", valueName: "MM"))
    var fiscalYearStart: Int?
    @Flag(
      inversion: .prefixedNo,
      help: ArgumentHelp(
        "Whether what takes an approver is asked for, and approved by another login. Leaving it takes an approval too."
      ))
    var fourEyes: Bool?
    @OptionGroup(title: "Recording") var write: WriteOptions
    @OptionGroup(title: "Options everywhere") var options: GlobalOptions

    func run() async throws {
      try await issue(
        "program.amend",
        given([
          "slug": slug, "name": name, "timeZone": timezone, "currency": currency,
          "fiscalYearStart": fiscalYearStart, "fourEyes": fourEyes.map(JSON.bool),
        ]), write, options)
    }
  }
}
