import ArgumentParser
import CEMDomain
import CEMStore

extension StandardNoun {
  struct BreachesVerb: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "breaches", abstract: "List the periods in which standards were missed.",
      discussion: examples(
        "cem standard breaches --department retail --unrecorded",
        "cem standard breaches --measured FY2026",
        about: "A breach becomes a gap with: cem gap record --from-breach STD-9/2026"))

    @Option(
      help: ArgumentHelp("Only those of a department.", valueName: "dept"),
      completion: Completion.departments)
    var department: String?
    @Option(help: ArgumentHelp("Only those of a period, as it was measured.", valueName: "period"))
    var measured: String?
    @Flag(help: "Only those that no gap was recorded from.") var unrecorded = false
    @OptionGroup(title: "When") var read: ReadOptions
    @OptionGroup(title: "Options everywhere") var options: GlobalOptions

    func run() async throws {
      let session = try await Session.open(options)
      let breaches = try session.read(read) {
        try $0.reader.breaches(of: department, in: measured, unrecorded: unrecorded)
      }
      try options.show(
        Listing(breaches, BreachView.fields, empty: "no standard was missed"))
    }
  }

  struct ShowVerb: ShowingVerb {
    static let configuration = CommandConfiguration(
      commandName: "show", abstract: "Show a service standard with its versions and measurements.",
      discussion: examples("cem standard show STD-9"))

    @Argument(help: "The standard.", completion: Completion.references(.standard))
    var standard: String
    @OptionGroup(title: "When") var read: ReadOptions
    @OptionGroup(title: "Options everywhere") var options: GlobalOptions

    func run() async throws {
      let session = try await Session.open(options)
      let stream = try StandardRef(given: standard, field: "standard").stream
      let (record, recent) = try session.read(read) { reading in
        (
          try reading.reader.withoutVoidedGaps([reading.reader.record(stream)])[0],
          try session.recentEvents(of: stream, upTo: reading.point.position)
        )
      }
      guard options.style.isForPeople, options.style.fields.isEmpty else {
        return try options.show(record, StandardNoun.fields + StandardNoun.history)
      }
      try options.show(
        record, StandardNoun.fields, recent: recent, more: record.standard?.historyLines ?? [])
    }
  }

  static let fields: [Field<EntityRecord>] = ownFields + Field.common

  private static let ownFields: [Field<EntityRecord>] = [
    .ref,
    Field("department", short: "DEPT") { Datum($0.standard?.details.department) },
    Field("touchpoint", short: "AT") { Datum($0.standard?.details.touchpoint) },
    Field("metric") { Datum($0.standard?.details.metric) },
    // The latest version's target may be another than the one that judged the period.
    Field("period") { Datum($0.standard?.standing?.measurement.period) },
    Field("value", numeric: true) { Datum($0.standard?.standing?.measurement.value) },
    Field("judgedTarget", title: "AGAINST", numeric: true) {
      Datum($0.standard?.standing?.version?.target)
    },
    Field("state") { record in
      record.standard.map { .term(kind: "Standard.State", id: $0.stateName) } ?? .null
    },
    Field("target", numeric: true) { Datum($0.standard?.details.target) },
    Field("volume", numeric: true) { Datum($0.standard?.standing?.measurement.volume) },
    Field("unit", inTable: false) { Datum($0.standard?.details.unit) },
    Field("lowerIsBetter", inTable: false) { .bool($0.standard?.details.lowerIsBetter ?? false) },
    Field("for", inTable: false) { Datum($0.standard?.details.for) },
    Field("aspect", inTable: false) { Datum($0.standard?.details.aspect) },
    Field("from", inTable: false) { Datum($0.standard?.details.from) },
    Field("owner", inTable: false) { Datum($0.standard?.details.owner) },
    Field("retiredOn", inTable: false) { Datum($0.standard?.life.retiredOn) },
  ]

  fileprivate static let history: [Field<EntityRecord>] = [
    Field("versions") { record in
      .list(
        (record.standard?.versions ?? []).map {
          Datum(["from": .day($0.from), "target": Datum($0.target)])
        })
    },
    Field("measurements") { record in
      .list(
        (record.standard?.judgements ?? []).map { judgement in
          Datum([
            "period": Datum(judgement.measurement.period),
            "value": Datum(judgement.measurement.value),
            "volume": Datum(judgement.measurement.volume),
            "target": Datum(judgement.version?.target), "verdict": Datum(judgement.verdict),
            "changedWithin": .bool(judgement.changedWithin),
            "gap": Datum(judgement.measurement.gap), "note": Datum(judgement.measurement.note),
          ])
        })
    },
  ]
}

/// A period in which a standard was missed.
struct BreachView: Sendable {
  var standard: EntityRecord
  var judgement: Judgement

  var ref: BreachRef {
    BreachRef(StandardRef(standard.stream.number), judgement.measurement.period)
  }

  static let fields: [Field<BreachView>] = [
    Field("breach") { Datum($0.ref) },
    Field("department", short: "DEPT") { Datum($0.standard.standard?.details.department) },
    Field("touchpoint", short: "AT") { Datum($0.standard.standard?.details.touchpoint) },
    Field("metric") { Datum($0.standard.standard?.details.metric) },
    Field("target", numeric: true) { Datum($0.judgement.version?.target) },
    Field("value", numeric: true) { Datum($0.judgement.measurement.value) },
    Field("volume", numeric: true) { Datum($0.judgement.measurement.volume) },
    Field("gap") { Datum($0.judgement.measurement.gap) },
    Field("changedWithin", inTable: false) { .bool($0.judgement.changedWithin) },
  ]
}

extension ProgramReader {
  /// The breaches of standards, in the order of these. What was missed while it was promised stays a breach.
  /// - Parameter unrecorded: only those without a gap that counts.
  func breaches(
    of department: String?, in period: String?, unrecorded: Bool
  ) throws -> [BreachView] {
    let wanted = try period.map { try Period(given: $0, field: "period") }
    let department = try department.map { try DepartmentCode(given: $0, field: "department") }
    if let department { _ = try record(department.stream) }
    var breaches: [BreachView] = []
    for record in try withoutVoidedGaps(records(of: .standard, concerning: department))
    where !record.isVoided {
      guard let standard = record.standard else { continue }
      for judgement in standard.judgements where judgement.isBreach {
        if let wanted, judgement.measurement.period != wanted { continue }
        if unrecorded, judgement.measurement.gap != nil { continue }
        breaches.append(BreachView(standard: record, judgement: judgement))
      }
    }
    return breaches
  }

  /// Standards whose breaches name no gap that was voided: it should never have been recorded.
  fileprivate func withoutVoidedGaps(_ standards: [EntityRecord]) throws -> [EntityRecord] {
    let gaps = try records(
      standards.flatMap { $0.standard?.life.measurements ?? [] }.compactMap { $0.gap?.stream })
    return standards.map { record in
      guard var standard = record.standard else { return record }
      for (index, measurement) in standard.life.measurements.enumerated() {
        guard let gap = measurement.gap, gaps[gap.stream]?.isVoided == true else { continue }
        standard.life.measurements[index].gap = nil
      }
      var record = record
      record.entity = .standard(standard)
      return record
    }
  }
}

extension Standard {
  /// The versions and the measurements as a card shows them, a line each.
  fileprivate var historyLines: [String] {
    let versions = versions.map { version in
      Words.say(
        "from %1  target %2", "\(version.from)",
        version.target.map { "\($0)" } ?? Words.say("unknown"))
    }
    let measured = judgements.map { judgement in
      let measurement = judgement.measurement
      var parts = [
        "\(measurement.period)", measurement.value.map { "\($0)" } ?? Words.say("no data"),
      ]
      if let volume = measurement.volume { parts.append(Words.say("of %1", "\(volume)")) }
      parts.append(Datum(judgement.verdict).display)
      if let target = judgement.version?.target {
        parts.append(Words.say("(target %1)", "\(target)"))
      }
      if judgement.changedWithin { parts.append(Words.say("changed within the period")) }
      if let gap = measurement.gap { parts.append("\(gap)") }
      if let note = measurement.note?.value { parts.append("\"\(note)\"") }
      return parts.joined(separator: "  ")
    }
    return ["", Words.say("versions")] + versions
      + (measured.isEmpty ? [] : ["", Words.say("measurements")] + measured)
  }

  /// What `--state` calls where it stands.
  var stateName: String {
    isOpen ? (standing?.verdict ?? .unknown).rawValue : "retired"
  }
}
