package import CEMDomain
package import FoundationEssentials
package import Postgres

/// A figure at a moment with the events that it comes from.
package struct Explanation: Sendable {
  package let figure: Figure
  /// `nil` where it is the program's.
  package let department: DepartmentCode?
  package let value: JSON
  /// The events that it comes from, in the order of the log.
  package let events: [StoredEvent]
  /// What these events alone fold to: the same value, or the log and the tables disagree.
  package let folded: JSON

  package var positions: [Int64] { events.map(\.position) }
  /// Whether the events alone give the figure.
  package var isReproduced: Bool { folded == value }
}

/// Explains figures of one moment.
package struct Explainer {
  private let reader: any ProgramReader
  private let log: EventLog
  /// The day by which figures are judged.
  private let day: Day
  /// Only what had happened by its end counts; `nil` is all.
  private let through: Day?
  private let memo = Memo()

  /// What was read and folded already: many figures come from the same events.
  private final class Memo {
    struct Key: Hashable {
      var source: FigureSource
      var departments: [DepartmentCode]
      var withDepartments: Bool
    }

    struct Found {
      var events: [StoredEvent]
      var folded: PastReader
      var point: ReadPoint
    }

    var found: [Key: Found] = [:]
  }

  package init(
    _ reader: any ProgramReader, _ connection: Connection, programID: UUID, on day: Day,
    through: Day? = nil
  ) {
    self.reader = reader
    log = EventLog(connection, programID: programID)
    self.day = day
    self.through = through
  }

  /// Explains a figure: of a department, or of each; one of the program's is one.
  /// - Throws: `Rejection.notFound` where there is no such department.
  package func explain(
    _ figure: Figure, of department: DepartmentCode? = nil
  ) throws -> [Explanation] {
    switch figure.value {
    case .department(let value):
      return try reader.departments(only: department, on: day).map { report in
        let found = try find(figure.source, of: [report])
        return Explanation(
          figure: figure, department: report.department, value: value(report, reader.point),
          events: found.events,
          folded: value(try found.folded.report(of: report.department, on: day), found.point))
      }
    case .program(let value):
      let reports = try reader.departments(on: day)
      // Which departments there are is a part of every figure about all of them.
      let found = try find(figure.source, of: reports, withDepartments: true)
      return [
        Explanation(
          figure: figure, department: nil, value: value(reports, reader.point),
          events: found.events,
          folded: value(try found.folded.departments(on: day), found.point))
      ]
    case .overview(let value):
      let found = try find(figure.source, of: [])
      return [
        Explanation(
          figure: figure, department: nil, value: try value(reader), events: found.events,
          folded: try value(found.folded))
      ]
    }
  }

  /// The events of a source, and what they alone fold to.
  private func find(
    _ source: FigureSource, of reports: [DepartmentReport], withDepartments: Bool = false
  ) throws -> Memo.Found {
    let key = Memo.Key(
      source: source, departments: reports.map(\.department), withDepartments: withDepartments)
    if let found = memo.found[key] { return found }
    let events = try events(source, of: reports, withDepartments: withDepartments)
    let (folded, point) = try fold(events)
    let found = Memo.Found(events: events, folded: folded, point: point)
    memo.found[key] = found
    return found
  }

  /// Folds some events as if there were no others.
  private func fold(_ events: [StoredEvent]) throws -> (PastReader, ReadPoint) {
    var replay = Replay(through: through)
    for event in events { try replay.apply(event) }
    let point = ReadPoint(
      position: replay.position, recordedAt: events.last?.recordedAt, isHead: false)
    return (replay.reader(at: point), point)
  }

  private func events(
    _ source: FigureSource, of reports: [DepartmentReport], withDepartments: Bool
  ) throws -> [StoredEvent] {
    let point = reader.point
    if source == .lastEvent { return try log.event(at: point.position).map { [$0] } ?? [] }
    let sources = try FigureSources(source, reader, reports)
    var streams = sources.streams
    if withDepartments { streams += reports.map(\.department.stream) }
    var replay = Replay(through: through)
    return try log.events(of: Set(streams), upTo: point.position).filter { stored in
      guard let event = try replay.apply(stored) else { return false }
      return sources.isRelevant(event)
    }
  }
}
