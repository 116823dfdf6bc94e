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
    let query: SQL = "SELECT \(hostile)::text, \(7)::int8, \(true), \(String?.none)::text"
    #expect(query.text == "SELECT $1::text, $2::int8, $3, $4::text")
    let (text, number, flag, null) = try connection.query(query)
      .one((String, Int, String, String?).self)
    // Swift's == holds composed and decomposed letters for equal; the bytes must be the same.
    #expect(Array(text.utf8) == Array(hostile.utf8))
    #expect(number == 7)
    #expect(flag == "t")
    #expect(null == nil)
  }
}
