/// A table fitted to a terminal. Rows that come later can be laid out like the first ones.
struct TableLayout {
  /// A column with its cells, ready to print.
  struct Column {
    var title: String
    var isNumeric: Bool
    var cells: [String]
  }

  /// The blanks between two columns.
  static let gap = 2
  /// A text column is not cut shorter than this many terminal columns.
  static let narrowest = 8
  /// What the longest text needs to be told from others, as long as there are more columns than `fewest`.
  private static let readable = 20
  private static let fewest = 4

  /// What a text column keeps free for rows that come later.
  private static let roomForLater = 12

  /// The lines of the table, header first.
  ///
  /// - Parameter width: the terminal's columns; `nil` lets every column be as wide as it needs. Where
  ///   even short columns do not fit, the last ones are left out, which `…` in the header shows.
  static func lines(_ columns: [Column], width: Int?, usesColor: Bool) -> [String] {
    var (columns, layout) = (columns, TableLayout(columns, width: width))
    if layout.widths.count < columns.count {
      // Columns in which nothing stands make room for those that say something.
      let filled = columns.filter { column in column.cells.contains { !$0.isEmpty } }
      if !filled.isEmpty {
        columns = filled
        layout = TableLayout(columns, width: width)
      }
    }
    return [layout.header(columns, usesColor: usesColor)] + layout.rows(columns)
  }

  /// The columns' widths; the last columns of a table may have none.
  private let widths: [Int]

  /// Fits columns to a terminal.
  ///
  /// - Parameter growing: a column that takes all the width that is left, because rows will come that
  ///   nobody has seen yet; the other texts get room for them too.
  init(_ columns: [Column], width: Int?, growing: String? = nil) {
    var columns = columns
    if let width, let growing {
      for index in columns.indices where !columns[index].isNumeric {
        let room = columns[index].title == growing ? width : TableLayout.roomForLater
        columns[index].cells.append(String(repeating: " ", count: room))
      }
    }
    var shown = columns[...]
    var fitted = TableLayout.fit(shown, into: width)
    while shown.count > 1, fitted.map({ TableLayout.isCramped(shown, $0) }) ?? true {
      shown.removeLast()
      fitted = TableLayout.fit(shown, into: width.map { $0 - TableLayout.gap - 1 })
    }
    widths = fitted ?? shown.map { _ in width ?? 80 }
  }

  /// Whether the longest text has so little room that it says nothing: then a column less says more.
  private static func isCramped(_ columns: ArraySlice<Column>, _ widths: [Int]) -> Bool {
    let natural = columns.map { $0.isNumeric ? 0 : $0.cells.map(\.displayWidth).max() ?? 0 }
    guard columns.count > fewest, let longest = natural.max(),
      let place = natural.firstIndex(of: longest)
    else { return false }
    return widths[place] < min(longest, readable)
  }

  /// The line over the rows.
  func header(_ columns: [Column], usesColor: Bool) -> String {
    var header = line(columns, isHeader: true) { $0.title }
    if widths.count < columns.count {
      header += String(repeating: " ", count: TableLayout.gap) + "…"
    }
    return usesColor ? "\u{1b}[1m\(header)\u{1b}[0m" : header
  }

  /// The rows of the same columns, these or later ones.
  func rows(_ columns: [Column]) -> [String] {
    (0..<(columns.first?.cells.count ?? 0)).map { row in line(columns) { $0.cells[row] } }
  }

  /// The columns' widths; `nil` where they cannot fit.
  private static func fit(_ columns: ArraySlice<Column>, into limit: Int?) -> [Int]? {
    let cells = columns.map { $0.cells.map(\.displayWidth).max() ?? 0 }
    var widths = zip(columns, cells).map { max($0.title.displayWidth, $1) }
    guard let limit else { return widths }
    let room = limit - gap * (columns.count - 1)
    // Texts give way first, as long as they can be told apart, then long titles over them, then both, and last the
    // titles over numbers.
    let least: [[Int]] = [
      zip(columns, widths).map { $0.isNumeric ? $1 : max(readable, $0.title.displayWidth) },
      zip(columns, widths).enumerated().map { index, column in
        column.0.isNumeric ? column.1 : max(narrowest, min(readable, cells[index]))
      },
      zip(columns, widths).map { $0.isNumeric ? $1 : narrowest },
      zip(columns, cells).map { $0.isNumeric ? max(3, $1) : narrowest },
    ]
    for least in least {
      while widths.reduce(0, +) > room {
        // The widest gives way first, down to the next widest, so that short ones stay whole.
        let candidates = widths.indices.filter { widths[$0] > least[$0] }
        guard let widest = candidates.max(by: { widths[$0] < widths[$1] }) else { break }
        widths[widest] -= 1
      }
    }
    return widths.reduce(0, +) > room ? nil : widths
  }

  private func line(
    _ columns: [Column], isHeader: Bool = false, _ cell: (Column) -> String
  ) -> String {
    var line = ""
    for (index, (column, width)) in zip(columns, widths).enumerated() {
      // Half a number would be another number.
      let text = column.isNumeric && !isHeader ? cell(column) : cell(column).fitted(to: width)
      let padding = String(repeating: " ", count: max(0, width - text.displayWidth))
      line += column.isNumeric ? padding + text : text + padding
      if index < widths.count - 1 { line += String(repeating: " ", count: TableLayout.gap) }
    }
    while line.last == " " { line.removeLast() }
    return line
  }
}
