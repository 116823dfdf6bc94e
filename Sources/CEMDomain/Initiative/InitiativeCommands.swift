/// Starts an initiative.
package struct StartInitiative: InitiativeSubject {
  package static let name = "initiative.start"
  package var initiative: InitiativeRef

  package func decide(in situation: Situation) throws(Rejection) -> [Change] {
    let state = try situation.activeInitiative(initiative)
    // Whatever goes beyond the first stage was started already.
    guard state.life.stage == .opened else { return [] }
    try situation.requireFoundations(of: state, initiative)
    return [change(state, .started(InitiativeMoved(from: .opened, to: .started)))]
  }
}

/// Rolls an initiative out.
package struct ScaleInitiative: InitiativeSubject {
  package static let name = "initiative.scale"
  package var initiative: InitiativeRef
  /// Why it needs no pilot that says so.
  package var waivePilot: Text?
  /// Who approved that.
  package var approver: PersonID?

  package func decide(in situation: Situation) throws(Rejection) -> [Change] {
    let state = try situation.activeInitiative(initiative)
    guard state.life.stage != .scaling else { return [] }
    if waivePilot == nil, approver != nil { throw .approverWithoutWaiver("waivePilot") }
    guard state.life.stage != .opened else { throw .initiativeNotStarted(initiative) }
    guard state.life.stage != .piloting else { throw .initiativeIsPiloting(initiative) }
    guard state.life.pendingVerdict != .stop else { throw .initiativeWasStopped(initiative) }
    try situation.requireFoundations(of: state, initiative)
    let isProven = state.life.pendingVerdict == .scale
    guard let waivePilot else {
      guard isProven else {
        throw .pilotMissing(initiative, verdict: state.life.pendingVerdict)
      }
      return [scaled(state, waiver: nil)]
    }
    guard !isProven else {
      throw .input(
        FieldError(path: "waivePilot", "is not needed: the pilot's verdict is scale"))
    }
    let (waiver, grant) = try situation.grant(
      WaiverDetails(
        rule: .pilot, of: initiative.stream, departments: state.departments, because: waivePilot,
        approver: approver))
    return [scaled(state, waiver: waiver), grant]
  }

  private func scaled(_ state: Initiative, waiver: WaiverRef?) -> Change {
    change(
      state, .scaled(InitiativeScaled(from: state.life.stage, to: .scaling, waiver: waiver)))
  }
}

/// Ends an initiative as planned, with the measured outcome.
package struct CompleteInitiative: InitiativeSubject {
  package static let name = "initiative.complete"
  package var initiative: InitiativeRef
  /// The metric today, in its unit.
  package var measured: Exact?
  package var note: Text?
  /// A reference to evidence, or what becomes some.
  package var evidence: GivenEvidence?

  package func decide(in situation: Situation) throws(Rejection) -> [Change] {
    let known = try situation.initiative(initiative)
    if known.life.stage == .completed, measured == nil || measured == known.life.measured,
      note == nil || note == known.life.completionNote,
      evidence == nil || evidence?.stream == known.life.outcomeEvidence?.stream
    {
      return []
    }
    let state = try situation.activeInitiative(initiative)
    switch state.life.stage {
    case .opened: throw .initiativeNotStarted(initiative)
    case .piloting: throw .initiativeIsPiloting(initiative)
    case .concluded where state.life.pendingVerdict == .stop:
      throw .initiativeWasStopped(initiative)
    case .started, .concluded, .scaling, .completed, .cancelled: break
    }
    try situation.requireEthics(of: state, initiative)
    if state.details.target != nil, measured == nil {
      throw .measuredMissing(initiative, details: state.details)
    }
    // A metric whose name was erased still shows in its values.
    let hasMetric =
      state.details.metric != nil || state.details.target != nil || state.details.baseline != nil
    if measured != nil, !hasMetric { throw .metricMissing(initiative) }
    let (ref, added): (EvidenceRef?, [Change]) = try situation.evidence(
      evidence, orTitled: "Outcome of \(initiative)")
    return [
      change(
        state,
        .completed(
          InitiativeCompleted(
            from: state.life.stage, to: .completed, measured: measured, note: note,
            evidence: ref)))
    ] + added
  }
}

/// Cancels an initiative.
package struct CancelInitiative: InitiativeSubject {
  package static let name = "initiative.cancel"
  package var initiative: InitiativeRef

  package func decide(in situation: Situation) throws(Rejection) -> [Change] {
    let state = try situation.initiative(initiative)
    guard state.life.stage != .cancelled else { return [] }
    guard state.isOpen else { throw .initiativeHasEnded(initiative, state.life.stage) }
    try situation.requireReason("cancelling an initiative")
    return [change(state, .cancelled(InitiativeMoved(from: state.life.stage, to: .cancelled)))]
  }
}

/// Opens a completed or cancelled initiative again, at the stage where it was before.
package struct ReopenInitiative: InitiativeSubject {
  package static let name = "initiative.reopen"
  package var initiative: InitiativeRef

  package func decide(in situation: Situation) throws(Rejection) -> [Change] {
    let state = try situation.initiative(initiative)
    guard !state.isOpen else {
      if state.life.isOnHold { throw .initiativeIsOnHold(initiative) }
      return []
    }
    try situation.requireReason("reopening an initiative")
    try situation.requireActive(state.departments)
    return [
      change(
        state,
        .reopened(
          InitiativeMoved(from: state.life.stage, to: state.life.stageBeforeEnd ?? .opened)))
    ]
  }
}

/// Puts an initiative on hold.
package struct HoldInitiative: InitiativeSubject {
  package static let name = "initiative.hold"
  package var initiative: InitiativeRef

  package func decide(in situation: Situation) throws(Rejection) -> [Change] {
    let state = try situation.initiative(initiative)
    guard state.isOpen else { throw .initiativeHasEnded(initiative, state.life.stage) }
    guard !state.life.isOnHold else { return [] }
    try situation.requireReason("putting an initiative on hold")
    return [change(state, .held(InitiativePaused(stage: state.life.stage)))]
  }
}

/// Goes on with an initiative that is on hold.
package struct ResumeInitiative: InitiativeSubject {
  package static let name = "initiative.resume"
  package var initiative: InitiativeRef

  package func decide(in situation: Situation) throws(Rejection) -> [Change] {
    let state = try situation.initiative(initiative)
    guard state.isOpen else { throw .initiativeHasEnded(initiative, state.life.stage) }
    guard state.life.isOnHold else { return [] }
    return [change(state, .resumed(InitiativePaused(stage: state.life.stage)))]
  }
}
