/// What can happen to a touchpoint, beside corrections.
package enum TouchpointEvent: StoredEvents {
  case mapped(TouchpointDetails)
  case planned(TouchpointPlanned)
  case unplanned(TouchpointUnplanned)
  case retired(TouchpointRetired)
  case reinstated(TouchpointReinstated)

  package static let forms: [StoredForm<TouchpointEvent>] = [
    StoredForm("touchpoint.mapped", 1, command: "touchpoint.map") { .mapped($0) },
    StoredForm("touchpoint.planned", 1, command: "touchpoint.plan", subject: "touchpoint") {
      .planned($0)
    },
    StoredForm("touchpoint.unplanned", 1, command: "touchpoint.unplan", subject: "touchpoint") {
      .unplanned($0)
    },
    StoredForm("touchpoint.retired", 1, command: "touchpoint.retire", subject: "touchpoint") {
      .retired($0)
    },
    StoredForm(
      "touchpoint.reinstated", 1, command: "touchpoint.reinstate", subject: "touchpoint"
    ) { .reinstated($0) },
  ]

  package var stored: (type: String, schemaVersion: Int, payload: any Encodable & Sendable) {
    switch self {
    case .mapped(let payload): ("touchpoint.mapped", 1, payload)
    case .planned(let payload): ("touchpoint.planned", 1, payload)
    case .unplanned(let payload): ("touchpoint.unplanned", 1, payload)
    case .retired(let payload): ("touchpoint.retired", 1, payload)
    case .reinstated(let payload): ("touchpoint.reinstated", 1, payload)
    }
  }
}

/// An item of the contact plan was filled in, or filled in anew.
package struct TouchpointPlanned: Codable, Hashable, Sendable {
  package var item: ContactPlanItem
  package var text: Text
  /// What it said before.
  package var before: Text?
}

/// An item of the contact plan is open again.
package struct TouchpointUnplanned: Codable, Hashable, Sendable {
  package var item: ContactPlanItem
  package var before: Text
}

/// Nobody meets the company here any more; the reason is the command's.
package struct TouchpointRetired: Codable, Hashable, Sendable {}

/// People meet the company here again.
package struct TouchpointReinstated: Codable, Hashable, Sendable {
  package var retiredOn: Day
}

extension Touchpoint {
  mutating func evolve(with event: TouchpointEvent, on day: Day, by approval: Approval?) {
    previousLife = [life]
    switch event {
    case .mapped: previousLife = []
    case .planned(let event):
      life.plan.removeAll { $0.item == event.item }
      life.plan.append(PlannedItem(item: event.item, text: event.text, on: day))
      life.plan.sort { $0.item.place < $1.item.place }
    case .unplanned(let event): life.plan.removeAll { $0.item == event.item }
    case .retired:
      life.retiredOn = day
      life.retirement = approval
    case .reinstated:
      life.retiredOn = nil
      life.retirement = nil
    }
  }
}

extension ContactPlanItem {
  /// Its place in the plan, from 0.
  fileprivate var place: Int { Self.allCases.firstIndex(of: self) ?? 0 }
}
