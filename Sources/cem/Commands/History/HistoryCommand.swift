import ArgumentParser
import CEMDomain
import CEMStore

/// `cem history`: the events themselves.
struct HistoryCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "history", abstract: "What happened: the log's events.",
    subcommands: [ListEvents.self, ShowEvent.self], defaultSubcommand: ListEvents.self)

  struct ListEvents: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "list",
      abstract: "List events, oldest first; the last 50 where nothing says otherwise.",
      discussion: examples(
        "cem history --stream GAP-12",
        "cem history --department ssc --type \"maturity.*\" --since -30d",
        "cem history --after-position 100 --limit 20 --json", "cem history --follow --format ndjson"
      ))

    @Option(
      help: ArgumentHelp("Only of one thing: GAP-12, gap/12, maturity/ssc.", valueName: "stream"))
    var stream: String?
    @Option(
      help: ArgumentHelp("Only what concerns a department.", valueName: "dept"),
      completion: Completion.departments)
    var department: String?
    @Option(help: ArgumentHelp("Only of a type; gap.* is every type of gaps.", valueName: "type"))
    var type: String?
    @Option(help: ArgumentHelp("Only what a login recorded.", valueName: "login")) var actor:
      String?
    @Option(help: ArgumentHelp("Only after a moment.", valueName: "moment")) var since:
      MomentArgument?
    @Option(help: ArgumentHelp("Only up to a moment.", valueName: "moment")) var until:
      MomentArgument?
    @Option(help: ArgumentHelp("Only after a position.", valueName: "n")) var afterPosition: Int64?
    @Option(help: ArgumentHelp("At most this many; 0 is all.", valueName: "n")) var limit: Int?
    @Flag(help: "Go on with new events as they come.") var follow = false
    @OptionGroup(title: "When") var read: ReadOptions
    @OptionGroup(title: "Options everywhere") var options: GlobalOptions

    func validate() throws {
      if let limit, limit < 0 { throw ValidationError("--limit must not be negative") }
      if let afterPosition, afterPosition < 0 {
        throw ValidationError("--after-position must not be negative")
      }
      if follow, until != nil || read.asOf != nil {
        throw ValidationError("--follow has no end: leave out --until and --as-of")
      }
    }

    func run() async throws {
      let session = try await Session.open(options)
      let log = EventLog(session.connection, programID: session.program.id)
      var filter = try filter(session)
      // From a position on, a reader wants what follows it; else the newest.
      let fromEnd = afterPosition == nil
      let wanted = limit ?? 50
      let probe = wanted == 0 ? Int.max : wanted + 1
      var events = try log.events(filter, limit: probe, fromEnd: fromEnd)
      let isCut = wanted > 0 && events.count > wanted
      if isCut { if fromEnd { events.removeFirst() } else { events.removeLast() } }
      let rows = events.map { EventView($0) }
      var style = options.style
      // An array would have no end.
      if follow, style.format == .json { style.format = .ndjson }
      let listing = Listing(
        rows, style.eventFields, empty: "no events: nothing matches, or nothing was recorded")
      try Console.standard.write(listing.text(style))
      if isCut, limit == nil, !follow { noteMore(events, fromEnd: fromEnd) }
      guard follow else { return }
      filter.after = max(filter.after, events.last?.position ?? filter.after)
      try await follow(log, filter, style)
    }

    private func noteMore(_ events: [StoredEvent], fromEnd: Bool) {
      let hint =
        fromEnd
        ? "these are the last 50; all: --limit 0, from the beginning: --after-position 0"
        : "there are more: --after-position \(events.last?.position ?? 0)"
      Console.standard.note("note: " + hint)
    }

    /// Looks for new events twice a second, by position, so that none is missed or shown twice.
    private func follow(
      _ log: EventLog, _ start: EventLog.Filter, _ style: OutputStyle
    ) async throws {
      var filter = start
      try Console.standard.flush()
      while !Console.standard.isClosed {
        try await Task.sleep(for: .milliseconds(500))
        let events = try log.events(filter, limit: 1_000)
        guard let last = events.last else { continue }
        filter.after = last.position
        let fields = style.eventFields
        let text = try Listing(events.map { EventView($0) }, fields).text(style)
        // The header stands over the first events already.
        let lines = style.isForPeople || style.format == .csv ? text.droppingFirstLine : text
        try Console.standard.write(lines)
        try Console.standard.flush()
      }
    }

    private func filter(_ session: Session) throws -> EventLog.Filter {
      var filter = EventLog.Filter()
      if let stream {
        guard let id = StreamID(stream) else {
          throw CommandError.usage(
            "there is no stream \(stream)", hint: "a stream is like GAP-12, gap/12 or maturity/ssc")
        }
        filter.stream = id
      }
      filter.department = try department.map { try DepartmentCode(scalar: $0) }
      filter.type = type
      filter.actor = actor
      filter.after = afterPosition ?? 0
      let resolver = MomentResolver(session.connection, programID: session.program.id)
      if let since {
        let point = try resolver.resolve(since.moment)
        filter.after = max(filter.after, point.position)
        Console.standard.note("since position \(point.position)")
      }
      if let moment = until?.moment ?? read.asOf?.moment {
        let point = try resolver.resolve(moment)
        filter.upTo = point.position
        Console.standard.note("up to position \(point.position)")
      }
      return filter
    }
  }

  struct ShowEvent: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "show", abstract: "Show one event with all that is stored of it.",
      discussion: examples("cem history show 42"))

    @Argument(help: "Its position.") var position: Int64
    @OptionGroup(title: "Options everywhere") var options: GlobalOptions

    func run() async throws {
      let session = try await Session.open(options)
      var filter = EventLog.Filter()
      filter.after = position - 1
      filter.upTo = position
      let found = try EventLog(session.connection, programID: session.program.id)
        .events(filter, limit: 1)
      guard let event = found.first else {
        throw CommandError(
          "event.not-found", "there is no event at position \(position)", hint: "cem history",
          exit: .notFound)
      }
      try options.show(EventView(event), EventView.allFields)
    }
  }
}

extension String {
  fileprivate var droppingFirstLine: String {
    firstIndex(of: "\n").map { String(self[index(after: $0)...]) } ?? ""
  }
}
