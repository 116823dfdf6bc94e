import CEMDomain

extension TouchpointEvent {
  /// What happened, without noun and verb.
  var wordsOfDetail: String {
    switch self {
    case .mapped(let details): "\"\(details.name)\""
    case .planned(let event): "\(event.item.rawValue) \(event.text)"
    case .unplanned(let event): event.item.rawValue
    case .retired: ""
    case .reinstated(let event): "after \(event.retiredOn)"
    }
  }
}

extension StandardEvent {
  /// What happened, without noun and verb.
  var wordsOfDetail: String {
    switch self {
    case .set(let details):
      "\"\(details.metric)\" at \(details.touchpoint)"
        + (details.target.map { ", target \($0)" } ?? "")
    case .revised(let event): "\(change(event.before, event.target)) from \(event.from)"
    case .measured(let event):
      event.replaces == true
        ? "\(event.period) \(change(event.valueBefore, event.value))"
        : "\(event.period) \(event.value.map { "\($0)" } ?? "no data")"
    case .breachRecorded(let event): "\(event.period) as \(event.gap)"
    case .retired: ""
    case .reinstated(let event): "after \(event.retiredOn)"
    }
  }
}
