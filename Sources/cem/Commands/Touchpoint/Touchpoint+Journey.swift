import ArgumentParser
import CEMDomain
import CEMStore

extension TouchpointNoun {
  struct JourneyVerb: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "journey",
      abstract: "Show the customer's journey: what is known of each stage of it.",
      discussion: examples(
        "cem touchpoint journey", "cem touchpoint journey --segment first-time-buyers",
        "cem touchpoint journey --department retail --period 2026-Q3",
        about: """
          A row a stage, learn to use, and one for what has no stage. What the columns count, and how they are called in JSON:
          TP: touchpoints that are in use (touchpoints).
          TRUTH: moments of truth among them (momentsOfTruth).
          PLAN: the share of the twelve items of their contact plans that is filled in (planShare; the items: planItems).
          STD, MISSED: their service standards but those that were retired, and how many of these were missed when last measured (standards, standardsMissed).
          GAP: open gaps that name one of them (openGaps).
          INS: insights (insights). An insight without a stage belongs to that of its touchpoint, one without a department to its touchpoint's department.
          LEAVE, UP TO, STAY: insights that say that customers leave, the largest share of customers that one of these reports, and insights that say that they stay (leaves, leavingShare, stays).
          GOOD, BAD: insights that tell of a good or a bad peak feeling (goodPeaks, badPeaks).
          With --segment touchpoints for everybody count too. What is behind a row: cem touchpoint list --stage STAGE, cem insight list --stage STAGE. The same in dashboards: cem_bi.journey; its events: cem explain journey.
          """))

    @Option(
      help: ArgumentHelp("Only the journey through a department.", valueName: "dept"),
      completion: Completion.departments)
    var department: String?
    @Option(
      help: ArgumentHelp("Only the journey of a segment.", valueName: "code"),
      completion: Completion.references(.segment))
    var segment: String?
    @OptionGroup(title: "When") var read: ReadOptions
    @OptionGroup(title: "Options everywhere") var options: GlobalOptions

    func run() async throws {
      let session = try await Session.open(options)
      let code = try department.map { try DepartmentCode(given: $0, field: "department") }
      let segment = try segment.map { try SegmentCode(given: $0, field: "segment") }
      let rows = try session.read(read) { reading in
        if let code { _ = try reading.reader.record(code.stream) }
        if let segment { _ = try reading.reader.record(segment.stream) }
        return try reading.reader.journey(of: code, segment: segment)
      }
      let isForPeople = options.style.isForPeople
      guard isForPeople, rows.allSatisfy(\.isEmpty) else {
        try options.show(Listing(rows, JourneyRow.fields(forPeople: isForPeople)))
        guard isForPeople, options.style.fields.isEmpty else { return }
        return try write(remarks(on: rows))
      }
      try write([
        code == nil && segment == nil
          ? Words.nothing(TouchpointNoun.nothing, TouchpointNoun.first)
          : Words.say("nothing matches")
      ])
    }

    private func write(_ remarks: [String]) throws {
      for line in remarks.flatMap({ $0.wrapped(to: options.style.width ?? 100) }) {
        try Console.standard.write(line + "\n")
      }
    }

    /// What the table does not say of itself, and what is missing in it.
    private func remarks(on rows: [JourneyRow]) -> [String] {
      let unmapped = rows.filter { $0.stage != nil && $0.touchpoints == 0 }.map { row in
        Datum(row.stage).display
      }
      var remarks = [
        "",
        Words.say(
          "PLAN is the share of contact plan items that is filled in; UP TO the largest share of customers that an insight says leave."
        ),
      ]
      if !unmapped.isEmpty {
        remarks.append(
          Words.pair(
            Words.say("no touchpoint at"), unmapped.joined(separator: Words.listMark)))
      }
      if rows.contains(where: { $0.stage == nil && $0.touchpoints > 0 }) {
        remarks.append(
          Words.pair(Words.say("touchpoints without a stage"), "cem touchpoint list --stage none"))
      }
      if rows.allSatisfy({ $0.leaves + $0.stays == 0 }) {
        remarks.append(
          Words.pair(
            Words.say("nobody said whether customers stay or leave"),
            "cem insight record --outcome leaves --stage buy …"))
      }
      return remarks
    }
  }
}

extension JourneyRow {
  /// - Parameter forPeople: says that a row has no stage; programs read null.
  fileprivate static func fields(forPeople: Bool) -> [Field<JourneyRow>] {
    [
      Field("stage") { row in
        row.stage == nil && forPeople ? .text(Words.say("no stage")) : Datum(row.stage)
      },
      Field("touchpoints", short: "TP", numeric: true) { Datum($0.touchpoints) },
      Field("momentsOfTruth", short: "TRUTH", numeric: true) { Datum($0.momentsOfTruth) },
      Field("planItems", inTable: false, numeric: true) { Datum($0.planItems) },
      Field("planShare", short: "PLAN", numeric: true) { Datum($0.planShare) },
      Field("standards", short: "STD", numeric: true) { Datum($0.standards) },
      Field("standardsMissed", short: "MISSED", numeric: true) { Datum($0.standardsMissed) },
      Field("openGaps", short: "GAP", numeric: true) { Datum($0.openGaps) },
      Field("insights", short: "INS", numeric: true) { Datum($0.insights) },
      Field("leaves", short: "LEAVE", numeric: true) { Datum($0.leaves) },
      Field("leavingShare", short: "UP TO", numeric: true) { Datum($0.leavingShare) },
      Field("stays", short: "STAY", numeric: true) { Datum($0.stays) },
      Field("goodPeaks", short: "GOOD", numeric: true) { Datum($0.goodPeaks) },
      Field("badPeaks", short: "BAD", numeric: true) { Datum($0.badPeaks) },
    ]
  }
}
