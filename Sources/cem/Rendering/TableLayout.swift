/// A table fitted to a terminal.
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

  /// The lines of the table, header first.
  ///
  /// - Parameter width: the terminal's columns; `nil` lets every column be as wide as it needs. Where
  ///   even short columns do not fit, the last ones are left out, which `…` in the header shows.
  static func lines(_ columns: [Column], width: Int?, usesColor: Bool) -> [String] {
    var columns = columns
    var isCut = false
    var widths = fit(columns, into: width)
    while widths == nil, columns.count > 1 {
      columns.removeLast()
      isCut = true
      widths = fit(columns, into: width.map { $0 - gap - 1 })
    }
    let fitted = widths ?? columns.map { _ in width ?? 80 }
    let rowCount = columns.first?.cells.count ?? 0
    var header = line(columns.map(\.title), columns, fitted)
    if isCut { header += String(repeating: " ", count: gap) + "…" }
    if usesColor { header = "\u{1b}[1m\(header)\u{1b}[0m" }
    return [header]
      + (0..<rowCount).map { row in line(columns.map { $0.cells[row] }, columns, fitted) }
  }

  /// The columns' widths; `nil` where they cannot fit.
  private static func fit(_ columns: [Column], into limit: Int?) -> [Int]? {
    var widths = columns.map { column in
      max(column.title.displayWidth, column.cells.map(\.displayWidth).max() ?? 0)
    }
    guard let limit else { return widths }
    let room = limit - gap * (columns.count - 1)
    var excess = widths.reduce(0, +) - room
    while excess > 0 {
      // The widest text gives way first, down to the next widest, so that short ones stay whole.
      let candidates = columns.indices.filter {
        !columns[$0].isNumeric && widths[$0] > max(narrowest, columns[$0].title.displayWidth)
      }
      guard let widest = candidates.max(by: { widths[$0] < widths[$1] }) else { return nil }
      widths[widest] -= 1
      excess -= 1
    }
    return widths
  }

  private static func line(_ cells: [String], _ columns: [Column], _ widths: [Int]) -> String {
    var line = ""
    for (index, cell) in cells.enumerated() {
      let text = cell.fitted(to: widths[index])
      let padding = String(repeating: " ", count: max(0, widths[index] - text.displayWidth))
      line += columns[index].isNumeric ? padding + text : text + padding
      if index < cells.count - 1 { line += String(repeating: " ", count: gap) }
    }
    while line.last == " " { line.removeLast() }
    return line
  }
}
