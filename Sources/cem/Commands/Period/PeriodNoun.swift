import ArgumentParser
import CEMDomain
import CEMStore

/// `cem period`.
struct PeriodNoun: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "period",
    abstract: "Periods that are closed, so that what was reported stays.",
    discussion: examples(
      "cem period close 2026-Q3",
      "cem status --period 2026-Q3",
      about:
        "A closed period takes no facts dated in it. An approver may record one all the same, as a restatement, with --restate --reason TEXT. '--period' then shows what was known at the close; '--period P --as-of now' shows what is known now."
    ),
    subcommands: [Close.self, Reopen.self, List.self])

  struct Close: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "close", abstract: "Close a period that is over.",
      discussion: examples("cem period close 2026-Q3", "cem period close FY2026"))

    @Argument(help: "The period: 2026, 2026-Q3, 2026-07, FY2026 or FY2026-Q3.")
    var period: String
    @OptionGroup(title: "Recording") var write: WriteOptions
    @OptionGroup(title: "Options everywhere") var options: GlobalOptions

    func run() async throws {
      try await issue("period.close", given(["period": period]), write, options)
    }
  }

  struct Reopen: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "reopen", abstract: "Let a closed period take facts again.",
      discussion: examples("cem period reopen 2026-Q3 --reason \"the survey came late\""))

    @Argument(help: "The period.") var period: String
    @OptionGroup(title: "Recording") var write: WriteOptions
    @OptionGroup(title: "Options everywhere") var options: GlobalOptions

    func run() async throws {
      try await issue("period.reopen", given(["period": period]), write, options)
    }
  }

  struct List: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "list", abstract: "List the closed periods.",
      discussion: examples("cem period list", "cem period list --as-of 2026-06-30 --json"))

    @Option(help: ArgumentHelp("At most this many, the last ones.", valueName: "n"))
    var limit: Int?
    @OptionGroup(title: "When") var read: ReadOptions
    @OptionGroup(title: "Options everywhere") var options: GlobalOptions

    func validate() throws {
      if let limit, limit < 0 { throw ValidationError("--limit must not be negative") }
    }

    func run() async throws {
      let session = try await Session.open(options)
      let closes = try session.read(read) { try $0.reader.record(.program).program?.closes ?? [] }
      try options.show(
        Listing(
          closes.suffix(limit ?? .max), List.fields,
          empty: Words.nothing("no closed periods", "cem period close 2026-Q3")))
    }

    static let fields: [Field<PeriodClose>] = [
      Field("period") { Datum($0.period) },
      Field("first") { .day($0.first) },
      Field("last") { .day($0.last) },
      Field("closedOn") { .day($0.on) },
      Field("position", numeric: true) { .integer($0.position) },
      Field("restatements", numeric: true) { Datum($0.restatements ?? 0) },
    ]
  }
}
