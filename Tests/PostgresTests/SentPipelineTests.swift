import CEMTestSupport
import Foundation
import Postgres
import Testing

/// Pipelines whose results are read later.
@Suite(.database) struct SentPipelineTests {
  let connection: Connection

  init() throws {
    connection = try TestDatabase.current.connect()
  }

  private func send(_ statements: [SQL], prepared: Bool = false) throws -> SentPipeline {
    var pipeline = Pipeline()
    for statement in statements { pipeline.query(statement, prepared: prepared) }
    return try connection.start(pipeline)
  }

  @Test func `Several are under way, and each keeps its results`() throws {
    let first = try send(["SELECT 1", "SELECT 2"])
    let second = try send(["SELECT 3"])
    let third = try send(["SELECT 4"])
    #expect(try connection.finish(second)[0].one(Int.self) == 3)
    #expect(try connection.finish(first)[1].one(Int.self) == 2)
    // A statement of another kind comes after all that was sent.
    #expect(try connection.query("SELECT 5").one(Int.self) == 5)
    #expect(try connection.finish(third)[0].one(Int.self) == 4)
    #expect(!connection.isInTransaction)
  }

  @Test func `What is prepared by one serves the next before the server has answered`() throws {
    let sent = try (1...3).map { try send(["SELECT \($0)::int + 1"], prepared: true) }
    for (index, one) in sent.enumerated() {
      #expect(try connection.finish(one)[0].one(Int.self) == index + 2)
    }
    #expect(try connection.queryPrepared("SELECT \(7)::int + 1").one(Int.self) == 8)
    #expect(try connection.query("SELECT count(*) FROM pg_prepared_statements").one(Int.self) == 1)
  }

  @Test func `A failure is reported by its own, and the transaction can be rolled back`() throws {
    try connection.execute("CREATE TABLE t (id int PRIMARY KEY)")
    var failure: PostgresError?
    let error = #expect(throws: TransactionError<any Error>.self) {
      try connection.transaction { _ in
        let good = try send(["INSERT INTO t VALUES (1)"])
        let bad = try send(["INSERT INTO t VALUES (1)"])
        let later = try send(["INSERT INTO t VALUES (2)"], prepared: true)
        try connection.finish(good)
        do { try connection.finish(later) } catch { failure = error as? PostgresError }
        try connection.finish(bad)
      }
    }
    #expect(failure?.kind == .failedTransaction)
    #expect(error?.postgresError?.kind == .uniqueViolation)
    #expect(try connection.query("SELECT count(*) FROM t").one(Int.self) == 0)
    #expect(try connection.queryPrepared("INSERT INTO t VALUES (2)").affectedRows == 1)
  }

  @Test func `What nobody waits for is read before the rollback`() throws {
    struct Enough: Error {}
    try connection.execute("CREATE TABLE t (id int)")
    #expect(throws: TransactionError<any Error>.self) {
      try connection.transaction { _ in
        _ = try send(["INSERT INTO t VALUES (1)", "SELECT pg_sleep(0.05)"])
        throw Enough()
      }
    }
    #expect(!connection.isInTransaction)
    #expect(try connection.query("SELECT count(*) FROM t").one(Int.self) == 0)
  }

  @Test func `More than the socket holds goes out bit by bit`() throws {
    let text = String(repeating: "0123456789abcdef", count: 1 << 16)
    let sent = try (0..<8).map { _ in try send(["SELECT length(\(text)::text)", "SELECT \(text)"]) }
    for _ in 0..<100 { connection.push() }
    for one in sent {
      let results = try connection.finish(one)
      #expect(try results[0].one(Int.self) == text.utf8.count)
      #expect(try results[1].one(String.self) == text)
    }
  }

  @Test func `A session that ends fails all that was sent`() throws {
    let first = try send(["SELECT pg_terminate_backend(pg_backend_pid())"])
    let second = try send(["SELECT 1"])
    let error = #expect(throws: PostgresError.self) { try connection.finish(second) }
    #expect(error?.isConnectionLost == true)
    #expect(throws: PostgresError.self) { try connection.finish(first) }
  }

  @Test func `One that is answered after each statement gives the same`() throws {
    try connection.execute("BEGIN")
    var pipeline = Pipeline()
    pipeline.syncsEach = true
    pipeline.query("SELECT 1")
    pipeline.query("SELECT \(2)::int", prepared: true)
    pipeline.query("SELECT 3")
    let first = try connection.start(pipeline)
    let second = try connection.start(pipeline)
    #expect(try connection.finish(first)[1].one(Int.self) == 2)
    #expect(try connection.finish(second)[2].one(Int.self) == 3)
    pipeline.query("SELECT 1 / 0")
    pipeline.query("SELECT 5")
    let error = #expect(throws: PostgresError.self) {
      try connection.finish(connection.start(pipeline))
    }
    #expect(error?.statementIndex == 3 && error?.sqlState == "22012")
    try connection.execute("ROLLBACK")
    #expect(try connection.query("SELECT 6").one(Int.self) == 6)
  }

  /// A client that is suspended while the socket takes no more, wherever that is.
  @Test(arguments: [0, 1, 2], [true, false])
  func `The server ends a session whose client stops in the middle`(
    long place: Int, isKnown: Bool
  ) throws {
    let watcher = try TestDatabase.current.connect()
    func isThere(_ pid: Int) throws -> Bool {
      try watcher.query("SELECT EXISTS (SELECT FROM pg_stat_activity WHERE pid = \(pid))").one(
        Bool.self)
    }
    let pid = try connection.query("SELECT pg_backend_pid()").one(Int.self)
    try connection.execute("SET idle_in_transaction_session_timeout = '2s'")
    func pipeline(_ length: Int) -> Pipeline {
      var pipeline = Pipeline()
      pipeline.syncsEach = true
      for index in 0..<3 {
        let text = String(repeating: "x", count: index == place ? length : 1)
        pipeline.query("SELECT \(unsafeSQL: "\(index)") + length(\(text)::text)")
      }
      return pipeline
    }
    // Far more than a socket's buffer takes, also while the server reads on the other side.
    let long = pipeline(32 << 20)
    try connection.execute("BEGIN")
    if isKnown { try connection.finish(connection.start(pipeline(1))) }
    let sent = try connection.start(long)
    let clock = ContinuousClock()
    let deadline = clock.now + .seconds(20)
    while try isThere(pid), clock.now < deadline { usleep(20_000) }
    #expect(try !isThere(pid))
    #expect(throws: PostgresError.self) { try connection.finish(sent) }
  }
}
