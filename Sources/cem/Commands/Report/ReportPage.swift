import CEMDomain
import CEMStore
import TransparencyLog

/// A report as one HTML file that needs nothing else: no network, no script, no font.
struct ReportPage {
  let report: Report
  /// How many rows a table in the page has at most; the workbook and CSV have all.
  static let mostRows = 60

  var figures: ReportFigures { report.figures }

  /// The file.
  /// - Throws: `CommandError` where the events of a figure do not give it.
  func html() throws -> String {
    let body = Markup(joining: [cover, try content, try colophon])
    let names = [report.department.map { $0.name ?? $0.department.code }, programName]
    let title = names.compactMap(\.self).joined(separator: " – ") + " – \(report.day)"
    let document = Markup(
      "html", ["lang": Words.language.rawValue],
      Markup(
        "head", [:],
        Markup("meta", ["charset": "utf-8"]),
        Markup("meta", ["name": "viewport", "content": "width=device-width, initial-scale=1"]),
        Markup("meta", ["name": "generator", "content": "cem"]),
        Markup("meta", ["name": "cem-position", "content": "\(report.point.position)"]),
        Markup("meta", ["name": "cem-root", "content": report.root.base64]),
        Markup("title", [:], Markup(title)),
        Markup("style", [:], ReportStyle.sheet)),
      Markup("body", [:], body))
    return "<!DOCTYPE html>\n" + document.code + "\n"
  }

  private var content: Markup {
    get throws {
      guard !report.reports.isEmpty else {
        return Markup(
          "main", [:],
          Markup(
            "p", ["class": "lead"],
            say("No departments yet. Register one with: cem department register CODE --name TEXT")))
      }
      return Markup("main", [:], try sections + [try events])
    }
  }

  private var sections: [Markup] {
    get throws {
      let known = try report.levelSteps()
      func steps(of department: DepartmentReport) -> [Report.LevelStep] {
        known[department.department.code] ?? []
      }
      // Before the section that lists where all figures of the program come from.
      let journey = report.scope.isSummary ? .empty : try self.journey
      switch (report.scope.isSummary, report.department) {
      case (true, nil): return [try summary]
      case (true, let department?): return [try summary(department, steps(of: department))]
      case (false, let department?):
        return [
          try glance(department, steps(of: department)), try attention, journey, try changes,
        ]
      case (false, nil):
        let waiting = report.overview.agenda.byDepartment
        return [
          try glance, try departments, try attention, journey, try maturity(known),
          try changes,
        ]
          + (try report.reports.map {
            try self.department($0, steps(of: $0), waiting[$0.department] ?? [])
          })
      }
    }
  }

  /// What the program is called.
  var programName: String { report.program.name.value ?? report.slug }

  // MARK: Parts that all sections use

  func say(_ english: String, _ values: KeyValuePairs<String, String> = [:]) -> Markup {
    Markup(Words.say(english, values))
  }

  /// A section with its heading.
  func section(_ id: String, _ title: Markup, class name: String? = nil, _ content: [Markup])
    -> Markup
  {
    Markup("section", ["id": id, "class": name], [Markup("h2", [:], title)] + content)
  }

  /// A figure, which leads to the list of its events.
  func figure(_ id: String, of department: DepartmentCode? = nil) throws -> Markup {
    let explanation = try figures.show(id, of: department)
    let value = Datum(explanation.value)
    let text = Markup(
      "data",
      [
        "value": value == .null ? "" : value.plain, "data-figure": id,
        "data-department": department?.code,
      ], Markup(value.reading))
    guard !explanation.events.isEmpty else { return text }
    let anchor = ReportFigures.ID(figure: id, department: department).anchor
    return Markup("a", ["class": "f", "href": "#\(anchor)"], text)
  }

  /// A number of the first page with what it is.
  func tile(
    _ figure: String, of department: DepartmentCode? = nil, _ words: String, isBad: Bool = false
  ) throws -> Markup {
    tile(try self.figure(figure, of: department), words, isBad: isBad)
  }

  func tile(_ number: Markup, _ words: String, isBad: Bool = false) -> Markup {
    Markup(
      "div", ["class": isBad ? "tile bad" : "tile"], Markup("b", [:], number),
      Markup("span", [:], say(words)))
  }

  /// Text that leads to the events of a figure of the program, or of the department that the report is about,
  /// where the figure itself is a table or a sentence.
  func source(_ figure: String, _ text: Markup) throws -> Markup {
    let department = report.scope.department
    let explanation = try figures.show(figure, of: department)
    guard !explanation.events.isEmpty else { return text }
    let anchor = ReportFigures.ID(figure: figure, department: department).anchor
    return Markup("a", ["class": "f", "href": "#\(anchor)"], text)
  }

  /// A picture with the same values as a table beside it.
  func pair(_ title: String, _ picture: Markup, legend: Markup = .empty, _ table: Markup)
    -> Markup
  {
    Markup(
      "div", ["class": "pair"],
      Markup("figure", [:], Markup("figcaption", [:], Markup(title)), picture, legend),
      Markup("div", ["class": "scroll"], table))
  }

  /// A table with some of its columns; beyond a number of rows it says how many are left out.
  func table(
    _ table: ReportTable, without hidden: Set<String> = [], most: Int = ReportPage.mostRows,
    empty: String = "none", all command: String? = nil
  ) -> Markup {
    guard !table.rows.isEmpty else { return Markup("p", ["class": "empty"], say(empty)) }
    let shown = table.columns.indices.filter { !hidden.contains(table.columns[$0].key) }
    let head = shown.map { index in
      let column = table.columns[index]
      return Markup(
        "th", ["scope": "col", "class": column.isNumeric ? "n" : nil], Markup(column.title))
    }
    let rows = table.rows.prefix(most).map { row in
      Markup("tr", [:], shown.map { cell(row[$0], table.columns[$0]) })
    }
    let grid = Markup(
      "div", ["class": "scroll"],
      Markup(
        "table", [:], Markup("thead", [:], Markup("tr", [:], head)), Markup("tbody", [:], rows)))
    guard table.rows.count > most else { return grid }
    let note = say(
      "{shown} of {all} are shown; all of them: {command}",
      [
        "shown": "\(most)", "all": "\(table.rows.count)",
        "command": command ?? "cem report --xlsx",
      ])
    return grid + Markup("p", ["class": "note"], note)
  }

  private func cell(_ cell: ReportTable.Cell, _ column: ReportTable.Column) -> Markup {
    var content = value(cell.value)
    if column.isShare || column.isDifference, case .decimal(let share) = cell.value {
      let text = column.isShare ? share.percentage : Words.say("%1 points", share.hundredths)
      return Markup("td", ["class": "n", "title": share.description], Markup(text))
    }
    if column.key == "owner", case .text(let id) = cell.value, let name = report.people[id] {
      return Markup("td", ["title": id], Markup(name))
    }
    if let link = cell.link { content = Markup("a", ["href": "#\(link)"], content) }
    let name: String? =
      column.isNumeric
      ? "n"
      : ReportPage.texts.contains(column.key)
        ? "t" : column.key == "ref" || cell.value.isShort ? "k" : nil
    return Markup("td", ["class": name], content)
  }

  /// A value as the page has it: what was erased says so, states are marked.
  func value(_ value: Datum) -> Markup {
    switch value {
    case .erased: Markup("i", ["class": "gone"], Markup(value.reading))
    case .term(let kind, let id) where ReportPage.marked.contains(kind):
      Markup("span", ["class": "tag \(id)"], Markup(value.reading))
    case .decimal(let number): Markup(number.grouped)
    default: Markup(value.reading)
    }
  }

  private static let marked: Set<String> = [
    "StatusColour", "AgendaItem.Kind", "ActionStatus.State", "StandardVerdict",
  ]
  /// Columns that take what room there is.
  private static let texts: Set<String> = ["title", "text", "name", "metric", "finding"]
}

extension Datum {
  /// Whether it is read as one word, so that it is not broken.
  fileprivate var isShort: Bool {
    switch self {
    case .day, .time, .integer, .decimal, .null: true
    case .text(let text): text.utf8.count <= 8
    case .term(let kind, _): !["GapLink", "Step", "Level.Name"].contains(kind)
    case .erased, .bool, .list, .object: false
    }
  }
}

extension Total {
  /// The digits before the point in groups of three, with a space that does not break.
  var grouped: String {
    let parts = description.split(separator: ".", maxSplits: 1)
    let isNegative = parts[0].hasPrefix("-")
    let digits = Array(parts[0].drop { $0 == "-" })
    var whole = ""
    for (index, digit) in digits.enumerated() {
      if index > 0, (digits.count - index) % 3 == 0 { whole += "\u{202f}" }
      whole.append(digit)
    }
    return (isNegative ? "−" : "") + whole + (parts.count > 1 ? ".\(parts[1])" : "")
  }

  /// A share as people read it.
  var percentage: String { hundredths + "\u{202f}%" }

  /// How many hundredths it is, with at most one digit after the point, rounded half to even.
  var hundredths: String {
    var (tenths, rest) = millionths.quotientAndRemainder(dividingBy: 1_000)
    if rest.magnitude > 500 || (rest.magnitude == 500 && tenths % 2 != 0) {
      tenths += millionths < 0 ? -1 : 1
    }
    return Total(millionths: tenths * 100_000).grouped
  }
}
