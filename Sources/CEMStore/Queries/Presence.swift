package import CEMDomain

/// The days on which a department was there.
package struct Presence: Hashable, Sendable {
  /// The day of its registration.
  private var since: Day
  /// The first day on which it was not there; `nil` while it is.
  private var retiredOn: Day?
  /// The spans that ended with a reinstatement, each up to that day.
  fileprivate var absences: [Range<Day>] = []

  fileprivate init(since: Day, retiredOn: Day?) {
    self.since = since
    self.retiredOn = retiredOn
  }

  package func contains(_ day: Day) -> Bool {
    since <= day && retiredOn.map { day < $0 } ?? true && !absences.contains { $0.contains(day) }
  }
}

extension ProgramReader {
  /// When each department was there, those included that are there no more. Voided ones never were.
  package func presences() throws -> [DepartmentCode: Presence] {
    var presences: [DepartmentCode: Presence] = [:]
    for record in try records(of: .department) where !record.isVoided {
      guard case .department(let department) = record.entity else { continue }
      presences[department.code] = Presence(
        since: record.since, retiredOn: department.retirement?.on)
    }
    for row in try rows(of: DepartmentAbsences.self, RowQuery()) {
      guard case .text(let text) = row["department"], case .date(let from) = row["retired_on"],
        case .date(let until) = row["reinstated_on"], from <= until,
        let code = try? DepartmentCode(scalar: text)
      else { continue }
      presences[code]?.absences.append(from..<until)
    }
    return presences
  }
}
