import ArgumentParser
import CEMDomain
import CEMStore
import TransparencyLog

extension AuditNoun {
  struct SampleVerb: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "sample", abstract: "Draw a random sample of events as a work paper.",
      discussion: examples(
        "cem audit sample --size 25 --seed 20260930 > sample.csv",
        "cem audit sample --size 60 --seed q3 --by department",
        "cem audit sample --size 25 --seed 7 --as-of 2026-06-30 --json",
        about:
          "The same seed draws the same events of the same log on every machine: those whose SHA-256 of method, seed and position is lowest (cem-sample/1 in schema/LOG-FORMAT.md). Each row states the population, the tree's size and root, the seed and the method. Later events make another population: to draw the same sample again, give --as-of the tree's size. With --by each part of the population gets its share, at least one where the size allows. It is CSV where no other format is asked for; the last columns are for what the check finds."
      ))

    @Option(help: ArgumentHelp("How many events.", valueName: "n")) var size = 25
    @Option(help: ArgumentHelp("What the draw begins from: any text.", valueName: "text"))
    var seed: String
    @Option(help: "Draw from each type, department or actor.") var by: Sample.Stratum?
    @Option(
      help: ArgumentHelp(
        "Draw from what was recorded up to a moment: \(MomentArgument.forms).",
        valueName: "moment"))
    var asOf: MomentArgument?
    @OptionGroup(title: "Options everywhere") var options: GlobalOptions

    func validate() throws {
      guard (1...100_000).contains(size) else {
        throw ValidationError("--size must be 1 to 100000")
      }
      guard !seed.isEmpty, !seed.utf8.contains(where: { $0 < 0x20 }) else {
        throw ValidationError("--seed must be a text of one line")
      }
    }

    func run() async throws {
      let session = try await Session.open(options, purpose: .bulk)
      let point = try session.moments.resolve(asOf?.moment)
      let sample = try Sample(
        session.connection, programID: session.program.id, size: size,
        seed: Arguments.restored(seed), by: by, point: point)
      Console.standard.note(
        "\(sample.items.count) of \(sample.population) events, seed \(sample.seed.printable()), \(Sample.method)"
          + "; tree size \(sample.population), root \(sample.root.base64)")
      let rows = sample.items.enumerated().map { index, item in
        SampleRow(
          number: index + 1, item: item, view: EventView(item.event), sample: sample,
          program: session.program.slug)
      }
      var style = options.style
      style.format = style.format ?? .csv
      if style.format == .json, style.fields.isEmpty {
        try Console.standard.write(SampleRow.object(sample, rows, by: by).text(style))
      } else {
        try Console.standard.write(Listing(rows, SampleRow.fields).text(style))
      }
      for item in sample.items { try item.event.requireAsRecorded() }
    }
  }
}

extension Sample.Stratum: ExpressibleByArgument {}

/// A row of the work paper.
struct SampleRow: Sendable {
  var number: Int
  var item: Sample.Item
  var view: EventView
  var sample: Sample
  var program: String

  /// What is said of the event.
  private static let ofEvent: [Field<SampleRow>] = [
    Field("number", title: "NO", numeric: true) { Datum($0.number) },
    Field("position", title: "POS", numeric: true) { .integer($0.item.event.position) },
    Field("recordedAt") { .time($0.item.event.recordedAt) },
    Field("occurredOn", title: "ON") { .day($0.item.event.occurredOn) },
    Field("actor") { .text($0.item.event.actor) },
    Field("stream", inTable: false) { .text($0.item.event.stream) },
    Field("type", inTable: false) { .text($0.item.event.type) },
    Field("departments", inTable: false) { .text($0.item.event.departments) },
    Field("thing") { .text(StreamID($0.item.event.stream)?.reference ?? $0.item.event.stream) },
    // A work paper is the same for whoever drew it.
    Field("what") { row in Words.$spoken.withValue(.english) { .text(row.view.words) } },
    Field("leafHash", inTable: false) { .text($0.item.event.leafHash.base64) },
    Field("stratum", inTable: false) { $0.item.stratum.isEmpty ? .null : .text($0.item.stratum) },
    Field("stratumPopulation", inTable: false, numeric: true) { Datum($0.item.stratumPopulation) },
  ]

  static let fields: [Field<SampleRow>] =
    ofEvent + [
      Field("program", inTable: false) { .text($0.program) },
      Field("population", inTable: false, numeric: true) { .integer($0.sample.population) },
      Field("treeSize", inTable: false, numeric: true) { .integer($0.sample.population) },
      Field("rootHash", inTable: false) { .text($0.sample.root.base64) },
      Field("seed", inTable: false) { .text($0.sample.seed) },
      Field("method", inTable: false) { _ in .text(Sample.method) },
      // For the one who checks.
      Field("result", inTable: false) { _ in .null },
      Field("remark", inTable: false) { _ in .null },
    ]

  /// The work paper as one thing.
  static func object(
    _ sample: Sample, _ rows: [SampleRow], by stratum: Sample.Stratum?
  ) -> SampleObject {
    SampleObject(
      members: Datum([
        "program": Datum(rows.first?.program), "population": .integer(sample.population),
        "treeSize": .integer(sample.population), "rootHash": .text(sample.root.base64),
        "seed": .text(sample.seed), "method": .text(Sample.method),
        "by": Datum(stratum?.rawValue), "size": Datum(sample.items.count),
        "events": .list(
          rows.map { row in
            .object(ofEvent.map { Datum.Member(key: $0.key, value: $0.value(row)) })
          }),
      ]))
  }
}

/// A work paper in JSON.
struct SampleObject {
  var members: Datum

  func text(_ style: OutputStyle) -> String {
    (style.width == nil ? members.jsonText : members.prettyJSONText) + "\n"
  }
}
