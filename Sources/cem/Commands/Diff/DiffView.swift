import CEMDomain
import CEMStore

/// A difference as it is shown: by department, the figures first.
struct DiffView {
  /// What changed of a department, or of what concerns none.
  struct Part {
    var department: DepartmentCode?
    var name: String?
    var figures: [(change: FieldChange, positions: [Int64])]
    var things: [LogDiff.Thing]
  }

  let diff: LogDiff
  private(set) var parts: [Part] = []
  /// The periods whose ends are compared; `nil` for a moment.
  var spans: (from: Report.Span?, to: Report.Span?) = (nil, nil)

  init(_ diff: LogDiff, only: DepartmentCode?, on start: Day, and end: Day) throws {
    self.diff = diff
    let before = try diff.before.reports(only: only, on: start)
    let after = try diff.after.reports(only: only, on: end)
    var things: [DepartmentCode?: [LogDiff.Thing]] = [:]
    for thing in diff.things {
      for code in thing.departments.isEmpty ? [nil] : thing.departments.map(Optional.some)
      where only == nil || code == only {
        things[code, default: []].append(thing)
      }
    }
    let codes = Set(before.keys).union(after.keys).union(things.keys.compactMap { $0 }).sorted()
    for code in codes {
      let part = Part(
        department: code, name: (after[code] ?? before[code])?.name,
        figures: try figures((before[code], start), (after[code], end)), things: things[code] ?? [])
      if !part.figures.isEmpty || !part.things.isEmpty { parts.append(part) }
    }
    if let others = things[nil] {
      parts.append(Part(department: nil, name: nil, figures: [], things: others))
    }
  }

  /// The figures that differ, with the events between the moments that have a part in them.
  private func figures(
    _ before: (report: DepartmentReport?, day: Day), _ after: (report: DepartmentReport?, day: Day)
  ) throws -> [(change: FieldChange, positions: [Int64])] {
    try Figures.all.compactMap { figure in
      guard case .department(let value) = figure.value, figure.source != .lastEvent else {
        return nil
      }
      let old = before.report.map { value($0, diff.from) }
      let new = after.report.map { value($0, diff.to) }
      // What is counted by parts is shown by parts, and what the two names say by the name.
      guard old != new, old?.object == nil, new?.object == nil,
        figure.id != "levelId", figure.id != "department"
      else { return nil }
      return (
        FieldChange(figure.id, from: old, to: new),
        try diff.positions(for: figure.source, before, after)
      )
    }
  }

  /// One row a field.
  var rows: [DiffRow] {
    parts.flatMap { part in
      part.figures.map {
        DiffRow(
          department: part.department, thing: nil, change: $0.change, positions: $0.positions)
      }
        + part.things.flatMap { thing in
          thing.changes.map {
            DiffRow(
              department: part.department, thing: thing, change: $0, positions: thing.positions)
          }
        }
    }
  }
}

extension DiffView {
  /// The difference for programs.
  var datum: Datum {
    func positions(_ positions: [Int64]) -> Datum { .list(positions.map(Datum.integer)) }
    let departments = parts.map { part in
      let figures = part.figures.map { figure in
        Datum([
          "figure": .text(figure.change.field), "old": FieldChange.datum(figure.change.old),
          "new": FieldChange.datum(figure.change.new), "positions": positions(figure.positions),
        ])
      }
      let things = part.things.map { thing in
        Datum([
          "thing": .text(thing.stream.reference), "stream": .text(thing.stream.description),
          "kind": .text(thing.kind.rawValue), "changes": .list(thing.changes.map(\.datum)),
          "positions": positions(thing.positions),
        ])
      }
      return Datum([
        "department": Datum(part.department), "name": Datum(part.name),
        "figures": .list(figures), "things": .list(things),
      ])
    }
    func end(_ point: ReadPoint, _ span: Report.Span?) -> Datum {
      Datum([
        "position": .integer(point.position), "time": Datum(point.recordedAt),
        "period": Datum(span?.period), "first": Datum(span?.days.lowerBound),
        "last": Datum(span?.days.upperBound),
      ])
    }
    return Datum([
      "from": end(diff.from, spans.from), "to": end(diff.to, spans.to),
      "events": Datum(diff.events),
      "departments": .list(departments),
    ])
  }

  /// The difference for a person.
  func lines(_ style: OutputStyle) -> [String] {
    let width = style.width ?? 100
    let paint = Paint(isOn: style.usesColor)
    guard !parts.isEmpty else { return [Words.say("nothing changed")] }
    var lines: [String] = []
    for part in parts {
      if !lines.isEmpty { lines.append("") }
      let title = part.department.map { "\($0)  \(part.name ?? "")" } ?? Words.say("no department")
      lines.append(paint.bold(title.printable().fitted(to: width)))
      let names = part.figures.map { Words.field($0.change.field) }
      let nameWidth = names.map(\.displayWidth).max() ?? 0
      for (name, figure) in zip(names, part.figures) {
        lines += DiffView.line(
          "  \(name.padded(nameWidth))  ", figure.change.words, figure.positions, width)
      }
      for thing in part.things { lines += DiffView.lines(thing, width) }
    }
    return lines + [""] + summary
  }

  private static func lines(_ thing: LogDiff.Thing, _ width: Int) -> [String] {
    let start = "  \(thing.name)  "
    guard thing.kind != .new else {
      let words = Words.say(thing.record.isVoided ? "new, and voided" : "new")
      return line(
        start, thing.title.map { Words.pair(words, $0) } ?? words, thing.positions, width)
    }
    let words = thing.kind == .changed ? thing.title ?? "" : Words.say(thing.kind.rawValue)
    let fields = thing.changes.filter { $0.field != "voided" }
    return line(start, words, thing.positions, width)
      + FieldChange.lines(fields, width: width, indent: "    ")
  }

  /// A line with the positions at its end; on a line of their own where they do not fit.
  private static func line(
    _ start: String, _ words: String, _ positions: [Int64], _ width: Int
  ) -> [String] {
    var end = ""
    if !positions.isEmpty {
      // Beyond a few, a person wants to know how many; programs get them all.
      let shown = positions.prefix(6).map { "\($0)" }.joined(separator: ", ")
      let more = positions.count > 6 ? ", … " + Words.count(positions.count, "event") : ""
      end = "[\(shown)\(more)]"
    }
    let text = (start + words.printable()).fitted(to: max(20, width - end.displayWidth - 2))
    let gap = width - text.displayWidth - end.displayWidth
    return [end.isEmpty ? text : text + String(repeating: " ", count: max(2, gap)) + end]
  }

  /// How many things of each kind are new, changed, no longer in use, voided or back.
  private var summary: [String] {
    let things = Dictionary(
      parts.flatMap(\.things).map { ($0.stream, $0) }, uniquingKeysWith: { first, _ in first }
    ).values
    var lines = [
      Words.say(
        "%1 in between; in brackets: positions, see cem history show",
        Words.count(diff.events, "event"))
    ]
    for kind in EntityKind.allCases {
      let counts = LogDiff.Thing.Kind.allCases.compactMap { change -> String? in
        let count = things.count { $0.stream.kind == kind && $0.kind == change }
        return count > 0 ? Words.count(count, of: change) : nil
      }
      guard !counts.isEmpty else { continue }
      let name = Catalog.label("EntityKind", kind.rawValue, in: Words.language) ?? kind.rawValue
      lines.append("  " + Words.pair(name, counts.joined(separator: Words.clauseMark)))
    }
    return lines
  }
}

extension LogDiff.Thing {
  /// The reference, or the kind with the code: a department's level has the code of the department.
  var name: String {
    stream.kind.referencePrefix != nil || stream.code.isEmpty
      ? stream.reference
      : "\(Catalog.label("EntityKind", stream.kind.rawValue, in: Words.language) ?? "") \(stream.code)"
  }

  /// What people know the thing by.
  var title: String? {
    for name in ["title", "name", "rule"] {
      if let text = record.fields[name]?.string { return text }
    }
    return nil
  }
}
