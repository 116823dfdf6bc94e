import CEMDomain
import CEMStore

extension ProgramOverview {
  /// How many of a kind are named before the rest is only counted.
  private static let most = 5

  /// What stands beside a title: texts whose parts stay whole, then things in columns.
  private struct Block {
    /// Each text as its parts.
    var texts: [[String]]
    /// Each thing as its cells, all alike; an empty cell is one that is not there.
    var things: [[String]] = []
    /// How many things there are beyond.
    var more = 0

    init(_ texts: [[String]], _ things: [[String]] = [], more: Int = 0) {
      (self.texts, self.things, self.more) = (texts, things, more)
    }

    init(_ text: String) { self.init([[text]]) }

    func lines(width: Int) -> [String] {
      var lines = texts.flatMap { $0.flowing(in: width) }
      let columns = (things.first ?? []).indices.map { index in
        TableLayout.Column(title: "", isNumeric: false, cells: things.map { $0[index].printable() })
      }.filter { column in column.cells.contains { !$0.isEmpty } }
      if !columns.isEmpty { lines += TableLayout(columns, width: width).rows(columns) }
      if more > 0 { lines.append(Words.say("… and %1 more", "\(more)")) }
      return lines
    }
  }

  /// The lines of the picture.
  func lines(width: Int, usesColor: Bool) -> [String] {
    var rows: [(title: String, block: Block)] = [(Words.say("level"), levels)]
    if department == nil {
      rows.append((Words.say("open gaps"), Block([chain])))
    } else {
      rows.append((Words.say("open gaps"), gapTexts))
      rows.append((Words.say("initiatives"), initiativeTexts))
    }
    rows.append((Words.say("moments of truth at risk"), moments))
    if !pilots.isEmpty { rows.append((Words.say("pilots"), returns)) }
    if !budgets.isEmpty { rows.append((Words.say("budgets under way"), budgetTexts)) }
    if !approvals.isEmpty { rows.append((Words.say("approvals"), approvalTexts)) }
    if !delivery.isEmpty { rows.append((Words.say("delivery gap"), deliveries)) }
    rows.append((Words.say("agenda of the week"), waiting))
    let name = department.flatMap { code in reports.first { $0.department == code }?.name }
    let heading = department == nil ? Words.say("THE PROGRAM") : name ?? Words.say("(erased)")
    // Where little is left beside the titles, they have lines of their own.
    let titleWidth = (rows.map(\.title.displayWidth).max() ?? 0) + TableLayout.gap
    let isNarrow = width - titleWidth < 66
    let indent = isNarrow ? 2 : titleWidth
    var lines = ["", Paint(isOn: usesColor).bold(heading.printable().fitted(to: width))]
    for (title, block) in rows {
      if isNarrow { lines.append(title.fitted(to: width)) }
      for (index, line) in block.lines(width: max(20, width - indent)).enumerated() {
        lines.append((index == 0 && !isNarrow ? title : "").padded(indent) + line)
      }
    }
    return lines
  }

  // MARK: Levels

  private var levels: Block {
    if let department {
      return reports.first { $0.department == department }.map(levelTexts) ?? Block([])
    }
    let known = reports.compactMap { $0.standing?.level }.sorted()
    var parts = [
      standing.map { "\($0.level) \(Words.level($0.level))" }
        ?? Words.say("the program itself not assessed")
    ]
    if let lowest = known.first {
      parts.append(Words.say("lowest %1", "\(lowest)"))
      parts.append(Words.say("median %1", "\(known[(known.count - 1) / 2])"))
    }
    if !known.isEmpty {
      let counts = (0...Catalog.highestLevel).map { level in "\(known.count { $0 == level })" }
      parts.append(Words.say("departments per level 0–5: %1", counts.joined(separator: " ")))
    }
    let unassessed = reports.count - known.count
    if unassessed > 0 { parts.append(Words.say("%1 not assessed", "\(unassessed)")) }
    return Block([parts])
  }

  /// A department's level, and how its actions stand.
  private func levelTexts(_ report: DepartmentReport) -> Block {
    guard let standing = report.standing else { return Block(Words.say("not assessed")) }
    var parts = ["\(standing.level) \(Words.level(standing.level))", name(standing.basis)]
    parts.append(Words.say("since %1", "\(standing.since)"))
    if report.isUnsupported { parts.append(Words.say("unsupported")) }
    if report.isReadyToAdvance { parts.append(Words.say("ready")) }
    return Block(
      [parts]
        + report.actions.map { status in
          ["\(status.counts ? "✓" : "✗") \(status.action) \(Words.action(status.action))"]
        })
  }

  // MARK: Gaps and initiatives

  private var chain: [String] {
    GapLink.allCases.compactMap { link in
      let count = reports.reduce(0) { $0 + $1.openGaps(on: link) }
      // The whole chain tells where the program stands; of a department only what is open counts.
      guard count > 0 || department == nil else { return nil }
      return "\(Catalog.label(link, in: Words.language)) \(count)"
    }
  }

  private var gapTexts: Block {
    guard !gaps.isEmpty else { return Block(Words.say("none")) }
    return ProgramOverview.first(gaps, under: [chain]) { row in
      let link = Catalog.label("GapLink", Datum(row["link"]).plain, in: Words.language)
      return [
        row.stream(.gap).reference, Datum(row["title"]).display,
        link ?? "", ProgramOverview.date(row["due_on"]),
      ]
    }
  }

  private var initiativeTexts: Block {
    guard !initiatives.isEmpty else { return Block(Words.say("none")) }
    return ProgramOverview.first(initiatives) { row in
      let isOnHold = row["on_hold"] == .boolean(true)
      let state = isOnHold ? "onHold" : Datum(row["stage"]).plain
      let colour = Catalog.label("StatusColour", Datum(row["colour"]).plain, in: Words.language)
      return [
        row.stream(.initiative).reference,
        Datum(row["title"]).display,
        Catalog.label("InitiativeLife.Status", state, in: Words.language) ?? state,
        colour ?? "", ProgramOverview.date(row["due_on"]),
      ]
    }
  }

  // MARK: Experience

  private var moments: Block {
    guard !atRisk.isEmpty else { return Block(Words.say("none")) }
    return ProgramOverview.first(atRisk) { row in
      let (gaps, missed) = (row.number("open_gaps"), row.number("standards_missed"))
      return [
        row.stream(.touchpoint).reference,
        Datum(row["name"]).display, department == nil ? Datum(row["department"]).display : "",
        gaps > 0 ? Words.count(gaps, "open gap") : "",
        missed > 0 ? Words.count(missed, "standard missed") : "",
      ]
    }
  }

  private var returns: Block {
    Block(
      pilots.map { sum in
        [
          Words.count(sum.count, "pilot"),
          "\(Words.say("cost")) \(sum.cost) \(sum.currency)",
          "\(Words.say(sum.kind.phrase)) \(sum.benefit) \(sum.currency)",
          "\(Words.say("return")) \(sum.returnOnInvestment.map { "\($0)" } ?? Words.say("unknown"))",
        ]
      } + (converted?.pilots ?? []).filter(\.cost.isConverted).map(Self.total))
  }

  /// What all pilots come to in the program's currency, and by which rates.
  private static func total(of pilots: Converted.Pilots) -> [String] {
    let currency = pilots.cost.currency
    guard let cost = pilots.cost.known, let benefit = pilots.benefit.known else {
      return [Words.say(pilots.kind.phrase), unknown(pilots.cost)]
    }
    let roi = pilots.returnOnInvestment.map { "\($0)" } ?? Words.say("unknown")
    return [
      Words.say("all in %1", "\(currency)"), "\(Words.say("cost")) \(cost)",
      "\(Words.say(pilots.kind.phrase)) \(benefit)", "\(Words.say("return")) \(roi)",
      by(pilots.cost),
    ]
  }

  private static func unknown(_ sum: ConvertedSum) -> String {
    Words.say(
      "all in %1: unknown without a rate for %2", "\(sum.currency)",
      sum.missing.map(\.description).joined(separator: Words.listMark))
  }

  private static func by(_ sum: ConvertedSum) -> String {
    Words.say("by the rate %1", sum.rates.map(\.description).joined(separator: Words.listMark))
  }

  private var budgetTexts: Block {
    var texts = budgets.map { sum in
      ["\(sum.budget) \(sum.currency)", Words.count(sum.count, "initiative with a budget")]
    }
    if let sum = converted?.budget, sum.isConverted {
      texts.append(
        sum.known.map { ["\(Words.say("all in %1", "\(sum.currency)")) \($0)", Self.by(sum)] }
          ?? [Self.unknown(sum)])
    }
    return Block(texts)
  }

  // MARK: Approvals

  private var approvalTexts: Block {
    let own = approvals.count { $0.approval == nil }
    var parts = own > 0 ? [Words.say("%1 not independently approved", "\(own)")] : []
    let byLogin = Dictionary(grouping: approvals.compactMap(\.approval), by: \.by)
    for (login, given) in byLogin.sorted(by: { $0.key.precedesByBytes($1.key) }) {
      parts.append(Words.say("%1 approved by %2", "\(given.count)", login.printable()))
    }
    guard department != nil else { return Block([parts]) }
    return ProgramOverview.first(approvals, under: [parts]) { row in
      [
        Datum(row.matter).display, row.reference, row.since.description,
        row.approval.map { Words.say("approved by %1", $0.by.printable()) }
          ?? Words.say("not independently approved"),
        row.approval?.request.description ?? "",
      ]
    }
  }

  private var deliveries: Block {
    func shown(_ value: Exact?) -> String { value.map { "\($0)" } ?? "–" }
    return Block(
      delivery.latestFirst.prefix(Self.most).map { row in
        [
          row.period, row.group.name, "\(Words.say("believe")) \(shown(row.gap.employees.share))",
          "\(Words.say("agree")) \(shown(row.gap.customers.share))",
          "\(Words.say("delivery gap")) \(shown(row.gap.size))",
        ]
      }, more: max(0, delivery.count - Self.most))
  }

  // MARK: Agenda

  private var waiting: Block {
    let items = agenda.items.filter { $0.kind != .due || ($0.days ?? 0) <= 7 }
    guard !items.isEmpty else { return Block(Words.say("nothing waits")) }
    let counts = AgendaItem.Kind.allCases.compactMap { kind -> String? in
      let count = items.count { $0.kind == kind }
      return count > 0 ? Words.say("%1 %2", "\(count)", ProgramOverview.kind(kind)) : nil
    }
    return ProgramOverview.first(items, under: [counts]) { item in
      [
        ProgramOverview.kind(item.kind), item.refText, item.title ?? "",
        item.date?.description ?? "",
      ]
    }
  }

  private static func kind(_ kind: AgendaItem.Kind) -> String {
    Catalog.label("AgendaItem.Kind", kind.rawValue, in: Words.language) ?? kind.rawValue
  }

  private static func date(_ value: Value) -> String {
    value == .null ? "" : Datum(value).display
  }

  /// The first few things in columns, and how many there are beyond.
  private static func first<Row>(
    _ rows: [Row], under texts: [[String]] = [], _ cells: (Row) -> [String]
  ) -> Block {
    Block(texts, rows.prefix(most).map(cells), more: max(0, rows.count - most))
  }
}

extension BenefitKind {
  /// What it says of pilots, whose benefits are added up apart.
  fileprivate var phrase: String {
    switch self {
    case .measured: "measured benefit"
    case .estimated: "estimated benefit"
    }
  }
}
