import CEMDomain
import CEMStore

extension ReportPage {
  /// A department's own page.
  func department(_ department: DepartmentReport, _ steps: [Report.LevelStep]) throws -> Markup {
    let code = department.department
    let gaps = try report.openGaps(of: code)
    let initiatives = try report.openInitiatives(of: code)
    let agenda = report.overview.agenda.items.filter {
      $0.record.entity.state.departments.contains(code)
    }
    return section(
      "d-\(code)",
      value(department.name.map(Datum.text) ?? .erased) + " "
        + Markup("small", [:], Markup(code.code)),
      class: "department",
      [
        try standing(department), assessment(department), try tiles(department),
        try chain(department),
        try levels(department, steps),
        part("Required actions", table(report.actionTable([department]), without: ["department"])),
        part(
          "Open gaps",
          table(
            report.gapTable(gaps), without: ["department", "relativeSize"],
            all: "cem gap list --department \(code) --state open")),
        part(
          "Initiatives under way",
          table(
            report.initiativeTable(initiatives), without: ["department"],
            all: "cem initiative list --department \(code)")),
        agenda.isEmpty
          ? .empty
          : part(
            "Agenda",
            table(
              report.agendaTable(agenda), without: ["departments"], most: 15,
              all: "cem agenda \(code)")),
        sources(code),
      ])
  }

  private func part(_ title: String, _ content: Markup) -> Markup {
    Markup("h3", [:], say(title)) + content
  }

  private func standing(_ department: DepartmentReport) throws -> Markup {
    let code = department.department
    var parts = [Chart.meter(department.standing?.level), " "]
    if let standing = department.standing {
      parts += [
        say("Level"), " ", try figure("level", of: code), " · ",
        Markup(Words.level(standing.level)),
        " · ", say("since"), " ", try figure("levelSince", of: code), " · ",
        value(Datum(standing.basis)),
      ]
    } else {
      parts.append(say("not assessed"))
    }
    if department.isUnsupported {
      parts += [
        " ", Markup("span", ["class": "tag unsupported"], say("unsupported")),
      ]
    } else if department.standing?.isDue == true {
      parts += [" ", Markup("span", ["class": "tag to-assess"], say("to assess"))]
    } else if department.isReadyToAdvance {
      parts += [" ", Markup("span", ["class": "tag ready"], say("ready to advance"))]
    }
    if let lead = department.lead {
      let name = report.people[lead.code]
      parts += [
        " · ", say("lead"), " ",
        Markup("span", ["title": name == nil ? nil : lead.code], Markup(name ?? lead.code)),
      ]
    }
    return Markup("p", ["class": "lead"], parts)
  }

  /// How the level was assessed the last time: when, by which method, by whom and why.
  private func assessment(_ department: DepartmentReport) -> Markup {
    guard department.standing != nil,
      let assessment = report.assessments[.maturity(department.department)]
    else { return .empty }
    var parts = [
      say("assessed on {day}", ["day": "\(assessment.on)"]), " · ",
      value(Datum(assessment.method)),
    ]
    if let assessor = assessment.assessor {
      let name = report.people[assessor.code]
      parts += [
        " · ", say("assessor"), " ",
        Markup("span", ["title": name == nil ? nil : assessor.code], Markup(name ?? assessor.code)),
      ]
    }
    parts += [" · ", value(Datum(assessment.rationale))]
    return Markup("p", ["class": "soft"], parts)
  }

  private func tiles(_ department: DepartmentReport) throws -> Markup {
    let code = department.department
    func tile(_ figure: String, _ words: String, isBad: Bool = false) throws -> Markup {
      Markup(
        "div", ["class": isBad ? "tile bad" : "tile"],
        Markup("b", [:], try self.figure(figure, of: code)), Markup("span", [:], say(words)))
    }
    let actions = Markup(
      "div", ["class": "tile"],
      Markup(
        "b", [:], try figure("actionsDone", of: code), " / ",
        try figure("actionsRequired", of: code)),
      Markup("span", [:], say("actions of the level done")))
    let status = try InitiativeLife.Status.allCases.compactMap { status -> Markup? in
      let id = "initiatives.\(status.rawValue)"
      let explanation = try figures.show(id, of: code)
      guard explanation.value != 0 else { return nil }
      let name = Catalog.label("InitiativeLife.Status", status.rawValue, in: Words.language)
      return Markup(
        "div", ["class": "tile"], Markup("b", [:], try figure(id, of: code)),
        Markup("span", [:], say("initiatives"), ": ", Markup(name ?? status.rawValue)))
    }
    return Markup(
      "div", ["class": "tiles"], [try tile("openGaps", "open gaps"), actions] + status)
  }

  private func levels(
    _ department: DepartmentReport, _ steps: [Report.LevelStep]
  ) throws -> Markup {
    guard !steps.isEmpty else { return .empty }
    let title = Words.say("Level over time")
    let rows = steps.map { (department: department.department.code, step: $0) }
    return pair(
      title,
      Chart.steps("c-level-\(department.department)", title: title, steps, until: report.day),
      table(report.stepTable(rows), without: ["department", "levelName"]))
  }

  /// Each figure that was shown, with the positions of its events.
  func sources(_ department: DepartmentCode?) -> Markup {
    let items = figures.shown(of: department).compactMap { id, explanation -> Markup? in
      guard !explanation.events.isEmpty else { return nil }
      return Markup(
        "li", ["id": id.anchor], Markup(Words.figure(id.figure)),
        // What is a table of its own is not repeated.
        explanation.value.object == nil
          ? " " + Markup("b", [:], Markup(Datum(explanation.value).reading)) : .empty, ": ",
        positions(explanation.positions))
    }
    guard !items.isEmpty else { return .empty }
    return Markup(
      "div", ["class": "sources"],
      Markup("h3", [:], say("Where the figures come from: positions in the log")),
      Markup("ul", [:], items))
  }

  /// Positions with links to their events, runs of them as a span.
  func positions(_ positions: [Int64]) -> Markup {
    func link(_ position: Int64) -> Markup {
      Markup("a", ["href": "#e\(position)"], "\(position)")
    }
    var spans: [(first: Int64, last: Int64)] = []
    for position in positions {
      if let last = spans.last, last.last + 1 == position {
        spans[spans.count - 1].last = position
      } else {
        spans.append((position, position))
      }
    }
    return Markup(
      joining: spans.map { first, last in
        first == last
          ? link(first) : link(first) + (last == first + 1 ? ", " : "–") + link(last)
      }, by: ", ")
  }
}
