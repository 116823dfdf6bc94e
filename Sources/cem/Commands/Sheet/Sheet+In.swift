import ArgumentParser
import CEMDomain
import CEMStore
import FoundationEssentials

extension SheetNoun {
  struct InVerb: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "in", abstract: "Take a filled-in workbook back, row by row.",
      discussion: examples(
        "cem sheet in retail.xlsx --dry-run", "cem sheet in retail.xlsx --on-behalf-of retail-lead",
        about:
          "What was changed since the workbook was given out is shown as the commands that do it. They are decided by the same rules as any command, and what one row asks for is done together or not at all; a thing that somebody changed meanwhile is refused. Taken in again, what is done is left out. Labels in any language and ids are understood. The exit code is 65 where something was refused."
      ))

    @Argument(help: "The workbook.", completion: .file()) var file: String
    @Flag(help: "Show what would be done or refused, and write nothing.") var dryRun = false
    @Option(help: ArgumentHelp("When it happened; default today.", valueName: "date"))
    var on: String?
    @Option(
      help: ArgumentHelp("For whom you act.", valueName: "person"), completion: Completion.people)
    var onBehalfOf: String?
    @OptionGroup(title: "Options everywhere") var options: GlobalOptions

    func run() async throws {
      let book = try WorkbookReader(try Files.contents(file), name: file)
      var sheet = try SheetReader(book, name: file)
      let session = try await Session.open(options, purpose: .bulk)
      guard sheet.origin.program == session.program.id else {
        throw CommandError(
          "sheet.other-program", "\(file) was given out by another program",
          hint: "name its program with --program", exit: .input)
      }
      let point = try session.moments.resolve(.position(sheet.origin.position))
      try sheet.read(
        PastReader(session.connection, programID: session.program.id, point: point), on: on,
        onBehalfOf: onBehalfOf)
      for name in sheet.missing {
        Console.standard.note(
          Words.say("note: the sheet {name} is missing", ["name": name]).printable())
      }
      let outcome = try RowApplier(
        session.store, source: "sheet:\(sheet.origin.workbook.text)"
      ).apply(sheet.rows.map(RowApplier.Unit.init), isDryRun: dryRun)
      keepReceipt(of: outcome, session)
      try show(
        zip(sheet.rows, outcome.results).flatMap { TakenRow.all($0, $1, isDryRun: dryRun) })
    }

    private func show(_ rows: [TakenRow]) throws {
      let style = options.style
      if style.isForPeople || style.format == nil, style.fields.isEmpty {
        for row in rows {
          try Console.standard.write(row.lines.map { $0 + "\n" }.joined())
        }
        if rows.isEmpty { try Console.standard.write(Words.say("nothing was filled in") + "\n") }
      } else {
        try options.show(Listing(rows, TakenRow.fields))
      }
      let refused = rows.count { $0.status == .refused }
      guard refused == 0 else {
        throw CommandError(
          "sheet.refused",
          Words.say(
            "{refused} of {all} changes were refused",
            ["refused": "\(refused)", "all": "\(rows.count)"]),
          cause: dryRun || refused == rows.count ? nil : Words.say("the others are done"),
          hint: Words.say(
            "correct the cells and take the workbook in again: what is done is left out"),
          exit: .input)
      }
    }

    /// Keeps one receipt for all rows, which holds the log to all of them.
    private func keepReceipt(of outcome: RowApplier.Outcome, _ session: Session) {
      guard !dryRun, let receipt = Receipt(of: outcome, programID: session.program.id) else {
        return
      }
      do {
        try ReceiptFile.append(
          IssuedReceipt(
            receipt: receipt, program: session.program.slug, database: session.databaseName))
      } catch {
        Console.standard.warn("recorded, but the receipt was not kept: \(error.reason)")
      }
    }
  }
}

extension RowApplier.Unit {
  /// What a row of a workbook asks for.
  fileprivate init(_ changes: [SheetChange]) {
    let rows = changes.compactMap { try? $0.content.get() }
    self.init(rows, isWhole: rows.count == changes.count)
  }
}

/// What became of a change.
struct TakenRow {
  enum Status: String {
    case done
    case wouldDo = "would do"
    case doneBefore = "done before"
    case nothing = "nothing to do"
    case refused
  }

  var sheet: String
  var row: Int
  var cell: String?
  var status: Status
  var ref: String?
  /// `nil` where no command could be made of it.
  var command: String?
  var reason: String?
  var hint: String?

  static let fields: [Field<TakenRow>] = [
    Field("sheet") { .text($0.sheet) },
    Field("row", numeric: true) { Datum($0.row) },
    Field("cell") { Datum($0.cell) },
    Field("status") { .text($0.status.rawValue) },
    Field("ref") { Datum($0.ref) },
    Field("command") { Datum($0.command) },
    Field("reason") { Datum($0.reason) },
    Field("hint") { Datum($0.hint) },
  ]

  /// The changes of a row with what became of them.
  static func all(
    _ changes: [SheetChange], _ results: [RowApplier.Result], isDryRun: Bool
  ) -> [TakenRow] {
    var results = results[...]
    return changes.map { change in
      var taken = TakenRow(sheet: change.sheet, row: change.row, status: .refused)
      switch change.content {
      case .failure(let problem):
        (taken.cell, taken.reason, taken.hint) = (problem.cell, problem.message, problem.hint)
      case .success(let row):
        taken.command = row.commandLine
        switch results.popFirst() {
        case .recorded(_, let reference)?:
          taken.status = isDryRun ? .wouldDo : .done
          taken.ref = reference
        case .handledBefore?: taken.status = .doneBefore
        case .unchanged?, nil: taken.status = .nothing
        case .refused(let rejection)?: taken.refuse(rejection, change)
        case .withheld?: taken.reason = Words.say("something else in the row was refused")
        }
      }
      return taken
    }
  }

  /// Says why the change was refused: of its cell, where one is to blame, by what stands over it.
  private mutating func refuse(_ rejection: Rejection, _ change: SheetChange) {
    let field = rejection.code == "reason.missing" ? "reason" : rejection.details["field"]?.string
    reason = rejection.message
    if let field, let place = change.place(field) {
      cell = place.cell
      let start = "\(field): "
      let words =
        rejection.code == "reason.missing"
        ? Words.say("is missing")
        : rejection.message.hasPrefix(start)
          ? String(rejection.message.dropFirst(start.count)) : rejection.message
      reason = "\(place.title): \(words == "is missing" ? Words.say(words) : words)"
      return
    }
    hint = rejection.kind == .conflict ? "cem sheet out FILE" : rejection.hint
    if hint?.isEmpty == true { hint = nil }
  }

  /// The row for a person.
  var lines: [String] {
    let place = cell.map { "\(sheet) \($0)" } ?? "\(sheet) \(row)"
    var lines = ["\(place)  \(Words.say(status.rawValue))"]
    if status == .done, let ref { lines[0] += "  \(ref)" }
    if let command { lines.append("  " + command) }
    if let reason { lines.append("  " + reason) }
    if let hint { lines.append("  → " + hint) }
    return lines.map { $0.printable() }
  }
}
