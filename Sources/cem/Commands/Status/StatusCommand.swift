import ArgumentParser
import CEMDomain
import CEMStore

/// `cem status`: each department's current state.
struct StatusCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "status", abstract: "Show each department's state: level, gaps, initiatives.",
    discussion: examples(
      "cem status", "cem status ssc", "cem status --as-of 2025-12-31 --json",
      about:
        "On a terminal the departments that need attention come first: a level without support, then the most open gaps, then the lowest level. Elsewhere they come in the order of their codes. The picture ends with the whole program: its level, the chain of gaps, moments of truth at risk, pilots and their return, the delivery gap, the agenda of the week; with a department, it ends with that department."
    ))

  @Argument(help: "Only this department.", completion: Completion.departments) var department:
    String?
  @OptionGroup(title: "When") var read: ReadOptions
  @OptionGroup(title: "Options everywhere") var options: GlobalOptions

  func run() async throws {
    let session = try await Session.open(options)
    let only = try department.map { try DepartmentCode(scalar: $0) }
    let style = options.style
    let isPicture = style.isForPeople && style.fields.isEmpty
    let (rows, overview, restated) = try session.read(read) { reading in
      let restated =
        try reading.restated.map { try Restatement.all(reading.reader, $0, on: reading.day) }?
        .filter { only == nil || $0.department == only } ?? []
      let rows = try reading.reader.departments(only: only, on: reading.day).map { report in
        StatusRow(
          report: report, point: reading.point,
          restated: restated.first { $0.department == report.department })
      }
      let overview =
        isPicture
        ? try reading.reader.overview(rows.map(\.report), of: only, on: reading.day) : nil
      return (rows, overview, restated)
    }
    guard isPicture else {
      try options.show(Listing(rows, StatusRow.fields))
      return
    }
    let width = style.width ?? 100
    var lines = [Words.nothing("no departments yet", DepartmentNoun.first)]
    if !rows.isEmpty {
      lines =
        StatusPicture(
          rows.map(\.report), width: width, usesColor: style.usesColor, isOne: only != nil
        ).lines
      lines += overview?.lines(width: width, usesColor: style.usesColor) ?? []
    }
    lines += Restatement.lines(restated, width: width)
    for line in lines { try Console.standard.write(line + "\n") }
  }
}

/// A department's state at a moment, as scripts read it.
struct StatusRow: Sendable {
  var report: DepartmentReport
  var point: ReadPoint
  /// What is known now beside what the period was closed as; `nil` where that is the same.
  var restated: Restatement?

  static let fields: [Field<StatusRow>] = [
    Field("department") { Datum($0.report.department) },
    Field("name") { Datum($0.report.name) },
    Field("lead") { Datum($0.report.lead) },
    Field("level", numeric: true) { Datum($0.report.standing?.level) },
    Field("levelId") { row in Datum(row.report.standing.map { Catalog.levels[$0.level].id }) },
    Field("levelName") { row in Datum(row.report.standing.map { Catalog.levels[$0.level].name }) },
    Field("levelBasis") { Datum($0.report.standing?.basis) },
    Field("levelSince") { Datum($0.report.standing?.since) },
    Field("assessmentDue") { .bool($0.report.standing?.isDue ?? false) },
    Field("unsupported") { .bool($0.report.isUnsupported) },
    Field("actionsDone", numeric: true) { Datum($0.report.actionsDone) },
    Field("actionsRequired", numeric: true) { Datum($0.report.actions.count) },
    Field("missingActions") { Datum($0.report.missingActions) },
    Field("waivers") { Datum($0.report.waivers) },
    Field("readyToAdvance") { .bool($0.report.isReadyToAdvance) },
    Field("openGaps", numeric: true) { Datum($0.report.openGaps) },
    Field("gapsByLink") { row in
      .object(
        GapLink.allCases.map {
          Datum.Member(key: $0.rawValue, value: Datum(row.report.openGaps(on: $0)))
        })
    },
    Field("worstLink") { Datum($0.report.worstLink) },
    Field("initiatives") { row in
      .object(
        zip(InitiativeLife.Status.allCases, DepartmentStatus.stages).map { status, stage in
          Datum.Member(key: status.rawValue, value: Datum(row.report.initiatives(in: stage)))
        })
    },
    Field("restated") { $0.restated?.datum ?? .null },
    Field("approvals") { row in
      Datum([
        "independent": Datum(row.report.approvals.independent),
        "notIndependent": Datum(row.report.approvals.notIndependent),
      ])
    },
    Field("asOfPosition", numeric: true) { .integer($0.point.position) },
    Field("asOfTime") { Datum($0.point.recordedAt) },
  ]
}
