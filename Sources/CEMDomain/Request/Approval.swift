/// That something was approved by another login than the one that asked for it (domain §8).
///
/// Where a thing that takes an approver has none, the login that recorded it approved it itself.
package struct Approval: Codable, Hashable, Sendable {
  /// The request that was approved.
  package var request: RequestRef
  /// The database login that approved it.
  package var by: String

  package init(request: RequestRef, by: String) {
    self.request = request
    self.by = by
  }
}

extension RecordedEvent {
  /// The approval that the event came by; `nil` where it was recorded without a request.
  package var approval: Approval? { request.map { Approval(request: $0, by: actor) } }
}

extension Event {
  /// Whether the event takes an approver (domain §8): the types that `cem_approver` alone may append, as
  /// the database has them, and what would do away with four eyes.
  package var takesApprover: Bool {
    switch self {
    case .waiver, .correction(.waiver, _): true
    case .maturity(.advanced), .maturity(.corrected), .maturity(.actionWaived),
      .maturity(.inherited):
      true
    case .department(.retired), .department(.reinstated), .department(.merged), .department(.split):
      true
    case .program(.periodClosed), .program(.periodReopened), .program(.restated): true
    case .correction(_, .moved), .correction(_, .approvedReverted): true
    case .initiative(.pilotConcluded), .initiative(.pilotCorrected), .initiative(.platformWaived):
      true
    case .gap(.accepted): true
    case .touchpoint(.retired), .touchpoint(.reinstated): true
    case .standard(.retired), .standard(.reinstated): true
    case .request(.approved), .request(.rejected), .correction(.request, .reverted): true
    case .correction(.program, .amended(let amendment)):
      amendment.old.value(of: "fourEyes") == .bool(true)
    default: false
    }
  }
}

/// Something in force that takes an approver: what `status` and `report` tell the approval of.
package struct ApprovedMatter: Hashable, Sendable {
  package enum Kind: String, Term {
    /// A level that was advanced to.
    case level
    case waiver
    case acceptedGap = "accepted-gap"
    case pilotVerdict = "pilot-verdict"
    /// Of a department, a touchpoint or a standard.
    case retirement
  }

  package var kind: Kind
  /// The business date since which it stands.
  package var since: Day
  /// The last day on which it holds, or the day to look again.
  package var until: Day?
  /// `nil` where nobody but the login that recorded it approved it.
  package var approval: Approval?
}

extension LevelStanding {
  /// Whether another login approved the advance to it, or the correction that said it; `nil` where it takes no
  /// approver.
  package var isIndependentlyApproved: Bool? {
    basis == .advanced || basis == .waived || isCorrected == true ? approval != nil : nil
  }
}

extension EntityRecord {
  /// What of the thing is in force and takes an approver; `nil` where nothing is.
  package var approvedMatter: ApprovedMatter? {
    guard !isVoided else { return nil }
    switch entity {
    case .maturity(let maturity):
      guard let standing = maturity.standing, standing.isIndependentlyApproved != nil else {
        return nil
      }
      return ApprovedMatter(kind: .level, since: standing.since, approval: standing.approval)
    case .waiver(let waiver):
      guard waiver.revokedOn == nil else { return nil }
      return ApprovedMatter(
        kind: .waiver, since: since, until: waiver.details.until, approval: waiver.approval)
    case .gap(let gap):
      guard gap.life.stage == .accepted else { return nil }
      return ApprovedMatter(
        kind: .acceptedGap, since: gap.life.since ?? since, until: gap.life.reviewOn,
        approval: gap.life.approval)
    case .initiative(let initiative):
      guard let pilot = initiative.life.lastPilot else { return nil }
      return ApprovedMatter(kind: .pilotVerdict, since: pilot.on, approval: pilot.approval)
    case .touchpoint(let touchpoint):
      return touchpoint.life.retiredOn.map {
        ApprovedMatter(kind: .retirement, since: $0, approval: touchpoint.life.retirement)
      }
    case .standard(let standard):
      return standard.life.retiredOn.map {
        ApprovedMatter(kind: .retirement, since: $0, approval: standard.life.retirement)
      }
    case .department(let department):
      return department.retirement.map {
        ApprovedMatter(kind: .retirement, since: $0.on, approval: $0.approval)
      }
    case .program, .person, .evidence, .platform, .segment, .survey, .channel,
      .insight, .note, .request, .rate, .log:
      return nil
    }
  }
}
