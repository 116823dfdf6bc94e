import CEMDomain
import CEMTestSupport
import Foundation
import Postgres
import RandomPrograms
import Testing
import TransparencyLog

@testable import CEMStore

/// Whatever a superuser changes with triggers off is found, and where it is.
///
/// A few dozen mutations in every run; `scripts/test --faults` makes 1,000. The seed is printed;
/// `CEM_SEED` repeats a run, `CEM_MUTATIONS` says how many.
@Suite("Mutations", .serialized)
struct MutationTests {
  /// A program of some 600 events, so that its tree has stored nodes, with a receipt kept of the middle.
  private static let mutated = DatabaseTemplate("mutated") { connection in
    try Migrator(connection).migrate()
    let store = ProgramStore(connection, programID: UUID())
    func run(_ rows: [(String, JSONObject)]) throws {
      _ = try store.execute(
        try rows.map { Submission(try IssuedCommand(name: $0.0, fields: $0.1)) })
    }
    try run([
      ("program.found", ["slug": "test", "name": "A test"]),
      ("person.add", ["id": "p", "name": "CX lead"]),
      ("department.register", ["code": "a", "name": "A", "lead": "p"]),
      ("department.register", ["code": "b", "name": "B"]),
      ("maturity.assess", ["department": "a", "level": 0, "rationale": "nobody knows of it"]),
      (
        "maturity.action.complete",
        ["department": "a", "action": "0.1", "evidence": "Minutes of the board"]
      ),
      ("initiative.open", ["department": "a", "title": "Call back", "step": 1]),
    ])
    for _ in 0..<6 {
      try run(
        (0..<50).flatMap { number -> [(String, JSONObject)] in
          [
            (
              "gap.record",
              [
                "department": number % 2 == 0 ? "a" : "b", "link": .int(Int64(number % 5 + 1)),
                "title": .string("Gap \(number)"), "expected": "0.9", "perceived": "0.5",
                "unit": "ratio",
              ]
            ),
            (
              "initiative.update",
              ["initiative": 1, "rag": "green", "note": .string("step \(number)")]
            ),
          ]
        })
    }
  }

  /// One change, and what must be found.
  private struct Mutation {
    var sql: String
    var expectation: Expectation
  }

  private enum Expectation {
    /// The first bad position is this one.
    case at(Int64)
    /// The first bad position is this one, or an interval that begins before it holds it.
    case upTo(Int64)
    /// Found, but of no position: a row that was made from the log, or the head.
    case somewhere
  }

  @Test("Every change of the log, its head, its tree or a projection is found where it is")
  func mutations() throws {
    let seed = TestRun.seed ?? .random(in: 0 ... .max)
    let rounds = TestRun.number("CEM_MUTATIONS") ?? (TestRun.isThorough ? 1_000 : 40)
    print("mutations: CEM_SEED=\(seed) CEM_MUTATIONS=\(rounds)")
    var random = SeededGenerator(seed: seed)
    for round in 0..<rounds {
      let database = try Self.mutated.clone()
      defer { try? database.drop() }
      let connection = try database.connect()
      let events = try self.events(connection)
      let pin = self.pin(events)
      // Now and then, and with --faults always, nothing is changed first, and nothing may be found.
      if round % 10 == 0 || TestRun.isThorough {
        try #expect(report(connection, pin).problems == [])
      }
      let mutation = try mutation(round, events, connection, &random)
      try connection.execute(
        script: """
          ALTER TABLE cem.event DISABLE TRIGGER ALL; ALTER TABLE cem.tree_node DISABLE TRIGGER ALL;
          ALTER TABLE cem.event DROP CONSTRAINT event_position, DROP CONSTRAINT event_stream_version,
            DROP CONSTRAINT event_salt, DROP CONSTRAINT event_private_hash, DROP CONSTRAINT event_stream,
            DROP CONSTRAINT event_sizes;
          ALTER TABLE cem.department_change DROP CONSTRAINT department_change_grain_check;
          DROP INDEX cem.event_command; ALTER TABLE cem.tree_node DROP CONSTRAINT tree_node_pkey;
          """)
      try connection.execute(script: mutation.sql)
      let report = try report(connection, pin)
      let found = Comment(
        rawValue: "round \(round), seed \(seed): \(mutation) led to \(report.problems.prefix(3))")
      #expect(!report.problems.isEmpty, found)
      switch mutation.expectation {
      case .at(let position): #expect(report.firstBadPosition == position, found)
      case .upTo(let position):
        #expect(report.firstBadPosition.map { $0 <= position } ?? false, found)
      case .somewhere: break
      }
    }
  }

  private func report(_ connection: Connection, _ pin: LogPin) throws -> LogReport {
    let id = try connection.query("SELECT program_id FROM cem.program").one(UUID.self)
    return try LiveLogCheck(connection, programID: id).report(pins: [pin])
  }

  private func events(_ connection: Connection) throws -> [StoredEvent] {
    let id = try connection.query("SELECT program_id FROM cem.program").one(UUID.self)
    return try EventLog(connection, programID: id).events(EventLog.Filter(), limit: 10_000)
  }

  /// What a receipt of two thirds of the log pins.
  private func pin(_ events: [StoredEvent]) -> LogPin {
    let size = events.count * 2 / 3
    var frontier = Frontier()
    frontier.append(contentsOf: events.prefix(size).map(\.leafHash))
    return LogPin(.receipt, name: "a receipt", size: Int64(size), root: frontier.root)
  }

  // MARK: The mutations

  private func mutation(
    _ round: Int, _ events: [StoredEvent], _ connection: Connection, _ random: inout SeededGenerator
  ) throws -> Mutation {
    let position = Int64.random(in: 1...Int64(events.count), using: &random)
    switch round % 8 {
    case 0, 1, 2: return column(of: events[Int(position) - 1], &random)
    case 3: return try projection(connection, &random)
    case 4: return rearranged(position, Int64(events.count), &random)
    case 5: return head(&random)
    case 6: return node(&random)
    default: return rewritten(from: position, events)
    }
  }

  /// One column of one event.
  private func column(of event: StoredEvent, _ random: inout SeededGenerator) -> Mutation {
    var changes = [
      "recorded_at = recorded_at + interval '1 microsecond'",
      "command_id = gen_random_uuid()", "correlation_id = gen_random_uuid()",
      "causation_id = gen_random_uuid()", "version = version + 1",
      "occurred_on = occurred_on - 1", "command_index = command_index + 1",
      "schema_version = schema_version + 1", "stream = stream || '1'", "type = type || 'x'",
      "departments = departments || 'x'", "actor = actor || 'x'",
      "facts = replace(facts, '{', '{ ')", "leaf_hash = sha256(leaf_hash)",
      "command_digest = sha256('other'::bytea)", "position = position + 10000",
      "program_id = gen_random_uuid()", "facts = '{'",
    ]
    if event.personal != nil {
      changes += [
        "private = private || ' '", "salt = sha256(salt)", "private_hash = sha256('x'::bytea)",
        "salt = NULL", "private = NULL, salt = NULL, private_hash = NULL",
      ]
    } else {
      changes += [
        "private = '{}', salt = 'x'", "private_hash = sha256('x'::bytea)", "salt = 'x'",
      ]
    }
    let change = changes[Int.random(in: 0..<changes.count, using: &random)]
    return Mutation(
      sql: "UPDATE cem.event SET \(change) WHERE position = \(event.position)",
      expectation: .at(event.position))
  }

  /// Events that are gone, come again, or stand in another order.
  private func rearranged(
    _ position: Int64, _ count: Int64, _ random: inout SeededGenerator
  ) -> Mutation {
    let other = position == 1 ? 2 : position - 1
    let options = [
      Mutation(
        sql: "DELETE FROM cem.event WHERE position = \(position)", expectation: .at(position)),
      Mutation(
        sql: """
          UPDATE cem.event SET position = CASE position WHEN \(position) THEN \(other) \
          ELSE \(position) END WHERE position IN (\(position), \(other))
          """, expectation: .at(min(position, other))),
      Mutation(
        sql: "INSERT INTO cem.event SELECT * FROM cem.event WHERE position = \(position)",
        expectation: .at(position)),
      Mutation(
        sql: """
          UPDATE cem.event SET position = position + 1 WHERE position >= \(position); \
          INSERT INTO cem.event SELECT e.* FROM cem.event e WHERE position = \(position == 1 ? 2 : 1); \
          UPDATE cem.head SET position = position + 1
          """, expectation: .upTo(position)),
    ]
    return options[Int.random(in: 0..<options.count, using: &random)]
  }

  private func head(_ random: inout SeededGenerator) -> Mutation {
    let changes = [
      "position = position - 1", "position = position + 1",
      "recorded_at = recorded_at - interval '1 second'",
      "recorded_at = recorded_at + interval '1 second'", "frontier = sha256(frontier)",
      "frontier = frontier || frontier",
    ]
    return Mutation(
      sql: "UPDATE cem.head SET \(changes[Int.random(in: 0..<changes.count, using: &random)])",
      expectation: .somewhere)
  }

  private func node(_ random: inout SeededGenerator) -> Mutation {
    let statements = [
      "UPDATE cem.tree_node SET hash = sha256(hash) WHERE index = 0",
      "UPDATE cem.tree_node SET index = index + 2 WHERE index = 1",
      "UPDATE cem.tree_node SET level = level + 1 WHERE index = 0",
      "DELETE FROM cem.tree_node WHERE index = 1", "DELETE FROM cem.tree_node",
      "INSERT INTO cem.tree_node SELECT program_id, 1, 7, hash FROM cem.tree_node LIMIT 1",
      "INSERT INTO cem.tree_node SELECT * FROM cem.tree_node WHERE index = 0",
    ]
    return Mutation(
      sql: statements[Int.random(in: 0..<statements.count, using: &random)],
      expectation: .somewhere)
  }

  /// One value of one row of a projection, or the row itself.
  private func projection(
    _ connection: Connection, _ random: inout SeededGenerator
  ) throws -> Mutation {
    let filled = try Projections.all.filter { projection in
      try connection.query("SELECT EXISTS (SELECT FROM \(projection.table.relation))")
        .one(Bool.self)
    }
    let table = filled[Int.random(in: 0..<filled.count, using: &random)].table
    let columns = table.allColumns
    let column = columns[Int.random(in: 0..<columns.count, using: &random)]
    let name = SQL.quote(identifier: column.name)
    // So far off that no other row has it, where it is a key.
    let value =
      switch column.kind {
      case .text: "coalesce(\(name), '') || 'x'"
      case .integer, .bigint, .numeric: "coalesce(\(name), 0) + 10000"
      case .boolean: "NOT coalesce(\(name), false)"
      case .date: "coalesce(\(name), '2024-01-01') + 10000"
      }
    let row =
      "(SELECT ctid FROM cem.\(table.physicalName) ORDER BY \(random.next())::numeric % 7, ctid LIMIT 1)"
    let sql =
      Int.random(in: 0..<5, using: &random) == 0
      ? "DELETE FROM cem.\(table.physicalName) WHERE ctid = \(row)"
      : "UPDATE cem.\(table.physicalName) SET \(name) = \(value) WHERE ctid = \(row)"
    return Mutation(sql: sql, expectation: .somewhere)
  }

  /// A suffix that was written again with fresh hashes, head and nodes: whole by itself, but not what
  /// the receipt pins.
  private func rewritten(from position: Int64, _ events: [StoredEvent]) -> Mutation {
    let pinned = Int64(events.count * 2 / 3)
    let position = min(position, pinned)
    var frontier = Frontier()
    var sql = "DELETE FROM cem.tree_node;"
    let program = events[0].programID.text
    for var event in events {
      if event.position >= position {
        event.actor = "somebody"
        event.leafHash = event.computedLeafHash
        sql += """
          UPDATE cem.event SET actor = 'somebody', leaf_hash = '\\x\(event.leafHash.hex)' \
          WHERE position = \(event.position);
          """
      }
      for node in frontier.append(event.leafHash) {
        sql += """
          INSERT INTO cem.tree_node VALUES ('\(program)', \(node.level), \(node.index), \
          '\\x\(node.hash.hex)');
          """
      }
    }
    let encoded = frontier.hashes.map(\.hex).joined()
    sql += "UPDATE cem.head SET frontier = '\\x\(encoded)'"
    return Mutation(sql: sql, expectation: .upTo(position))
  }
}
