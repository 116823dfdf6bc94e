import CEMDomain
import CEMStore

/// The departments on a terminal: a bar for the level, gaps along the chain, initiatives by stage.
struct StatusPicture {
  let lines: [String]

  /// - Parameters:
  ///   - width: the terminal's columns; 60 is the least that makes sense.
  ///   - isOne: whether a department is looked at alone, which has nothing to be counted.
  init(_ reports: [DepartmentReport], width: Int, usesColor: Bool, isOne: Bool = false) {
    let paint = Paint(isOn: usesColor)
    let rows = reports.sorted(by: StatusPicture.isWorse)
    let codeWidth = max(
      Words.say("DEPT").displayWidth, rows.map(\.department.code.displayWidth).max() ?? 0)
    // A narrow terminal shows the gaps as one number.
    let showsChain = width >= codeWidth + 58
    let gapsWidth = showsChain ? 18 : 4
    let nextWidth = max(
      Words.say("TO ADVANCE").displayWidth,
      rows.map { StatusPicture.next($0).displayWidth }.max() ?? 0)
    let room = width - codeWidth - 9 - nextWidth - gapsWidth - 4 * 2
    let works = rows.map { StatusPicture.work($0) }
    let workWidth = min(
      max(
        Words.say("INITIATIVES").displayWidth,
        works.map { $0.joined(separator: Words.listMark).displayWidth }.max() ?? 0), max(5, room)
    )
    // What is left over goes to the names.
    let nameWidth = room - workWidth - 2 >= 16 ? min(40, room - workWidth - 2) : 0

    func line(_ cells: [String]) -> String { cells.filter { !$0.isEmpty }.joined(separator: "  ") }
    let title = line([
      Words.say("DEPT").padded(codeWidth),
      nameWidth > 0 ? Words.say("NAME").padded(nameWidth) : "", Words.say("LEVEL").padded(9),
      Words.say("TO ADVANCE").padded(nextWidth),
      showsChain ? "G1 G2 G3 G4 G5 G? " : Words.say("GAPS").padded(gapsWidth),
      Words.say("INITIATIVES").fitted(to: workWidth),
    ])
    let indent = [codeWidth, nameWidth, 9, nextWidth, gapsWidth].filter { $0 > 0 }
      .reduce(0) { $0 + $1 + 2 }
    var lines = [paint.bold(title)]
    for (report, work) in zip(rows, works) {
      let next = StatusPicture.next(report).padded(nextWidth)
      let bar =
        report.standing.map {
          String(repeating: "■", count: $0.level) + String(repeating: "·", count: 5 - $0.level)
            + "  \($0.level)"
        } ?? "·····  –"
      let name = (report.name ?? Words.say("(erased)")).printable().fitted(to: nameWidth).padded(
        nameWidth)
      let work = StatusPicture.flowing(work, width: workWidth)
      lines.append(
        line([
          report.department.code.padded(codeWidth), name,
          report.isUnsupported ? paint.red(bar + "!") : bar + " ",
          report.isUnsupported
            ? paint.red(next) : report.isReadyToAdvance ? paint.green(next) : next,
          showsChain
            ? StatusPicture.chain(report, paint) : "\(report.openGaps)".padded(gapsWidth),
          work[0],
        ]))
      // What does not fit beside the rest stands below it.
      lines += work.dropFirst().map { String(repeating: " ", count: indent) + $0 }
    }
    let counts = isOne ? [] : StatusPicture.summary(rows).flowing(in: width)
    self.lines =
      lines + [""] + counts + StatusPicture.legend(withChain: showsChain).wrapped(to: width)
  }

  private static func legend(withChain: Bool) -> String {
    withChain
      ? Words.say(
        "TO ADVANCE names the actions that are missing; G1 to G5 count open gaps along the chain, G? those not diagnosed."
      )
      : Words.say("TO ADVANCE names the actions that are missing; GAPS counts open gaps.")
  }

  /// The parts of a list in as many lines as they take; at least one.
  private static func flowing(_ parts: [String], width: Int) -> [String] {
    var lines: [String] = []
    for (index, part) in parts.enumerated() {
      let part = index + 1 < parts.count ? part + Words.listMark : part
      if let last = lines.last, last.displayWidth + part.trimmed.displayWidth <= width {
        lines[lines.count - 1] = last + part
      } else {
        lines.append(part)
      }
    }
    return lines.map { $0.trimmed.fitted(to: width) }
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
    guard let level = report.standing?.level else { return Words.say("not assessed") }
    if report.isUnsupported { return Words.say("unsupported") }
    if report.standing?.isDue == true {
      return Catalog.label("AgendaItem.Kind", AgendaItem.Kind.toAssess.rawValue, in: Words.language)
        ?? AgendaItem.Kind.toAssess.rawValue
    }
    if report.isReadyToAdvance { return Words.say("ready") }
    let missing = report.missingActions.map(\.description).joined(separator: " ")
    return missing.isEmpty && level == Catalog.highestLevel ? Words.say("sustained") : missing
  }

  private static func chain(_ report: DepartmentReport, _ paint: Paint) -> String {
    let counts = GapLink.allCases.map { report.openGaps(on: $0) }
    let cells = counts.map { count in
      let text = count == 0 ? "·" : "\(count)"
      return String(repeating: " ", count: max(0, 2 - text.count)) + text
    }
    let worst = report.worstLink.flatMap { GapLink.allCases.firstIndex(of: $0) }
    return cells.enumerated().map { index, cell in index == worst ? paint.red(cell) : cell }
      .joined(separator: " ") + " "
  }

  private static func work(_ report: DepartmentReport) -> [String] {
    let parts = zip(InitiativeLife.Status.allCases, DepartmentStatus.stages)
      .compactMap { status, stage -> String? in
        let count = report.initiatives(in: stage)
        return count > 0 ? Words.count(count, of: status) : nil
      }
    return parts.isEmpty ? ["–"] : parts
  }

  private static func summary(_ reports: [DepartmentReport]) -> [String] {
    var parts = [Words.count(reports.count, "department")]
    if let median = reports.medianLevel { parts.append(Words.say("median level %1", "\(median)")) }
    if reports.notAssessed > 0 {
      parts.append(Words.say("%1 not assessed", "\(reports.notAssessed)"))
    }
    let unsupported = reports.count(where: \.isUnsupported)
    if unsupported > 0 { parts.append(Words.say("%1 unsupported (!)", "\(unsupported)")) }
    let due = reports.count { $0.standing?.isDue == true }
    if due > 0 { parts.append(Words.say("%1 to assess anew", "\(due)")) }
    let ready = reports.count(where: \.isReadyToAdvance)
    if ready > 0 { parts.append(Words.count(ready, "ready to advance")) }
    parts.append(
      Words.say(
        "%1 in %2", Words.count(reports.totalOpenGaps, "open gap"),
        Words.count(reports.withOpenGaps, "department", "where")))
    parts.append(Words.count(reports.initiativesUnderWay, "initiative under way"))
    return parts
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
}
