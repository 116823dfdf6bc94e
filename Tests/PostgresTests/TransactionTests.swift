import CEMTestSupport
import Postgres
import Testing

@Suite(.database) struct TransactionTests {
  struct Refusal: Error, Equatable {
    let reason: String
  }

  let database = TestDatabase.current
  let connection: Connection

  init() throws {
    connection = try database.connect()
    try connection.execute(
      script: """
        CREATE TABLE parent (id int PRIMARY KEY);
        CREATE TABLE child (
          parent int REFERENCES parent DEFERRABLE INITIALLY DEFERRED
        );
        """)
  }

  private func children() throws -> Int {
    try database.connect().query("SELECT count(*) FROM child").one(Int.self)
  }

  @Test func `What a transaction wrote is there after it, and its value is returned`() throws {
    let value = try connection.transaction { tx throws(PostgresError) in
      try tx.execute("INSERT INTO parent VALUES (1)")
      try tx.execute("INSERT INTO child VALUES (1)")
      return "done"
    }
    #expect(value == "done")
    #expect(try children() == 1)
    #expect(!connection.isInTransaction)
  }

  @Test func `The closure's typed error comes through, and all is rolled back`() throws {
    do {
      try connection.transaction { tx throws(Refusal) in
        do { try tx.execute("INSERT INTO child VALUES (1)") } catch {
          throw Refusal(reason: "unexpected")
        }
        throw Refusal(reason: "no")
      }
      Issue.record("The transaction went through.")
    } catch {
      guard case .body(let refusal, rollback: nil) = error else {
        Issue.record("\(error)")
        return
      }
      #expect(refusal == Refusal(reason: "no"))
    }
    #expect(try children() == 0)
    #expect(!connection.isInTransaction)
  }

  @Test func `A database's error in the closure is the closure's error`() throws {
    do {
      try connection.transaction { tx throws(PostgresError) in
        try tx.execute("INSERT INTO parent VALUES (1)")
        try tx.execute("INSERT INTO parent VALUES (1)")
      }
      Issue.record("The transaction went through.")
    } catch {
      guard case .body(let failure, rollback: nil) = error else {
        Issue.record("\(error)")
        return
      }
      #expect(failure.kind == .uniqueViolation)
      #expect(failure.constraint == "parent_pkey")
      #expect(failure.table == "parent")
    }
    #expect(try connection.query("SELECT 1").one(Int.self) == 1)
  }

  @Test func `A deferred constraint fails the commit`() throws {
    do {
      try connection.transaction { tx throws(PostgresError) in
        try tx.execute("INSERT INTO child VALUES (7)")
      }
      Issue.record("The transaction went through.")
    } catch {
      guard case .commit(let failure) = error else {
        Issue.record("\(error)")
        return
      }
      #expect(failure.kind == .foreignKeyViolation)
    }
    #expect(try children() == 0)
  }

  @Test func `A swallowed error does not pass for a commit`() throws {
    do {
      try connection.transaction { tx throws(PostgresError) in
        try tx.execute("INSERT INTO parent VALUES (1)")
        _ = try? tx.execute("SELECT 1/0")
      }
      Issue.record("The transaction went through.")
    } catch {
      guard case .commit(let failure) = error else {
        Issue.record("\(error)")
        return
      }
      #expect(failure.kind == .failedTransaction)
    }
    #expect(try connection.query("SELECT count(*) FROM parent").one(Int.self) == 0)
  }

  @Test func `Opening statements and commit take two round trips`() throws {
    try connection.execute("INSERT INTO parent VALUES (41)")
    let answer = try connection.transaction(
      opening: { $0.query("SELECT id FROM parent FOR UPDATE") }
    ) { tx throws(PostgresError) in
      let id = try tx.opened[0].one(Int.self)
      let results = try tx.commit {
        $0.query("INSERT INTO parent VALUES (\(id + 1)) RETURNING id")
        $0.query("INSERT INTO child VALUES (\(id + 1))")
      }
      return try results[0].one(Int.self)
    }
    #expect(answer == 42)
    #expect(try children() == 1)
  }

  @Test func `A statement sent along with the commit that fails undoes all`() throws {
    do {
      try connection.transaction { tx throws(PostgresError) in
        try tx.execute("INSERT INTO parent VALUES (1)")
        try tx.commit {
          $0.query("INSERT INTO child VALUES (1)")
          $0.query("INSERT INTO parent VALUES (1)")
        }
      }
      Issue.record("The transaction went through.")
    } catch {
      guard case .commit(let failure) = error else {
        Issue.record("\(error)")
        return
      }
      #expect(failure.kind == .uniqueViolation)
      #expect(failure.statementIndex == 1)
    }
    #expect(try children() == 0)
    #expect(!connection.isInTransaction)
  }

  @Test func `An opening statement that fails leaves nothing open`() throws {
    do {
      try connection.transaction(opening: { $0.query("SELECT * FROM absent") }) {
        tx throws(PostgresError) in
        Issue.record("The closure ran.")
      }
    } catch {
      guard case .begin(let failure) = error else {
        Issue.record("\(error)")
        return
      }
      #expect(failure.kind == .undefinedTable)
    }
    #expect(!connection.isInTransaction)
    #expect(try connection.query("SELECT 1").one(Int.self) == 1)
  }

  @Test func `A transaction inside a transaction is refused`() throws {
    try connection.transaction { tx throws(TransactionError<PostgresError>) in
      do throws(TransactionError<PostgresError>) {
        try connection.transaction { _ throws(PostgresError) in }
        Issue.record("It was allowed.")
      } catch {
        #expect(error.postgresError?.kind == .misuse)
      }
      #expect(connection.isInTransaction)
    }
  }

  @Test func `A session ended by the server before the commit was sent is a known failure`() throws
  {
    do {
      try connection.transaction { tx throws(PostgresError) in
        try tx.execute("INSERT INTO parent VALUES (1)")
        try terminate(connection)
        try tx.execute("INSERT INTO parent VALUES (2)")
      }
      Issue.record("The transaction went through.")
    } catch {
      guard case .body(let failure, rollback: let rollback?) = error else {
        Issue.record("\(error)")
        return
      }
      #expect(failure.isConnectionLost)
      #expect(failure.kind == .adminShutdown)
      #expect(rollback.isConnectionLost)
    }
    #expect(connection.isLost)
    #expect(try database.connect().query("SELECT count(*) FROM parent").one(Int.self) == 0)
  }

  @Test func `A session that the server ended while idle answers the commit with the reason`()
    throws
  {
    do {
      try connection.transaction { tx throws(PostgresError) in
        try tx.execute("INSERT INTO parent VALUES (1)")
        try terminate(connection)
      }
      Issue.record("The transaction went through.")
    } catch {
      // The server said why it ended the session, so the transaction cannot have been committed.
      guard case .commit(let failure) = error else {
        Issue.record("\(error)")
        return
      }
      #expect(failure.kind == .adminShutdown)
    }
  }

  @Test func `A connection that breaks during the commit leaves the outcome unknown`() throws {
    let proxy = try CuttingProxy(to: database)
    let connection = try Connection.open(proxy.conninfo)
    do {
      try connection.transaction { tx throws(PostgresError) in
        try tx.execute("INSERT INTO parent VALUES (1)")
        proxy.cutBeforeNextAnswer()
      }
      Issue.record("The transaction went through.")
    } catch {
      guard case .commitOutcomeUnknown(let failure) = error else {
        Issue.record("\(error)")
        return
      }
      #expect(failure.isConnectionLost)
    }
  }

  /// Ends the connection's session from another one, and waits until it is gone.
  private func terminate(_ connection: Connection) throws(PostgresError) {
    let pid = try connection.query("SELECT pg_backend_pid()").one(Int.self)
    let other = try database.connect()
    _ = try other.query("SELECT pg_terminate_backend(\(pid)::int, 10000)")
  }
}
