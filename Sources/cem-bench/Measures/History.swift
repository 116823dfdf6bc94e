import CEMDomain
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

  /// A department with as many recorded actions as `d-1` of the small program has, or nearly: how much a
  /// picture shows is not what a history's length is measured by.
  func department(_ kind: Kind) throws -> DepartmentCode {
    if let department = departments[kind] { return department }
    func find(_ kind: Kind, near actions: Int?) throws -> (String, Int) {
      let program = try program(kind)
      return try bench.place.connect(database: database(kind)).query(
        """
        SELECT code, actions FROM (SELECT code, \
          (length(state) - length(replace(state, '"action"', ''))) / 8 AS actions \
          FROM \(EntityTable.table.relation) WHERE program_id = \(program) AND kind = 'maturity' AND code <> 'program') t \
        ORDER BY abs(actions - \(actions)), code = 'd-1' DESC, code LIMIT 1
        """
      ).one((String, Int).self)
    }
    let shown = try find(.small, near: nil)
    let found = kind == .small ? shown : try find(kind, near: shown.1)
    note("\(kind.rawValue): status of \(found.0), with \(found.1) recorded actions")
    let department = try DepartmentCode(scalar: found.0)
    departments[kind] = department
    return department
  }

  private var departments: [Kind: DepartmentCode] = [:]

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
