import ArgumentParser
import CEMDomain
import CEMStore

extension InitiativeNoun {
  static var listHelp: (abstract: String, discussion: String) {
    (
      "List initiatives.",
      examples(
        "cem initiative list --department ssc --state piloting",
        "cem initiative list --overdue --sort due",
        "cem initiative list --brand-element slogan",
        about:
          "States: open, started, piloting, concluded, scaling, completed, onHold, cancelled; voided ones only with --state voided."
      )
    )
  }
  static let states = [
    "open", "started", "piloting", "concluded", "scaling", "completed", "onHold", "cancelled",
  ]
  static let nothing = "no initiatives"
  static let first = "cem initiative open --department DEPT --title TEXT --step STEP"
  static func fields(on _: Day) -> [Field<EntityRecord>] { fields }
  static var state: ((EntityRecord, Day) -> String)? {
    { record, _ in record.initiative?.life.status.rawValue ?? "" }
  }
  static var due: ((EntityRecord) -> Day?)? { { $0.initiative?.details.due } }

  struct ShowVerb: ShowingVerb {
    static let configuration = CommandConfiguration(
      commandName: "show", abstract: "Show an initiative.",
      discussion: examples("cem initiative show INI-7"))

    @Argument(help: "The initiative.", completion: Completion.references(.initiative))
    var initiative: String
    @OptionGroup(title: "When") var read: ReadOptions
    @OptionGroup(title: "Options everywhere") var options: GlobalOptions

    func run() async throws {
      let session = try await Session.open(options)
      let stream = try InitiativeRef(scalar: initiative).stream
      let view = try session.read(read) { reading in
        let record = try reading.reader.record(stream)
        let refs = [
          record.initiative?.details.platformWaiver, record.initiative?.life.platformWaiver,
          record.initiative?.life.pilotWaiver,
        ].compactMap { $0?.stream }
        let waivers = try reading.reader.records(refs)
        return InitiativeView(
          record: record, waivers: refs.compactMap { waivers[$0] },
          attestation: record.initiative?.life.ethicsVersion == nil
            ? nil : try session.attestation(in: stream, upTo: reading.point.position),
          recent: try session.recentEvents(of: stream, upTo: reading.point.position))
      }
      try options.show(view, InitiativeView.fields, recent: view.recent)
    }
  }

  static let fields: [Field<EntityRecord>] = ownFields + Field.approval + Field.common

  private static let ownFields: [Field<EntityRecord>] =
    [
      .ref,
      Field("department") { Datum($0.initiative?.details.department) },
      Field("title") { Datum($0.initiative?.details.title) },
      Field("state") { record in
        record.initiative.map {
          .term(kind: "InitiativeLife.Status", id: $0.life.status.rawValue)
        } ?? .null
      },
      Field("rag") { Datum($0.initiative?.life.lastUpdate?.rag) },
      Field("due", numeric: true) { Datum($0.initiative?.details.due) },
      Field("owner") { Datum($0.initiative?.details.owner) },
      Field("step") { Datum($0.initiative?.details.step) },
      Field("brandElements", inTable: false) { record in
        Datum(record.initiative?.details.brandElements ?? [] as [any Term])
      },
      Field("stage", inTable: false) { Datum($0.initiative?.life.stage) },
      Field("onHold", inTable: false) { Datum($0.initiative?.life.isOnHold) },
      Field("stateSince", inTable: false) {
        .day($0.initiative?.life.heldSince ?? $0.initiative?.life.since ?? $0.since)
      },
      Field("note", inTable: false) { Datum($0.initiative?.life.lastUpdate?.note) },
      Field("noteOn", inTable: false) { Datum($0.initiative?.life.lastUpdate?.on) },
      Field("with", inTable: false) { Datum($0.initiative?.details.with ?? []) },
      Field("sponsor", inTable: false) { Datum($0.initiative?.details.sponsor) },
      Field("budget", inTable: false, numeric: true) { Datum($0.initiative?.details.budget) },
      Field("currency", inTable: false) { Datum($0.initiative?.details.currency) },
      Field("start", inTable: false) { Datum($0.initiative?.details.start) },
      Field("gaps", inTable: false) { Datum($0.initiative?.details.gaps ?? []) },
      Field("touchpoints", inTable: false) { Datum($0.initiative?.details.touchpoints ?? []) },
      Field("platform", inTable: false) { Datum($0.initiative?.details.platform) },
      Field("metric", inTable: false) { Datum($0.initiative?.details.metric) },
      Field("metricUnit", inTable: false) { Datum($0.initiative?.details.metricUnit) },
      Field("baseline", inTable: false, numeric: true) { Datum($0.initiative?.details.baseline) },
      Field("target", inTable: false, numeric: true) { Datum($0.initiative?.details.target) },
      Field("measured", inTable: false, numeric: true) { Datum($0.initiative?.life.measured) },
      Field("outcomeEvidence", inTable: false) { Datum($0.initiative?.life.outcomeEvidence) },
      Field("pilots", inTable: false, numeric: true) { Datum($0.initiative?.life.pilots) },
      Field("pilot", inTable: false) { Datum($0.initiative?.life.lastPilot) },
      Field("womRule", title: "WORD OF MOUTH", inTable: false) {
        Datum($0.initiative?.details.womRule)
      },
      Field("ethicsVersion", inTable: false, numeric: true) {
        Datum($0.initiative?.life.ethicsVersion)
      },
      Field("links", inTable: false) { record in
        Datum((record.initiative?.details.links ?? []).map(\.description))
      },
    ]
}

/// An initiative with what a card shows beside it.
struct InitiativeView: Sendable {
  var record: EntityRecord
  var waivers: [EntityRecord]
  /// The event that attested the ethics of word of mouth; `nil` where they are not attested.
  var attestation: RecordedEvent?
  var recent: [String]

  static let fields: [Field<InitiativeView>] =
    Field.of(InitiativeNoun.fields) { $0.record } + [
      waivers,
      Field("attestedBy") { view in
        Datum(view.attestation.map { $0.onBehalfOf?.code ?? $0.actor })
      },
      Field("attestedOn") { Datum($0.attestation?.occurredOn) },
    ]

  private static let waivers = Field<InitiativeView>("waivers") { view in
    .list(view.waivers.map { Datum(waiver: $0) })
  }
}

extension Session {
  /// The event by which the ethics of an initiative are attested at a position: of the last version, and not taken
  /// back since.
  fileprivate func attestation(in stream: StreamID, upTo position: Int64) throws -> RecordedEvent? {
    var found: [RecordedEvent] = []
    for stored in try log.events(of: [stream], upTo: position) {
      let event = try stored.readable()
      switch event.event {
      case .initiative(.opened(let details)) where details.ethicsVersion != nil:
        found.append(event)
      case .initiative(.ethicsAttested): found.append(event)
      case .correction(_, .reverted(let reversion)):
        found.removeAll { $0.position == reversion.position }
      default: break
      }
    }
    return found.last
  }
}

extension Datum {
  /// A concluded pilot with its return.
  init(_ pilot: ConcludedPilot?) {
    guard let pilot else {
      self = .null
      return
    }
    let result = pilot.result
    self.init([
      "verdict": Datum(result.verdict), "cost": Datum(result.cost),
      "benefit": Datum(result.benefit), "currency": Datum(result.currency),
      "benefitKind": Datum(result.benefitKind), "horizon": Datum(result.horizon),
      "return": Datum(result.returnOnInvestment), "evidence": Datum(result.evidence),
      "since": .day(pilot.since), "on": .day(pilot.on), "scope": Datum(pilot.scope),
      "note": Datum(result.note),
    ])
  }

  /// A waiver that matters for something else.
  init(waiver record: EntityRecord) {
    let details = record.waiver?.details
    self.init([
      "ref": .text(record.stream.reference), "rule": Datum(details?.rule),
      "approver": Datum(details?.approver), "until": Datum(details?.until),
      "reason": Datum(details?.because), "revokedOn": Datum(record.waiver?.revokedOn),
      "voided": .bool(record.isVoided),
    ])
  }
}

extension ProgramReader {
  /// The references of the initiatives that count and meet some conditions.
  func initiatives(_ conditions: [RowQuery.Condition]) throws -> [String] {
    try rows(of: InitiativeBoard.self, RowQuery([.counts] + conditions))
      .map { $0.stream(.initiative).reference }
  }
}
