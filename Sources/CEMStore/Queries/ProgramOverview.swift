package import CEMDomain

/// What can be said of a program as a whole, or of one department by itself, beside what the departments'
/// states add up to.
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

  /// The only department that it is about; `nil` for the whole program.
  package var department: DepartmentCode?
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
  /// A department's open gaps, the gravest first; none for the whole program.
  package var gaps: [TableRow] = []
  /// A department's initiatives under way, the most urgent first; none for the whole program.
  package var initiatives: [TableRow] = []
}

extension ProgramReader {
  /// The whole program on a day, or one of the departments reported.
  package func overview(
    _ reports: [DepartmentReport], of department: DepartmentCode? = nil, on day: Day
  ) throws -> ProgramOverview {
    var overview = ProgramOverview(
      department: department, standing: try programStanding(), reports: reports,
      atRisk: try momentsAtRisk(of: department), pilots: try pilotSums(of: department),
      delivery: try deliverySums(of: department),
      agenda: try agenda(on: day).concerning(department))
    guard let department else { return overview }
    let own = ownRows(of: department)
    overview.gaps = try rows(
      of: GapRegister.self,
      RowQuery(own + [.equals("state", .text("open"))], order: [("due_on", false)])
    ).sorted { $0.severity > $1.severity }
    overview.initiatives = try rows(
      of: InitiativeBoard.self, RowQuery(own, order: [("due_on", false)])
    ).filter { row in
      ![InitiativeLife.Stage.completed, .cancelled].contains { row["stage"] == .text($0.rawValue) }
    }
    return overview
  }

  /// The conditions of rows that count, of one department or of all.
  private func ownRows(of department: DepartmentCode?) -> [RowQuery.Condition] {
    [.equals("voided", .boolean(false))]
      + (department.map { [.equals("department", .text($0.code))] } ?? [])
  }

  func programStanding() throws -> LevelStanding? {
    guard case .maturity(let maturity)? = try records([.programMaturity])[.programMaturity]?.entity
    else { return nil }
    return maturity.standing
  }

  func momentsAtRisk(of department: DepartmentCode? = nil) throws -> [TableRow] {
    try rows(
      of: TouchpointScorecard.self,
      RowQuery([.equals("moment_of_truth", .boolean(true))] + ownRows(of: department))
    ).filter {
      $0["retired_on"] == .null && ($0.isPositive("open_gaps") || $0.isPositive("standards_missed"))
    }
  }

  func pilotSums(of department: DepartmentCode? = nil) throws -> [ProgramOverview.PilotSum] {
    var sums: [String: ProgramOverview.PilotSum] = [:]
    for row in try rows(of: InitiativeBoard.self, RowQuery(ownRows(of: department))) {
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

  func deliverySums(
    of department: DepartmentCode? = nil
  ) throws -> [ProgramOverview.Delivery] {
    let own = department.map { [RowQuery.Condition.equals("department", .text($0.code))] } ?? []
    var sums: [ProgramOverview.Delivery] = []
    for row in try rows(of: DeliveryGaps.self, RowQuery(own, order: [("last_on", false)])) {
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
  /// Without one it counts as the middle one, as on the agenda.
  fileprivate var severity: Int64 {
    if case .integer(let severity) = self["severity"] { severity } else { 3 }
  }

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
