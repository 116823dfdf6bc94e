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
        "cem audit replay --stream GAP-12 --format csv > gap-12.csv",
        about:
          "It folds the events again; no table is asked. On a terminal each event is shown with what it changed, through a pager, or with --step one by one. In a pipe each line is {event, changes, state}: the thing after the event, and the departments concerned as 'cem status --json' has them; --format csv has a row for each event, with changes and state in words. --from is the moment to begin after, --to the one to end at."
      ))

    @Option(
      help: ArgumentHelp("Only what concerns a department.", valueName: "dept"),
      completion: Completion.departments)
    var department: String?
    @Option(
      help: ArgumentHelp("Only one thing: GAP-12, gap/12, maturity/ssc.", valueName: "stream"))
    var stream: String?
    @Option(
      help: ArgumentHelp("Begin after a moment: \(MomentArgument.forms).", valueName: "moment"))
    var from: MomentArgument?
    @Option(help: ArgumentHelp("End at a moment: \(MomentArgument.forms).", valueName: "moment"))
    var to: MomentArgument?
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
      let resolver = session.moments
      let end = try resolver.resolve(to?.moment)
      let start = try from.map { try resolver.resolve($0.moment).position } ?? 0
      guard start <= end.position else {
        throw CommandError.usage("--from (position \(start)) is after --to (\(end.position))")
      }
      let day = try session.day(of: end)
      if from != nil { Console.standard.note("after position \(start)") }
      if to != nil { Console.standard.note("up to \(session.words(end))") }

      var printer = try ReplayPrinter(options.style, isStepping: step, showsAll: stream != nil)
      var reader = SteppingReader()
      let body: (StoredEvent) throws -> Void = { stored in
        try stored.requireAsRecorded()
        guard let taken = try reader.step(stored), stored.position > start else { return }
        if let wanted, !taken.concerns(wanted) { return }
        let concerned = wanted.map { [$0] } ?? taken.event.departments
        let reports =
          stream != nil ? [] : try concerned.map { try reader.report(of: $0, on: day) }
        try printer.write(taken, reports, at: reader.point)
      }
      let log = session.log
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
        try printer.finish()
      }
      if step { try run() } else { try Console.standard.paged(run) }
      if printer.count == 0 {
        Console.standard.note("no events: nothing matches, or nothing was recorded")
      }
    }
  }
}

extension StoredEvent {
  /// Ends what shows an event as evidence where it is not the one that was recorded.
  /// - Throws: `CommandError` with exit code 1.
  func requireAsRecorded() throws(CommandError) {
    guard leafHash != computedLeafHash else { return }
    throw .answerIsNo(
      "position \(position) is not what was recorded",
      hint: "cem history show \(position); cem audit verify")
  }
}

extension SteppingReader.Step {
  /// Whether a department is concerned; what is done for all departments concerns each.
  fileprivate func concerns(_ department: DepartmentCode) -> Bool {
    event.departments.contains(department) || event.stream == .programMaturity
  }
}
