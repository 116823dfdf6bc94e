import CEMDomain
import CEMStore

extension Report {
  /// How many departments stood on each level on a day.
  struct LevelCounts {
    var day: Day
    /// By level; the last is how many were not assessed.
    var counts: [Int]
  }

  /// A level with the day from which a department stood on it.
  struct LevelStep: Hashable {
    var day: Day
    /// `nil` where it was not assessed from that day on.
    var level: Int?
    var change: String
  }

  /// The levels of the departments that count and that the report is about, those included that are there no more, by business date, as
  /// corrections left them: each with what led to it on its day.
  func levelSteps() throws -> [String: [LevelStep]] {
    let known = Set(try reader.presences().keys.map(\.code)).filter {
      scope.department == nil || $0 == scope.department?.code
    }
    var changes: [String: [DatedLevel: String]] = [:]
    for row in try reader.rows(of: MaturityTimeline.self, RowQuery()) {
      guard case .text(let department) = row["department"], case .text(let change) = row["change"],
        case .date(let day) = row["occurred_on"]
      else { continue }
      var level: Int?
      if case .integer(let to) = row["to_level"] { level = Int(to) }
      changes[department, default: [:]][DatedLevel(since: day, level: level)] = change
    }
    var steps: [String: [LevelStep]] = [:]
    for record in try reader.records(of: .maturity) {
      guard let maturity = record.maturity,
        let department = maturity.department?.code, known.contains(department)
      else { continue }
      steps[department] = maturity.levels?.map {
        LevelStep(
          day: $0.since, level: $0.level, change: changes[department]?[$0] ?? "corrected")
      }
    }
    return steps
  }

  /// The counts at the ends of up to twelve quarters, of months where the program is younger than a
  /// year; the last is the day of the report. Each is of the departments that were there on its day.
  func levelCounts(_ steps: [String: [LevelStep]]) throws -> [LevelCounts] {
    let presences = try reader.presences()
    guard let first = steps.values.compactMap({ $0.map(\.day).min() }).min() else { return [] }
    let months = first.days(to: day) > 366 ? 3 : 1
    var days = [day]
    while days.count < 12, let next = days.first?.endOfEarlierSpan(months: months),
      next >= first
    {
      days.insert(next, at: 0)
    }
    return days.map { day in
      var counts = [Int](repeating: 0, count: Catalog.highestLevel + 2)
      for (department, presence) in presences where presence.contains(day) {
        let level = steps[department.code]?.last { $0.day <= day }.flatMap(\.level)
        counts[level ?? Catalog.highestLevel + 1] += 1
      }
      return LevelCounts(day: day, counts: counts)
    }
  }

  /// The gaps that are open, what hurts most first: the gravest, then the largest relative to what is
  /// expected, then the oldest.
  func openGaps(of department: DepartmentCode? = nil) throws -> [(record: EntityRecord, gap: Gap)] {
    try reader.records(of: .gap, concerning: department).compactMap { record in
      guard !record.isVoided, let gap = record.gap, gap.isOpen,
        department == nil || gap.details.department == department
      else { return nil }
      return (record, gap)
    }.sorted { a, b in
      let (x, y) = (a.gap.details, b.gap.details)
      if x.weight != y.weight { return x.weight > y.weight }
      if x.relativeSize != y.relativeSize {
        return (x.relativeSize ?? .zero) > (y.relativeSize ?? .zero)
      }
      return a.record.stream < b.record.stream
    }
  }

  /// The initiatives that are neither completed nor cancelled, by due date.
  func openInitiatives(
    of department: DepartmentCode?
  ) throws -> [(record: EntityRecord, initiative: Initiative)] {
    try reader.records(of: .initiative, concerning: department).compactMap { record in
      guard !record.isVoided, let initiative = record.initiative, initiative.isOpen,
        department == nil || initiative.details.department == department
      else { return nil }
      return (record, initiative)
    }.sorted { a, b in
      let (x, y) = (a.initiative.details.due, b.initiative.details.due)
      if x != y { return x.map { due in y.map { due < $0 } ?? true } ?? false }
      return a.record.stream < b.record.stream
    }
  }
}

extension Day {
  /// The last day of the month, or of the quarter of the year, before the one that this day is in.
  fileprivate func endOfEarlierSpan(months: Int) -> Day {
    let parts = description.split(separator: "-").compactMap { Int($0) }
    let month = (parts[1] - 1) / months * months + 1
    let text = "\(parts[0])-\(month < 10 ? "0" : "")\(month)-01"
    return Day(text)!.adding(days: -1)
  }
}
