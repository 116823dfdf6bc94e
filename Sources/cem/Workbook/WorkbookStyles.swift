import CEMDomain

/// Which of a workbook's cell styles show a number as a day.
struct WorkbookStyles {
  /// By a style's place in the list.
  private var areDays: [Bool] = []

  /// - Parameter part: `xl/styles.xml`; empty where there is none.
  init(_ part: [UInt8]) throws(XMLScanner.Failure) {
    var scanner = XMLScanner(part)
    var formats: [Int: String] = [:]
    var isList = false
    while let token = try scanner.next() {
      switch token {
      case .start("numFmt", let attributes):
        if let id = attributes["numFmtId"].flatMap({ Int($0) }) {
          formats[id] = attributes["formatCode"]
        }
      case .start("cellXfs", _): isList = true
      case .end("cellXfs"): isList = false
      case .start("xf", let attributes) where isList:
        let id = attributes["numFmtId"].flatMap { Int($0) } ?? 0
        areDays.append(formats[id].map { Self.isDay(code: $0) } ?? Self.isDay(builtIn: id))
      case .start, .end, .text: break
      }
    }
  }

  /// Whether a cell with a style shows its number as a day.
  func isDay(_ style: String?) -> Bool {
    guard let place = style.flatMap({ Int($0) }), areDays.indices.contains(place) else {
      return false
    }
    return areDays[place]
  }

  /// Whether a format without a code shows a day, in any country.
  private static func isDay(builtIn id: Int) -> Bool {
    switch id {
    case 14...17, 22, 27...31, 36, 50...58: true
    default: false
    }
  }

  /// Whether a format's code shows a year or a day of the month, outside of words, colours and escapes.
  private static func isDay(code: String) -> Bool {
    var isQuoted = false
    var isBracketed = false
    var isEscaped = false
    for letter in code.lowercased() {
      if isEscaped {
        isEscaped = false
      } else if isQuoted {
        isQuoted = letter != "\""
      } else if isBracketed {
        isBracketed = letter != "]"
      } else {
        switch letter {
        case "y", "d": return true
        case "\"": isQuoted = true
        case "[": isBracketed = true
        case "\\", "_", "*": isEscaped = true
        default: break
        }
      }
    }
    return false
  }

  /// The day that a number stands for; `nil` for numbers that count no days.
  /// - Parameter from1904: whether days are counted from 1904, as old Macs did.
  static func day(_ digits: String, from1904: Bool) -> Day? {
    // Up to its day 60, which never was, the count from 1900 is one off.
    guard let serial = Double(digits), serial >= (from1904 ? 0 : 61), serial < 1_000_000 else {
      return nil
    }
    return Day(from1904 ? "1904-01-01" : "1899-12-30")!.adding(days: Int(serial))
  }
}
