import CEMDomain

extension TouchpointEvent {
  /// What happened, without noun and verb.
  var wordsOfDetail: String {
    switch self {
    case .mapped(let details): Words.say("\"%1\"", "\(details.name)")
    case .planned(let event): "\(name(event.item)) \(event.text)"
    case .unplanned(let event): name(event.item)
    case .retired: ""
    case .reinstated(let event): Words.say("after %1", "\(event.retiredOn)")
    }
  }
}

extension StandardEvent {
  /// What happened, without noun and verb.
  var wordsOfDetail: String {
    switch self {
    case .set(let details):
      Words.say("\"%1\" at %2", "\(details.metric)", "\(details.touchpoint)")
        + (details.target.map { Words.say(", target %1", "\($0)") } ?? "")
    case .revised(let event):
      Words.say("%1 from %2", change(event.before, event.target), "\(event.from)")
    case .versionCorrected(let event):
      event.drop == true
        ? Words.say("no version from %1", "\(event.version)")
        : ([Words.say("version from %1", "\(event.version)")]
          + [event.target.map { change(event.before, $0) }, event.from.map { "→ \($0)" }]
          .compactMap(\.self)).joined(separator: " ")
    case .measured(let event):
      event.replaces == true
        ? "\(event.period) \(change(event.valueBefore, event.value))"
        : "\(event.period) \(event.value.map { "\($0)" } ?? Words.say("no data"))"
    case .breachRecorded(let event): Words.say("%1 as %2", "\(event.period)", "\(event.gap)")
    case .retired: ""
    case .reinstated(let event): Words.say("after %1", "\(event.retiredOn)")
    }
  }
}
