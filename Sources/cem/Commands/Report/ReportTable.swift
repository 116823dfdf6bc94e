import CEMDomain
import CEMStore

/// A table of a report: the same in the page, in a workbook and as CSV.
struct ReportTable {
  struct Column {
    /// The name in CSV, in camel case.
    var key: String
    /// What stands over it, in the report's language.
    var title: String
    var isNumeric: Bool
    /// Whether people read the number as a percentage; files hold it as it is.
    var isShare: Bool
    /// Whether it is the difference of two shares, which people read in points.
    var isDifference: Bool
  }

  /// A value, and where it leads.
  struct Cell {
    var value: Datum
    /// A place in the page.
    var link: String?
  }

  /// The name of the file or the sheet.
  var name: String
  var title: String
  var columns: [Column]
  var rows: [[Cell]]

  /// - Parameter fields: the columns; a field's title is looked up in the report's language.
  init<Row>(_ name: String, _ title: String, _ rows: [Row], _ fields: [ReportField<Row>]) {
    self.name = name
    self.title = title
    columns = fields.map {
      Column(
        key: $0.key, title: $0.title, isNumeric: $0.isNumeric, isShare: $0.isShare,
        isDifference: $0.isDifference)
    }
    self.rows = rows.map { row in fields.map { Cell(value: $0.value(row), link: $0.link(row)) } }
  }
}

/// How a column of a report's table is made.
struct ReportField<Row> {
  var key: String
  var title: String
  var isNumeric: Bool
  var isShare: Bool
  var isDifference: Bool
  var value: (Row) -> Datum
  var link: (Row) -> String?

  /// - Parameter title: English; `nil` takes the title that the field has in every table.
  init(
    _ key: String, title: String? = nil, numeric: Bool = false, share: Bool = false,
    difference: Bool = false,
    link: @escaping (Row) -> String? = { _ in nil }, _ value: @escaping (Row) -> Datum
  ) {
    self.key = key
    self.title = title.map { Words.say($0) } ?? Words.fieldTitle(key)
    isNumeric = numeric || share || difference
    isShare = share
    isDifference = difference
    self.value = value
    self.link = link
  }
}

extension Datum {
  /// The value as a report has it: terms by their names in every language, times in UTC.
  var reading: String {
    switch self {
    case .null: "–"
    case .erased: Words.say("erased")
    case .term(let kind, let id): Catalog.label(kind, id, in: Words.language) ?? id
    case .time(let time): String(time.description.prefix(16).map { $0 == "T" ? " " : $0 }) + " UTC"
    case .list(let values) where values.isEmpty: "–"
    case .list(let values): values.map(\.reading).joined(separator: ", ")
    case .object(let members):
      members.map { "\(Words.fieldTitle($0.key)) \($0.value.reading)" }.joined(separator: ", ")
    case .bool, .integer, .decimal, .text, .day: display
    }
  }
}

extension Words {
  /// What a field is called in running text and over the columns of a report: as in the tables of a
  /// terminal, but without capitals.
  static func fieldTitle(_ key: String) -> String {
    if key.isCode { return key }
    if language == .english, let title = reportFieldTitles[key] { return title }
    let title = Words.title(key, orEnglish: key.keyWords).lowercased()
    return title.prefix(1).uppercased() + title.dropFirst()
  }

  /// English titles that do not follow from the key.
  private static let reportFieldTitles = [
    "rag": "Colour", "with": "Partners", "ref": "Ref", "on": "Date",
  ]
}
