/// Records a gap.
package struct RecordGap: Command {
  package static let name = "gap.record"
  package var details: GapDetails

  package init(details: GapDetails) { self.details = details }
  package init(from decoder: any Decoder) throws { details = try GapDetails(from: decoder) }
  package func encode(to encoder: any Encoder) throws { try details.encode(to: encoder) }

  package func decide(in situation: Situation) throws(Rejection) -> [Change] {
    var details = details
    do { try details.validate() } catch { throw .input(error) }
    try situation.requireAll(
      [details.department, details.owner, details.evidence, details.touchpoint])
    if let breach = details.breach { details.breach = try situation.breach(breach).0 }
    if details.perceived != nil, details.measuredOn == nil { details.measuredOn = situation.on }
    try details.checkMeasured(by: situation.on)
    let stream = try situation.next(.gap)
    return [Change(stream, .gap(.recorded(details)), departments: [details.department])]
      + (try details.noteBreach(as: GapRef(stream.number), in: situation))
  }
}

/// Puts a gap on the link where its cause was found.
package struct DiagnoseGap: Command {
  package static let name = "gap.diagnose"
  package var gap: GapRef
  package var link: GapLink

  package func decide(in situation: Situation) throws(Rejection) -> [Change] {
    let gap = try situation.gap(gap)
    guard gap.details.link != link else { return [] }
    return [change(gap, .diagnosed(GapDiagnosed(from: gap.details.link, link: link)))]
  }
}

/// Records a new perceived value.
package struct ReassessGap: Command {
  package static let name = "gap.reassess"
  package var gap: GapRef
  package var perceived: Exact
  package var measuredOn: Day?

  package func decide(in situation: Situation) throws(Rejection) -> [Change] {
    let state = try situation.gap(gap)
    guard state.life.stage != .closed else { throw .gapIsClosed(gap) }
    // A unit that was erased still shows in its values.
    let hasUnit =
      state.details.unit != nil || state.details.expected != nil || state.details.perceived != nil
    guard hasUnit else { throw .gapHasNoUnit(gap) }
    let measuredOn = measuredOn ?? situation.on
    guard measuredOn <= situation.on else {
      throw .measuredLater(measuredOn, than: situation.on)
    }
    if let before = state.details.measuredOn, measuredOn < before {
      throw .measuredEarlier(measuredOn, than: before, of: gap)
    }
    return [
      change(
        state,
        .reassessed(
          GapReassessed(
            before: state.details.perceived, perceived: perceived,
            measuredBefore: state.details.measuredOn, measuredOn: measuredOn)))
    ]
  }
}

/// Closes a gap.
package struct CloseGap: Command {
  package static let name = "gap.close"
  package var gap: GapRef
  package var resolution: Text
  package var unmetReason: Text?
  /// A reference to evidence, or what becomes some.
  package var evidence: GivenEvidence?

  package func decide(in situation: Situation) throws(Rejection) -> [Change] {
    let state = try situation.gap(gap)
    guard state.life.stage != .closed else { throw .gapIsClosed(gap) }
    // Of a closing whose words were erased nobody knows whether it had that reason.
    if unmetReason != nil, let size = state.details.size, size <= .zero,
      !situation.forgivesErasure
    {
      throw .gapIsMet(gap, details: state.details)
    }
    guard unmetReason != nil || state.details.isMet else {
      throw .gapIsUnmet(
        gap, details: state.details,
        hint: "cem gap reassess \(gap) --perceived N, or close it with --unmet-reason TEXT")
    }
    let (ref, added): (EvidenceRef?, [Change]) = try situation.evidence(
      evidence, orTitled: "Closing of \(gap)")
    return [
      change(
        state,
        .closed(GapClosed(resolution: resolution, unmetReason: unmetReason, evidence: ref)))
    ] + added
  }
}

/// Accepts a gap as it is, until a date to look again; one that is accepted until another date.
package struct AcceptGap: Command {
  package static let name = "gap.accept"
  package var gap: GapRef
  package var approver: PersonID?
  package var until: Day

  package func decide(in situation: Situation) throws(Rejection) -> [Change] {
    let state = try situation.gap(gap)
    guard state.life.stage != .closed else { throw .gapIsClosed(gap) }
    let before = state.life.stage == .accepted ? state.life.reviewOn : nil
    guard until != before else { throw .gapIsAccepted(gap, until: until) }
    try situation.requireReason("accepting a gap")
    try situation.requireAll([approver])
    guard until > situation.on else { throw .untilNotLater(until, than: situation.on) }
    return [
      change(
        state, .accepted(GapAccepted(approver: approver, until: until, untilBefore: before)))
    ]
  }
}

/// Opens a closed or accepted gap again.
package struct ReopenGap: Command {
  package static let name = "gap.reopen"
  package var gap: GapRef

  package func decide(in situation: Situation) throws(Rejection) -> [Change] {
    let state = try situation.gap(gap)
    guard state.life.stage != .open else { return [] }
    try situation.requireReason("reopening a gap")
    try situation.requireActive(state.departments)
    return [change(state, .reopened(GapReopened(from: state.life.stage)))]
  }
}

extension Command where Self: GapSubject {
  fileprivate func change(_ gap: Gap, _ event: GapEvent) -> Change {
    Change(self.gap.stream, .gap(event), departments: gap.departments)
  }
}

/// A command on one gap.
private protocol GapSubject { var gap: GapRef { get } }
extension DiagnoseGap: GapSubject {}
extension ReassessGap: GapSubject {}
extension CloseGap: GapSubject {}
extension AcceptGap: GapSubject {}
extension ReopenGap: GapSubject {}

extension Situation {
  /// The gap with a reference.
  package func gap(_ ref: GapRef) throws(Rejection) -> Gap {
    try require(ref.stream, as: \.gap)
  }
}

extension Rejection {
  static func measuredLater(_ day: Day, than on: Day) -> Rejection {
    Rejection(
      "gap.measured-later",
      "it cannot have been measured on \(day), after the command's date \(on)",
      hint: "use --measured-on with a date up to \(on), or a later --on")
  }

  static func measuredEarlier(_ day: Day, than before: Day, of gap: GapRef) -> Rejection {
    Rejection(
      "date.too-early", "\(gap) was measured last on \(before), which is after \(day)",
      hint: "use --measured-on \(before) or later",
      details: ["reference": .string(gap.description), "notBefore": .string(before.description)])
  }

  static func gapIsClosed(_ gap: GapRef) -> Rejection {
    Rejection("gap.closed", "\(gap) is closed", hint: "cem gap reopen \(gap) --reason TEXT")
  }

  static func gapIsAccepted(_ gap: GapRef, until: Day) -> Rejection {
    Rejection(
      "gap.accepted", "\(gap) is accepted until \(until) already",
      hint: "name another day, or: cem gap reopen \(gap) --reason TEXT")
  }

  static func gapHasNoUnit(_ gap: GapRef) -> Rejection {
    Rejection(
      "gap.unit-missing", "\(gap) has no unit, so a value says nothing",
      hint: "cem gap amend \(gap) --unit TEXT --expected N --reason TEXT")
  }

  static func gapIsUnmet(_ gap: GapRef, details: GapDetails, hint: String) -> Rejection {
    let expected = details.expected?.description ?? "unknown"
    let perceived = details.perceived?.description ?? "unknown"
    return Rejection(
      "gap.unmet", "\(gap) is not met: expected \(expected), perceived \(perceived)",
      hint: hint, details: ["expected": .string(expected), "perceived": .string(perceived)])
  }

  static func gapIsMet(_ gap: GapRef, details: GapDetails) -> Rejection {
    let expected = details.expected?.description ?? "unknown"
    let perceived = details.perceived?.description ?? "unknown"
    return Rejection(
      "gap.met", "\(gap) is met: expected \(expected), perceived \(perceived)",
      hint: "leave out --unmet-reason",
      details: ["expected": .string(expected), "perceived": .string(perceived)])
  }

  static func untilNotLater(_ until: Day, than on: Day) -> Rejection {
    Rejection(
      "date.until", "--until \(until) is not after the command's date \(on)",
      hint: "name a later day")
  }
}
