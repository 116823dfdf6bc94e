package import CEMDomain

/// A department's state on a day: what `status` shows.
package struct DepartmentReport: Sendable {
  package var department: DepartmentCode
  package var name: String?
  package var lead: PersonID?
  /// `nil` where not assessed.
  package var standing: LevelStanding?
  /// Whether something that the level rests on no longer counts.
  package var isUnsupported: Bool
  /// How the required actions of the current level stand; empty where not assessed.
  package var actions: [ActionStatus]
  /// The waivers that hold for this department.
  package var waivers: [WaiverRef]
  package var isReadyToAdvance: Bool
  /// How much of what is in force and takes an approver was approved by whom.
  package var approvals = ApprovalCount()
  /// Since when it is there no more; `nil` while it is.
  package var retirement: Retirement?
  /// The table's row with the counts.
  package var row: TableRow

  /// Whether it is there: registered, and neither voided nor retired.
  package var isThere: Bool {
    row["registered_on"] != .null && row["voided"] == .boolean(false) && retirement == nil
  }

  /// The ids of the actions that are still to be done to advance.
  package var missingActions: [ActionID] { actions.filter { !$0.counts }.map(\.action) }

  /// The number of open gaps on a link.
  package func openGaps(on link: GapLink) -> Int { row.number(DepartmentStatus.column(of: link)) }

  /// The number of open gaps.
  package var openGaps: Int { row.number("open_gaps") }

  /// The number of initiatives in a stage of `DepartmentStatus.stages`.
  package func initiatives(in stage: String) -> Int { row.number("initiatives_\(stage)") }

  /// The link with the most open gaps, the first in the chain's order among equals; `nil` without gaps.
  package var worstLink: GapLink? {
    let most = GapLink.allCases.map(openGaps).max() ?? 0
    return most == 0 ? nil : GapLink.allCases.first { openGaps(on: $0) == most }
  }
}

extension ProgramReader {
  /// The state of each department, or of one, on a day; in the order of their codes. Those that were
  /// retired are not among them.
  /// - Throws: `Rejection.notFound` where the one asked for does not exist, `Rejection.departmentIsGone` where
  ///   it was retired.
  package func departments(
    only department: DepartmentCode? = nil, on day: Day
  ) throws -> [DepartmentReport] {
    // An event may name a department of which nothing else is known here.
    let rows = try rows(
      of: DepartmentStatus.self, RowQuery([.counts] + RowQuery.Condition.of(department))
    )
    .filter { $0["registered_on"] != .null }
    if let department, rows.isEmpty { throw Rejection.notFound(department.stream) }
    let reports = try reports(of: rows, on: day)
    if department != nil, let report = reports.first, let retirement = report.retirement {
      throw Rejection.departmentIsGone(report.department, retirement)
    }
    return reports.filter(\.isThere)
  }

  /// The state of a department on a day as far as anything is known of it, registered or not.
  package func report(of department: DepartmentCode, on day: Day) throws -> DepartmentReport {
    try reports(of: [department], on: day)[0]
  }

  /// The states of departments on a day as far as anything is known of them, in the order given.
  package func reports(
    of departments: [DepartmentCode], on day: Day
  ) throws -> [DepartmentReport] {
    let found = try rows(
      of: DepartmentStatus.self,
      RowQuery([.isOneOf("department", departments.map { .text($0.code) })]))
    return try reports(
      of: departments.map { code in
        found.first { $0["department"] == .text(code.code) } ?? DepartmentStatus.blank(code)
      }, on: day)
  }

  /// The departments of which either state knows that they are there, in the order of their codes, as this
  /// one and as the other one knows them.
  package func departments(
    beside other: any ProgramReader, on day: Day
  ) throws -> [(here: DepartmentReport, there: DepartmentReport)] {
    let codes = Set(
      try (departments(on: day) + other.departments(on: day)).map(\.department)
    ).sorted()
    return Array(zip(try reports(of: codes, on: day), try other.reports(of: codes, on: day)))
  }

  private func reports(of rows: [TableRow], on day: Day) throws -> [DepartmentReport] {
    let codes = try rows.map { row -> DepartmentCode in
      guard case .text(let code) = row["department"] else { throw Rejection.notFound(.program) }
      return try DepartmentCode(scalar: code)
    }
    let maturities = try records(
      codes.flatMap { [.maturity($0), $0.stream] } + [.programMaturity])
    func retirement(of code: DepartmentCode) -> Retirement? {
      guard case .department(let department)? = maturities[code.stream]?.entity,
        let retirement = department.retirement, retirement.on <= day
      else { return nil }
      return retirement
    }
    func maturity(_ stream: StreamID) -> Maturity? {
      if case .maturity(let state)? = maturities[stream]?.entity { state } else { nil }
    }
    let program = maturity(.programMaturity)
    let support = try self.support(of: codes.map { maturity(.maturity($0)) } + [program])
    let approvals = Dictionary(
      grouping: try self.approvals(of: codes.count == 1 ? codes[0] : nil, on: day),
      by: \.department)
    return zip(codes, rows).map { code, row in
      let own = maturity(.maturity(code))
      let evaluation = MaturityEvaluation(
        own: own, program: program, evidence: support.evidence, waivers: support.waivers)
      let actions =
        own?.standing.map { evaluation.statuses(ofLevel: $0.level, on: day) } ?? []
      let waivers = [own, program].flatMap { $0?.actions ?? [] }.compactMap(\.waiver)
        .filter { support.waivers[$0]?.isValid(on: day) ?? false }
      return DepartmentReport(
        department: code, name: row.text("name"),
        lead: row.text("lead").flatMap { try? PersonID(scalar: $0) }, standing: own?.standing,
        isUnsupported: evaluation.isUnsupported(on: day), actions: actions,
        waivers: waivers.sorted(), isReadyToAdvance: evaluation.isReadyToAdvance(on: day),
        approvals: ApprovalCount(approvals[code] ?? []), retirement: retirement(of: code), row: row)
    }
  }

  /// How a department's actions (or, without one, the program's) stand.
  package func maturityEvaluation(of department: DepartmentCode?) throws -> MaturityEvaluation {
    let own = department.map { StreamID.maturity($0) } ?? .programMaturity
    let found = try records([own, .programMaturity])
    func maturity(_ stream: StreamID) -> Maturity? {
      if case .maturity(let state)? = found[stream]?.entity { state } else { nil }
    }
    let states = [maturity(own), maturity(.programMaturity)]
    let support = try support(of: states)
    return MaturityEvaluation(
      own: states[0], program: states[1], evidence: support.evidence, waivers: support.waivers)
  }

  /// The evidence and the waivers that maturities point to, without what was voided.
  private func support(
    of maturities: [Maturity?]
  ) throws -> (evidence: [EvidenceRef: Evidence], waivers: [WaiverRef: Waiver]) {
    var evidence: [EvidenceRef: Evidence] = [:]
    var waivers: [WaiverRef: Waiver] = [:]
    for (stream, record) in try records(MaturityEvaluation.references(maturities))
    where !record.isVoided {
      switch record.entity {
      case .evidence(let state): evidence[EvidenceRef(stream.number)] = state
      case .waiver(let state): waivers[WaiverRef(stream.number)] = state
      case .program, .person, .department, .maturity, .platform, .initiative, .gap, .segment,
        .touchpoint, .standard, .survey, .channel, .insight, .note, .request, .rate, .log:
        break
      }
    }
    return (evidence, waivers)
  }
}

extension Rejection {
  /// The department was retired, and has no present state.
  static func departmentIsGone(_ code: DepartmentCode, _ retirement: Retirement) -> Rejection {
    let successors = (retirement.successors ?? []).map(\.code).joined(separator: ", ")
    return Rejection(
      .notFound, "department.retired",
      "\(code) was retired on \(retirement.on)"
        + (successors.isEmpty ? "" : "; \(successors) took its place"),
      // By its place in the log: what happened long ago may have been recorded today.
      hint: "cem status \(code) --as-of \(max(0, retirement.position - 1))")
  }
}
