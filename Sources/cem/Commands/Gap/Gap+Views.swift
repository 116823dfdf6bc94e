import ArgumentParser
import CEMDomain
import CEMStore

extension GapNoun {
  static var listHelp: (abstract: String, discussion: String) {
    (
      "List gaps.",
      examples(
        "cem gap list --department ssc --state open --sort -severity", "cem gap list --overdue",
        about: "States: open, closed, accepted; voided ones only with --state voided.")
    )
  }
  static let states = ["open", "closed", "accepted"]
  static let nothing = "no gaps"
  static let first = "cem gap record --department DEPT --link LINK --title TEXT"
  static func fields(on _: Day) -> [Field<EntityRecord>] { fields }
  static var state: ((EntityRecord, Day) -> String)? {
    { record, _ in record.gap?.life.stage.rawValue ?? "" }
  }
  static var due: ((EntityRecord) -> Day?)? { { $0.gap?.details.due } }

  struct ShowVerb: ShowingVerb {
    static let configuration = CommandConfiguration(
      commandName: "show", abstract: "Show a gap.", discussion: examples("cem gap show GAP-12"))

    @Argument(help: "The gap.", completion: Completion.references(.gap)) var gap: String
    @OptionGroup(title: "When") var read: ReadOptions
    @OptionGroup(title: "Options everywhere") var options: GlobalOptions

    func run() async throws {
      let session = try await Session.open(options)
      let stream = try GapRef(scalar: gap).stream
      let view = try session.read(read) { reading in
        let record = try reading.reader.record(stream)
        return GapView(
          record: record,
          addressedBy: try reading.reader.initiatives([
            .lists("gaps", stream.reference), .isUnderWay,
          ]),
          recent: try session.recentEvents(of: stream, upTo: reading.point.position))
      }
      try options.show(view, GapView.fields, recent: view.recent)
    }
  }

  static let fields: [Field<EntityRecord>] = ownFields + Field.approval + Field.common

  private static let ownFields: [Field<EntityRecord>] = [
    .ref,
    Field("department") { Datum($0.gap?.details.department) },
    Field("title") { Datum($0.gap?.details.title) },
    Field("severity", short: "SEV", numeric: true) { Datum($0.gap?.details.severity) },
    Field("state") { Datum($0.gap?.life.stage) },
    Field("size", numeric: true) { Datum($0.gap?.details.size) },
    Field("due", numeric: true) { Datum($0.gap?.details.due) },
    Field("owner") { Datum($0.gap?.details.owner) },
    Field("link") { Datum($0.gap?.details.link) },
    Field("wantedSide", inTable: false) { Datum($0.gap?.details.link.sides?.wanted) },
    Field("actualSide", inTable: false) { Datum($0.gap?.details.link.sides?.actual) },
    Field("expected", inTable: false, numeric: true) { Datum($0.gap?.details.expected) },
    Field("perceived", inTable: false, numeric: true) { Datum($0.gap?.details.perceived) },
    Field("unit", inTable: false) { Datum($0.gap?.details.unit) },
    Field("lowerIsBetter", inTable: false) { .bool($0.gap?.details.lowerIsBetter ?? false) },
    Field("relativeSize", inTable: false, numeric: true) { Datum($0.gap?.details.relativeSize) },
    Field("measuredOn", inTable: false) { Datum($0.gap?.details.measuredOn) },
    Field("stateSince", inTable: false) { .day($0.gap?.life.since ?? $0.since) },
    Field("reviewOn", inTable: false) { Datum($0.gap?.life.reviewOn) },
    Field("approver", inTable: false) { Datum($0.gap?.life.approver) },
    Field("resolution", inTable: false) { Datum($0.gap?.life.resolution) },
    Field("unmetReason", inTable: false) { Datum($0.gap?.life.unmetReason) },
    Field("closingEvidence", inTable: false) { Datum($0.gap?.life.closingEvidence) },
    Field("reassessments", inTable: false, numeric: true) { Datum($0.gap?.life.reassessments) },
    Field("reopenings", inTable: false, numeric: true) { Datum($0.gap?.life.reopenings) },
    Field("phase", inTable: false) { Datum($0.gap?.details.phase) },
    Field("dimension", inTable: false) { Datum($0.gap?.details.dimension) },
    Field("attribute", inTable: false) { Datum($0.gap?.details.attribute) },
    Field("evidence", inTable: false) { Datum($0.gap?.details.evidence) },
    Field("touchpoint", inTable: false) { Datum($0.gap?.details.touchpoint) },
    Field("breach", inTable: false) { Datum($0.gap?.details.breach) },
    Field("source", inTable: false) { Datum($0.gap?.details.source) },
  ]
}

/// A gap with what a card shows beside it.
struct GapView: Sendable {
  var record: EntityRecord
  var addressedBy: [String]
  var recent: [String]

  static let fields: [Field<GapView>] =
    Field.of(GapNoun.fields) { $0.record } + [addressedBy]

  private static let addressedBy = Field<GapView>("addressedBy") { Datum($0.addressedBy) }
}

extension Field where Row == EntityRecord {
  /// What every thing has.
  static var common: [Field<EntityRecord>] {
    [
      Field("since", inTable: false) { .day($0.since) },
      .external,
      .voided,
      .duplicateOf,
      .version,
      .position,
    ]
  }
}

extension Field {
  /// The fields of a part, as fields of the whole.
  static func of<Part>(
    _ fields: [Field<Part>], in part: @escaping @Sendable (Row) -> Part
  ) -> [Field<Row>] {
    fields.map { field in
      let value = field.value
      return Field<Row>(
        field.key, title: field.name, short: field.title, inTable: field.isInTable,
        numeric: field.isNumeric
      ) { value(part($0)) }
    }
  }
}
