import CEMTestSupport
import Postgres
import Testing

@Suite(.database) struct CopyTests {
  struct Stop: Error {}

  let connection: Connection

  init() throws {
    connection = try TestDatabase.current.connect()
    try connection.execute(
      "CREATE TABLE t (id int PRIMARY KEY, name text, data bytea, tags text[])")
  }

  static let texts: [String?] = [
    "", nil, "plain", "\t", "a\tb\nc\rd", "\\", "\\N", "\\.", "\\\\t", "{\"a\":\"\\n\"}",
    "\u{8}\u{B}\u{C}", "Zoë 日本語 👩‍👧", "NULL", " ends in a blank ", "\u{1}\u{7F}",
  ]

  /// The rows of a table as COPY writes them.
  private func copied(_ table: String) throws -> [UInt8] {
    var text: [UInt8] = []
    try connection.copyOut("COPY (SELECT * FROM \(identifier: table) ORDER BY id) TO STDOUT") {
      for index in $0.indices { text.append($0[index]) }
    }
    return text
  }

  @Test func `Rows come out as text, and the text goes in as the same rows`() throws {
    for (index, text) in Self.texts.enumerated() {
      try connection.execute(
        "INSERT INTO t VALUES (\(index), \(text), \(text.map { Array($0.utf8) }), \(text.map { [$0, nil, $0] }))"
      )
    }
    let text = try copied("t")
    try connection.execute("CREATE TABLE other (LIKE t)")
    let count = try connection.copyIn("COPY other FROM STDIN") { try $0.write(text.span) }
    #expect(count == Self.texts.count)
    // Through SELECT, so that an error in both directions of COPY cannot cancel out.
    let stored = try connection.query("SELECT name FROM other ORDER BY id").decode(String?.self)
    #expect(stored == Self.texts)
    #expect(try connection.query("TABLE t EXCEPT TABLE other").isEmpty)
    #expect(try copied("other") == text)
  }

  @Test func `Many rows stream both ways`() throws {
    let text = String(repeating: "x", count: 100)
    try connection.copyIn("COPY t (id, name) FROM STDIN") { writer in
      for id in 0..<100_000 { try writer.write("\(id)\t\(text)\n".utf8Span.span) }
    }
    #expect(try connection.query("SELECT sum(id) FROM t").one(Int.self) == 100_000 * 99_999 / 2)
    var rows = 0
    let count = try connection.copyOut("COPY (SELECT name FROM t) TO STDOUT") { row in
      #expect(row.count == 101)
      rows += 1
    }
    #expect(rows == 100_000)
    #expect(count == rows)
  }

  @Test func `An error of the closure leaves no row, and the connection can be used`() throws {
    #expect(throws: Stop.self) {
      try connection.copyIn("COPY t (id) FROM STDIN") { writer in
        try writer.write("1\n".utf8Span.span)
        throw Stop()
      }
    }
    #expect(try connection.query("SELECT count(*) FROM t").one(Int.self) == 0)
  }

  @Test func `A row that the server refuses is the error that is thrown`() throws {
    let error = #expect(throws: PostgresError.self) {
      try connection.copyIn("COPY t (id) FROM STDIN") { writer in
        try writer.write("1\ntwo\n".utf8Span.span)
      }
    }
    #expect(error?.kind == .dataException)
    let repeated = #expect(throws: PostgresError.self) {
      try connection.copyIn("COPY t (id) FROM STDIN") { writer in
        for _ in 0..<1_000_000 { try writer.write("1\n".utf8Span.span) }
      }
    }
    #expect(repeated?.kind == .uniqueViolation)
    #expect(try connection.query("SELECT count(*) FROM t").one(Int.self) == 0)
  }

  @Test func `A reader that has enough stops the server`() throws {
    var seen = 0
    #expect(throws: Stop.self) {
      try connection.copyOut("COPY (SELECT generate_series(1, 100000000)) TO STDOUT") { _ in
        seen += 1
        if seen == 10 { throw Stop() }
      }
    }
    #expect(seen == 10)
    #expect(try connection.query("SELECT 1").one(Int.self) == 1)
  }

  @Test func `An error after some rows is thrown`() throws {
    var seen = 0
    let error = #expect(throws: PostgresError.self) {
      try connection.copyOut(
        "COPY (SELECT 1 / (3 - n) FROM generate_series(1, 5) AS n) TO STDOUT"
      ) { _ in seen += 1 }
    }
    #expect(error?.sqlState == "22012")
    #expect(seen == 2)
  }

  @Test func `A COPY given as a query, and the other way round, is refused without harm`() throws {
    for statement: SQL in ["COPY t FROM STDIN", "COPY t TO STDOUT"] {
      #expect(throws: PostgresError.self) { try connection.query(statement) }
      #expect(try connection.query("SELECT 1").one(Int.self) == 1)
    }
    #expect(throws: PostgresError.self) { try connection.copyOut("SELECT 1") { _ in } }
    #expect(throws: PostgresError.self) { try connection.copyOut("COPY t FROM STDIN") { _ in } }
    #expect(throws: PostgresError.self) { try connection.copyIn("COPY t TO STDOUT") { _ in } }
    #expect(try connection.query("SELECT 1").one(Int.self) == 1)
  }

  @Test func `A query inside a COPY is refused`() throws {
    try connection.execute("INSERT INTO t VALUES (1)")
    try connection.copyOut("COPY t TO STDOUT") { _ in
      let error = #expect(throws: PostgresError.self) { try connection.query("SELECT 1") }
      #expect(error?.kind == .misuse)
    }
  }
}
