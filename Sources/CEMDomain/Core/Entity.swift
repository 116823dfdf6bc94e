/// The state of a thing: what its stream's events fold to.
package protocol EntityState: Codable, Hashable, Sendable {
  /// What `amend` can correct.
  associatedtype Details: EntityDetails

  static var kind: EntityKind { get }
  /// The recorded fields.
  var details: Details { get set }
  /// The departments that the thing concerns.
  var departments: [DepartmentCode] { get }
  /// Who owns or leads it.
  var owner: PersonID? { get set }
  /// Whom it names in its present state: the owner, and who else has a part in it.
  var people: [PersonID] { get }
  /// Takes back what the last event changed, for `reverted`; nothing where the kind has no life.
  /// - Parameter position: of the event that takes it back.
  mutating func revertLife(at position: Int64)
  /// Whether work on it is still going on.
  var isOpen: Bool { get }
}

extension EntityState {
  package var departments: [DepartmentCode] { [] }
  package var owner: PersonID? {
    get { nil }
    set {}
  }
  package var people: [PersonID] { owner.map { [$0] } ?? [] }
  package mutating func revertLife(at _: Int64) {}
  package var isOpen: Bool { false }
}

/// The fields of a thing that `amend` can correct.
package protocol EntityDetails: Codable, Hashable, Sendable {
  /// Rules between the fields.
  /// - Throws: `FieldError`.
  func validate() throws(FieldError)
  /// The fields that `amend` leaves alone: other facts rest on them, or a command of their own sets
  /// them.
  static var settled: Set<String> { get }
  /// Rules between the fields and the rest of the program, for an amendment of a thing.
  /// - Parameter record: the thing before it.
  /// - Throws: `Rejection`.
  func checkAmended(
    from before: Self, of record: EntityRecord, in situation: Situation
  ) throws(Rejection)
  /// Sets what follows from other fields, after an amendment of those.
  mutating func derive(in situation: Situation) throws(Rejection)
  /// The changes of other things that go with an amendment.
  func companions(
    from before: Self, of subject: StreamID, in situation: Situation
  ) throws(Rejection) -> [Change]
}

extension EntityDetails {
  package func validate() throws(FieldError) {}
  package static var settled: Set<String> { [] }
  package func checkAmended(
    from _: Self, of _: EntityRecord, in _: Situation
  ) throws(Rejection) {}
  package mutating func derive(in _: Situation) throws(Rejection) {}
  package func companions(
    from _: Self, of _: StreamID, in _: Situation
  ) throws(Rejection) -> [Change] { [] }
}

/// The state of any thing.
///
/// Indirect: states are large, and are handed on more often than they change.
package indirect enum Entity: Hashable, Sendable {
  case program(Program)
  case person(Person)
  case department(Department)
  case evidence(Evidence)
  case waiver(Waiver)
  case maturity(Maturity)
  case platform(Platform)
  case initiative(Initiative)
  case gap(Gap)
  case segment(Segment)
  case touchpoint(Touchpoint)
  case standard(Standard)
  case log(Log)
  case survey(Survey)
  case channel(Channel)
  case insight(Insight)
  case note(Note)
  case request(Request)
  case rate(Rate)

  /// The state inside, whatever its kind.
  package var state: any EntityState {
    get {
      switch self {
      case .program(let state): state
      case .person(let state): state
      case .department(let state): state
      case .evidence(let state): state
      case .waiver(let state): state
      case .maturity(let state): state
      case .platform(let state): state
      case .initiative(let state): state
      case .gap(let state): state
      case .segment(let state): state
      case .touchpoint(let state): state
      case .standard(let state): state
      case .log(let state): state
      case .survey(let state): state
      case .channel(let state): state
      case .insight(let state): state
      case .note(let state): state
      case .request(let state): state
      case .rate(let state): state
      }
    }
    set { self = Entity(newValue) }
  }

  private init(_ state: any EntityState) {
    switch state {
    case let state as Program: self = .program(state)
    case let state as Person: self = .person(state)
    case let state as Department: self = .department(state)
    case let state as Evidence: self = .evidence(state)
    case let state as Waiver: self = .waiver(state)
    case let state as Maturity: self = .maturity(state)
    case let state as Platform: self = .platform(state)
    case let state as Initiative: self = .initiative(state)
    case let state as Gap: self = .gap(state)
    case let state as Segment: self = .segment(state)
    case let state as Touchpoint: self = .touchpoint(state)
    case let state as Standard: self = .standard(state)
    case let state as Log: self = .log(state)
    case let state as Survey: self = .survey(state)
    case let state as Channel: self = .channel(state)
    case let state as Insight: self = .insight(state)
    case let state as Note: self = .note(state)
    case let state as Request: self = .request(state)
    case let state as Rate: self = .rate(state)
    default: preconditionFailure("an entity state without its case: \(type(of: state))")
    }
  }

  /// Reads a stored state.
  package init(kind: EntityKind, stored split: Split) throws {
    switch kind {
    case .program: self = .program(try split.decode())
    case .person: self = .person(try split.decode())
    case .department: self = .department(try split.decode())
    case .evidence: self = .evidence(try split.decode())
    case .waiver: self = .waiver(try split.decode())
    case .maturity: self = .maturity(try split.decode())
    case .platform: self = .platform(try split.decode())
    case .initiative: self = .initiative(try split.decode())
    case .gap: self = .gap(try split.decode())
    case .segment: self = .segment(try split.decode())
    case .touchpoint: self = .touchpoint(try split.decode())
    case .standard: self = .standard(try split.decode())
    case .log: self = .log(try split.decode())
    case .survey: self = .survey(try split.decode())
    case .channel: self = .channel(try split.decode())
    case .insight: self = .insight(try split.decode())
    case .note: self = .note(try split.decode())
    case .request: self = .request(try split.decode())
    case .rate: self = .rate(try split.decode())
    }
  }
}

/// A thing with what holds for every kind: its place in the log, and whether it still counts.
package struct EntityRecord: Hashable, Sendable {
  package var stream: StreamID
  /// The stream's version, from 1.
  package var version: Int
  /// The position of the stream's last event.
  package var position: Int64
  /// The business date of the first event.
  package var since: Day
  /// The latest business date of its events.
  package var occurredOn: Day
  /// The id that another system gave it.
  package var external: ExternalID?
  /// Whether it was voided: taken out of every count.
  package var isVoided = false
  /// What it was a duplicate of, where it was voided for that.
  package var duplicateOf: StreamID?
  package var entity: Entity

  package init(
    stream: StreamID, version: Int, position: Int64, since: Day, occurredOn: Day,
    external: ExternalID? = nil, isVoided: Bool = false, duplicateOf: StreamID? = nil,
    entity: Entity
  ) {
    self.stream = stream
    self.version = version
    self.position = position
    self.since = since
    self.occurredOn = occurredOn
    self.external = external
    self.isVoided = isVoided
    self.duplicateOf = duplicateOf
    self.entity = entity
  }
}
