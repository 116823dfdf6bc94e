package import CEMDomain

/// One row a department and day on which something about it changed, one a decade (a third of a month)
/// and one a month: the sums of what changed. What stood at a day's end is the sum over all that came
/// before, in which months and decades stand for their days.
///
/// A thing that went to another department counts as ended there and as opened here, while it is open.
///
/// A thing contributes by what is known of it now. So an amendment or a void changes the past rather than
/// making a trend, and what was undone never shows (domain §0).
package enum DepartmentChanges: Projection {
  package static let table = TableSchema(
    "department_change", version: 1,
    keys: [Column("grain", .text), Column("first_on", .date), Column("department", .text)],
    columns: Count.allCases.map { Column($0.column, .integer, .add) }, isSum: true)

  private enum Grain: String, CaseIterable {
    case day, decade, month

    /// The first day of the one that holds a day; decades begin on the 1st, 11th and 21st.
    /// - Parameter number: of the day in its month.
    func first(of day: Day, _ number: Int) -> Day {
      switch self {
      case .day: day
      case .decade: day.adding(days: number == 31 ? -10 : -((number - 1) % 10))
      case .month: day.adding(days: 1 - number)
      }
    }
  }

  /// The columns, in their order.
  private enum Count: Int, CaseIterable {
    case gapsOpened, gapsEnded, initiativesOpened, initiativesEnded
    /// By how much the level rose, where not assessed is 0.
    case levelRise
    /// 1 where it was assessed, −1 where that was taken back.
    case assessed

    var column: String {
      switch self {
      case .gapsOpened: "gaps_opened"
      case .gapsEnded: "gaps_ended"
      case .initiativesOpened: "initiatives_opened"
      case .initiativesEnded: "initiatives_ended"
      case .levelRise: "level_rise"
      case .assessed: "assessed"
      }
    }
  }

  package static func rows(of record: EntityRecord) -> [Contribution] {
    guard !record.isVoided else { return [] }
    switch record.entity {
    case .gap(let state):
      return spans(
        since: record.since, state.life.turns, state.moves, now: state.details.department,
        .gapsOpened, .gapsEnded)
    case .initiative(let state):
      return spans(
        since: record.since, state.life.turns, state.moves, now: state.details.department,
        .initiativesOpened, .initiativesEnded)
    case .maturity(let state):
      guard let department = state.department else { return [] }
      var sums = Sums()
      var before: Int?
      for dated in state.levels ?? [] {
        sums.add((dated.level ?? 0) - (before ?? 0), .levelRise, on: dated.since, in: department)
        let assessed = (dated.level == nil ? 0 : 1) - (before == nil ? 0 : 1)
        sums.add(assessed, .assessed, on: dated.since, in: department)
        before = dated.level
      }
      return sums.contributions
    case .program, .person, .department, .evidence, .waiver, .platform, .segment, .touchpoint,
      .standard, .survey, .channel, .insight, .note, .request, .rate, .log:
      return []
    }
  }

  /// When a thing was opened and ended in each of the departments that led it, one after the other.
  ///
  /// What happened on the day of a move happened in the department that it went to.
  private static func spans(
    since: Day, _ turns: Turns?, _ moves: [PastMove]?, now: DepartmentCode, _ opened: Count,
    _ ended: Count
  ) -> [Contribution] {
    let spans = Turns.spans(since: since, turns)
    let moves = (moves ?? []).filter { $0.asPartner != true }
    func department(on day: Day) -> DepartmentCode { moves.first { day < $0.on }?.from ?? now }
    var sums = Sums()
    for day in spans.opened { sums.add(1, opened, on: day, in: department(on: day)) }
    for day in spans.ended { sums.add(1, ended, on: day, in: department(on: day)) }
    for day in Set(moves.map(\.on)) {
      let isOpen = spans.opened.count { $0 < day } > spans.ended.count { $0 < day }
      let (from, to) = (department(on: day.adding(days: -1)), department(on: day))
      guard isOpen, from != to else { continue }
      sums.add(1, ended, on: day, in: from)
      sums.add(1, opened, on: day, in: to)
    }
    return sums.contributions
  }

  /// What one thing contributes, by row: few, so that looking through them costs less than hashing.
  private struct Sums {
    private struct Row {
      var grain: Grain
      var first: Day
      var department: DepartmentCode
      /// By column.
      var amounts = Array(repeating: 0, count: table.columns.count)
    }

    private var rows: [Row] = []

    mutating func add(_ amount: Int, _ count: Count, on day: Day, in department: DepartmentCode) {
      if amount == 0 { return }
      let number = day.parts.day
      for grain in Grain.allCases {
        let first = grain.first(of: day, number)
        let place = rows.firstIndex {
          $0.grain == grain && $0.first == first && $0.department == department
        }
        if place == nil { rows.append(Row(grain: grain, first: first, department: department)) }
        rows[place ?? rows.count - 1].amounts[count.rawValue] += amount
      }
    }

    var contributions: [Contribution] {
      rows.compactMap { row in
        let cells = row.amounts.enumerated().filter { $1 != 0 }
          .map { Contribution.Cell(column: $0, value: .integer($1)) }
        if cells.isEmpty { return nil }
        return Contribution(
          to: table,
          key: [.text(row.grain.rawValue), .date(row.first), .text(row.department.code)],
          makesRow: true, cells: cells)
      }
    }
  }
}
