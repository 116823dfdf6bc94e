import CEMStore
import TransparencyLog

/// Comma-separated values (RFC 4180), safe to open in a spreadsheet.
enum CSV {
  /// One record with its line end.
  static func line(_ cells: [Datum]) -> String {
    cells.map(cell).joined(separator: ",") + "\r\n"
  }

  /// Texts are guarded. Numbers stay numbers, and a hash stays what it is: it ends as no formula does.
  private static func cell(_ value: Datum) -> String {
    let plain = value.plain
    let text = value.isNumber || isHash(plain) ? plain : plain.guardedFromFormulas
    guard text.utf8.contains(where: { "\",\r\n".utf8.contains($0) }) else { return text }
    return "\""
      + text.split(separator: "\"", omittingEmptySubsequences: false).joined(separator: "\"\"")
      + "\""
  }

  /// Whether a text is 32 bytes in base64.
  private static func isHash(_ text: String) -> Bool {
    text.utf8.count == 44 && text.hasSuffix("=") && Hash(base64: text) != nil
  }
}
