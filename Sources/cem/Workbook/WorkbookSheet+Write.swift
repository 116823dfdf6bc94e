extension WorkbookSheet {
  /// The sheet's part of the file.
  func markup(_ strings: inout SharedStrings, isFirst: Bool) -> Markup {
    var parts: [Markup] = [view(isFirst), Markup("sheetFormatPr", ["defaultRowHeight": "15"])]
    if !widths.isEmpty {
      parts.append(
        Markup(
          "cols", [:],
          widths.enumerated().map { index, width in
            Markup(
              "col",
              [
                "min": "\(index + 1)", "max": "\(index + 1)", "width": "\(width)",
                "customWidth": "1",
              ])
          }))
    }
    var lines: [Markup] = []
    for (index, row) in rows.enumerated() {
      var cells: [Markup] = []
      for (column, cell) in row.enumerated() {
        cells.append(markup(cell, at: "\(Self.column(column))\(index + 1)", &strings))
      }
      lines.append(Markup("row", ["r": "\(index + 1)"], cells))
    }
    parts.append(Markup("sheetData", [:], lines))
    if isProtected {
      parts.append(
        Markup(
          "sheetProtection",
          [
            "sheet": "1", "objects": "1", "scenarios": "1", "formatColumns": "0",
            "formatRows": "0", "sort": "0", "autoFilter": "0",
          ]))
    }
    if headerRow > 0, rows.count > headerRow, let last = rows[headerRow - 1].indices.last {
      parts.append(
        Markup("autoFilter", ["ref": "A\(headerRow):\(Self.column(last))\(rows.count)"]))
    }
    if !choices.isEmpty {
      parts.append(
        Markup("dataValidations", ["count": "\(choices.count)"], choices.map(Self.markup)))
    }
    parts.append(
      Markup(
        "pageSetup",
        ["paperSize": "9", "orientation": "landscape", "fitToWidth": "1", "fitToHeight": "0"]
      ))
    let properties = Markup("sheetPr", [:], Markup("pageSetUpPr", ["fitToPage": "1"]))
    return Markup("worksheet", ["xmlns": Workbook.main], [properties] + parts)
  }

  private func view(_ isFirst: Bool) -> Markup {
    let pane =
      headerRow > 0
      ? [
        Markup(
          "pane",
          [
            "ySplit": "\(headerRow)", "topLeftCell": "A\(headerRow + 1)",
            "activePane": "bottomLeft", "state": "frozen",
          ])
      ] : []
    return Markup(
      "sheetViews", [:],
      Markup(
        "sheetView",
        ["showGridLines": "0", "tabSelected": isFirst ? "1" : nil, "workbookViewId": "0"], pane))
  }

  private func markup(
    _ cell: Workbook.Cell, at place: String, _ strings: inout SharedStrings
  ) -> Markup {
    let style = "\(cell.style.rawValue)"
    switch cell.stored {
    case .empty: return Markup("c", ["r": place, "s": style])
    case .text(let text):
      return Markup(
        "c", ["r": place, "s": style, "t": "s"],
        Markup("v", [:], "\(strings.place(of: text))"))
    case .number(let number):
      return Markup("c", ["r": place, "s": style], Markup("v", [:], Markup(number)))
    case .flag(let flag):
      return Markup("c", ["r": place, "s": style, "t": "b"], Markup("v", [:], flag ? "1" : "0"))
    }
  }

  private static func markup(_ choice: Workbook.Choice) -> Markup {
    Markup(
      "dataValidation",
      [
        "type": "list", "allowBlank": "1", "showErrorMessage": "1", "errorStyle": "stop",
        "error": choice.message, "sqref": choice.range,
      ], Markup("formula1", [:], Markup(choice.source)))
  }

  /// The columns' widths in characters, by what they hold.
  private var widths: [Int] {
    let count = rows.map(\.count).max() ?? 0
    return (0..<count).map { column in
      let longest =
        rows.dropFirst(max(0, headerRow - 1)).compactMap { row in
          column < row.count ? row[column].value.reading.displayWidth : nil
        }.max() ?? 0
      return min(46, max(9, longest + 2))
    }
  }
}
