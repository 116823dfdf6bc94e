package import CEMDomain

/// What can be said of a program as a whole, or of one department by itself, beside what the departments'
/// states add up to.
package struct ProgramOverview: Sendable {
  /// What pilots in one currency cost and brought: a benefit that was measured is not added to one that was
  /// estimated.
  package struct PilotSum: Hashable, Sendable {
    package var currency: String
    package var kind: BenefitKind
    package var count = 0
    package var cost = Total.zero
    package var benefit = Total.zero

    /// The return on investment as a ratio to six places; unknown where the cost is zero.
    package var returnOnInvestment: Exact? { (benefit - cost).divided(by: cost) }
  }

  /// The budgets of initiatives under way in one currency.
  package struct BudgetSum: Hashable, Sendable {
    package var currency: String
    package var count = 0
    package var budget = Total.zero
  }

  /// The initiatives that design an element of the brand.
  package struct BrandSum: Hashable, Sendable {
    package var element: BrandElement
    /// How many are neither completed nor cancelled.
    package var open = 0
    package var completed = 0
  }

  /// What pilots and budgets come to in the program's currency, by the rates that were recorded.
  package struct Converted: Hashable, Sendable {
    /// What pilots whose benefits are of one kind cost and brought, each by the rate of the day on which it ended.
    package struct Pilots: Hashable, Sendable {
      package var kind: BenefitKind
      package var count = 0
      package var cost: ConvertedSum
      package var benefit: ConvertedSum

      /// As of the sums in one currency; unknown where a rate is missing.
      package var returnOnInvestment: Exact? {
        guard let cost = cost.known, let benefit = benefit.known else { return nil }
        return (benefit - cost).divided(by: cost)
      }
    }

    /// Those of each kind that there is, in the order of the kinds.
    package fileprivate(set) var pilots: [Pilots]
    /// The budgets of initiatives under way, each by the rate of the day on which it was opened.
    package var budget: ConvertedSum

    package init(in currency: Currency) {
      budget = ConvertedSum(in: currency)
      pilots = BenefitKind.allCases.map { [budget] in
        Pilots(kind: $0, cost: budget, benefit: budget)
      }
    }

    package var sums: [ConvertedSum] { pilots.flatMap { [$0.cost, $0.benefit] } + [budget] }
  }

  /// What our people believe and what customers say of the same in a period.
  ///
  /// Those of one ``Group`` can be compared from period to period; those of two cannot, nor be added up:
  /// others were asked, or about something else.
  package struct Delivery: Hashable, Sendable {
    /// Whom it is about.
    package struct Group: Hashable, Sendable {
      package var department: DepartmentCode
      /// `nil` for all that the department does.
      package var touchpoint: TouchpointRef?
      /// `nil` for customers of every kind.
      package var segment: String?
    }

    package var group: Group
    package var period: String
    /// The period's last day.
    package var last: Day
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
  /// By currency, in it those that were measured first.
  package var pilots: [PilotSum]
  /// By currency.
  package var budgets: [BudgetSum] = []
  /// `nil` where no rate was recorded, or everything is in the program's currency anyway.
  package var converted: Converted?
  /// One for each element; none without an initiative of the step that designs the brand.
  package var brand: [BrandSum] = []
  /// What is in force and takes an approver.
  package var approvals: [StandingApproval] = []
  /// By the end of the period, the last one last.
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
      delivery: try deliveryGaps(of: department),
      agenda: try agenda(on: day, of: department))
    (overview.budgets, overview.converted) = try money(of: department)
    overview.brand = try brandSums(of: department)
    overview.approvals = try approvals(of: department, on: day)
    guard let department else { return overview }
    let own = ownRows(of: department)
    overview.gaps = try rows(
      of: GapRegister.self,
      RowQuery(own + [.equals("state", .text("open"))], order: [("due_on", false)])
    ).sorted { $0.weight > $1.weight }
    overview.initiatives = try rows(
      of: InitiativeBoard.self, RowQuery(own + [.isUnderWay], order: [("due_on", false)]))
    return overview
  }

  /// The conditions of rows that count, of one department or of all.
  private func ownRows(of department: DepartmentCode?) -> [RowQuery.Condition] {
    [.counts] + RowQuery.Condition.of(department)
  }

  func programStanding() throws -> LevelStanding? {
    guard case .maturity(let maturity)? = try records([.programMaturity])[.programMaturity]?.entity
    else { return nil }
    return maturity.standing
  }

  func momentsAtRisk(of department: DepartmentCode?) throws -> [TableRow] {
    try rows(
      of: TouchpointScorecard.self,
      RowQuery([.equals("moment_of_truth", .boolean(true))] + ownRows(of: department))
    ).filter {
      $0["retired_on"] == .null && ($0.number("open_gaps") > 0 || $0.number("standards_missed") > 0)
    }
  }

  func pilotSums(of department: DepartmentCode?) throws -> [ProgramOverview.PilotSum] {
    var sums: [String: [BenefitKind: ProgramOverview.PilotSum]] = [:]
    for row in try rows(of: InitiativeBoard.self, RowQuery(ownRows(of: department))) {
      guard case .text(let currency) = row["pilot_currency"], let kind = row.benefitKind,
        case .numeric(let cost) = row["pilot_cost"],
        case .numeric(let benefit) = row["pilot_benefit"]
      else { continue }
      var sum =
        sums[currency]?[kind] ?? ProgramOverview.PilotSum(currency: currency, kind: kind)
      sum.count += 1
      sum.cost += Total(cost)
      sum.benefit += Total(benefit)
      sums[currency, default: [:]][kind] = sum
    }
    return sums.sorted { $0.key.precedesByBytes($1.key) }
      .flatMap { _, kinds in BenefitKind.allCases.compactMap { kinds[$0] } }
  }

  /// The initiatives that are neither completed nor cancelled.
  func underWay(of department: DepartmentCode?) throws -> [TableRow] {
    try rows(of: InitiativeBoard.self, RowQuery(ownRows(of: department))).filter(\.isUnderWay)
  }

  /// The initiatives of the step that designs the brand, by what they design.
  func brandSums(of department: DepartmentCode?) throws -> [ProgramOverview.BrandSum] {
    let rows = try rows(
      of: InitiativeBoard.self,
      RowQuery(ownRows(of: department) + [.equals("step", .term(Step.brandExperience))]))
    guard !rows.isEmpty else { return [] }
    return BrandElement.allCases.map { element in
      let named = rows.filter { row in
        guard case .text(let names) = row["brand_elements"] else { return false }
        return names.split(separator: ",").contains { $0 == element.rawValue }
      }
      return ProgramOverview.BrandSum(
        element: element, open: named.count(where: \.isUnderWay),
        completed: named.count { $0["stage"] == .term(InitiativeLife.Stage.completed) })
    }
  }

  /// The budgets of initiatives under way by currency, and what all comes to in the program's currency.
  func money(
    of department: DepartmentCode?
  ) throws -> (budgets: [ProgramOverview.BudgetSum], converted: ProgramOverview.Converted?) {
    let rows = try rows(of: InitiativeBoard.self, RowQuery(ownRows(of: department)))
    var sums: [String: ProgramOverview.BudgetSum] = [:]
    for row in rows where row.isUnderWay {
      guard case .numeric(let budget) = row["budget"], case .text(let currency) = row["currency"]
      else { continue }
      var sum = sums[currency] ?? ProgramOverview.BudgetSum(currency: currency)
      sum.count += 1
      sum.budget += Total(budget)
      sums[currency] = sum
    }
    return (
      sums.values.sorted { $0.currency.precedesByBytes($1.currency) }, try converted(rows)
    )
  }

  private func converted(_ rows: [TableRow]) throws -> ProgramOverview.Converted? {
    guard case .program(let program)? = try records([.program])[.program]?.entity else {
      return nil
    }
    let currency = program.details.currency
    let isForeign = { (value: Value) -> Bool in
      if case .text(let code) = value { code != currency.description } else { false }
    }
    let foreign = rows.filter {
      isForeign($0["pilot_currency"]) || ($0.isUnderWay && isForeign($0["currency"]))
    }
    guard !foreign.isEmpty else { return nil }
    let table = RateTable(try records(of: .rate))
    guard !table.entries.isEmpty else { return nil }
    var converted = ProgramOverview.Converted(in: currency)
    // The board has no day on which a pilot ended, and of pilots in the program's currency none is needed.
    let piloted = try records(
      foreign.filter { isForeign($0["pilot_currency"]) }.map { $0.stream(.initiative) })
    for row in rows {
      guard case .date(let opened) = row["opened_on"] else { continue }
      if let amount = row.amount("budget", "currency"), row.isUnderWay {
        converted.budget.add(amount.value, amount.currency, on: opened, by: table)
      }
      guard let cost = row.amount("pilot_cost", "pilot_currency"),
        let benefit = row.amount("pilot_benefit", "pilot_currency")
      else { continue }
      var day: Day?
      if case .initiative(let initiative)? = piloted[row.stream(.initiative)]?.entity {
        day = initiative.life.lastPilot?.on
      }
      // An amount that needs no rate needs no day either.
      guard let on = day ?? (cost.currency == currency ? opened : nil) else { continue }
      guard let index = converted.pilots.firstIndex(where: { $0.kind == row.benefitKind })
      else { continue }
      converted.pilots[index].count += 1
      converted.pilots[index].cost.add(cost.value, cost.currency, on: on, by: table)
      converted.pilots[index].benefit.add(benefit.value, benefit.currency, on: on, by: table)
    }
    converted.pilots.removeAll { $0.count == 0 }
    return converted
  }

  /// The delivery gaps, by the end of their periods; without those whose surveys were all voided.
  package func deliveryGaps(
    of department: DepartmentCode?
  ) throws -> [ProgramOverview.Delivery] {
    try rows(
      of: DeliveryGaps.self,
      RowQuery(RowQuery.Condition.of(department), order: [("last_on", false)])
    ).compactMap(ProgramOverview.Delivery.init)
  }
}

extension ProgramOverview.Delivery {
  /// `nil` where nobody's answers are left.
  fileprivate init?(_ row: TableRow) {
    guard case .text(let code) = row["department"], case .text(let period) = row["period"],
      case .text(let segment) = row["segment"], case .date(let last) = row["last_on"],
      let department = try? DepartmentCode(scalar: code)
    else { return nil }
    let touchpoint = row.number("touchpoint")
    group = Group(
      department: department, touchpoint: touchpoint == 0 ? nil : TouchpointRef(touchpoint),
      segment: segment.isEmpty ? nil : segment)
    self.period = period
    self.last = last
    gap = DeliveryGap(
      employees: row.answers(of: .employees), customers: row.answers(of: .customers))
    guard gap.employees.sample + gap.customers.sample > 0 else { return nil }
  }
}

extension TableRow {
  /// Whether an initiative is neither completed nor cancelled.
  var isUnderWay: Bool {
    ![InitiativeLife.Stage.completed, .cancelled].contains { self["stage"] == .text($0.rawValue) }
  }

  /// Of the last pilot that was concluded.
  fileprivate var benefitKind: BenefitKind? {
    text("pilot_benefit_kind").flatMap(BenefitKind.init)
  }

  /// An amount with its currency, where there is one.
  fileprivate func amount(
    _ value: String, _ currency: String
  ) -> (value: Exact, currency: Currency)? {
    guard case .numeric(let value) = self[value], case .text(let code) = self[currency],
      let currency = try? Currency(scalar: code)
    else { return nil }
    return (value, currency)
  }

  /// A gap's severity, by which gaps are ordered.
  fileprivate var weight: Int64 {
    if case .integer(let severity) = self["severity"] {
      severity
    } else {
      Int64(GapDetails.middleSeverity)
    }
  }

  fileprivate func answers(of audience: SurveyAudience) -> DeliveryGap.Answers {
    DeliveryGap.Answers(
      agreeing: Int64(number("\(audience.rawValue)_agreeing")),
      sample: Int64(number("\(audience.rawValue)_sample")))
  }
}
