import ArgumentParser
import CEMDomain
import CEMStore
import TransparencyLog

/// `cem report`: the program as a file for people who never open a terminal.
struct ReportCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "report", abstract: "Write a report of the program as one file.",
    discussion: examples(
      "cem report --out report.html", "cem report --out q3.html --period 2026-Q3 --lang uk",
      "cem report --out report.html --as-of 2026-06-30 --since 2026-03-31",
      about:
        "The page holds the program at a glance, a section for each department, what needs attention, maturity over time and what changed. Each figure leads to its events, and the page states the log's position and root. It needs nothing else: no network, no script. The same position and day give the same bytes. A file of the same name is replaced as a whole. Without --since the changes are those of the last 30 days, or of the period."
    ))

  @Option(
    help: ArgumentHelp("The file; - is standard output.", valueName: "file"), completion: .file())
  var out: String
  @Option(
    help: ArgumentHelp(
      "Show what changed since a moment: a position, a date, a time or a span back.",
      valueName: "moment"))
  var since: MomentArgument?
  @Option(
    help: ArgumentHelp(
      "Judge figures by this day; default today, or the day of --as-of.", valueName: "date"))
  var on: String?
  @OptionGroup(title: "When") var read: ReadOptions
  @OptionGroup(title: "Options everywhere") var options: GlobalOptions

  func run() async throws {
    let session = try await Session.open(options, purpose: .bulk)
    let day = try on.map { text throws(CommandError) in
      guard let day = Day(text) else {
        throw .usage("--on must be a date like 2026-06-30, not \(text)")
      }
      return day
    }
    let report = try session.report(read, since: since?.moment, on: day)
    let text = try ReportPage(report: report).html()
    let view = ReportView(report, file: out, format: .html, bytes: Array(text.utf8))
    guard out != "-" else {
      try Console.standard.write(text)
      return Console.standard.note(view.sentence)
    }
    try Files.write(text, toUserFile: out)
    try options.show(view, ReportView.fields, sentence: view.sentence)
  }
}

/// The forms in which a report is written.
enum ReportFormat: String {
  case html, pdf, xlsx, csv
}

/// A report that was written.
struct ReportView: Sendable {
  var file: String
  var format: ReportFormat
  /// In bytes.
  var size: Int
  var sha256: Hash
  var position: Int64
  var rootHash: Hash
  var asOfTime: Timestamp?
  var day: Day
  var period: Period?
  var language: Language

  init(_ report: Report, file: String, format: ReportFormat, bytes: [UInt8]) {
    self.file = file
    self.format = format
    size = bytes.count
    sha256 = .sha256(bytes)
    position = report.point.position
    rootHash = report.root
    asOfTime = report.point.recordedAt
    day = report.day
    period = report.period?.period
    language = Words.language
  }

  static let fields: [Field<ReportView>] = [
    Field("file") { .text($0.file) },
    Field("format") { .text($0.format.rawValue) },
    Field("size", numeric: true) { Datum($0.size) },
    Field("sha256") { .text($0.sha256.hex) },
    Field("position", numeric: true) { .integer($0.position) },
    Field("rootHash") { .text($0.rootHash.base64) },
    Field("asOfTime") { Datum($0.asOfTime) },
    Field("day") { .day($0.day) },
    Field("period") { Datum($0.period) },
    Field("language") { .text($0.language.rawValue) },
  ]

  var sentence: String {
    Words.say(
      "{file}: the program as of {day}, position {position} (SHA-256 {hash})",
      ["file": file, "day": "\(day)", "position": "\(position)", "hash": sha256.hex])
  }
}
