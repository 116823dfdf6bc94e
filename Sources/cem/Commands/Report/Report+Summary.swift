import CEMDomain
import CEMStore

extension Report {
  /// Something that moved since the moment that changes are counted from.
  struct Movement {
    /// What happened, as an English phrase of the reports.
    var what: String
    /// To what it happened.
    var things: [LogDiff.Thing] = []
    /// Of a level: whose, and from where to where.
    var level: (department: DepartmentCode, name: String?, change: FieldChange)?
    var positions: [Int64]
  }

  /// The levels that changed, then how many gaps and initiatives came to which state.
  var movements: [Movement] {
    // Where the log begins later, all of it is new.
    guard !isFromTheStart else { return [] }
    let levels = changes.parts.flatMap { part in
      part.figures.compactMap { figure -> Movement? in
        guard let department = part.department, figure.change.field == "level" else { return nil }
        return Movement(
          what: "Level", level: (department, part.name, figure.change),
          positions: figure.positions)
      }
    }
    var seen: Set<StreamID> = []
    let things = changes.parts.flatMap(\.things).filter {
      !$0.record.isVoided && seen.insert($0.stream).inserted
    }
    let kinds: [(what: String, kind: EntityKind, state: String?)] = [
      ("Gaps recorded", .gap, nil), ("Gaps closed", .gap, GapLife.Stage.closed.rawValue),
      ("Gaps accepted", .gap, GapLife.Stage.accepted.rawValue),
      ("Gaps reopened", .gap, GapLife.Stage.open.rawValue),
      ("Initiatives opened", .initiative, nil),
      ("Initiatives completed", .initiative, InitiativeLife.Stage.completed.rawValue),
      ("Initiatives cancelled", .initiative, InitiativeLife.Stage.cancelled.rawValue),
    ]
    return levels
      + kinds.compactMap { what, kind, state in
        let moved = things.filter { $0.stream.kind == kind && $0.came(to: state) }
        guard !moved.isEmpty else { return nil }
        return Movement(
          what: what, things: moved, positions: moved.flatMap(\.positions).sorted())
      }
  }

  func movementTable(_ movements: [Movement]) -> ReportTable {
    ReportTable(
      "moved", Words.say("What moved"), movements,
      [
        ReportField("what", title: "What") { .text(Words.say($0.what)) },
        ReportField("department") { Datum($0.level?.department) },
        ReportField("count", title: "Count", numeric: true) { row in
          row.level == nil ? Datum(row.things.count) : .null
        },
        ReportField("old", title: "Before") { FieldChange.datum($0.level?.change.old) },
        ReportField("new", title: "After") { FieldChange.datum($0.level?.change.new) },
        ReportField("things", title: "Which") { .list($0.things.map { .text($0.name) }) },
        ReportField("positions", title: "Positions") { .list($0.positions.map(Datum.integer)) },
      ])
  }

  /// The initiatives under way that are red, amber or overdue, red ones first.
  func initiativesAtRisk() throws -> [InitiativeRow] {
    func rank(_ row: InitiativeRow) -> Int {
      switch row.initiative.life.lastUpdate?.rag {
      case .red: 0
      case .amber: 1
      case .green, nil: 2
      }
    }
    // They come by due date, which stays within a rank.
    let rows = try openInitiatives(of: scope.department).filter { row in
      rank(row) < 2 || row.initiative.isOverdue(on: day)
    }
    return (0...2).flatMap { wanted in rows.filter { rank($0) == wanted } }
  }

  /// What waits for somebody to decide: levels without support or taken over, requests, and accepted gaps that are
  /// to be looked at again.
  var decisions: [AgendaItem] {
    overview.agenda.items.filter { item in
      switch item.kind {
      case .unsupported, .toAssess, .toApprove: true
      case .toReview: item.record.stream.kind == .gap
      case .overdue, .unfounded, .stuck, .expiring, .due: false
      }
    }
  }
}

extension LogDiff.Thing {
  /// Whether it was recorded (`nil`), or came to a state that it was not recorded in.
  fileprivate func came(to state: String?) -> Bool {
    guard let state else { return kind == .new }
    return changes.contains { change in
      change.field == "state" && change.new?.string == state
        && (change.old != nil || state != GapLife.Stage.open.rawValue)
    }
  }
}

extension Initiative {
  /// Whether it was due before a day.
  func isOverdue(on day: Day) -> Bool { details.due.map { $0 < day } ?? false }
}
