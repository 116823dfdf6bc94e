/// Where an initiative stands.
package struct InitiativeLife: Codable, Hashable, Sendable {
  /// How far it has come (domain §3); whether it is on hold is told apart.
  package enum Stage: String, Term {
    case opened = "open"
    case started, piloting, concluded, scaling, completed, cancelled

    /// Whether work on it has ended.
    package var isEnd: Bool { self == .completed || self == .cancelled }
  }

  /// What a count of initiatives tells apart; never stored.
  package enum Status: String, CaseIterable, Sendable {
    case open, started, piloting, concluded, scaling, completed, onHold, cancelled
  }

  package var stage = Stage.opened
  /// The business date of the last change of stage.
  package var since: Day?
  package var isOnHold = false
  /// The business date on which it was put on hold.
  package var heldSince: Day?
  /// The stage from which it was completed or cancelled.
  package var stageBeforeEnd: Stage?
  /// The pilot that runs, or ran when it was put on hold or cancelled.
  package var pilot: RunningPilot?
  /// The last pilot that was concluded.
  package var lastPilot: ConcludedPilot?
  /// How many pilots were concluded.
  package var pilots = 0
  /// The waiver under which it scaled without a pilot that says so.
  package var pilotWaiver: WaiverRef?
  /// The waiver of a platform that was granted last since it was opened.
  package var platformWaiver: WaiverRef?
  /// The measured outcome, in the metric's unit.
  package var measured: Exact?
  /// What was said on completion.
  package var completionNote: Text?
  /// What the outcome rests on.
  package var outcomeEvidence: EvidenceRef?
  /// The last status update.
  package var lastUpdate: StatusUpdate?
  /// How many status updates there were.
  package var updates = 0
  /// How often it was opened again.
  package var reopenings = 0
  /// The version of the ethics text that was attested; `nil` where none was (domain §7).
  package var ethicsVersion: Int?
  /// When work on it ended and was taken up again.
  package var turns: Turns?

  /// The status that counts show: on hold hides the stage.
  package var status: Status {
    if isOnHold { return .onHold }
    switch stage {
    case .opened: return .open
    case .started: return .started
    case .piloting: return .piloting
    case .concluded: return .concluded
    case .scaling: return .scaling
    case .completed: return .completed
    case .cancelled: return .cancelled
    }
  }

  /// What the last pilot said, while nothing has followed from it.
  package var pendingVerdict: Verdict? { stage == .concluded ? lastPilot?.result.verdict : nil }
}

/// A status update: a colour and a note.
package struct StatusUpdate: Codable, Hashable, Sendable {
  package var rag: StatusColour
  package var note: Text?
  /// The business date.
  package var on: Day
}

/// A pilot that was started and not concluded.
package struct RunningPilot: Codable, Hashable, Sendable {
  /// With whom or where it tries the initiative.
  package var scope: Text?
  package var since: Day
}

/// A pilot with its result.
package struct ConcludedPilot: Codable, Hashable, Sendable {
  package var scope: Text?
  package var since: Day
  /// The business date of its conclusion.
  package var on: Day
  package var result: PilotResult
  /// Who approved the verdict beside the login that asked; `nil` where nobody did.
  package var approval: Approval?
}

/// What a pilot cost and brought.
package struct PilotResult: Codable, Hashable, Sendable {
  /// In `currency`, zero or more.
  package var cost: Exact
  /// In `currency`, over the horizon; less than zero where the pilot did harm.
  package var benefit: Exact
  package var currency: Currency
  package var benefitKind: BenefitKind
  /// The time over which the benefit arises.
  package var horizon: Horizon?
  package var evidence: EvidenceRef?
  package var verdict: Verdict
  package var note: Text?

  /// The return on investment, `(benefit − cost) / cost`, as a ratio to six places, over the horizon
  /// as it stands (not annualised); unknown where the cost is zero (domain §0).
  package var returnOnInvestment: Exact? {
    guard let gain: Exact = benefit - cost else { return nil }
    return gain.divided(by: cost)
  }
}

/// Some of the fields of a pilot's result, in which there are no words of a person.
package struct PilotFigures: Codable, Hashable, Sendable {
  package var cost: Exact?
  package var benefit: Exact?
  package var currency: Currency?
  package var benefitKind: BenefitKind?
  package var horizon: Horizon?
  package var evidence: EvidenceRef?
  package var verdict: Verdict?
}

extension PilotResult {
  /// The result with some figures in place of its own.
  func with(_ figures: PilotFigures) -> PilotResult {
    PilotResult(
      cost: figures.cost ?? cost, benefit: figures.benefit ?? benefit,
      currency: figures.currency ?? currency, benefitKind: figures.benefitKind ?? benefitKind,
      horizon: figures.horizon ?? horizon, evidence: figures.evidence ?? evidence,
      verdict: figures.verdict ?? verdict, note: note)
  }

  /// The figures that are other ones in another result.
  func figures(unlike other: PilotResult) -> PilotFigures {
    PilotFigures(
      cost: cost == other.cost ? nil : cost,
      benefit: benefit == other.benefit ? nil : benefit,
      currency: currency == other.currency ? nil : currency,
      benefitKind: benefitKind == other.benefitKind ? nil : benefitKind,
      horizon: horizon == other.horizon ? nil : horizon,
      evidence: evidence == other.evidence ? nil : evidence,
      verdict: verdict == other.verdict ? nil : verdict)
  }
}

/// A span of time such as `12m`: a whole number of years, months, weeks or days.
package struct Horizon: ScalarCodable {
  package enum Unit: Character, CaseIterable, Sendable {
    case years = "y"
    case months = "m"
    case weeks = "w"
    case days = "d"
  }

  /// 1 to 9999.
  package let count: Int
  package let unit: Unit

  package init(scalar text: String) throws(FieldError) {
    guard let last = text.last, let unit = Unit(rawValue: last), let count = Int(text.dropLast()),
      (1...9999).contains(count), "\(count)\(last)" == text
    else {
      throw FieldError(
        "must be a number of years, months, weeks or days like 12m, not \(shown(text))")
    }
    self.count = count
    self.unit = unit
  }

  package var description: String { "\(count)\(unit.rawValue)" }
}
