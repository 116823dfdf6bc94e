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
    columns: Count.allCases.map { Column($0.rawValue, .integer, .add) }, isSum: true)

  private enum Grain: String, CaseIterable {
    case day, decade, month

    /// The first day of the one that holds a day; decades begin on the 1st, 11th and 21st.
    func first(of day: Day) -> Day {
      let number = day.parts.day
      return switch self {
      case .day: day
      case .decade: day.adding(days: number == 31 ? -10 : -((number - 1) % 10))
      case .month: day.adding(days: 1 - number)
      }
    }
  }

  private enum Count: String, CaseIterable {
    case gapsOpened = "gaps_opened"
    case gapsEnded = "gaps_ended"
    case initiativesOpened = "initiatives_opened"
    case initiativesEnded = "initiatives_ended"
    /// By how much the level rose, where not assessed is 0.
    case levelRise = "level_rise"
    /// 1 where it was assessed, −1 where that was taken back.
    case assessed
  }

  package static func rows(of record: EntityRecord) -> [Contribution] {
    guard !record.isVoided else { return [] }
    var sums = Sums()
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
      var before: Int?
      for dated in state.levels ?? [] {
        sums.add((dated.level ?? 0) - (before ?? 0), .levelRise, on: dated.since)
        let assessed = (dated.level == nil ? 0 : 1) - (before == nil ? 0 : 1)
        sums.add(assessed, .assessed, on: dated.since)
        before = dated.level
      }
      return sums.contributions(of: department)
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
    // It may have been in one department several times, whose rows are the same.
    var sums: [DepartmentCode: Sums] = [:]
    for day in spans.opened { sums[department(on: day), default: Sums()].add(1, opened, on: day) }
    for day in spans.ended { sums[department(on: day), default: Sums()].add(1, ended, on: day) }
    for day in Set(moves.map(\.on)) {
      let isOpen = spans.opened.count { $0 < day } > spans.ended.count { $0 < day }
      let (from, to) = (department(on: day.adding(days: -1)), department(on: day))
      guard isOpen, from != to else { continue }
      sums[from, default: Sums()].add(1, ended, on: day)
      sums[to, default: Sums()].add(1, opened, on: day)
    }
    return sums.flatMap { $1.contributions(of: $0) }
  }

  /// What one thing contributes, by row.
  private struct Sums {
    private struct Place: Hashable {
      var grain: Grain
      var first: Day
    }

    private var counts: [Place: [Count: Int]] = [:]

    mutating func add(_ amount: Int, _ count: Count, on day: Day) {
      if amount == 0 { return }
      for grain in Grain.allCases {
        counts[Place(grain: grain, first: grain.first(of: day)), default: [:]][count, default: 0] +=
          amount
      }
    }

    func contributions(of department: DepartmentCode) -> [Contribution] {
      counts.compactMap { place, counts in
        let cells = Count.allCases.compactMap { count -> (String, Value)? in
          guard let amount = counts[count], amount != 0 else { return nil }
          return (count.rawValue, .integer(amount))
        }
        if cells.isEmpty { return nil }
        return Contribution(
          to: table,
          key: [.text(place.grain.rawValue), .date(place.first), .text(department.code)],
          makesRow: true, cells)
      }
    }
  }
}
