package import CEMDomain
package import FoundationEssentials
package import Postgres

/// What changed in a program between two moments, from one replay.
package struct LogDiff: Sendable {
  package let from: ReadPoint
  package let to: ReadPoint
  /// How many events lie between them.
  package let events: Int
  /// Each thing that changed, by its stream.
  package let things: [Thing]
  /// The state at each end.
  package let before: PastReader
  package let after: PastReader
  /// The positions of the events between the moments, by stream.
  private let touched: [StreamID: [Int64]]

  /// A thing with what changed about it.
  package struct Thing: Sendable {
    package enum Kind: String, CaseIterable, Sendable {
      /// It was recorded in between.
      case new
      case changed
      /// Taken out of every count, or put back.
      case voided, restored
      /// No longer in use, or in use again.
      case retired, reinstated
    }

    package let stream: StreamID
    package let kind: Kind
    /// The departments that it concerned at either end.
    package let departments: [DepartmentCode]
    package let changes: [FieldChange]
    /// The positions of the events that did it.
    package let positions: [Int64]
    /// The thing at the end.
    package let record: EntityRecord
  }

  /// Replays the log up to the later point, and looks back at the earlier one on the way.
  /// - Throws: `FieldError` where the points are the wrong way round; what a replay throws.
  package init(
    _ connection: Connection, programID: UUID, from: ReadPoint, to: ReadPoint
  ) throws {
    guard from.position <= to.position else {
      throw FieldError(
        "the first moment (position \(from.position)) is after the second (\(to.position))")
    }
    let log = EventLog(connection, programID: programID)
    var replay = Replay()
    if from.position > 0 {
      try log.forEachRecorded(in: 1...from.position) { replay.apply($0) }
    }
    let before = replay.reader(at: from)
    var touched: [StreamID: [Int64]] = [:]
    if from.position < to.position {
      try log.forEachRecorded(in: from.position + 1...to.position) { event in
        replay.apply(event)
        touched[event.stream, default: []].append(event.position)
      }
    }
    self.init(
      from: from, to: to, events: Int(to.position - from.position), before: before,
      after: replay.reader(at: to), touched: touched)
  }

  /// Compares what had happened by the ends of two days, by business date, each as known at a point.
  ///
  /// An event belongs to the difference where it counts at the later day and not, or not wholly, at the
  /// earlier one: it happened in between, or what happened earlier was recorded only after the earlier point.
  /// - Parameters:
  ///   - from: no later than `to`.
  ///   - first: no later than `last`.
  /// - Throws: what a replay throws.
  package init(
    _ connection: Connection, programID: UUID, from: ReadPoint, after first: Day, to: ReadPoint,
    through last: Day
  ) throws {
    let log = EventLog(connection, programID: programID)
    var (earlier, later) = (Replay(through: first), Replay(through: last))
    var touched: [StreamID: [Int64]] = [:]
    var events = 0
    if to.position > 0 {
      try log.forEachRecorded(in: 1...to.position) { event in
        let counted = event.position <= from.position ? earlier.apply(event) : nil
        guard let new = later.apply(event), new != counted else { return }
        touched[event.stream, default: []].append(event.position)
        events += 1
      }
    }
    self.init(
      from: from, to: to, events: events, before: earlier.reader(at: from),
      after: later.reader(at: to), touched: touched)
  }

  private init(
    from: ReadPoint, to: ReadPoint, events: Int, before: PastReader, after: PastReader,
    touched: [StreamID: [Int64]]
  ) {
    self.from = from
    self.to = to
    self.events = events
    self.before = before
    self.after = after
    self.touched = touched
    things = touched.sorted { $0.key < $1.key }.compactMap { stream, positions in
      after.state.entities[stream].map {
        Thing(before.state.entities[stream], $0, positions: positions)
      }
    }
  }
}

extension LogDiff {
  /// The events between the moments that have a part in a department's figure, at either end.
  package func positions(
    for source: FigureSource, _ old: (report: DepartmentReport?, day: Day),
    _ new: (report: DepartmentReport?, day: Day)
  ) throws -> [Int64] {
    func streams(
      _ reader: any ProgramReader, _ end: (report: DepartmentReport?, day: Day)
    ) throws -> [StreamID] {
      let reports = [end.report].compactMap { $0 }
      return try FigureSources(source, reader, reports, on: end.day).streams
    }
    let before = try streams(before, old)
    let after = try streams(after, new)
    return Set(before + after).flatMap { touched[$0] ?? [] }.sorted()
  }
}

extension LogDiff.Thing {
  fileprivate init(_ old: EntityRecord?, _ new: EntityRecord, positions: [Int64]) {
    let kind: Kind
    switch (old?.isVoided, new.isVoided) {
    case (nil, _): kind = .new
    case (false?, true): kind = .voided
    case (true?, false): kind = .restored
    case (false?, false), (true?, true):
      switch (old?.isRetired, new.isRetired) {
      case (false?, true): kind = .retired
      case (true?, false): kind = .reinstated
      case (nil, _), (false?, false), (true?, true): kind = .changed
      }
    }
    let departments = (old?.entity.state.departments ?? []) + new.entity.state.departments
    self.init(
      stream: new.stream, kind: kind, departments: Array(Set(departments)).sorted(),
      changes: EntityRecord.changes(from: old, to: new), positions: positions, record: new)
  }
}

extension EntityRecord {
  /// Whether a department is there no more, or a touchpoint or a standard in use.
  fileprivate var isRetired: Bool {
    switch entity {
    case .touchpoint(let touchpoint): !touchpoint.isOpen
    case .standard(let standard): !standard.isOpen
    case .department(let department): department.retirement != nil
    case .program, .person, .evidence, .waiver, .platform, .initiative, .gap,
      .segment, .survey, .channel, .insight, .note, .request, .rate, .maturity, .log:
      false
    }
  }
}

extension ProgramReader {
  /// The departments at a moment without those that were voided or retired; none where there is no such one.
  package func reports(
    only department: DepartmentCode?, on day: Day
  ) throws -> [DepartmentCode: DepartmentReport] {
    do {
      let found = try departments(only: department, on: day)
      return Dictionary(uniqueKeysWithValues: found.map { ($0.department, $0) })
    } catch let rejection as Rejection {
      guard rejection.kind == .notFound else { throw rejection }
      return [:]
    }
  }
}
