import CEMDomain

/// The streams that a figure of some departments comes from, and which of their events matter.
struct FigureSources {
  private(set) var streams: [StreamID] = []
  /// Whether changes of level matter.
  private var takesLevels = true
  /// Whether changes of the program's own level do.
  private var takesProgramLevel = false
  /// The actions of which events matter.
  private var actions: Set<ActionID> = []
  private var waivers: Set<WaiverRef> = []
  /// What the figure takes of the program itself is what it was founded with.
  private var takesProgram = false

  init(
    _ source: FigureSource, _ reader: any ProgramReader, _ reports: [DepartmentReport], on day: Day
  ) throws {
    let departments = reports.map(\.department)
    switch source {
    case .department: streams = departments.map(\.stream)
    case .level: streams = departments.map { .maturity($0) }
    case .actions:
      try take(Set(reports.flatMap { $0.actions.map(\.action) }), reader, departments)
    case .support:
      try take(Set(reports.flatMap { $0.standing?.restsOn ?? [] }), reader, departments)
    case .waivers:
      takesLevels = false
      waivers = Set(reports.flatMap(\.waivers))
      streams =
        departments.map { .maturity($0) } + [.programMaturity] + waivers.map(\.stream)
    case .gaps(let link):
      var conditions = FigureSources.conditions(departments)
      conditions.append(.equals("state", .term(GapLife.Stage.open)))
      if let link { conditions.append(.equals("link", .term(link))) }
      streams = try reader.rows(of: GapRegister.self, RowQuery(conditions))
        .map { $0.stream(.gap) }
    case .initiatives(let status):
      try take(status.map { [$0] } ?? InitiativeLife.Status.allCases, reader, departments)
    case .initiativesUnderWay:
      try take(
        InitiativeLife.Status.allCases.filter { $0 != .completed && $0 != .cancelled }, reader,
        departments)
    case .approvals:
      streams = try departments.flatMap { try reader.approvals(of: $0, on: day).map(\.stream) }
    case .allApprovals:
      takesProgramLevel = true
      streams = try reader.approvals(on: day).map(\.stream)
    case .board:
      streams = try initiatives(reader, departments, \.isUnderWay)
    case .budgets:
      streams = try initiatives(reader, departments, \.hasBudget)
    case .brand:
      streams = try initiatives(reader, departments) {
        $0["step"] == .term(Step.brandExperience)
      }
    case .converted: try takeConverted(reader, departments)
    case .programLevel:
      takesProgramLevel = true
      streams = [.programMaturity]
    case .momentsAtRisk:
      try take(
        reader.momentsAtRisk(of: departments.first).map { $0.stream(.touchpoint) }, reader)
    case .journey: try takeJourney(reader, of: departments.first)
    case .pilots:
      streams = try initiatives(reader, departments, \.hasPilot)
    case .standards:
      streams = try reader.standardResults(of: departments.first).map(\.record.stream)
    case .surveys:
      streams = try reader.records(of: .survey).filter { record in
        !record.isVoided
          && (departments.isEmpty
            || !record.entity.state.departments.filter(departments.contains).isEmpty)
      }.map(\.stream)
    case .lastEvent: break
    }
  }

  /// Whether an event of these streams has a part in the figure.
  func isRelevant(_ event: RecordedEvent) -> Bool {
    if case .program(let program) = event.event {
      if case .founded = program { return true }
      return !takesProgram
    }
    // What is taken back of a level by an event of this kind is an action.
    if case .correction(.maturity, _) = event.event { return !actions.isEmpty }
    guard case .maturity(let maturity) = event.event else { return true }
    switch maturity {
    case .assessed, .advanced, .regressed, .corrected, .inherited:
      // The program's own level is none of a department's.
      return event.stream == .programMaturity ? takesProgramLevel : takesLevels
    case .actionCompleted(let event): return actions.contains(event.action)
    case .actionReopened(let event): return actions.contains(event.action)
    case .actionWaived(let event):
      return actions.contains(event.action) || waivers.contains(event.waiver)
    }
  }

  /// Touchpoints with their service standards and open gaps, and what else was recorded of them.
  private mutating func take(_ touchpoints: [StreamID], _ reader: any ProgramReader) throws {
    streams = touchpoints
    let there = Set(touchpoints)
    for record in try reader.records(of: .standard) + reader.records(of: .gap)
    where !record.isVoided && record.entity.state.isOpen {
      let touchpoint: TouchpointRef? =
        switch record.entity {
        case .standard(let standard): standard.details.touchpoint
        case .gap(let gap): gap.details.touchpoint
        default: nil
        }
      if let touchpoint, there.contains(touchpoint.stream) { streams.append(record.stream) }
    }
  }

  /// A touchpoint that is retired or another department's still says where an insight belongs.
  private mutating func takeJourney(
    _ reader: any ProgramReader, of department: DepartmentCode?
  ) throws {
    let insights =
      try (department.map { try reader.insights(of: $0) } ?? reader.records(of: .insight))
      .filter { !$0.isVoided }
    let own = try reader.records(of: .touchpoint, concerning: department)
    let places = insights.compactMap { record -> StreamID? in
      if case .insight(let insight) = record.entity {
        insight.details.touchpoint?.stream
      } else {
        nil
      }
    }
    let touchpoints = try own + reader.records(Array(Set(places))).values
    try take(Set(touchpoints.filter { !$0.isVoided }.map(\.stream)).sorted(), reader)
    streams += insights.map(\.stream)
  }

  /// Amounts in any currency, and the rates by which they were converted.
  private mutating func takeConverted(
    _ reader: any ProgramReader, _ departments: [DepartmentCode]
  ) throws {
    takesProgram = true
    guard let converted = try reader.money(of: departments.first).converted else { return }
    let initiatives = try initiatives(reader, departments) { $0.hasPilot || $0.hasBudget }
    let used = Set(converted.sums.flatMap(\.rates))
    // Where a rate is missing, the figure says so because others were recorded.
    let rates =
      used.isEmpty
      ? try reader.records(of: .rate).filter { !$0.isVoided }.map(\.stream)
      : used.map(\.stream)
    streams = [.program] + initiatives + rates
  }

  /// What was recorded of actions, with the evidence and the waivers that they point to.
  private mutating func take(
    _ actions: Set<ActionID>, _ reader: any ProgramReader, _ departments: [DepartmentCode]
  ) throws {
    self.actions = actions
    let maturities = departments.map { StreamID.maturity($0) } + [.programMaturity]
    streams = maturities
    for record in try reader.records(maturities).values {
      guard case .maturity(let maturity) = record.entity else { continue }
      for action in maturity.actions where actions.contains(action.action) {
        streams += [action.evidence?.stream, action.waiver?.stream].compactMap { $0 }
      }
    }
  }

  private mutating func take(
    _ statuses: [InitiativeLife.Status], _ reader: any ProgramReader,
    _ departments: [DepartmentCode]
  ) throws {
    streams = try reader.rows(
      of: InitiativeBoard.self, RowQuery(FigureSources.conditions(departments))
    ).filter { row in statuses.contains { row.has($0) } }.map { $0.stream(.initiative) }
  }

  /// The initiatives that are meant.
  /// - Parameter departments: none for the whole program.
  private func initiatives(
    _ reader: any ProgramReader, _ departments: [DepartmentCode],
    _ isMeant: (TableRow) -> Bool
  ) throws -> [StreamID] {
    try reader.rows(
      of: InitiativeBoard.self,
      RowQuery(departments.isEmpty ? [.counts] : FigureSources.conditions(departments))
    ).filter(isMeant).map { $0.stream(.initiative) }
  }

  private static func conditions(_ departments: [DepartmentCode]) -> [RowQuery.Condition] {
    [
      .counts,
      .isOneOf("department", departments.map { .text($0.code) }),
    ]
  }
}

extension TableRow {
  /// Whether a pilot of the initiative was concluded.
  fileprivate var hasPilot: Bool { self["pilot_currency"] != .null }

  /// Whether the initiative is under way and has a budget.
  fileprivate var hasBudget: Bool { isUnderWay && self["budget"] != .null }

  /// Whether a row of the initiative board counts under a status.
  fileprivate func has(_ status: InitiativeLife.Status) -> Bool {
    if self["on_hold"] == .boolean(true) { return status == .onHold }
    return self["stage"] == .text(status.rawValue)
  }
}
