import CEMDomain
import CEMStore

extension ReportPage {
  /// What a board reads of the program, on a page or two of paper.
  var summary: Markup {
    get throws {
      let unsupported = report.reports.contains(where: \.isUnsupported)
      let tiles = Markup(
        "div", ["class": "tiles small"],
        [
          try tile("programLevel", "level of the program"), try tile("medianLevel", "median level"),
          try tile("lowestLevel", "lowest level"), try tile("departments", "departments"),
          try tile("unsupportedDepartments", "levels without support", isBad: unsupported),
          try tile("readyDepartments", "ready to advance"),
          try tile("totalOpenGaps", "open gaps"),
          try tile("initiativesUnderWay", "initiatives under way"),
        ] + (try concerns))
      for figure in ReportPage.levelFigures { _ = try figures.show(figure) }
      for link in GapLink.allCases { _ = try figures.show("totalGapsByLink.\(link.rawValue)") }
      let (levels, gaps) = (
        Words.say("Departments by level"), Words.say("Open gaps along the chain")
      )
      let charts = Markup(
        "div", ["class": "pair even"],
        figure(levels, Chart.bars("c-levels", title: levels, width: 480, levelBars)),
        figure(gaps, Chart.bars("c-chain", title: gaps, width: 480, linkBars(nil))))
      return section(
        "summary", say("At a glance"), [tiles, charts] + (try matters) + [sources(nil)])
    }
  }

  /// The same of a department.
  func summary(_ department: DepartmentReport, _ steps: [Report.LevelStep]) throws -> Markup {
    let code = department.department
    for link in GapLink.allCases { _ = try figures.show("gapsByLink.\(link.rawValue)", of: code) }
    let gaps = Words.say("Open gaps along the chain")
    let chain = figure(gaps, Chart.bars("c-chain", title: gaps, width: 480, linkBars(department)))
    let title = Words.say("Level over time")
    let levels =
      steps.isEmpty
      ? .empty
      : figure(title, Chart.steps("c-level", title: title, steps, until: report.day))
    return section(
      "summary", say("At a glance"),
      [
        try standing(department), try inProgram, try tiles(department, and: concerns),
        Markup("div", ["class": "pair even"], levels, chain),
      ] + (try matters) + [sources(code, nil)])
  }

  private func figure(_ title: String, _ picture: Markup) -> Markup {
    Markup("figure", [:], Markup("figcaption", [:], Markup(title)), picture)
  }

  /// What should worry whoever reads it, as numbers.
  private var concerns: [Markup] {
    get throws {
      let code = report.scope.department
      func count(_ figure: String, _ member: String) throws -> Int64 {
        if case .int(let count)? = try figures.show(figure, of: code).value.object?[member] {
          count
        } else {
          0
        }
      }
      let colours = try [StatusColour.red, .amber].map {
        try count("initiativesByColour", $0.rawValue)
      }
      let missed = try count("standardResults", StandardVerdict.missed.rawValue)
      let overdue = try figures.show("overdueInitiatives", of: code).value
      return [
        tile(
          try source("initiativesByColour", "\(colours[0]) / \(colours[1])"),
          "initiatives red / amber", isBad: colours[0] > 0),
        try tile(
          "overdueInitiatives", of: code, "initiatives overdue", isBad: overdue != .int(0)),
        tile(try source("standardResults", "\(missed)"), "standards missed", isBad: missed > 0),
        try tile(
          "momentsAtRisk", of: code, "moments of truth at risk",
          isBad: !report.overview.atRisk.isEmpty),
      ]
    }
  }

  /// What moved, what is at risk, what needs a decision, money, and what customers meet: each the first few, with
  /// how many there are.
  private var matters: [Markup] {
    get throws {
      let department = report.scope.department.map { " --department \($0)" } ?? ""
      let workbook = "cem report --summary\(department) --out board.xlsx"
      let decisions = report.decisions
      let missed = try report.standards().filter(\.standing.isBreach)
      return [
        try restated, moved,
        heading("What needs a decision", count: decisions.count),
        table(
          report.agendaTable(decisions), without: ["days"], most: 8, empty: "nothing waits",
          all: workbook),
        heading("Initiatives red, amber or overdue", count: try report.initiativesAtRisk().count),
        table(
          report.initiativeTable(try report.initiativesAtRisk()),
          without: ["step", "budget", "currency"], most: 8, all: workbook),
        try budgets, try pilots,
        missed.isEmpty
          ? .empty
          : try heading("standardResults", "Standards missed") + standardCounts
            + table(
              report.standardTable(missed),
              without: hiddenOfStandards.union(["verdict", "before"]), most: 5,
              all: "cem standard list --state missed" + department),
        try latestDelivery,
      ]
    }
  }

  private func heading(_ title: String, count: Int) -> Markup {
    Markup("h3", [:], say(title), " ", Markup("small", [:], "\(count)"))
  }

  /// The levels that changed, then how much else did.
  private var moved: Markup {
    let movements = report.movements
    let heading = Markup("h3", [:], Markup(changesTitle)) + Markup("p", ["class": "note"], changed)
    guard !movements.isEmpty else { return heading }
    let levels = movements.filter { $0.level != nil }
    let rows = levels.prefix(8).compactMap { movement in
      movement.level.map { level in
        row(
          "\(level.department)", value(level.name.map(Datum.text) ?? .erased),
          say("Level") + " " + Markup(level.change.words))
      }
    }
    let more = levels.count - rows.count
    let rest =
      more > 0
      ? [row("", say("{count} more: {command}", ["count": "\(more)", "command": "cem diff"]), "")]
      : []
    let others = movements.filter { $0.level == nil }.map { movement in
      let names = movement.things.prefix(6).map(\.name).joined(separator: Words.listMark)
      return row(
        "\(movement.things.count)", say(movement.what),
        Markup(names + (movement.things.count > 6 ? " …" : "")))
    }
    return heading
      + Markup("table", ["class": "changes"], Markup("tbody", [:], rows + rest + others))
  }

  private func row(_ first: Markup, _ second: Markup, _ third: Markup) -> Markup {
    Markup(
      "tr", [:], Markup("td", ["class": "k"], first), Markup("td", ["class": "t"], second),
      Markup("td", [:], third))
  }

  private var latestDelivery: Markup {
    get throws {
      let latest = report.overview.delivery.latestFirst
      guard !latest.isEmpty else { return .empty }
      return try heading("deliveryGaps", "Delivery gap")
        + table(report.deliveryTable(latest), most: 5, all: "cem survey delivery")
    }
  }
}
