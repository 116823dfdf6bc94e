import CEMDomain
import CEMTestSupport
import FoundationEssentials
import Postgres
import RandomPrograms
import Testing
import TransparencyLog

@testable import CEMStore

/// No column of the log, nor of what is made from it, is held by nothing.
///
/// The columns are the database's own, so that one that is added cannot be forgotten.
@Suite("Every column is bound", .database(.migrated))
struct ColumnMutationTests {
  private static let seed = SeededGenerator.seed

  /// A random program with rows in every table and stored nodes in its tree.
  private func program() throws -> TestProgram {
    var random = SeededGenerator(seed: Self.seed, 77)
    let program = TestProgram(founding: try TestDatabase.current.connect(user: "approver"))
    var today = Day("2024-01-05")!
    var events = 0
    func submit(_ command: (String, JSONObject)) throws {
      var fields = command.1
      fields["on"] = fields["on"] ?? .string(today.description)
      guard !command.0.hasPrefix("audit."),
        let issued = try? IssuedCommand(name: command.0, fields: fields)
      else { return }
      do {
        events += try program.store.execute([Submission(issued)])[0].events.count
      } catch StoreError.rejected {}
    }
    for command in RandomCommands.beginning(on: Day("2024-01-01")!) { try submit(command) }
    for (name, day, fields) in [
      ("register", "2024-01-01", ["code": "away", "name": "Away"]),
      ("retire", "2024-01-02", ["department": "away", "reason": "closed"]),
      ("reinstate", "2024-01-04", ["department": "away", "reason": "open again"]),
    ] as [(String, String, JSONObject)] {
      var fields = fields
      fields["on"] = .string(day)
      try submit(("department.\(name)", fields))
    }
    let empty: SQL = "SELECT NOT EXISTS (SELECT FROM \(unsafeSQL: "cem.tree_node"))"
    for step in 0..<6_000 {
      if step % 100 == 0 {
        // What chance alone brings about too seldom.
        for touchpoint in 1...2 {
          try submit(
            (
              "gap.record",
              [
                "department": "ssc", "link": "undiagnosed", "title": "Slow answers",
                "touchpoint": .int(Int64(touchpoint)),
              ]
            ))
        }
        try submit(
          (
            "insight.record",
            [
              "question": "emotions", "finding": "calm", "segment": "first", "plane": "usage",
              "gaps": [1],
            ]
          ))
        try submit(("period.close", ["period": "2020"]))
      }
      if step % 100 == 0, try !program.connection.query(empty).one(Bool.self),
        try Projections.all.allSatisfy({ projection in
          try program.connection.query(
            "SELECT EXISTS (SELECT FROM \(projection.table.relation))"
          ).one(Bool.self)
        })
      {
        return program
      }
      if random.chance(40) { today = today.adding(days: 1) }
      try submit(RandomCommands.command(with: &random, today: today, events: events))
    }
    let unfilled = try Projections.all.map { $0.table }.filter { table in
      try program.connection.query("SELECT NOT EXISTS (SELECT FROM \(table.relation))").one(
        Bool.self)
    }
    Issue.record("CEM_SEED=\(Self.seed) does not fill \(unfilled.map(\.name))")
    return program
  }

  private struct Column {
    var name: String
    var type: String
    var isNullable: Bool
  }

  private func columns(of table: String, _ connection: Connection) throws -> [Column] {
    try connection.query(
      """
      SELECT attname::text, format_type(atttypid, NULL), NOT attnotnull FROM pg_attribute \
      WHERE attrelid = \("cem." + table)::regclass AND attnum > 0 AND NOT attisdropped \
      AND attgenerated = '' ORDER BY attnum
      """
    ).decode((String, String, Bool).self).map { Column(name: $0, type: $1, isNullable: $2) }
  }

  /// Another value than the one that is there, be it NULL.
  private func other(_ column: Column) -> String {
    let name = SQL.quote(identifier: column.name)
    switch column.type {
    case "text": return "coalesce(\(name), '') || 'x'"
    case "integer", "bigint", "smallint", "numeric": return "coalesce(\(name), 0) + 1"
    case "boolean": return "NOT coalesce(\(name), false)"
    case "date": return "coalesce(\(name), '2024-01-01') + 1"
    case "uuid": return "gen_random_uuid()"
    case "timestamp with time zone":
      return "coalesce(\(name), now()) + interval '1 microsecond'"
    case "bytea": return "sha256(coalesce(\(name), ''))"
    default: preconditionFailure("a column of type \(column.type)")
    }
  }

  @Test("A change of any column of any row is found, and of an event where it is")
  func everyColumn() throws {
    let program = try program()
    let root = try TestDatabase.current.connect()
    let check = LiveLogCheck(root, programID: program.programID)
    try #require(check.report().problems == [])
    try root.execute(
      script: """
        ALTER TABLE cem.event DISABLE TRIGGER ALL; ALTER TABLE cem.tree_node DISABLE TRIGGER ALL;
        ALTER TABLE cem.program DISABLE TRIGGER ALL;
        DO $$
        DECLARE
          c record;
        BEGIN
          FOR c IN SELECT conrelid::regclass AS t, conname FROM pg_constraint
            WHERE connamespace = 'cem'::regnamespace AND contype <> 't' ORDER BY contype = 'p' LOOP
            EXECUTE format('ALTER TABLE %s DROP CONSTRAINT %I CASCADE', c.t, c.conname);
          END LOOP;
          FOR c IN SELECT indexrelid::regclass AS i FROM pg_index JOIN pg_class ON pg_class.oid = indexrelid
            WHERE relnamespace = 'cem'::regnamespace AND indisunique LOOP
            EXECUTE format('DROP INDEX %s', c.i);
          END LOOP;
        END $$;
        """)
    var tried = 0
    var random = SeededGenerator(seed: Self.seed, 78)
    for table in ["event", "head", "tree_node", "program"]
      + Projections.all.map({ $0.table.physicalName })
    {
      let columns = try columns(of: table, root)
      let isMade = Projections.all.contains { $0.table.physicalName == table }
      for column in columns {
        let name = SQL.quote(identifier: column.name)
        var changes = [
          ("\(name) IS NOT NULL", other(column)), ("\(name) IS NULL", other(column)),
        ]
        if column.isNullable { changes.append(("\(name) IS NOT NULL", "NULL")) }
        if isMade, !TestRun.isThorough {
          changes = [changes[Int.random(in: changes.indices, using: &random)]]
        }
        for (condition, value) in changes {
          let found = try mutate(table, columns, condition, "\(name) = \(value)", root, &random) {
            position in
            do {
              // What `audit verify` does with projections, without the log.
              if isMade {
                return try !Refold(root, programID: program.programID).verify().isEmpty
              }
              let report = try check.report()
              guard let position else { return !report.problems.isEmpty }
              return report.firstBadPosition == position
            } catch StoreError.noHead {
              return true
            }
          }
          tried += found == nil ? 0 : 1
          #expect(
            found != false,
            "CEM_SEED=\(Self.seed): \(table).\(column.name) = \(value) was not found where it is")
        }
      }
    }
    print("every column: CEM_SEED=\(Self.seed), \(tried) changes")
    try #expect(check.report().problems == [], "everything was put back")
  }

  /// Changes a row, looks, and puts it back.
  /// - Returns: what `finds` says; `nil` where no row meets the condition.
  private func mutate(
    _ table: String, _ columns: [Column], _ condition: String, _ change: String,
    _ root: Connection, _ random: inout SeededGenerator, finds: (Int64?) throws -> Bool
  ) throws -> Bool? {
    let places = try root.query(
      "SELECT ctid::text FROM cem.\(identifier: table) WHERE \(unsafeSQL: condition) ORDER BY ctid"
    ).decode(String.self)
    guard let place = places.randomElement(using: &random) else { return nil }
    try root.execute(
      script: """
        DROP TABLE IF EXISTS saved;
        CREATE TEMPORARY TABLE saved AS SELECT * FROM cem.\(table) WHERE ctid = '\(place)';
        """)
    let position =
      table == "event" ? try root.query("SELECT position FROM saved").one(Int64.self) : nil
    let changed = try root.query(
      """
      UPDATE cem.\(identifier: table) SET \(unsafeSQL: change) WHERE ctid = \(place)::tid \
      RETURNING ctid::text
      """
    ).one(String.self)
    let found = try finds(position)
    let names = columns.map { SQL.quote(identifier: $0.name) }.joined(separator: ", ")
    try root.execute("DELETE FROM cem.\(identifier: table) WHERE ctid = \(changed)::tid")
    try root.execute(
      "INSERT INTO cem.\(identifier: table) (\(unsafeSQL: names)) SELECT \(unsafeSQL: names) FROM saved"
    )
    return found
  }
}
