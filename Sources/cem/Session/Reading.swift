import CEMDomain
import CEMStore
import FoundationEssentials
import Postgres

/// What a read gets: the state at a moment, and the day to judge it by.
struct Reading {
  let reader: any ProgramReader
  /// The program's day of the moment: today, the day of `--as-of`, or the last of `--period`.
  let day: Day
  /// Only what had happened by its end counts; `nil` is all.
  var through: Day?
  /// What is known now, where the reading is of a period as it was closed.
  var restated: (any ProgramReader)?

  var point: ReadPoint { reader.point }
}

extension Session {
  /// Reads the program's state now, at `--as-of` or by the end of `--period`, all in one snapshot. Print
  /// what it returns after it returned: a slow terminal must not hold the snapshot open.
  /// - Throws: what the closure throws; `FieldError` for a moment that is not there.
  func read<T>(_ options: ReadOptions, _ body: (Reading) throws -> T) throws -> T {
    guard options.asOf != nil || options.period != nil else { return try readNow(body) }
    // A replay reads in windows, each a statement of its own.
    let moment = try self.moment(options)
    let reader = try PastReader(
      connection, programID: program.id, point: moment.point, through: moment.through)
    return try body(
      Reading(
        reader: reader, day: moment.day, through: moment.through,
        restated: try restatement(of: moment)?.reader))
  }

  /// Reads the program's state now, all in one snapshot.
  /// - Throws: what the closure throws.
  func readNow<T>(_ body: (Reading) throws -> T) throws -> T {
    try connection.transaction(.snapshot) { _ in
      try body(
        Reading(
          reader: try LiveReader(connection, programID: program.id), day: try self.day(of: nil)))
    }
  }

  /// What `--as-of` and `--period` stand for.
  struct ResolvedMoment {
    var point: ReadPoint
    /// The day by which figures are judged.
    var day: Day
    /// The period's days.
    var period: ClosedRange<Day>?
    /// Its close, where the point is that and no other was asked for.
    var close: PeriodClose?
    /// The day that was asked about, where nothing was recorded by then.
    var asked: Day?
    /// What it stands for, as a person is told; `nil` where nothing was named.
    var heading: String?

    var through: Day? { period?.upperBound }
  }

  /// Finds what `--as-of` and `--period` stand for, and says it; now without either.
  /// - Parameter known: by which position a period must have been closed; `nil` is now.
  /// - Throws: `FieldError` for a moment or a period that is not there.
  func moment(_ options: ReadOptions, knownAt known: ReadPoint? = nil) throws -> ResolvedMoment {
    let named = options.asOf?.moment
    guard let period = options.period?.period else {
      let moment = try self.moment(named)
      moment.heading.map(note)
      if named != nil, moment.point.position == 0 { note(nothing(by: moment.asked)) }
      return moment
    }
    let moment = try self.moment(of: period, asOf: named, knownAt: known)
    moment.heading.map(note)
    return moment
  }

  private func moment(_ named: Moment?) throws -> ResolvedMoment {
    let point = try moments.resolve(named)
    return ResolvedMoment(
      point: point, day: try day(named, at: point),
      asked: point.position == 0 ? try day(named: named) : nil,
      heading: named.map { _ in Words.say("as of %1", words(point)) })
  }

  /// What a period stands for: its end, as known at its close, or at a moment, or now.
  /// - Parameters:
  ///   - known: by which position it must have been closed; `nil` is now.
  ///   - bound: beyond which nothing is known, where no moment is named; `nil` is now.
  /// - Throws: `FieldError` for a moment or a period that is not there.
  func moment(
    of period: Period, asOf named: Moment? = nil, knownAt known: ReadPoint? = nil,
    upTo bound: ReadPoint? = nil
  ) throws -> ResolvedMoment {
    let resolver = moments
    let point = if named == nil, let bound { bound } else { try resolver.resolve(named) }
    let day = try day(named, at: point)
    let days = period.days(
      fiscalYearStart: try currentProgram()?.details.fiscalYearStart ?? 1)
    guard days.lowerBound <= day else {
      throw CommandError(
        "period.not-begun", "\(period) begins on \(days.lowerBound), after \(day)",
        hint: "name a period that has begun", exit: .input)
    }
    if named == nil, let close = try program(at: known)?.close(of: days),
      close.position <= point.position
    {
      let point = try resolver.resolve(.position(close.position))
      return ResolvedMoment(
        point: point, day: days.upperBound, period: days, close: close,
        heading: Words.say(
          "%1: %2 to %3, as known at its close, at %4", "\(period)", "\(days.lowerBound)",
          "\(days.upperBound)", words(point)))
    }
    let end = days.upperBound > day ? Words.say(", still open") : ""
    let knowing =
      named == nil && point.isHead
      ? Words.say("as known now, at %1", words(point)) : Words.say("as known at %1", words(point))
    return ResolvedMoment(
      point: point, day: min(day, days.upperBound), period: days,
      heading: Words.say(
        "%1: %2 to %3%4, %5", "\(period)", "\(days.lowerBound)", "\(days.upperBound)", end, knowing)
    )
  }

  /// The day by which figures are judged at a moment.
  private func day(_ named: Moment?, at point: ReadPoint) throws -> Day {
    guard case .day(let day)? = named else { return try self.day(of: named == nil ? nil : point) }
    let today = try self.day(of: nil)
    guard day <= today else {
      throw CommandError(
        "moment.future", "\(day) is after today, \(today)",
        hint: "name a moment that has come", exit: .input)
    }
    return day
  }

  /// What is said where nothing was recorded by a moment: what happened by then may have been recorded
  /// later.
  func nothing(by asked: Day?) -> String {
    guard let asked else { return Words.say("nothing was recorded by then") }
    return Words.say(
      "nothing was recorded by then; by the day on which it happened: --period %1",
      String(asked.description.prefix(4)))
  }

  /// The program's day of a moment that was named by its time; `nil` for a position and for now.
  private func day(named moment: Moment?) throws -> Day? {
    let time: SQL
    switch moment {
    case nil, .now, .position: return nil
    case .day(let day): return day
    case .time(let text): time = "\(text)::timestamptz"
    case .ago(let span): time = "(now() - \(span)::interval)"
    }
    return try connection.query("SELECT (\(time) AT TIME ZONE \(program.timeZone))::date")
      .one(Day.self)
  }

  /// The position and the time of a point.
  func words(_ point: ReadPoint) -> String {
    Words.say("position %1", "\(point.position)")
      + (point.recordedAt.map { Words.say(", recorded %1", Datum.time($0).display) } ?? "")
  }

  private func note(_ text: String) { Console.standard.note(text) }

  private func currentProgram() throws -> Program? {
    try LiveReader(connection, programID: program.id).record(.program).program
  }

  /// What the program was at a point; now without one.
  private func program(at point: ReadPoint?) throws -> Program? {
    guard let point else { return try currentProgram() }
    var state = ProgramState.complete
    try log.forEachRecorded(of: [.program], upTo: point.position) { state.evolve(with: $0) }
    return state.entities[.program]?.program
  }

  /// What is known now of a period that is read as it was closed; `nil` where it is read otherwise, or
  /// nothing was recorded since.
  func restatement(of moment: ResolvedMoment, upTo point: ReadPoint? = nil) throws -> Reading? {
    guard moment.close != nil else { return nil }
    let now = try point ?? moments.head()
    guard now.position > moment.point.position else { return nil }
    let reader = try PastReader(
      connection, programID: program.id, point: now, through: moment.through)
    return Reading(reader: reader, day: moment.day, through: moment.through)
  }

  /// The program's day at a point; of now without one.
  func day(of point: ReadPoint?) throws -> Day {
    guard let time = point?.recordedAt else {
      return try connection.query(
        "SELECT (now() AT TIME ZONE \(program.timeZone))::date"
      ).one(Day.self)
    }
    return try connection.query(
      "SELECT (\(time)::timestamptz AT TIME ZONE \(program.timeZone))::date"
    ).one(Day.self)
  }
}
