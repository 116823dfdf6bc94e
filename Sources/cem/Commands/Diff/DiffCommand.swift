import ArgumentParser
import CEMDomain
import CEMStore

/// `cem diff`: what changed between two moments.
struct DiffCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "diff", abstract: "Show what changed between two moments.",
    discussion: examples(
      "cem diff 2026-06-30 2026-09-30", "cem diff -30d now retail", "cem diff 100 120 --json",
      about:
        "Per department: the figures that 'cem status' shows, then each thing, field by field, with the positions of the events that did it. A terminal names a new thing in one line; everywhere else all its fields are there."
    ))

  @Argument(help: "The earlier moment: \(MomentArgument.forms).") var from: MomentArgument
  @Argument(help: "The later moment: \(MomentArgument.forms).") var to: MomentArgument
  @Argument(help: "Only this department.", completion: Completion.departments) var department:
    String?
  @OptionGroup(title: "Options everywhere") var options: GlobalOptions

  func run() async throws {
    let session = try await Session.open(options, purpose: .bulk)
    let only = try department.map { try DepartmentCode(scalar: $0) }
    let (start, end) = (try session.resolve(from.moment), try session.resolve(to.moment))
    Console.standard.note(
      Words.say("from %1; to %2", session.words(start.point), session.words(end.point)))
    let diff = try LogDiff(
      session.connection, programID: session.program.id, from: start.point, to: end.point)
    if let only, diff.after.state.entities[only.stream] == nil {
      throw Rejection.notFound(only.stream)
    }
    let picture = try DiffView(diff, only: only, on: start.day, and: end.day)
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

extension Session {
  /// A moment with the day by which figures are judged at it.
  func resolve(_ moment: Moment) throws -> (point: ReadPoint, day: Day) {
    let point = try MomentResolver(connection, programID: program.id).resolve(moment)
    switch moment {
    // A day that is not over is judged as it is now.
    case .day(let day): return (point, min(day, try self.day(of: nil)))
    case .now: return (point, try self.day(of: nil))
    case .position, .time, .ago:
      return (point, try self.day(of: point.isHead ? nil : point))
    }
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
