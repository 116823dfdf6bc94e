import ArgumentParser
import CEMStore
import TransparencyLog

extension AuditNoun {
  struct Receipts: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "receipts", abstract: "List the receipts that were kept of your commands.",
      discussion: examples(
        "cem audit receipts", "cem audit receipts --json=commandId,treeSize,rootHash",
        about:
          "Each holds the log to the history up to there: cem audit verify compares it with them all, and with --receipt FILE with those in a file."
      ))

    @Option(help: ArgumentHelp("Only the last ones, at most this many; 0 is all.", valueName: "n"))
    var limit: Int?
    @OptionGroup(title: "Options everywhere") var options: GlobalOptions

    func validate() throws {
      if let limit, limit < 0 { throw ValidationError("--limit must not be negative") }
    }

    private static let fields: [Field<KeptReceipt>] = [
      Field("recordedAt") { Datum($0.recordedAt) },
      Field("command") { .text($0.command) },
      Field("ref") { Datum($0.reference) },
      Field("positions") { .list($0.events.map { .integer($0.position) }) },
      Field("treeSize", numeric: true) { .integer($0.treeSize) },
      Field("rootHash") { .text($0.rootHash.base64) },
      Field("commandId", inTable: false) { .text($0.commandID.text) },
      Field("program", inTable: false) { .text($0.program) },
      Field("database", inTable: false) { .text($0.database) },
    ]

    func run() async throws {
      let session = try await Session.open(options)
      let (receipts, problems) = try ReceiptFile.receipts(
        database: session.databaseName, program: session.program.id)
      try options.show(
        Listing(
          limit.flatMap { $0 > 0 ? Array(receipts.suffix($0)) : nil } ?? receipts, Self.fields,
          empty: "no receipt was kept of this program here"))
      guard problems.isEmpty else {
        for problem in problems { Console.standard.warn(problem.message) }
        throw CommandError.answerIsNo("not all kept receipts are whole")
      }
    }
  }
}
