import CEMStore
import CEMTestSupport
import Foundation
import Postgres
import RandomPrograms
import Testing

/// Many clients at once, and clients that are killed. The seed is printed; `CEM_SEED` repeats a run.
@Suite(
  "Faults of clients", .database(.migrated), .serialized,
  .enabled(
    if: TestRun.isThorough,
    "runs with scripts/test --faults"))
struct ProcessFaultTests {
  private func withDepartment(_ body: (CommandProcess) throws -> Void) throws {
    let cem = try CommandProcess(database: TestDatabase.current.conninfo())
    defer { cem.remove() }
    try #require(try cem("init", "--program", "f", "--name", "F").status == 0)
    try #require(try cem("department", "register", "a", "--name", "A").status == 0)
    try body(cem)
  }

  @Test("32 processes record 50 gaps each: no error, GAP-1 to GAP-1600 each once")
  func manyProcesses() throws {
    try withDepartment { cem in
      let loop = """
        for writer in $(seq 32); do
          ( for gap in $(seq 50); do
              "$CEM" gap record --department a --link 1 --title "Gap $gap of $writer" || exit 1
            done ) &
        done
        wait
        """
      let result = try cem.shell(loop)
      #expect(result.status == 0)
      #expect(result.errors == "")
      #expect(result.output.split(separator: "\n").count >= 1600)
      let connection = try TestDatabase.current.connect()
      let (positions, last, numbers) = try connection.query(
        """
        SELECT count(*), max(position),
          count(DISTINCT stream) FILTER (WHERE type = 'gap.recorded' AND version = 1) FROM cem.event
        """
      ).one((Int, Int, Int).self)
      #expect(positions == 1602)
      #expect(last == 1602)
      #expect(numbers == 1600)
    }
  }

  @Test("A client killed at any moment records its command once or not at all; a retry settles it")
  func killedClients() throws {
    let seed = TestRun.seed ?? .random(in: 0 ... .max)
    print("faults of clients: CEM_SEED=\(seed)")
    var random = SeededGenerator(seed: seed)
    try withDepartment { cem in
      let connection = try TestDatabase.current.connect()
      /// What the server notes as the time of a command, as seconds after its client was started.
      func commit(_ id: String, after start: Date) throws -> Double {
        try connection.query(
          "SELECT extract(epoch FROM recorded_at)::text FROM cem.event WHERE command_id = \(id)::uuid"
        ).one(String.self).split(separator: " ").compactMap { Double($0) }[0]
          - start.timeIntervalSince1970
      }
      // How long a client takes to come to its commit depends on the machine and the build: it is
      // measured, first alone, then with the command that settles each round.
      var commits: [Double] = []
      var survived = 0
      for round in -4...200 {
        let id = UUID().uuidString.lowercased()
        let record = [
          "gap", "record", "--department", "a", "--link", "2", "--title", "Round \(round)",
          "--command-id", id, "--json",
        ]
        if round > 0 {
          let typical = commits.suffix(9).sorted()[min(4, commits.count / 2)]
          // Half of them close to the commit, the others from the start to well behind it.
          let fraction =
            random.chance(50)
            ? Double.random(in: 0.9...1.1, using: &random)
            : Double.random(in: 0...1.5, using: &random)
          try cem.kill(after: typical * fraction, record)
        }
        let isRecorded = try connection.query(
          "SELECT count(*) FROM cem.event WHERE command_id = \(id)::uuid"
        ).one(Int.self)
        #expect(isRecorded <= 1)
        let start = Date()
        // The server may still be finishing what the killed client had sent.
        let settled = try cem.run(record)
        try #require(settled.status == 0, "\(settled.errors)")
        let receipt = try #require(try settled.json() as? [String: Any])
        if receipt["duplicate"] as? Bool == true {
          survived += 1
        } else {
          commits.append(try commit(id, after: start))
        }
        #expect(isRecorded == 0 || receipt["duplicate"] as? Bool == true)
        let again = try #require(try cem.run(record).json() as? [String: Any])
        #expect(again["duplicate"] as? Bool == true)
        #expect(again["rootHash"] as? String == receipt["rootHash"] as? String)
        let count = try connection.query(
          "SELECT count(*) FROM cem.event WHERE command_id = \(id)::uuid"
        ).one(Int.self)
        #expect(count == 1)
      }
      print("faults of clients: \(survived) of 200 killed clients had recorded their command")
      // Else the kills came at moments that test nothing.
      #expect(survived > 20 && survived < 180)
      try cem.expectLiveEqualsReplay()
    }
  }

  @Test("A client that is stopped inside its transaction delays the others by ten seconds at most")
  func stoppedClient() throws {
    try withDepartment { cem in
      let file = cem.home.appending(path: "rows.ndjson")
      try (1...20_000).map { #"{"command":"evidence.add","title":"No. \#($0)"}"# }
        .joined(separator: "\n").write(to: file, atomically: false, encoding: .utf8)
      let connection = try TestDatabase.current.connect()
      func holders() throws -> Int {
        try connection.query(
          """
          SELECT count(DISTINCT pid) FROM pg_locks JOIN pg_class ON pg_class.oid = relation
          WHERE relname = 'event' AND mode = 'RowExclusiveLock' AND database =
          (SELECT oid FROM pg_database WHERE datname = current_database())
          """
        ).one(Int.self)
      }
      let importing = try cem.start(["import", file.path()])
      while try holders() == 0, importing.isRunning { usleep(1_000) }
      kill(importing.processIdentifier, SIGSTOP)
      #expect(try holders() == 1)
      let clock = ContinuousClock()
      var result: CommandProcess.Result?
      let waited = try clock.measure {
        result = try cem("department", "register", "b", "--name", "B")
      }
      print("faults of clients: the others waited \(waited) for a client that was stopped")
      #expect(result?.status == 0, "\(result?.errors ?? "")")
      // Ten seconds are the server's bound; what comes on top is the start of a client.
      #expect(waited > .seconds(5) && waited < .seconds(15))
      kill(importing.processIdentifier, SIGCONT)
      importing.waitUntilExit()
      #expect(importing.terminationStatus != 0)
      #expect(try connection.query("SELECT count(*) FROM cem.event").one(Int.self) == 3)
      #expect(try cem("import", file.path()).status == 0)
      #expect(try connection.query("SELECT count(*) FROM cem.event").one(Int.self) == 20_003)
    }
  }

  @Test("An import of many rows, killed in the middle and run again, ends like one that was not")
  func killedImport() throws {
    let rows =
      #"{"command":"department.register","code":"b","name":"B"}"# + "\n"
      + (1...100_500).map { #"{"command":"evidence.add","title":"No. \#($0)"}"# }
      .joined(separator: "\n")
    try withDepartment { cem in
      let file = cem.home.appending(path: "rows.ndjson")
      try rows.write(to: file, atomically: false, encoding: .utf8)
      let connection = try TestDatabase.current.connect()
      let arguments = ["import", file.path(), "--json"]
      let running = try cem.start(arguments)
      func position() throws -> Int {
        try connection.query("SELECT max(position) FROM cem.event").one(Int.self)
      }
      while try position() < 20_000, running.isRunning { usleep(10_000) }
      kill(running.processIdentifier, SIGKILL)
      running.waitUntilExit()
      let cut = try position()
      print("faults of clients: an import of 100,501 rows was killed at position \(cut)")
      #expect(cut >= 20_000 && cut < 100_000)
      let outcome = try #require(try cem.run(arguments).json() as? [String: Any])
      // A server may still have finished the piece that the killed client had sent.
      let handled = try #require(outcome["handledBefore"] as? Int)
      #expect(handled >= cut - 2 && handled <= cut + 998)
      #expect(outcome["recorded"] as? Int == 100_501 - handled)
      #expect(try position() == 100_503)
      let (titles, versions) = try connection.query(
        """
        SELECT count(DISTINCT stream), max(version) FROM cem.event WHERE type = 'evidence.added'
        """
      ).one((Int, Int).self)
      #expect(titles == 100_500)
      #expect(versions == 1)
      try cem.expectLiveEqualsReplay()
    }
  }
}

extension CommandProcess {
  /// Kills a client that long after it was started.
  fileprivate func kill(after seconds: Double, _ arguments: [String]) throws {
    let process = try start(arguments)
    usleep(UInt32(seconds * 1_000_000))
    Foundation.kill(process.processIdentifier, SIGKILL)
    process.waitUntilExit()
  }

  /// Compares every table with a replay of the log.
  fileprivate func expectLiveEqualsReplay() throws {
    let connection = try TestDatabase.current.connect()
    let programID = try ProgramDirectory(connection).resolve(slug: nil).id
    let live = try LiveReader(connection, programID: programID)
    let past = try PastReader(connection, programID: programID, point: live.point)
    for projection in Projections.all {
      let rows = try live.rows(of: projection, RowQuery())
      #expect(try rows == past.rows(of: projection, RowQuery()), "\(projection.table.name)")
    }
  }
}
