import CEMStore
import FoundationEssentials
import Postgres

/// Single events, one a transaction: append alone, the full command, and the peers.
func writes(of bench: Bench) -> Contest {
  let field = WriteField(place: bench.place, bench: bench)
  var entrants = field.inserts([1, 8])
  entrants += field.appends([(1, 1), (8, 1), (32, 1), (8, 32), (32, 32)])
  entrants += field.commands([(1, 1), (8, 1), (32, 1), (8, 32), (32, 32)])
  entrants += field.eventSourcing([1, 8])
  entrants += field.users()
  return Contest(
    name: "single events", rounds: bench.scale.rounds, prepare: field.prepare,
    entrants: entrants, finish: field.finish)
}

/// The same on a server whose every flush takes a millisecond more.
func slowWrites(of bench: Bench) -> Contest {
  let field = WriteField(place: bench.slowPlace ?? bench.place, bench: bench, suffix: "-slow")
  var entrants = field.inserts([1, 8])
  entrants += field.appends([(1, 1), (8, 1), (8, 32)])
  entrants += field.commands([(8, 1)])
  return Contest(
    name: "single events, 1 ms a flush", rounds: bench.scale.rounds,
    prepare: {
      guard bench.slowPlace != nil else {
        throw Unavailable("no server with slow flushes was given")
      }
      try field.prepare()
    }, entrants: entrants, finish: field.finish)
}

/// A database in which writers compete.
final class WriteField {
  private let place: Place
  private let bench: Bench
  private let suffix: String
  private let database = "cem_bench_write"
  private var prepared: [StoredEvent] = []
  private var data = "{}"
  /// The programs that events are appended to, and those that commands are issued in: apart, since
  /// appended events leave no state behind.
  private var appended: [UUID] = []
  private var commanded: [UUID] = []
  private static let departments = 4

  init(place: Place, bench: Bench, suffix: String = "") {
    self.place = place
    self.bench = bench
    self.suffix = suffix
  }

  /// The one program, or those over which writers spread.
  private func targets(_ all: [UUID], _ programs: Int) -> [UUID] {
    programs == 1 ? [all[0]] : Array(all[1...])
  }

  /// What titles end in.
  private var ending: String { suffix.isEmpty ? "" : ", 1 ms a flush" }
  private var seconds: Double { bench.scale.seconds }

  func prepare() throws {
    try place.makeDatabase(database)
    let size = Scenario.Size(events: 400, departments: Self.departments)
    let source = try place.makeProgram("source", in: database, size)
    let connection = try place.connect(database: database)
    prepared = try AppendClient.prepare(from: connection, programID: source)
    data = try connection.query(
      """
      SELECT facts::jsonb || private::jsonb FROM cem.event WHERE program_id = \(source) \
      AND stream = \(prepared[0].stream) AND version = 1
      """
    ).one(String.self)
    try insert.prepare()
    let small = Scenario.Size(events: 60, departments: Self.departments)
    for number in 0...bench.scale.programs {
      appended.append(
        try place.makeProgram("append-\(number)", in: database, small, seed: UInt64(number)))
      commanded.append(
        try place.makeProgram("command-\(number)", in: database, small, seed: UInt64(number)))
    }
  }

  func finish() throws {
    if !prepared.isEmpty { try place.dropDatabase(database) }
  }

  func inserts(_ clients: [Int]) -> [Entrant] {
    clients.map { clients in
      Entrant(
        name: "insert-\(clients)\(suffix)",
        title: "plain INSERT (pgbench), \(clients) client\(clients == 1 ? "" : "s")\(ending)",
        measure: {
          try self.insert.measure(
            clients: clients, seconds: self.seconds, run: self.bench.nextRun())
        })
    }
  }

  private var insert: PlainInsert {
    PlainInsert(place: place, database: database, tools: bench.tools, data: data)
  }

  func appends(_ shapes: [(clients: Int, programs: Int)]) -> [Entrant] {
    shapes.map { clients, programs in
      Entrant(name: name("append", clients, programs), title: title("append", clients, programs)) {
        let (place, database, prepared) = (self.place, self.database, self.prepared)
        let targets = self.targets(self.appended, programs)
        let number = self.bench.nextRun()
        return try run(clients: clients, seconds: self.seconds) { index in
          AppendClient(
            try place.connect(database: database, user: Place.writer), programs: targets,
            prepared: prepared, number: 1 + number * 16 + index)
        }
      }
    }
  }

  func commands(_ shapes: [(clients: Int, programs: Int)]) -> [Entrant] {
    shapes.map { clients, programs in
      Entrant(
        name: name("command", clients, programs), title: title("full command", clients, programs)
      ) {
        let (place, database) = (self.place, self.database)
        let targets = self.targets(self.commanded, programs)
        return try run(clients: clients, seconds: self.seconds) { _ in
          CommandClient(
            try place.connect(database: database, user: Place.writer), programs: targets,
            departments: WriteField.departments)
        }
      }
    }
  }

  private func name(_ what: String, _ clients: Int, _ programs: Int) -> String {
    "\(what)-\(clients)\(programs == 1 ? "" : "x\(programs)")\(suffix)"
  }

  private func title(_ what: String, _ clients: Int, _ programs: Int) -> String {
    let writers = clients == 1 ? "1 writer" : "\(clients) writers"
    return "\(what), \(writers), \(programs == 1 ? "one program" : "\(programs) programs")\(ending)"
  }

  func eventSourcing(_ threads: [Int]) -> [Entrant] {
    threads.map { threads in
      Entrant(
        name: "eventsourcing-\(threads)\(suffix)",
        title: "Python eventsourcing, \(threads) thread\(threads == 1 ? "" : "s")"
      ) {
        try EventSourcingPeer(
          tools: self.bench.tools, place: self.place, database: self.database
        ).measure(threads: threads, batch: 1, seconds: self.seconds)
      }
    }
  }

  /// The peers that a user named.
  func users() -> [Entrant] {
    bench.peers.map { peer in
      Entrant(name: "peer-\(peer.name)", title: peer.name) {
        try peer.measure(
          self.bench.tools, database: self.place.conninfo(database: self.database),
          seconds: self.seconds)
      }
    }
  }
}
