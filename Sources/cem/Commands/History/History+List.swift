import ArgumentParser
import CEMDomain
import CEMStore
import Postgres

extension HistoryCommand {
  struct ListEvents: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "list",
      abstract: "List events, oldest first; the last 50 where nothing says otherwise.",
      discussion: examples(
        "cem history --stream GAP-12",
        "cem history --department ssc --type \"maturity.*\" --since -30d",
        "cem history --period 2026-Q3 --limit 0",
        "cem history --after-position 100 --limit 20 --json",
        "cem history --follow --format ndjson",
        about:
          "With --period, the events whose business date lies in it. On a terminal a list longer than the screen goes through a pager ($CEM_PAGER, $PAGER or less). --follow goes on until Ctrl-C, also while the database is restarted."
      ))

    @OptionGroup(title: "Which") var which: EventOptions
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
      if follow, which.until != nil || read.asOf != nil || read.period != nil {
        throw ValidationError("--follow has no end: leave out --until, --as-of and --period")
      }
    }

    private static let empty = "no events: nothing matches, or nothing was recorded"

    func run() async throws {
      let session = try await Session.open(options)
      var filter = try which.filter(session, read, after: afterPosition ?? 0)
      let log = session.log
      // From a position on, or where all are wanted, a reader begins at the beginning.
      let fromEnd = afterPosition == nil && limit != 0
      let wanted = limit == 0 ? Int.max : limit ?? 50
      if follow {
        // What is shown first and what follows meet at one position.
        let head = try session.moments.head()
        filter.upTo = head.position
        // What is told once must not be gone after a crash.
        try session.connection.waitUntilFlushed()
        var printer = EventPrinter(endless(options.style), isEndless: true)
        try show(log, filter, wanted, fromEnd: fromEnd, &printer)
        try Console.standard.flush()
        try await follow(session, filter, after: head.position, &printer)
        return
      }
      var printer = EventPrinter(options.style)
      try Console.standard.paged {
        let isCut = try show(log, filter, wanted, fromEnd: fromEnd, &printer)
        try printer.finish(empty: ListEvents.empty)
        if isCut, limit == nil { noteMore(fromEnd: fromEnd) }
      }
    }

    /// An array would have no end.
    private func endless(_ style: OutputStyle) -> OutputStyle {
      var style = style
      if style.format == .json { style.format = .ndjson }
      return style
    }

    /// Prints what is there.
    /// - Returns: whether there is more.
    @discardableResult
    private func show(
      _ log: EventLog, _ filter: EventLog.Filter, _ wanted: Int, fromEnd: Bool,
      _ printer: inout EventPrinter
    ) throws -> Bool {
      // One more tells whether there are more.
      let probe = wanted == .max ? wanted : wanted + 1
      if fromEnd {
        let events = try log.events(filter, limit: probe, fromEnd: true)
        try printer.write(events.suffix(wanted))
        return events.count > wanted
      }
      var found = 0
      do {
        try log.forEach(filter, limit: probe) { events in
          try printer.write(Array(events.prefix(wanted - found)))
          found += events.count
          if Console.standard.isClosed { throw ReaderLeft() }
        }
      } catch is ReaderLeft {
        return false
      }
      return found > wanted
    }

    /// Nobody reads any more: a pager was left, or a pipe closed.
    private struct ReaderLeft: Error {}

    private func noteMore(fromEnd: Bool) {
      Console.standard.note(
        fromEnd
          ? Words.say(
            "note: these are the last 50; all: --limit 0, from the beginning: --after-position 0")
          : Words.say("note: these are the first 50 after the position; all: --limit 0"))
    }

    private func follow(
      _ session: Session, _ start: EventLog.Filter, after position: Int64,
      _ printer: inout EventPrinter
    ) async throws {
      var filter = start
      let follower = Follower(session, after: position)
      while let change = try await follower.next() {
        let shown = filter.upTo ?? 0
        guard change.position > shown else { continue }
        filter.after = max(start.after, shown)
        filter.upTo = change.position
        var found: [StoredEvent] = []
        // Read whole before it is printed: after a lost connection it is read again.
        let isRead = try await follower.read { session in
          found = try session.log.events(filter, limit: .max)
        }
        guard isRead else { return }
        guard !found.isEmpty else { continue }
        try printer.write(found)
        try Console.standard.flush()
      }
    }
  }
}

/// Which events a command looks at.
struct EventOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp("Only of one thing: GAP-12, gap/12, maturity/ssc.", valueName: "stream"),
    completion: Completion.things)
  var stream: String?
  @Option(
    help: ArgumentHelp("Only what concerns a department.", valueName: "dept"),
    completion: Completion.departments)
  var department: String?
  @Option(
    help: ArgumentHelp("Only of a type; gap.* is every type of gaps.", valueName: "type"),
    completion: Completion.eventTypes)
  var type: String?
  @Option(help: ArgumentHelp("Only what a login recorded.", valueName: "login")) var actor: String?
  @Option(help: ArgumentHelp("Only after a moment: \(MomentArgument.forms).", valueName: "moment"))
  var since: MomentArgument?
  @Option(help: ArgumentHelp("Only up to a moment: \(MomentArgument.forms).", valueName: "moment"))
  var until: MomentArgument?

  /// The filter, with what moments resolved to said.
  func filter(
    _ session: Session, _ read: ReadOptions, after: Int64
  ) throws -> EventLog.Filter {
    var filter = EventLog.Filter()
    filter.stream = try stream.map { try StreamID(named: $0) }
    if let stream = filter.stream, try !hasEvents(stream, session) {
      throw CommandError(
        "stream.not-found", "nothing was recorded of \(stream)",
        hint: "cem history --type '\(stream.kind.rawValue).*'", exit: .notFound)
    }
    filter.department = try department.map { try DepartmentCode(scalar: $0) }
    if let department = filter.department {
      _ = try LiveReader(session.connection, programID: session.program.id)
        .record(department.stream)
    }
    if let type, !type.hasSuffix("*"), Event.presentVersions[type] == nil {
      let kind = type.prefix { $0 != "." } + "."
      let known = Event.presentVersions.keys.filter { $0.hasPrefix(kind) }
      throw CommandError.usage(
        "there is no event type \(type)",
        hint: known.isEmpty
          ? "a type is like gap.recorded; all of gaps are gap.*"
          : "types: " + known.sorted().joined(separator: ", "))
    }
    filter.type = type
    filter.actor = actor
    filter.after = after
    let resolver = session.moments
    if let since {
      let point = try resolver.resolve(since.moment)
      filter.after = max(filter.after, point.position)
      Console.standard.note(Words.say("since %1", session.words(point)))
    }
    if let until {
      let point = try resolver.resolve(until.moment)
      filter.upTo = point.position
      Console.standard.note(Words.say("until %1", session.words(point)))
    }
    guard read.asOf != nil || read.period != nil else { return filter }
    let moment = try session.moment(read)
    filter.upTo = min(filter.upTo ?? .max, moment.point.position)
    if let days = moment.period {
      filter.occurredOn = days
      // Nothing is dated after the day on which it was recorded.
      let before = try resolver.resolve(.day(days.lowerBound.adding(days: -1)))
      filter.after = max(filter.after, before.position)
    }
    return filter
  }

  private func hasEvents(_ stream: StreamID, _ session: Session) throws -> Bool {
    var filter = EventLog.Filter()
    filter.stream = stream
    return try !session.log.events(filter, limit: 1).isEmpty
  }
}

extension StreamID {
  /// Reads a stream as a person names it.
  /// - Throws: `CommandError` that says what streams look like.
  init(named text: String) throws(CommandError) {
    guard let id = StreamID(text) else {
      throw .usage(
        "there is no stream \(text)", hint: "a stream is like GAP-12, gap/12 or maturity/ssc")
    }
    self = id
  }
}
