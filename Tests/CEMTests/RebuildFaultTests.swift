import CEMDomain
import CEMStore
import CEMTestSupport
import Foundation
import Postgres
import RandomPrograms
import Synchronization
import Testing

/// Rebuilding and switching under writers and readers, killed at random moments.
///
/// `CEM_REBUILD_EVENTS` says how long the log is (20,000 else), `CEM_REBUILD_KILLS` how often the rebuild is
/// killed (20 else), `CEM_BIN` where the programs to run lie. The seed is printed; `CEM_SEED` repeats it.
@Suite(
  "Faults of rebuilding", .database(.migrated), .serialized,
  .enabled(
    if: TestRun.isThorough,
    "runs with scripts/test --faults"))
struct RebuildFaultTests {
  /// The version before the first: the same rows in a table of another name.
  private enum OlderGaps: Projection {
    static let table = TableSchema(
      "gap_register", version: 0, keys: GapRegister.table.keys, columns: GapRegister.table.columns,
      isOwnRow: true, subject: .numbered(.gap))
    static func rows(of record: EntityRecord) -> [Contribution] { GapRegister.rows(of: record) }
  }

  private static let older = Projections(
    Projections.all.map { $0.table.name == "gap_register" ? OlderGaps.self : $0 })

  private struct Settings {
    let events = TestRun.number("CEM_REBUILD_EVENTS") ?? 20_000
    let kills = TestRun.number("CEM_REBUILD_KILLS") ?? 20
    let seed = TestRun.seed ?? .random(in: 0 ... .max)
  }

  /// What goes on while a rebuild is killed over and over.
  private final class Traffic: Sendable {
    let database: TestDatabase
    let programID: UUID
    let isDone = Atomic<Bool>(false)
    let recorded = Atomic<Int>(0)
    let reads = Atomic<Int>(0)
    /// How often a client of the old version was refused, and went on as one of the new.
    let refused = Atomic<Int>(0)
    let problems = Mutex<[String]>([])

    init(_ database: TestDatabase, _ programID: UUID) {
      self.database = database
      self.programID = programID
    }

    /// Records gaps, a few dozen a second, so that the machine is left to the rebuild.
    func write(_ projections: Projections) throws {
      var store = ProgramStore(
        try database.connect(user: "office"), programID: programID, projections: projections)
      while !isDone.load(ordering: .relaxed) {
        let issued = try IssuedCommand(
          name: "gap.record", fields: ["department": "faults", "link": 2, "title": "Another"])
        do {
          _ = try store.execute([Submission(issued)])
          recorded.add(1, ordering: .relaxed)
        } catch StoreError.otherProjections(_, isProgramOlder: true) {
          refused.add(1, ordering: .relaxed)
          store = ProgramStore(
            try database.connect(user: "office"), programID: programID)
        }
        usleep(30_000)
      }
    }

    /// Counts rows, which can only become more.
    func read(_ counts: SQL) throws {
      let reader = try database.connect(user: "auditor")
      var last: [Int] = []
      while !isDone.load(ordering: .relaxed) {
        let now = try reader.query(counts).one([Int].self)
        if zip(last, now).contains(where: { $0 > $1 }) {
          problems.withLock { $0.append("\(last), then \(now)") }
        }
        last = now
        reads.add(1, ordering: .relaxed)
        usleep(5_000)
      }
    }
  }

  /// Runs a body while eight writers and two readers are at work.
  private func amidTraffic(
    _ traffic: Traffic, _ projections: Projections, _ counts: SQL,
    _ body: @escaping @Sendable () throws -> Void
  ) {
    onThreads(11) { thread in
      do {
        switch thread {
        case 0:
          defer { traffic.isDone.store(true, ordering: .relaxed) }
          try body()
        case 1, 2: try traffic.read(counts)
        default: try traffic.write(projections)
        }
      } catch {
        traffic.problems.withLock { $0.append("thread \(thread): \(error)") }
      }
    }
  }

  /// Kills a command at random moments, then lets it come to its end.
  private static func killOverAndOver(
    _ command: [String], _ cem: CommandProcess, _ settings: Settings, _ traffic: Traffic,
    within seconds: Double
  ) throws {
    var random = SeededGenerator(seed: settings.seed, 1)
    var killed = 0
    for _ in 0..<settings.kills {
      let process = try cem.start(command)
      usleep(UInt32(Double.random(in: 0...seconds, using: &random) * 1_000_000))
      if process.isRunning {
        kill(process.processIdentifier, SIGKILL)
        killed += 1
      }
      process.waitUntilExit()
    }
    print("faults of rebuilding: killed \(killed) of \(settings.kills)")
    let last = try cem(command)
    if last.status != 0 { traffic.problems.withLock { $0.append(last.errors) } }
  }

  private func prepare(_ settings: Settings) throws -> (cem: CommandProcess, programID: UUID) {
    print(
      "faults of rebuilding: CEM_SEED=\(settings.seed) CEM_REBUILD_EVENTS=\(settings.events) CEM_REBUILD_KILLS=\(settings.kills)"
    )
    let root = try TestDatabase.current.connect()
    try root.execute("GRANT cem_approver TO owner")
    let cem = try CommandProcess(database: TestDatabase.current.conninfo(user: "owner"))
    let maker = Process()
    maker.executableURL = CommandProcess.built("cem-bench")
    maker.arguments = [
      "generate", "--events", "\(settings.events)", "--departments", "50", "--seed", "7",
      "--database", TestDatabase.current.conninfo(),
    ]
    maker.standardError = FileHandle.nullDevice
    try maker.run()
    maker.waitUntilExit()
    try #require(maker.terminationStatus == 0)
    try root.execute("VACUUM ANALYZE")
    try #require(
      try cem("department", "register", "faults", "--name", "Faults").status == 0)
    return (cem, try root.query("SELECT program_id FROM cem.program").one(UUID.self))
  }

  /// What every row of a program must be in the end.
  private func expectWhole(_ cem: CommandProcess, _ traffic: Traffic, gaps before: Int) throws {
    #expect(traffic.problems.withLock { $0 } == [])
    let verified = try cem("projection", "verify")
    #expect(verified.status == 0, "\(verified.output)\(verified.errors)")
    let gaps = try TestDatabase.current.connect().query("SELECT count(*) FROM cem.gap_register")
      .one(Int.self)
    let recorded = traffic.recorded.load(ordering: .relaxed)
    #expect(gaps == before + recorded, "no event is missed")
    #expect(recorded > 0 && traffic.reads.load(ordering: .relaxed) > 10)
    print(
      "faults of rebuilding: \(recorded) gaps recorded and \(traffic.reads.load(ordering: .relaxed)) reads meanwhile"
    )
  }

  /// Row counts of all public tables in one snapshot.
  private func counts(_ tables: [String]) -> SQL {
    let counts = tables.map { "(SELECT count(*) FROM \($0))" }.joined(separator: ", ")
    return SQL(unsafe: "SELECT ARRAY[\(counts)]")
  }

  @Test("A rebuild among writers, killed over and over: no reader sees a part, no event is missed")
  func rebuild() throws {
    let settings = Settings()
    let (cem, programID) = try prepare(settings)
    defer { cem.remove() }
    let root = try TestDatabase.current.connect()
    let gaps = try root.query("SELECT count(*) FROM cem.gap_register").one(Int.self)
    let database = TestDatabase.current
    /// Wrong values everywhere, and missing rows, so that counts can only grow.
    let damage: @Sendable () throws -> Void = {
      try database.connect().execute(
        script: """
          DELETE FROM cem.gap_register WHERE gap % 50 = 1 AND department <> 'faults';
          UPDATE cem.gap_register SET severity = 5 WHERE gap % 20 = 2;
          UPDATE cem.initiative_board_v2 SET title = 'x' WHERE initiative % 20 = 3;
          UPDATE cem.department_status SET closed_gaps = closed_gaps + 1;
          """)
    }
    try damage()
    let start = ContinuousClock.now
    try #require(try cem("projection", "rebuild").status == 0)
    let seconds = (ContinuousClock.now - start) / .seconds(1)
    print("faults of rebuilding: a rebuild takes \(seconds) s")
    try damage()
    let traffic = Traffic(database, programID)
    amidTraffic(
      traffic, .current, counts(Projections.all.map { "cem.\($0.table.physicalName)" })
    ) {
      // Damaging again would take rows away under the readers: what is mended stays so.
      try Self.killOverAndOver(
        ["projection", "rebuild"], cem, settings, traffic, within: seconds * 1.2)
    }
    try expectWhole(cem, traffic, gaps: gaps)
  }

  @Test("A new version filled among writers, killed over and over, comes into use at once for all")
  func newVersion() throws {
    let settings = Settings()
    let (cem, programID) = try prepare(settings)
    defer { cem.remove() }
    let root = try TestDatabase.current.connect()
    let gaps = try root.query("SELECT count(*) FROM cem.gap_register").one(Int.self)
    try root.execute(
      script: """
        ALTER TABLE cem.gap_register RENAME TO gap_register_v0;
        UPDATE cem.projection SET version = 0 WHERE name = 'gap_register';
        SET ROLE cem_owner;
        CREATE VIEW cem.gaps_seen AS SELECT department FROM cem.gap_register_v0;
        GRANT SELECT ON cem.gaps_seen TO cem_auditor;
        """)
    let database = TestDatabase.current
    let traffic = Traffic(database, programID)
    let seconds = Double(settings.events) / 20_000 + 0.5
    amidTraffic(traffic, Self.older, counts(["cem.gaps_seen"])) {
      try Self.killOverAndOver(["db", "migrate"], cem, settings, traffic, within: seconds)
    }
    #expect(traffic.refused.load(ordering: .relaxed) == 8, "each writer, once")
    try root.execute("DROP VIEW cem.gaps_seen")
    try expectWhole(cem, traffic, gaps: gaps)
    #expect(try cem("doctor", "--json=check,state").output.contains(#""objects","state":"ok""#))
  }
}
