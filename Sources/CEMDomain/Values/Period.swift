/// A stretch of whole months: `2026`, `2026-Q3`, `2026-07`, or by the program's fiscal year, `FY2026` and
/// `FY2026-Q3`.
///
/// A fiscal year has the number of the calendar year in which it ends.
package struct Period: ScalarCodable {
  package let description: String
  private let year: Int
  private let isFiscal: Bool
  /// Months after the year's beginning, and how many there are.
  private let offset: Int
  private let months: Int

  package init(scalar text: String) throws(FieldError) {
    let wrong = FieldError(
      "must be a period like 2026, 2026-Q3, 2026-07 or FY2026, not \(shown(text))")
    isFiscal = text.hasPrefix("FY")
    let parts = text.dropFirst(isFiscal ? 2 : 0)
      .split(separator: "-", omittingEmptySubsequences: false)
    guard let first = parts.first, first.utf8.count == 4, let year = positiveNumber(first),
      parts.count <= 2
    else { throw wrong }
    self.year = year
    description = text
    guard parts.count == 2 else {
      (offset, months) = (0, 12)
      return
    }
    let part = parts[1]
    if part.utf8.count == 2, part.hasPrefix("Q"), let quarter = positiveNumber(part.dropFirst()),
      quarter <= 4
    {
      (offset, months) = ((quarter - 1) * 3, 3)
    } else if !isFiscal, part.utf8.count == 2,
      let month = positiveNumber(part.hasPrefix("0") ? part.dropFirst() : part), month <= 12
    {
      (offset, months) = (month - 1, 1)
    } else {
      throw wrong
    }
  }

  /// The first and the last day.
  /// - Parameter fiscalYearStart: the month in which the program's fiscal year begins.
  package func days(fiscalYearStart: Int) -> ClosedRange<Day> {
    let start = isFiscal && fiscalYearStart > 1 ? fiscalYearStart - 13 : 0
    func day(_ month: Int) -> Day {
      let count = year * 12 + start + month
      return Day(year: count / 12, month: count % 12 + 1, day: 1) ?? Day(sinceEpoch: .max)
    }
    return day(offset)...max(day(offset), day(offset + months).adding(days: -1))
  }

  package static func == (a: Self, b: Self) -> Bool { a.description == b.description }
  package func hash(into hasher: inout Hasher) { hasher.combine(description) }
}
