import CEMTestSupport
import Postgres
import Testing

@Suite(.database) struct QueryTests {
  let connection: Connection

  init() throws {
    connection = try TestDatabase.current.connect()
  }

  @Test func `An interpolated value is a parameter and comes back as it was`() throws {
    let hostile = "'; DROP TABLE t; -- \\ \" $1 \u{1F469}\u{200D}\u{1F467} é e\u{301}\t\n"
    let query: SQL = "SELECT \(hostile)::text, \(7)::int8, \(true)::bool, \(String?.none)::text"
    #expect(query.text == "SELECT $1::text, $2::int8, $3::bool, $4::text")
    let (text, number, flag, null) = try connection.query(query)
      .one((String, Int, Bool, String?).self)
    // Swift's == holds composed and decomposed letters for equal; the bytes must be the same.
    #expect(Array(text.utf8) == Array(hostile.utf8))
    #expect(number == 7)
    #expect(flag)
    #expect(null == nil)
  }

  @Test func `A statement in a statement keeps its parameters in order`() throws {
    let condition: SQL = "n > \(1)::int AND n < \(5)::int"
    var query: SQL =
      "SELECT n, \("x")::text FROM generate_series(1, \(9)::int) AS n WHERE \(condition)"
    query.append(" AND n <> \(3)::int")
    #expect(query.parameterCount == 5)
    #expect(query.text.hasSuffix("WHERE n > $3::int AND n < $4::int AND n <> $5::int"))
    #expect(try connection.query(query).map { try $0[0, as: Int.self] } == [2, 4])
    let list = SQL.joined([1, 2, 3].map { "\($0)::int" }, separator: ", ")
    #expect(try connection.query("SELECT greatest(\(list))").one(Int.self) == 3)
  }

  @Test func `Identifiers are quoted, and raw text is spelled out`() throws {
    let name = "Odd \"name\"; --"
    try connection.execute("CREATE TABLE \(identifier: name) (\(unsafeSQL: "id int"))")
    #expect(try connection.execute("INSERT INTO \(identifier: name) VALUES (\(1)), (\(2))") == 2)
    #expect(
      try connection.query("SELECT relname FROM pg_class WHERE relname = \(name)").one(String.self)
        == name)
  }

  @Test func `A NUL byte in a parameter is refused before it is cut off there`() throws {
    let error = #expect(throws: PostgresError.self) {
      try connection.query("SELECT \("good")::text, \("a\0b")::text")
    }
    #expect(error?.kind == .nulByte)
    #expect(error?.message.contains("$2") == true)
    #expect(error.map { "\($0)".contains("good") } == false)
    let inArray = #expect(throws: PostgresError.self) {
      try connection.query("SELECT \(["a\0b"])::text[]")
    }
    #expect(inArray?.kind == .nulByte)
    let inText = #expect(throws: PostgresError.self) {
      try connection.query(SQL(unsafe: "SELECT 1 \0 + 1"))
    }
    #expect(inText?.kind == .nulByte)
    // Bytes are another matter.
    let bytes: [UInt8] = [0, 1, 0]
    #expect(try connection.query("SELECT \(bytes)::bytea").one([UInt8].self) == bytes)
  }

  @Test func `Too many parameters are refused`() throws {
    let list = SQL.joined((0...65_535).map { "\($0)" }, separator: ", ")
    let error = #expect(throws: PostgresError.self) {
      try connection.query("SELECT 1 WHERE 1 IN (\(list))")
    }
    #expect(error?.kind == .tooManyParameters)
  }

  @Test func `Rows are read by name, by number and as tuples`() throws {
    let result = try connection.query(
      """
      SELECT n AS id, CASE WHEN n = 2 THEN NULL ELSE 'r' || n END AS "Name"
      FROM generate_series(1, 3) AS n
      """)
    #expect(result.columns == ["id", "Name"])
    #expect(result.count == 3)
    #expect(result.commandTag == "SELECT 3")
    #expect(try result[0][1, as: String.self] == "r1")
    #expect(try result[1][1, as: String?.self] == nil)
    #expect(try result[2][0, as: Int32.self] == 3)
    let rows = try result.decode((Int, String?).self)
    #expect(rows.map { $0.0 } == [1, 2, 3])
    #expect(rows.map { $0.1 } == ["r1", nil, "r3"])
    let text = result.withBytes(row: 2, column: 1) { bytes in
      if let bytes { String(utf8: bytes) } else { String?.none }
    }
    #expect(text == "r3")
    #expect(result.withBytes(row: 1, column: 1) { $0 == nil })
  }

  @Test func `What does not fit is an error that does not quote the data`() throws {
    let result = try connection.query("SELECT 'secret' AS word, NULL::int AS nothing, 300 AS n")
    for attempt in [
      { (row: Row) throws in _ = try row[0, as: Int.self] },
      { (row: Row) throws in _ = try row[1, as: Int.self] },
      { (row: Row) throws in _ = try row[2, as: UInt8.self] },
      { (row: Row) throws in _ = try row[3, as: Int.self] },
      { (row: Row) throws in _ = try row[-1, as: Int.self] },
      { (row: Row) throws in _ = try row.decode((String, Int?).self) },
    ] as [(Row) throws -> Void] {
      let error = #expect(throws: PostgresError.self) { try attempt(result[0]) }
      #expect(error?.kind == .decoding)
      #expect(error.map { "\($0)".contains("secret") } == false)
    }
    #expect(throws: PostgresError.self) {
      try connection.query("SELECT 1 WHERE false").one(Int.self)
    }
  }

  @Test(arguments: [
    ("SELECT 1/0", "22012", PostgresError.Kind.dataException),
    ("SELEC 1", "42601", .syntaxError),
    ("SELECT * FROM absent", "42P01", .undefinedTable),
    ("SELECT absent", "42703", .undefinedColumn),
    ("SELECT absent()", "42883", .undefinedFunction),
    ("CREATE TABLE absent.t (id int)", "3F000", .invalidSchemaName),
    ("CREATE TABLE t (id int)", "42P07", .duplicateObject),
    ("INSERT INTO t VALUES (1)", "23505", .uniqueViolation),
    ("INSERT INTO t VALUES (NULL)", "23502", .notNullViolation),
    ("INSERT INTO t VALUES (-1)", "23514", .checkViolation),
    ("INSERT INTO child VALUES (99)", "23503", .foreignKeyViolation),
    ("SET ROLE absent", "22023", .dataException),
    ("SELECT raise('P0001')", "P0001", .raiseException),
    ("SELECT raise('CE042')", "CE042", .other("CE042")),
    ("SELECT raise('40001')", "40001", .serializationFailure),
    ("SELECT raise('40P01')", "40P01", .deadlockDetected),
    ("SELECT raise('53300')", "53300", .tooManyConnections),
    ("SELECT raise('0A000')", "0A000", .featureNotSupported),
  ])
  func `An SQLSTATE becomes a kind`(
    _ statement: String, _ sqlState: String, _ kind: PostgresError.Kind
  ) throws {
    try connection.execute(
      script: """
        CREATE TABLE t (id int PRIMARY KEY CHECK (id > 0));
        CREATE TABLE child (id int REFERENCES t);
        INSERT INTO t VALUES (1);
        CREATE FUNCTION raise(code text) RETURNS void LANGUAGE plpgsql AS
          $$ BEGIN RAISE 'told' USING ERRCODE = code, HINT = 'a hint', DETAIL = 'a detail'; END $$;
        """)
    let error = #expect(throws: PostgresError.self) {
      try connection.query(SQL(unsafe: statement))
    }
    #expect(error?.sqlState == sqlState)
    #expect(error?.kind == kind)
    #expect(error?.sql == statement)
    #expect(error?.isConnectionLost == false)
    if statement.contains("raise") {
      #expect(error?.message == "told")
      #expect(error?.hint == "a hint")
      #expect(error?.detail == "a detail")
    }
  }

  @Test func `Rights and locks have kinds of their own`() throws {
    let database = TestDatabase.current
    try connection.execute(script: "CREATE TABLE t (id int); CREATE ROLE \(database.name)_r LOGIN")
    defer { _ = try? connection.execute(script: "DROP ROLE \(database.name)_r") }
    let stranger = try database.connect(user: "\(database.name)_r")
    let denied = #expect(throws: PostgresError.self) { try stranger.query("SELECT * FROM t") }
    #expect(denied?.kind == .insufficientPrivilege)

    let other = try database.connect(settings: [("lock_timeout", "20")])
    try connection.transaction { tx throws(PostgresError) in
      try tx.execute("LOCK TABLE t")
      let locked = #expect(throws: PostgresError.self) { try other.query("SELECT * FROM t") }
      #expect(locked?.kind == .lockNotAvailable)
    }
  }

  @Test func `A script runs as one transaction`() throws {
    #expect(throws: PostgresError.self) {
      try connection.execute(script: "CREATE TABLE t (id int); SELECT 1/0;")
    }
    try connection.execute(script: "CREATE TABLE t (id int); INSERT INTO t VALUES (1);")
    #expect(try connection.query("SELECT count(*) FROM t").one(Int.self) == 1)
  }
}
