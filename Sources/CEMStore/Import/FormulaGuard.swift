/// A spreadsheet runs a text in a CSV file that begins as a formula does; an apostrophe before it keeps it a text.
/// What is guarded on the way out is taken off on the way in, so that a text comes back as it was.
extension String {
  /// The text with the apostrophe that keeps it from being run. One that has such an apostrophe of its own gets
  /// one more, or reading could not tell whose it is.
  package var guardedFromFormulas: String { looksLikeFormula ? "'" + self : self }

  /// The text without the apostrophe of `guardedFromFormulas`.
  package var withoutFormulaGuard: String {
    guard unicodeScalars.first == "'", looksLikeFormula else { return self }
    return String(unicodeScalars.dropFirst())
  }

  /// Whether it begins, behind any apostrophes, with what makes a spreadsheet run it.
  private var looksLikeFormula: Bool {
    guard let first = unicodeScalars.first(where: { $0 != "'" }) else { return false }
    return "=+-@\t\r".unicodeScalars.contains(first)
  }
}
