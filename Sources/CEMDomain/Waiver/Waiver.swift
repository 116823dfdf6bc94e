/// A rule that somebody set aside, once (domain §0): what, why, by whom, perhaps until when.
package struct Waiver: EntityState {
  package static let kind = EntityKind.waiver

  package var details: WaiverDetails
  /// The day on which it was revoked.
  package var revokedOn: Day?
  /// Who approved it beside the login that asked; `nil` where nobody did.
  package var approval: Approval?

  package init(details: WaiverDetails) { self.details = details }

  package var departments: [DepartmentCode] { details.departments }
  package var people: [PersonID] { details.approver.map { [$0] } ?? [] }

  /// Whether it holds on a day: through its last day, and not after it was revoked.
  package func isValid(on day: Day) -> Bool {
    if let revokedOn, day >= revokedOn { return false }
    return details.until.map { day <= $0 } ?? true
  }
}

/// The recorded fields of a waiver; the reason is private.
package struct WaiverDetails: EntityDetails {
  /// The rule that is set aside.
  package enum Subject: String, Term {
    case maturityAction = "maturity-action"
    case platform
    case pilot
  }

  package var rule: Subject
  /// What it is waived for: a maturity stream or an initiative.
  package var of: StreamID
  /// The maturity action, where it is one.
  package var action: ActionID?
  package var departments: [DepartmentCode]
  package var because: Text
  package var approver: PersonID?
  /// The last day on which it holds.
  package var until: Day?

  /// What it was granted for; the thing that it excuses points to it.
  package static var settled: Set<String> { ["rule", "of", "action", "departments"] }
}

/// What can happen to a waiver, beside corrections.
package enum WaiverEvent: StoredEvents {
  case granted(WaiverDetails)
  case revoked(WaiverRevoked)

  package static let forms: [StoredForm<WaiverEvent>] = [
    // Granting accompanies the command that needs it; revoking is a command of its own.
    StoredForm("waiver.granted", 1, command: nil) { .granted($0) },
    StoredForm("waiver.revoked", 1, command: "waiver.revoke", subject: "waiver") { .revoked($0) },
  ]

  package var stored: (type: String, schemaVersion: Int, payload: any Encodable & Sendable) {
    switch self {
    case .granted(let payload): ("waiver.granted", 1, payload)
    case .revoked(let payload): ("waiver.revoked", 1, payload)
    }
  }
}

/// The waiver no longer holds; the reason is the command's.
package struct WaiverRevoked: Codable, Hashable, Sendable {}

extension Waiver {
  mutating func evolve(with event: WaiverEvent, on day: Day) {
    switch event {
    case .granted: break
    case .revoked: revokedOn = day
    }
  }
}

/// Revokes a waiver: what it excused is missing again from that day.
package struct RevokeWaiver: Command {
  package static let name = "waiver.revoke"
  package var waiver: WaiverRef

  package func decide(in situation: Situation) throws(Rejection) -> [Change] {
    let state = try situation.require(waiver.stream, as: \.waiver)
    guard state.revokedOn == nil else { return [] }
    try situation.requireReason("revoking a waiver")
    return [
      Change(
        waiver.stream, .waiver(.revoked(WaiverRevoked())), departments: state.departments)
    ]
  }
}

extension Situation {
  /// The grant of a waiver that a command asks for, as a change on a stream of its own.
  package func grant(_ details: WaiverDetails) throws(Rejection) -> (WaiverRef, Change) {
    try requireAll([details.approver])
    if let until = details.until, until < on { throw .untilNotLater(until, than: on) }
    let stream = try next(.waiver)
    return (
      WaiverRef(stream.number),
      Change(stream, .waiver(.granted(details)), departments: details.departments)
    )
  }
}
