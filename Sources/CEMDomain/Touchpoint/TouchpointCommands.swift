/// Maps a touchpoint.
package struct MapTouchpoint: Command {
  package static let name = "touchpoint.map"
  package var details: TouchpointDetails

  package init(from decoder: any Decoder) throws { details = try TouchpointDetails(from: decoder) }
  package func encode(to encoder: any Encoder) throws { try details.encode(to: encoder) }

  package func decide(in situation: Situation) throws(Rejection) -> [Change] {
    do { try details.validate() } catch { throw .input(error) }
    try situation.requireAll([details.department, details.segment, details.owner])
    return [
      Change(
        try situation.next(.touchpoint), .touchpoint(.mapped(details)),
        departments: [details.department])
    ]
  }
}

/// Fills in an item of the contact plan.
package struct PlanTouchpoint: TouchpointSubject {
  package static let name = "touchpoint.plan"
  package var touchpoint: TouchpointRef
  package var item: ContactPlanItem
  package var text: Text

  package func decide(in situation: Situation) throws(Rejection) -> [Change] {
    let state = try situation.activeTouchpoint(touchpoint)
    let before = state.planned(item)?.text
    guard before != text else { return [] }
    return [
      change(state, .planned(TouchpointPlanned(item: item, text: text, before: before)))
    ]
  }
}

/// Opens an item of the contact plan again.
package struct UnplanTouchpoint: TouchpointSubject {
  package static let name = "touchpoint.unplan"
  package var touchpoint: TouchpointRef
  package var item: ContactPlanItem

  package func decide(in situation: Situation) throws(Rejection) -> [Change] {
    let state = try situation.activeTouchpoint(touchpoint)
    guard let before = state.planned(item)?.text else { return [] }
    return [change(state, .unplanned(TouchpointUnplanned(item: item, before: before)))]
  }
}

/// Notes that nobody meets the company here any more.
package struct RetireTouchpoint: TouchpointSubject {
  package static let name = "touchpoint.retire"
  package var touchpoint: TouchpointRef

  package func decide(in situation: Situation) throws(Rejection) -> [Change] {
    let state = try situation.touchpoint(touchpoint)
    guard state.isOpen else { return [] }
    try situation.requireReason("retiring a touchpoint")
    let standing = try situation.state.concerning(state.details.department).filter { record in
      guard case .standard(let standard) = record.entity else { return false }
      return standard.details.touchpoint == touchpoint && standard.isOpen
    }
    if let first = standing.first { throw .touchpointHasStandards(touchpoint, first, standing) }
    return [change(state, .retired(TouchpointRetired()))]
  }
}

/// Notes that people meet the company here again.
package struct ReinstateTouchpoint: TouchpointSubject {
  package static let name = "touchpoint.reinstate"
  package var touchpoint: TouchpointRef

  package func decide(in situation: Situation) throws(Rejection) -> [Change] {
    let state = try situation.touchpoint(touchpoint)
    guard let retiredOn = state.life.retiredOn else { return [] }
    try situation.requireActive(state.departments)
    return [change(state, .reinstated(TouchpointReinstated(retiredOn: retiredOn)))]
  }
}

/// A command on one touchpoint.
protocol TouchpointSubject: Command { var touchpoint: TouchpointRef { get } }

extension TouchpointSubject {
  fileprivate func change(_ state: Touchpoint, _ event: TouchpointEvent) -> Change {
    Change(touchpoint.stream, .touchpoint(event), departments: state.departments)
  }
}

extension Situation {
  /// The touchpoint with a reference.
  package func touchpoint(_ ref: TouchpointRef) throws(Rejection) -> Touchpoint {
    try require(ref.stream, as: \.touchpoint)
  }

  /// The touchpoint, where people still meet the company.
  func activeTouchpoint(_ ref: TouchpointRef) throws(Rejection) -> Touchpoint {
    let state = try touchpoint(ref)
    guard state.isOpen else { throw .touchpointIsRetired(ref) }
    return state
  }
}

extension Rejection {
  static func touchpointIsRetired(_ ref: TouchpointRef) -> Rejection {
    Rejection(
      "touchpoint.retired", "\(ref) is retired", hint: "cem touchpoint reinstate \(ref)")
  }

  static func touchpointHasStandards(
    _ ref: TouchpointRef, _ first: EntityRecord, _ all: [EntityRecord]
  ) -> Rejection {
    Rejection(
      "touchpoint.in-use",
      "\(ref) still has service standards in force: \(all.count), beginning with \(first.stream.reference)",
      hint: "cem standard retire \(first.stream.reference) --reason TEXT",
      details: ["references": .array(all.prefix(100).map { .string($0.stream.reference) })])
  }
}
