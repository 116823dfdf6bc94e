package import CEMDomain
package import FoundationEssentials
package import TransparencyLog

/// An event as the log stores it: every column of its row.
package struct StoredEvent: Hashable, Sendable {
  package var programID: UUID
  /// From 1 without gaps, in commit order.
  package var position: Int64
  package var stream: String
  /// From 1 without gaps within the stream.
  package var version: Int
  package var type: String
  package var schemaVersion: Int
  /// Codes joined by commas; empty where none is concerned.
  package var departments: String
  /// The database login as one token.
  package var actor: String
  package var recordedAt: Timestamp
  package var occurredOn: Day
  package var commandID: UUID
  /// The event's place among those of its command, from 0.
  package var commandIndex: Int
  /// On a command's first event: what `commandDigest(of:salt:)` gives.
  package var commandDigest: Hash?
  package var correlationID: UUID?
  package var causationID: UUID?
  /// Canonical JSON; never erased.
  package var facts: String
  /// Canonical JSON; `nil` where there is none or it was erased.
  package var personal: String?
  /// 16 random bytes where there is something private, and on a command's first event.
  package var salt: [UInt8]?
  /// What `privateHash` was when the private text was erased; `nil` else, for then it follows.
  package var erasedHash: Hash?
  package var leafHash: Hash

  package init(
    programID: UUID, position: Int64, stream: String, version: Int, type: String,
    schemaVersion: Int, departments: String, actor: String, recordedAt: Timestamp, occurredOn: Day,
    commandID: UUID, commandIndex: Int, commandDigest: Hash?, correlationID: UUID? = nil,
    causationID: UUID? = nil, facts: String, personal: String?, salt: [UInt8]?,
    erasedHash: Hash? = nil,
    leafHash: Hash
  ) {
    self.programID = programID
    self.position = position
    self.stream = stream
    self.version = version
    self.type = type
    self.schemaVersion = schemaVersion
    self.departments = departments
    self.actor = actor
    self.recordedAt = recordedAt
    self.occurredOn = occurredOn
    self.commandID = commandID
    self.commandIndex = commandIndex
    self.commandDigest = commandDigest
    self.correlationID = correlationID
    self.causationID = causationID
    self.facts = facts
    self.personal = personal
    self.salt = salt
    self.erasedHash = erasedHash
    self.leafHash = leafHash
  }

  /// The id that follows from program, command and index.
  package var eventID: UUID { .event(program: programID, command: commandID, index: commandIndex) }

  /// Whether there was something private that is gone.
  package var isErased: Bool { erasedHash != nil && personal == nil }

  /// The private text of a command's first event where nobody wrote anything.
  package static let nothingPrivate = "{}"

  /// Whether somebody wrote something, erased or not.
  package var holdsWords: Bool {
    personal.map { $0 != StoredEvent.nothingPrivate } ?? isErased
  }

  /// The hash of what is private, or was before it was erased; `nil` where nothing ever was.
  package var privateHash: Hash? {
    guard let personal else { return erasedHash }
    return salt.map { StoredEvent.privateHash(of: personal, salt: $0) }
  }

  /// How many bytes a salt has.
  static let saltSize = 16

  /// The hash of what is private: SHA-256 over the salt, a zero byte and the text.
  package static func privateHash(of text: String, salt: [UInt8]) -> Hash {
    .sha256(salt, 0, utf8: text)
  }

  /// The digest of a command: SHA-256 over the salt, a one byte and the canonical command.
  ///
  /// Salted, because a command holds the same private words as its events.
  package static func commandDigest(of command: String, salt: [UInt8]) -> Hash {
    .sha256(salt, 1, utf8: command)
  }

  /// The data in its two parts.
  /// - Throws: `JSONSyntaxError`.
  package func data() throws -> Split {
    Split(
      facts: try JSON(parsing: facts),
      personal: try personal.map { try JSON(parsing: $0) })
  }

  /// The event decoded; where its data cannot be read, as one that says nothing.
  /// - Throws: `UnknownEventType`, or `FieldError` for what only a damaged row holds.
  package func recorded() throws -> RecordedEvent { try recorded(data()) }

  /// The event decoded from its data, where that is parsed already.
  /// - Throws: as `recorded()`, and what `data` throws.
  func recorded(_ data: @autoclosure () throws -> Split) throws -> RecordedEvent {
    try RecordedEvent(
      position: position, stream: stream, version: version, type: type,
      schemaVersion: schemaVersion, departments: departments, occurredOn: occurredOn,
      actor: actor, data: data)
  }
}

extension RecordedEvent {
  /// An event from the columns of its row.
  ///
  /// Data that the event's type cannot read make it one that says nothing: somebody passed the commands by, and a
  /// log that cannot be replayed any more would be all that they need to do harm.
  /// - Throws: `UnknownEventType`, for a newer program may read it; or `FieldError` for what only a damaged row holds.
  init(
    position: Int64, stream: String, version: Int, type: String, schemaVersion: Int,
    departments: String, occurredOn: Day, actor: String, data: () throws -> Split
  ) throws {
    // What the database calls a date can be none, which nothing after it could print or compare.
    guard Day.nameable.contains(occurredOn) else {
      throw FieldError(path: "occurredOn", "is not a date of the years 1 to 9999")
    }
    guard let streamID = StreamID(stream) else {
      throw FieldError(path: "stream", "is not a stream: \(stream)")
    }
    let said: (event: Event, departments: [DepartmentCode], context: EventContext)
    do {
      let data = try data()
      said = (
        try Event(type: type, schemaVersion: schemaVersion, data: data),
        try departments.utf8.split(separator: UInt8(ascii: ",")).map {
          try DepartmentCode(scalar: String(Substring($0)))
        }, EventContext(stored: data)
      )
    } catch {
      // A newer program may read it, so nothing can be said of it here.
      guard Event.forms[Event.TypeKey(type, schemaVersion)] != nil else { throw error }
      let event = UnreadableEvent(
        kind: streamID.kind, type: type, schemaVersion: schemaVersion, why: "\(error)")
      said = (.unreadable(event), [], EventContext())
    }
    self.init(
      position: position, stream: streamID, version: version, event: said.event,
      departments: said.departments, occurredOn: occurredOn, reason: said.context.reason,
      onBehalfOf: said.context.onBehalfOf, external: said.context.external,
      request: said.context.request, actor: actor)
  }
}
