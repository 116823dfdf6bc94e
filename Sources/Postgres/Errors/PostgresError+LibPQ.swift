import CLibPQ

extension PostgresError {
  /// The error that a result of libpq carries.
  init(result: OpaquePointer, sql: String?) {
    func field(_ code: Int32) -> String? {
      unsafe PQresultErrorField(result, code).map { unsafe String(cString: $0) }
    }
    // The codes are character literals in postgres_ext.h, which are not imported.
    let sqlState = field(FieldCode.sqlState)
    let primary = field(FieldCode.primary)
    let fallback = unsafe String(cString: PQresultErrorMessage(result))
    self.init(
      kind: sqlState.map(Kind.init(sqlState:)) ?? .connectionFailure, sqlState: sqlState,
      message: primary ?? fallback.trimmed, sql: sql)
    detail = field(FieldCode.detail)
    hint = field(FieldCode.hint)
    constraint = field(FieldCode.constraint)
    table = field(FieldCode.table)
    // A session ends with FATAL; the code alone does not say so, as functions may raise any.
    isConnectionLost = ["FATAL", "PANIC"].contains(field(FieldCode.severity))
  }

  /// The error of an attempt to connect, whose SQLSTATE is only in the (verbose) text:
  /// `connection to server … failed: FATAL:  3D000: database "x" does not exist`.
  init(connecting text: String) {
    var sqlState: String?
    var lines: [Substring] = []
    for line in text.split(separator: "\n") where !line.hasPrefix("LOCATION:") {
      guard let mark = line.range(ofText: ":  ") else {
        lines.append(line)
        continue
      }
      let code = line[mark.upperBound...].prefix(5)
      let rest = line[mark.upperBound...].dropFirst(5)
      let isCode =
        code.utf8.count == 5 && rest.hasPrefix(": ")
        && code.utf8.allSatisfy { (0x30...0x39).contains($0) || (0x41...0x5A).contains($0) }
      if isCode {
        sqlState = String(code)
        lines.append(line[..<mark.lowerBound] + ": " + rest.dropFirst(2))
      } else {
        lines.append(line)
      }
    }
    self.init(
      kind: sqlState.map(Kind.init(sqlState:)) ?? .connectionFailure, sqlState: sqlState,
      message: lines.joined(separator: "\n").trimmed)
    isConnectionLost = true
  }
}

/// Codes of PQresultErrorField, from postgres_ext.h.
enum FieldCode {
  static let severity = Int32(UInt8(ascii: "V"))
  static let sqlState = Int32(UInt8(ascii: "C"))
  static let primary = Int32(UInt8(ascii: "M"))
  static let detail = Int32(UInt8(ascii: "D"))
  static let hint = Int32(UInt8(ascii: "H"))
  static let table = Int32(UInt8(ascii: "t"))
  static let constraint = Int32(UInt8(ascii: "n"))
}

extension StringProtocol {
  /// Without white space at the ends; libpq's messages end in a line feed.
  var trimmed: String {
    var rest = Substring(self)
    while let last = rest.last, last.isWhitespace { rest.removeLast() }
    while let first = rest.first, first.isWhitespace { rest.removeFirst() }
    return String(rest)
  }

  fileprivate func range(ofText text: String) -> Range<Index>? {
    var start = startIndex
    while start < endIndex {
      if self[start...].hasPrefix(text) { return start..<index(start, offsetBy: text.count) }
      start = index(after: start)
    }
    return nil
  }
}
