import CEMTestSupport
import Postgres
import Testing

@Suite(.database) struct PipelineTests {
  let connection: Connection

  init() throws {
    connection = try TestDatabase.current.connect()
  }

  @Test func `Results come in the order of the statements`() throws {
    let (results, (first, second)) = try connection.pipeline { pipeline in
      let first = pipeline.query("SELECT 'one'")
      pipeline.query("SELECT \(2)::int")
      return (first, pipeline.query("SELECT 3 AS n UNION ALL SELECT 4"))
    }
    #expect(results.all.count == 3)
    #expect(try results[first].one(String.self) == "one")
    #expect(try results[1].one(Int.self) == 2)
    #expect(try results[second].decode(Int.self) == [3, 4])
  }

  @Test func `Rows of one statement come in binary format beside those of others, prepared or not`()
    throws
  {
    for isPrepared in [false, true] {
      let (results, (binary, text)) = try connection.pipeline { pipeline in
        let binary = pipeline.query("SELECT \(300)::bigint", prepared: isPrepared, binary: true)
        return (binary, pipeline.query("SELECT \(300)::bigint", prepared: isPrepared))
      }
      #expect(try results[binary].map { try BinaryRow($0).integer(0) } == [300])
      #expect(try results[text].one(Int.self) == 300)
    }
  }

  @Test func `The first error is thrown with its statement, and the rest is skipped`() throws {
    try connection.execute("CREATE TABLE t (id int PRIMARY KEY)")
    let error = #expect(throws: PostgresError.self) {
      try connection.pipeline {
        $0.query("INSERT INTO t VALUES (1)")
        $0.query("INSERT INTO t VALUES (\(1))")
        $0.query("INSERT INTO t VALUES (2)")
      }
    }
    #expect(error?.kind == .uniqueViolation)
    #expect(error?.statementIndex == 1)
    #expect(error?.sql == "INSERT INTO t VALUES ($1)")
    // Without BEGIN a pipeline is one transaction.
    #expect(try connection.query("SELECT count(*) FROM t").one(Int.self) == 0)
  }

  @Test func `A constraint that is checked at the end fails a pipeline without BEGIN`() throws {
    try connection.execute(
      script: "CREATE TABLE t (id int UNIQUE DEFERRABLE INITIALLY DEFERRED)")
    for _ in 0..<2 {
      let error = #expect(throws: PostgresError.self) {
        try connection.pipeline {
          $0.query("INSERT INTO t VALUES (1)")
          $0.query("INSERT INTO t VALUES (1)")
        }
      }
      #expect(error?.kind == .uniqueViolation)
      #expect(error?.isConnectionLost == false)
      #expect(try connection.query("SELECT count(*) FROM t").one(Int.self) == 0)
    }
  }

  @Test func `Begin, work and commit go in one round trip`() throws {
    try connection.pipeline {
      $0.query("BEGIN")
      $0.query("CREATE TABLE t (id int)")
      $0.query("INSERT INTO t SELECT generate_series(1, 3)")
      $0.query("COMMIT")
    }
    #expect(!connection.isInTransaction)
    #expect(try connection.query("SELECT count(*) FROM t").one(Int.self) == 3)
  }

  @Test func `A large payload both ways does not block`() throws {
    let text = String(repeating: "0123456789abcdef", count: 10 << 16)
    let (results, _) = try connection.pipeline { pipeline in
      for _ in 0..<4 {
        pipeline.query("SELECT \(text)::text || 'x'")
        pipeline.query("SELECT length(\(text)::text)")
      }
    }
    for index in stride(from: 0, to: 8, by: 2) {
      #expect(try results[index].one(String.self) == text + "x")
      #expect(try results[index + 1].one(Int.self) == text.utf8.count)
    }
  }

  @Test func `Ten thousand statements go in one pipeline`() throws {
    let (results, _) = try connection.pipeline { pipeline in
      for number in 0..<10_000 { pipeline.query("SELECT \(number)::int", prepared: true) }
    }
    for number in 0..<10_000 { #expect(try results[number].one(Int.self) == number) }
  }

  @Test func `A statement is prepared once`() throws {
    for number in 0..<5 {
      #expect(try connection.queryPrepared("SELECT \(number)::int").one(Int.self) == number)
    }
    let prepared = try connection.query(
      "SELECT statement, generic_plans + custom_plans FROM pg_prepared_statements"
    )
    .one((String, Int).self)
    #expect(prepared == ("SELECT $1::int", 5))
  }

  @Test func `A prepared statement that was never prepared can be tried again`() throws {
    for _ in 0..<2 {
      let error = #expect(throws: PostgresError.self) {
        try connection.queryPrepared("SELECT * FROM later")
      }
      #expect(error?.kind == .undefinedTable)
    }
    try connection.execute("CREATE TABLE later (id int)")
    #expect(try connection.queryPrepared("SELECT * FROM later").isEmpty)
    // The result's shape changed: the server refuses the old plan once, and the next use prepares anew.
    try connection.execute("ALTER TABLE later ADD name text")
    let error = #expect(throws: PostgresError.self) {
      try connection.queryPrepared("SELECT * FROM later")
    }
    #expect(error?.kind == .featureNotSupported)
    #expect(try connection.queryPrepared("SELECT * FROM later").columns == ["id", "name"])
  }

  @Test func `A NUL byte is refused before anything is sent`() throws {
    try connection.execute("CREATE TABLE t (name text)")
    let error = #expect(throws: PostgresError.self) {
      try connection.pipeline {
        $0.query("INSERT INTO t VALUES ('a')")
        $0.query("INSERT INTO t VALUES (\("b\0c"))")
      }
    }
    #expect(error?.kind == .nulByte)
    #expect(error?.statementIndex == 1)
    #expect(try connection.query("SELECT count(*) FROM t").one(Int.self) == 0)
  }

  @Test func `A session that ends in the middle is reported with the server's reason`() throws {
    let error = #expect(throws: PostgresError.self) {
      try connection.pipeline {
        $0.query("SELECT 1")
        $0.query("SELECT pg_terminate_backend(pg_backend_pid())")
        $0.query("SELECT 2")
      }
    }
    #expect(error?.isConnectionLost == true)
    #expect(error?.kind == .adminShutdown)
    #expect(throws: PostgresError.self) { try connection.query("SELECT 1") }
  }
}
