import CEMDomain
import CEMTestSupport
import FoundationEssentials
import Glibc
import Postgres
import RandomPrograms
import Synchronization
import SystemPackage
import Testing

@testable import CEMStore

/// Kills the server under writers, over and over, and looks at what is left.
///
/// The seed is printed; `CEM_SEED` repeats a run, `CEM_FAULTS` says how often the server is killed: twice else,
/// and 30 times with `scripts/test --faults`. The writers queue for one program, so they pass its lock on before
/// the disk has what they wrote, and an answer that came too soon would show.
@Suite("Faults", .serialized)
struct FaultTests {
  /// What a writer was told about a command that it sent.
  private struct Sent: Sendable {
    var submission: Submission
    var receipt: Receipt?
  }

  @Test("A killed server loses no acknowledged command, and a retry records it once")
  func killedServer() async throws {
    let seed = TestRun.seed ?? .random(in: 0 ... .max)
    let rounds = TestRun.number("CEM_FAULTS") ?? (TestRun.isThorough ? 30 : 2)
    print("faults: CEM_SEED=\(seed) CEM_FAULTS=\(rounds)")
    var random = SeededGenerator(seed: seed)
    try await LocalServerFixture.withServer { fixture in
      var endpoint = try await fixture.server.start()
      let programID = UUID()
      do {
        let admin = try Connection.open(endpoint.adminConninfo)
        try Migrator(admin).migrate()
        let store = ProgramStore(admin, programID: programID)
        _ = try store.execute([
          Submission(try IssuedCommand(name: "program.found", fields: ["slug": "f", "name": "F"]))
        ])
        _ = try store.execute([
          Submission(
            try IssuedCommand(name: "department.register", fields: ["code": "a", "name": "A"]))
        ])
      }
      var acknowledged = 0
      for round in 0..<rounds {
        let conninfo = endpoint.adminConninfo
        let delay = Int.random(in: 0..<400, using: &random)
        let processID = endpoint.processID
        let told = Mutex<[Sent]>([])
        onThreads(9) { writer in
          if writer == 8 {
            usleep(UInt32(20 + delay) * 1000)
            kill(processID, SIGKILL)
          } else {
            let sent = write(round: round, writer: writer, conninfo, programID)
            told.withLock { $0 += sent }
          }
        }
        let sent = told.withLock { $0 }
        endpoint = try await fixture.server.start()
        let connection = try Connection.open(endpoint.adminConninfo)
        acknowledged += try check(sent, connection, programID)
      }
      print("faults: \(acknowledged) acknowledged commands survived \(rounds) killed servers")
      #expect(acknowledged > 0)
      let connection = try Connection.open(endpoint.adminConninfo)
      try checkLog(connection, programID)
    }
  }

  /// Sends commands until the server is gone.
  private func write(
    round: Int, writer: Int, _ conninfo: String, _ programID: UUID
  ) -> [Sent] {
    var sent: [Sent] = []
    guard let connection = try? Connection.open(conninfo) else { return sent }
    let store = ProgramStore(connection, programID: programID)
    for number in 0..<10_000 {
      guard
        let issued = try? IssuedCommand(
          name: "gap.record",
          fields: [
            "department": "a", "link": .int(Int64(number % 5 + 1)),
            "title": .string("Round \(round), writer \(writer), gap \(number)"),
          ])
      else { return sent }
      let submission = Submission(issued)
      do {
        let receipt = try store.execute([submission])[0]
        sent.append(Sent(submission: submission, receipt: receipt))
      } catch {
        sent.append(Sent(submission: submission))
        return sent
      }
    }
    return sent
  }

  /// Compares what the writers were told with the log, and sends the last commands again.
  private func check(
    _ sent: [Sent], _ connection: Connection, _ programID: UUID
  ) throws -> Int {
    let counts = try connection.query(
      """
      SELECT command_id, count(*) FROM cem.event WHERE program_id = \(programID)
      AND command_id = ANY (\(sent.map(\.submission.commandID))::uuid[]) GROUP BY command_id
      """
    ).decode((UUID, Int).self)
    let events = Dictionary(uniqueKeysWithValues: counts)
    let store = ProgramStore(connection, programID: programID)
    var acknowledged = 0
    for entry in sent {
      let count = events[entry.submission.commandID] ?? 0
      if let receipt = entry.receipt {
        acknowledged += 1
        #expect(count == 1, "an acknowledged command is in the log \(count) times")
        guard acknowledged % 50 == 1 else { continue }
        let again = try store.execute([entry.submission])[0]
        #expect(again.isDuplicate)
        #expect(again.events == receipt.events)
        #expect(again.rootHash == receipt.rootHash)
      } else {
        #expect(count <= 1)
        let retried = try store.execute([entry.submission])[0]
        #expect(retried.isDuplicate == (count == 1))
        #expect(try store.execute([entry.submission])[0].events == retried.events)
      }
    }
    return acknowledged
  }

  private func checkLog(_ connection: Connection, _ programID: UUID) throws {
    let live = try LiveReader(connection, programID: programID)
    var next: Int64 = 1
    try EventLog(connection, programID: programID).forEach(in: 1...live.point.position) { event in
      #expect(event.position == next)
      #expect(event.leafHash == event.computedLeafHash)
      next += 1
    }
    #expect(next == live.point.position + 1)
    let past = try PastReader(connection, programID: programID, point: live.point)
    for projection in Projections.all {
      let rows = try live.rows(of: projection, RowQuery())
      #expect(rows == (try past.rows(of: projection, RowQuery())), "\(projection.table.name)")
    }
  }
}
