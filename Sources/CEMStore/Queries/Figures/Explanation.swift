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
package final class Explainer {
  private let reader: any ProgramReader
  private let log: EventLog
  /// The day by which figures are judged.
  private let day: Day
  /// Only what had happened by its end counts; `nil` is all.
  private let through: Day?
  /// Of what is known now, where the moment is a period's close.
  private let restated: Explainer?
  /// What was read and folded already: many figures come from the same events.
  private var found: [Key: Found] = [:]

  private struct Key: Hashable {
    var source: FigureSource
    var departments: [DepartmentCode]
    var withDepartments: Bool
  }

  private struct Found {
    var events: [StoredEvent]
    var folded: PastReader
    var point: ReadPoint
  }

  /// - Parameter restated: what is known now, where the reader is of a period as it was closed.
  package init(
    _ reader: any ProgramReader, _ connection: Connection, programID: UUID, on day: Day,
    through: Day? = nil, restated: (any ProgramReader)? = nil
  ) throws {
    self.restated = try restated.map {
      try Explainer($0, connection, programID: programID, on: day, through: through)
    }
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
      return try reader.departments(only: department, on: day).map {
        try explain(figure, value, of: $0)
      }
    case .overview(let value) where department != nil && figure.hasParts:
      return try reader.departments(only: department, on: day).map {
        try explain(figure, value, of: $0)
      }
    case .restatement(let names):
      // A department may be there by what is known now alone, or not be there by that.
      let pairs = try reader.departments(beside: restated?.reader ?? reader, on: day)
        .filter { department == nil || $0.here.department == department }
      if department != nil, pairs.isEmpty {
        _ = try reader.departments(only: department, on: day)
      }
      return try pairs.map { try restate(figure, names, $0.here, $0.there) }
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
          figure: figure, department: nil, value: try value(reader, nil, day),
          events: found.events, folded: try value(found.folded, nil, day))
      ]
    }
  }

  /// Explains a figure of a department that is known already, be it retired.
  /// - Throws: what reading throws.
  package func explain(_ figure: Figure, of report: DepartmentReport) throws -> [Explanation] {
    switch figure.value {
    case .department(let value): [try explain(figure, value, of: report)]
    case .overview(let value) where figure.hasParts: [try explain(figure, value, of: report)]
    case .restatement, .program, .overview: try explain(figure, of: report.department)
    }
  }

  /// Explains a department's part of a figure of the program.
  private func explain(
    _ figure: Figure, _ value: (any ProgramReader, DepartmentCode?, Day) throws -> JSON,
    of report: DepartmentReport
  ) throws -> Explanation {
    let found = try find(figure.source, of: [report])
    return Explanation(
      figure: figure, department: report.department,
      value: try value(reader, report.department, day), events: found.events,
      folded: try value(found.folded, report.department, day))
  }

  /// Explains a figure of a department.
  private func explain(
    _ figure: Figure, _ value: (DepartmentReport, ReadPoint) -> JSON, of report: DepartmentReport
  ) throws -> Explanation {
    let found = try find(figure.source, of: [report])
    return Explanation(
      figure: figure, department: report.department, value: value(report, reader.point),
      events: found.events,
      folded: value(try found.folded.report(of: report.department, on: day), found.point))
  }

  /// What differs between two moments comes from the events that either figure comes from.
  private func restate(
    _ figure: Figure, _ names: [String], _ closed: DepartmentReport, _ known: DepartmentReport
  ) throws -> Explanation {
    var (value, folded) = (JSONObject(), JSONObject())
    var events: [Int64: StoredEvent] = [:]
    if let restated {
      for part in names.compactMap(Figures.find) {
        guard case .department(let figure) = part.value else { continue }
        let closed = try explain(part, figure, of: closed)
        let known = try restated.explain(part, figure, of: known)
        if closed.folded != known.folded { folded[part.id] = known.folded }
        guard closed.value != known.value else { continue }
        value[part.id] = known.value
        for event in closed.events + known.events { events[event.position] = event }
      }
    }
    func orNull(_ object: JSONObject) -> JSON { object.isEmpty ? .null : .object(object) }
    return Explanation(
      figure: figure, department: closed.department, value: orNull(value),
      events: events.values.sorted { $0.position < $1.position }, folded: orNull(folded))
  }

  /// The events of a source, and what they alone fold to.
  private func find(
    _ source: FigureSource, of reports: [DepartmentReport], withDepartments: Bool = false
  ) throws -> Found {
    let key = Key(
      source: source, departments: reports.map(\.department), withDepartments: withDepartments)
    if let found = found[key] { return found }
    let events = try events(source, of: reports, withDepartments: withDepartments)
    let (folded, point) = fold(events)
    let found = Found(events: events.map(\.stored), folded: folded, point: point)
    self.found[key] = found
    return found
  }

  /// An event as it is stored, and as far as it counts.
  private typealias Counted = (stored: StoredEvent, event: RecordedEvent)

  /// Folds some events as if there were no others.
  private func fold(_ events: [Counted]) -> (PastReader, ReadPoint) {
    // How far each counts was seen beside all the others.
    var replay = Replay(isOfPart: true)
    for (_, event) in events { replay.apply(event) }
    let point = ReadPoint(
      position: replay.position, recordedAt: events.last?.stored.recordedAt, isHead: false)
    return (replay.reader(at: point), point)
  }

  private func events(
    _ source: FigureSource, of reports: [DepartmentReport], withDepartments: Bool
  ) throws -> [Counted] {
    let point = reader.point
    if source == .lastEvent {
      return try log.event(at: point.position).map { [($0, try $0.readable())] } ?? []
    }
    let sources = try FigureSources(source, reader, reports, on: day)
    var streams = sources.streams
    if withDepartments { streams += reports.map(\.department.stream) }
    var replay = Replay(through: through)
    var irrelevant: Set<Int64> = []
    return try log.events(of: Set(streams), upTo: point.position).compactMap { stored in
      guard let event = try replay.apply(stored) else { return nil }
      // What has no part in the figure has none when it is taken back.
      if case .correction(.maturity, .reverted(let reversion)) = event.event,
        irrelevant.contains(reversion.position)
      {
        return nil
      }
      guard sources.isRelevant(event) else {
        irrelevant.insert(event.position)
        return nil
      }
      return (stored, event)
    }
  }
}
