package import CEMDomain

/// One row a department and day on which something about it changed, and one a week: the sums of what
/// changed. What stood at a day's end is the sum over all that came before, in which weeks stand for
/// their days.
///
/// A thing contributes by what is known of it now. So an amendment or a void changes the past rather than
/// making a trend, and what was undone never shows (domain §0).
package enum DepartmentChanges: Projection {
  package static let table = TableSchema(
    "department_change", version: 1,
    keys: [Column("grain", .text), Column("first_on", .date), Column("department", .text)],
    columns: Count.allCases.map { Column($0.rawValue, .integer, .add) }, isSum: true)

  private enum Grain: String, CaseIterable {
    case day, week

    /// The first day of the one that holds a day; weeks begin on Monday.
    func first(of day: Day) -> Day {
      switch self {
      case .day: day
      case .week: day.adding(days: -(Int(day.sinceEpoch) + 7_000_003) % 7)
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
    let department: DepartmentCode
    switch record.entity {
    case .gap(let state):
      department = state.details.department
      let spans = Turns.spans(since: record.since, state.life.turns)
      for day in spans.opened { sums.add(1, .gapsOpened, on: day) }
      for day in spans.ended { sums.add(1, .gapsEnded, on: day) }
    case .initiative(let state):
      department = state.details.department
      let spans = Turns.spans(since: record.since, state.life.turns)
      for day in spans.opened { sums.add(1, .initiativesOpened, on: day) }
      for day in spans.ended { sums.add(1, .initiativesEnded, on: day) }
    case .maturity(let state):
      guard let code = state.department else { return [] }
      department = code
      var before: Int?
      for dated in state.levels ?? [] {
        sums.add((dated.level ?? 0) - (before ?? 0), .levelRise, on: dated.since)
        let assessed = (dated.level == nil ? 0 : 1) - (before == nil ? 0 : 1)
        sums.add(assessed, .assessed, on: dated.since)
        before = dated.level
      }
    case .program, .person, .department, .evidence, .waiver, .platform, .segment, .touchpoint,
      .standard, .survey, .channel, .insight, .note, .log:
      return []
    }
    return sums.contributions(of: department)
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
