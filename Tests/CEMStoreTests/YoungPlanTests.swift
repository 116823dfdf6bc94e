import CEMDomain
import CEMTestSupport
import FoundationEssentials
import Postgres
import Testing

@testable import CEMStore

/// A session that began with empty tables keeps the plans it made then; the tables grow.
@Suite("Plans made in a young database", .database(.migrated)) struct YoungPlanTests {
  /// Records a gap, reassesses it, and dates it on another day, so that sums are taken back.
  private func work(_ store: ProgramStore, _ number: Int) throws {
    func run(_ name: String, _ fields: JSONObject) throws -> Receipt {
      try store.execute([Submission(IssuedCommand(name: name, fields: fields))])[0]
    }
    let day = Day(year: 2011, month: 1, day: 1)!.adding(days: number).description
    let gap = try run(
      "gap.record",
      [
        "department": "a", "link": 1, "title": "Callers wait", "unit": "share",
        "expected": "0.9", "on": .string(day),
      ])
    let name = JSON.string(try #require(gap.reference))
    _ = try run("gap.reassess", ["gap": name, "perceived": "0.95", "on": .string(day)])
    _ = try run("gap.close", ["gap": name, "resolution": "They do not", "on": .string(day)])
    _ = try run("gap.void", ["gap": name, "reason": "recorded twice"])
    _ = try run(
      "maturity.assess",
      [
        "department": "a", "level": 1, "rationale": "Seen",
        "on": .string(day),
      ])
  }

  /// Rows that were read in any way, and pages that were looked at, in all tables of a program.
  private func reads(_ connection: Connection) throws -> Int {
    try connection.execute("SELECT pg_stat_clear_snapshot()")
    return try connection.query(
      """
      SELECT (SELECT sum(coalesce(seq_tup_read, 0)) FROM pg_stat_user_tables WHERE schemaname LIKE 'cem%') \
      + (SELECT sum(idx_tup_read) FROM pg_stat_user_indexes WHERE schemaname LIKE 'cem%')
      """
    ).one(Int.self)
  }

  @Test(
    "They do not make a command's cost grow with the tables, analysed while these were small or never",
    arguments: [false, true])
  func cost(isAnalyzed: Bool) throws {
    let program = try TestProgram(on: "2010-01-01")
    let root = try TestDatabase.current.connect()
    try program.run("department.register", ["code": "a", "name": "A", "on": "2010-01-01"])
    if isAnalyzed { try root.execute("ANALYZE") }
    let store = ProgramStore(
      try TestDatabase.current.connect(user: "approver"), programID: program.programID)
    // The plans are made now. Another session fills the tables, which nobody analyses.
    for number in 0..<3 { try work(store, number) }
    func cost(_ numbers: Range<Int>) throws -> Int {
      let before = try settled(store.connection, root)
      for number in numbers { try work(store, number) }
      // Several events at once go another way.
      let reference = JSON.string("GAP-\(numbers.lowerBound + 1)")
      _ = try store.execute(
        ["r", "s"].map { reason in
          Submission(
            try IssuedCommand(
              name: reason == "r" ? "gap.restore" : "gap.void",
              fields: ["gap": reference, "reason": .string(reason)]))
        })
      return try settled(store.connection, root) - before
    }
    let young = try cost(3..<7)
    let other = ProgramStore(
      try TestDatabase.current.connect(user: "approver"), programID: program.programID)
    for start in stride(from: 0, to: 3_000, by: 500) {
      _ = try other.execute(
        (start..<start + 500).map { number in
          let day = Day(year: 2012, month: 1, day: 1)!.adding(days: number)
          return Submission(
            try IssuedCommand(
              name: number % 5 == 0 ? "department.register" : "gap.record",
              fields: number % 5 == 0
                ? ["code": .string("d-\(number)"), "name": "D", "on": .string(day.description)]
                : ["department": "a", "link": 2, "title": "T", "on": .string(day.description)]))
        })
    }
    let grown = try cost(7..<11)
    #expect(young > 100, "the counters count")
    #expect(grown < young * 2, "\(young) rows read before, \(grown) with thousands of things")
  }

  @Test("Nor that of many commands at once, in a program that was analysed when it was founded")
  func batches() throws {
    let program = try TestProgram(on: "2010-01-01")
    let root = try TestDatabase.current.connect()
    try root.execute("ANALYZE")
    let store = ProgramStore(
      try TestDatabase.current.connect(user: "approver"), programID: program.programID)
    func batch(after count: Int) throws -> [Submission] {
      try (count + 1...count + 400).flatMap { number in
        [
          try IssuedCommand(
            name: "gap.record",
            fields: [
              "department": "a", "link": 1, "title": "T", "unit": "share", "expected": "0.9",
              "on": "2011-01-01",
            ]),
          try IssuedCommand(
            name: "gap.reassess",
            fields: [
              "gap": .string("GAP-\(number)"), "perceived": "0.5", "on": "2011-01-02",
            ]),
        ].map { Submission($0) }
      }
    }
    try program.run("department.register", ["code": "a", "name": "A", "on": "2010-01-01"])
    _ = try store.execute(try batch(after: 0))
    let before = try settled(store.connection, root)
    let receipts = try store.execute(try batch(after: 400))
    let reads = try settled(store.connection, root) - before
    #expect(receipts.count == 800)
    #expect(reads < 800 * 40, "\(reads) rows read for 800 events")
  }

  /// What was counted once the session's counters have arrived.
  private func settled(_ connection: Connection, _ root: Connection) throws -> Int {
    try connection.execute("SELECT pg_stat_force_next_flush()")
    return try reads(root)
  }
}
