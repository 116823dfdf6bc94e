import CEMDomain
import CEMStore
import TransparencyLog

extension ReportPage {
  /// What the report is about, and where in the log it stands.
  var cover: Markup {
    func fact(_ name: String, _ value: Markup) -> Markup {
      Markup("div", [:], Markup("dt", [:], say(name)), Markup("dd", [:], value))
    }
    var facts = [fact("Log position", "\(report.point.position)")]
    if let time = report.point.recordedAt {
      facts.append(fact("recorded", Markup(Datum.time(time).reading)))
    }
    facts.append(fact("Root", Markup("code", [:], Markup(report.root.base64))))
    return Markup(
      "header", ["class": "cover"],
      Markup("p", ["class": "kind"], say("Customer experience report")),
      Markup("h1", [:], title),
      Markup("p", ["class": "lead"], subject + Markup(moment)),
      Markup("dl", ["class": "facts"], facts), report.reports.isEmpty ? .empty : navigation)
  }

  private var title: Markup {
    report.department.map { value($0.name.map(Datum.text) ?? .erased) }
      ?? value(Datum(report.program.name))
  }

  /// Of a department: which one, of which program.
  private var subject: Markup {
    guard let department = report.department else { return .empty }
    return Markup("code", [:], Markup(department.department.code)) + " · "
      + value(Datum(report.program.name)) + " · "
  }

  private var moment: String {
    guard let period = report.period else {
      return Words.say("As of {day}", ["day": "\(report.day)"])
    }
    let words = "{period}: {first} to {last}, by business date"
    let known = report.isClosed ? Words.say(", as known at its close") : ""
    let restated =
      report.restated.map { Words.say(", restated at position %1", "\($0.position)") } ?? ""
    return Words.say(
      report.day < period.days.upperBound ? words + ", still open" : words,
      [
        "period": "\(period.period)", "first": "\(period.days.lowerBound)",
        "last": "\(period.days.upperBound)",
      ]) + known + restated
  }

  private var navigation: Markup {
    guard !report.scope.isSummary else { return .empty }
    let department = report.department.map { ("d-\($0.department)", "At a glance") }
    let ofDepartment =
      department.map {
        [$0] + [
          ("attention", "What needs attention"), ("journey", "Customer journey"),
          ("changes", "What changed"), ("events", "Events"),
        ]
      }
    let sections =
      (ofDepartment ?? [
        ("glance", "At a glance"), ("departments", "Departments"),
        ("attention", "What needs attention"), ("journey", "Customer journey"),
        ("maturity", "Maturity over time"), ("changes", "What changed"), ("events", "Events"),
      ]).filter { $0.0 != "journey" || report.hasJourney }.map {
        Markup("a", ["href": "#\($0)"], say($1))
      }
    let codes = (department == nil ? report.reports : []).map {
      Markup("a", ["href": "#d-\($0.department)"], Markup($0.department.code))
    }
    return Markup(
      "nav", ["aria-label": Words.say("Contents")], Markup(joining: sections, by: " "),
      Markup("span", ["class": "codes"], Markup(joining: codes, by: " ")))
  }

  /// The program in one page.
  var glance: Markup {
    get throws {
      let unsupported = report.reports.contains(where: \.isUnsupported)
      let tiles = Markup(
        "div", ["class": "tiles"],
        try tile("programLevel", "level of the program"), try tile("lowestLevel", "lowest level"),
        try tile("medianLevel", "median level"), try tile("departments", "departments"),
        try tile("notAssessed", "not assessed"),
        try tile("unsupportedDepartments", "levels without support", isBad: unsupported),
        try tile("readyDepartments", "ready to advance"),
        try tile("totalOpenGaps", "open gaps"),
        try tile("initiativesUnderWay", "initiatives under way"),
        try tile(
          "momentsAtRisk", "moments of truth at risk", isBad: !report.overview.atRisk.isEmpty))
      return section(
        "glance", say("At a glance"),
        [tiles, try restated, try byLevel, try chain(nil), try byStatus] + (try practice)
          + [sources(nil)])
    }
  }

  /// Money, approvals, and what customers meet.
  var practice: [Markup] {
    get throws {
      [try pilots, try budgets, try brand, try approvals, try delivery, try standards]
    }
  }

  /// What a closed period is known as now, where that differs.
  var restated: Markup {
    get throws {
      guard let restated = report.restated, !restated.departments.isEmpty else { return .empty }
      for restatement in restated.departments {
        _ = try figures.show("restated", of: restatement.department)
      }
      return Markup("h3", [:], say("Restated since its close")) + table(report.restatedTable)
    }
  }

  private var byLevel: Markup {
    get throws {
      let title = Words.say("Departments by level")
      let rows = try zip(levelBars, ReportPage.levelFigures).map { ($0.label, try figure($1)) }
      return pair(
        title, Chart.bars("c-levels", title: title, levelBars), pairs("Level", "Departments", rows))
    }
  }

  /// The figures that the bars of levels show.
  static let levelFigures =
    (0...Catalog.highestLevel).map { "departmentsAtLevel.\($0)" } + ["notAssessed"]

  /// How many departments stand on each level, and how many are not assessed.
  var levelBars: [Chart.Bar] {
    (0...Catalog.highestLevel).map { level in
      Chart.Bar(
        label: "\(level) \(Words.level(level))",
        value: report.reports.levels.count { $0 == level }, colour: "l\(level)")
    } + [
      Chart.Bar(
        label: Words.say("not assessed"), value: report.reports.notAssessed, colour: "none")
    ]
  }

  /// The open gaps along the chain: of the program, or of a department.
  func chain(_ department: DepartmentReport?) throws -> Markup {
    let title = Words.say("Open gaps along the chain")
    let bars = linkBars(department)
    let name = department == nil ? "totalGapsByLink" : "gapsByLink"
    let rows = try zip(GapLink.allCases, bars).map { link, bar in
      (bar.label, try figure("\(name).\(link.rawValue)", of: department?.department))
    }
    let id = "c-chain" + (department.map { "-\($0.department)" } ?? "")
    return pair(title, Chart.bars(id, title: title, bars), pairs("Link", "Open gaps", rows))
  }

  /// How many gaps are open on each link: of the program, or of a department.
  func linkBars(_ department: DepartmentReport?) -> [Chart.Bar] {
    GapLink.allCases.map { link in
      Chart.Bar(
        label: Catalog.label(link, in: Words.language),
        value: department?.openGaps(on: link)
          ?? report.reports.reduce(0) { $0 + $1.openGaps(on: link) },
        colour: link == .undiagnosed ? "open-link" : "link")
    }
  }

  private var byStatus: Markup {
    get throws {
      let title = Words.say("Initiatives by state")
      let bars = zip(InitiativeLife.Status.allCases, DepartmentStatus.stages).map { status, stage in
        Chart.Bar(
          label: Catalog.label("InitiativeLife.Status", status.rawValue, in: Words.language)
            ?? status.rawValue,
          value: report.reports.reduce(0) { $0 + $1.initiatives(in: stage) }, colour: "link")
      }
      let rows = try zip(bars, InitiativeLife.Status.allCases).map { bar, status in
        (bar.label, try figure("totalInitiatives.\(status.rawValue)"))
      }
      return pair(
        title, Chart.bars("c-states", title: title, bars), pairs("State", "Initiatives", rows))
    }
  }

  /// A heading that leads to the events of the figure below it.
  func heading(_ figure: String, _ title: String) throws -> Markup {
    Markup("h3", [:], try source(figure, say(title)))
  }

  var pilots: Markup {
    get throws {
      guard !report.overview.pilots.isEmpty else { return .empty }
      // The figure is the whole table.
      return try heading("pilotReturns", "Pilots and their return") + table(report.pilotTable)
    }
  }

  var budgets: Markup {
    get throws {
      guard !report.overview.budgets.isEmpty else { return .empty }
      return try heading("budgetsUnderWay", "Budgets under way") + table(report.budgetTable)
        + converted
    }
  }

  private var brand: Markup {
    get throws {
      guard !report.overview.brand.isEmpty else { return .empty }
      return try heading("brandElements", "Elements of the brand") + table(report.brandTable)
    }
  }

  /// Where the rows for all currencies come from, which the tables of pilots and of budgets end with.
  private var converted: Markup {
    get throws {
      guard report.overview.converted != nil else { return .empty }
      return Markup(
        "p", ["class": "note"],
        try source("convertedTotals", Markup(Words.figure("convertedTotals"))))
    }
  }

  private var approvals: Markup {
    get throws {
      guard !report.overview.approvals.isEmpty else { return .empty }
      let own = report.overview.approvals.count { $0.approval == nil }
      let note =
        own > 0
        ? Words.say("%1 not independently approved", "\(own)")
        : Words.say("all independently approved")
      let figure = report.department == nil ? "totalApprovals" : "approvals"
      return try heading(figure, "Approvals") + Markup("p", ["class": "note"], Markup(note))
        + table(report.approvalTable, most: 15, all: "cem report --out report.xlsx")
    }
  }

  private var delivery: Markup {
    get throws {
      guard !report.overview.delivery.isEmpty else { return .empty }
      let title = Words.say("Delivery gap")
      let legend = Markup(
        "p", ["class": "legend"],
        Markup("span", [:], Markup("i", ["class": "ours"]), say("our people who believe it")),
        Markup("span", [:], Markup("i", ["class": "customers"]), say("customers who agree")))
      let picture = Markup(
        "figure", [:],
        Markup("figcaption", [:], say("We deliver a superior experience")),
        Chart.delivery("c-delivery", title: title, report.overview.delivery.grouped), legend)
      return try heading("deliveryGaps", "Delivery gap")
        + picture + table(report.deliveryTable, all: "cem survey delivery")
        + Markup("p", ["class": "note"], say(Catalog.deliveryGapCaveat))
        + Markup("p", ["class": "note"], say(Catalog.employeesFirst))
    }
  }

  /// A small table of names with figures.
  func pairs(_ name: String, _ value: String, _ rows: [(String, Markup)]) -> Markup {
    Markup(
      "table", [:],
      Markup(
        "thead", [:],
        Markup(
          "tr", [:], Markup("th", ["scope": "col"], say(name)),
          Markup("th", ["scope": "col", "class": "n"], say(value)))),
      Markup(
        "tbody", [:],
        rows.map { name, value in
          Markup("tr", [:], Markup("td", [:], Markup(name)), Markup("td", ["class": "n"], value))
        }))
  }
}
