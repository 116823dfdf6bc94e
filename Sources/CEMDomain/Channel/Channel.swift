/// A way by which a department hears its customers (domain §6).
package struct Channel: EntityState {
  package static let kind = EntityKind.channel

  package var details: ChannelDetails
  package var life = ChannelLife()
  /// The life before its last event, so that this event can be taken back.
  package var previousLife: [ChannelLife] = []
  /// The departments that it came from, where departments changed.
  package var moves: [PastMove]?

  package init(details: ChannelDetails) { self.details = details }

  package var departments: [DepartmentCode] { [details.department] }
  package var owner: PersonID? {
    get { details.owner }
    set { details.owner = newValue }
  }
  package var isOpen: Bool { true }

  package mutating func revertLife(at _: Int64) {
    life = previousLife.popLast() ?? life
  }
}

/// The recorded fields of a feedback channel.
package struct ChannelDetails: EntityDetails {
  package var department: DepartmentCode
  package var name: Title
  /// Its form, like `form`, `hotline` or `panel`.
  package var form: Tag?
  package var owner: PersonID?
}

/// What is known of a channel's audits.
package struct ChannelLife: Codable, Hashable, Sendable {
  package var audits = 0
  /// When it was audited last.
  package var auditedOn: Day?
  package var findings: Text?
  package var evidence: EvidenceRef?
  /// Whether a plan followed the last audit; its words may have been erased.
  package var hasPlan: Bool?
  package var plan: Text?
}

/// What can happen to a channel, beside corrections.
package enum ChannelEvent: StoredEvents {
  case declared(ChannelDetails)
  case audited(ChannelAudited)
  case planned(ChannelPlanned)

  package static let forms: [StoredForm<ChannelEvent>] = [
    StoredForm("channel.declared", 1, command: "channel.declare") { .declared($0) },
    StoredForm("channel.audited", 1, command: "channel.audit", subject: "channel") {
      .audited($0)
    },
    StoredForm("channel.planned", 1, command: "channel.plan", subject: "channel") {
      .planned($0)
    },
  ]

  package var stored: (type: String, schemaVersion: Int, payload: any Encodable & Sendable) {
    switch self {
    case .declared(let payload): ("channel.declared", 1, payload)
    case .audited(let payload): ("channel.audited", 1, payload)
    case .planned(let payload): ("channel.planned", 1, payload)
    }
  }
}

/// Somebody looked at what the channel brings and what becomes of it.
package struct ChannelAudited: Codable, Hashable, Sendable {
  package var findings: Text
  package var evidence: EvidenceRef?
  package var auditedBefore: Day?
}

/// A plan for the gaps that the last audit found.
package struct ChannelPlanned: Codable, Hashable, Sendable {
  package var plan: Text
  package var before: Text?
}

extension Channel {
  mutating func evolve(with event: ChannelEvent, on day: Day) {
    let before = life
    switch event {
    case .declared: return
    case .audited(let event):
      // What was erased is kept as nothing, for a state is stored without it.
      life = ChannelLife(
        audits: life.audits &+ 1, auditedOn: day,
        findings: event.findings.value == nil ? nil : event.findings, evidence: event.evidence)
    case .planned(let event):
      life.hasPlan = true
      life.plan = event.plan.value == nil ? nil : event.plan
    }
    previousLife = [before]
  }
}
