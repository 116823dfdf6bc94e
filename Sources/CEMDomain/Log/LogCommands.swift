/// Erases the private data of events, for good.
///
/// Which events repeat a value is for the caller to find; a command's events share their reason and
/// one digest, so they belong together. Only the schema's owner has the right to the event.
package struct EraseData: Command {
  package static let name = "audit.erase"
  /// The most positions of one command, so that an event stays small.
  package static let mostPositions = 1_000

  package var positions: [Int64]
  package var person: PersonID?

  package init(positions: [Int64], person: PersonID? = nil) {
    self.positions = positions
    self.person = person
  }

  package func decide(in situation: Situation) throws(Rejection) -> [Change] {
    let positions = Set(positions).sorted()
    guard let first = positions.first, first > 0 else {
      throw .input(FieldError(path: "positions", "must be positions from 1"))
    }
    guard positions.count <= EraseData.mostPositions else {
      throw .input(
        FieldError(path: "positions", "are more than \(EraseData.mostPositions) at once"))
    }
    try situation.requireReason("an erasure")
    if let person, try situation.find(person.stream) == nil { throw .notFound(person.stream) }
    var departments: [DepartmentCode] = []
    for position in positions {
      guard let event = try situation.state.event(at: position) else {
        throw .noEvent(at: position)
      }
      departments += event.departments.filter { !departments.contains($0) }
    }
    return [
      Change(
        .log, .log(.dataErased(DataErased(positions: positions, person: person))),
        departments: departments)
    ]
  }
}

/// Says that the log was restored from a backup, and begins a new origin.
package struct RecoverLog: Command {
  package static let name = "audit.recover"
  /// The last position that the backup had.
  package var from: Int64

  package init(from: Int64) { self.from = from }

  package func decide(in situation: Situation) throws(Rejection) -> [Change] {
    guard try situation.state.event(at: from) != nil else { throw .noEvent(at: from) }
    try situation.requireReason("a restore")
    var restorations = 0
    if case .log(let log)? = try situation.find(.log)?.entity { restorations = log.restorations }
    return [
      Change(
        .log, .log(.restored(LogRestored(from: from, restoration: restorations &+ 1))))
    ]
  }
}

extension Rejection {
  /// There is no event at a position.
  package static func noEvent(at position: Int64) -> Rejection {
    Rejection(
      .notFound, "event.not-found", "there is no event at position \(position)",
      hint: "cem history --limit 10")
  }
}
