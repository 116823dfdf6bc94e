import CEMDomain
import CEMTestSupport
import Foundation
import Postgres
import Testing

@testable import CEMStore

@Suite("Work in the background", .database(.migrated)) struct BackgroundTests {
  @Test("It rests while others write, the longer the more, and only then") func pace() throws {
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
      // For so many it would rest 10 s, were it not for their end.
      try other.register(100 * ProcessInfo.processInfo.activeProcessorCount)
      try program.connection.execute("SELECT pg_sleep(0.4)")
      disturbed = try call()
    }
    try other.run("department.register", ["code": "b", "name": "B"])
    try program.connection.execute("SELECT pg_sleep(0.1)")
    #expect(!Background.isHere)
    foreground = try call()
    // At least as long as it says; how long a call takes that does not rest depends on the machine.
    #expect(disturbed >= .milliseconds(250) && disturbed > quiet && disturbed > foreground)
    // As soon as nobody writes any more it goes on.
    #expect(disturbed < .seconds(8))
  }

  @Test("A result or an error comes out, and the caller's priority is as before") func results()
    throws
  {
    struct Failed: Error {}
    #expect(try Background.run { 42 } == 42)
    #expect(throws: Failed.self) { try Background.run { throw Failed() } }
    #expect(!Background.isHere)
  }

  @Test("What is done beside something else is done when both end, however that ends") func beside()
    throws
  {
    struct Failed: Error {}
    var (first, second) = (0, 0)
    Background.beside(
      {
        usleep(20_000)
        first += 1
      }, { second += 1 })
    #expect(first == 1 && second == 1)
    #expect(throws: Failed.self) {
      try Background.beside(
        {
          usleep(20_000)
          first += 1
        }, { throw Failed() })
    }
    #expect(first == 2)
  }
}

extension TestProgram {
  /// Registers departments in one transaction.
  fileprivate func register(_ count: Int) throws {
    _ = try store.execute(
      (0..<count).map {
        Submission(
          try IssuedCommand(
            name: "department.register", fields: ["code": .string("d-\($0)"), "name": "D"]))
      })
  }
}
