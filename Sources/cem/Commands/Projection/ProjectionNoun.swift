import ArgumentParser
import CEMDomain
import CEMStore
import FoundationEssentials

/// `cem projection`.
struct ProjectionNoun: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "projection",
    abstract: "The tables that are made from the log: how they stand, and making them again.",
    discussion: examples(
      "cem projection status",
      "cem projection verify"),
    subcommands: [Status.self, Rebuild.self, Verify.self])
}

extension ProjectionNoun {
  struct Status: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "status", abstract: "Show each projection: version, rows, position, lag.",
      discussion: examples(
        "cem projection status", "cem projection status --json=name,lagEvents",
        about:
          "Projections change in the transaction that appends, so what is in use never lags behind. A new version that is being filled beside it does, until it comes into use."
      ))

    @OptionGroup(title: "Options everywhere") var options: GlobalOptions

    func run() async throws {
      let session = try await Session.open(options, projections: nil)
      let states = try ProjectionState.all(session.connection, programID: session.program.id)
      try options.show(Listing(states, ProjectionState.fields))
    }
  }

  struct Rebuild: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "rebuild", abstract: "Make projections again from the log.",
      discussion: examples(
        "cem projection rebuild", "cem projection rebuild gap_register",
        about:
          "Commands may go on meanwhile. Readers see the tables as they were, or whole; where nothing was wrong, nothing is written. One that was killed goes on where it was.\n\nVersions of projections that are newer than the database's come with: cem db migrate"
      ))

    @Argument(help: "Only this projection.", completion: ProjectionNoun.names) var name: String?
    @OptionGroup(title: "Options everywhere") var options: GlobalOptions

    func run() async throws {
      let projections = try ProjectionNoun.named(name)
      let session = try await Session.open(options, purpose: .bulk)
      let meter = Meter()
      let outcome = try CEMStore.Rebuild(
        session.connection, programID: session.program.id, projections: projections
      ).run { done, total in meter.show(done, of: total) }
      // A gap's events follow its register, which may be the only one that was asked for.
      let mendsGapEvents = outcome.corrected[GapEvents.table.name] != nil
      let tables =
        projections.map { $0.table } + (name == nil || mendsGapEvents ? [GapEvents.table] : [])
      let rows = tables.map { table in
        RebuiltProjection(
          name: table.name, version: table.version, rows: outcome.rows[table.name] ?? 0,
          corrected: outcome.corrected[table.name] ?? 0, position: outcome.position)
      }
      try options.show(Listing(rows, RebuiltProjection.fields))
    }
  }

  struct Verify: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "verify", abstract: "Compare projections with what the log makes of them.",
      discussion: examples(
        "cem projection verify", "cem projection verify department_status --json",
        about: "Writes nothing. Exit code 1 where a row differs; a rebuild mends it."))

    @Argument(help: "Only this projection.", completion: ProjectionNoun.names) var name: String?
    @OptionGroup(title: "Options everywhere") var options: GlobalOptions

    func run() async throws {
      let projections = try ProjectionNoun.named(name)
      let session = try await Session.open(options, purpose: .bulk)
      let meter = Meter()
      var ofGapEvents: [RowDifference] = []
      let differences =
        try Refold(session.connection, programID: session.program.id, projections: projections)
        .verify(
          meanwhile: {
            guard name == nil else { return }
            ofGapEvents = try GapEvents(session.connection, programID: session.program.id)
              .differences()
          }, progress: { done, total in meter.show(done, of: total) }) + ofGapEvents
      try options.show(
        Listing(differences, RowDifference.fields, empty: "equal: every row is what the log makes"))
      guard differences.isEmpty else {
        throw CommandError.answerIsNo(
          "\(differences.count) rows are not what the log makes of them",
          hint: "cem projection rebuild")
      }
    }
  }

  fileprivate static let names = CompletionKind.list(Projections.all.map { $0.table.name }.sorted())

  /// The projections of a name; all without one.
  fileprivate static func named(_ name: String?) throws -> [any CEMStore.Projection.Type] {
    guard let name else { return Projections.all }
    let found = Projections.all.filter { $0.table.name == name }
    guard found.isEmpty else { return found }
    throw CommandError.unknown(
      "projection", name, among: Projections.all.map { $0.table.name }.sorted())
  }
}

/// A projection that was made again, as it is printed.
private struct RebuiltProjection {
  var name: String
  var version: Int
  var rows: Int
  var corrected: Int
  var position: Int64

  static let fields: [Field<RebuiltProjection>] = [
    Field("name") { .text($0.name) },
    Field("version", numeric: true) { Datum($0.version) },
    Field("rows", numeric: true) { Datum($0.rows) },
    Field("corrected", numeric: true) { Datum($0.corrected) },
    Field("position", numeric: true) { .integer($0.position) },
  ]
}

extension ProjectionState {
  fileprivate static let fields: [Field<ProjectionState>] = [
    Field("name") { .text($0.name) },
    Field("version", numeric: true) { Datum($0.version) },
    Field("state") { .text($0.isInUse ? "in use" : "being filled") },
    Field("rows", numeric: true) { $0.rows.map { .integer($0) } ?? .null },
    Field("position", numeric: true) { .integer($0.position) },
    Field("lagEvents", numeric: true) { .integer($0.lagEvents) },
    Field("lagSeconds", numeric: true) { .integer($0.lagSeconds) },
    Field("rebuiltAt") { Datum($0.rebuiltAt) },
    Field("rebuiltPosition", numeric: true) { $0.rebuiltPosition.map { .integer($0) } ?? .null },
    Field("corrected", numeric: true) { $0.corrected.map { .integer($0) } ?? .null },
  ]
}

extension RowDifference {
  fileprivate static let fields: [Field<RowDifference>] = [
    Field("projection") { .text($0.table.name) },
    Field("key") { .text($0.key.map { $0.postgresText ?? "-" }.joined(separator: " ")) },
    Field("difference") { difference in
      .text(
        difference.expected == nil
          ? "should not be there" : difference.actual == nil ? "is missing" : "differs")
    },
    Field("columns") { Datum($0.columns.joined(separator: ", ")) },
  ]
}

/// Progress with the rate and the time left.
struct Meter {
  private let start = ContinuousClock.now

  func show(_ done: Int64, of total: Int64) {
    let seconds = (ContinuousClock.now - start) / .seconds(1)
    guard seconds > 0.2, done > 0 else { return }
    let rate = Double(done) / seconds
    let left = Double(max(0, total - done)) / rate
    Console.standard.progress(
      "\(done) of \(total) events, \(Int(rate)) a second, \(Int(left.rounded(.up))) s left …")
  }
}
