import ArgumentParser
import CEMDomain
import CEMStore
import TransparencyLog

/// `cem import`: many commands from a file.
struct ImportCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "import", abstract: "Record many commands from NDJSON or CSV.",
    discussion: examples(
      "cem import gaps.ndjson --dry-run",
      "cem import gaps.csv --command gap.record --map title=Standard --map expected=Target",
      "cem import standards.csv --command gap.record --set link=3 --set department=ssc",
      "cem import --template gap.record > gaps.csv",
      about:
        "Up to 100,000 rows are all or nothing; of more, what was recorded stays, and the same command goes on. An import can run again: what it recorded before is left out. A row that says something else than before is another row, unless it has an external id: --revise brings what has that id to what the row says. The same file under another name is another source."
    ))

  @Argument(help: "The file; - is standard input.", completion: .file()) var file: String?
  @Flag(help: "Check every row, and write nothing.") var dryRun = false
  @Flag(help: "Import the good rows, and list the bad by line.") var keepGoing = false
  @Flag(help: "Bring things that are known by their external id to what the file says.")
  var revise = false
  @Option(
    help: ArgumentHelp("Print the header row for a command's CSV.", valueName: "command"),
    completion: Completion.commands)
  var template: String?
  @Option(
    help: ArgumentHelp("The file is CSV, and each row is this command.", valueName: "name"),
    completion: Completion.commands)
  var command: String?
  @Option(
    help: ArgumentHelp("The column that holds a field; may be repeated.", valueName: "field=column")
  )
  var map: [String] = []
  @Option(
    help: ArgumentHelp(
      "What a field without a column is in every row of the CSV; may be repeated.",
      valueName: "field=value"))
  var set: [String] = []
  @Option(
    help: ArgumentHelp(
      "What the source is called; default the file's name. The same source is never recorded twice.",
      valueName: "name"))
  var source: String?
  @OptionGroup(title: "Options everywhere") var options: GlobalOptions

  func validate() throws {
    guard (file == nil) != (template == nil) else {
      throw ValidationError("name a file, or - for standard input")
    }
    for (option, pairs, form) in [("--map", map, "title=Column"), ("--set", set, "link=3")] {
      if !pairs.isEmpty, command == nil { throw ValidationError("\(option) needs --command") }
      if let wrong = pairs.first(where: { !$0.contains("=") }) {
        throw ValidationError("\(option) is like \(form), not \(wrong)")
      }
    }
  }

  /// A command that there is not, of which all would be too many to name.
  private static func unknown(_ name: String) -> CommandError {
    let names = Commands.all.map { $0.name }
    let near = name.nearest(of: names)
    let kind = name.prefix { $0 != "." } + "."
    let ofKind = names.filter { $0.hasPrefix(kind) }
    return near.isEmpty && ofKind.isEmpty
      ? .usage(
        "there is no command \(name)", hint: "a command is like gap.record: cem import --help")
      : .unknown("command", name, among: near.isEmpty ? ofKind : names)
  }

  func run() async throws {
    if let template { return try printTemplate(template) }
    if let command, Commands.byName[command] == nil { throw ImportCommand.unknown(command) }
    guard let path = file else { return }
    let file: ImportFile
    do { file = try ImportFile(path) } catch {
      throw CommandError(
        "import.no-file", "\(path) cannot be read", cause: "\(error)", exit: .notFound)
    }
    try refuseWorkbook(file, path)
    if command == nil { try checkLines(of: file, path) }
    var reader = try RowReader(format, read: file.reader())
    if !reader.unusedColumns.isEmpty {
      Console.standard.note(
        "note: left out: \(reader.unusedColumns.joined(separator: ", "))".printable())
    }
    var settings = Importer.Options()
    settings.isDryRun = dryRun
    settings.keepsGoing = keepGoing
    settings.revises = revise
    settings.isAllOrNothing = try !file.hasMoreRecords(
      than: Importer.allOrNothingLimit, command == nil ? .lines : .csv)
    let session = try await Session.open(options, purpose: .bulk)
    let importer = Importer(
      session.store, source: source ?? ImportCommand.name(of: path), options: settings)
    importer.onProgress = { Console.standard.progress("\($0) rows …") }
    let isJSON = options.style.isJSON
    importer.onRefusal = { refused in
      Console.standard.note(
        isJSON
          ? Datum(.object(ImportCommand.object(of: refused))).jsonText
          : ImportCommand.words(of: refused))
    }
    var outcome: ImportOutcome
    do {
      outcome = try importer.run(&reader, again: { try RowReader(format, read: file.reader()) })
    } catch {
      keepReceipt(of: importer.committed, session)
      throw failure(error, after: importer.committed)
    }
    if outcome.rows == 0 {
      // Without a row there was no transaction to tell where the log ends.
      outcome.treeSize = try session.moments.head().position
    }
    let view = ImportView(
      outcome: outcome, program: session.program.slug, database: session.databaseName,
      isDryRun: dryRun)
    keepReceipt(of: outcome, session)
    do {
      try options.show(view, ImportView.fields, sentence: view.sentence)
      try Console.standard.flush()
    } catch let error as SystemError where !dryRun && outcome.events > 0 {
      throw CommandError.unwritten(
        events: outcome.events, error, lookUp: "history --limit 10",
        details: ["recorded": .int(Int64(outcome.recorded)), "treeSize": .int(outcome.treeSize)])
    }
    guard outcome.refused == 0 else {
      throw CommandError(
        "import.refused", "\(outcome.refused) of \(outcome.rows) rows were refused",
        hint: "correct them and import the file again: what is recorded is left out",
        details: [
          "rows": .int(Int64(outcome.rows)), "refused": .int(Int64(outcome.refused)),
          "recorded": .int(Int64(outcome.recorded)),
        ], exit: .input)
    }
  }

  /// Keeps one receipt for the whole import, which holds the log to all of it.
  private func keepReceipt(of outcome: ImportOutcome, _ session: Session) {
    guard !dryRun, outcome.events > 0, let root = outcome.rootHash else { return }
    let receipt = IssuedReceipt(
      receipt: Receipt(of: outcome, root: root, programID: session.program.id),
      program: session.program.slug, database: session.databaseName)
    do {
      try ReceiptFile.append(receipt)
    } catch {
      Console.standard.warn("imported, but the receipt was not kept: \(error.reason)")
    }
  }

  private var format: RowReader.Format {
    guard let command else { return .ndjson }
    return .csv(
      command: command, map: ImportCommand.pairs(map), constants: ImportCommand.pairs(set))
  }

  /// What stands before and behind the first `=` of each.
  private static func pairs(_ texts: [String]) -> [String: String] {
    var pairs: [String: String] = [:]
    for text in texts {
      let parts = text.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
      pairs[String(parts[0])] = String(parts[1])
    }
    return pairs
  }

  /// What a spreadsheet saves of itself is no text, and is not to be told that it is badly encoded.
  private func refuseWorkbook(_ file: ImportFile, _ path: String) throws {
    let start = try file.reader()()
    // The archives that workbooks are since 2007, and the containers that they were before.
    let signs: [[UInt8]] = [[0x50, 0x4b, 0x03, 0x04], [0xd0, 0xcf, 0x11, 0xe0]]
    guard signs.contains(where: start.starts(with:)) else { return }
    let isNamedSo = ["xlsx", "xlsm", "xls", "ods"].contains(Files.ending(of: path))
    throw CommandError(
      "import.workbook",
      "\(ImportCommand.name(of: path)) is a workbook\(isNamedSo ? "" : " or an archive"), and neither NDJSON nor CSV",
      hint:
        "save its sheet as CSV (UTF-8); one that 'cem sheet out' wrote: cem sheet in FILE",
      exit: .input)
  }

  /// Checks that what is read as NDJSON is neither empty nor a table.
  private func checkLines(of file: ImportFile, _ path: String) throws {
    var records = try RecordReader(.lines, read: file.reader())
    guard let first = try records.next() else {
      throw Rejection.emptyImport(hint: "cem import --help")
    }
    guard let line = try? first.fields.get()[0], !line.hasPrefix("{") else { return }
    guard path.lowercased().hasSuffix(".csv") || line.contains(",") || line.contains(";") else {
      return
    }
    throw CommandError.usage(
      "\(ImportCommand.name(of: path)) looks like CSV: which command is each row?",
      hint:
        "add --command, like --command gap.record; its header row: cem import --template gap.record"
    )
  }

  private func printTemplate(_ name: String) throws {
    guard let type = Commands.byName[name] else { throw ImportCommand.unknown(name) }
    let fields = type.fieldNames
    let header = ["key"] + fields + ["on", "reason", "external"].filter { !fields.contains($0) }
    try Console.standard.write(header.joined(separator: ",") + "\n")
  }

  /// What ended an import, with what it had come to: the same file goes on from there.
  private func failure(_ error: any Error, after committed: ImportOutcome) -> any Error {
    if let refused = error as? RefusedRow { return failure(refused, after: committed) }
    guard !dryRun, committed.events > 0 else { return error }
    let report = ErrorReport(error)
    return CommandError(
      report.code, report.message,
      cause: [report.cause, "\(committed.rows) rows are recorded"].compactMap { $0 }
        .joined(separator: "; "),
      hint: "the same import goes on from there" + (report.hint.map { "; \($0)" } ?? ""),
      details: ["recorded": .int(Int64(committed.recorded))], exit: report.exit)
  }

  private func failure(_ refused: RefusedRow, after committed: ImportOutcome) -> CommandError {
    CommandError(
      refused.rejection.code, "line \(refused.line): \(refused.rejection.message)",
      cause: refused.isPartial
        ? "\(committed.rows) rows before it are recorded"
        : "nothing was recorded: an import is all or nothing",
      hint: refused.rejection.hint.isEmpty
        ? "--dry-run lists all that is wrong; --keep-going imports the rest"
        : refused.rejection.hint,
      details: ImportCommand.object(of: refused), exit: .input)
  }

  /// The file's name without its folder, so that it may lie elsewhere the next time.
  private static func name(of path: String) -> String {
    path.split(separator: "/").last.map(String.init) ?? path
  }

  /// A refused row for programs.
  private static func object(of refused: RefusedRow) -> JSONObject {
    let rejection = refused.rejection
    return [
      "line": .int(Int64(refused.line)), "code": .string(rejection.code),
      "message": .string(rejection.message),
      "hint": rejection.hint.isEmpty ? .null : .string(rejection.hint),
    ]
  }

  /// A refused row for a person, with the hint that it would end an import with.
  private static func words(of refused: RefusedRow) -> String {
    let rejection = refused.rejection
    let line = "line \(refused.line): \(rejection.message) [\(rejection.code)]".printable()
    return rejection.hint.isEmpty ? line : line + "\n  hint: " + rejection.hint.printable()
  }
}

/// What an import did, as it is printed.
struct ImportView {
  var outcome: ImportOutcome
  var program: String
  var database: String
  var isDryRun: Bool

  static let fields: [Field<ImportView>] = [
    Field("program") { .text($0.program) },
    Field("database") { .text($0.database) },
    Field("rows") { Datum($0.outcome.rows) },
    Field("recorded") { Datum($0.outcome.recorded) },
    Field("revised") { Datum($0.outcome.revised) },
    Field("handledBefore") { Datum($0.outcome.handledBefore) },
    Field("overtaken") { Datum($0.outcome.overtaken) },
    Field("unchanged") { Datum($0.outcome.unchanged) },
    Field("refused") { Datum($0.outcome.refused) },
    Field("events") { Datum($0.outcome.events) },
    Field("treeSize") { .integer($0.outcome.treeSize) },
    Field("rootHash") { Datum($0.outcome.rootHash?.base64) },
    Field("dryRun") { .bool($0.isDryRun) },
  ]

  var sentence: String {
    let (recorded, events) = ("\(outcome.recorded)", Words.count(outcome.events, "event"))
    var parts = [Words.count(outcome.rows, "row")]
    parts.append(
      isDryRun
        ? Words.say("%1 would be recorded as %2", recorded, events)
        : Words.say("%1 recorded as %2", recorded, events))
    if outcome.revised > 0 { parts.append(Words.say("%1 of them revisions", "\(outcome.revised)")) }
    if outcome.handledBefore > 0 {
      parts.append(Words.say("%1 recorded before", "\(outcome.handledBefore)"))
    }
    if outcome.overtaken > 0 {
      parts.append(
        Words.say(
          "%1 left out, for later rows about the same were recorded before",
          "\(outcome.overtaken)"))
    }
    if outcome.unchanged > 0 {
      parts.append(Words.say("%1 change nothing", "\(outcome.unchanged)"))
    }
    if outcome.refused > 0 { parts.append(Words.say("%1 refused", "\(outcome.refused)")) }
    let ending =
      isDryRun
      ? Words.say("dry run: nothing was written (%1)", Words.database(database))
      : Words.say("the log ends at %1 (%2)", "\(outcome.treeSize)", Words.database(database))
    return parts.joined(separator: Words.clauseMark) + Words.sentenceMark + ending
  }
}
