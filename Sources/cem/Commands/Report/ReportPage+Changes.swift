import CEMDomain
import CEMStore

extension ReportPage {
  /// What changed since a moment, by department.
  var changes: Markup {
    get throws {
      let parts = report.isFromTheStart ? [] : report.changes.parts
      return section(
        "changes", Markup(changesTitle), class: parts.isEmpty ? nil : "page",
        [Markup("p", [:], changed), try insights] + parts.map { self.part($0) })
    }
  }

  /// How much changed, in a sentence.
  var changed: Markup {
    let events = report.changedEvents
    if events == 0 { return say("Nothing changed.") }
    if report.isFromTheStart {
      return say(
        "The log begins later: all of its {events} events are new.", ["events": "\(events)"])
    }
    func count(_ kind: LogDiff.Thing.Kind) -> String {
      let things = report.changes.parts.flatMap(\.things).filter { $0.kind == kind }
      return "\(Set(things.map(\.stream)).count)"
    }
    return say(
      "Events: {events}. New: {new}, changed: {changed}, voided: {voided}.",
      [
        "events": "\(events)", "new": count(.new), "changed": count(.changed),
        "voided": count(.voided),
      ])
  }

  /// What was found out meanwhile.
  private var insights: Markup {
    get throws {
      let table = try report.insightTable
      guard !table.rows.isEmpty else { return .empty }
      let command =
        "cem insight list" + (report.scope.department.map { " --department \($0)" } ?? "")
      return Markup("h3", [:], say("Insights recorded"))
        + self.table(
          table, without: ["source", "segment", "touchpoint", "journeyStage"], most: 10,
          all: command)
    }
  }

  /// From when on changes are counted.
  var changesTitle: String {
    switch report.since {
    case .happened(let day):
      return Words.say("What changed after {day}, by business date", ["day": "\(day)"])
    case .recorded(let moment, let point):
      let words: String =
        switch moment {
        case .day(let day): "\(day)"
        case .time(let time): time
        case .now, .position, .ago:
          Words.say("position {position}", ["position": "\(point.position)"])
        }
      return Words.say("What changed since {moment}", ["moment": words])
    }
  }

  /// How many things of a department are listed.
  private static let mostThings = 12

  private func part(_ part: DiffView.Part) -> Markup {
    let title =
      part.department.map { code in
        Markup("a", ["href": report.hasPage(code) ? "#d-\(code)" : nil], Markup(code.code)) + " "
          + value(part.name.map(Datum.text) ?? .erased)
      } ?? say("no department")
    let figures = part.figures.map { figure in
      row(
        Markup(Words.figure(figure.change.field)), Markup(words(figure.change, of: nil)),
        figure.positions)
    }
    let things = part.things.prefix(ReportPage.mostThings).map { thing in
      row(Markup(thing.name), describe(thing), thing.positions)
    }
    var rows = figures + things
    if part.things.count > ReportPage.mostThings {
      let command = "cem diff \(part.department?.code ?? "")"
      let more = say(
        "{count} more: {command}",
        ["count": "\(part.things.count - ReportPage.mostThings)", "command": command])
      rows.append(Markup("tr", [:], Markup("td", ["colspan": "3", "class": "empty"], more)))
    }
    return Markup("h3", [:], title)
      + Markup("table", ["class": "changes"], Markup("tbody", [:], rows))
  }

  private func row(_ name: Markup, _ what: Markup, _ positions: [Int64]) -> Markup {
    let numbers =
      positions.prefix(6).map { "\($0)" }.joined(separator: ", ")
      + (positions.count > 6 ? ", …" : "")
    return Markup(
      "tr", [:], Markup("td", ["class": "k"], name), Markup("td", ["class": "t"], what),
      Markup("td", ["class": "n empty"], Markup(numbers)))
  }

  private func describe(_ thing: LogDiff.Thing) -> Markup {
    let name = thing.title.map { Markup($0) } ?? .empty
    guard thing.kind == .changed else {
      let kind = Markup("b", [:], say(thing.kind.rawValue))
      return name.isEmpty ? kind : kind + ": " + name
    }
    let telling = thing.changes.filter { !ReportPage.bookkeeping.contains($0.field) }
    let changes = telling.map { change in
      Markup(ReportPage.title(of: change.field)) + ": "
        + Markup(words(change, of: thing.stream.kind))
    }
    let all = Markup(joining: changes, by: " · ")
    return name.isEmpty ? all : name + Markup("br", [:]) + Markup("small", [:], all)
  }

  /// What a field is called: the last part of `lastUpdate.note` says it, and an action has its number. What there
  /// is several times over also says of which day, period or item it is.
  private static func title(of field: String) -> String {
    let parts = field.split(separator: ".").map(String.init)
    let last = Words.fieldTitle(parts.last ?? "")
    switch (parts[0], parts.count) {
    case ("actions", 2...): return Words.say("Action") + " " + field.dropFirst("actions.".count)
    case ("measurements", 3...): return "\(parts[1]) \(last)"
    case ("versions", 2...): return "\(Words.fieldTitle("target")) \(parts[1])"
    case ("closes", 2...): return "\(Words.say("Closed")) \(parts[1])"
    case ("plan", 2...):
      return Words.fieldTitle("plan") + ": "
        + (Catalog.label("ContactPlanItem", parts[1], in: Words.language) ?? parts[1])
    default: return last
    }
  }

  /// Fields that follow from others, and say nothing to whoever reads those.
  private static let bookkeeping: Set<String> = [
    "voided", "updates", "stateSince", "stageBeforeEnd", "reassessments", "reopenings", "heldSince",
    "lastUpdate.on", "lastPilot.on", "lastPilot.since", "pilot.since", "pilots",
  ]

  /// An old and a new value, terms by their names.
  private func words(_ change: FieldChange, of kind: EntityKind?) -> String {
    func shown(_ value: JSON?) -> String {
      if let id = value?.string,
        let term = ReportPage.term(change.field, kind),
        let label = Catalog.label(term, id, in: Words.language)
      {
        return label
      }
      return value.map { Datum($0).reading } ?? "–"
    }
    return change.old == nil ? shown(change.new) : "\(shown(change.old)) → \(shown(change.new))"
  }

  /// The kind of term that a field holds.
  private static func term(_ field: String, _ kind: EntityKind?) -> String? {
    switch (field, kind) {
    case ("state", .gap?): "GapLife.Stage"
    case ("state", .initiative?): "InitiativeLife.Stage"
    case ("link", _), ("worstLink", _): "GapLink"
    case ("step", _): "Step"
    case ("levelBasis", _), ("basis", _): "LevelStanding.Basis"
    case ("lastUpdate.rag", _): "StatusColour"
    case ("lastPilot.result.verdict", _): "Verdict"
    case ("lastPilot.result.benefitKind", _): "BenefitKind"
    case ("phase", _): "Phase"
    case ("dimension", _): "Dimension"
    case ("attribute", _): "Attribute"
    default: nil
    }
  }
}

extension Report.Since {
  /// The option that names it again, whenever that is.
  fileprivate var option: String {
    switch self {
    case .happened(let day), .recorded(.day(let day), _): "--since \(day)"
    case .recorded(.time(let time), _): "--since \(time)"
    case .recorded(_, let point): "--since \(point.position)"
    }
  }
}

extension Report {
  /// Whether a department has a section of its own.
  func hasPage(_ code: DepartmentCode) -> Bool {
    !scope.isSummary && reports.contains { $0.department == code }
  }

  /// Whether nothing was there yet when the changes begin.
  var isFromTheStart: Bool { changes.diff.before.state.entities.isEmpty }

  /// How many events lie in what changed; of a department, those that it is concerned by.
  fileprivate var changedEvents: Int {
    guard scope.department != nil else { return changes.diff.events }
    return Set(changes.parts.flatMap { $0.things.flatMap(\.positions) }).count
  }
}

extension ReportPage {
  /// The events that the figures come from.
  var events: Markup {
    get throws {
      let titles = ["Position", "Date", "Thing", "What", "Recorded by"].map {
        Markup("th", ["scope": "col"], say($0))
      }
      let rows = figures.events.map { stored in
        let view = EventView(stored)
        return Markup(
          "tr", ["id": "e\(stored.position)"],
          Markup("td", ["class": "k"], "\(stored.position)"),
          Markup("td", ["class": "k"], "\(stored.occurredOn)"),
          Markup("td", ["class": "k"], Markup(view.thing)),
          Markup(
            "td", ["class": "t"], Markup("small", [:], Markup(stored.type)), Markup("br", [:]),
            Markup(view.words)),
          Markup("td", ["class": "k"], Markup(view.who)))
      }
      return section(
        "events", say("Events"), class: report.scope.isSummary ? "page screen" : "page",
        [
          Markup(
            "p", ["class": "note"], say("The events from which the figures of this report follow.")),
          Markup(
            "div", ["class": "scroll"],
            Markup(
              "table", [:], Markup("thead", [:], Markup("tr", [:], titles)),
              Markup("tbody", [:], rows))),
        ])
    }
  }

  /// How anybody makes the report again, and checks it.
  var colophon: Markup {
    get throws {
      var again = ["--program \(report.slug)"]
      if let department = report.scope.department { again.append("--department \(department)") }
      if report.scope.isSummary { again.append("--summary") }
      if !report.isClosed { again.append("--as-of \(report.point.position)") }
      if let period = report.period { again.append("--period \(period.period)") }
      if report.isClosed {
        again.append("--known-at \(report.restated?.position ?? report.point.position)")
      }
      again += [
        "--on \(report.day)", report.since.option, "--lang \(Words.language.rawValue)",
        "--out FILE",
      ]
      // An option is not broken, so that it can be read.
      let options = again.map { Markup("span", ["class": "w"], Markup($0)) }
      return Markup(
        "footer", [:],
        Markup(
          "p", [:],
          say(
            "Every figure follows from the events of the log up to position {position}, judged by {day}.",
            ["position": "\(report.point.position)", "day": "\(report.day)"])),
        Markup("p", [:], say("Check the log:"), " ", Markup("code", [:], "cem audit verify")),
        Markup(
          "p", [:], say("Make this report again:"), " ",
          Markup("code", [:], "cem report ", Markup(joining: options, by: " "))))
    }
  }
}
