import CEMDomain
import CEMStore

extension ReportPage {
  /// All departments in one table, each row leading to its own section.
  var departments: Markup {
    get throws {
      let links = GapLink.allCases.enumerated().map { index, link in
        (link, link == .undiagnosed ? "G?" : "G\(index + 1)")
      }
      let titles = [say("Department"), say("Name"), say("Level"), say("To advance")].map {
        Markup("th", ["scope": "col"], $0)
      }
      let counts = links.map { link, name in
        Markup(
          "th",
          ["scope": "col", "class": "n", "title": Catalog.label(link, in: Words.language)],
          Markup(name))
      }
      let last = Markup("th", ["scope": "col", "class": "n"], say("Initiatives"))
      let rows = try report.reports.map { department in
        let code = department.department
        return Markup(
          "tr", [:],
          [
            Markup("td", ["class": "k"], Markup("a", ["href": "#d-\(code)"], Markup(code.code))),
            Markup("td", ["class": "t"], value(department.name.map(Datum.text) ?? .erased)),
            Markup(
              "td", ["class": "k"], Chart.meter(department.standing?.level), " ",
              try figure("level", of: code)),
            Markup("td", [:], try toAdvance(department)),
          ]
            + links.map { link, _ in
              let count = department.openGaps(on: link)
              return Markup("td", ["class": count > 0 ? "n" : "n empty"], "\(count)")
            } + [
              Markup("td", ["class": "n"], "\([department].initiativesUnderWay)")
            ])
      }
      let grid = Markup(
        "div", ["class": "scroll"],
        Markup(
          "table", [:], Markup("thead", [:], Markup("tr", [:], titles + counts + [last])),
          Markup("tbody", [:], rows)))
      let key = links.map { "\($1) \(Catalog.label($0, in: Words.language))" }
      return section(
        "departments", say("Departments"), class: "page",
        [Markup("p", ["class": "note"], Markup(key.joined(separator: " · "))), grid])
    }
  }

  /// What a department still has to do for its next level.
  func toAdvance(_ report: DepartmentReport) throws -> Markup {
    guard let level = report.standing?.level else { return say("not assessed") }
    if report.isUnsupported {
      return Markup("span", ["class": "tag unsupported"], say("unsupported"))
    }
    if report.standing?.isDue == true {
      return Markup("span", ["class": "tag to-assess"], say("to assess"))
    }
    if report.isReadyToAdvance { return Markup("span", ["class": "tag ready"], say("ready")) }
    if report.missingActions.isEmpty, level == Catalog.highestLevel { return say("sustained") }
    return Markup(report.missingActions.map(\.description).joined(separator: ", "))
  }

  /// What hurts: unsupported levels, overdue work, the worst gaps, moments of truth, the agenda.
  var attention: Markup {
    get throws {
      let code = report.scope.department
      let overdue = try report.openInitiatives(of: code).filter {
        $0.initiative.isOverdue(on: report.day)
      }
      let worst = Array(try report.openGaps().prefix(10))
      let agenda = report.overview.agenda.items
      let counts = AgendaItem.Kind.allCases.compactMap { kind -> Markup? in
        let count = agenda.count { $0.kind == kind }
        guard count > 0 else { return nil }
        let name = Catalog.label("AgendaItem.Kind", kind.rawValue, in: Words.language)
        return Markup(
          "span", ["class": "tag \(kind.rawValue)"], "\(count) \(name ?? kind.rawValue)")
      }
      return section(
        "attention", say("What needs attention"), class: "page",
        [
          Markup(
            "p", [:], counts.isEmpty ? [say("nothing waits")] : [Markup(joining: counts, by: " ")]),
          Markup("h3", [:], say("Levels without support")), table(try report.unsupportedTable()),
          Markup("h3", [:], say("Overdue initiatives")),
          table(
            report.initiativeTable(overdue), without: ["step", "budget", "currency"],
            all: "cem initiative list --overdue" + (code.map { " --department \($0)" } ?? "")),
          // All of a department's stand in its own list, the worst first.
          code != nil
            ? .empty
            : Markup("h3", [:], say("Worst gaps"))
              + table(report.gapTable(worst), without: ["expected", "perceived", "size", "unit"]),
          Markup("h3", [:], say("Moments of truth at risk")), table(report.momentTable),
          Markup("h3", [:], say("Agenda")),
          table(
            report.agendaTable(agenda), most: 25, empty: "nothing waits",
            all: "cem agenda" + (code.map { " \($0)" } ?? "")),
        ])
    }
  }

  /// The departments' levels at the ends of quarters or months.
  func maturity(_ steps: [String: [Report.LevelStep]]) throws -> Markup {
    let counts = try report.levelCounts(steps)
    let title = Words.say("Departments by level over time")
    guard !counts.isEmpty else {
      return section(
        "maturity", say("Maturity over time"), class: "page",
        [Markup("p", ["class": "empty"], say("no department was assessed yet"))])
    }
    let legend = Markup(
      "p", ["class": "legend"],
      (0...Catalog.highestLevel).map { level in
        Markup(
          "span", [:], Markup("i", ["class": "l\(level)"]), "\(level) \(Words.level(level))")
      } + [Markup("span", [:], Markup("i", ["class": "none"]), say("not assessed"))])
    let picture = Markup(
      "figure", [:], Markup("figcaption", [:], Markup(title)),
      Chart.levels("c-time", title: title, counts), legend)
    let latest = steps.flatMap { department, steps in
      steps.map { (department: department, step: $0) }
    }
    .sorted {
      $0.step.day != $1.step.day ? $0.step.day > $1.step.day : $0.department < $1.department
    }
    return section(
      "maturity", say("Maturity over time"), class: "page",
      [
        picture, table(report.levelCountTable(counts)),
        Markup("h3", [:], say("Latest changes of level")),
        table(report.stepTable(Array(latest.prefix(12)))),
      ])
  }
}
