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

  @Test func `Rows go in and come out as they were`() throws {
    let count = try connection.copyIn("COPY t FROM STDIN") { writer in
      for (index, text) in Self.texts.enumerated() {
        try writer.row(index, text, text.map { Array($0.utf8) }, text.map { [$0, nil, $0] })
      }
    }
    #expect(count == Self.texts.count)
    // Through SELECT, so that an error in both directions of COPY cannot cancel out.
    let stored = try connection.query("SELECT name, data, tags FROM t ORDER BY id")
      .decode((String?, [UInt8]?, [String?]?).self)
    #expect(stored.map { $0.0 } == Self.texts)
    #expect(stored.map { $0.1 } == Self.texts.map { $0.map { Array($0.utf8) } })
    #expect(stored.map { $0.2 } == Self.texts.map { $0.map { [$0, nil, $0] } })

    var copied: [String?] = []
    let rows = try connection.copyOut("COPY (SELECT * FROM t ORDER BY id) TO STDOUT") { row in
      #expect(row.count == 4)
      #expect(try row[0, as: Int.self] == copied.count)
      copied.append(try row[1, as: String?.self])
      #expect(row.isNull(1) == (copied.last! == nil))
      #expect(try row[2, as: [UInt8]?.self] == copied.last!.map { Array($0.utf8) })
      #expect(try row[3, as: [String?]?.self] == copied.last!.map { [$0, nil, $0] })
    }
    #expect(rows == Self.texts.count)
    #expect(copied == Self.texts)
  }

  @Test func `Many rows stream both ways`() throws {
    let text = String(repeating: "x", count: 100)
    try connection.copyIn("COPY t (id, name) FROM STDIN") { writer in
      for id in 0..<100_000 { try writer.row(id, text) }
    }
    var sum = 0
    try connection.copyOut("COPY t (id, name) TO STDOUT") { row in
      sum += try row[0, as: Int.self]
      row.withBytes(1) { #expect($0!.count == 100) }
    }
    #expect(sum == 100_000 * 99_999 / 2)
  }

  @Test func `An error of the closure leaves no row, and the connection can be used`() throws {
    #expect(throws: Stop.self) {
      try connection.copyIn("COPY t (id) FROM STDIN") { writer in
        try writer.row(1)
        throw Stop()
      }
    }
    #expect(try connection.query("SELECT count(*) FROM t").one(Int.self) == 0)
  }

  @Test func `A row that the server refuses is the error that is thrown`() throws {
    let error = #expect(throws: PostgresError.self) {
      try connection.copyIn("COPY t (id) FROM STDIN") { writer in
        try writer.row(1)
        try writer.row("two")
      }
    }
    #expect(error?.kind == .dataException)
    let repeated = #expect(throws: PostgresError.self) {
      try connection.copyIn("COPY t (id) FROM STDIN") { writer in
        for _ in 0..<1_000_000 { try writer.row(1) }
      }
    }
    #expect(repeated?.kind == .uniqueViolation)
    #expect(try connection.query("SELECT count(*) FROM t").one(Int.self) == 0)
  }

  @Test func `A NUL byte in a field is refused`() throws {
    let error = #expect(throws: PostgresError.self) {
      try connection.copyIn("COPY t (id, name) FROM STDIN") { writer in try writer.row(1, "a\0b") }
    }
    #expect(error?.kind == .nulByte)
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
