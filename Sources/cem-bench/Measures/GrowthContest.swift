import CEMDomain
import CEMStore
import FoundationEssentials
import Postgres
import TransparencyLog

/// What must not become slower as the history grows: the same call on programs of different sizes.
func growth(of bench: Bench, _ history: History) -> Contest {
  let calls = bench.scale.calls
  func entrant(
    _ name: String, _ title: String, _ kind: History.Kind,
    _ call: @escaping (Connection, UUID) throws -> Void
  ) -> Entrant {
    Entrant(
      name: "\(name)-\(kind.rawValue)", title: "\(title), \(words(kind, bench.scale))",
      quantity: .latency, prepare: { _ = try history.program(kind) },
      measure: {
        let program = try history.program(kind)
        let connection = try history.connect(kind)
        // The first call fills caches and prepares statements.
        try call(connection, program)
        return .latency(try timed(calls: calls) { try call(connection, program) })
      })
  }
  let kinds = History.Kind.allCases
  var entrants = kinds.map { entrant("command", "one command (update of INI-1)", $0, update) }
  entrants += [.small, .large].map { entrant("record", "one command (gap recorded)", $0, record) }
  entrants += [.small, .large].map { kind in
    entrant("status", "one department's status", kind) { connection, program in
      try status(connection, program, of: history.department(kind))
    }
  }
  entrants += [.small, .large].map { entrant("history", "history of one initiative", $0, read) }
  entrants += [.small, .large].map { kind in
    Entrant(
      name: "prove-\(kind.rawValue)",
      title: "one event's inclusion proof, \(words(kind, bench.scale))", quantity: .latency,
      measure: { .latency(try prove(calls, history.connect(kind), history.program(kind))) })
  }
  return Contest(name: "growth", rounds: bench.scale.rounds, entrants: entrants)
}

private func words(_ kind: History.Kind, _ scale: Scale) -> String {
  switch kind {
  case .small: "\(format(Double(scale.fewEvents))) events"
  case .large: "\(format(Double(scale.events))) events"
  case .long: "a stream of \(format(Double(scale.streamEvents))) events"
  }
}

private func update(_ connection: Connection, _ program: UUID) throws {
  try issue(
    "initiative.update", ["initiative": "INI-1", "rag": "green", "note": "On track."], connection,
    program)
}

private func record(_ connection: Connection, _ program: UUID) throws {
  try issue(
    "gap.record",
    [
      "department": "d-1", "link": "training-execution", "unit": "share of contacts",
      "title": "Callers wait longer than we promise", "expected": "0.9", "perceived": "0.6",
    ], connection, program)
}

private func issue(
  _ name: String, _ fields: JSONObject, _ connection: Connection, _ program: UUID
) throws {
  let store = ProgramStore(connection, programID: program)
  _ = try store.execute([Submission(IssuedCommand(name: name, fields: fields))])
}

private func status(
  _ connection: Connection, _ program: UUID, of department: DepartmentCode
) throws {
  _ = try connection.transaction(.snapshot) { _ in
    try LiveReader(connection, programID: program)
      .departments(only: department, on: Day(year: 2025, month: 1, day: 1)!)
  }
}

/// Proves events all over the log, each as a file's bytes, up to a checkpoint of where the log stands.
private func prove(_ calls: Int, _ connection: Connection, _ program: UUID) throws -> [Double] {
  let (size, frontier) = try connection.query(
    "SELECT position, frontier FROM cem.head WHERE program_id = \(program)"
  ).one((Int, [UInt8]).self)
  let origin = LogOrigin(programID: program).description
  let key = SignerKey.generate(name: try KeyName(origin), algorithm: .ed25519)
  let root = try Frontier(size: size, encoded: frontier).root
  let checkpoint = try SignedCheckpoint(
    Checkpoint(origin: origin, size: size, root: root), signedBy: key)
  var random = SeededRandom(seed: 1)
  return try timed(calls: calls) {
    let proof = try EventProof(
      of: Int64(random.number(1...size)), in: connection, programID: program,
      checkpoint: checkpoint)
    precondition(!proof.proof.encoded.isEmpty)
  }
}

private func read(_ connection: Connection, _ program: UUID) throws {
  var filter = EventLog.Filter()
  filter.stream = StreamID(.initiative, number: 2)
  _ = try EventLog(connection, programID: program).events(filter, limit: 100)
}
