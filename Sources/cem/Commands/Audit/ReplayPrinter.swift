import CEMDomain
import CEMStore

/// Prints the steps of a replay: for people each with what it changed, else as rows of a list.
struct ReplayPrinter {
  /// Whoever read the steps has left.
  struct Left: Error {}

  /// An event with what came of it.
  struct Step {
    var stored: StoredEvent
    var record: EntityRecord?
    var changes: [FieldChange]
    var reports: [DepartmentReport]
    var point: ReadPoint
    /// Whether all of the thing is shown, and not only what changed.
    var showsAll: Bool
  }

  private let style: OutputStyle
  private let isStepping: Bool
  private let showsAll: Bool
  private var list: ListPrinter<Step>
  private(set) var count = 0

  /// - Throws: `CommandError` for an unknown field.
  init(_ style: OutputStyle, isStepping: Bool, showsAll: Bool) throws {
    var style = style
    // What nobody formatted is for a program that takes a step at a time.
    if style.format == nil, style.width == nil { style.format = .ndjson }
    self.style = style
    self.isStepping = isStepping && style.width != nil && style.isForPeople
    self.showsAll = showsAll
    list = ListPrinter(style, style.format == .csv ? Step.csvFields : Step.fields)
    _ = try Listing([], Step.fields).beginning(style)
  }

  /// Prints one step.
  /// - Throws: `Left` once nobody wants more.
  mutating func write(
    _ taken: SteppingReader.Step, _ reports: [DepartmentReport], at point: ReadPoint
  ) throws {
    count += 1
    let step = Step(
      stored: taken.stored, record: taken.after,
      changes: EntityRecord.changes(from: taken.before, to: taken.after), reports: reports,
      point: point, showsAll: showsAll)
    if style.isForPeople, style.fields.isEmpty {
      try Console.standard.write(step.lines(style).joined(separator: "\n") + "\n\n")
    } else {
      try list.write([step])
    }
    if isStepping {
      try Console.standard.flush()
      Console.standard.progress("Enter for the next event, q to end ")
      guard let answer = readLine(), !answer.hasPrefix("q") else { throw Left() }
    }
    if Console.standard.isClosed { throw Left() }
  }

  /// Prints what belongs after the last step.
  mutating func finish() throws {
    if style.isForPeople, style.fields.isEmpty { return }
    try list.finish(empty: "")
  }
}

extension ReplayPrinter.Step {
  fileprivate static let fields: [Field<ReplayPrinter.Step>] = [
    Field("event") { step in
      let view = EventView(step.stored)
      return .object(EventView.allFields.map { Datum.Member(key: $0.key, value: $0.value(view)) })
    },
    Field("changes") { .list($0.changes.map(\.datum)) },
    Field("state") { $0.state },
  ]

  /// Flat, one row an event.
  fileprivate static let csvFields: [Field<ReplayPrinter.Step>] = [
    Field("position") { .integer($0.stored.position) },
    Field("recordedAt") { .time($0.stored.recordedAt) },
    Field("occurredOn") { .day($0.stored.occurredOn) },
    Field("actor") { .text(EventView($0.stored).who) },
    Field("ref") { .text(EventView($0.stored).thing) },
    Field("type") { .text($0.stored.type) },
    Field("event") { .text(EventView($0.stored).words) },
    Field("changes") { step in
      .text(step.changes.map { "\($0.field): \($0.words)" }.joined(separator: "; "))
    },
    Field("state") { .text($0.reports.map(\.words).joined(separator: "; ")) },
  ]

  private var state: Datum {
    var thing = Datum.null
    if let record {
      thing = Datum([
        "ref": .text(record.stream.reference), "stream": .text(record.stream.description),
        "version": Datum(record.version), "voided": .bool(record.isVoided),
        "fields": Datum(.object(record.fields)),
      ])
    }
    var state = [Datum.Member(key: "thing", value: thing)]
    if !showsAll {
      let departments = reports.map { report in
        let row = StatusRow(report: report, point: point)
        return Datum.object(
          StatusRow.fields.map { Datum.Member(key: $0.key, value: $0.value(row)) })
      }
      state.append(Datum.Member(key: "departments", value: .list(departments)))
    }
    return .object(state)
  }

  /// The step for a person.
  fileprivate func lines(_ style: OutputStyle) -> [String] {
    let width = style.width ?? 100
    let view = EventView(stored)
    let paint = Paint(isOn: style.usesColor)
    let time = Datum.time(stored.recordedAt).display
    let title = "\(stored.position)  \(time)  \(view.who)  \(view.thing)  \(view.words)"
    var lines = [paint.bold(title.printable().fitted(to: width))]
    lines += FieldChange.lines(changes, width: width)
    if showsAll, let record {
      let changed = Set(changes.map(\.field))
      let same = record.fields.members.filter { !changed.contains($0.key) }
        .map { FieldChange($0.key, from: nil, to: $0.value) }
      if !same.isEmpty {
        lines.append("  " + Words.say("unchanged"))
        lines += FieldChange.lines(same, width: width, indent: "    ")
      }
    }
    return lines + reports.map { "  = \($0.words)".fitted(to: width) }
  }
}

extension DepartmentReport {
  /// The state in one line.
  fileprivate var words: String {
    var parts = [
      standing.map { Words.say("level %1", "\($0.level)") } ?? Words.say("not assessed")
    ]
    if isUnsupported { parts.append(Words.say("unsupported")) }
    if !actions.isEmpty {
      parts.append(
        Words.say("%1 of %2 actions", "\(actions.count(where: \.counts))", "\(actions.count)"))
    }
    parts.append(Words.count(openGaps, "open gap"))
    parts.append(Words.count([self].initiativesUnderWay, "initiative under way"))
    return Words.pair("\(department)", parts.joined(separator: ", "))
  }
}
