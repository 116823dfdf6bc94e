import CEMDomain
import CEMStore

/// The departments on a terminal: a bar for the level, gaps along the chain, initiatives by stage.
struct StatusPicture {
  let lines: [String]

  /// - Parameter width: the terminal's columns; 60 is the least that makes sense.
  init(_ reports: [DepartmentReport], width: Int, usesColor: Bool) {
    let paint = Paint(isOn: usesColor)
    let rows = reports.sorted(by: StatusPicture.isWorse)
    // The chain is the widest part, so it is the first to be left out, then the initiatives.
    let codeWidth = max(4, rows.map(\.department.code.displayWidth).max() ?? 0)
    let fixed = codeWidth + 2 + 9 + 2
    let showsChain = width >= fixed + 24 + 2 + 22
    let chainWidth = showsChain ? 24 : 5
    let workWidth = min(26, max(14, rows.map { StatusPicture.work($0).displayWidth }.max() ?? 0))
    let nextWidth = max(12, width - fixed - chainWidth - 2 - workWidth - 2)

    func line(_ code: String, _ level: String, _ next: String, _ gaps: String, _ work: String) -> String {
      code + "  " + level + "  " + next + "  " + gaps + "  " + work
    }
    var lines = [
      paint.bold(
        line(
          "DEPT".padded(codeWidth), "LEVEL".padded(9), "TO ADVANCE".padded(nextWidth),
          (showsChain ? "GAPS 1   2   3   4   5  ?" : "GAPS").padded(chainWidth), "INITIATIVES"
        ).trimmed(to: width))
    ]
    for report in rows {
      let next = StatusPicture.next(report).fitted(to: nextWidth).padded(nextWidth)
      let level = report.standing?.level
      let bar =
        level.map { String(repeating: "■", count: $0) + String(repeating: "·", count: 5 - $0) + "  \($0)" }
        ?? "·····  –"
      let gaps = showsChain ? StatusPicture.chain(report, paint) : "\(report.openGaps)".padded(chainWidth)
      lines.append(
        line(
          report.department.code.padded(codeWidth),
          report.isUnsupported ? paint.red(bar + "!") : bar + " ",
          report.isUnsupported
            ? paint.red(next) : report.isReadyToAdvance ? paint.green(next) : next, gaps,
          StatusPicture.work(report).fitted(to: workWidth)))
    }
    self.lines = lines + [""] + StatusPicture.summary(rows).wrapped(to: width)
  }

  /// What needs attention comes first: a level without support, then more open gaps, then a lower
  /// level, and one that is not assessed before level 0; equals by code.
  static func isWorse(_ a: DepartmentReport, _ b: DepartmentReport) -> Bool {
    if a.isUnsupported != b.isUnsupported { return a.isUnsupported }
    if a.openGaps != b.openGaps { return a.openGaps > b.openGaps }
    let (x, y) = (a.standing?.level ?? -1, b.standing?.level ?? -1)
    if x != y { return x < y }
    return a.department < b.department
  }

  private static func next(_ report: DepartmentReport) -> String {
    guard let level = report.standing?.level else { return "not assessed" }
    if report.isUnsupported { return "unsupported: evidence is gone" }
    if report.isReadyToAdvance { return "ready to advance" }
    let missing = report.missingActions.map(\.description).joined(separator: " ")
    if missing.isEmpty { return level == Catalog.highestLevel ? "sustained" : "" }
    return (level == Catalog.highestLevel ? "to sustain " : "missing ") + missing
  }

  private static func chain(_ report: DepartmentReport, _ paint: Paint) -> String {
    let counts = GapLink.allCases.map { report.openGaps(on: $0) }
    let cells = counts.map { count in
      let text = count == 0 ? "·" : "\(count)"
      return String(repeating: " ", count: max(0, 3 - text.count)) + text
    }
    let worst = report.worstLink.flatMap { GapLink.allCases.firstIndex(of: $0) }
    return cells.enumerated().map { index, cell in index == worst ? paint.red(cell) : cell }
      .joined(separator: " ") + " "
  }

  private static func work(_ report: DepartmentReport) -> String {
    let parts = zip(InitiativeLife.Status.allCases, DepartmentStatus.stages)
      .compactMap { status, stage -> String? in
        let count = report.initiatives(in: stage)
        guard count > 0 else { return nil }
        return "\(count) \(status == .onHold ? "on hold" : status.rawValue)"
      }
    return parts.isEmpty ? "–" : parts.joined(separator: ", ")
  }

  private static func summary(_ reports: [DepartmentReport]) -> String {
    func counted(_ count: Int, _ one: String, _ many: String) -> String {
      "\(count) \(count == 1 ? one : many)"
    }
    let levels = reports.compactMap { $0.standing?.level }.sorted()
    var parts = [counted(reports.count, "department", "departments")]
    if !levels.isEmpty { parts.append("median level \(levels[(levels.count - 1) / 2])") }
    let unassessed = reports.count - levels.count
    if unassessed > 0 { parts.append("\(unassessed) not assessed") }
    let unsupported = reports.count(where: \.isUnsupported)
    if unsupported > 0 { parts.append("\(unsupported) unsupported (!)") }
    let ready = reports.count(where: \.isReadyToAdvance)
    if ready > 0 { parts.append("\(ready) ready to advance") }
    parts.append(
      counted(reports.reduce(0) { $0 + $1.openGaps }, "open gap", "open gaps") + " in "
        + "\(reports.count { $0.openGaps > 0 })")
    let running = ["open", "started", "piloting", "concluded", "scaling", "on_hold"]
    let work = reports.reduce(0) { sum, report in
      sum + running.reduce(0) { $0 + report.initiatives(in: $1) }
    }
    parts.append(counted(work, "initiative under way", "initiatives under way"))
    return parts.joined(separator: " · ")
  }
}

/// Colours, where they are wanted.
struct Paint {
  let isOn: Bool
  func bold(_ text: String) -> String { wrap(text, "1") }
  func red(_ text: String) -> String { wrap(text, "31") }
  func green(_ text: String) -> String { wrap(text, "32") }
  private func wrap(_ text: String, _ code: String) -> String {
    isOn ? "\u{1b}[\(code)m\(text)\u{1b}[0m" : text
  }
}

extension String {
  /// With blanks at the end up to a number of columns.
  func padded(_ width: Int) -> String {
    self + String(repeating: " ", count: max(0, width - displayWidth))
  }

  fileprivate func trimmed(to width: Int) -> String {
    var text = self
    while text.last == " " { text.removeLast() }
    return text.fitted(to: width)
  }
}
