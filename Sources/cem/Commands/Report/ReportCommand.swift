import ArgumentParser
import CEMDomain
import CEMStore
import FoundationEssentials
import TransparencyLog

/// `cem report`: the program as a file for people who never open a terminal.
struct ReportCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "report", abstract: "Write a report of the program as one file.",
    discussion: examples(
      "cem report --out report.html", "cem report --out q3.html --period 2026-Q3 --lang uk",
      "cem report --out report.pdf", "cem report --out report.xlsx",
      "cem report --out tables.zip --csv", "cem report --out report.html --record",
      "cem report --department retail --out retail.html", "cem report --summary --out board.pdf",
      "cem report --out report.html --as-of 2026-06-30 --since 2026-03-31",
      about:
        "The page holds the program at a glance, how service standards are kept, a section for each department, what needs attention, maturity over time, what changed and what was found out. Each figure leads to its events, and the page states the log's position and root. It needs nothing else: no network, no script. The same position and day give the same bytes; --on names the day by which figures are judged, else today or that of --as-of. A file of the same name is replaced as a whole. Without --since the changes are those of the last 30 days, or of the period. With --department it is that department's own: the same sections and figures, as far as they concern it, with the program's levels beside them. With --summary it is what a board reads: levels, what moved, initiatives red, amber or overdue, money, the delivery gap, standards missed, and what needs a decision. A PDF is printed by chromium or weasyprint, whichever is there."
    ))

  @Option(
    help: ArgumentHelp(
      "The file; - is standard output. Its ending says which form it has, where no option does.",
      valueName: "file"), completion: .file())
  var out: String
  @Flag(help: "Print it as PDF.") var pdf = false
  @Flag(help: "Write the tables as a workbook, a sheet each.") var xlsx = false
  @Flag(help: "Write the tables as CSV, a file each in one ZIP archive.") var csv = false
  @Option(
    help: ArgumentHelp("Only what concerns a department, be it retired.", valueName: "dept"),
    completion: Completion.departments)
  var department: String?
  @Flag(help: "Only a page or two: what moved, what is missed, what needs a decision.")
  var summary = false
  @Option(
    help: ArgumentHelp(
      "Show what changed since a moment: a position, a date, a time or a span back.",
      valueName: "moment"))
  var since: MomentArgument?
  @Option(
    help: ArgumentHelp(
      "Of a period that was closed: take what is known since from no later than this position.",
      valueName: "position"))
  var knownAt: Int64?
  @Flag(help: "Record that the report was issued, with the file's SHA-256.") var record = false
  @OptionGroup(title: "When") var read: ReadOptions
  @OptionGroup(title: "Recording") var write: WriteOptions
  @OptionGroup(title: "Options everywhere") var options: GlobalOptions

  func validate() throws {
    guard [pdf, xlsx, csv].count(where: { $0 }) <= 1 else {
      throw ValidationError("--pdf, --xlsx and --csv exclude each other")
    }
    if knownAt != nil, read.period == nil || read.asOf != nil {
      throw ValidationError("--known-at goes with --period, and without --as-of")
    }
    if let wanted, let named, wanted != named {
      throw ValidationError("--\(wanted.rawValue) does not go with a file named \(out)")
    }
    guard !record else { return }
    let named = [
      ("--reason", write.reason != nil), ("--on-behalf-of", write.onBehalfOf != nil),
      ("--external", write.external != nil), ("--command-id", write.commandId != nil),
      ("--expect", !write.expect.isEmpty), ("--dry-run", write.dryRun),
    ].first { $0.1 }
    if let named { throw ValidationError("\(named.0) means something only with --record") }
  }

  private var format: ReportFormat { wanted ?? named ?? .html }

  /// The form that an option asks for.
  private var wanted: ReportFormat? { pdf ? .pdf : xlsx ? .xlsx : csv ? .csv : nil }

  /// The form that the file's name ends in.
  private var named: ReportFormat? {
    let name = out.lowercased()
    // CSV is several tables, which one file holds only as an archive.
    return ReportFormat.allCases.first { name.hasSuffix($0 == .csv ? ".zip" : "." + $0.rawValue) }
  }

  func run() async throws {
    if named == nil, let ending = Files.ending(of: out) {
      throw CommandError.usage(
        "there is no report in the form .\(ending)",
        hint: ending == "csv"
          ? "the tables come as CSV in one archive: --out \((out.dropLast(3) + "zip").shellQuoted)"
          : "endings that are known: .html, .pdf, .xlsx, and .zip for tables as CSV")
    }
    if out == "-", format != .html, System.isTerminal(System.standardOutput) {
      throw CommandError.usage(
        "a file of this kind is not for a terminal",
        hint: "--out report.\(format.rawValue), or a pipe behind --out -")
    }
    let session = try await Session.open(options, purpose: .bulk)
    let report = try session.report(
      read, of: try scope, since: since?.moment, on: try day, knownAt: knownAt,
      again: write.commandId)
    let bytes = try await report.bytes(format)
    let issued = ReportFile(report, name: out, format: format, bytes: bytes)
    guard record else {
      if out != "-" { try Files.write(bytes, toUserFile: out) }
      return try show(issued, bytes)
    }
    let command = try write.command(IssueReport.name, issued.fields)
    // On the disk before it is recorded, in its place after: a refusal leaves the old file, and no report
    // is recorded that could not be written.
    let draft = out == "-" || write.dryRun ? nil : try FileDraft(bytes, toUserFile: out)
    let receipt: IssuedReport
    do {
      receipt = IssuedReport(report: issued, receipt: try await session.issue(command, write))
    } catch {
      // It may have been recorded all the same: then the draft is the report.
      if !Session.isUnknown(error) { draft?.discard() }
      throw error
    }
    try draft?.publish()
    if out == "-", !write.dryRun {
      try Console.standard.write(bytes)
      Console.standard.note(receipt.sentence.printable(keepingLines: true))
    } else {
      try options.show(receipt, IssuedReport.fields, sentence: receipt.sentence)
    }
  }

  private var scope: Report.Scope {
    get throws {
      Report.Scope(
        department: try department.map { try DepartmentCode(given: $0, field: "department") },
        isSummary: summary)
    }
  }

  private var day: Day? {
    get throws {
      guard let text = write.on else { return nil }
      guard let day = Day(text) else {
        throw CommandError.usage("--on must be a date like 2026-06-30, not \(text)")
      }
      return day
    }
  }

  /// Says what was written; where it is standard output, that is the report itself.
  private func show(_ issued: ReportFile, _ bytes: [UInt8]) throws {
    guard out == "-" else {
      return try options.show(issued, ReportFile.fields, sentence: issued.sentence)
    }
    try Console.standard.write(bytes)
    Console.standard.note(issued.sentence)
  }
}

extension Report {
  /// The report in a form.
  /// - Throws: `CommandError`.
  func bytes(_ format: ReportFormat) async throws -> [UInt8] {
    switch format {
    case .html: return Array(try ReportPage(report: self).html().utf8)
    case .pdf:
      let digits = point.recordedAt.map { $0.description.filter(\.isNumber) } ?? ""
      return try await PagePrinter.pdf(
        of: try ReportPage(report: self).html(),
        time: String(digits.prefix(14)))
    case .xlsx: return try workbook()
    case .csv: return try archive()
    }
  }
}
