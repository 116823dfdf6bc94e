import CEMDomain
import CEMStore

/// A workbook as spreadsheets open it (Office Open XML), with values of the right types: numbers as
/// numbers, dates as dates, and a text as a text whatever it begins with.
struct Workbook {
  var sheets: [WorkbookSheet] = []

  /// How a cell looks, and whether it may be changed where its sheet is protected. The order is that of
  /// the styles in the file.
  enum Style: Int, CaseIterable {
    case plain, title, header, text, day, time
    /// What people fill in.
    case input, inputDay, inputNumber
    case soft
  }

  struct Cell {
    var value: Datum
    var style: Style

    init(_ value: Datum, _ style: Style = .plain) {
      self.value = value
      self.style = style
    }
  }

  /// A list of the values that cells may have.
  struct Choice {
    /// Cells, as `C2:C40`.
    var range: String
    /// Where the values stand, as `Lists!$A$1:$A$3`.
    var source: String
    /// What is said of another value.
    var message: String
  }
}

/// A sheet of a workbook.
struct WorkbookSheet {
  var name: String
  var rows: [[Workbook.Cell]] = []
  /// The row that stays in sight, from 1; 0 is none.
  var headerRow = 0
  var isHidden = false
  /// Whether only cells for input may be changed. There is no password: it guards against slips.
  var isProtected = false
  var choices: [Workbook.Choice] = []

  /// A name of a column: `A`, `Z`, `AA`.
  static func column(_ index: Int) -> String {
    var name = ""
    var number = index + 1
    while number > 0 {
      name = String(UnicodeScalar(UInt8(65 + (number - 1) % 26))) + name
      number = (number - 1) / 26
    }
    return name
  }

  /// A name that every spreadsheet takes: at most 31 characters, without `[]:*?/\`.
  static func name(_ wanted: String) -> String {
    let name = String(wanted.map { "[]:*?/\\'".contains($0) ? " " : $0 }.prefix(31))
    return name.allSatisfy(\.isWhitespace) ? "-" : name
  }
}

extension Workbook.Cell {
  /// The number, text or date in a spreadsheet's own terms.
  enum Stored {
    case empty
    case text(String)
    case number(String)
    case flag(Bool)
  }

  var stored: Stored {
    switch value {
    case .null: return .empty
    case .bool(let flag): return .flag(flag)
    case .integer(let number): return Self.number(String(number))
    case .decimal(let number): return Self.number(number.description)
    case .day(let day): return Self.serial(of: day).map { .number("\($0)") } ?? .text("\(day)")
    case .time(let time):
      // UTC, to the second.
      let day = 86_400_000_000 as Int64
      let (days, rest) = (time.microseconds / day, time.microseconds % day)
      let millionths = rest / 86_400
      let digits = String(millionths)
      return .number(
        "\(days + Self.epoch)." + String(repeating: "0", count: max(0, 6 - digits.count)) + digits)
    case .erased, .text, .term, .list, .object: return .text(value.reading)
    }
  }

  /// 1970-01-01 in a spreadsheet's days.
  static let epoch: Int64 = 25_569

  /// A spreadsheet counts days from 1899-12-30, rightly so from March 1900 on.
  static func serial(of day: Day) -> Int? {
    let serial = Day("1899-12-30")!.days(to: day)
    return serial > 60 ? serial : nil
  }

  /// A number with more digits than a spreadsheet keeps would be another number: it stays a text.
  private static func number(_ text: String) -> Stored {
    let digits = text.filter(\.isNumber).drop { $0 == "0" }
    return digits.count > 15 ? .text(text) : .number(text)
  }
}
