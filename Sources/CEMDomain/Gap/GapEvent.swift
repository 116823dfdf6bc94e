/// What can happen to a gap.
package enum GapEvent: StoredEvents {
  case recorded(GapDetails)
  case diagnosed(GapDiagnosed)
  case reassessed(GapReassessed)
  case closed(GapClosed)
  case accepted(GapAccepted)
  case reopened(GapReopened)

  package static let forms: [StoredForm<GapEvent>] = [
    StoredForm("gap.recorded", 1, command: "gap.record") { .recorded($0) },
    StoredForm("gap.diagnosed", 1, command: "gap.diagnose", subject: "gap") { .diagnosed($0) },
    StoredForm("gap.reassessed", 1, command: "gap.reassess", subject: "gap") { .reassessed($0) },
    StoredForm("gap.closed", 1, command: "gap.close", subject: "gap") { .closed($0) },
    StoredForm("gap.accepted", 1, command: "gap.accept", subject: "gap") { .accepted($0) },
    StoredForm("gap.reopened", 1, command: "gap.reopen", subject: "gap") { .reopened($0) },
  ]

  package var stored: (type: String, schemaVersion: Int, payload: any Encodable & Sendable) {
    switch self {
    case .recorded(let payload): ("gap.recorded", 1, payload)
    case .diagnosed(let payload): ("gap.diagnosed", 1, payload)
    case .reassessed(let payload): ("gap.reassessed", 1, payload)
    case .closed(let payload): ("gap.closed", 1, payload)
    case .accepted(let payload): ("gap.accepted", 1, payload)
    case .reopened(let payload): ("gap.reopened", 1, payload)
    }
  }
}

/// The cause became known: the gap sits on a link now.
package struct GapDiagnosed: Codable, Hashable, Sendable {
  package var from: GapLink
  package var link: GapLink
}

/// A new perceived value was measured.
package struct GapReassessed: Codable, Hashable, Sendable {
  package var before: Exact?
  package var perceived: Exact
  package var measuredBefore: Day?
  package var measuredOn: Day
}

/// The gap was closed; `unmetReason` says why although the expected value is not met.
package struct GapClosed: Codable, Hashable, Sendable {
  package var resolution: Text
  package var unmetReason: Text?
  /// What the closing rests on.
  package var evidence: EvidenceRef?
}

/// The gap was accepted, by whom and until when; the reason is the command's.
package struct GapAccepted: Codable, Hashable, Sendable {
  package var approver: PersonID?
  package var until: Day
  /// Until when it was accepted before, where it was: the acceptance goes on.
  package var untilBefore: Day?
}

/// The gap was opened again, from the stage given.
package struct GapReopened: Codable, Hashable, Sendable {
  package var from: GapLife.Stage
}

extension Gap {
  mutating func evolve(with event: GapEvent, on day: Day, by approval: Approval?) {
    let before = Snapshot(
      link: details.link, perceived: details.perceived, measuredOn: details.measuredOn, life: life)
    switch event {
    case .recorded: return
    case .diagnosed(let event): details.link = event.link
    case .reassessed(let event):
      details.perceived = event.perceived
      details.measuredOn = event.measuredOn
      life.reassessments &+= 1
    case .closed(let event):
      if isOpen { life.turns = life.turns.turned(on: day) }
      life.stage = .closed
      life.since = day
      // What was erased is kept as nothing, for a state is stored without it.
      life.resolution = event.resolution.value == nil ? nil : event.resolution
      life.unmetReason = event.unmetReason
      life.closingEvidence = event.evidence
    case .accepted(let event):
      if isOpen {
        life.turns = life.turns.turned(on: day)
        life.since = day
      }
      life.stage = .accepted
      life.approver = event.approver
      life.reviewOn = event.until
      life.approval = approval
    case .reopened:
      life = GapLife(
        since: day, reassessments: life.reassessments, reopenings: life.reopenings &+ 1,
        turns: isOpen ? life.turns : life.turns.turned(on: day))
    }
    previous = [before]
  }
}
