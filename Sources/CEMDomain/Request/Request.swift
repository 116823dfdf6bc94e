/// A command that takes an approver and waits for another login than the one that asked (domain §8).
package struct Request: EntityState {
  package static let kind = EntityKind.request

  package var details: RequestDetails
  /// The database login that asked.
  package var requestedBy: String
  /// What came with the command; private like every word.
  package var reason: Text?
  package var onBehalf: Title?
  package var life = RequestLife()
  /// The life before its last event, so that a rejection can be taken back.
  package var previousLife: [RequestLife] = []

  init(details: RequestDetails, recorded: RecordedEvent) {
    self.details = details
    requestedBy = recorded.actor
    reason = recorded.reason
    onBehalf = recorded.onBehalfOf.flatMap { try? Title($0.code) }
  }

  package var departments: [DepartmentCode] { details.departments }
  package var isOpen: Bool { life.stage == .open }

  package mutating func revertLife(at _: Int64) {
    life = previousLife.popLast() ?? life
  }

  /// Whether its words were erased, so that what was asked for cannot be carried out any more.
  package var isErased: Bool {
    details.isWorded && details.words == nil && reason == nil && onBehalf == nil
  }

  /// The command that was asked for. What was erased of it reads as erased.
  /// - Throws: `FieldError` where it cannot be read.
  package func command() throws -> any Command { try details.command() }

  /// What came with the command.
  var context: EventContext {
    EventContext(
      reason: reason, onBehalfOf: onBehalf?.value.flatMap { try? PersonID(scalar: $0) },
      external: details.outside)
  }
}

/// What was asked for. Nothing of it can be amended: who wants something else asks anew.
package struct RequestDetails: EntityDetails {
  /// The command's name.
  package var of: String
  /// Its fields without the words of a person.
  package var given: GivenFacts
  /// The rest of them; `nil` where there were none or they were erased.
  package var words: GivenWords?
  /// The id that another system gave the thing to be made.
  package var outside: ExternalID?
  /// The thing that it is about; `nil` where it makes one.
  package var about: StreamID?
  package var departments: [DepartmentCode]
  /// Whether anything private came with it.
  package var isWorded: Bool
  /// The day in a closed period on which it is to be dated, as a restatement; `nil` is that of the approval.
  package var restates: Day?

  package static var settled: Set<String> {
    ["of", "given", "words", "outside", "about", "departments", "isWorded", "restates"]
  }

  /// Both parts of the fields.
  package var fields: Split { Split(facts: given.json, personal: words?.json) }

  func command() throws -> any Command {
    guard let type = Commands.byName[of] else {
      throw FieldError(path: "of", "there is no command \(shown(of))")
    }
    return try type.init(from: FieldDecoder(split: fields, origin: .stored))
  }
}

/// Fields of a command that is not carried out yet, as facts.
package struct GivenFacts: Codable, Hashable, Sendable {
  package var json: JSON

  package init(json: JSON) { self.json = json }

  package init(from decoder: any Decoder) throws {
    json = (decoder as! FieldDecoder).split.facts ?? .object([:])
  }

  package func encode(to encoder: any Encoder) throws {
    (encoder as! FieldEncoder).put(Split(facts: json))
  }
}

/// Fields of a command that is not carried out yet that hold the words of a person: always private.
package struct GivenWords: Codable, Hashable, Sendable {
  package var json: JSON

  package init(json: JSON) { self.json = json }

  package init(from decoder: any Decoder) throws { json = (decoder as! FieldDecoder).scalar }

  package func encode(to encoder: any Encoder) throws {
    (encoder as! FieldEncoder).put(Split(personal: json))
  }
}

/// How far a request has come.
package struct RequestLife: Codable, Hashable, Sendable {
  package enum Stage: String, Term {
    case open, approved, rejected
  }

  package var stage = Stage.open
  package var decidedOn: Day?
  /// The database login that decided.
  package var decidedBy: String?
  /// Why it was rejected, or what was said with the approval.
  package var why: Text?
}

/// What can happen to a request, beside corrections.
package enum RequestEvent: StoredEvents {
  case made(RequestDetails)
  case approved(RequestApproved)
  case rejected(RequestRejected)

  package static let forms: [StoredForm<RequestEvent>] = [
    StoredForm("request.made", 1, command: "request.make") { .made($0) },
    StoredForm("request.approved", 1, command: "request.approve", subject: "request") {
      .approved($0)
    },
    StoredForm("request.rejected", 1, command: "request.reject", subject: "request") {
      .rejected($0)
    },
  ]

  package var stored: (type: String, schemaVersion: Int, payload: any Encodable & Sendable) {
    switch self {
    case .made(let payload): ("request.made", 1, payload)
    case .approved(let payload): ("request.approved", 1, payload)
    case .rejected(let payload): ("request.rejected", 1, payload)
    }
  }
}

/// Another login agreed; what was asked for follows in the same command.
package struct RequestApproved: Codable, Hashable, Sendable {}

/// Another login refused; the reason is the command's.
package struct RequestRejected: Codable, Hashable, Sendable {}

extension Request {
  mutating func evolve(with event: RequestEvent, recorded: RecordedEvent) {
    let stage: RequestLife.Stage
    switch event {
    case .made: return
    case .approved: stage = .approved
    case .rejected: stage = .rejected
    }
    previousLife = [life]
    life = RequestLife(
      stage: stage, decidedOn: recorded.occurredOn, decidedBy: recorded.actor,
      why: recorded.reason)
  }
}
