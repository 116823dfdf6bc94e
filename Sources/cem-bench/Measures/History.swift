import CEMStore
import FoundationEssentials
import Postgres

/// Programs with a history: a small one, a large one, and one with a long stream, each in a database of
/// its own, since neighbours in a table share its indexes.
final class History {
  enum Kind: String, CaseIterable { case small, large, long }

  private let bench: Bench
  private var programs: [Kind: UUID] = [:]

  init(_ bench: Bench) { self.bench = bench }

  /// The slug that all of them have.
  static let slug = "history"

  func database(_ kind: Kind) -> String { "cem_bench_\(kind.rawValue)" }

  func size(_ kind: Kind) -> Scenario.Size {
    let scale = bench.scale
    switch kind {
    case .small: return Scenario.Size(events: scale.fewEvents, departments: scale.fewDepartments)
    case .large: return Scenario.Size(events: scale.events, departments: scale.departments)
    case .long:
      return Scenario.Size(
        events: scale.streamEvents + scale.fewEvents, departments: scale.fewDepartments,
        streamEvents: scale.streamEvents)
    }
  }

  /// The program of a kind, made at the first use.
  func program(_ kind: Kind) throws -> UUID {
    if let program = programs[kind] { return program }
    let size = size(kind)
    note("making a program of \(format(Double(size.events))) events")
    try bench.place.makeDatabase(database(kind))
    let program = try bench.place.makeProgram(Self.slug, in: database(kind), size)
    // What the making left to be done is done now, and not while something is measured.
    let connection = try bench.place.connect(database: database(kind))
    try connection.execute("VACUUM ANALYZE")
    try connection.execute("CHECKPOINT")
    programs[kind] = program
    return program
  }

  func connect(_ kind: Kind) throws -> Connection {
    try bench.place.connect(database: database(kind), user: Place.writer)
  }

  /// The options by which `cem` finds a program.
  func options(_ kind: Kind) throws -> [String] {
    _ = try program(kind)
    let login = bench.place.conninfo(database: database(kind), user: Place.writer)
    return ["--program", Self.slug, "--database", login]
  }

  func drop() throws {
    for kind in programs.keys { try bench.place.dropDatabase(database(kind)) }
    programs = [:]
  }
}
