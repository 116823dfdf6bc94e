package import CEMDomain

/// What can be said of a program as a whole, beside what its departments' states add up to.
package struct ProgramOverview: Sendable {
  /// What pilots in one currency cost and brought.
  package struct PilotSum: Hashable, Sendable {
    package var currency: String
    package var count: Int
    package var cost: Exact
    package var benefit: Exact

    /// The return on investment as a ratio to six places; unknown where the cost is zero.
    package var returnOnInvestment: Exact? {
      (benefit - cost).flatMap { $0.divided(by: cost) }
    }
  }

  /// What our people believe and what customers say in a period, in all departments.
  package struct Delivery: Hashable, Sendable {
    package var period: String
    package var gap: DeliveryGap
  }

  /// The program's own level; `nil` where it is not assessed.
  package var standing: LevelStanding?
  /// The departments, in the order of their codes.
  package var reports: [DepartmentReport]
  /// Moments of truth where a gap is open or a standard was missed last.
  package var atRisk: [TableRow]
  /// By currency.
  package var pilots: [PilotSum]
  /// By the end of the period.
  package var delivery: [Delivery]
  package var agenda: Agenda
}

extension ProgramReader {
  /// The whole program on a day.
  package func overview(_ reports: [DepartmentReport], on day: Day) throws -> ProgramOverview {
    ProgramOverview(
      standing: try programStanding(), reports: reports, atRisk: try momentsAtRisk(),
      pilots: try pilotSums(), delivery: try deliverySums(), agenda: try agenda(on: day))
  }

  func programStanding() throws -> LevelStanding? {
    guard case .maturity(let maturity)? = try records([.programMaturity])[.programMaturity]?.entity
    else { return nil }
    return maturity.standing
  }

  func momentsAtRisk() throws -> [TableRow] {
    try rows(
      of: TouchpointScorecard.self,
      RowQuery([.equals("moment_of_truth", .boolean(true)), .equals("voided", .boolean(false))])
    ).filter {
      $0["retired_on"] == .null && ($0.isPositive("open_gaps") || $0.isPositive("standards_missed"))
    }
  }

  func pilotSums() throws -> [ProgramOverview.PilotSum] {
    var sums: [String: ProgramOverview.PilotSum] = [:]
    for row in try rows(of: InitiativeBoard.self, RowQuery([.equals("voided", .boolean(false))])) {
      guard case .text(let currency) = row["pilot_currency"],
        case .numeric(let cost) = row["pilot_cost"],
        case .numeric(let benefit) = row["pilot_benefit"]
      else { continue }
      let before =
        sums[currency]
        ?? ProgramOverview.PilotSum(currency: currency, count: 0, cost: .zero, benefit: .zero)
      // A total that does not fit is shown nowhere rather than wrongly.
      guard let costs = before.cost + cost, let benefits = before.benefit + benefit else {
        continue
      }
      sums[currency] = ProgramOverview.PilotSum(
        currency: currency, count: before.count + 1, cost: costs, benefit: benefits)
    }
    return sums.values.sorted { $0.currency.precedesByBytes($1.currency) }
  }

  func deliverySums() throws -> [ProgramOverview.Delivery] {
    var sums: [ProgramOverview.Delivery] = []
    for row in try rows(of: DeliveryGaps.self, RowQuery([], order: [("last_on", false)])) {
      guard case .text(let period) = row["period"] else { continue }
      let gap = DeliveryGap(
        employees: row.answers(of: .employees), customers: row.answers(of: .customers))
      // Without the rows whose surveys were all voided.
      guard gap.employees.sample + gap.customers.sample > 0 else { continue }
      if let index = sums.firstIndex(where: { $0.period == period }) {
        sums[index].gap.employees += gap.employees
        sums[index].gap.customers += gap.customers
      } else {
        sums.append(ProgramOverview.Delivery(period: period, gap: gap))
      }
    }
    return sums
  }
}

extension TableRow {
  fileprivate func isPositive(_ column: String) -> Bool {
    if case .integer(let number) = self[column] { number > 0 } else { false }
  }

  fileprivate func answers(of audience: SurveyAudience) -> DeliveryGap.Answers {
    func number(_ what: String) -> Int64 {
      if case .integer(let number) = self["\(audience.rawValue)_\(what)"] { number } else { 0 }
    }
    return DeliveryGap.Answers(agreeing: number("agreeing"), sample: number("sample"))
  }
}

extension DeliveryGap.Answers {
  fileprivate static func += (a: inout Self, b: Self) {
    a.agreeing += b.agreeing
    a.sample += b.sample
  }
}
