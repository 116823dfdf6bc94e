import CEMDomain
import Zip

/// What stands in a workbook that people and spreadsheets have changed: values by sheet, row and column.
///
/// It takes what the common spreadsheets write: texts shared, inline or of formulas, numbers, flags, ISO
/// dates; rows and cells that are missing or do not say where they are.
struct WorkbookReader {
  /// A cell's value as it is stored.
  enum Value: Hashable {
    case text(String)
    /// The digits as they stand, perhaps with an exponent.
    case number(String)
    /// A number that is shown as a day.
    case day(Day)
    case flag(Bool)
    /// What a formula that went wrong shows, or a formula without a value.
    case error(String)
  }

  struct Sheet {
    var name: String
    /// Rows from 1, columns from 0.
    var cells: [Int: [Int: Value]]
  }

  let sheets: [Sheet]
  /// Whether days are counted from 1904, as old Macs did.
  let countsFrom1904: Bool

  /// - Throws: `CommandError` for what is not a workbook.
  init(_ bytes: [UInt8], name: String) throws(CommandError) {
    do {
      var zip = try ZipReader(bytes)
      guard let workbook = try zip.file("xl/workbook.xml") else {
        throw XMLScanner.Failure(message: "there is no workbook in it")
      }
      let (parts, is1904) = try Self.parts(workbook)
      let targets = try Self.targets(try zip.file("xl/_rels/workbook.xml.rels") ?? [])
      let strings = try Self.strings(try zip.file("xl/sharedStrings.xml"))
      let styles = try WorkbookStyles(try zip.file("xl/styles.xml") ?? [])
      var sheets: [Sheet] = []
      for (name, relation) in parts {
        guard let target = targets[relation], let part = try zip.file(target) else { continue }
        sheets.append(Sheet(name: name, cells: try Self.cells(part, strings, styles, is1904)))
      }
      self.sheets = sheets
      countsFrom1904 = is1904
    } catch let failure as XMLScanner.Failure {
      throw Self.unreadable(name, failure.message)
    } catch {
      throw Self.unreadable(name, "\(error)")
    }
  }

  static func unreadable(_ name: String, _ why: String) -> CommandError {
    CommandError(
      "sheet.unreadable", "\(name) is not a workbook that can be read", cause: why,
      hint: "save it as .xlsx (Excel Workbook), or begin with: cem sheet out FILE", exit: .input)
  }

  /// The sheets' names with the ids of their parts.
  private static func parts(
    _ workbook: [UInt8]
  ) throws(XMLScanner.Failure) -> (parts: [(String, String)], is1904: Bool) {
    var scanner = XMLScanner(workbook)
    var parts: [(String, String)] = []
    var is1904 = false
    while let token = try scanner.next() {
      guard case .start(let name, let attributes) = token else { continue }
      if name == "sheet", let title = attributes["name"], let id = attributes["id"] {
        parts.append((title, id))
      }
      if name == "workbookPr" { is1904 = ["1", "true"].contains(attributes["date1904"] ?? "") }
    }
    return (parts, is1904)
  }

  /// The parts' places in the archive.
  private static func targets(_ relations: [UInt8]) throws(XMLScanner.Failure) -> [String: String] {
    var scanner = XMLScanner(relations)
    var targets: [String: String] = [:]
    while let token = try scanner.next() {
      guard case .start("Relationship", let attributes) = token, let id = attributes["Id"],
        let target = attributes["Target"]
      else { continue }
      targets[id] = target.hasPrefix("/") ? String(target.dropFirst()) : "xl/" + target
    }
    return targets
  }

  private static func strings(_ part: [UInt8]?) throws(XMLScanner.Failure) -> [String] {
    var scanner = XMLScanner(part ?? [])
    var strings: [String] = []
    while let token = try scanner.next() {
      if case .start("si", _) = token { strings.append(try text(&scanner, until: "si")) }
    }
    return strings
  }

  /// The text of an element with its runs, without how it is read aloud.
  private static func text(
    _ scanner: inout XMLScanner, until end: String
  ) throws(XMLScanner.Failure) -> String {
    var text = ""
    var isText = false
    var isPhonetic = false
    while let token = try scanner.next() {
      switch token {
      case .start("t", _): isText = true
      case .end("t"): isText = false
      case .start("rPh", _): isPhonetic = true
      case .end("rPh"): isPhonetic = false
      case .end(let name) where name == end: return unguarded(text)
      case .text(let part): if isText, !isPhonetic { text += part }
      case .start, .end: break
      }
    }
    return unguarded(text)
  }

  private static func cells(
    _ part: [UInt8], _ strings: [String], _ styles: WorkbookStyles, _ is1904: Bool
  ) throws(XMLScanner.Failure) -> [Int: [Int: Value]] {
    var scanner = XMLScanner(part)
    var cells: [Int: [Int: Value]] = [:]
    var (row, column) = (0, -1)
    while let token = try scanner.next() {
      guard case .start(let name, let attributes) = token else { continue }
      if name == "row" {
        row = attributes["r"].flatMap { Int($0) } ?? row + 1
        guard (1...lastRow).contains(row) else {
          throw XMLScanner.Failure(message: "there is no row \(row)")
        }
        column = -1
      } else if name == "c" {
        column = attributes["r"].flatMap { Self.column($0) } ?? column + 1
        guard var value = try value(&scanner, attributes["t"] ?? "n", strings) else { continue }
        if case .number(let digits) = value, styles.isDay(attributes["s"]),
          let day = WorkbookStyles.day(digits, from1904: is1904)
        {
          value = .day(day)
        }
        cells[row, default: [:]][column] = value
      }
    }
    return cells
  }

  /// The value of a cell, up to its end.
  private static func value(
    _ scanner: inout XMLScanner, _ type: String, _ strings: [String]
  ) throws(XMLScanner.Failure) -> Value? {
    var stored = ""
    var formula = ""
    var inline: String?
    var isValue = false
    var isFormula = false
    while let token = try scanner.next(), token != .end("c") {
      switch token {
      case .start("v", _): isValue = true
      case .end("v"): isValue = false
      case .start("f", _): isFormula = true
      case .end("f"): isFormula = false
      case .start("is", _): inline = try text(&scanner, until: "is")
      case .text(let part):
        if isValue { stored += part }
        if isFormula { formula += part }
      case .start, .end: break
      }
    }
    // Nobody has worked it out: what was meant is not lost silently.
    if stored.isEmpty, !formula.isEmpty { return .error("=" + formula) }
    if let inline { return inline.isEmpty ? nil : .text(inline) }
    guard !stored.isEmpty else { return nil }
    switch type {
    case "s":
      guard let place = Int(stored), strings.indices.contains(place) else {
        throw XMLScanner.Failure(message: "a text is missing")
      }
      return strings[place].isEmpty ? nil : .text(strings[place])
    case "b": return .flag(stored == "1")
    case "e": return .error(stored)
    case "str", "d": return .text(unguarded(stored))
    default: return .number(stored)
    }
  }

  /// The last row that a sheet can have, in Excel and in LibreOffice Calc.
  private static let lastRow = 1_048_576

  /// The column of a place such as `AB12`, from 0; `nil` where it has none.
  private static func column(_ place: String) -> Int? {
    var column = 0
    for byte in place.utf8 {
      guard (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(byte) else { break }
      guard column < 100_000 else { return nil }
      column = column * 26 + Int(byte - UInt8(ascii: "A")) + 1
    }
    return column > 0 ? column - 1 : nil
  }

  /// `_x0041_` is a character by its number.
  private static func unguarded(_ text: String) -> String {
    guard text.contains("_x") else { return text }
    var result = ""
    var rest = text[...]
    while let start = rest.firstIndex(of: "_") {
      result += rest[..<start]
      let code = rest[start...].prefix(7)
      if code.count == 7, code.hasPrefix("_x"), code.hasSuffix("_"),
        let number = UInt32(code.dropFirst(2).dropLast(), radix: 16),
        let scalar = Unicode.Scalar(number)
      {
        result.unicodeScalars.append(scalar)
        rest = rest[code.endIndex...]
      } else {
        result += "_"
        rest = rest[rest.index(after: start)...]
      }
    }
    return result + rest
  }
}
