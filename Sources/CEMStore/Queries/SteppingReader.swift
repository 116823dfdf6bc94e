package import CEMDomain

/// A replay that can be read after every event, at a cost that does not grow with the program: the
/// departments' rows change with each event as they do in the tables.
package struct SteppingReader: ProgramReader {
  package private(set) var point = ReadPoint(position: 0, recordedAt: nil, isHead: false)
  private var replay = Replay()
  private var departments = ProjectionTables(of: [DepartmentStatus.self])

  /// An event with the thing to which it happened, before and after.
  package struct Step: Sendable {
    package let stored: StoredEvent
    package let event: RecordedEvent
    package let before: EntityRecord?
    /// `nil` where the event begins no thing, as only a damaged log holds.
    package let after: EntityRecord?
  }

  package init() {}

  /// Applies the next event.
  /// - Returns: `nil` where it does not count.
  /// - Throws: `StoreError.unreadable`.
  package mutating func step(_ stored: StoredEvent) throws -> Step? {
    let event = try stored.readable()
    let before = replay.state.entities[event.stream]
    let counted = replay.apply(event)
    point = ReadPoint(
      position: stored.position, recordedAt: stored.recordedAt, isHead: false)
    guard let counted else { return nil }
    let after = replay.state.entities[event.stream]
    departments.change(from: before, to: after)
    departments.add(entriesFor: counted)
    return Step(stored: stored, event: counted, before: before, after: after)
  }

  package func records(_ streams: [StreamID]) throws -> [StreamID: EntityRecord] {
    var found: [StreamID: EntityRecord] = [:]
    for stream in streams { found[stream] = replay.state.entities[stream] }
    return found
  }

  package func records(
    of kind: EntityKind, concerning department: DepartmentCode?
  ) throws -> [EntityRecord] {
    replay.state.entities.values.filter { record in
      record.stream.kind == kind
        && (department.map(record.entity.state.departments.contains) ?? true)
    }.sorted { $0.stream < $1.stream }
  }

  package func records(ownedBy person: PersonID) throws -> [EntityRecord] {
    try replay.state.owned(by: person)
  }

  /// The departments' rows follow each event; those of other projections are made when asked for.
  package func rows(
    of projection: any Projection.Type, _ query: RowQuery
  ) throws -> [TableRow] {
    guard projection == DepartmentStatus.self else {
      return try replay.reader(at: point).rows(of: projection, query)
    }
    // One department is found by its key, however many there are.
    for case .equals("department", let code) in query.conditions {
      return query.apply(
        to: [departments.row([code], of: DepartmentStatus.table)].compactMap { $0 })
    }
    return query.apply(to: departments.rows(of: DepartmentStatus.table))
  }
}
