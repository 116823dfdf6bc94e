/// Declares a feedback channel of a department.
package struct DeclareChannel: Command {
  package static let name = "channel.declare"
  package var details: ChannelDetails

  package init(from decoder: any Decoder) throws { details = try ChannelDetails(from: decoder) }
  package func encode(to encoder: any Encoder) throws { try details.encode(to: encoder) }

  package func decide(in situation: Situation) throws(Rejection) -> [Change] {
    try situation.requireAll([details.department, details.owner])
    return [
      Change(
        try situation.next(.channel), .channel(.declared(details)),
        departments: [details.department])
    ]
  }
}

/// Records an audit of a feedback channel.
package struct AuditChannel: Command {
  package static let name = "channel.audit"
  package var channel: ChannelRef
  package var findings: Text
  package var evidence: EvidenceRef?

  package func decide(in situation: Situation) throws(Rejection) -> [Change] {
    let state = try situation.channel(channel)
    try situation.requireActive(state.departments)
    try situation.requireAll([evidence])
    return [
      Change(
        channel.stream,
        .channel(
          .audited(
            ChannelAudited(
              findings: findings, evidence: evidence, auditedBefore: state.life.auditedOn))),
        departments: state.departments)
    ]
  }
}

/// Records the plan that followed an audit.
package struct PlanChannel: Command {
  package static let name = "channel.plan"
  package var channel: ChannelRef
  package var plan: Text

  package func decide(in situation: Situation) throws(Rejection) -> [Change] {
    let state = try situation.channel(channel)
    try situation.requireActive(state.departments)
    guard state.life.auditedOn != nil else {
      throw Rejection(
        "channel.not-audited", "\(channel) was never audited: a plan follows an audit",
        hint: "cem channel audit \(channel) --findings TEXT")
    }
    guard state.life.plan != plan else { return [] }
    return [
      Change(
        channel.stream,
        .channel(.planned(ChannelPlanned(plan: plan, before: state.life.plan))),
        departments: state.departments)
    ]
  }
}

extension Situation {
  /// The feedback channel with a reference.
  package func channel(_ ref: ChannelRef) throws(Rejection) -> Channel {
    try require(ref.stream, as: \.channel)
  }
}
