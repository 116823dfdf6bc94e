/// Assesses a level: a baseline, or a confirmation or lowering of the level there is.
package struct AssessMaturity: Command {
  package static let name = "maturity.assess"
  package var department: DepartmentCode?
  package var programLevel: Bool?
  package var level: Int
  package var rationale: Text
  package var method: AssessmentMethod?
  package var assessor: PersonID?

  package func decide(in situation: Situation) throws(Rejection) -> [Change] {
    let target = try situation.maturity(department, forAll: programLevel, flag: "--program-level")
    try situation.requireAll([assessor])
    try checkLevel(level, field: "level")
    let current = target.state?.standing?.level
    if let current, level > current {
      throw Rejection(
        "maturity.assessment-raises",
        "\(target.name) stands on level \(current); an assessment may confirm or lower a level, never raise it",
        hint: "cem maturity advance \(target.argument) --rationale TEXT",
        details: ["level": .int(Int64(current))])
    }
    return [
      target.change(
        .assessed(
          MaturityAssessed(
            from: current, level: level, method: method ?? .office, assessor: assessor,
            rationale: rationale)))
    ]
  }
}

/// Records that an action is done, for one department or for all; or several, by the same evidence.
package struct CompleteAction: Command {
  package static let name = "maturity.action.complete"
  package var department: DepartmentCode?
  package var all: Bool?
  package var action: ActionID
  /// The other actions that the evidence shows.
  package var more: [ActionID]?
  /// A reference to evidence, or what becomes some.
  package var evidence: GivenEvidence
  package var expires: Day?

  package func decide(in situation: Situation) throws(Rejection) -> [Change] {
    let target = try situation.maturity(department, forAll: all, flag: "--all")
    if let expires, expires < situation.on {
      throw Rejection(
        "maturity.expired", "\(expires) is before the command's date \(situation.on)",
        hint: "name a later day")
    }
    let actions = [action] + (more ?? [])
    guard Set(actions).count == actions.count else {
      throw .input(FieldError(path: "more", "names an action twice"))
    }
    let title = actions.map(\.description).joined(separator: ", ")
    let (ref, added) = try situation.evidence(evidence, orTitled: "Action \(title)")
    let completed = actions.compactMap { action -> Change? in
      let before = target.state?.record(of: action)
      if added.isEmpty, let before, before.evidence == ref, before.expires == expires {
        return nil
      }
      return target.change(
        .actionCompleted(
          ActionCompleted(
            action: action, evidence: ref, expires: expires, before: before?.evidence,
            expiresBefore: before?.expires)))
    }
    return completed + added
  }
}

/// Records that an action is not done after all.
package struct ReopenAction: Command {
  package static let name = "maturity.action.reopen"
  package var department: DepartmentCode?
  package var all: Bool?
  package var action: ActionID

  package func decide(in situation: Situation) throws(Rejection) -> [Change] {
    let target = try situation.maturity(department, forAll: all, flag: "--all")
    guard let record = target.state?.record(of: action), let evidence = record.evidence else {
      if case .maturity(let program)? = try situation.find(.programMaturity)?.entity,
        program.record(of: action)?.evidence != nil
      {
        throw Rejection(
          "maturity.done-for-all", "\(action) was done for all departments at once",
          hint: "cem maturity action reopen --all \(action) --reason TEXT")
      }
      return []
    }
    try situation.requireReason("reopening an action")
    return [
      target.change(
        .actionReopened(
          ActionReopened(action: action, evidence: evidence, expires: record.expires)))
    ]
  }
}

/// Lets a department advance without an action.
package struct WaiveAction: Command {
  package static let name = "maturity.action.waive"
  package var department: DepartmentCode?
  package var all: Bool?
  package var action: ActionID
  package var approver: PersonID
  package var until: Day?

  package func decide(in situation: Situation) throws(Rejection) -> [Change] {
    let target = try situation.maturity(department, forAll: all, flag: "--all")
    let reason = try situation.requireReason("a waiver")
    let (ref, grant) = try situation.grant(
      WaiverDetails(
        rule: .maturityAction, of: target.stream, action: action,
        departments: target.departments, because: reason, approver: approver, until: until))
    return [target.change(.actionWaived(ActionWaived(action: action, waiver: ref))), grant]
  }
}

/// Moves up one level: every required action of the current one is done on that date, or waived.
package struct AdvanceMaturity: Command {
  package static let name = "maturity.advance"
  package var department: DepartmentCode?
  package var programLevel: Bool?
  package var rationale: Text

  package func decide(in situation: Situation) throws(Rejection) -> [Change] {
    let target = try situation.maturity(department, forAll: programLevel, flag: "--program-level")
    guard let level = target.state?.standing?.level else {
      throw .notAssessed(target)
    }
    guard (0..<Catalog.highestLevel).contains(level) else {
      throw Rejection(
        "maturity.highest", "\(target.name) stands on level \(level), above which there is none")
    }
    let statuses = try situation.evaluation(of: target).statuses(
      ofLevel: level, on: situation.on)
    let missing = statuses.filter { !$0.counts }
    guard missing.isEmpty else {
      throw .actionsMissing(target, missing)
    }
    return [
      target.change(
        .advanced(
          MaturityAdvanced(
            from: level, to: level + 1,
            basis: statuses.contains { $0.state == .waived } ? .waived : .advanced,
            catalogVersion: try situation.program().details.catalogVersion,
            restsOn: statuses.map {
              MaturityAdvanced.Support(
                action: $0.action, evidence: $0.evidence, waiver: $0.waiver)
            }, rationale: rationale)))
    ]
  }
}

/// Records that a department fell back to a lower level. Its unexpired actions stay done.
package struct RegressMaturity: Command {
  package static let name = "maturity.regress"
  package var department: DepartmentCode?
  package var programLevel: Bool?
  package var to: Int

  package func decide(in situation: Situation) throws(Rejection) -> [Change] {
    let target = try situation.maturity(department, forAll: programLevel, flag: "--program-level")
    try checkLevel(to, field: "to")
    guard let level = target.state?.standing?.level else { throw .notAssessed(target) }
    try situation.requireReason("a regress")
    guard to < level else {
      throw Rejection(
        "maturity.not-lower", "\(target.name) stands on level \(level), which is not above \(to)",
        hint: to == level ? "" : "cem maturity advance \(target.argument) --rationale TEXT")
    }
    return [target.change(.regressed(MaturityRegressed(from: level, to: to)))]
  }
}

/// Corrects a level that was recorded wrongly; without a level, to not assessed.
package struct CorrectMaturity: Command {
  package static let name = "maturity.correct"
  package var department: DepartmentCode?
  package var programLevel: Bool?
  package var to: Int?

  package func decide(in situation: Situation) throws(Rejection) -> [Change] {
    let target = try situation.maturity(department, forAll: programLevel, flag: "--program-level")
    if let to { try checkLevel(to, field: "to") }
    // A level that was corrected to "not assessed" by mistake can be brought back.
    guard let state = target.state, state.standing != nil || state.before != nil else {
      throw .notAssessed(target)
    }
    let level = state.standing?.level
    // An assessment that confirmed an inherited level is taken back to that.
    let confirmed =
      state.before?.isDue == true && state.before?.level == to && state.standing?.isDue == false
    guard level != to || confirmed else { return [] }
    try situation.requireReason("a correction")
    return [target.change(.corrected(MaturityCorrected(from: level, to: to)))]
  }
}

private func checkLevel(_ level: Int, field: String) throws(Rejection) {
  guard Catalog.levels.indices.contains(level) else {
    throw .input(FieldError(path: field, "must be a level, 0 to 5, not \(level)"))
  }
}
