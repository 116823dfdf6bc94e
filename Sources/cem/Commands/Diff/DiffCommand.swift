import ArgumentParser
import CEMDomain
import CEMStore

/// `cem diff`: what changed between two moments, or between the ends of two periods.
struct DiffCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "diff", abstract: "Show what changed between two moments or periods.",
    discussion: examples(
      "cem diff 2026-06-30 2026-09-30", "cem diff -30d now retail", "cem diff 100 120 --json",
      "cem diff 2026-Q2 2026-Q3", "cem diff CY2025 FY2026-Q1 retail",
      about:
        "Per department: the figures that 'cem status' shows, then each thing, field by field, with the positions of the events that did it. A terminal names a new thing in one line; everywhere else all its fields are there. Moments go by what was recorded; periods by what had happened when they ended, by business date, known as with --period: of a closed one what was known at its close, and of the first one never more than of the second."
    ))

  @Argument(
    help: "The earlier moment, \(MomentArgument.forms); or a period, \(PeriodArgument.forms).")
  var from: DiffEnd
  @Argument(
    help:
      "The later moment or period. 2026 is a position, unless the other one is a period; the year is CY2026."
  )
  var to: DiffEnd
  @Argument(help: "Only this department.", completion: Completion.departments) var department:
    String?
  @OptionGroup(title: "Options everywhere") var options: GlobalOptions

  func run() async throws {
    let session = try await Session.open(options, purpose: .bulk)
    let only = try department.map { try DepartmentCode(scalar: $0) }
    let (start, end) = try session.resolve(from, to)
    let diff: LogDiff
    if let first = start.period?.upperBound, let last = end.period?.upperBound {
      for heading in [start.heading, end.heading].compactMap(\.self) {
        note(heading)
      }
      guard first <= last else {
        throw CommandError(
          "period.order", "\(from.text) ends on \(first), after \(to.text), on \(last)",
          hint: "cem diff \(to.text) \(from.text)", exit: .input)
      }
      diff = try LogDiff(
        session.connection, programID: session.program.id, from: start.point, after: first,
        to: end.point, through: last)
    } else {
      note(Words.say("from %1; to %2", session.words(start.point), session.words(end.point)))
      diff = try LogDiff(
        session.connection, programID: session.program.id, from: start.point, to: end.point)
    }
    if let only, diff.after.state.entities[only.stream] == nil {
      throw Rejection.notFound(only.stream)
    }
    var picture = try DiffView(diff, only: only, on: start.day, and: end.day)
    picture.spans = (from.span(start), to.span(end))
    let style = options.style
    if style.format == .json || style.format == .ndjson, style.fields.isEmpty {
      let datum = picture.datum
      let isPretty = style.format == .json && style.width != nil
      try Console.standard.write((isPretty ? datum.prettyJSONText : datum.jsonText) + "\n")
    } else if style.isForPeople, style.fields.isEmpty {
      try Console.standard.paged {
        for line in picture.lines(style) { try Console.standard.write(line + "\n") }
      }
    } else {
      try options.show(Listing(picture.rows, DiffRow.fields, empty: "nothing changed"))
    }
  }
}

/// Says what was compared, in the lines of the terminal.
private func note(_ text: String) {
  let width = Console.standard.terminal.errorIsTerminal ? Console.standard.terminal.width : nil
  Console.standard.note(text.wrapped(to: width ?? .max).joined(separator: "\n"))
}

/// A moment or a period as a person names it; `2026` may be either.
struct DiffEnd: ExpressibleByArgument {
  var text: String
  var moment: Moment?
  var period: Period?

  init?(argument: String) {
    text = Arguments.restored(argument)
    moment = MomentArgument(argument: argument)?.moment
    period = PeriodArgument(argument: argument)?.period
    guard moment != nil || period != nil else { return nil }
  }

  /// The period with its days, where it was taken for one.
  fileprivate func span(_ resolved: Session.ResolvedMoment) -> Report.Span? {
    guard let period, let days = resolved.period else { return nil }
    return Report.Span(period: period, days: days)
  }
}

extension Session {
  /// What both ends stand for: moments where both can be that, else periods, which a year then is, too.
  /// - Throws: `CommandError` for a moment beside a period; `FieldError` for a moment that is not there.
  func resolve(
    _ from: DiffEnd, _ to: DiffEnd
  ) throws -> (from: ResolvedMoment, to: ResolvedMoment) {
    if let first = from.moment, let last = to.moment {
      let ends: (ResolvedMoment, ResolvedMoment)
      do {
        ends = (try resolve(first), try resolve(last))
      } catch let error as FieldError where from.period != nil || to.period != nil {
        throw CommandError(
          "input.invalid", error.description, hint: try byPeriods(from, to), exit: .input)
      }
      // In a long log, `2025` is far more often a position.
      if try mayBeYear(from), try mayBeYear(to), let years = try byPeriods(from, to) {
        Console.standard.note(
          Words.say(
            "%1 and %2 are positions here; the years: %3", from.text, to.text, years))
      }
      return ends
    }
    guard let first = from.period, let last = to.period else {
      let (period, moment) = from.period == nil ? (to, from) : (from, to)
      let meant = try [byPeriods(from, to), byMoments(from, to)].compactMap(\.self)
      throw CommandError(
        "diff.mixed", "\(period.text) is a period and \(moment.text) is a moment",
        cause: "a period goes by what had happened, a moment by what was recorded",
        hint: meant.isEmpty ? "name two periods, or two moments" : meant.joined(separator: ", or "),
        exit: .usage)
    }
    let end = try moment(of: last)
    // Neither what came meanwhile nor, before a close, what was recorded after it makes a difference.
    return (try moment(of: first, upTo: end.point), end)
  }

  /// A moment with the day by which figures are judged at it.
  private func resolve(_ moment: Moment) throws -> ResolvedMoment {
    let point = try moments.resolve(moment)
    let today = try day(of: nil)
    switch moment {
    // A day that is not over is judged as it is now.
    case .day(let day): return ResolvedMoment(point: point, day: min(day, today))
    case .now: return ResolvedMoment(point: point, day: today)
    case .position, .time, .ago:
      return ResolvedMoment(point: point, day: point.isHead ? today : try day(of: point))
    }
  }

  /// Whether a position is also a year in which the program was there.
  private func mayBeYear(_ end: DiffEnd) throws -> Bool {
    guard let days = end.period?.days(fiscalYearStart: 1) else { return false }
    let record = try readNow { try $0.reader.record(.program) }
    return try days.lowerBound <= day(of: nil) && record.since <= days.upperBound
  }

  /// The same comparison by periods: of a moment, the month; `nil` where the first one ends no earlier.
  private func byPeriods(_ from: DiffEnd, _ to: DiffEnd) throws -> String? {
    let periods = try [from, to].map { end in
      if let period = end.period {
        return (text: end.moment == nil ? end.text : "CY\(period)", period: period)
      }
      let day = try end.moment.map(resolve)?.day ?? day(of: nil)
      let month = String(day.description.prefix(7))
      return (text: month, period: try Period(scalar: month))
    }
    let start = try readNow { try $0.reader.record(.program).program?.details.fiscalYearStart ?? 1 }
    let ends = periods.map { $0.period.days(fiscalYearStart: start).upperBound }
    return ends[0] < ends[1] ? "cem diff \(periods[0].text) \(periods[1].text)" : nil
  }

  /// The same comparison by moments: of a period, its last day, or now; `nil` where the first one comes no earlier.
  private func byMoments(_ from: DiffEnd, _ to: DiffEnd) throws -> String? {
    let moments = try [from, to].map { end in
      if let moment = end.moment {
        return (text: end.text, position: try resolve(moment).point.position)
      }
      let moment = try end.period.map { try self.moment(of: $0) }
      let day = moment.map { $0.day < $0.period?.upperBound ?? $0.day ? nil : $0.day } ?? nil
      return (
        text: day?.description ?? "now",
        position: try resolve(day.map(Moment.day) ?? .now).point.position
      )
    }
    return moments[0].position < moments[1].position
      ? "cem diff \(moments[0].text) \(moments[1].text)" : nil
  }
}

/// One changed field.
struct DiffRow: Sendable {
  /// `nil` for what concerns no department.
  var department: DepartmentCode?
  /// `nil` where the field is a figure of the department.
  var thing: LogDiff.Thing?
  var change: FieldChange
  var positions: [Int64]

  static let fields: [Field<DiffRow>] = [
    Field("department") { Datum($0.department) },
    Field("thing") { Datum($0.thing?.stream.reference) },
    Field("kind") { .text($0.thing?.kind.rawValue ?? "figure") },
    Field("field") { .text($0.change.field) },
    Field("old") { FieldChange.datum($0.change.old) },
    Field("new") { FieldChange.datum($0.change.new) },
    Field("positions") { .list($0.positions.map(Datum.integer)) },
  ]
}
