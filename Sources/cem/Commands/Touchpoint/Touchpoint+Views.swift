import ArgumentParser
import CEMDomain
import CEMStore

extension TouchpointNoun {
  struct ShowVerb: ShowingVerb {
    static let configuration = CommandConfiguration(
      commandName: "show", abstract: "Show a touchpoint with its contact plan and its standards.",
      discussion: examples("cem touchpoint show TP-3"))

    @Argument(help: "The touchpoint.", completion: Completion.references(.touchpoint))
    var touchpoint: String
    @OptionGroup(title: "When") var read: ReadOptions
    @OptionGroup(title: "Options everywhere") var options: GlobalOptions

    func run() async throws {
      let session = try await Session.open(options)
      let ref = try TouchpointRef(given: touchpoint, field: "touchpoint")
      let view = try session.read(read) { reading in
        let key: RowQuery.Condition = .equals("touchpoint", .integer(ref.number))
        let standards = try reading.reader.rows(
          of: StandardRegister.self, RowQuery([key, .counts]))
        return TouchpointView(
          record: try reading.reader.record(ref.stream),
          scorecard: try reading.reader.rows(of: TouchpointScorecard.self, RowQuery([key])).first,
          standards: standards,
          judged: try reading.reader.records(standards.map { $0.stream(.standard) }),
          links: try reading.reader.rows(of: TouchpointLinks.self, RowQuery([key])),
          recent: try session.recentEvents(of: ref.stream, upTo: reading.point.position))
      }
      try options.show(view, TouchpointView.fields, recent: view.recent)
    }
  }

  static let fields: [Field<EntityRecord>] = ownFields + planFields + Field.common

  private static let ownFields: [Field<EntityRecord>] = [
    .ref,
    Field("department") { Datum($0.touchpoint?.details.department) },
    Field("name") { Datum($0.touchpoint?.details.name) },
    Field("channel") { Datum($0.touchpoint?.details.channel) },
    Field("type") { Datum($0.touchpoint?.details.type) },
    Field("journeyStage", short: "STAGE") { Datum($0.touchpoint?.details.stage) },
    Field("momentOfTruth", short: "TRUTH") {
      .bool($0.touchpoint?.details.momentOfTruth ?? false)
    },
    Field("plan", title: "PLAN OF 12", short: "PLAN/12", numeric: true) {
      Datum($0.touchpoint?.life.plan.count)
    },
    Field("state") { record in
      record.touchpoint.map { .term(kind: "Touchpoint.State", id: $0.stateName) } ?? .null
    },
    Field("segment", inTable: false) { Datum($0.touchpoint?.details.segment) },
    Field("owner", inTable: false) { Datum($0.touchpoint?.details.owner) },
    Field("expectation", inTable: false) { Datum($0.touchpoint?.details.expectation) },
    Field("firstExperience", inTable: false) { Datum($0.touchpoint?.details.firstExperience) },
    Field("missingForTruth", inTable: false) { record in
      record.touchpoint?.missingForTruth.map { fields in
        .list(fields.map { .term(kind: "Field", id: $0) })
      } ?? .null
    },
    Field("rules", inTable: false) { Datum($0.touchpoint?.details.rules) },
    Field("flexibility", inTable: false) { Datum($0.touchpoint?.details.flexibility) },
    Field("phase", inTable: false) { Datum($0.touchpoint?.details.phase) },
    Field("dimension", inTable: false) { Datum($0.touchpoint?.details.dimension) },
    Field("attribute", inTable: false) { Datum($0.touchpoint?.details.attribute) },
    Field("modules", inTable: false) { record in
      Datum(record.touchpoint?.details.modules ?? [] as [any Term])
    },
    Field("gives", inTable: false) { record in
      Datum(record.touchpoint?.details.gives ?? [] as [any Term])
    },
    Field("retiredOn", inTable: false) { Datum($0.touchpoint?.life.retiredOn) },
  ]

  private static let planFields: [Field<EntityRecord>] = [
    Field("planned", inTable: false) { record in
      .object(
        (record.touchpoint?.life.plan ?? []).map {
          Datum.Member(
            key: $0.item.rawValue, value: Datum($0.text), kind: Catalog.kindName(of: $0.item))
        })
    },
    Field("openItems", inTable: false) { record in
      Datum(record.touchpoint?.openItems ?? [] as [any Term])
    },
    Field("effective", inTable: false) { record in
      .bool(record.touchpoint?.missingForEffect.isEmpty ?? false)
    },
    Field("missingForEffect", inTable: false) { record in
      Datum(record.touchpoint?.missingForEffect ?? [] as [any Term])
    },
  ]

  /// How many standards a touchpoint has for each aspect, and what is missing for balance.
  static let balanceFields: [Field<InterfaceBalance>] = [
    Field("aspects", inTable: false) { balance in
      .object(
        StandardAspect.allCases.map {
          Datum.Member(
            key: $0.rawValue, value: .integer(Int64(balance.counts[$0] ?? 0)),
            kind: Catalog.kindName(of: $0))
        })
    },
    Field("missingForBalance", inTable: false) { Datum($0.missing as [any Term]) },
  ]
}

extension ProgramReader {
  /// How the standards of each touchpoint hold the customer interface; those without standards may be left out.
  func interfaceBalances() throws -> [StreamID: InterfaceBalance] {
    var balances: [StreamID: InterfaceBalance] = [:]
    for row in try rows(of: TouchpointScorecard.self, RowQuery()) {
      balances[row.stream(.touchpoint)] = InterfaceBalance(row)
    }
    return balances
  }
}

/// A touchpoint with what a card shows beside it.
struct TouchpointView: Sendable {
  var record: EntityRecord
  var scorecard: TableRow?
  var standards: [TableRow]
  /// The standards themselves, which know by which version each period was judged.
  var judged: [StreamID: EntityRecord]
  var links: [TableRow]
  var recent: [String]

  static let fields: [Field<TouchpointView>] =
    Field.of(TouchpointNoun.fields) { $0.record } + counts
    + Field.of(TouchpointNoun.balanceFields) {
      $0.scorecard.map { InterfaceBalance($0) } ?? InterfaceBalance([:])
    } + [standards, gaps, initiatives]

  private static let counts: [Field<TouchpointView>] = [
    Field("standardsMet", numeric: true) { Datum($0.scorecard?["standards_met"] ?? .null) },
    Field("standardsMissed", numeric: true) { Datum($0.scorecard?["standards_missed"] ?? .null) },
    Field("breaches", numeric: true) { Datum($0.scorecard?["breaches"] ?? .null) },
  ]

  private static let standards = Field<TouchpointView>("standards") { view in
    .list(
      view.standards.map { row in
        Datum([
          "standard": .text(row.stream(.standard).reference),
          "metric": Datum(row["metric"]), "aspect": aspect(of: row), "target": Datum(row["target"]),
          "period": Datum(row["latest_period"]), "value": Datum(row["latest_value"]),
          "judgedTarget": Datum(
            view.judged[row.stream(.standard)]?.standard?.standing?.version?.target),
          "verdict": verdict(of: row),
        ])
      })
  }

  private static func verdict(of row: TableRow) -> Datum {
    guard case .text(let id) = row["latest_verdict"] else { return .null }
    return .term(kind: "StandardVerdict", id: id)
  }

  private static func aspect(of row: TableRow) -> Datum {
    guard case .text(let id) = row["aspect"] else { return .null }
    return .term(kind: "StandardAspect", id: id)
  }

  private static let gaps = Field<TouchpointView>("openGaps") { Datum($0.open(.gap)) }
  private static let initiatives = Field<TouchpointView>("openInitiatives") {
    Datum($0.open(.initiative))
  }

  private func open(_ kind: EntityKind) -> [String] {
    links.filter { $0["kind"] == .text(kind.rawValue) && $0["is_open"] == .boolean(true) }
      .map { StreamID(kind, number: $0.number("number")).reference }
  }
}

extension Touchpoint {
  /// What `--state` calls where it stands.
  var stateName: String { isOpen ? "active" : "retired" }
}
