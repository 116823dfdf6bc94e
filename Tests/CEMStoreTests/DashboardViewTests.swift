import CEMDomain
import CEMTestSupport
import Foundation
import Postgres
import RandomPrograms
import Testing

@testable import CEMStore

/// What the views of `cem_bi` promise of themselves: forms, comments, rights.
@Suite("The dashboards' schema", .database(.migrated)) struct DashboardViewTests {
  private static let columns: SQL = """
    SELECT c.relname::text, a.attname::text, format_type(a.atttypid, a.atttypmod), \
    coalesce(col_description(c.oid, a.attnum), ''), coalesce(obj_description(c.oid, 'pg_class'), '') \
    FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 \
    WHERE c.relnamespace = 'cem_bi'::regnamespace ORDER BY c.oid, a.attnum
    """

  private func columns() throws -> [(String, String, String, String, String)] {
    try TestDatabase.current.connect().query(Self.columns)
      .decode((String, String, String, String, String).self)
  }

  @Test("Every view and column has a comment and a plain type") func forms() throws {
    let plain: Set = [
      "uuid", "text", "integer", "bigint", "boolean", "date", "numeric", "numeric(18,6)",
      "timestamp with time zone",
    ]
    let columns = try columns()
    #expect(columns.count > 300)
    for (view, column, type, comment, about) in columns {
      #expect(plain.contains(type), "\(view).\(column) is \(type)")
      #expect(!comment.isEmpty, "\(view).\(column)")
      #expect(!about.isEmpty, "\(view)")
    }
    for (view, names) in Dictionary(grouping: columns, by: \.0) where view != "dim_term" {
      #expect(names.prefix(2).map(\.1) == ["program_id", "program"], "\(view)")
    }
  }

  @Test("schema/README.md says what the database's comments say") func readme() throws {
    var text = ""
    var last = ""
    for (view, column, type, comment, about) in try columns() {
      if view != last {
        text += "\n### `\(view)`\n\n\(about).\n\n| column | type | meaning |\n|---|---|---|\n"
        last = view
      }
      text += "| `\(column)` | \(type) | \(comment) |\n"
    }
    let file = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent().appending(path: "schema/README.md")
    let readme = try String(contentsOf: file, encoding: .utf8)
    let marks = ["<!-- cem_bi: from the database's comments -->\n", "<!-- cem_bi: end -->"]
    let start = try #require(readme.range(of: marks[0])?.upperBound)
    let end = try #require(readme.range(of: marks[1])?.lowerBound)
    try TestRun.expect(
      readme.replacingCharacters(in: start..<end, with: text + "\n"), equals: file)
  }

  @Test("Every id that a chart may show has its terms") func kinds() throws {
    // Comments name the kind of a column's terms in parentheses.
    let kinds = try columns().compactMap { column in
      column.3.firstMatch(of: /\(([A-Z][A-Za-z.]+)\)/).map { String($0.1) }
    }
    #expect(kinds.count > 30)
    for kind in Set(kinds) { #expect(Catalog.labels[kind] != nil, "\(kind)") }
  }

  @Test("The terms are those of the catalog, all of it, and migrating makes them so") func terms()
    throws
  {
    let root = try TestDatabase.current.connect()
    func shown() throws -> Set<TermTable.Entry> {
      Set(
        try root.query("SELECT kind, id, language, label, rank FROM cem_bi.dim_term")
          .decode((String, String, String, String, Int).self)
          .map { TermTable.Entry(kind: $0, id: $1, language: $2, label: $3, rank: $4) })
    }
    var expected: Set<TermTable.Entry> = []
    for (index, term) in Catalog.terms.enumerated() {
      for language in Language.allCases {
        let label = try #require(Catalog.labels[term.kind]?[term.id]?[language])
        expected.insert(
          TermTable.Entry(
            kind: term.kind, id: term.id, language: language.rawValue, label: label,
            rank: index + 1))
      }
    }
    #expect(expected.count == Catalog.terms.count * Language.allCases.count)
    #expect(try shown() == expected)
    try root.execute("UPDATE cem.term SET label = 'x' WHERE id = 'listen' AND language = 'uk'")
    try root.execute("INSERT INTO cem.term VALUES ('Old', 'x', 'en', 'x', 0)")
    #expect(try shown() != expected)
    try Migrator(root).migrate()
    #expect(try shown() == expected)
  }

  @Test("A reader sees the views and nothing else, whatever it tries") func reader() throws {
    _ = try TestProgram()
    let root = try TestDatabase.current.connect()
    let reader = try TestDatabase.current.connect(user: "reader")
    func attempt(_ statement: String) throws {
      try reader.execute(script: "BEGIN READ WRITE")
      defer { _ = try? reader.execute(script: "ROLLBACK") }
      try reader.execute(script: statement)
    }
    let others = try root.query(
      """
      SELECT format('%I.%I', n.nspname, c.relname) FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace \
      WHERE n.nspname = 'cem' AND c.relkind IN ('r', 'p', 'v', 'm', 'S', 'f') ORDER BY 1
      """
    ).decode(String.self)
    #expect(others.count > 30)
    for object in others {
      for statement in [
        "SELECT * FROM \(object)", "SELECT count(*) FROM \(object)", "TABLE \(object)",
        "DELETE FROM \(object)", "TRUNCATE \(object)", "COPY \(object) TO STDOUT",
        "LOCK TABLE \(object) IN ACCESS SHARE MODE", "SELECT '\(object)'::regclass",
        "ALTER TABLE \(object) OWNER TO reader", "DROP TABLE \(object)",
      ] {
        #expect {
          try attempt(statement)
        } throws: { error in
          (error as? PostgresError)?.kind == .insufficientPrivilege
        }
      }
    }
    let functions = try root.query(
      """
      SELECT format('%I.%I(%s)', 'cem', proname, array_to_string(ARRAY(
        SELECT 'NULL::' || format_type(t, NULL) FROM unnest(proargtypes) AS t), ', '))
      FROM pg_proc WHERE pronamespace = 'cem'::regnamespace
      """
    ).decode(String.self)
    for function in functions {
      #expect {
        try reader.execute(script: "SELECT \(function)")
      } throws: { error in
        (error as? PostgresError)?.kind == .insufficientPrivilege
      }
    }
    for view in Set(try columns().map(\.0)) {
      _ = try reader.query("SELECT * FROM cem_bi.\(identifier: view) LIMIT 1")
      for statement in [
        "DELETE FROM cem_bi.\(view)", "INSERT INTO cem_bi.\(view) DEFAULT VALUES",
        "CREATE OR REPLACE VIEW cem_bi.\(view) AS SELECT 1", "DROP VIEW cem_bi.\(view)",
      ] {
        #expect(throws: PostgresError.self, "\(statement)") { try attempt(statement) }
      }
    }
    #expect(try AccessCheck(root).deviations() == [])
    #expect(try AccessCheck(root).strangers() == [])
    #expect(try root.query("SELECT count(*) FROM cem_bi.dim_program").one(Int.self) == 1)
    #expect(throws: PostgresError.self) { try attempt("CREATE VIEW cem_bi.x AS SELECT 1") }
  }

  @Test("A condition of the reader's never sees a row that a view leaves out") func barriers()
    throws
  {
    let program = try TestProgram()
    try program.run("department.register", ["code": "a", "name": "A"])
    try program.run("gap.record", ["department": "a", "link": 1, "title": "a secret"])
    try program.run("gap.void", ["gap": "GAP-1", "reason": "never meant to be seen"])
    let reader = try TestDatabase.current.connect(user: "reader")
    // A cast that fails shows what it was given.
    let found = try reader.query(
      "SELECT count(*) FROM cem_bi.fact_gap WHERE title::integer > 0")
    #expect(try found.one(Int.self) == 0)
    let barriers = try TestDatabase.current.connect().query(
      """
      SELECT c.relname::text FROM pg_class c WHERE c.relnamespace = 'cem_bi'::regnamespace \
      AND pg_get_viewdef(c.oid) ~ 'NOT \\w+\\.voided' \
      AND NOT coalesce('security_barrier=true' = ANY (c.reloptions), false) ORDER BY 1
      """
    ).decode(String.self)
    // These two show sums alone.
    #expect(barriers == ["department_daily", "program_current"])
  }

  @Test("A login of dashboards only reads, and not for long; one with another role is free again")
  func bounds() throws {
    let root = try TestDatabase.current.connect()
    let logins = Logins(root)
    let login = "dash_\(TestDatabase.current.name)"
    defer { _ = try? root.execute("DROP ROLE \(identifier: login)") }
    _ = try logins.add(login, [.reader])
    func settings() throws -> [String] {
      let connection = try TestDatabase.current.connect(user: login)
      return try ReaderBounds.settings.map {
        try connection.query("SELECT current_setting(\($0.0))").one(String.self)
      }
    }
    /// In one transaction: other tests repair the logins of the same server.
    func mends(_ change: SQL) throws {
      func isMisfit() throws -> Bool {
        try ReaderBounds(root).misfits().contains { $0.login == login }
      }
      try root.transaction { _ in
        try root.execute("ALTER ROLE \(identifier: login) \(change)")
        #expect(try isMisfit())
        try ReaderBounds(root).align(login)
        #expect(try !isMisfit())
      }
    }
    let bound = ["on", "30s", "1min", "10s", "off"]
    let free = ["off", "0", "0", "0", "on"]
    #expect(try settings() == bound)
    for change: SQL in [
      "RESET statement_timeout", "RESET default_transaction_read_only", "SET statement_timeout = 0",
    ] {
      try mends(change)
      #expect(try settings() == bound)
    }
    _ = try logins.add(login, [.office])
    #expect(try settings() == free)

    // What it was before does not count.
    try logins.revoke(login, [.office])
    #expect(try settings() == bound)
    try logins.revoke(login, [.reader])
    #expect(try settings() == free)
    _ = try logins.add(login, [.office])
    #expect(try settings() == free)
    try logins.revoke(login, [.office])
    _ = try logins.add(login, [.reader])
    #expect(try settings() == bound)
    _ = try logins.disable(login)
    _ = try logins.add(login, [.office])
    #expect(try settings() == free)
    // As an earlier version left it.
    try mends("SET default_transaction_read_only = on")
    #expect(try settings() == free)
  }
}
