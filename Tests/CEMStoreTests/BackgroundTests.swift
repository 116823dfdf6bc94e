import CEMDomain
import CEMTestSupport
import Postgres
import Testing

@testable import CEMStore

@Suite("Work in the background", .database(.migrated)) struct BackgroundTests {
  @Test("It rests while others write, and only then") func pace() throws {
    let program = try TestProgram()
    let other = try TestProgram(existing: program.programID)
    let pace = Pace(program.connection, programID: program.programID)
    func call() throws -> Duration {
      try ContinuousClock().measure { try pace.keep() }
    }
    var (quiet, disturbed, foreground) = (Duration.zero, Duration.zero, Duration.zero)
    try Background.run {
      #expect(Background.isHere)
      try pace.keep()
      try program.connection.execute("SELECT pg_sleep(0.1)")
      quiet = try call()
      try other.run("department.register", ["code": "a", "name": "A"])
      try program.connection.execute("SELECT pg_sleep(0.1)")
      disturbed = try call()
    }
    try other.run("department.register", ["code": "b", "name": "B"])
    try program.connection.execute("SELECT pg_sleep(0.1)")
    #expect(!Background.isHere)
    foreground = try call()
    // At least as long as it says; how long a call takes that does not rest depends on the machine.
    #expect(disturbed >= .milliseconds(300) && disturbed > quiet && disturbed > foreground)
  }

  @Test("A result or an error comes out, and the caller's priority is as before") func results()
    throws
  {
    struct Failed: Error {}
    #expect(try Background.run { 42 } == 42)
    #expect(throws: Failed.self) { try Background.run { throw Failed() } }
    #expect(!Background.isHere)
  }
}
