/// What can happen to the maturity of a department or of the program.
package enum MaturityEvent: StoredEvents {
  case assessed(MaturityAssessed)
  case actionCompleted(ActionCompleted)
  case actionReopened(ActionReopened)
  case actionWaived(ActionWaived)
  case advanced(MaturityAdvanced)
  case regressed(MaturityRegressed)
  case corrected(MaturityCorrected)
  case inherited(InheritedLevel)

  static let typeOfAssessment = "maturity.assessed"

  package static let forms: [StoredForm<MaturityEvent>] = [
    StoredForm(typeOfAssessment, 1, command: "maturity.assess", subject: "department") {
      .assessed($0)
    },
    StoredForm(
      "maturity.action-completed", 1, command: "maturity.action.complete", subject: "department"
    ) { .actionCompleted($0) },
    StoredForm(
      "maturity.action-reopened", 1, command: "maturity.action.reopen", subject: "department"
    ) { .actionReopened($0) },
    StoredForm(
      "maturity.action-waived", 1, command: "maturity.action.waive", subject: "department"
    ) { .actionWaived($0) },
    StoredForm("maturity.advanced", 1, command: "maturity.advance", subject: "department") {
      .advanced($0)
    },
    StoredForm("maturity.regressed", 1, command: "maturity.regress", subject: "department") {
      .regressed($0)
    },
    StoredForm("maturity.corrected", 1, command: "maturity.correct", subject: "department") {
      .corrected($0)
    },
    // It accompanies the merge or the split.
    StoredForm("maturity.inherited", 1, command: nil) { .inherited($0) },
  ]

  package var stored: (type: String, schemaVersion: Int, payload: any Encodable & Sendable) {
    switch self {
    case .assessed(let payload): (Self.typeOfAssessment, 1, payload)
    case .actionCompleted(let payload): ("maturity.action-completed", 1, payload)
    case .actionReopened(let payload): ("maturity.action-reopened", 1, payload)
    case .actionWaived(let payload): ("maturity.action-waived", 1, payload)
    case .advanced(let payload): ("maturity.advanced", 1, payload)
    case .regressed(let payload): ("maturity.regressed", 1, payload)
    case .corrected(let payload): ("maturity.corrected", 1, payload)
    case .inherited(let payload): ("maturity.inherited", 1, payload)
    }
  }
}

/// A level was assessed: a baseline, or a confirmation or lowering later.
package struct MaturityAssessed: Codable, Hashable, Sendable {
  package var from: Int?
  package var level: Int
  package var method: AssessmentMethod
  package var assessor: PersonID?
  package var rationale: Text
}

/// An action was done, with evidence.
package struct ActionCompleted: Codable, Hashable, Sendable {
  package var action: ActionID
  package var evidence: EvidenceRef
  package var expires: Day?
  /// What it was done with before, so that the change can be taken back.
  package var before: EvidenceRef?
  package var expiresBefore: Day?
}

/// An action turned out not to be done; the reason is the command's.
package struct ActionReopened: Codable, Hashable, Sendable {
  package var action: ActionID
  /// What it was done with, so that the change can be taken back.
  package var evidence: EvidenceRef?
  package var expires: Day?
}

/// An action was waived; the waiver holds the reason, the approver and the end.
package struct ActionWaived: Codable, Hashable, Sendable {
  package var action: ActionID
  package var waiver: WaiverRef
}

/// A department moved up one level.
package struct MaturityAdvanced: Codable, Hashable, Sendable {
  /// What an action that was required rested on.
  package struct Support: Codable, Hashable, Sendable {
    package var action: ActionID
    package var evidence: EvidenceRef?
    package var waiver: WaiverRef?
  }

  package var from: Int
  package var to: Int
  package var basis: LevelStanding.Basis
  /// The catalog whose actions were required.
  package var catalogVersion: Int
  package var restsOn: [Support]
  package var rationale: Text
}

/// A department fell back; the reason is the command's.
package struct MaturityRegressed: Codable, Hashable, Sendable {
  package var from: Int
  package var to: Int
}

/// A level was recorded wrongly; `nil` is not assessed. The reason is the command's.
package struct MaturityCorrected: Codable, Hashable, Sendable {
  package var from: Int?
  package var to: Int?
}

/// The department took over from others: it stands on the lowest of their levels until it is assessed.
package struct InheritedLevel: Codable, Hashable, Sendable {
  /// A department that it took over from, with its level; one that was not assessed is not named.
  package struct Source: Codable, Hashable, Sendable {
    package var department: DepartmentCode
    package var level: Int
  }

  package var from: Int?
  package var level: Int
  package var sources: [Source]
}

extension Maturity {
  mutating func evolve(
    with event: MaturityEvent, on day: Day, at position: Int64, by approval: Approval?
  ) {
    switch event {
    case .assessed(let event):
      // A confirmation changes neither the basis nor since when, but for a level that nobody assessed.
      guard event.level != standing?.level else {
        if standing?.isDue == true { rest(on: .baseline) }
        return
      }
      change(to: LevelStanding(level: event.level, basis: .baseline, since: day))
    case .actionCompleted(let event):
      update(event.action, on: day, at: position) {
        $0.on = day
        $0.evidence = event.evidence
        $0.expires = event.expires
      }
    case .actionReopened(let event):
      update(event.action, on: day, at: position) {
        $0.evidence = nil
        $0.expires = nil
      }
    case .actionWaived(let event):
      update(event.action, on: day, at: position) {
        $0.waivedOn = day
        $0.waiver = event.waiver
      }
    case .advanced(let event):
      change(
        to: LevelStanding(
          level: event.to, basis: event.basis, since: day,
          restsOn: (standing?.restsOn ?? []) + event.restsOn.map(\.action), approval: approval))
    case .regressed(let event):
      change(
        to: LevelStanding(
          level: event.to, basis: .baseline, since: day,
          restsOn: standing?.restsOn.filter { $0.level < event.to } ?? []))
    case .inherited(let event):
      guard event.level != standing?.level else { return rest(on: .inherited) }
      change(
        to: LevelStanding(
          level: event.level, basis: .inherited, since: day,
          restsOn: standing?.restsOn.filter { $0.level < event.level } ?? []))
    case .corrected(let event):
      let current = standing
      if let to = event.to {
        // A correction makes no trend: the level that it brings back has its own date and basis.
        standing =
          before?.level == to
          ? before
          : LevelStanding(
            level: to, basis: .baseline, since: current?.since ?? day,
            restsOn: current?.restsOn.filter { $0.level < to } ?? [], approval: approval,
            isCorrected: true)
      } else {
        standing = nil
      }
      before = current
      note(standing?.level, since: standing?.since ?? current?.since ?? day)
    }
  }

  /// The same level on another basis.
  private mutating func rest(on basis: LevelStanding.Basis) {
    before = standing
    standing?.basis = basis
  }

  private mutating func change(to new: LevelStanding) {
    before = standing
    standing = new
    note(new.level, since: new.since)
  }

  /// Notes which level holds from a day on. Whatever was noted of that day and later was wrong, or held
  /// for no day at all.
  private mutating func note(_ level: Int?, since day: Day) {
    var levels = (levels ?? []).filter { $0.since < day }
    if levels.last?.level != level { levels.append(DatedLevel(since: day, level: level)) }
    self.levels = levels.isEmpty ? nil : levels
  }

  private mutating func update(
    _ action: ActionID, on day: Day, at position: Int64, _ body: (inout ActionRecord) -> Void
  ) {
    let before = record(of: action)
    var record = before ?? ActionRecord(action: action, on: day, position: position)
    body(&record)
    put(record, for: action, at: position)
    previous = ActionBefore(action: action, record: before)
  }

  /// Sets what is recorded of an action, by the event at a position.
  mutating func put(_ record: ActionRecord?, for action: ActionID, at position: Int64) {
    actions.removeAll { $0.action == action }
    guard var record, record.evidence != nil || record.waiver != nil else { return }
    record.position = position
    let index = actions.firstIndex { action < $0.action } ?? actions.endIndex
    actions.insert(record, at: index)
  }
}
