import ArgumentParser
import CEMDomain
import CEMStore

extension MaturityNoun {
  struct ListVerb: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "list", abstract: "List the departments' levels.",
      discussion: examples("cem maturity list", "cem maturity list --as-of 2025-12-31 --json"))

    @OptionGroup(title: "Which") var list: ListOptions
    @OptionGroup(title: "When") var read: ReadOptions
    @OptionGroup(title: "Options everywhere") var options: GlobalOptions

    func run() async throws {
      let session = try await Session.open(options)
      var (reports, program) = try session.read(read) { reading in
        try list.check(reading.reader)
        return (
          try reading.reader.departments(on: reading.day),
          try reading.reader.records([.programMaturity])[.programMaturity]?.maturity
        )
      }
      guard list.state == nil, !list.overdue else {
        throw CommandError.usage("--state and --overdue mean nothing for levels")
      }
      if let department = list.department { reports.removeAll { $0.department.code != department } }
      if let owner = list.owner { reports.removeAll { $0.lead?.code != owner } }
      let rows = try list.sortedAndLimited(reports, MaturityNoun.listFields)
      try options.show(
        Listing(
          rows, MaturityNoun.listFields,
          empty: Words.nothing("no departments yet", DepartmentNoun.first)))
      if options.style.isForPeople, !reports.isEmpty {
        let words = LevelSpread(reports, program).words.wrapped(to: options.style.width ?? 80)
        try Console.standard.write("\n" + words.joined(separator: "\n") + "\n")
      }
    }
  }

  static let listFields: [Field<DepartmentReport>] = [
    Field("department") { Datum($0.department) },
    Field("level", numeric: true) { Datum($0.standing?.level) },
    Field("levelId", inTable: false) { report in
      Datum(report.standing.map { Catalog.levels[$0.level].id })
    },
    Field("levelName", title: "NAME") { Datum(levelName: $0.standing?.level) },
    Field("levelBasis", inTable: false) { Datum($0.standing?.basis) },
    Field("levelSince", inTable: false) { Datum($0.standing?.since) },
    Field("basis") { Datum($0.standing?.basis) },
    Field("since") { Datum($0.standing?.since) },
    Field("actionsDone", title: "DONE", numeric: true) { Datum($0.actionsDone) },
    Field("actionsRequired", title: "OF", numeric: true) { Datum($0.actions.count) },
    Field("missingActions", title: "MISSING") { Datum($0.missingActions) },
    Field("readyToAdvance", title: "READY") { .bool($0.isReadyToAdvance) },
    Field("independentlyApproved", inTable: false) {
      Datum($0.standing?.isIndependentlyApproved)
    },
    Field("approvedBy", inTable: false) { Datum($0.standing?.approval?.by) },
    Field("approvedAs", inTable: false) { Datum($0.standing?.approval?.request) },
    Field("unsupported") { .bool($0.isUnsupported) },
  ]

  struct ShowVerb: ShowingVerb {
    static let configuration = CommandConfiguration(
      commandName: "show", abstract: "Show a level with its actions, evidence and waivers.",
      discussion: examples("cem maturity show ssc", "cem maturity show --program-level"))

    @OptionGroup var target: LevelTarget
    @OptionGroup(title: "When") var read: ReadOptions
    @OptionGroup(title: "Options everywhere") var options: GlobalOptions

    func run() async throws {
      let session = try await Session.open(options)
      let department = try target.department.map { try DepartmentCode(scalar: $0) }
      let stream = department.map { StreamID.maturity($0) } ?? .programMaturity
      let view = try session.read(read) { reading in
        if let department { _ = try reading.reader.record(department.stream) }
        return MaturityView(
          department: department, record: try reading.reader.records([stream])[stream],
          evaluation: try reading.reader.maturityEvaluation(of: department),
          channels: try department.map { try reading.reader.channels(of: $0) } ?? [],
          assessment: try session.assessments(
            of: [stream], upTo: reading.point.position, through: reading.through)[stream],
          day: reading.day,
          recent: try session.recentEvents(of: stream, upTo: reading.point.position))
      }
      try options.show(
        view, MaturityView.fields, recent: view.recent,
        more: view.actionLines + view.supportLines + view.channelLines)
    }
  }
}

extension Datum {
  /// The English name of a level for programs, its name in the language in use for people.
  init(levelName level: Int?) {
    self.init(level.map { Catalog.levels[$0].name }, of: "Level.Name")
  }
}

extension Datum {
  /// A feedback channel with when it was audited last, and whether a plan followed.
  fileprivate init(channel row: TableRow) {
    let isAudited = row.number("audits") > 0
    self.init([
      "channel": .text(row.stream(.channel).reference),
      "name": Datum(row["name"]), "auditedOn": Datum(row["audited_on"]),
      "planned": isAudited ? Datum(row["has_plan"]) : .null,
    ])
  }
}

extension ProgramReader {
  /// The feedback channels of a department, but for voided ones.
  fileprivate func channels(of department: DepartmentCode) throws -> [TableRow] {
    try rows(
      of: ChannelRegister.self,
      RowQuery([.counts] + RowQuery.Condition.of(department)))
  }
}

extension DepartmentReport {
  /// How many of the current level's actions count.
  var actionsDone: Int { actions.count(where: \.counts) }
}

/// The departments' levels in a few figures, beside the program's own.
struct LevelSpread {
  var words: String

  init(_ reports: [DepartmentReport], _ program: Maturity?) {
    let levels = reports.compactMap { $0.standing?.level }.sorted()
    var parts: [String] = []
    if let lowest = levels.first {
      parts.append(Words.say("lowest %1", "\(lowest)"))
      parts.append(Words.say("median %1", "\(levels[(levels.count - 1) / 2])"))
      let counts = (0...Catalog.highestLevel).map { level in levels.count { $0 == level } }
      parts.append(
        Words.say("per level 0–5: %1", counts.map(String.init).joined(separator: " ")))
    }
    parts.append(Words.say("%1 not assessed", "\(reports.count - levels.count)"))
    let own = program?.standing.map { Words.say("the program itself at %1", "\($0.level)") }
    parts.append(own ?? Words.say("the program itself not assessed"))
    words = parts.joined(separator: Words.clauseMark)
  }
}

/// A level with what a card shows beside it.
struct MaturityView: Sendable {
  var department: DepartmentCode?
  /// `nil` where nothing was recorded.
  var record: EntityRecord?
  var evaluation: MaturityEvaluation
  /// The department's feedback channels: their audits, and the plans that followed, speak for level 2.
  var channels: [TableRow]
  /// How it was assessed the last time; `nil` where it never was.
  var assessment: Assessment?
  var day: Day
  var recent: [String]

  var standing: LevelStanding? { record?.maturity?.standing }
  /// Those of the level; where there is none yet, those of which something was recorded.
  var actions: [ActionStatus] {
    if let standing { return evaluation.statuses(ofLevel: standing.level, on: day) }
    return (record?.maturity?.actions ?? []).map { evaluation.status(of: $0.action, on: day) }
  }

  /// What the advances to the level rested on, as it stands today: what they rest on may expire or be revoked.
  var support: [ActionStatus] {
    (standing?.restsOn ?? []).map { evaluation.status(of: $0, on: day) }
  }

  static let fields: [Field<MaturityView>] = [
    Field("department") { Datum($0.department) },
    Field("level", numeric: true) { Datum($0.standing?.level) },
    Field("levelId") { view in Datum(view.standing.map { Catalog.levels[$0.level].id }) },
    Field("levelName") { Datum(levelName: $0.standing?.level) },
    Field("levelBasis") { Datum($0.standing?.basis) },
    Field("levelSince") { Datum($0.standing?.since) },
    Field("assessmentDue") { .bool($0.standing?.isDue ?? false) },
    Field("assessedOn") { Datum($0.assessment?.on) },
    Field("method") { Datum($0.assessment?.method) },
    Field("assessor") { Datum($0.assessment?.assessor) },
    Field("rationale") { Datum($0.assessment?.rationale) },
    Field("independentlyApproved", inTable: false) {
      Datum($0.standing?.isIndependentlyApproved)
    },
    Field("approvedBy", inTable: false) { Datum($0.standing?.approval?.by) },
    Field("approvedAs", inTable: false) { Datum($0.standing?.approval?.request) },
    Field("unsupported") { .bool($0.evaluation.isUnsupported(on: $0.day)) },
    Field("readyToAdvance") { .bool($0.evaluation.isReadyToAdvance(on: $0.day)) },
    Field("missingActions") { view in
      Datum(view.standing == nil ? [] : view.actions.filter { !$0.counts }.map(\.action))
    },
    Field("channels", inTable: false) { view in .list(view.channels.map { Datum(channel: $0) }) },
    Field("actions", inTable: false) { view in .list(view.actions.map { view.datum(of: $0) }) },
    Field("levelRestsOn", inTable: false) { view in
      .list(view.support.map { view.datum(of: $0) })
    },
    Field("version", inTable: false, numeric: true) { Datum($0.record?.version) },
    Field("position", inTable: false, numeric: true) { Datum($0.record?.position) },
  ]

  private func datum(of status: ActionStatus) -> Datum {
    let waiver = status.waiver.flatMap { evaluation.waivers[$0] }
    return Datum([
      "action": Datum(status.action), "text": .text(text(of: status.action)),
      "state": Datum(status.state), "evidence": Datum(status.evidence),
      "waiver": Datum(status.waiver), "approver": Datum(waiver?.details.approver),
      "reason": Datum(waiver?.details.because), "expires": Datum(status.expires),
      "forAll": .bool(status.forAll),
    ])
  }

  private func text(of action: ActionID) -> String {
    Catalog.levels[action.level].actions.first { $0.id == action }?.text ?? ""
  }

  /// The actions for a person: what is done, by what, and what is waived by whom until when.
  var actionLines: [String] { lines(of: actions) }

  /// What the level rests on, for a person.
  var supportLines: [String] {
    support.isEmpty ? [] : [Words.say("the level rests on:")] + lines(of: support)
  }

  private func lines(of statuses: [ActionStatus]) -> [String] {
    statuses.map { status in
      var line = "  \(status.counts ? "✓" : "✗") \(status.action) \(Words.action(status.action))"
      if let ref = status.waiver {
        let details = evaluation.waivers[ref]?.details
        let words = Words.say(status.state == .waived ? "waived" : "was waived")
        line += " — " + Words.say("%1 (%2)", words, "\(ref)")
        if let approver = details?.approver { line += " " + Words.say("by %1", "\(approver)") }
        if status.state == .revoked { line += Words.clauseMark + Datum(status.state).display }
      } else if let evidence = status.evidence {
        line +=
          " — " + Words.pair(Datum(status.state).display, "\(evidence)")
      }
      if let expires = status.expires { line += " " + Words.say("until %1", "\(expires)") }
      if status.state == .expired, hasOwnEnd(status) {
        line += " " + Words.say("(the action's own end: complete it again)")
      }
      return line + (status.forAll ? Words.clauseMark + Words.say("for all departments") : "")
    }
  }

  /// Whether an action ended by what its completion said, while its evidence holds on.
  private func hasOwnEnd(_ status: ActionStatus) -> Bool {
    guard let ref = status.evidence, let evidence = evaluation.evidence[ref] else { return false }
    return evidence.details.expires != status.expires
  }

  /// The feedback channels for a person: when each was audited last, and whether a plan followed.
  var channelLines: [String] {
    guard !channels.isEmpty else { return [] }
    return [Words.say("feedback channels:")]
      + channels.map { row in
        let ref = row.stream(.channel).reference
        var line = "  \(ref) \(Datum(row["name"]).display)"
        guard row.number("audits") > 0 else { return line + " — " + Words.say("never audited") }
        line += " — " + Words.say("audited on %1", Datum(row["audited_on"]).display)
        let hasPlan = row["has_plan"] == .boolean(true)
        return line + Words.clauseMark + Words.say(hasPlan ? "a plan followed" : "no plan yet")
      }
  }
}
