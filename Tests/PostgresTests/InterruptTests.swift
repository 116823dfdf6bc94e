import CEMTestSupport
import Foundation
import Postgres
import Testing

@Suite(.database) struct InterruptTests {
  let database = TestDatabase.current

  @Test func `Another thread cancels a running query`() throws {
    let connection = try database.connect()
    let handle = try connection.cancelHandle
    Thread.detachNewThread {
      usleep(100_000)
      try? handle.cancel()
    }
    let error = #expect(throws: PostgresError.self) {
      try connection.query("SELECT pg_sleep(60)")
    }
    #expect(error?.kind == .queryCanceled)
    #expect(error?.isInterrupted == false)
    #expect(error?.isConnectionLost == false)
    #expect(try connection.query("SELECT 1").one(Int.self) == 1)
  }

  @Test func `An interruption cancels the query, once`() throws {
    let interrupts = Interrupts()
    let connection = try database.connect(interrupts: interrupts)
    Thread.detachNewThread {
      usleep(100_000)
      interrupts.interrupt()
    }
    let error = #expect(throws: PostgresError.self) {
      try connection.query("SELECT pg_sleep(60)")
    }
    #expect(error?.kind == .queryCanceled)
    #expect(error?.isInterrupted == true)
    #expect(try connection.query("SELECT 1").one(Int.self) == 1)
    // The second one is noticed although the pipe is full of the first.
    Thread.detachNewThread {
      usleep(100_000)
      interrupts.interrupt()
    }
    let second = #expect(throws: PostgresError.self) {
      try connection.query("SELECT pg_sleep(60)")
    }
    #expect(second?.isInterrupted == true)
  }

  @Test func `An interruption between two queries stops the next before it is sent`() throws {
    let interrupts = Interrupts()
    let connection = try database.connect(interrupts: interrupts)
    try connection.execute("CREATE TABLE t (id int)")
    interrupts.interrupt()
    let error = #expect(throws: PostgresError.self) {
      try connection.execute("INSERT INTO t VALUES (1)")
    }
    #expect(error?.isInterrupted == true)
    #expect(try connection.query("SELECT count(*) FROM t").one(Int.self) == 0)
  }

  @Test func `An interrupted transaction is rolled back`() throws {
    let interrupts = Interrupts()
    let connection = try database.connect(interrupts: interrupts)
    try connection.execute("CREATE TABLE t (id int)")
    do {
      try connection.transaction { tx throws(PostgresError) in
        try tx.execute("INSERT INTO t VALUES (1)")
        interrupts.interrupt()
        try tx.execute("INSERT INTO t VALUES (2)")
      }
      Issue.record("The transaction went through.")
    } catch {
      guard case .body(let failure, rollback: nil) = error else {
        Issue.record("\(error)")
        return
      }
      #expect(failure.isInterrupted)
    }
    #expect(!connection.isInTransaction)
    #expect(try connection.query("SELECT count(*) FROM t").one(Int.self) == 0)
  }

  @Test func `An interruption before the commit rolls back`() throws {
    let interrupts = Interrupts()
    let connection = try database.connect(interrupts: interrupts)
    do {
      try connection.transaction { tx throws(PostgresError) in
        try tx.execute("CREATE TABLE t (id int)")
        interrupts.interrupt()
      }
      Issue.record("The transaction went through.")
    } catch {
      guard case .commit(let failure) = error else {
        Issue.record("\(error)")
        return
      }
      #expect(failure.isInterrupted)
    }
    #expect(!connection.isInTransaction)
  }

  @Test func `A COPY out is interrupted`() throws {
    let interrupts = Interrupts()
    let connection = try database.connect(interrupts: interrupts)
    Thread.detachNewThread {
      usleep(100_000)
      interrupts.interrupt()
    }
    let error = #expect(throws: PostgresError.self) {
      try connection.copyOut("COPY (SELECT pg_sleep(60)) TO STDOUT") { _ in }
    }
    #expect(error?.isInterrupted == true)
    #expect(try connection.query("SELECT 1").one(Int.self) == 1)
  }

  @Test func `A signal interrupts`() throws {
    // Not SIGINT: the test runner's own way to be stopped.
    Interrupts.install(signals: [SIGUSR2])
    let connection = try database.connect(interrupts: .process)
    Thread.detachNewThread {
      usleep(100_000)
      kill(getpid(), SIGUSR2)
    }
    let error = #expect(throws: PostgresError.self) {
      try connection.query("SELECT pg_sleep(60)")
    }
    #expect(error?.isInterrupted == true)
  }
}
