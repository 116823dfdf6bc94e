import CEMDomain
import CEMStore
import FoundationEssentials
import Postgres

/// What reads the whole of a large log, each as a whole process.
func replays(of bench: Bench, _ history: History) -> Contest {
  let replay = Replay(bench: bench, history: history)
  let events = format(Double(bench.scale.events))
  return Contest(
    name: "the whole log", rounds: bench.scale.longRounds,
    entrants: [
      Entrant(
        name: "rebuild", title: "rebuild of all projections, \(events) events",
        measure: replay.rebuild),
      Entrant(
        name: "rebuild-memory", title: "memory of that rebuild", quantity: .memory,
        measure: replay.rebuildMemory),
      Entrant(
        name: "verify", title: "verify hashes, tree, rules, projections, \(events) events",
        measure: replay.verify),
      Entrant(
        name: "as-of", title: "status --as-of in the middle of \(events) events",
        quantity: .seconds,
        measure: replay.statusInTheMiddle),
      Entrant(
        name: "size", title: "bytes on disk per event", quantity: .size,
        prepare: replay.makeBareTable, measure: replay.size),
      Entrant(
        name: "size-bare", title: "the same events in a bare table", quantity: .size,
        prepare: replay.makeBareTable, measure: replay.bareSize),
      Entrant(
        name: "size-projections", title: "bytes of all projections per event", quantity: .size,
        measure: replay.projectionsSize),
    ])
}

/// The large program, read whole.
final class Replay {
  private let bench: Bench
  private let history: History
  private var memory: Double?
  private var hasBareTable = false

  init(bench: Bench, history: History) {
    self.bench = bench
    self.history = history
  }

  func rebuild() throws -> Sample {
    let options = try history.options(.large)
    let end = try bench.tools.runCEM(["projection", "rebuild"] + options).end
    memory = end.memory
    return .rate(bench.scale.events, in: end.time)
  }

  func rebuildMemory() throws -> Sample {
    if memory == nil { _ = try rebuild() }
    return Sample(value: memory ?? .nan, count: 1, seconds: 0)
  }

  func verify() throws -> Sample {
    let options = try history.options(.large)
    let end = try bench.tools.runCEM(["audit", "verify"] + options).end
    return .rate(bench.scale.events, in: end.time)
  }

  func statusInTheMiddle() throws -> Sample {
    let options = try history.options(.large)
    let end = try bench.tools.runCEM(
      ["status", "--as-of", "\(bench.scale.events / 2)"] + options
    ).end
    return Sample(value: end.time.seconds, count: 1, seconds: end.time.seconds)
  }

  // MARK: Space

  /// Copies the events into a table as plain as they come.
  func makeBareTable() throws {
    let program = try history.program(.large)
    guard !hasBareTable else { return }
    let connection = try bench.place.connect(database: history.database(.large))
    try connection.execute(script: PlainInsert.table)
    try connection.execute(
      """
      INSERT INTO bare_event (stream, version, type, data) \
      SELECT stream, version, type, facts::jsonb || coalesce(private::jsonb, '{}') FROM cem.event \
      WHERE program_id = \(program) ORDER BY position
      """)
    hasBareTable = true
  }

  func size() throws -> Sample { try bytes(of: ["cem.event", "cem.tree_node", "cem.head"]) }

  func bareSize() throws -> Sample { try bytes(of: ["bare_event"]) }

  func projectionsSize() throws -> Sample {
    try bytes(of: Projections.all.map { "cem.\($0.table.physicalName)" } + ["cem.gap_event"])
  }

  /// Bytes of tables with their indexes, for each event.
  private func bytes(of tables: [String]) throws -> Sample {
    let program = try history.program(.large)
    let connection = try bench.place.connect(database: history.database(.large))
    let bytes = try connection.query(
      "SELECT sum(pg_total_relation_size(t::regclass))::bigint FROM unnest(\(tables)::text[]) t"
    ).one(Int.self)
    let events = try connection.query(
      "SELECT position FROM cem.head WHERE program_id = \(program)"
    ).one(Int.self)
    return Sample(value: Double(bytes) / Double(events), count: events, seconds: 0)
  }
}
