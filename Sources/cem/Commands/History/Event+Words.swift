import CEMDomain

extension Event {
  /// What happened, in a few words with the values that matter: `gap reassessed 0.58 → 0.74`.
  var words: String {
    let (noun, verb) = split(type)
    let detail = wordsOfDetail
    return "\(noun) \(verb)" + (detail.isEmpty ? "" : " \(detail)")
  }

  private func split(_ type: String) -> (noun: String, verb: String) {
    let parts = type.split(separator: ".", maxSplits: 1)
    let verb = parts.count > 1 ? parts[1].split(separator: "-").joined(separator: " ") : ""
    return (String(parts[0]), verb)
  }

  private var wordsOfDetail: String {
    switch self {
    case .program(.founded(let details)): details.name.description
    case .person(.added(let details)): details.name.description
    case .department(.registered(let details)): details.name.description
    case .evidence(.added(let details)): details.title.description
    case .evidence(.renewed(let event)): "until \(event.expires?.description ?? "further notice")"
    case .waiver(.granted(let details)):
      "of \(details.rule.rawValue) \(details.action?.description ?? "")"
    case .waiver(.revoked): ""
    case .platform(.stated(let details)): details.title.description
    case .gap(let event): event.wordsOfDetail
    case .segment(.defined(let details)): details.name.description
    case .touchpoint(let event): event.wordsOfDetail
    case .standard(let event): event.wordsOfDetail
    case .survey(.recorded(let details)):
      "\(details.agree) of \(details.sample) \(details.audience.rawValue), \(details.period)"
    case .channel(.declared(let details)): details.name.description
    case .channel(.audited(let event)): event.findings.description
    case .channel(.planned(let event)): event.plan.description
    case .insight(.recorded(let details)): "\(details.question.rawValue): \(details.finding)"
    case .note(.added(let details)): "on \(details.about.reference): \(details.text)"
    case .initiative(let event): event.wordsOfDetail
    case .maturity(let event): event.wordsOfDetail
    case .log(let event): event.wordsOfDetail
    case .correction(_, let correction): correction.wordsOfDetail
    }
  }
}

func change(_ from: (any CustomStringConvertible)?, _ to: (any CustomStringConvertible)?)
  -> String
{
  "\(from.map { "\($0)" } ?? "unknown") → \(to.map { "\($0)" } ?? "unknown")"
}

extension GapEvent {
  fileprivate var wordsOfDetail: String {
    switch self {
    case .recorded(let details): "\"\(details.title)\""
    case .diagnosed(let event): change(event.from.rawValue, event.link.rawValue)
    case .reassessed(let event): change(event.before, event.perceived)
    case .closed(let event): event.resolution.description
    case .accepted(let event): "until \(event.until)"
    case .reopened(let event): "from \(event.from.rawValue)"
    }
  }
}

extension InitiativeEvent {
  fileprivate var wordsOfDetail: String {
    switch self {
    case .opened(let details): "\"\(details.title)\""
    case .started, .held, .resumed: ""
    case .cancelled(let event), .reopened(let event):
      change(event.from.rawValue, event.to.rawValue)
    case .pilotStarted(let event): event.scope?.description ?? ""
    case .pilotConcluded(let event):
      "verdict \(event.result.verdict.rawValue), cost \(event.result.cost), benefit \(event.result.benefit) \(event.result.currency)"
    case .scaled(let event): event.waiver.map { "under waiver \($0)" } ?? ""
    case .completed(let event): event.measured.map { "measured \($0)" } ?? ""
    case .updated(let event):
      change(event.from?.rawValue ?? "none", event.rag.rawValue)
        + (event.note.map { " \($0)" } ?? "")
    case .linked(let event): event.url.description
    case .ethicsAttested(let event): "version \(event.version)"
    }
  }
}

extension MaturityEvent {
  fileprivate var wordsOfDetail: String {
    switch self {
    case .assessed(let event):
      event.from == nil ? "at \(event.level)" : change(event.from, event.level)
    case .actionCompleted(let event): "\(event.action) by \(event.evidence)"
    case .actionReopened(let event): "\(event.action)"
    case .actionWaived(let event): "\(event.action) by \(event.waiver)"
    case .advanced(let event): change(event.from, event.to)
    case .regressed(let event): change(event.from, event.to)
    case .corrected(let event): change(event.from, event.to)
    }
  }
}

extension LogEvent {
  fileprivate var wordsOfDetail: String {
    switch self {
    case .dataErased(let event):
      "at \(event.positions.count == 1 ? "position" : "positions") "
        + event.positions.map(String.init).joined(separator: ", ")
        + (event.person.map { ", for \($0)" } ?? "")
    case .restored(let event): "from a backup that ended at position \(event.from)"
    case .reportIssued(let event):
      "as \(event.format.rawValue) of position \(event.position), \(event.period.map { "\($0)" } ?? "\(event.day)")"
        + (event.file.map { ": \($0)" } ?? "")
    }
  }
}

extension CorrectionEvent {
  fileprivate var wordsOfDetail: String {
    switch self {
    case .amended(let amendment):
      amendment.changed.map { name in
        let old = amendment.old.value(of: name).map { Datum($0).display }
        let new = amendment.new.value(of: name).map { Datum($0).display }
        return "\(name) \(change(old, new))"
      }.joined(separator: ", ")
    case .voided(let voiding): voiding.duplicateOf.map { "as a duplicate of \($0.reference)" } ?? ""
    case .restored: ""
    case .reverted(let reversion): "of position \(reversion.position)"
    case .handedOver(let handover): change(handover.from, handover.to)
    }
  }
}
