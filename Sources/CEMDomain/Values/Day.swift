/// A date in the proleptic Gregorian calendar, without time or zone.
package struct Day: Hashable, Comparable, Sendable {
  /// Days since 1970-01-01.
  package let sinceEpoch: Int32

  package init(sinceEpoch: Int32) { self.sinceEpoch = sinceEpoch }

  /// The days that a date can name: the years 1 to 9999.
  package static let nameable = Day(sinceEpoch: -719_162)...Day(sinceEpoch: 2_932_896)

  /// A date by its parts; `nil` where there is no such date, or outside the years 1 to 9999.
  ///
  /// The conversion is Howard Hinnant's `days_from_civil`.
  package init?(year: Int, month: Int, day: Int) {
    guard (1...9999).contains(year), (1...12).contains(month), day >= 1,
      day <= Self.daysInMonth(month, of: year)
    else { return nil }
    let shifted = month <= 2 ? year - 1 : year
    let era = shifted / 400
    let yearOfEra = shifted - era * 400
    let dayOfYear = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1
    let dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear
    sinceEpoch = Int32(era * 146_097 + dayOfEra - 719_468)
  }

  /// Parses `YYYY-MM-DD`.
  package init?(_ text: String) {
    let bytes = Array(text.utf8)
    guard bytes.count == 10, bytes[4] == UInt8(ascii: "-"), bytes[7] == UInt8(ascii: "-") else {
      return nil
    }
    func number(_ range: Range<Int>) -> Int? {
      var value = 0
      for byte in bytes[range] {
        guard byte >= UInt8(ascii: "0"), byte <= UInt8(ascii: "9") else { return nil }
        value = value * 10 + Int(byte - UInt8(ascii: "0"))
      }
      return value
    }
    guard let year = number(0..<4), let month = number(5..<7), let day = number(8..<10) else {
      return nil
    }
    self.init(year: year, month: month, day: day)
  }

  static func daysInMonth(_ month: Int, of year: Int) -> Int {
    switch month {
    case 2: year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) ? 29 : 28
    case 4, 6, 9, 11: 30
    default: 31
    }
  }

  /// Year, month (1–12) and day of the month (1–31).
  package var parts: (year: Int, month: Int, day: Int) {
    let shifted = Int(sinceEpoch) + 719_468
    let era = (shifted >= 0 ? shifted : shifted - 146_096) / 146_097
    let dayOfEra = shifted - era * 146_097
    let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
    let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
    let shiftedMonth = (5 * dayOfYear + 2) / 153
    let month = shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9
    let year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
    return (year, month, dayOfYear - (153 * shiftedMonth + 2) / 5 + 1)
  }

  package static func < (a: Day, b: Day) -> Bool { a.sinceEpoch < b.sinceEpoch }

  /// The day that lies `days` later (earlier where negative), as far as days can be counted.
  package func adding(days: Int) -> Day {
    let (sum, overflow) = Int(sinceEpoch).addingReportingOverflow(days)
    return Day(sinceEpoch: Int32(clamping: overflow ? days : sum))
  }

  /// Days from this one to the other.
  package func days(to other: Day) -> Int { Int(other.sinceEpoch) - Int(sinceEpoch) }
}

extension Day: CustomStringConvertible {
  /// `YYYY-MM-DD`.
  package var description: String {
    let (year, month, day) = parts
    // Ten bytes, which a string holds without memory of its own.
    var text = String(year)
    while text.utf8.count < 4 { text = "0" + text }
    text += month < 10 ? "-0" : "-"
    text += String(month)
    text += day < 10 ? "-0" : "-"
    text += String(day)
    return text
  }
}

extension Day: ScalarCodable {
  package init(scalar text: String) throws(FieldError) {
    guard let day = Day(text) else {
      throw FieldError("must be a date like 2026-06-30, not \(shown(text))")
    }
    self = day
  }
}
