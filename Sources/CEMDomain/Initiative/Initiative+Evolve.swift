extension Initiative {
  mutating func evolve(with event: InitiativeEvent, on day: Day, by approval: Approval?) {
    switch event {
    case .opened: break
    // Not a part of the life: undoing it is an amendment.
    case .linked(let event): details.links = (details.links ?? []) + [event.url]
    case .started, .pilotStarted, .pilotConcluded, .pilotCorrected, .scaled, .completed, .updated,
      .held, .resumed, .cancelled, .reopened, .ethicsAttested, .platformWaived:
      previousLife = [life]
      life.evolve(with: event, on: day, by: approval)
    }
  }
}

extension InitiativeLife {
  fileprivate mutating func evolve(
    with event: InitiativeEvent, on day: Day, by approval: Approval?
  ) {
    switch event {
    case .opened, .linked: break
    case .started(let event): move(to: event.to, on: day)
    case .pilotStarted(let event):
      move(to: event.to, on: day)
      pilot = RunningPilot(scope: event.scope, since: day)
    case .pilotConcluded(let event):
      lastPilot = ConcludedPilot(
        scope: pilot?.scope, since: pilot?.since ?? day, on: day, result: event.result,
        approval: approval)
      pilot = nil
      pilots &+= 1
      move(to: event.to, on: day)
    case .pilotCorrected(let event):
      // What was approved is the result as it stands now.
      if let result = lastPilot?.result { lastPilot?.result = result.with(event.new) }
      lastPilot?.approval = approval
    case .scaled(let event):
      pilotWaiver = event.waiver
      move(to: event.to, on: day)
    case .completed(let event):
      end(from: event.from, to: event.to, on: day)
      measured = event.measured
      completionNote = event.note
      outcomeEvidence = event.evidence
    case .cancelled(let event): end(from: event.from, to: event.to, on: day)
    case .reopened(let event):
      stageBeforeEnd = nil
      measured = nil
      completionNote = nil
      outcomeEvidence = nil
      reopenings &+= 1
      move(to: event.to, on: day)
    case .updated(let event):
      lastUpdate = StatusUpdate(rag: event.rag, note: event.note, on: day)
      updates &+= 1
    case .held:
      isOnHold = true
      heldSince = day
    case .resumed:
      isOnHold = false
      heldSince = nil
    case .ethicsAttested(let event): ethicsVersion = event.version
    case .platformWaived(let event): platformWaiver = event.waiver
    }
  }

  private mutating func move(to new: Stage, on day: Day) {
    if new.isEnd != stage.isEnd { turns = turns.turned(on: day) }
    stage = new
    since = day
  }

  /// Whatever ends is no longer on hold, so that opening it again means that work goes on.
  private mutating func end(from old: Stage, to new: Stage, on day: Day) {
    stageBeforeEnd = old
    isOnHold = false
    heldSince = nil
    move(to: new, on: day)
  }
}
