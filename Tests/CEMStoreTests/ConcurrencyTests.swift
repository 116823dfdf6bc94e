import CEMDomain
import CEMStore
import CEMTestSupport
import FoundationEssentials
import Postgres
import Synchronization
import Testing
import TransparencyLog

@Suite("Writers at the same time", .database(.migrated))
struct ConcurrencyTests {
  @Test(
    "32 writers of 50 gaps each: positions, versions and numbers are dense, nobody sees an error")
  func manyWriters() throws {
    let program = try TestProgram()
    try program.run("department.register", ["code": "a", "name": "A"])
    let database = TestDatabase.current
    let programID = program.programID
    let errors = Mutex<[String]>([])
    onThreads(32) { writer in
      do {
        let connection = try database.connect(user: "office")
        let store = ProgramStore(connection, programID: programID)
        for number in 0..<50 {
          let issued = try IssuedCommand(
            name: "gap.record",
            fields: [
              "department": "a", "link": .int(Int64(number % 5 + 1)),
              "title": .string("Gap \(number) of writer \(writer)"),
            ])
          _ = try store.execute([Submission(issued)])
        }
      } catch {
        errors.withLock { $0.append("\(error)") }
      }
    }
    #expect(errors.withLock { $0 } == [])
    let events = try EventLog(program.connection, programID: programID)
      .events(EventLog.Filter(), limit: 10_000)
    #expect(events.map(\.position) == Array(1...1602))
    #expect(events.allSatisfy { $0.leafHash == $0.computedLeafHash })
    let gaps = events.filter { $0.type == "gap.recorded" }
    #expect(Set(gaps.map(\.stream)) == Set((1...1600).map { "gap/\($0)" }))
    #expect(gaps.allSatisfy { $0.version == 1 })
    #expect(zip(events, events.dropFirst()).allSatisfy { $0.recordedAt <= $1.recordedAt })
    let root = try TreeReader(connection: program.connection, programID: programID)
      .root(size: 1602)
    let receipt = try program.run("department.register", ["code": "b", "name": "B"])
    #expect(receipt.treeSize == 1603)
    #expect(root != receipt.rootHash)
    try program.expectLiveEqualsReplay()
  }

  @Test("A client that stops inside its transaction delays others by its idle timeout at most")
  func stoppedClient() throws {
    let program = try TestProgram()
    let stopped = try TestDatabase.current.connect(
      user: "office", settings: [("idle_in_transaction_session_timeout", "500ms")])
    try stopped.execute("BEGIN")
    _ = try stopped.query("SELECT * FROM cem.lock_program(\(program.programID))")
    let clock = ContinuousClock()
    let waited = try clock.measure {
      try program.run("department.register", ["code": "a", "name": "A"])
    }
    #expect(waited > .milliseconds(300))
    #expect(waited < .seconds(5))
  }

  @Test("Two programs do not wait for each other")
  func programsAreIndependent() throws {
    let first = try TestProgram(slug: "first")
    let second = try TestProgram(slug: "second")
    try second.connection.execute("SET lock_timeout = '2s'")
    let holder = try TestDatabase.current.connect(user: "office")
    try holder.execute("BEGIN")
    _ = try holder.query("SELECT * FROM cem.lock_program(\(first.programID))")
    try second.run("department.register", ["code": "a", "name": "A"])
    try holder.execute("ROLLBACK")
  }
}
