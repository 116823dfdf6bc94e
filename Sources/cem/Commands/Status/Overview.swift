import CEMDomain
import CEMStore

/// What stands beneath the departments on a terminal: the whole program, or one department by itself.
struct Overview: Sendable {
  /// `nil` for the whole program.
  var department: DepartmentCode?
  /// The program's own level.
  var standing: LevelStanding?
  var reports: [DepartmentReport]
  /// Moments of truth where a gap is open or a standard was missed last.
  var atRisk: [TableRow]
  /// What pilots cost and brought, by currency.
  var pilots: [PilotSum]
  /// What our people believe and what customers say, by period, the oldest first.
  var delivery: [(period: String, gap: DeliveryGap)]
  /// A department's open gaps, the gravest first.
  var gaps: [TableRow] = []
  /// A department's initiatives under way, the most urgent first.
  var initiatives: [TableRow] = []
  var agenda: [AgendaItem]

  /// Concluded pilots in one currency.
  struct PilotSum: Sendable {
    var currency: String
    var count = 0
    var cost = Exact.zero
    var benefit = Exact.zero

    /// Benefit less cost, by cost; unknown without a cost.
    var gain: Exact? { (benefit - cost).flatMap { $0.divided(by: cost) } }
  }
}

extension ProgramReader {
  /// The whole program, or one of the departments reported, on a day.
  func overview(
    _ reports: [DepartmentReport], of department: DepartmentCode?, on day: Day
  ) throws -> Overview {
    var own: [RowQuery.Condition] = [.equals("voided", .boolean(false))]
    if let department { own.append(.equals("department", .text(department.code))) }
    let moments = try rows(
      of: TouchpointScorecard.self,
      RowQuery(own + [.equals("moment_of_truth", .boolean(true)), .isNull("retired_on")]))
    var overview = Overview(
      department: department,
      standing: try records([.programMaturity])[.programMaturity]?.maturity?.standing,
      reports: reports,
      atRisk: moments.filter { $0.number("open_gaps") > 0 || $0.number("standards_missed") > 0 },
      pilots: try pilotSums(own), delivery: try deliverySums(of: department),
      agenda: try agenda(on: day).items)
    guard let department else { return overview }
    overview.agenda.removeAll { !$0.record.entity.state.departments.contains(department) }
    overview.gaps = try rows(
      of: GapRegister.self,
      RowQuery(own + [.equals("state", .text("open"))], order: [("due_on", false)]))
    // Without a severity it counts as the middle one, as on the agenda.
    overview.gaps.sort { $0.severity > $1.severity }
    overview.initiatives = try rows(
      of: InitiativeBoard.self, RowQuery(own, order: [("due_on", false)])
    ).filter { row in
      ![InitiativeLife.Stage.completed, .cancelled].contains { row["stage"] == .text($0.rawValue) }
    }
    return overview
  }

  private func pilotSums(_ conditions: [RowQuery.Condition]) throws -> [Overview.PilotSum] {
    var sums: [String: Overview.PilotSum] = [:]
    for row in try rows(of: InitiativeBoard.self, RowQuery(conditions)) {
      guard case .text(let currency) = row["pilot_currency"],
        case .numeric(let cost) = row["pilot_cost"],
        case .numeric(let benefit) = row["pilot_benefit"]
      else { continue }
      var sum = sums[currency] ?? Overview.PilotSum(currency: currency)
      // A total that does not fit is shown nowhere rather than wrongly.
      guard let costs = sum.cost + cost, let benefits = sum.benefit + benefit else { continue }
      (sum.count, sum.cost, sum.benefit) = (sum.count + 1, costs, benefits)
      sums[currency] = sum
    }
    return sums.values.sorted { $0.currency.precedesByBytes($1.currency) }
  }

  private func deliverySums(
    of department: DepartmentCode?
  ) throws -> [(period: String, gap: DeliveryGap)] {
    var order: [String] = []
    var sums: [String: DeliveryGap] = [:]
    for row in try deliveryGaps(of: department?.code) {
      guard case .text(let period) = row.row["period"] else { continue }
      if let before = sums[period] {
        sums[period] = DeliveryGap(
          employees: before.employees + row.gap.employees,
          customers: before.customers + row.gap.customers)
      } else {
        order.append(period)
        sums[period] = row.gap
      }
    }
    return order.map { ($0, sums[$0]!) }
  }
}

extension DeliveryGap.Answers {
  fileprivate static func + (a: Self, b: Self) -> Self {
    Self(agreeing: a.agreeing + b.agreeing, sample: a.sample + b.sample)
  }
}

extension TableRow {
  fileprivate var severity: Int { self["severity"] == .null ? 3 : number("severity") }
}
