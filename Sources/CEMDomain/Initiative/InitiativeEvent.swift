/// What can happen to an initiative, beside corrections.
package enum InitiativeEvent: StoredEvents {
  case opened(InitiativeDetails)
  case started(InitiativeMoved)
  case pilotStarted(PilotStarted)
  case pilotConcluded(PilotConcluded)
  case pilotCorrected(PilotCorrected)
  case scaled(InitiativeScaled)
  case completed(InitiativeCompleted)
  case updated(InitiativeUpdated)
  case linked(InitiativeLinked)
  case held(InitiativePaused)
  case resumed(InitiativePaused)
  case cancelled(InitiativeMoved)
  case reopened(InitiativeMoved)
  case ethicsAttested(EthicsAttested)
  case platformWaived(PlatformWaived)

  package static let forms: [StoredForm<InitiativeEvent>] = [
    StoredForm("initiative.opened", 1, command: "initiative.open") { .opened($0) },
    form("started", "start") { .started($0) },
    form("pilot-started", "pilot.start") { .pilotStarted($0) },
    form("pilot-concluded", "pilot.conclude") { .pilotConcluded($0) },
    form("pilot-corrected", "pilot.correct") { .pilotCorrected($0) },
    form("scaled", "scale") { .scaled($0) },
    form("completed", "complete") { .completed($0) },
    form("updated", "update") { .updated($0) },
    form("linked", "link") { .linked($0) },
    form("held", "hold") { .held($0) },
    form("resumed", "resume") { .resumed($0) },
    form("cancelled", "cancel") { .cancelled($0) },
    form("reopened", "reopen") { .reopened($0) },
    form("ethics-attested", "attest") { .ethicsAttested($0) },
    form("platform-waived", "waive") { .platformWaived($0) },
  ]

  private static func form<Payload: Decodable & SendableMetatype>(
    _ type: String, _ command: String, _ wrap: @escaping @Sendable (Payload) -> InitiativeEvent
  ) -> StoredForm<InitiativeEvent> {
    StoredForm(
      "initiative.\(type)", 1, command: "initiative.\(command)", subject: "initiative", wrap)
  }

  package var stored: (type: String, schemaVersion: Int, payload: any Encodable & Sendable) {
    switch self {
    case .opened(let payload): ("initiative.opened", 1, payload)
    case .started(let payload): ("initiative.started", 1, payload)
    case .pilotStarted(let payload): ("initiative.pilot-started", 1, payload)
    case .pilotConcluded(let payload): ("initiative.pilot-concluded", 1, payload)
    case .pilotCorrected(let payload): ("initiative.pilot-corrected", 1, payload)
    case .scaled(let payload): ("initiative.scaled", 1, payload)
    case .completed(let payload): ("initiative.completed", 1, payload)
    case .updated(let payload): ("initiative.updated", 1, payload)
    case .linked(let payload): ("initiative.linked", 1, payload)
    case .held(let payload): ("initiative.held", 1, payload)
    case .resumed(let payload): ("initiative.resumed", 1, payload)
    case .cancelled(let payload): ("initiative.cancelled", 1, payload)
    case .reopened(let payload): ("initiative.reopened", 1, payload)
    case .ethicsAttested(let payload): ("initiative.ethics-attested", 1, payload)
    case .platformWaived(let payload): ("initiative.platform-waived", 1, payload)
    }
  }
}

/// The initiative went from one stage to another; where a reason is needed, it is the command's.
package struct InitiativeMoved: Codable, Hashable, Sendable {
  package var from: InitiativeLife.Stage
  package var to: InitiativeLife.Stage
}

/// A pilot began; from `open` this starts the initiative too.
package struct PilotStarted: Codable, Hashable, Sendable {
  package var from: InitiativeLife.Stage
  package var to: InitiativeLife.Stage
  package var scope: Text?
}

/// A pilot ended.
package struct PilotConcluded: Codable, Hashable, Sendable {
  package var from: InitiativeLife.Stage
  package var to: InitiativeLife.Stage
  package var result: PilotResult
}

/// The result of the last pilot was recorded wrongly; the reason is the command's.
package struct PilotCorrected: Codable, Hashable, Sendable {
  /// Which of the initiative's pilots it is, from 1.
  package var pilot: Int
  /// What was wrong; fields that were right are in neither.
  package var old: PilotFigures
  package var new: PilotFigures
}

/// The initiative is rolled out; `waiver` where no pilot says that it may be.
package struct InitiativeScaled: Codable, Hashable, Sendable {
  package var from: InitiativeLife.Stage
  package var to: InitiativeLife.Stage
  package var waiver: WaiverRef?
}

/// The initiative ended as planned.
package struct InitiativeCompleted: Codable, Hashable, Sendable {
  package var from: InitiativeLife.Stage
  package var to: InitiativeLife.Stage
  /// The metric on that date; unknown where the initiative has none.
  package var measured: Exact?
  package var note: Text?
  /// What the outcome rests on.
  package var evidence: EvidenceRef?
}

/// Its status was told.
package struct InitiativeUpdated: Codable, Hashable, Sendable {
  /// The colour before; `nil` for the first update.
  package var from: StatusColour?
  package var rag: StatusColour
  package var note: Text?
}

/// A link was added.
package struct InitiativeLinked: Codable, Hashable, Sendable {
  package var url: Text
}

/// The initiative was put on hold, or resumed, at a stage that stays as it is.
package struct InitiativePaused: Codable, Hashable, Sendable {
  package var stage: InitiativeLife.Stage
}

/// The ethics of word of mouth were attested, by whoever recorded it (domain §7).
package struct EthicsAttested: Codable, Hashable, Sendable {
  /// The version attested before; `nil` where none was.
  package var from: Int?
  /// The version of the catalog's text.
  package var version: Int
}

/// It may go on without a platform; the waiver holds the reason, the approver and the end.
package struct PlatformWaived: Codable, Hashable, Sendable {
  package var waiver: WaiverRef
}
