import CEMDomain
import CEMStore

extension Report {
  typealias GapRow = (record: EntityRecord, gap: Gap)
  typealias InitiativeRow = (record: EntityRecord, initiative: Initiative)

  func gapTable(_ rows: [GapRow]) -> ReportTable {
    ReportTable(
      "gaps", Words.say("Open gaps"), rows,
      [
        ReportField("ref") { .text($0.record.stream.reference) },
        ReportField("department", link: { place(of: $0.gap.details.department) }) {
          Datum($0.gap.details.department)
        },
        ReportField("title") { Datum($0.gap.details.title) },
        ReportField("link") { Datum($0.gap.details.link) },
        ReportField("severity", numeric: true) { Datum($0.gap.details.severity) },
        ReportField("expected", numeric: true) { Datum($0.gap.details.expected) },
        ReportField("perceived", numeric: true) { Datum($0.gap.details.perceived) },
        ReportField("unit") { Datum($0.gap.details.unit) },
        ReportField("size", numeric: true) { Datum($0.gap.details.size) },
        ReportField("relativeSize", share: true) { Datum($0.gap.details.relativeSize) },
        ReportField("due") { Datum($0.gap.details.due) },
        ReportField("owner") { Datum($0.gap.details.owner) },
      ])
  }

  func initiativeTable(_ rows: [InitiativeRow]) -> ReportTable {
    ReportTable(
      "initiatives", Words.say("Initiatives under way"), rows,
      [
        ReportField("ref") { .text($0.record.stream.reference) },
        ReportField("department", link: { place(of: $0.initiative.details.department) }) {
          Datum($0.initiative.details.department)
        },
        ReportField("title") { Datum($0.initiative.details.title) },
        ReportField("step") { Datum($0.initiative.details.step) },
        ReportField("state") {
          .term(kind: "InitiativeLife.Status", id: $0.initiative.life.status.rawValue)
        },
        ReportField("rag") { Datum($0.initiative.life.lastUpdate?.rag) },
        ReportField("due") { Datum($0.initiative.details.due) },
        ReportField("owner") { Datum($0.initiative.details.owner) },
        ReportField("budget", numeric: true) { Datum($0.initiative.details.budget) },
        ReportField("currency") { Datum($0.initiative.details.currency) },
      ])
  }

  /// What is known now of a closed period, beside what it was closed as.
  var restatedTable: ReportTable {
    let rows = restated?.departments.flatMap { restatement in
      restatement.figures.flatMap(\.parts)
        .map { (department: restatement.department, figure: $0) }
    }
    return ReportTable(
      "restated", Words.say("Restated since its close"), rows ?? [],
      [
        ReportField("department", link: { place(of: $0.department) }) {
          Datum($0.department)
        },
        ReportField("figure") { .text(Words.figure($0.figure.name)) },
        ReportField("asClosed") { $0.figure.closed },
        ReportField("restated") { $0.figure.restated },
      ])
  }

  func agendaTable(_ items: [AgendaItem]) -> ReportTable {
    ReportTable(
      "agenda", Words.say("Agenda"), items,
      [
        ReportField("why", title: "Why") { .term(kind: "AgendaItem.Kind", id: $0.kind.rawValue) },
        ReportField(
          "ref",
          link: { item in
            item.record.entity.state.departments.first.flatMap { place(of: $0) }
          }
        ) { .text($0.refText) },
        ReportField("title") { item in
          // A level has no title of its own.
          guard let maturity = item.record.maturity else { return Datum(item.title) }
          return Datum(
            item.title ?? reports.first { $0.department == maturity.department }?.name)
        },
        ReportField("date") { Datum($0.date) },
        ReportField("days", numeric: true) { Datum($0.days) },
        ReportField("departments") { Datum($0.record.entity.state.departments) },
        ReportField("owner") { Datum($0.record.entity.state.owner) },
      ])
  }

  /// The actions that each level asks for, of departments that are assessed.
  func actionTable(_ reports: [DepartmentReport]) -> ReportTable {
    let rows = reports.flatMap { report in report.actions.map { (report.department, $0) } }
    return ReportTable(
      "actions", Words.say("Required actions"), rows,
      [
        ReportField("department") { Datum($0.0) },
        ReportField("action", title: "Action") { Datum($0.1.action) },
        ReportField("text") { row in Datum(Catalog.action(row.1.action)) },
        ReportField("state") { Datum($0.1.state) },
        ReportField("evidence") { Datum($0.1.evidence) },
        ReportField("waiver", title: "Waiver") { Datum($0.1.waiver) },
        ReportField("expires") { Datum($0.1.expires) },
      ])
  }

  /// What a level rests on and no longer counts, by department.
  func unsupportedTable() throws -> ReportTable {
    let rows = try reports.filter(\.isUnsupported).flatMap { report in
      let evaluation = try reader.maturityEvaluation(of: report.department)
      return (report.standing?.restsOn ?? []).map { evaluation.status(of: $0, on: day) }
        .filter { !$0.counts }.map { (report, $0) }
    }
    return ReportTable(
      "unsupported", Words.say("Levels without support"), rows,
      [
        ReportField("department", link: { place(of: $0.0.department) }) {
          Datum($0.0.department)
        },
        ReportField("level", numeric: true) { Datum($0.0.standing?.level) },
        ReportField("action", title: "Action") { Datum($0.1.action) },
        ReportField("text") { row in Datum(Catalog.action(row.1.action)) },
        ReportField("state") { Datum($0.1.state) },
        ReportField("evidence") { Datum($0.1.evidence) },
        ReportField("expires") { Datum($0.1.expires) },
      ])
  }

  var momentTable: ReportTable {
    ReportTable(
      "moments", Words.say("Moments of truth at risk"), overview.atRisk,
      [
        ReportField("ref") {
          .text($0.stream(.touchpoint).reference)
        },
        ReportField("name") { $0["name"] == .null ? .erased : Datum($0["name"]) },
        ReportField(
          "department",
          link: { row in
            guard case .text(let code) = row["department"] else { return nil }
            return (try? DepartmentCode(scalar: code)).flatMap { place(of: $0) }
          }
        ) { Datum($0["department"]) },
        ReportField("openGaps", numeric: true) { Datum($0.number("open_gaps")) },
        ReportField("standardsMissed", numeric: true) { Datum($0.number("standards_missed")) },
      ])
  }

  /// What pilots come to in one currency, or all of them in the program's.
  private struct PilotRow {
    var currency: String
    var kind: BenefitKind
    var count: Int?
    var cost: Total?
    var benefit: Total?
    var returnOnInvestment: Exact?
    var rates: Datum
  }

  var pilotTable: ReportTable {
    var rows = overview.pilots.map { sum in
      PilotRow(
        currency: sum.currency, kind: sum.kind, count: sum.count, cost: sum.cost,
        benefit: sum.benefit, returnOnInvestment: sum.returnOnInvestment, rates: .null)
    }
    for pilots in overview.converted?.pilots ?? [] where pilots.cost.isConverted {
      rows.append(
        PilotRow(
          currency: Words.say("all in %1", "\(pilots.cost.currency)"), kind: pilots.kind,
          count: nil, cost: pilots.cost.known, benefit: pilots.benefit.known,
          returnOnInvestment: pilots.returnOnInvestment, rates: pilots.cost.datumOfRates))
    }
    return ReportTable(
      "pilots", Words.say("Pilots and their return"), rows,
      [
        ReportField("currency") { .text($0.currency) },
        ReportField("benefitKind") { Datum($0.kind) },
        ReportField("pilots", title: "Pilots", numeric: true) { Datum($0.count) },
        ReportField("cost", title: "Cost", numeric: true) { Datum($0.cost) },
        ReportField("benefit", title: "Benefit", numeric: true) { Datum($0.benefit) },
        ReportField("return", title: "Return", share: true) { Datum($0.returnOnInvestment) },
        ReportField("rates") { $0.rates },
      ])
  }

  /// What is in force and takes an approver, with who approved it.
  var approvalTable: ReportTable {
    ReportTable(
      "approvals", Words.say("Approvals"), overview.approvals,
      [
        ReportField("matter") { Datum($0.matter) },
        ReportField("ref") { .text($0.reference) },
        ReportField("department", link: { $0.department.flatMap { place(of: $0) } }) {
          Datum($0.department)
        },
        ReportField("since") { .day($0.since) },
        ReportField("until") { Datum($0.until) },
        ReportField("approvedBy") { row in
          .text(row.approval?.by ?? Words.say("not independently approved"))
        },
        ReportField("request") { Datum($0.approval?.request) },
      ])
  }

  /// The budgets of initiatives under way by currency, and what all comes to in the program's.
  var budgetTable: ReportTable {
    var rows = overview.budgets.map { sum in
      (
        currency: sum.currency, count: Datum(sum.count), budget: Datum(sum.budget),
        rates: Datum.null
      )
    }
    if let sum = overview.converted?.budget, sum.isConverted {
      rows.append(
        (Words.say("all in %1", "\(sum.currency)"), .null, Datum(sum.known), sum.datumOfRates))
    }
    return ReportTable(
      "budgets", Words.say("Budgets under way"), rows,
      [
        ReportField("currency") { .text($0.currency) },
        ReportField("initiatives", numeric: true) { $0.count },
        ReportField("budget", numeric: true) { $0.budget },
        ReportField("rates") { $0.rates },
      ])
  }

  /// How far the work on each element of the brand is.
  var brandTable: ReportTable {
    ReportTable(
      "brand", Words.say("Elements of the brand"), overview.brand,
      [
        ReportField("element", title: "Element") { Datum($0.element) },
        ReportField("open", title: "Under way", numeric: true) { Datum($0.open) },
        ReportField("completed", title: "Completed", numeric: true) { Datum($0.completed) },
      ])
  }

  /// The periods of each group together, so that only like stands below like.
  var deliveryTable: ReportTable { deliveryTable(overview.delivery.grouped.flatMap(\.self)) }

  func deliveryTable(_ rows: [ProgramOverview.Delivery]) -> ReportTable {
    let group: [ReportField<ProgramOverview.Delivery>] = [
      ReportField("department", link: { place(of: $0.group.department) }) {
        Datum($0.group.department)
      },
      ReportField("touchpoint") { Datum($0.group.touchpoint) },
      ReportField("segment") { Datum($0.group.segment) },
    ]
    let shares: [ReportField<ProgramOverview.Delivery>] = [
      ReportField("believing", share: true) { Datum($0.gap.employees.share) },
      ReportField("agreeing", share: true) { Datum($0.gap.customers.share) },
      ReportField("gap", title: "Delivery gap", difference: true) { Datum($0.gap.size) },
    ]
    return ReportTable(
      "delivery", Words.say("Delivery gap"), rows,
      group + [ReportField("period") { .text($0.period) }] + shares)
  }

  func levelCountTable(_ counts: [LevelCounts]) -> ReportTable {
    let levels: [ReportField<LevelCounts>] = (0...Catalog.highestLevel).map { level in
      ReportField("level\(level)", title: "\(level)", numeric: true) { Datum($0.counts[level]) }
    }
    return ReportTable(
      "levels", Words.say("Departments by level over time"), counts,
      [ReportField("on") { .day($0.day) }] + levels + [
        ReportField("notAssessed", title: "not assessed", numeric: true) {
          Datum($0.counts[Catalog.highestLevel + 1])
        }
      ])
  }

  func stepTable(_ steps: [(department: String, step: LevelStep)]) -> ReportTable {
    ReportTable(
      "level-changes", Words.say("Changes of level"), steps,
      [
        ReportField("department") { .text($0.department) },
        ReportField("on") { .day($0.step.day) },
        ReportField("level", numeric: true) { Datum($0.step.level) },
        ReportField("levelName") {
          $0.step.level == nil ? .text(Words.say("not assessed")) : Datum(levelName: $0.step.level)
        },
        ReportField("change", title: "Change") { .text(Words.say($0.step.change)) },
      ])
  }

  /// The name of a department's place in the page; `nil` for one that has none, such as one that is gone.
  func place(of department: DepartmentCode) -> String? {
    hasPage(department) ? "d-\(department)" : nil
  }
}

extension ConvertedSum {
  /// The rates that a total was made by, or the currencies that lack one.
  fileprivate var datumOfRates: Datum {
    missing.isEmpty
      ? Datum(rates)
      : .text(
        Words.say(
          "no rate for %1", missing.map(\.description).joined(separator: Words.listMark)))
  }
}

extension Catalog {
  /// What an action asks for, in the language of the report.
  static func action(_ id: ActionID) -> String? {
    level(id.level)?.actions.first { $0.id == id }.map { Words.say($0.text) }
  }
}
