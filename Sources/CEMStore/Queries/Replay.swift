package import CEMDomain

/// Folds a program's events one by one and can stop anywhere to be read.
package struct Replay: Sendable {
  /// The state after the events so far.
  package private(set) var state = ProgramState.complete
  /// The position of the last event that was given, counted or not; 0 before the first.
  package private(set) var position: Int64 = 0
  private(set) var entries: ProjectionTables
  /// `nil` where every event counts.
  private var period: PeriodFold?

  /// - Parameters:
  ///   - day: only what had happened by its end counts; `nil` is all.
  ///   - isOfPart: whether some events alone are applied, as if there were no others.
  package init(through day: Day? = nil, isOfPart: Bool = false) {
    period = day.map { PeriodFold(through: $0) }
    entries = ProjectionTables(isOfPart: isOfPart)
  }

  /// Applies the next event.
  /// - Returns: the event as far as it counts; `nil` where it does not.
  /// - Throws: `StoreError.unreadable` where it cannot be decoded.
  @discardableResult
  package mutating func apply(_ stored: StoredEvent) throws -> RecordedEvent? {
    apply(try stored.readable())
  }

  /// Applies the next event.
  @discardableResult
  package mutating func apply(_ event: RecordedEvent) -> RecordedEvent? {
    position = event.position
    var event = event
    if period != nil {
      guard let counted = period?.counted(event, state.entities[event.stream]) else { return nil }
      event = counted
    }
    state.evolve(with: event)
    entries.add(entriesFor: event)
    return event
  }

  /// Reads the state as it is now.
  package func reader(at point: ReadPoint) -> PastReader {
    PastReader(point: point, state: state, entries: entries)
  }
}

extension StoredEvent {
  /// The event decoded.
  /// - Throws: `StoreError.unreadable` that says at which position.
  package func readable() throws(StoreError) -> RecordedEvent {
    do {
      return try recorded()
    } catch {
      throw .unreadable(position: position, "\(error)")
    }
  }
}
