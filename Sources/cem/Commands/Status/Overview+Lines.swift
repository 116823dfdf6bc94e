import CEMDomain
import CEMStore

extension Overview {
  /// How many of a kind are named before the rest is only counted.
  private static let most = 5

  /// The lines of the picture.
  func lines(width: Int, usesColor: Bool) -> [String] {
    var rows: [(title: String, texts: [String])] = [(Words.say("level"), levels)]
    if department == nil {
      rows.append((Words.say("open gaps"), [chain]))
    } else {
      rows.append((Words.say("open gaps"), gapTexts))
      rows.append((Words.say("initiatives"), initiativeTexts))
    }
    rows.append((Words.say("moments of truth at risk"), moments))
    if !pilots.isEmpty { rows.append((Words.say("pilots"), returns)) }
    if !delivery.isEmpty { rows.append((Words.say("delivery gap"), deliveries)) }
    rows.append((Words.say("agenda of the week"), waiting))
    let name = department.flatMap { code in reports.first { $0.department == code }?.name }
    let heading = department == nil ? Words.say("THE PROGRAM") : name ?? Words.say("(erased)")
    // A narrow terminal has the titles on lines of their own.
    let titleWidth = (rows.map(\.title.displayWidth).max() ?? 0) + TableLayout.gap
    let isNarrow = width < titleWidth * 3
    let indent = isNarrow ? 2 : titleWidth
    var lines = ["", Paint(isOn: usesColor).bold(heading.printable().fitted(to: width))]
    for (title, texts) in rows {
      if isNarrow { lines.append(title.fitted(to: width)) }
      for (index, text) in texts.enumerated() {
        for (place, part) in text.printable().wrapped(to: max(20, width - indent)).enumerated() {
          let isFirst = index == 0 && place == 0 && !isNarrow
          // What goes on from the line before stands a little further in.
          lines.append((isFirst ? title : "").padded(indent) + part)
        }
      }
    }
    return lines
  }

  // MARK: Levels

  private var levels: [String] {
    if let department {
      return reports.first { $0.department == department }.map(levelTexts) ?? []
    }
    let known = reports.compactMap { $0.standing?.level }.sorted()
    var parts = [
      standing.map { "\($0.level) \(Words.level($0.level))" } ?? Words.say("not assessed")
    ]
    if let lowest = known.first {
      parts.append(Words.say("lowest %1", "\(lowest)"))
      parts.append(Words.say("median %1", "\(known[(known.count - 1) / 2])"))
    }
    let counts = (0...Catalog.highestLevel).compactMap { level -> String? in
      let count = known.count { $0 == level }
      return count > 0 ? "\(count) × \(level)" : nil
    }
    if !counts.isEmpty {
      parts.append(Words.pair(Words.say("departments"), counts.joined(separator: ", ")))
    }
    let unassessed = reports.count - known.count
    if unassessed > 0 { parts.append(Words.say("%1 not assessed", "\(unassessed)")) }
    return [parts.joined(separator: " · ")]
  }

  /// A department's level, and how its actions stand.
  private func levelTexts(_ report: DepartmentReport) -> [String] {
    guard let standing = report.standing else { return [Words.say("not assessed")] }
    var parts = ["\(standing.level) \(Words.level(standing.level))", name(standing.basis)]
    parts.append(Words.say("since %1", "\(standing.since)"))
    if report.isUnsupported { parts.append(Words.say("unsupported")) }
    if report.isReadyToAdvance { parts.append(Words.say("ready")) }
    return [parts.joined(separator: " · ")]
      + report.actions.map { status in
        "\(status.counts ? "✓" : "✗") \(status.action) \(Words.action(status.action))"
      }
  }

  // MARK: Gaps and initiatives

  private var chain: String {
    GapLink.allCases.map { link in
      "\(Catalog.label(link, in: Words.language)) \(reports.reduce(0) { $0 + $1.openGaps(on: link) })"
    }.joined(separator: " · ")
  }

  private var gapTexts: [String] {
    guard !gaps.isEmpty else { return [Words.say("none")] }
    return [chain]
      + Overview.first(gaps) { row in
        let link = Catalog.label("GapLink", Datum(row["link"]).plain, in: Words.language)
        return [
          StreamID(.gap, number: row.number("gap")).reference, Datum(row["title"]).display,
          link ?? "", Overview.date(row["due_on"]),
        ]
      }
  }

  private var initiativeTexts: [String] {
    guard !initiatives.isEmpty else { return [Words.say("none")] }
    return Overview.first(initiatives) { row in
      let isOnHold = row["on_hold"] == .boolean(true)
      let state = isOnHold ? "onHold" : Datum(row["stage"]).plain
      let colour = Catalog.label("StatusColour", Datum(row["colour"]).plain, in: Words.language)
      return [
        StreamID(.initiative, number: row.number("initiative")).reference,
        Datum(row["title"]).display,
        Catalog.label("InitiativeLife.Status", state, in: Words.language) ?? state,
        colour ?? "", Overview.date(row["due_on"]),
      ]
    }
  }

  // MARK: Experience

  private var moments: [String] {
    guard !atRisk.isEmpty else { return [Words.say("none")] }
    return Overview.first(atRisk) { row in
      let (gaps, missed) = (row.number("open_gaps"), row.number("standards_missed"))
      return [
        StreamID(.touchpoint, number: row.number("touchpoint")).reference,
        Datum(row["name"]).display, department == nil ? Datum(row["department"]).display : "",
        gaps > 0 ? Words.count(gaps, "open gap") : "",
        missed > 0 ? Words.count(missed, "standard missed") : "",
      ]
    }
  }

  private var returns: [String] {
    pilots.map { sum in
      [
        Words.count(sum.count, "pilot"),
        "\(Words.say("cost")) \(sum.cost) \(sum.currency)",
        "\(Words.say("benefit")) \(sum.benefit) \(sum.currency)",
        "\(Words.say("return")) \(sum.gain.map { "\($0)" } ?? Words.say("unknown"))",
      ].joined(separator: " · ")
    }
  }

  private var deliveries: [String] {
    func shown(_ value: Exact?) -> String { value.map { "\($0)" } ?? "–" }
    return delivery.suffix(6).map { period, gap in
      [
        period, "\(Words.say("believe")) \(shown(gap.employees.share))",
        "\(Words.say("agree")) \(shown(gap.customers.share))",
        "\(Words.say("delivery gap")) \(shown(gap.size))",
      ].joined(separator: " · ")
    }
  }

  // MARK: Agenda

  private var waiting: [String] {
    let items = agenda.filter { $0.kind != .due || ($0.days ?? 0) <= 7 }
    guard !items.isEmpty else { return [Words.say("nothing waits")] }
    let counts = AgendaItem.Kind.allCases.compactMap { kind -> String? in
      let count = items.count { $0.kind == kind }
      return count > 0 ? "\(count) \(Overview.kind(kind))" : nil
    }
    return [counts.joined(separator: " · ")]
      + Overview.first(items) { item in
        [Overview.kind(item.kind), item.refText, item.title ?? "", item.date?.description ?? ""]
      }
  }

  private static func kind(_ kind: AgendaItem.Kind) -> String {
    Catalog.label("AgendaItem.Kind", kind.rawValue, in: Words.language) ?? kind.rawValue
  }

  private static func date(_ value: Value) -> String {
    value == .null ? "" : Datum(value).display
  }

  /// A line for each of the first few, its parts side by side, and how many there are beyond.
  private static func first<Row>(_ rows: [Row], _ parts: (Row) -> [String]) -> [String] {
    rows.prefix(most).map { parts($0).filter { !$0.isEmpty }.joined(separator: "  ") }
      + (rows.count > most ? [Words.say("… and %1 more", "\(rows.count - most)")] : [])
  }
}
