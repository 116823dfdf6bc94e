/// Everything that can happen in a program.
///
/// Indirect: payloads are large, and are handed on and never changed.
package indirect enum Event: Hashable, Sendable {
  case program(ProgramEvent)
  case person(PersonEvent)
  case department(DepartmentEvent)
  case evidence(EvidenceEvent)
  case waiver(WaiverEvent)
  case maturity(MaturityEvent)
  case platform(PlatformEvent)
  case initiative(InitiativeEvent)
  case gap(GapEvent)
  case segment(SegmentEvent)
  case touchpoint(TouchpointEvent)
  case standard(StandardEvent)
  case survey(SurveyEvent)
  case channel(ChannelEvent)
  case insight(InsightEvent)
  case note(NoteEvent)
  case request(RequestEvent)
  case rate(RateEvent)
  case log(LogEvent)
  /// What can happen to things of every kind: `gap.amended`, `initiative.voided`, …
  case correction(EntityKind, CorrectionEvent)
  /// One that says nothing: it changes no more than its stream's version.
  case unreadable(UnreadableEvent)
}

/// An event of a known type whose data the type cannot read, as only somebody appends who passes the commands by.
package struct UnreadableEvent: Hashable, Sendable {
  /// That of its stream.
  package let kind: EntityKind
  package let type: String
  package let schemaVersion: Int
  /// What its type found wrong with the data.
  package let why: String

  package init(kind: EntityKind, type: String, schemaVersion: Int, why: String) {
    self.kind = kind
    self.type = type
    self.schemaVersion = schemaVersion
    self.why = why
  }
}

extension UnreadableEvent: Encodable {
  private enum CodingKeys: CodingKey {}
}

/// An aggregate's events with their stored form.
package protocol StoredEvents: Hashable, Sendable {
  /// How each type and version is read, the current version last.
  static var forms: [StoredForm<Self>] { get }
  /// The type and schema version under which this event is written, and its payload.
  var stored: (type: String, schemaVersion: Int, payload: any Encodable & Sendable) { get }
}

/// One type and schema version of an event as it is stored.
package struct StoredForm<Root: Sendable>: Sendable {
  /// The stable name, e.g. `gap.reassessed`.
  package let type: String
  package let schemaVersion: Int
  /// The one command that this type comes from; `nil` where it only accompanies other events.
  package let command: String?
  /// The command's field that names the stream; `nil` where the command creates a numbered thing.
  package let subject: String?
  package let read: @Sendable (Split) throws -> Root

  /// A form whose payload is read as it is; an older version's `read` upcasts.
  package init<Payload: Decodable & SendableMetatype>(
    _ type: String, _ schemaVersion: Int, command: String?, subject: String? = nil,
    as _: Payload.Type = Payload.self,
    _ wrap: @escaping @Sendable (Payload) -> Root
  ) {
    self.type = type
    self.schemaVersion = schemaVersion
    self.command = command
    self.subject = subject
    read = { split in wrap(try split.decode(Payload.self)) }
  }

  private init(
    type: String, schemaVersion: Int, command: String?, subject: String?,
    read: @escaping @Sendable (Split) throws -> Root
  ) {
    self.type = type
    self.schemaVersion = schemaVersion
    self.command = command
    self.subject = subject
    self.read = read
  }

  func map<New: Sendable>(_ transform: @escaping @Sendable (Root) -> New) -> StoredForm<New> {
    let read = read
    return StoredForm<New>(
      type: type, schemaVersion: schemaVersion, command: command, subject: subject,
      read: { transform(try read($0)) })
  }
}

extension Event {
  /// A type's name with its schema version.
  package struct TypeKey: Hashable, Sendable {
    package let type: String
    package let schemaVersion: Int

    package init(_ type: String, _ schemaVersion: Int) {
      self.type = type
      self.schemaVersion = schemaVersion
    }
  }

  /// Every stored form, in the order of declaration.
  package static let allForms: [StoredForm<Event>] =
    ProgramEvent.forms.map { $0.map(Event.program) }
    + PersonEvent.forms.map { $0.map(Event.person) }
    + DepartmentEvent.forms.map { $0.map(Event.department) }
    + EvidenceEvent.forms.map { $0.map(Event.evidence) }
    + WaiverEvent.forms.map { $0.map(Event.waiver) }
    + MaturityEvent.forms.map { $0.map(Event.maturity) }
    + PlatformEvent.forms.map { $0.map(Event.platform) }
    + InitiativeEvent.forms.map { $0.map(Event.initiative) }
    + GapEvent.forms.map { $0.map(Event.gap) }
    + SegmentEvent.forms.map { $0.map(Event.segment) }
    + TouchpointEvent.forms.map { $0.map(Event.touchpoint) }
    + StandardEvent.forms.map { $0.map(Event.standard) }
    + SurveyEvent.forms.map { $0.map(Event.survey) }
    + ChannelEvent.forms.map { $0.map(Event.channel) }
    + InsightEvent.forms.map { $0.map(Event.insight) }
    + NoteEvent.forms.map { $0.map(Event.note) }
    + RequestEvent.forms.map { $0.map(Event.request) }
    + RateEvent.forms.map { $0.map(Event.rate) }
    + LogEvent.forms.map { $0.map(Event.log) }
    + EntityKind.allCases.filter { $0 != .log }.flatMap { kind in
      // The log has none.
      CorrectionEvent.forms(of: kind).map { $0.map { Event.correction(kind, $0) } }
    }

  /// The schema version under which each type is written: the last one declared.
  package static let presentVersions: [String: Int] = Dictionary(
    allForms.map { ($0.type, $0.schemaVersion) }, uniquingKeysWith: { $1 })

  /// The stored forms by type and version.
  package static let forms: [TypeKey: StoredForm<Event>] = Dictionary(
    uniqueKeysWithValues: allForms.map { (TypeKey($0.type, $0.schemaVersion), $0) })

  /// The type and schema version under which this event is written, and its payload.
  package var stored: (type: String, schemaVersion: Int, payload: any Encodable & Sendable) {
    switch self {
    case .program(let event): event.stored
    case .person(let event): event.stored
    case .department(let event): event.stored
    case .evidence(let event): event.stored
    case .waiver(let event): event.stored
    case .maturity(let event): event.stored
    case .platform(let event): event.stored
    case .initiative(let event): event.stored
    case .gap(let event): event.stored
    case .segment(let event): event.stored
    case .touchpoint(let event): event.stored
    case .standard(let event): event.stored
    case .survey(let event): event.stored
    case .channel(let event): event.stored
    case .insight(let event): event.stored
    case .note(let event): event.stored
    case .request(let event): event.stored
    case .rate(let event): event.stored
    case .log(let event): event.stored
    case .correction(let kind, let event): event.stored(of: kind)
    case .unreadable(let event): (event.type, event.schemaVersion, event)
    }
  }

  /// The kind of thing to which it happens; no other kind's streams hold it.
  package var kind: EntityKind {
    switch self {
    case .program: .program
    case .person: .person
    case .department: .department
    case .evidence: .evidence
    case .waiver: .waiver
    case .maturity: .maturity
    case .platform: .platform
    case .initiative: .initiative
    case .gap: .gap
    case .segment: .segment
    case .touchpoint: .touchpoint
    case .standard: .standard
    case .survey: .survey
    case .channel: .channel
    case .insight: .insight
    case .note: .note
    case .request: .request
    case .rate: .rate
    case .log: .log
    case .correction(let kind, _): kind
    case .unreadable(let event): event.kind
    }
  }

  /// The stable name under which this event is stored.
  package var type: String { stored.type }

  /// Reads a stored event.
  /// - Throws: `UnknownEventType`, or `FieldError` where the data does not fit the type.
  package init(type: String, schemaVersion: Int, data: Split) throws {
    guard let form = Event.forms[TypeKey(type, schemaVersion)] else {
      throw UnknownEventType(type: type, schemaVersion: schemaVersion)
    }
    self = try form.read(data)
  }
}

/// An event type, or a version of one, that this program does not know; a newer one may.
package struct UnknownEventType: Error, Hashable {
  package let type: String
  package let schemaVersion: Int
}
