import CEMDomain

extension Event {
  /// What happened, in a few words with the values that matter: `gap reassessed 0.58 → 0.74`.
  var words: String {
    let detail = wordsOfDetail
    return Words.event(type) + (detail.isEmpty ? "" : " \(detail)")
  }

  private var wordsOfDetail: String {
    switch self {
    case .program(.founded(let details)): details.name.description
    case .program(.periodClosed(let event)): "\(event.period)"
    case .program(.periodReopened(let event)): "\(event.period)"
    case .program(.restated(let event)):
      event.periods.map(\.description).joined(separator: ", ")
    case .program(.catalogAdopted(let event)): change(event.from, event.version)
    case .request(.made(let details)):
      details.of + (details.about.map { " \($0.reference)" } ?? "")
    case .request: ""
    case .rate(.recorded(let details)): "1 \(details.from) = \(details.value) \(details.to)"
    case .person(.added(let details)): details.name.description
    case .department(let event): event.wordsOfDetail
    case .evidence(.added(let details)): details.title.description
    case .evidence(.renewed(let event)):
      event.expires.map { Words.say("until %1", "\($0)") } ?? Words.say("until further notice")
    case .waiver(.granted(let details)):
      Words.say("of %1 %2", name(details.rule), details.action?.description ?? "")
    case .waiver(.revoked): ""
    case .platform(.stated(let details)): details.title.description
    case .gap(let event): event.wordsOfDetail
    case .segment(.defined(let details)): details.name.description
    case .touchpoint(let event): event.wordsOfDetail
    case .standard(let event): event.wordsOfDetail
    case .survey(.recorded(let details)):
      Words.say(
        "%1 of %2 %3, %4", "\(details.agree)", "\(details.sample)", name(details.audience),
        "\(details.period)")
    case .channel(.declared(let details)): details.name.description
    case .channel(.audited(let event)): event.findings.description
    case .channel(.planned(let event)): event.plan.description
    case .insight(.recorded(let details)): "\(name(details.question)): \(details.finding)"
    case .note(.added(let details)):
      Words.say("on %1: %2", details.about.reference, "\(details.text)")
    case .initiative(let event): event.wordsOfDetail
    case .maturity(let event): event.wordsOfDetail
    case .log(let event): event.wordsOfDetail
    case .correction(_, let correction): correction.wordsOfDetail
    case .unreadable(let event): Words.say("cannot be read: %1", event.why)
    }
  }
}

/// What a term is called where it stands in a sentence.
func name(_ term: any Term) -> String { Datum(term).display }

/// What it was and what it is.
func change(_ from: (any CustomStringConvertible)?, _ to: (any CustomStringConvertible)?)
  -> String
{
  let unknown = Words.say("unknown")
  return "\(from.map { "\($0)" } ?? unknown) → \(to.map { "\($0)" } ?? unknown)"
}

extension GapEvent {
  fileprivate var wordsOfDetail: String {
    switch self {
    case .recorded(let details): Words.say("\"%1\"", "\(details.title)")
    case .diagnosed(let event): change(name(event.from), name(event.link))
    case .reassessed(let event): change(event.before, event.perceived)
    case .closed(let event): event.resolution.description
    case .accepted(let event):
      Words.say("until %1", event.untilBefore.map { change($0, event.until) } ?? "\(event.until)")
    case .reopened(let event): Words.say("from %1", name(event.from))
    }
  }
}

extension InitiativeEvent {
  fileprivate var wordsOfDetail: String {
    switch self {
    case .opened(let details): Words.say("\"%1\"", "\(details.title)")
    case .started, .held, .resumed: ""
    case .cancelled(let event), .reopened(let event): change(name(event.from), name(event.to))
    case .pilotStarted(let event): event.scope?.description ?? ""
    case .pilotConcluded(let event):
      Words.say(
        "verdict %1, cost %2, benefit %3 %4", name(event.result.verdict), "\(event.result.cost)",
        "\(event.result.benefit)", "\(event.result.currency)")
    case .pilotCorrected(let event): event.wordsOfChanges
    case .scaled(let event): event.waiver.map { Words.say("under waiver %1", "\($0)") } ?? ""
    case .completed(let event): event.measured.map { Words.say("measured %1", "\($0)") } ?? ""
    case .updated(let event):
      (event.from.map { "\(name($0)) " } ?? "") + "→ \(name(event.rag))"
        + (event.note.map { " \($0)" } ?? "")
    case .linked(let event): event.url.description
    case .ethicsAttested(let event): Words.say("version %1", "\(event.version)")
    case .platformWaived(let event): Words.say("under waiver %1", "\(event.waiver)")
    }
  }
}

extension PilotCorrected {
  fileprivate var wordsOfChanges: String {
    let fields = [
      ("cost", old.cost.map { "\($0)" }, new.cost.map { "\($0)" }),
      ("benefit", old.benefit.map { "\($0)" }, new.benefit.map { "\($0)" }),
      ("currency", old.currency.map { "\($0)" }, new.currency.map { "\($0)" }),
      ("benefitKind", old.benefitKind.map(name), new.benefitKind.map(name)),
      ("horizon", old.horizon.map { "\($0)" }, new.horizon.map { "\($0)" }),
      ("evidence", old.evidence.map { "\($0)" }, new.evidence.map { "\($0)" }),
      ("verdict", old.verdict.map(name), new.verdict.map(name)),
    ]
    return fields.compactMap { field, old, new in
      new.map { "\(Words.field(field)) \(change(old, $0))" }
    }.joined(separator: ", ")
  }
}

extension MaturityEvent {
  fileprivate var wordsOfDetail: String {
    switch self {
    case .assessed(let event):
      Words.say(
        "%1 (%2)",
        event.from == nil ? Words.say("at %1", "\(event.level)") : change(event.from, event.level),
        Catalog.label(event.method, in: Words.language))
    case .actionCompleted(let event):
      Words.say("%1 by %2", "\(event.action)", "\(event.evidence)")
    case .actionReopened(let event): "\(event.action)"
    case .actionWaived(let event): Words.say("%1 by %2", "\(event.action)", "\(event.waiver)")
    case .advanced(let event): change(event.from, event.to)
    case .regressed(let event): change(event.from, event.to)
    case .corrected(let event): change(event.from, event.to)
    case .inherited(let event):
      Words.say(
        "%1 from %2", change(event.from, event.level),
        event.sources.map(\.department.code).joined(separator: ", "))
    }
  }
}

extension DepartmentEvent {
  fileprivate var wordsOfDetail: String {
    switch self {
    case .registered(let details): details.name.description
    case .retired(let event): event.into.map { "→ \($0)" } ?? ""
    case .reinstated(let event): Words.say("after %1", "\(event.retiredOn)")
    case .merged(let event):
      "\(event.departments.map(\.code).joined(separator: ", ")) → \(event.into)"
    case .split(let event): "→ \(event.into.map(\.code).joined(separator: ", "))"
    }
  }
}

extension LogEvent {
  fileprivate var wordsOfDetail: String {
    switch self {
    case .dataErased(let event):
      let positions = event.positions.map(String.init).joined(separator: ", ")
      let place =
        event.positions.count == 1
        ? Words.say("at position %1", positions) : Words.say("at positions %1", positions)
      return place + (event.person.map { Words.say(", for %1", "\($0)") } ?? "")
    case .restored(let event):
      return Words.say("from a backup that ended at position %1", "\(event.from)")
    case .reportIssued(let event):
      let time = event.period.map { "\($0)" } ?? "\(event.day)"
      return Words.say("as %1 of position %2, %3", event.format.rawValue, "\(event.position)", time)
        + (event.department.map { ", \($0)" } ?? "")
        + (event.summary == true ? ", " + Words.say("summary") : "")
        + (event.file.map { ": \($0)" } ?? "")
    }
  }
}

extension CorrectionEvent {
  fileprivate var wordsOfDetail: String {
    switch self {
    case .amended(let amendment):
      amendment.changed.map { field in
        let old = amendment.old.value(of: field).map { FieldChange.words($0, of: field) }
        let new = amendment.new.value(of: field).map { FieldChange.words($0, of: field) }
        return "\(Words.field(field)) \(change(old, new))"
      }.joined(separator: ", ")
    case .voided(let voiding):
      voiding.duplicateOf.map { Words.say("as a duplicate of %1", $0.reference) } ?? ""
    case .restored: ""
    case .reverted(let reversion), .approvedReverted(let reversion):
      Words.say("of position %1", "\(reversion.position)")
    case .handedOver(let handover):
      (handover.asSponsor == true ? Words.field("sponsor") + " " : "")
        + change(handover.from, handover.to)
    case .moved(let move): change(move.from, move.to)
    }
  }
}
