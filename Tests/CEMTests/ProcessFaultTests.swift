import CEMTestSupport
import Foundation
import Postgres
import Testing

/// Many clients at once, and clients that are killed. The seed is printed; `CEM_SEED` repeats a run.
@Suite(
  "Faults of clients", .database(.migrated), .serialized,
  .enabled(
    if: ProcessInfo.processInfo.environment["CEM_TEST_FAULTS"] != nil,
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
    let environment = ProcessInfo.processInfo.environment
    let seed = environment["CEM_SEED"].flatMap(UInt64.init) ?? UInt64.random(in: 0 ... .max)
    print("faults of clients: CEM_SEED=\(seed)")
    var state = seed
    func random(below bound: UInt64) -> UInt64 {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return (state >> 33) % bound
    }
    try withDepartment { cem in
      let connection = try TestDatabase.current.connect()
      var survived = 0
      for round in 1...200 {
        let id = UUID().uuidString.lowercased()
        let record =
          "\"$CEM\" gap record --department a --link 2 --title 'Round \(round)' --command-id \(id) --json"
        let delay = Double(random(below: 150)) / 1000
        _ = try cem.shell(
          "\(record) >/dev/null 2>&1 & sleep \(delay); kill -9 $! 2>/dev/null; wait")
        // The server may still be finishing what the killed client had sent.
        let settled = try cem.shell(record)
        try #require(settled.status == 0, "\(settled.errors)")
        let receipt = try #require(try settled.json() as? [String: Any])
        if receipt["duplicate"] as? Bool == true { survived += 1 }
        let again = try #require(try cem.shell(record).json() as? [String: Any])
        #expect(again["duplicate"] as? Bool == true)
        #expect(again["rootHash"] as? String == receipt["rootHash"] as? String)
        let count = try connection.query(
          "SELECT count(*) FROM cem.event WHERE command_id = \(id)::uuid"
        ).one(Int.self)
        #expect(count == 1)
      }
      print("faults of clients: \(survived) of 200 killed clients had recorded their command")
    }
  }
}
