/// Comma-separated values (RFC 4180), safe to open in a spreadsheet.
enum CSV {
  /// One record with its line end.
  static func line(_ cells: [Datum]) -> String {
    cells.map(cell).joined(separator: ",") + "\r\n"
  }

  /// A spreadsheet runs a text that begins with one of these as a formula; an apostrophe before it
  /// keeps it a text. Numbers stay numbers.
  private static func cell(_ value: Datum) -> String {
    var text = value.plain
    if !value.isNumber, let first = text.unicodeScalars.first,
      "=+-@\t\r".unicodeScalars.contains(first)
    {
      text = "'" + text
    }
    guard text.utf8.contains(where: { "\",\r\n".utf8.contains($0) }) else { return text }
    return "\""
      + text.split(separator: "\"", omittingEmptySubsequences: false).joined(separator: "\"\"")
      + "\""
  }
}
