/// A piece of a program's state that a decision may need.
package enum StateKey: Hashable, Sendable {
  /// The thing with this stream, or that there is none.
  case entity(StreamID)
  /// The highest number given to things of this kind so far.
  case highestNumber(EntityKind)
  /// Which thing has this external id.
  case external(ExternalID)
  /// All that a person owns.
  case owned(PersonID)
  /// The initiatives that a person sponsors.
  case sponsored(PersonID)
  /// All that names a person and was not voided. Nothing leads there but a look at every thing, so
  /// only rare commands may ask for it.
  case naming(PersonID)
  /// All that concerns a department and was not voided.
  case concerning(DepartmentCode)
  /// All that goes along when a department is merged, split or retired.
  case work(DepartmentCode)
  /// All things of a kind that were not voided; for kinds of which there are few.
  case all(EntityKind)
  /// The logins that recorded a piece of evidence, or gave it another end.
  case recorders(StreamID)
  /// Which retirement the last reinstatement of a department ended.
  case endedRetirement(DepartmentCode)
  /// The spans of days on which a department was not there and after which it was reinstated.
  case absences(DepartmentCode)
  /// What a department leads and what happened there after a day; of very many the latest.
  case facts(DepartmentCode, after: Day)
  /// The event at a position.
  case event(Int64)
}

extension StateKey: CustomStringConvertible {
  package var description: String {
    switch self {
    case .entity(let stream): stream.description
    case .highestNumber(let kind): "highest \(kind.rawValue)"
    case .external(let id): "external \(id)"
    case .owned(let person): "owned by \(person)"
    case .sponsored(let person): "sponsored by \(person)"
    case .naming(let person): "naming \(person)"
    case .concerning(let department): "concerning \(department)"
    case .work(let department): "work of \(department)"
    case .all(let kind): "all of the kind \(kind.rawValue)"
    case .recorders(let stream): "recorders of \(stream)"
    case .endedRetirement(let department): "ended retirement of \(department)"
    case .absences(let department): "absences of \(department)"
    case .facts(let department, let day): "facts of \(department) after \(day)"
    case .event(let position): "event \(position)"
    }
  }
}
