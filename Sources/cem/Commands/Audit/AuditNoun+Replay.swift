import ArgumentParser
import CEMDomain
import CEMStore

extension AuditNoun {
  struct ReplayVerb: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "replay",
      abstract: "Step through the history, with the state after each event.",
      discussion: examples(
        "cem audit replay --stream GAP-12", "cem audit replay --department retail --from -30d",
        "cem audit replay --from 100 --to 120 --step", "cem audit replay | jq .state",
        about:
          "It folds the events again; no table is asked. On a terminal each event is shown with what it changed, through a pager, or with --step one by one. In a pipe each line is {event, changes, state}: the thing after the event, and the departments concerned as 'cem status --json' has them. --from is the moment to begin after, --to the one to end at."
      ))

    @Option(
      help: ArgumentHelp("Only what concerns a department.", valueName: "dept"),
      completion: Completion.departments)
    var department: String?
    @Option(
      help: ArgumentHelp("Only one thing: GAP-12, gap/12, maturity/ssc.", valueName: "stream"))
    var stream: String?
    @Option(help: ArgumentHelp("Begin after a moment.", valueName: "moment")) var from:
      MomentArgument?
    @Option(help: ArgumentHelp("End at a moment.", valueName: "moment")) var to: MomentArgument?
    @Flag(help: "Wait for Enter after each event; q ends.") var step = false
    @OptionGroup(title: "Options everywhere") var options: GlobalOptions

    func validate() throws {
      if department != nil, stream != nil {
        throw ValidationError("--department and --stream exclude each other")
      }
    }

    func run() async throws {
      let session = try await Session.open(options, purpose: .bulk)
      let wanted = try department.map { try DepartmentCode(scalar: $0) }
      let stream = try stream.map { try StreamID(named: $0) }
      let resolver = MomentResolver(session.connection, programID: session.program.id)
      let end = try resolver.resolve(to?.moment)
      let start = try from.map { try resolver.resolve($0.moment).position } ?? 0
      guard start <= end.position else {
        throw CommandError.usage("--from (position \(start)) is after --to (\(end.position))")
      }
      let day = try session.day(of: end)
      if from != nil { Console.standard.note("after position \(start)") }
      if to != nil { Console.standard.note("up to \(session.words(end))") }

      var printer = ReplayPrinter(options.style, isStepping: step, showsAll: stream != nil)
      var reader = SteppingReader()
      let body: (StoredEvent) throws -> Void = { stored in
        guard let taken = try reader.step(stored), stored.position > start else { return }
        if let wanted, !taken.concerns(wanted) { return }
        let concerned = wanted.map { [$0] } ?? taken.event.departments
        let reports =
          stream != nil ? [] : try concerned.map { try reader.report(of: $0, on: day) }
        try printer.write(taken, reports, at: reader.point)
      }
      let log = EventLog(session.connection, programID: session.program.id)
      let run = {
        do {
          if let stream {
            // A thing follows from its own events alone.
            var filter = EventLog.Filter()
            filter.stream = stream
            filter.upTo = end.position
            try log.forEach(filter) { try $0.forEach(body) }
          } else if end.position > 0 {
            try log.forEach(in: 1...end.position, body)
          }
        } catch is ReplayPrinter.Left {}
      }
      if step { try run() } else { try Console.standard.paged(run) }
      if printer.count == 0 {
        Console.standard.note("no events: nothing matches, or nothing was recorded")
      }
    }
  }
}

extension SteppingReader.Step {
  /// Whether a department is concerned; what is done for all departments concerns each.
  fileprivate func concerns(_ department: DepartmentCode) -> Bool {
    event.departments.contains(department) || event.stream == .programMaturity
  }
}

/// Prints the steps of a replay.
struct ReplayPrinter {
  /// Whoever read the steps has left.
  struct Left: Error {}

  private let style: OutputStyle
  private let isStepping: Bool
  /// Whether all of the thing is shown, and not only what changed.
  private let showsAll: Bool
  private(set) var count = 0

  init(_ style: OutputStyle, isStepping: Bool, showsAll: Bool) {
    self.style = style
    self.isStepping = isStepping && style.width != nil && style.isForPeople
    self.showsAll = showsAll
  }

  /// Prints one step.
  /// - Throws: `Left` once nobody wants more.
  mutating func write(
    _ step: SteppingReader.Step, _ reports: [DepartmentReport], at point: ReadPoint
  ) throws {
    count += 1
    let changes = EntityRecord.changes(from: step.before, to: step.after)
    if style.isForPeople {
      let lines = self.lines(step, changes, reports)
      try Console.standard.write(lines.joined(separator: "\n") + "\n\n")
    } else {
      try Console.standard.write(datum(step, changes, reports, at: point).jsonText + "\n")
    }
    if isStepping {
      try Console.standard.flush()
      Console.standard.progress("Enter for the next event, q to end ")
      guard let answer = readLine(), !answer.hasPrefix("q") else { throw Left() }
    }
    if Console.standard.isClosed { throw Left() }
  }

  private func datum(
    _ step: SteppingReader.Step, _ changes: [FieldChange], _ reports: [DepartmentReport],
    at point: ReadPoint
  ) -> Datum {
    let view = EventView(step.stored)
    var thing = Datum.null
    if let record = step.after {
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
    return Datum([
      "event": .object(
        EventView.allFields.map { Datum.Member(key: $0.key, value: $0.value(view)) }),
      "changes": .list(changes.map(\.datum)), "state": .object(state),
    ])
  }

  private func lines(
    _ step: SteppingReader.Step, _ changes: [FieldChange], _ reports: [DepartmentReport]
  ) -> [String] {
    let width = style.width ?? 100
    let view = EventView(step.stored)
    let paint = Paint(isOn: style.usesColor)
    let time = Datum.time(step.stored.recordedAt).display
    let title = "\(step.stored.position)  \(time)  \(view.who)  \(view.thing)  \(view.words)"
    var lines = [paint.bold(title.printable().fitted(to: width))]
    lines += FieldChange.lines(changes, width: width)
    if showsAll, let record = step.after {
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
