/// The maturity of a department, or of the program itself (domain §1).
package struct Maturity: EntityState {
  package static let kind = EntityKind.maturity

  /// `nil` on the program's own stream, whose actions count for every department.
  package var department: DepartmentCode?
  /// The level it stands on; `nil` while not assessed.
  package var standing: LevelStanding?
  /// The standing before the last change, which a correction may bring back.
  package var before: LevelStanding?
  /// The levels by the days since which they held, as corrections left them; the last is the standing.
  package var levels: [DatedLevel]?
  /// What is done or waived, sorted by action.
  package var actions: [ActionRecord] = []
  /// What was recorded of an action before the last event about one, so that this can be taken back.
  package var previous: ActionBefore?

  package init(stream: StreamID) {
    department = stream == .programMaturity ? nil : DepartmentCode(stream: stream)
  }

  package var details: MaturityDetails {
    get { MaturityDetails() }
    set {}
  }
  package var departments: [DepartmentCode] { department.map { [$0] } ?? [] }

  package mutating func revertLife(at position: Int64) {
    guard let before = previous else { return }
    put(before.record, for: before.action, at: position)
    previous = nil
  }

  /// Whether all that was recorded here was taken back.
  package var isBlank: Bool { standing == nil && actions.isEmpty }

  /// What is recorded of an action here.
  package func record(of action: ActionID) -> ActionRecord? {
    actions.first { $0.action == action }
  }
}

/// Maturity has no fields to amend: a wrong level is corrected by `maturity correct`.
package struct MaturityDetails: EntityDetails {}

/// A level with what it rests on.
package struct LevelStanding: Codable, Hashable, Sendable {
  /// How the level was reached.
  package enum Basis: String, Term {
    case baseline, advanced, waived, inherited
  }

  /// 0 to 5.
  package var level: Int
  package var basis: Basis
  package var since: Day
  /// The actions whose evidence the advances to this level rested on.
  package var restsOn: [ActionID] = []
  /// Who approved the advance to it, or the correction, beside the login that asked; `nil` where nobody did.
  package var approval: Approval?
  /// Whether a correction said it, and neither an assessment nor an advance.
  package var isCorrected: Bool?

  /// Whether it was taken over from other departments and not assessed since.
  package var isDue: Bool { basis == .inherited }
}

/// A level from a day on.
package struct DatedLevel: Codable, Hashable, Sendable {
  package var since: Day
  /// 0 to 5; `nil` is not assessed.
  package var level: Int?

  package init(since: Day, level: Int?) {
    self.since = since
    self.level = level
  }
}

/// What is recorded of an action: done with evidence, or waived.
package struct ActionRecord: Codable, Hashable, Sendable {
  package var action: ActionID
  /// The business date on which it was done, or first waived.
  package var on: Day
  /// The position of the event that recorded it last.
  package var position: Int64
  /// The business date of the waiver.
  package var waivedOn: Day?
  /// Where it is done.
  package var evidence: EvidenceRef?
  /// The last day on which it counts as done; the evidence's own expiry holds too.
  package var expires: Day?
  /// Where it is waived. An action may be waived and done.
  package var waiver: WaiverRef?
}

/// What was recorded of an action; `nil` is nothing.
package struct ActionBefore: Codable, Hashable, Sendable {
  package var action: ActionID
  package var record: ActionRecord?
}

/// How an action stands on a day.
package struct ActionStatus: Hashable, Sendable {
  package enum State: String, Term {
    case done, waived, expired, revoked, voided, open
  }

  package var action: ActionID
  package var state: State
  package var evidence: EvidenceRef?
  package var waiver: WaiverRef?
  /// The last day on which it is done or waived, where there is one.
  package var expires: Day?
  /// Whether it was done for all departments at once.
  package var forAll: Bool

  /// Whether it lets a department advance.
  package var counts: Bool { state == .done || state == .waived }
}

/// How a department's actions stand on a day: its own records and the program's together.
///
/// Evidence that has expired or was voided makes its action undone again (domain §1).
package struct MaturityEvaluation: Sendable {
  /// The records of the department and of the program.
  package let own: Maturity?
  package let program: Maturity?
  /// The evidence that the records point to; `nil` where it was voided.
  package let evidence: [EvidenceRef: Evidence]
  /// The waivers that the records point to, unless voided.
  package let waivers: [WaiverRef: Waiver]

  package init(
    own: Maturity?, program: Maturity?, evidence: [EvidenceRef: Evidence],
    waivers: [WaiverRef: Waiver]
  ) {
    self.own = own
    self.program = program
    self.evidence = evidence
    self.waivers = waivers
  }

  /// The streams of the evidence and the waivers that an evaluation looks at.
  package static func references(_ maturities: [Maturity?]) -> [StreamID] {
    maturities.flatMap { $0?.actions ?? [] }
      .flatMap { [$0.evidence?.stream, $0.waiver?.stream].compactMap { $0 } }
  }

  /// How one action stands on a day.
  package func status(of action: ActionID, on day: Day) -> ActionStatus {
    var best = ActionStatus(action: action, state: .open, forAll: false)
    for (maturity, forAll) in [(own, false), (program, true)] {
      guard let record = maturity?.record(of: action) else { continue }
      for status in statuses(of: record, forAll: forAll, on: day)
      where rank(status.state) < rank(best.state) { best = status }
    }
    return best
  }

  private func statuses(
    of record: ActionRecord, forAll: Bool, on day: Day
  ) -> [ActionStatus] {
    var statuses: [ActionStatus] = []
    if let ref = record.evidence, record.on <= day {
      let evidence = evidence[ref]
      let expires = [record.expires, evidence?.details.expires].compactMap { $0 }.min()
      let holds = evidence != nil && expires.map { day <= $0 } ?? true
      statuses.append(
        ActionStatus(
          action: record.action, state: holds ? .done : evidence == nil ? .voided : .expired,
          evidence: ref, expires: evidence == nil ? nil : expires, forAll: forAll))
    }
    if let ref = record.waiver, (record.waivedOn ?? record.on) <= day, let waiver = waivers[ref] {
      let isRevoked = waiver.revokedOn.map { $0 <= day } ?? false
      statuses.append(
        ActionStatus(
          action: record.action,
          state: waiver.isValid(on: day) ? .waived : isRevoked ? .revoked : .expired,
          waiver: ref, expires: isRevoked ? nil : waiver.details.until, forAll: forAll))
    }
    return statuses
  }

  private func rank(_ state: ActionStatus.State) -> Int {
    switch state {
    case .done: 0
    case .waived: 1
    case .expired, .revoked, .voided: 2
    case .open: 3
    }
  }

  /// How the required actions of a level stand on a day.
  package func statuses(ofLevel level: Int, on day: Day) -> [ActionStatus] {
    (Catalog.level(level)?.actions ?? []).map { status(of: $0.id, on: day) }
  }

  /// Whether something that the level rests on no longer counts on a day.
  package func isUnsupported(on day: Day) -> Bool {
    own?.standing?.restsOn.contains { !status(of: $0, on: day).counts } ?? false
  }

  /// Whether every required action of the current level counts, and there is a level above.
  package func isReadyToAdvance(on day: Day) -> Bool {
    guard let level = own?.standing?.level, (0..<Catalog.highestLevel).contains(level) else {
      return false
    }
    return statuses(ofLevel: level, on: day).allSatisfy(\.counts)
  }
}
