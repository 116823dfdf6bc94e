import ArgumentParser
import CEMStore

/// The options of every command that reads the program's state.
struct ReadOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "Show what was known at a moment: a position (42), a date (2026-06-30, its end), a time (RFC 3339) or a span back (-10d).",
      valueName: "moment"))
  var asOf: MomentArgument?
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

  @Option(help: ArgumentHelp("Only those in a state.", valueName: "state"))
  var state: String?

  @Flag(help: "Only those whose due date has passed.")
  var overdue = false

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("Sort by a field; a hyphen in front turns the order.", valueName: "field"))
  var sort: String?

  @Option(help: ArgumentHelp("At most this many.", valueName: "n"))
  var limit: Int?

  func validate() throws {
    if let limit, limit < 0 { throw ValidationError("--limit must not be negative") }
  }
}

/// A moment as a person names it.
struct MomentArgument: ExpressibleByArgument {
  var moment: Moment

  init?(argument: String) {
    guard let moment = try? Moment(Arguments.restored(argument)) else { return nil }
    self.moment = moment
  }
}
