package import CEMDomain

/// What is known of one stage of the customer's journey (domain §4).
package struct JourneyRow: Hashable, Sendable {
  /// `nil` for what has no stage.
  package var stage: JourneyStage?
  /// Those in use, voided ones left out.
  package var touchpoints = 0
  /// How many of them are moments of truth.
  package var momentsOfTruth = 0
  /// How many of the twelve items of each contact plan are filled in, all together.
  package var planItems = 0
  /// The service standards of these touchpoints, without those that were retired.
  package var standards = 0
  /// How many of them were missed when last measured.
  package var standardsMissed = 0
  /// The open gaps that name one of these touchpoints.
  package var openGaps = 0
  package var insights = 0
  /// How many of the insights say that customers leave.
  package var leaves = 0
  /// The largest share of customers, 0 to 1, that one of these says leave; `nil` where none says.
  package var leavingShare: Exact?
  /// How many of the insights say that customers stay.
  package var stays = 0
  package var goodPeaks = 0
  package var badPeaks = 0

  init(stage: JourneyStage?) { self.stage = stage }

  /// How much of the contact plans is filled in, 0 to 1, to two digits; `nil` without touchpoints.
  package var planShare: Exact? {
    let items = touchpoints * ContactPlanItem.allCases.count
    guard items > 0 else { return nil }
    return try? Exact(millionths: Int64((200 * planItems + items) / (2 * items)) * 10_000)
  }

  /// Whether nothing was recorded of it.
  package var isEmpty: Bool { touchpoints == 0 && insights == 0 }
}

extension ProgramReader {
  /// The customer's journey: a row a stage in order, and one for what has none.
  ///
  /// - Parameters:
  ///   - department: that of the touchpoints, and of the insights: the one they name, else their touchpoint's.
  ///   - segment: its touchpoints with those for everybody, and its insights.
  package func journey(
    of department: DepartmentCode? = nil, segment: SegmentCode? = nil
  ) throws -> [JourneyRow] {
    var rows = (JourneyStage.allCases + [nil]).map { JourneyRow(stage: $0) }
    let known = RowQuery([.counts])
    func isMeant(_ value: Value, _ segments: [Value]) -> Bool {
      (department.map { value == .text($0.code) } ?? true)
        && (segment.map { segments.contains(.text($0.code)) } ?? true)
    }
    func change(_ stage: Value, _ body: (inout JourneyRow) -> Void) {
      guard let place = rows.firstIndex(where: { Value.term($0.stage) == stage }) else { return }
      body(&rows[place])
    }
    var touchpoints: [Value: TableRow] = [:]
    for row in try self.rows(of: TouchpointScorecard.self, known) {
      touchpoints[row.key[0]] = row
      let segments =
        row["segment"] == .null ? segment.map { [.text($0.code)] } ?? [] : [row["segment"]]
      guard row["retired_on"] == .null, isMeant(row["department"], segments) else { continue }
      change(row["stage"]) { stage in
        stage.touchpoints += 1
        if row["moment_of_truth"] == .boolean(true) { stage.momentsOfTruth += 1 }
        stage.planItems += row.number("plan_items")
        stage.standards += row.number("standards")
        stage.standardsMissed += row.number("standards_missed")
        stage.openGaps += row.number("open_gaps")
      }
    }
    for row in try self.rows(of: InsightRegister.self, known) {
      let place = touchpoints[row["touchpoint"]]
      func orThere(_ column: String) -> Value {
        row[column] == .null ? place?[column] ?? .null : row[column]
      }
      guard isMeant(orThere("department"), [row["segment"]]) else { continue }
      change(orThere("stage")) { $0.count(row) }
    }
    return rows
  }
}

extension ProgramReader {
  /// The insights that concern a department, voided or not, in the order of their streams: those that name it, and
  /// those that name none and are about one of its touchpoints.
  package func insights(of department: DepartmentCode) throws -> [EntityRecord] {
    let touchpoints = Set(
      try records(of: .touchpoint, concerning: department).filter { !$0.isVoided }.map(\.stream))
    return try records(of: .insight).filter { record in
      guard case .insight(let insight) = record.entity else { return false }
      if let own = insight.details.department { return own == department }
      return insight.details.touchpoint.map { touchpoints.contains($0.stream) } ?? false
    }
  }
}

extension JourneyRow {
  fileprivate mutating func count(_ insight: TableRow) {
    insights += 1
    if insight["outcome"] == .term(JourneyOutcome.leaves) {
      leaves += 1
      if case .numeric(let share) = insight["share"] {
        leavingShare = max(leavingShare ?? share, share)
      }
    }
    if insight["outcome"] == .term(JourneyOutcome.stays) { stays += 1 }
    if insight["peak"] == .term(PeakFeeling.good) { goodPeaks += 1 }
    if insight["peak"] == .term(PeakFeeling.bad) { badPeaks += 1 }
  }
}
