import CEMDomain
import CEMStore
import TransparencyLog

/// A report that was written.
struct ReportFile: Sendable {
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
  var department: DepartmentCode?
  var isSummary: Bool

  init(_ report: Report, name: String, format: ReportFormat, bytes: [UInt8]) {
    file = name
    self.format = format
    size = bytes.count
    sha256 = .sha256(bytes)
    position = report.point.position
    rootHash = report.root
    asOfTime = report.point.recordedAt
    day = report.day
    period = report.period?.period
    language = Words.language
    department = report.scope.department
    isSummary = report.scope.isSummary
  }

  static let fields: [Field<ReportFile>] = [
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
    Field("department") { Datum($0.department) },
    Field("summary") { .bool($0.isSummary) },
  ]

  var sentence: String {
    Words.say(
      department == nil
        ? "{file}: the program as of {day}, position {position} (SHA-256 {hash})"
        : "{file}: {department} as of {day}, position {position} (SHA-256 {hash})",
      [
        "file": file == "-" ? format.rawValue : file, "day": "\(day)", "position": "\(position)",
        "hash": sha256.hex, "department": department?.code ?? "",
      ])
  }

  /// The fields of the command that records it.
  var fields: JSONObject {
    let name = file == "-" ? nil : file.split(separator: "/").last.map(String.init)
    return given([
      "sha256": sha256.hex, "size": JSON.int(Int64(size)), "format": format.rawValue,
      "position": JSON.int(position), "root": rootHash.base64, "language": language.rawValue,
      "day": day.description, "period": period?.description, "file": name.map(JSON.string),
      "department": department?.code, "summary": isSummary ? true : nil,
    ])
  }
}

/// A report that was written and recorded.
struct IssuedReport {
  var report: ReportFile
  var receipt: IssuedReceipt

  static let fields: [Field<IssuedReport>] =
    IssuedReceipt.fields.map { field in
      Field(field.key) { field.value($0.receipt) }
    } + [
      Field("report") { issued in
        .object(
          ReportFile.fields.map { Datum.Member(key: $0.key, value: $0.value(issued.report)) })
      }
    ]

  var sentence: String {
    guard !receipt.isDryRun, let event = receipt.receipt.events.first else {
      return receipt.sentence
    }
    return report.sentence + "\n"
      + Words.say(
        receipt.receipt.isDuplicate
          ? "recorded before at position {position} ({database})"
          : "recorded at position {position} ({database})",
        ["position": "\(event.position)", "database": Words.database(receipt.database)])
  }
}
