package import CEMDomain

/// Something that waits for somebody on a day.
package struct AgendaItem: Hashable, Sendable {
  /// Why it is on the agenda, from what hurts most to what is only near.
  package enum Kind: String, CaseIterable, Sendable {
    /// A level, or an initiative under way, rests on something that no longer counts.
    case unsupported
    /// A level was taken over from other departments and not assessed since.
    case toAssess = "to-assess"
    /// The due date has passed.
    case overdue
    /// A request waits for another login.
    case toApprove = "to-approve"
    /// An accepted gap's date to look again has come, a channel was not audited for a year, or evidence need not be
    /// kept any longer.
    case toReview = "to-review"
    /// The breach that an open gap was recorded from is none any more: figures were corrected, or its standard voided.
    case unfounded
    /// An initiative under way of which nothing was heard for long.
    case stuck
    /// Evidence, an action that it was recorded for, or a waiver ends soon.
    case expiring
    /// The due date is near.
    case due
  }

  package var kind: Kind
  package var record: EntityRecord
  package var title: String?
  /// The day that it is about.
  package var date: Day?
  /// Days from the day asked about to that day; negative where it has passed.
  package var days: Int?
  /// 1 to 5 for a gap; what is not a gap counts as 3.
  package var severity: Int
}

/// What waits for somebody: computed for a day, stored nowhere (domain §0).
package struct Agenda: Sendable {
  /// How far ahead due dates are looked for.
  package static let dueWithin = 14
  /// How far ahead evidence and waivers are looked for.
  package static let expiringWithin = 30
  /// After how many days without an event an initiative under way is stuck.
  package static let stuckAfter = 60
  /// After how many days a feedback channel is to be audited again.
  package static let auditAfter = 365

  /// What hurts most first.
  package let items: [AgendaItem]

  /// - Parameters:
  ///   - unsupported: the maturities whose level lacks support on the day, and the initiatives that lack it.
  ///   - due: those whose level was taken over, with the day.
  ///   - unfounded: the gaps whose breach is none any more, with the day on which its period was last measured.
  package init(
    _ records: [EntityRecord], unsupported: Set<StreamID>, due: [StreamID: Day] = [:],
    unfounded: [StreamID: Day], on day: Day
  ) {
    items = records.filter { !$0.isVoided }
      .flatMap { record in
        var items: [AgendaItem] = []
        if unsupported.contains(record.stream) {
          var item = AgendaItem(kind: .unsupported, record: record, severity: 5)
          if case .initiative(let initiative) = record.entity {
            item.title = initiative.details.title.value
          }
          items.append(item)
        }
        if let since = due[record.stream] {
          items.append(
            AgendaItem(
              kind: .toAssess, record: record, date: since, days: day.days(to: since), severity: 3))
        }
        if let since = unfounded[record.stream], case .gap(let gap) = record.entity {
          items.append(
            AgendaItem(
              kind: .unfounded, record: record, title: gap.details.title.value, date: since,
              days: day.days(to: since), severity: gap.details.weight))
        }
        return items + Agenda.items(of: record, on: day)
      }
      .sorted(by: Agenda.hurtsMore)
  }

  /// What concerns each department, in the same order.
  package var byDepartment: [DepartmentCode: [AgendaItem]] {
    var departments: [DepartmentCode: [AgendaItem]] = [:]
    for item in items {
      for department in Set(item.record.entity.state.departments) {
        departments[department, default: []].append(item)
      }
    }
    return departments
  }

  private static func hurtsMore(_ a: AgendaItem, _ b: AgendaItem) -> Bool {
    if a.kind != b.kind {
      let kinds = AgendaItem.Kind.allCases
      return kinds.firstIndex(of: a.kind)! < kinds.firstIndex(of: b.kind)!
    }
    if a.severity != b.severity { return a.severity > b.severity }
    if a.days != b.days { return (a.days ?? .max) < (b.days ?? .max) }
    return a.record.stream < b.record.stream
  }

  private static func items(of record: EntityRecord, on day: Day) -> [AgendaItem] {
    func item(
      _ kind: AgendaItem.Kind, _ title: String?, _ date: Day,
      severity: Int = GapDetails.middleSeverity
    ) -> AgendaItem {
      AgendaItem(
        kind: kind, record: record, title: title, date: date, days: day.days(to: date),
        severity: severity)
    }
    func dueItem(_ due: Day?, _ title: String?, severity: Int = GapDetails.middleSeverity)
      -> [AgendaItem]
    {
      guard let due, day.days(to: due) <= dueWithin else { return [] }
      return [item(due < day ? .overdue : .due, title, due, severity: severity)]
    }
    func expiringItem(_ last: Day?, _ title: String?) -> [AgendaItem] {
      guard let last, (0...expiringWithin).contains(day.days(to: last)) else { return [] }
      return [item(.expiring, title, last)]
    }
    switch record.entity {
    case .gap(let gap):
      let (title, severity) = (gap.details.title.value, gap.details.weight)
      switch gap.life.stage {
      case .open: return dueItem(gap.details.due, title, severity: severity)
      case .accepted:
        guard let review = gap.life.reviewOn, review <= day else { return [] }
        return [item(.toReview, title, review, severity: severity)]
      case .closed: return []
      }
    case .initiative(let initiative):
      guard initiative.isOpen else { return [] }
      let title = initiative.details.title.value
      var items = dueItem(initiative.details.due, title)
      if initiative.isUnderWay, record.occurredOn.days(to: day) > stuckAfter {
        items.append(item(.stuck, title, record.occurredOn))
      }
      if initiative.life.stage == .opened, let start = initiative.details.start,
        start.days(to: day) > dueWithin
      {
        items.append(item(.stuck, title, start))
      }
      return items
    case .evidence(let evidence):
      let title = evidence.details.title.value
      var items = expiringItem(evidence.details.expires, title)
      if let last = evidence.details.retainUntil, last < day {
        items.append(item(.toReview, title, last))
      }
      return items
    case .waiver(let waiver):
      guard waiver.isValid(on: day) else { return [] }
      return expiringItem(waiver.details.until, waiver.details.because.value)
    case .channel(let channel):
      let next = (channel.life.auditedOn ?? record.since).adding(days: auditAfter)
      return next <= day ? [item(.toReview, channel.details.name.value, next)] : []
    case .maturity(let maturity):
      // The evidence may have no date of its own, or a later one.
      return maturity.actions.filter { $0.evidence != nil }.flatMap { action in
        expiringItem(action.expires, action.action.description)
      }
    case .request(let request):
      return request.isOpen ? [item(.toApprove, request.details.of, record.since)] : []
    case .program, .person, .department, .platform, .segment, .touchpoint, .standard,
      .survey, .insight, .note, .rate, .log:
      return []
    }
  }
}

extension Initiative {
  /// Whether it was started and work on it goes on.
  fileprivate var isUnderWay: Bool { isOpen && life.stage != .opened && !life.isOnHold }
}

extension ProgramReader {
  /// What waits for somebody on a day, of the whole program or of what concerns a department.
  package func agenda(on day: Day, of department: DepartmentCode? = nil) throws -> Agenda {
    var all: [EntityRecord] = []
    for kind in [EntityKind.waiver, .channel, .maturity] {
      all += try records(of: kind, concerning: department)
    }
    let unfounded = try unfoundedGaps()
    all += try records(agendaCandidates(on: day, of: department) + unfounded.map(\.gap.stream))
      .values
    if let department {
      all.removeAll { !$0.entity.state.departments.contains(department) }
    }
    let departments =
      try department.map { try [report(of: $0, on: day)].filter(\.isThere) }
      ?? self.departments(on: day)
    let unsupported = departments.filter(\.isUnsupported)
      .map { StreamID.maturity($0.department) }
    let due = departments.compactMap { report in
      report.standing.flatMap { standing in
        standing.isDue ? (StreamID.maturity(report.department), standing.since) : nil
      }
    }
    // What was left behind in a department that is gone waits for nobody.
    let there = Set(departments.map(\.department))
    all.removeAll { record in
      record.stream.kind == .channel && there.isDisjoint(with: record.entity.state.departments)
    }
    return Agenda(
      all, unsupported: try Set(unsupported).union(unsupportedInitiatives(among: all, on: day)),
      due: Dictionary(uniqueKeysWithValues: due),
      unfounded: Dictionary(
        unfounded.map { ($0.gap.stream, $0.measuredOn) }, uniquingKeysWith: max),
      on: day)
  }

  /// What waits for a person on a day: of the program's agenda what they own, at a cost that follows from that alone.
  /// - Parameter owned: what `records(ownedBy:)` gives.
  package func agenda(on day: Day, of owned: [EntityRecord]) throws -> Agenda {
    let breached = owned.compactMap { record -> StandardRef? in
      guard case .gap(let gap) = record.entity, gap.isOpen else { return nil }
      return gap.details.breach?.standard
    }
    let own = Set(owned.map(\.stream))
    let unfounded = breached.isEmpty ? [] : try unfoundedGaps(of: Array(Set(breached)))
    let channels = owned.filter { $0.stream.kind == .channel }
    let departments = Set(channels.flatMap(\.entity.state.departments))
    let there = Set(
      try departments.isEmpty
        ? [] : reports(of: departments.sorted(), on: day).filter(\.isThere).map(\.department))
    return Agenda(
      owned.filter { record in
        record.stream.kind != .channel || !there.isDisjoint(with: record.entity.state.departments)
      }, unsupported: try unsupportedInitiatives(among: owned, on: day),
      unfounded: Dictionary(
        unfounded.filter { own.contains($0.gap.stream) }.map { ($0.gap.stream, $0.measuredOn) },
        uniquingKeysWith: max),
      on: day)
  }

  /// The initiatives under way that build on a platform that was voided, or on a waiver of one that no longer holds.
  private func unsupportedInitiatives(
    among records: [EntityRecord], on day: Day
  ) throws -> Set<StreamID> {
    let underWay = records.compactMap { record -> (stream: StreamID, state: Initiative)? in
      guard !record.isVoided, case .initiative(let state) = record.entity, state.isUnderWay else {
        return nil
      }
      return (record.stream, state)
    }
    let foundations = try self.records(underWay.flatMap(\.state.foundations))
    return Set(
      underWay.filter { item in !item.state.isFounded(on: day) { foundations[$0] } }
        .map(\.stream))
  }

  /// The open gaps whose breach is none any more, for what was measured or promised was corrected, or the standard
  /// was voided; without those that are met since.
  package func unfoundedGaps(
    of standards: [StandardRef]? = nil
  ) throws -> [(gap: GapRef, breach: BreachRef, measuredOn: Day)] {
    let verdicts = StandardVerdict.allCases.filter { $0 != .missed }
    let among =
      standards.map { standards -> [RowQuery.Condition] in
        [.isOneOf("standard", standards.map { .integer(Int64($0.number)) })]
      } ?? []
    let corrected = RowQuery(
      [.isSet("gap"), .isOneOf("verdict", verdicts.map { .text($0.rawValue) })] + among)
    var found = try rows(of: StandardMeasurements.self, corrected).compactMap { row in
      guard case .integer(let gap) = row["gap"], case .integer(let standard) = row["standard"],
        case .text(let period) = row["period"], let period = try? Period(scalar: period),
        case .date(let day) = row["recorded_on"]
      else { return nil as (gap: GapRef, breach: BreachRef, measuredOn: Day)? }
      return (GapRef(Int(gap)), BreachRef(StandardRef(Int(standard)), period), day)
    }
    // What was voided has no measurements in any table.
    let voided = RowQuery([.equals("voided", .boolean(true))] + among)
    let standards = try records(
      rows(of: StandardRegister.self, voided).compactMap { row -> StreamID? in
        guard case .integer(let number) = row["standard"] else { return nil }
        return StandardRef(Int(number)).stream
      })
    for (stream, record) in standards {
      guard case .standard(let standard) = record.entity else { continue }
      for measurement in standard.life.measurements {
        guard let gap = measurement.gap else { continue }
        let breach = BreachRef(StandardRef(stream.number), measurement.period)
        found.append((gap, breach, record.occurredOn))
      }
    }
    let gaps = try records(found.map(\.gap.stream))
    return found.filter { item in
      guard let record = gaps[item.gap.stream], !record.isVoided,
        case .gap(let gap) = record.entity
      else { return false }
      return gap.isOpen && !gap.details.isMet
    }
  }

  /// The gaps, initiatives, requests and evidence that may have something to say on a day: what ended long ago, by
  /// far the most, is not read. Evidence concerns no department.
  private func agendaCandidates(
    on day: Day, of department: DepartmentCode?
  ) throws -> [StreamID] {
    let isOwn = RowQuery.Condition.of(department)
    func numbers(
      _ kind: EntityKind, _ projection: any Projection.Type, _ conditions: [RowQuery.Condition]
    ) throws -> [StreamID] {
      try rows(of: projection, RowQuery([.counts] + conditions)).map { $0.stream(kind) }
    }
    let gaps =
      try numbers(
        .gap, GapRegister.self,
        isOwn + [
          .equals("state", .text(GapLife.Stage.open.rawValue)),
          .isBefore("due_on", day.adding(days: Agenda.dueWithin + 1)),
        ])
      + numbers(
        .gap, GapRegister.self,
        isOwn + [
          .equals("state", .text(GapLife.Stage.accepted.rawValue)),
          .isBefore("review_on", day.adding(days: 1)),
        ])
    let isOpen = RowQuery.Condition.equals("state", .text(RequestLife.Stage.open.rawValue))
    guard let department else {
      return try gaps + numbers(.initiative, InitiativeBoard.self, [.isUnderWay])
        + numbers(.request, RequestRegister.self, [isOpen])
        + numbers(
          .evidence, EvidenceRegister.self,
          [.isBefore("expires_on", day.adding(days: Agenda.expiringWithin + 1))])
        + numbers(.evidence, EvidenceRegister.self, [.isBefore("retain_until", day)])
    }
    return try gaps + numbers(.initiative, InitiativeBoard.self, isOwn + [.isUnderWay])
      + numbers(
        .initiative, InitiativeBoard.self, [.lists("partners", department.code), .isUnderWay])
      + numbers(.request, RequestRegister.self, [.lists("departments", department.code), isOpen])
  }
}
