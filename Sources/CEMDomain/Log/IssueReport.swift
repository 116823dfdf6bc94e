/// The forms in which a report is issued.
package enum ReportFormat: String, Term {
  case html, pdf, xlsx, csv
}

/// The root of the log's tree as receipts write it: 32 bytes in base64.
package struct TreeRoot: ScalarCodable {
  package let description: String

  package init(scalar text: String) throws(FieldError) {
    let isBase64 = text.utf8.dropLast().allSatisfy { byte in
      (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
        || (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte)
        || (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(byte)
        || byte == UInt8(ascii: "+") || byte == UInt8(ascii: "/")
    }
    guard text.utf8.count == 44, text.hasSuffix("="), isBase64 else {
      throw FieldError("must be 32 bytes in base64, not \(shown(text))")
    }
    description = text
  }
}

/// A report was made of the log and handed out. Its bytes are elsewhere; this tells them from any others.
package struct ReportIssued: Codable, Hashable, Sendable {
  /// Of the file.
  package var sha256: SHA256Hex
  /// The file's, in bytes.
  package var size: Int64
  package var format: ReportFormat
  /// The last event that the report counts, with the log's root up to there.
  package var position: Int64
  package var root: TreeRoot
  package var language: Language
  /// The day by which its figures are judged.
  package var day: Day
  package var period: Period?
  /// The file's name, without its folder.
  package var file: Title?
  /// The only department that it is about; absent for the whole program.
  package var department: DepartmentCode?
  /// Whether it is the summary alone; absent for the whole report.
  package var summary: Bool?
}

/// Records that a report was issued.
package struct IssueReport: Command {
  package static let name = "report.issue"
  package var report: ReportIssued

  package init(from decoder: any Decoder) throws { report = try ReportIssued(from: decoder) }
  package func encode(to encoder: any Encoder) throws { try report.encode(to: encoder) }

  package func decide(in situation: Situation) throws(Rejection) -> [Change] {
    guard report.position > 0, try situation.state.event(at: report.position) != nil else {
      throw .noEvent(at: report.position)
    }
    guard report.size > 0 else { throw .input(FieldError(path: "size", "must be more than zero")) }
    guard report.day <= situation.today else {
      throw Rejection(
        "report.future", "a report cannot be judged by \(report.day), a day that has not come",
        hint: "leave out --on")
    }
    if let department = report.department, try situation.find(department.stream) == nil {
      throw .notFound(department.stream)
    }
    return [
      Change(
        .log, .log(.reportIssued(report)), departments: report.department.map { [$0] } ?? [])
    ]
  }
}
