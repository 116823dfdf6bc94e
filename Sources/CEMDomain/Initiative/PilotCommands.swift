/// Starts a pilot; an initiative that was only opened is thereby started.
package struct StartPilot: InitiativeSubject {
  package static let name = "initiative.pilot.start"
  package var initiative: InitiativeRef
  /// With whom or where it is tried.
  package var scope: Text?

  package func decide(in situation: Situation) throws(Rejection) -> [Change] {
    let state = try situation.activeInitiative(initiative)
    switch (state.life.stage, state.life.pendingVerdict) {
    case (.opened, _), (.started, _), (.concluded, .repeat): break
    case (.concluded, .stop): try situation.requireReason("another pilot after the verdict stop")
    case (.concluded, .scale), (.concluded, nil): throw .pilotNotNeeded(initiative)
    case (.piloting, _): throw .initiativeIsPiloting(initiative)
    case (.scaling, _), (.completed, _), (.cancelled, _): throw .pilotTooLate(initiative)
    }
    try situation.requireFoundations(of: state, initiative)
    return [
      change(
        state,
        .pilotStarted(PilotStarted(from: state.life.stage, to: .piloting, scope: scope)))
    ]
  }
}

/// Concludes the pilot that runs.
package struct ConcludePilot: InitiativeSubject {
  package static let name = "initiative.pilot.conclude"
  package var initiative: InitiativeRef
  package var cost: Exact
  package var benefit: Exact
  /// Absent: the budget's, else the program's.
  package var currency: Currency?
  /// Absent: estimated, for whoever measured says so.
  package var benefitKind: BenefitKind?
  package var horizon: Horizon?
  /// A reference to evidence, or what becomes some.
  package var evidence: GivenEvidence?
  package var verdict: Verdict
  package var note: Text?

  package func decide(in situation: Situation) throws(Rejection) -> [Change] {
    let state = try situation.activeInitiative(initiative)
    guard state.life.stage == .piloting else { throw .notPiloting(initiative) }
    try checkCost(cost)
    var currency = currency ?? state.details.currency
    if currency == nil { currency = try situation.program().details.currency }
    guard let currency else { throw .input(FieldError(path: "currency", "is missing")) }
    let (ref, added): (EvidenceRef?, [Change]) = try situation.evidence(
      evidence, orTitled: "Pilot of \(initiative)")
    let result = PilotResult(
      cost: cost, benefit: benefit, currency: currency, benefitKind: benefitKind ?? .estimated,
      horizon: horizon, evidence: ref, verdict: verdict, note: note)
    return [
      change(
        state,
        .pilotConcluded(PilotConcluded(from: .piloting, to: .concluded, result: result)))
    ] + added
  }
}

/// Corrects the result of the last pilot, which was recorded wrongly: nothing happens by it, and it makes no trend.
package struct CorrectPilot: InitiativeSubject {
  package static let name = "initiative.pilot.correct"
  package var initiative: InitiativeRef
  package var cost: Exact?
  package var benefit: Exact?
  package var currency: Currency?
  package var benefitKind: BenefitKind?
  package var horizon: Horizon?
  package var evidence: EvidenceRef?
  /// Only while nothing has followed from the one that was recorded.
  package var verdict: Verdict?

  package func decide(in situation: Situation) throws(Rejection) -> [Change] {
    let state = try situation.initiative(initiative)
    guard let result = state.life.lastPilot?.result else { throw .noPilotConcluded(initiative) }
    let given = PilotFigures(
      cost: cost, benefit: benefit, currency: currency, benefitKind: benefitKind,
      horizon: horizon, evidence: evidence, verdict: verdict)
    guard given != PilotFigures() else {
      throw Rejection(
        .input, "amend.nothing", "no figure to correct was given",
        hint: "cem initiative pilot correct --help")
    }
    let corrected = result.with(given)
    guard corrected != result else { return [] }
    try checkCost(corrected.cost)
    if corrected.verdict != result.verdict, state.life.pendingVerdict == nil {
      throw .verdictWasFollowed(initiative, result.verdict)
    }
    try situation.requireAll([evidence])
    try situation.requireReason("a correction")
    return [
      change(
        state,
        .pilotCorrected(
          PilotCorrected(
            pilot: state.life.pilots, old: result.figures(unlike: corrected),
            new: corrected.figures(unlike: result))))
    ]
  }
}

/// Checks that a pilot did not cost less than nothing.
private func checkCost(_ cost: Exact) throws(Rejection) {
  guard cost >= .zero else {
    throw .input(FieldError(path: "cost", "cannot be less than zero: \(cost)"))
  }
}
