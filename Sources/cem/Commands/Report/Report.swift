import CEMDomain
import CEMStore
import FoundationEssentials
import Postgres
import TransparencyLog

/// All that a report says, gathered before any of it is put into words.
///
/// It follows from the log up to a position, the day of the question and the language, and from nothing
/// else: no clock, no machine, no time zone of whoever asks. So anybody can make the same report again.
struct Report {
  let scope: Scope
  let program: ProgramDetails
  let slug: String
  /// The last event that counts.
  let point: ReadPoint
  /// The log's root up to there.
  let root: Hash
  /// The day by which figures are judged.
  let day: Day
  let period: Span?
  let reader: PastReader
  let overview: ProgramOverview
  let changes: DiffView
  let journey: [JourneyRow]
  let since: Since
  let figures: ReportFigures
  /// What people are called, by their ids; those whose names were erased are left out.
  let people: [String: String]
  /// How the departments' levels were assessed the last time, by the streams of the levels.
  let assessments: [StreamID: Assessment]
  /// Where the period was closed and is read as that: what is known now, and at which position.
  let restated: Restated?
  /// Whether the period is shown as it was closed.
  let isClosed: Bool

  /// What differs from what a period was closed as.
  struct Restated {
    var position: Int64
    var departments: [Restatement]
  }

  /// What a report is about, and how much of it.
  struct Scope {
    /// The only department; `nil` for the whole program.
    var department: DepartmentCode?
    /// Whether it is the page or two that a board reads.
    var isSummary = false
  }

  /// A period with its days.
  struct Span {
    var period: Period
    var days: ClosedRange<Day>
  }

  /// What the changes are counted from.
  enum Since {
    /// What was recorded after a moment.
    case recorded(Moment, ReadPoint)
    /// What happened after a day.
    case happened(Day)
  }

  /// The departments that it is about, which may be retired where one was asked for.
  var reports: [DepartmentReport] { overview.reports }

  /// The only department that it is about.
  var department: DepartmentReport? { scope.department == nil ? nil : reports.first }

  /// How far back the changes go where nobody says.
  static let daysBack = 30
}

extension Session {
  /// Gathers a report.
  /// - Parameters:
  ///   - on: the day by which figures are judged; `nil` takes that of the moment.
  ///   - position: of a closed period, what is known since its close is taken from no later than this.
  ///   - scope: what it is about.
  ///   - id: the id of the command that is to record it. Where it did so before, the report is that one
  ///     again, whatever came after it.
  /// - Throws: `CommandError`, `FieldError` for a moment that is not there; `StoreError`.
  func report(
    _ read: ReadOptions, of scope: Report.Scope, since: Moment?, on: Day?,
    knownAt position: Int64?, again id: String?
  ) throws -> Report {
    let known = try position.map {
      try moments.resolve(.position($0))
    }
    var moment = try self.moment(read, knownAt: known)
    if let position, moment.close == nil {
      throw CommandError(
        "report.not-closed", "the period was not closed at position \(position)",
        hint: "--as-of \(position), for what was known of it then", exit: .input)
    }
    // A report that is made again knows no more than the first time.
    var head = known
    if let earlier = try id.flatMap({ try issued(by: $0) }) {
      moment.point = try moments.resolve(.position(earlier.position))
      moment.day = earlier.day
      head = try moments.resolve(
        .position(earlier.at - 1))
    } else if let on {
      let today = try day(of: nil)
      guard on <= today else {
        throw CommandError(
          "report.future", "--on \(on) is after today, \(today)",
          hint: "a report judges by a day that has come", exit: .input)
      }
      moment.day = min(on, moment.through ?? on)
    }
    let from = try start(since, moment)
    let diff: LogDiff
    switch from {
    case .happened(let day):
      diff = try LogDiff(
        connection, programID: program.id, from: moment.point, after: day, to: moment.point,
        through: moment.day)
    case .recorded(_, let point):
      diff = try LogDiff(connection, programID: program.id, from: point, to: moment.point)
    }
    let reader = diff.after
    guard let details = try reader.records([.program])[.program]?.program?.details else {
      throw CommandError(
        "report.nothing-recorded", "there is nothing to report: nothing was recorded by then",
        hint: moment.asked.map {
          "--period \($0.description.prefix(4)) goes by the day on which it happened"
        }
          ?? "name a later moment", exit: .notFound)
    }
    let only = scope.department
    let reports =
      try only.map { [try reader.reported($0, on: moment.day)] }
      ?? reader.departments(on: moment.day)
    let firstDay: Day
    switch from {
    case .happened(let day): firstDay = day
    case .recorded(_, let point):
      firstDay = point.position == 0 ? moment.day : try day(of: point.isHead ? nil : point)
    }
    let restated = try restatement(of: moment, upTo: head)
    return Report(
      scope: scope, program: details, slug: program.slug, point: moment.point,
      root: try TreeReader(connection: connection, programID: program.id)
        .root(size: Int(moment.point.position)),
      day: moment.day,
      period: moment.period.flatMap { days in
        read.period.map { Report.Span(period: $0.period, days: days) }
      },
      reader: reader, overview: try reader.overview(reports, of: only, on: moment.day),
      changes: try DiffView(diff, only: only, on: firstDay, and: moment.day),
      journey: try reader.journey(of: only), since: from,
      figures: ReportFigures(
        try Explainer(
          reader, connection, programID: program.id, on: moment.day, through: moment.through,
          restated: restated?.reader), reports, of: only),
      people: try reader.names,
      assessments: try assessments(
        of: reports.map { .maturity($0.department) }, upTo: moment.point.position,
        through: moment.through),
      restated: try restated.map { reading in
        Report.Restated(
          position: reading.point.position,
          departments: try Restatement.all(reader, reading.reader, on: moment.day)
            .filter { only == nil || $0.department == only })
      }, isClosed: moment.close != nil)
  }

  /// The report that a command recorded.
  private func issued(by id: String) throws -> (position: Int64, day: Day, at: Int64)? {
    guard let id = UUID(uuidString: id), let position = try log.position(ofCommand: id),
      let stored = try log.event(at: position),
      case .log(.reportIssued(let report)) = try stored.readable().event
    else { return nil }
    return (report.position, report.day, position)
  }

  /// Where the changes begin: as asked for; else with the period, or some days back.
  private func start(_ since: Moment?, _ moment: ResolvedMoment) throws -> Report.Since {
    if let period = moment.period {
      switch since {
      case nil: return .happened(period.lowerBound.adding(days: -1))
      case .day(let day)? where day <= moment.day: return .happened(day)
      case .some:
        throw CommandError.usage(
          "with --period, --since is a date up to \(moment.day)",
          hint: "a period goes by business dates, not by positions")
      }
    }
    let since = since ?? .day(moment.day.adding(days: -Report.daysBack))
    let point = try moments.resolve(since)
    guard point.position <= moment.point.position else {
      throw CommandError(
        "report.since-later",
        "--since is position \(point.position), after the report's position \(moment.point.position)",
        hint: "name an earlier moment", exit: .input)
    }
    return .recorded(since, point)
  }
}

/// The figures that a report shows, each with the events that it comes from.
final class ReportFigures {
  /// A figure, and whose it is.
  struct ID: Hashable {
    var figure: String
    /// `nil` for the program's.
    var department: DepartmentCode?

    /// The name of the place that lists its events.
    var anchor: String { "f-\(figure)" + (department.map { "-\($0)" } ?? "") }
  }

  private let explainer: Explainer
  private let reports: [DepartmentCode: DepartmentReport]
  /// The only department whose events are listed.
  private let only: DepartmentCode?
  private var explanations: [ID: Explanation] = [:]
  /// Those that were shown, in the order of their first showing.
  private(set) var shown: [ID] = []

  /// - Parameters:
  ///   - reports: the departments whose figures may be shown.
  ///   - only: the one that the report is about.
  init(_ explainer: Explainer, _ reports: [DepartmentReport], of only: DepartmentCode?) {
    self.explainer = explainer
    self.only = only
    self.reports = Dictionary(uniqueKeysWithValues: reports.map { ($0.department, $0) })
  }

  /// A figure with its events, which is shown from here on.
  /// - Throws: `CommandError` where its events do not give it.
  func show(_ figure: String, of department: DepartmentCode? = nil) throws -> Explanation {
    let id = ID(figure: figure, department: department)
    if let explanation = explanations[id] { return explanation }
    guard let known = Figures.find(figure),
      let explanation =
        try
        (department.flatMap { reports[$0] }
        .map { try explainer.explain(known, of: $0) }
        ?? explainer.explain(known, of: department)).first
    else { preconditionFailure("there is no figure \(figure)") }
    guard explanation.isReproduced else {
      throw CommandError.answerIsNo(
        "the events of \(figure)\(department.map { " of \($0)" } ?? "") give "
          + "\(FieldChange.words(explanation.folded)), not \(FieldChange.words(explanation.value))",
        hint: "cem projection verify")
    }
    explanations[id] = explanation
    shown.append(id)
    return explanation
  }

  /// Those shown of a department, or of the program.
  func shown(of department: DepartmentCode?) -> [(id: ID, explanation: Explanation)] {
    shown.filter { $0.department == department }.map { ($0, explanations[$0]!) }
  }

  /// How many events of a figure are listed.
  private static let mostEvents = 1_000

  /// Whether the events of a figure are listed: not where they are too many, nor those of the program in the report of
  /// one department.
  func areEventsListed(of id: ID, _ explanation: Explanation) -> Bool {
    explanation.events.count <= ReportFigures.mostEvents && (only == nil || id.department == only)
  }

  /// Every event that is listed, in the order of the log.
  var events: [StoredEvent] {
    var events: [Int64: StoredEvent] = [:]
    for (id, explanation) in explanations where areEventsListed(of: id, explanation) {
      for event in explanation.events { events[event.position] = event }
    }
    return events.values.sorted { $0.position < $1.position }
  }
}

extension PastReader {
  /// The state of a department that a report is asked for, be it retired.
  /// - Throws: `CommandError` where there is none, with the one that may have been meant.
  fileprivate func reported(_ code: DepartmentCode, on day: Day) throws -> DepartmentReport {
    if let record = try records([code.stream])[code.stream], !record.isVoided {
      return try report(of: code, on: day)
    }
    let codes = try records(of: .department).filter { !$0.isVoided }.map(\.stream.code)
    let meant = codes.filter { $0.hasPrefix(code.code) }
    let near = meant.count == 1 ? meant[0] : code.code.nearest(in: codes)
    throw CommandError(
      "department.not-found", "there is no department \(code)",
      hint: near.map { "did you mean \($0)?" } ?? "cem department list", exit: .notFound)
  }

  /// The names of people by their ids.
  fileprivate var names: [String: String] {
    get throws {
      var names: [String: String] = [:]
      for record in try records(of: .person) {
        guard let person = record.person else { continue }
        names[record.stream.code] = person.details.name.value
      }
      return names
    }
  }
}
