import ArgumentParser
import CEMDomain
import CEMStore

/// The options of every command that reads the program's state.
struct ReadOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "Show what was known at a moment: \(MomentArgument.forms).", valueName: "moment"))
  var asOf: MomentArgument?

  @Option(
    help: ArgumentHelp(
      "Show what had happened by the end of a period, by business date: 2026, 2026-Q3, 2026-07, or a fiscal year by its end (FY2026, FY2026-Q3). It is shown as known now: corrections made since count. A closed one is shown as known at its close. With --as-of either is shown as known then.",
      valueName: "period"))
  var period: PeriodArgument?
}

/// A period as a person names it.
struct PeriodArgument: ExpressibleByArgument {
  var period: Period

  /// What a person may write.
  static let forms = "2026, 2026-Q3 or 2026-07, or of the fiscal year FY2026 or FY2026-Q3"

  init?(argument: String) {
    // A calendar year beside a fiscal one: `CY2026` is `2026` where that is a position.
    let isCalendar = argument.hasPrefix("CY") && argument.dropFirst(2).first?.isNumber == true
    let text = isCalendar ? String(argument.dropFirst(2)) : argument
    guard let period = try? Period(scalar: text) else { return nil }
    self.period = period
  }
}

/// The options of every list.
struct ListOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp("Only those of a department.", valueName: "dept"),
    completion: Completion.departments)
  var department: String?

  @Option(
    help: ArgumentHelp("Only those that a person owns.", valueName: "person"),
    completion: Completion.people)
  var owner: String?

  @Option(
    help: ArgumentHelp("Only those in a state.", valueName: "state"), completion: Completion.states)
  var state: String?

  @Flag(help: "Only those whose due date has passed.")
  var overdue = false

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("Sort by a field; a hyphen in front turns the order.", valueName: "field"),
    completion: Completion.sortFields)
  var sort: String?

  @Option(help: ArgumentHelp("At most this many; 0 is all.", valueName: "n"))
  var limit: Int?

  func validate() throws {
    if let limit, limit < 0 { throw ValidationError("--limit must not be negative") }
  }
}

/// A moment as a person names it.
struct MomentArgument: ExpressibleByArgument {
  var moment: Moment

  /// What a person may write, for the help of every option that takes a moment.
  static let forms =
    "a position (42), a date (2026-06-30, its end), a time (RFC 3339), a span back (-10d) or now"

  init?(argument: String) {
    guard let moment = try? Moment(Arguments.restored(argument)) else { return nil }
    self.moment = moment
  }
}
