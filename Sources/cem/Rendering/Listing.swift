/// Things of one kind with the fields to show of them: what every format is made from.
struct Listing<Row> {
  var rows: [Row]
  var fields: [Field<Row>]
  /// What a terminal says where there are no rows.
  var empty = "nothing to show"

  init(_ rows: [Row], _ fields: [Field<Row>], empty: String = "nothing to show") {
    self.rows = rows
    self.fields = fields
    self.empty = empty
  }

  /// The fields asked for, in the order asked for.
  /// - Throws: `CommandError` that lists those there are.
  private func chosen(_ style: OutputStyle) throws(CommandError) -> [Field<Row>] {
    guard !style.fields.isEmpty else { return fields }
    var chosen: [Field<Row>] = []
    for name in style.fields {
      guard let field = fields.first(where: { $0.key == name }) else {
        throw .usage(
          "there is no field \(name)", hint: "fields: " + fields.map(\.key).joined(separator: ","))
      }
      chosen.append(field)
    }
    return chosen
  }

  /// The list in the style's format: an array, a table, or a line each.
  /// - Throws: `CommandError` for an unknown field.
  func text(_ style: OutputStyle) throws(CommandError) -> String {
    let fields = try chosen(style)
    switch style.format {
    case .json:
      let list = Datum.list(rows.map { object($0, fields) })
      return (style.width == nil ? list.jsonText : list.prettyJSONText) + "\n"
    case .ndjson: return rows.map { object($0, fields).jsonText + "\n" }.joined()
    case .csv: return csv(fields, style)
    case .table: return table(fields, style)
    case nil: return style.width == nil ? tabSeparated(fields) : table(fields, style)
    }
  }

  /// The list as a continuation of one that was printed before: without a header, and in a table laid out
  /// like that one.
  ///
  /// - Parameters:
  ///   - layout: the first rows' layout, made where there is none yet.
  ///   - growing: the title of the column that takes what is left of the width.
  /// - Throws: `CommandError` for an unknown field.
  func continuation(
    _ style: OutputStyle, layout: inout TableLayout?, growing: String? = nil
  ) throws(CommandError) -> String {
    let fields = try chosen(style)
    switch style.format {
    case .json, .ndjson: return rows.map { object($0, fields).jsonText + "\n" }.joined()
    case .csv: return csv(fields, style, withHeader: false)
    case nil where style.width == nil: return tabSeparated(fields)
    case .table, nil:
      guard !rows.isEmpty else { return "" }
      let columns = columns(fields)
      var lines: [String] = []
      if layout == nil {
        layout = TableLayout(columns, width: style.width, growing: growing)
        lines.append(layout!.header(columns, usesColor: style.usesColor))
      }
      return (lines + layout!.rows(columns)).map { $0 + "\n" }.joined()
    }
  }

  /// What stands before the rows of a list that is printed in pieces; a table's header comes with its
  /// first rows, whose widths it has.
  /// - Throws: `CommandError` for an unknown field.
  func beginning(_ style: OutputStyle) throws(CommandError) -> String {
    let fields = try chosen(style)
    return style.format == .csv ? CSV.line(fields.map { .text($0.key) }) : ""
  }

  /// The first thing alone: an object, or its fields line by line.
  /// - Throws: `CommandError` for an unknown field.
  func singleText(_ style: OutputStyle) throws(CommandError) -> String {
    let fields = try chosen(style)
    guard let row = rows.first else { return "" }
    switch style.format {
    case .json:
      let object = object(row, fields)
      return (style.width == nil ? object.jsonText : object.prettyJSONText) + "\n"
    case .ndjson: return object(row, fields).jsonText + "\n"
    case .csv: return csv(fields, style)
    case .table: return card(row, fields, style)
    case nil:
      guard style.width == nil else { return card(row, fields, style) }
      return fields.map { "\($0.key)\t\($0.value(row).plain.printable())\n" }.joined()
    }
  }

  private func object(_ row: Row, _ fields: [Field<Row>]) -> Datum {
    .object(fields.map { Datum.Member(key: $0.key, value: $0.value(row)) })
  }

  private func csv(
    _ fields: [Field<Row>], _ style: OutputStyle, withHeader: Bool = true
  ) -> String {
    let text =
      (withHeader ? CSV.line(fields.map { .text($0.key) }) : "")
      + rows.map { row in CSV.line(fields.map { $0.value(row) }) }.joined()
    // A file gets the values as they are, a terminal nothing that it would obey.
    guard style.width != nil else { return text }
    return text.split(separator: "\r\n", omittingEmptySubsequences: false)
      .map { String($0).printable() }.joined(separator: "\n")
  }

  private func tabSeparated(_ fields: [Field<Row>]) -> String {
    rows.map { row in
      fields.filter(\.isInTable).map { $0.value(row).plain.printable() }.joined(separator: "\t")
        + "\n"
    }.joined()
  }

  private func table(_ fields: [Field<Row>], _ style: OutputStyle) -> String {
    if rows.isEmpty { return style.width == nil ? "" : Words.say(empty) + "\n" }
    return TableLayout.lines(columns(fields), width: style.width, usesColor: style.usesColor)
      .map { $0 + "\n" }.joined()
  }

  private func columns(_ fields: [Field<Row>]) -> [TableLayout.Column] {
    fields.filter(\.isInTable).map { field in
      TableLayout.Column(
        title: Words.title(field.words, orEnglish: field.title), isNumeric: field.isNumeric,
        cells: rows.map { field.value($0).display.printable() })
    }
  }

  private func card(_ row: Row, _ fields: [Field<Row>], _ style: OutputStyle) -> String {
    let lines = fields.map { field in
      (
        Words.title(field.words, orEnglish: field.name).lowercased(), field.value(row).cardText
      )
    }
    .filter { !$0.1.isEmpty }
    let titleWidth = (lines.map(\.0.displayWidth).max() ?? 0) + TableLayout.gap
    let room = style.width.map { max(20, $0 - titleWidth) } ?? .max
    return lines.map { title, value in
      let padding = String(repeating: " ", count: titleWidth - title.displayWidth)
      let label = style.usesColor ? "\u{1b}[2m\(title)\u{1b}[0m" : title
      let indent = "\n" + String(repeating: " ", count: titleWidth)
      let text = value.printable(keepingLines: true).wrapped(to: room)
      return label + padding + text.joined(separator: indent) + "\n"
    }.joined()
  }
}
