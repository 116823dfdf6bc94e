import CEMDomain

/// The catalog of figures.
package enum Figures {
  /// In the order in which they are listed: the departments' as `status` has them, then the program's.
  package static let all: [Figure] = ofDepartments + ofProgram + ofOverview

  /// The figure with a name or another name that people have for it, whatever its capitals.
  package static func find(_ name: String) -> Figure? {
    let wanted = name.lowercased()
    return all.first { $0.id == name }
      ?? all.first { ([$0.id] + $0.aliases).contains { $0.lowercased() == wanted } }
  }

  /// The name of a figure that is most like a mistyped one; `nil` where none is near.
  package static func nearest(to name: String) -> String? {
    let wanted = Array(name.lowercased().unicodeScalars)
    let names = all.flatMap { figure in ([figure.id] + figure.aliases).map { ($0, figure.id) } }
    if wanted.count >= 3,
      let found = names.first(where: { $0.0.lowercased().contains(name.lowercased()) })
    {
      return found.1
    }
    let near = names.map { (distance(wanted, Array($0.0.lowercased().unicodeScalars)), $0.1) }
      .min { $0.0 < $1.0 }
    guard let near, near.0 <= min(wanted.count / 2, max(2, wanted.count / 3)) else { return nil }
    return near.1
  }

  /// The number of letters to insert, delete or replace.
  private static func distance(_ a: [Unicode.Scalar], _ b: [Unicode.Scalar]) -> Int {
    var row = Array(0...b.count)
    for (i, x) in a.enumerated() {
      var diagonal = row[0]
      row[0] = i + 1
      for (j, y) in b.enumerated() {
        let above = row[j + 1]
        row[j + 1] = min(above + 1, row[j] + 1, diagonal + (x == y ? 0 : 1))
        diagonal = above
      }
    }
    return row[b.count]
  }

  // MARK: Of departments

  private static let ofDepartments: [Figure] =
    identity + maturity + gaps + initiatives + approvals + [restated] + moment

  private static let identity: [Figure] = [
    Figure("department", from: .department, "The department's code. It never changes.") {
      report, _ in
      .text(report.department)
    },
    Figure(
      "name", from: .department,
      "The department's name, as last corrected; null where it was erased."
    ) { report, _ in .text(report.name) },
    Figure(
      "lead", from: .department, "The id of the person who leads it; null where none is named."
    ) {
      report, _ in .text(report.lead)
    },
    Figure(
      "present", from: .department,
      "Whether the department is there on the day of the question: registered, and neither voided nor retired."
    ) { report, _ in .bool(report.isThere) },
  ]

  private static let maturity: [Figure] = [
    Figure(
      "level", from: .level,
      "The maturity level, 0 to 5, that the department was last assessed at, advanced to, regressed to or corrected to; null where it was never assessed."
    ) { report, _ in .number(report.standing?.level) },
    Figure("levelId", from: .level, "The stable id of the level in the catalog.") { report, _ in
      .text(report.standing.flatMap { Catalog.level($0.level)?.id })
    },
    Figure("levelName", from: .level, "The name of the level in the catalog.") { report, _ in
      .text(report.standing.flatMap { Catalog.level($0.level)?.name })
    },
    Figure(
      "levelBasis", from: .level,
      "How the level was reached: baseline (assessed or regressed), advanced, waived (an advance under a waiver) or inherited."
    ) { report, _ in .text(report.standing?.basis.rawValue) },
    Figure("levelSince", from: .level, "The business date since which it stands on the level.") {
      report, _ in .text(report.standing?.since)
    },
    Figure(
      "assessmentDue", from: .level,
      "Whether the level was inherited from departments that were merged or split, and not assessed since."
    ) { report, _ in .bool(report.standing?.isDue ?? false) },
    Figure(
      "unsupported", from: .support,
      "Whether an action that the department's advances rested on no longer counts on the day of the question: its evidence expired or was withdrawn, or its waiver ended."
    ) { report, _ in .bool(report.isUnsupported) },
    Figure(
      "actionsDone", from: .actions,
      "How many of the actions that the present level asks for count on the day of the question: done with evidence that holds, or waived, for this department or for all."
    ) { report, _ in .number(report.actions.count(where: \.counts)) },
    Figure(
      "actionsRequired", from: .actions,
      "How many actions the present level asks for; 0 where not assessed."
    ) { report, _ in .number(report.actions.count) },
    Figure(
      "missingActions", "toAdvance", "to advance", from: .actions,
      "The actions that the present level asks for and that do not count on the day of the question."
    ) { report, _ in .texts(report.missingActions) },
    Figure(
      "waivers", from: .waivers,
      "The waivers of actions, of this department or for all, that hold on the day of the question."
    ) { report, _ in .texts(report.waivers) },
    Figure(
      "readyToAdvance", from: .actions,
      "Whether the department is assessed below level 5 and every action that its level asks for counts on the day of the question."
    ) { report, _ in .bool(report.isReadyToAdvance) },
  ]

  private static let gaps: [Figure] =
    [
      Figure(
        "openGaps", "gaps", from: .gaps(nil),
        "How many gaps of the department are open: recorded or reopened, and neither closed, accepted nor voided."
      ) { report, _ in .number(report.openGaps) },
      Figure(
        "gapsByLink", "chain", from: .gaps(nil),
        "The open gaps of the department by link of the chain."
      ) { report, _ in
        var counts = JSONObject()
        for link in GapLink.allCases { counts[link.rawValue] = .number(report.openGaps(on: link)) }
        return .object(counts)
      },
    ]
    + GapLink.allCases.enumerated().map { index, link in
      Figure(
        "gapsByLink.\(link.rawValue)", link == .undiagnosed ? "G?" : "G\(index + 1)",
        from: .gaps(link), "How many gaps of the department on the link \(link.rawValue) are open."
      ) { report, _ in .number(report.openGaps(on: link)) }
    }
    + [
      Figure(
        "worstLink", from: .gaps(nil),
        "The link with the most open gaps, the first along the chain among equals; null without open gaps."
      ) { report, _ in .text(report.worstLink?.rawValue) }
    ]

  private static let initiatives: [Figure] =
    [
      Figure(
        "initiatives", from: .initiatives(nil),
        "The initiatives that the department leads, voided ones left out, by status. One on hold counts as on hold, whatever its stage."
      ) { report, _ in
        var counts = JSONObject()
        for (status, stage) in zip(InitiativeLife.Status.allCases, DepartmentStatus.stages) {
          counts[status.rawValue] = .number(report.initiatives(in: stage))
        }
        return .object(counts)
      }
    ]
    + zip(InitiativeLife.Status.allCases, DepartmentStatus.stages).map { status, stage in
      Figure(
        "initiatives.\(status.rawValue)", from: .initiatives(status),
        "How many initiatives that the department leads have the status \(status.rawValue)."
      ) { report, _ in .number(report.initiatives(in: stage)) }
    }

  private static let approvals: [Figure] =
    [
      Figure(
        "approvals", from: .approvals,
        "How much of what is in force for the department and takes an approver was approved by another login than the one that asked, and how much by none."
      ) { report, _ in report.approvals.json }
    ]
    + zip(approvalParts, approvalDefinitions).map { part, definition in
      Figure("approvals.\(part)", from: .approvals, definition) { report, _ in
        report.approvals.json.object?[part] ?? .null
      }
    }

  private static let approvalParts = ["independent", "notIndependent"]
  private static let approvalDefinitions = [
    "How much of what is in force and takes an approver was approved by another login than the one that asked.",
    "How much of what is in force and takes an approver was approved by nobody but the login that recorded it.",
  ]

  /// The figures of a closed period that are shown again where they are known otherwise by now.
  package static let restatable = [
    "present", "name", "lead", "level", "levelBasis", "levelSince", "unsupported", "actionsDone",
    "missingActions", "waivers", "readyToAdvance", "openGaps", "gapsByLink", "worstLink",
    "initiatives", "approvals",
  ]

  private static let restated = Figure(
    "restated", restating: restatable,
    "Of a period that was closed: the figures that are known otherwise now, as they are known now; null where none is, and of anything but a closed period."
  )

  private static let moment: [Figure] = [
    Figure(
      "asOfPosition", from: .lastEvent,
      "The position of the last event that the figures take into account."
    ) { _, point in .int(point.position) },
    Figure("asOfTime", from: .lastEvent, "When that event was recorded, by the server's clock.") {
      _, point in .text(point.recordedAt)
    },
  ]
}

extension [DepartmentReport] {
  /// The levels that are known, the lowest first.
  package var levels: [Int] { compactMap { $0.standing?.level }.sorted() }

  /// The middle one of the levels that are known, the lower of two.
  package var medianLevel: Int? {
    let levels = self.levels
    return levels.isEmpty ? nil : levels[(levels.count - 1) / 2]
  }

  package var notAssessed: Int { count { $0.standing == nil } }
  package var totalOpenGaps: Int { reduce(0) { $0 + $1.openGaps } }
  package var withOpenGaps: Int { count { $0.openGaps > 0 } }

  package var initiativesUnderWay: Int {
    let ended = ["completed", "cancelled"]
    let stages = DepartmentStatus.stages.filter { !ended.contains($0) }
    return reduce(0) { sum, report in
      sum + stages.reduce(0) { $0 + report.initiatives(in: $1) }
    }
  }
}
