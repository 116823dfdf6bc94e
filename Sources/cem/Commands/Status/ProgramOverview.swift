import CEMDomain
import CEMStore

extension ProgramOverview {
  /// The lines of the picture.
  func lines(width: Int, usesColor: Bool) -> [String] {
    let paint = Paint(isOn: usesColor)
    var rows: [(String, [String])] = [
      (Words.say("level"), [levels]), (Words.say("open gaps"), [chain]),
      (Words.say("moments of truth at risk"), moments),
    ]
    if !pilots.isEmpty { rows.append((Words.say("pilots"), returns)) }
    if !delivery.isEmpty { rows.append((Words.say("delivery gap"), deliveries)) }
    rows.append((Words.say("agenda"), waiting))
    let titleWidth = (rows.map(\.0.displayWidth).max() ?? 0) + TableLayout.gap
    var lines = ["", paint.bold(Words.say("THE PROGRAM"))]
    for (title, texts) in rows {
      for (index, text) in texts.enumerated() {
        let wrapped = text.printable().wrapped(to: max(20, width - titleWidth))
        for (place, part) in wrapped.enumerated() {
          lines.append((index == 0 && place == 0 ? title : "").padded(titleWidth) + part)
        }
      }
    }
    return lines
  }

  private var levels: String {
    let known = reports.compactMap { $0.standing?.level }.sorted()
    var parts = [
      standing.map { "\($0.level) \(Words.level($0.level))" } ?? Words.say("not assessed")
    ]
    if let lowest = known.first {
      parts.append("\(Words.say("lowest")) \(lowest)")
      parts.append("\(Words.say("median")) \(known[(known.count - 1) / 2])")
    }
    let counts = (0...Catalog.highestLevel).compactMap { level -> String? in
      let count = known.count { $0 == level }
      return count > 0 ? "\(count) × \(level)" : nil
    }
    if !counts.isEmpty {
      parts.append("\(Words.say("departments")): " + counts.joined(separator: ", "))
    }
    let unassessed = reports.count - known.count
    if unassessed > 0 { parts.append("\(unassessed) \(Words.say("not assessed"))") }
    return parts.joined(separator: " · ")
  }

  private var chain: String {
    GapLink.allCases.map { link in
      "\(Catalog.label(link, in: Words.language)) \(reports.reduce(0) { $0 + $1.openGaps(on: link) })"
    }.joined(separator: " · ")
  }

  private var moments: [String] {
    guard !atRisk.isEmpty else { return [Words.say("none")] }
    let named = atRisk.prefix(5).map { row in
      let ref = StreamID(.touchpoint, number: row.number("touchpoint")).reference
      return "\(ref) \(Datum(row["name"]).display) (\(Datum(row["department"]).display))"
    }
    return named + (atRisk.count > 5 ? ["… \(atRisk.count)"] : [])
  }

  private var returns: [String] {
    pilots.map { sum in
      "\(sum.count) · \(Words.say("cost")) \(sum.cost) \(sum.currency) · \(Words.say("benefit")) \(sum.benefit) \(sum.currency) · \(Words.say("return")) \(sum.returnOnInvestment.map { "\($0)" } ?? "–")"
    }
  }

  private var deliveries: [String] {
    delivery.suffix(6).map { delivery in
      let gap = delivery.gap
      func shown(_ value: Exact?) -> String { value.map { "\($0)" } ?? "–" }
      return
        "\(delivery.period) · \(Words.say("believe")) \(shown(gap.employees.share)) · \(Words.say("agree")) \(shown(gap.customers.share)) · \(Words.say("delivery gap")) \(shown(gap.size))"
    }
  }

  private var waiting: [String] {
    let items = agenda.items.filter { $0.kind != .due || ($0.days ?? 0) <= 7 }
    guard !items.isEmpty else { return [Words.say("nothing waits")] }
    let counts = AgendaItem.Kind.allCases.compactMap { kind -> String? in
      let count = items.count { $0.kind == kind }
      return count > 0 ? "\(count) \(Words.say(kind.rawValue))" : nil
    }
    return [counts.joined(separator: " · ")]
      + items.prefix(5).map { item in
        [Words.say(item.kind.rawValue), item.refText, item.title, item.date?.description]
          .compactMap { $0 }.joined(separator: "  ")
      }
  }
}

extension Words {
  /// What a level is called.
  static func level(_ number: Int) -> String {
    Catalog.label("Level", String(number), in: language) ?? String(number)
  }
}
