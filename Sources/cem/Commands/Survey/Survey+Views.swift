import ArgumentParser
import CEMDomain
import CEMStore

extension SurveyNoun {
  struct DeliveryVerb: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "delivery",
      abstract: "Show the delivery gap: what we believe, what customers say.",
      discussion: examples(
        "cem survey delivery", "cem survey delivery --department retail",
        about:
          "Surveys of one department, touchpoint, segment and period are taken together by their samples."
      ))

    @Option(
      help: ArgumentHelp("Only those of a department.", valueName: "dept"),
      completion: Completion.departments)
    var department: String?
    @OptionGroup(title: "When") var read: ReadOptions
    @OptionGroup(title: "Options everywhere") var options: GlobalOptions

    func run() async throws {
      let session = try await Session.open(options)
      let code = try department.map { try DepartmentCode(given: $0, field: "department") }
      let rows = try session.read(read) { reading in
        if let code { _ = try reading.reader.record(code.stream) }
        return try reading.reader.deliveryGaps(of: code)
      }
      try options.show(
        Listing(
          rows, ProgramOverview.Delivery.fields,
          empty: Words.nothing("nobody was asked yet", "cem survey record --help")))
      guard options.style.isForPeople, options.style.fields.isEmpty, !rows.isEmpty else { return }
      let reference = Catalog.deliveryGapReference
      let texts =
        [
          Words.say(
            "Bain's reference: %1 believe, %2 agree, gap %3.", reference.believing,
            reference.agreeing, reference.gap),
          Words.say(Catalog.deliveryGapCaveat),
          Words.pair(
            Words.say("What closes it"),
            Catalog.deliveryGapRemedies.map { Words.say($0) }.joined(separator: Words.sentenceMark)),
          Words.say(Catalog.employeesFirst),
        ] + [Self.unasked(rows)].compactMap(\.self)
      try Console.standard.write("\n")
      for line in texts.flatMap({ $0.wrapped(to: options.style.width ?? 100) }) {
        try Console.standard.write(line + "\n")
      }
    }

    /// What is said where customers were asked and our own people were not.
    private static func unasked(_ rows: [ProgramOverview.Delivery]) -> String? {
      let count = rows.count { $0.gap.employees.sample == 0 }
      return count == 0
        ? nil : Words.say("In %1 of %2 our own people were not asked.", "\(count)", "\(rows.count)")
    }
  }
}

extension ProgramOverview.Delivery {
  fileprivate static let fields: [Field<ProgramOverview.Delivery>] = [
    Field("period") { .text($0.period) },
    Field("department", short: "DEPT") { Datum($0.group.department) },
    Field("touchpoint", short: "AT") { Datum($0.group.touchpoint) },
    Field("segment") { Datum($0.group.segment) },
    Field("believing", short: "BELIEVE", numeric: true) { Datum($0.gap.employees.share) },
    Field("employees", short: "OF", numeric: true) { .integer($0.gap.employees.sample) },
    Field("agreeing", short: "AGREE", numeric: true) { Datum($0.gap.customers.share) },
    Field("customers", short: "OF", numeric: true) { .integer($0.gap.customers.sample) },
    Field("gap", numeric: true) { Datum($0.gap.size) },
  ]
}
