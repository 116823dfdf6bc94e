import CEMDomain
import CEMStore

extension ReportPage {
  /// A department's own page.
  /// - Parameter agenda: what waits there.
  func department(
    _ department: DepartmentReport, _ steps: [Report.LevelStep], _ agenda: [AgendaItem]
  ) throws -> Markup {
    let code = department.department
    return section(
      "d-\(code)",
      value(department.name.map(Datum.text) ?? .erased) + " "
        + Markup("small", [:], Markup(code.code)),
      class: "department",
      [
        try standing(department), assessment(department), try tiles(department),
      ] + (try state(department, steps)) + [
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

  /// The first section of a department's own report.
  func glance(_ department: DepartmentReport, _ steps: [Report.LevelStep]) throws -> Markup {
    section(
      "d-\(department.department)", say("At a glance"),
      [
        try standing(department), assessment(department), try inProgram, try tiles(department),
        try restated,
      ] + (try state(department, steps)) + (try practice)
        + [sources(department.department, nil)])
  }

  /// How a department stands, and what it works on.
  private func state(
    _ department: DepartmentReport, _ steps: [Report.LevelStep]
  ) throws -> [Markup] {
    let code = department.department
    return [
      try chain(department), try levels(department, steps),
      part("Required actions", table(report.actionTable([department]), without: ["department"])),
      part(
        "Open gaps",
        table(
          report.gapTable(try report.openGaps(of: code)), without: ["department", "relativeSize"],
          all: "cem gap list --department \(code) --state open")),
      part(
        "Initiatives under way",
        table(
          report.initiativeTable(try report.openInitiatives(of: code)), without: ["department"],
          all: "cem initiative list --department \(code)")),
    ]
  }

  /// Where the program stands around a department.
  var inProgram: Markup {
    get throws {
      let parts = try [
        ("level of the program", "programLevel"), ("median level", "medianLevel"),
        ("lowest level", "lowestLevel"), ("departments", "departments"),
        ("not assessed", "notAssessed"),
      ].map { say($0) + " " + Markup("b", [:], try figure($1)) }
      return Markup(
        "p", ["class": "soft"],
        say("In the program:") + " " + Markup(joining: parts, by: " · "))
    }
  }

  private func part(_ title: String, _ content: Markup) -> Markup {
    Markup("h3", [:], say(title)) + content
  }

  func standing(_ department: DepartmentReport) throws -> Markup {
    let code = department.department
    var parts = [Chart.meter(department.standing?.level), " "]
    if let retirement = department.retirement {
      let successors = (retirement.successors ?? []).map(\.code)
      parts += [
        Markup("span", ["class": "tag"], say("retired on {day}", ["day": "\(retirement.on)"])),
        Markup(successors.isEmpty ? "" : " → " + successors.joined(separator: Words.listMark)),
        " · ",
      ]
    }
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

  /// - Parameter more: further ones behind them.
  func tiles(_ department: DepartmentReport, and more: [Markup] = []) throws -> Markup {
    let code = department.department
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
      "div", ["class": more.isEmpty ? "tiles" : "tiles small"],
      [try tile("openGaps", of: code, "open gaps"), actions] + status + more)
  }

  func levels(
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
  func sources(_ departments: DepartmentCode?...) -> Markup {
    let shown = departments.flatMap { figures.shown(of: $0) }
    let items = shown.compactMap { id, explanation -> Markup? in
      guard !explanation.events.isEmpty else { return nil }
      return Markup(
        "li", ["id": id.anchor], Markup(Words.figure(id.figure)),
        // What is a table of its own is not repeated.
        explanation.value.isTable
          ? .empty : " " + Markup("b", [:], Markup(Datum(explanation.value).reading)), ": ",
        figures.areEventsListed(of: id, explanation)
          ? positions(explanation.positions)
          : Markup(ReportPage.command(for: id, explanation)))
    }
    guard !items.isEmpty else { return .empty }
    return Markup(
      "div", ["class": "sources"],
      Markup("h3", [:], say("Where the figures come from: positions in the log")),
      Markup("ul", [:], items))
  }

  /// What lists the events of a figure where the report does not.
  static func command(for id: ReportFigures.ID, _ explanation: Explanation) -> String {
    let department = id.department.map { " \($0)" } ?? ""
    return Words.say(
      "{count} events: {command}",
      ["count": "\(explanation.events.count)", "command": "cem explain \(id.figure)\(department)"])
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

extension JSON {
  /// Whether it has parts.
  fileprivate var isTable: Bool {
    switch self {
    case .object, .array: true
    case .null, .bool, .int, .string: false
    }
  }
}
