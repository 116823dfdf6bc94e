import CEMDomain
import CEMTestSupport
import FoundationEssentials
import Postgres
import RandomPrograms
import Testing
import TransparencyLog

@testable import CEMStore

/// What the views of `cem_bi` say, against what the log says.
@Suite("The dashboards' figures", .database(.migrated)) struct DashboardFigureTests {
  private struct Daily: Hashable {
    var department: String
    var level: Int?
    var gaps: Int
    var initiatives: Int
  }

  private func daily(_ connection: Connection, on day: Day) throws -> Set<Daily> {
    Set(
      try connection.query(
        """
        SELECT department, level, open_gaps, open_initiatives FROM cem_bi.department_daily \
        WHERE day = \(day.description)::date
        """
      ).decode((String, Int?, Int, Int).self)
        .map { Daily(department: $0, level: $1, gaps: $2, initiatives: $3) })
  }

  /// The same from a replay of what had happened by the day's end.
  private func replayed(_ program: TestProgram, through day: Day) throws -> Set<Daily> {
    let point = try MomentResolver(program.connection, programID: program.programID).head()
    let reader = try PastReader(
      program.connection, programID: program.programID, point: point, through: day)
    var rows: Set<Daily> = []
    for row in try reader.rows(of: DepartmentStatus.self, RowQuery()) {
      guard row["voided"] == .boolean(false), case .text(let code) = row["department"] else {
        continue
      }
      func count(_ names: [String]) -> Int {
        names.reduce(0) { sum, name in
          if case .integer(let number) = row[name] { sum + Int(number) } else { sum }
        }
      }
      var level: Int?
      if case .integer(let number) = row["level"] { level = Int(number) }
      let open = DepartmentStatus.stages.filter { $0 != "completed" && $0 != "cancelled" }
      rows.insert(
        Daily(
          department: code, level: level, gaps: count(["open_gaps"]),
          initiatives: count(open.map { "initiatives_\($0)" })))
    }
    return rows
  }

  @Test("department_daily is what a period that ends on the day says", arguments: 0..<4)
  func dailyEqualsPeriods(number: UInt64) throws {
    let program = TestProgram(founding: try TestDatabase.current.connect(user: "approver"))
    var random = SeededGenerator(900 + number)
    var today = Day("2024-01-05")!
    for (name, fields) in RandomCommands.beginning(on: Day("2024-01-01")!) {
      try program.run(name, fields)
    }
    // The last of a level's corrections is what a period knows of them, so there is one at most.
    var events = 10
    var corrected: Set<String> = []
    for _ in 0..<500 {
      if random.chance(30) { today = today.adding(days: 1) }
      var (name, fields) = RandomCommands.command(with: &random, today: today, events: events)
      if name.hasPrefix("audit.") { continue }
      let department = fields["department"]?.string ?? ""
      if name == "maturity.correct", corrected.contains(department) { continue }
      fields["on"] = fields["on"] ?? .string(today.description)
      guard let receipt = try? program.run(name, fields) else { continue }
      events += receipt.events.count
      for event in receipt.events where event.type.hasPrefix("maturity.") {
        if event.type == "maturity.corrected" {
          corrected.insert(String(event.stream.dropFirst(9)))
        } else if !event.type.contains("action") {
          corrected.remove(String(event.stream.dropFirst(9)))
        }
      }
    }
    try program.expectLiveEqualsReplay()
    let reader = try TestDatabase.current.connect(user: "reader")
    var shown = 0
    var day = Day("2024-01-01")!
    while day <= today {
      let rows = try daily(reader, on: day)
      #expect(try rows == replayed(program, through: day), "CEM_SEED, program \(number), \(day)")
      shown += rows.count
      day = day.adding(days: 3)
    }
    #expect(shown > 20)
    try checkEvents(program, reader)
  }

  /// Compares fact_gap_event with the log.
  private func checkEvents(_ program: TestProgram, _ reader: Connection) throws {
    var state = ProgramState.complete
    var life: [Int64: (StreamID, String)] = [:]
    let head = try MomentResolver(program.connection, programID: program.programID).head()
    try EventLog(program.connection, programID: program.programID)
      .forEachRecorded(in: 1...head.position) { event in
        state.evolve(with: event)
        switch event.event {
        case .gap: life[event.position] = (event.stream, event.event.type)
        case .correction(.gap, .reverted(let reversion)): life[reversion.position] = nil
        default: break
        }
      }
    let expected = life.filter { state.entities[$0.value.0]?.isVoided == false }.map {
      "\($0.key) gap/\($0.value.0.number) gap.\($0.value.1.dropFirst(4))"
    }
    let shown = try reader.query(
      "SELECT position || ' gap/' || gap || ' gap.' || change FROM cem_bi.fact_gap_event"
    ).decode(String.self)
    #expect(Set(shown) == Set(expected))
    #expect(shown.count == expected.count)
  }

  private func one(_ statement: SQL) throws -> Int? {
    try TestDatabase.current.connect(user: "reader").query(statement).one(Int?.self)
  }

  /// A department on level 1 with a gap and an initiative, since 10 January.
  func program() throws -> TestProgram {
    let program = try TestProgram(fiscalYearStart: 4)
    for code in ["a", "b"] {
      try program.run(
        "department.register", ["code": .string(code), "name": "D", "on": "2024-01-02"])
    }
    try program.run("gap.record", ["department": "a", "link": 1, "title": "G", "on": "2024-01-10"])
    try program.run(
      "initiative.open", ["department": "a", "title": "I", "step": 1, "on": "2024-01-10"])
    try program.run(
      "maturity.assess",
      ["department": "a", "level": 1, "rationale": "r", "on": "2024-01-10"])
    return program
  }

  private func standing(_ department: String, _ day: String) throws -> [Int?] {
    let reader = try TestDatabase.current.connect(user: "reader")
    let row = try reader.query(
      """
      SELECT level, open_gaps, open_initiatives FROM cem_bi.department_daily \
      WHERE department = \(department) AND day = \(day)::date
      """
    ).one((Int?, Int, Int).self)
    return [row.0, row.1, row.2]
  }

  @Test("Days show what happened on them, whatever else is known later") func days() throws {
    let program = try program()
    try program.run("gap.close", ["gap": 1, "resolution": "r", "on": "2024-02-01"])
    try program.run("gap.reopen", ["gap": 1, "reason": "r", "on": "2024-03-01"])
    try program.run("initiative.cancel", ["initiative": 1, "reason": "r", "on": "2024-02-15"])
    try program.run(
      "maturity.regress", ["department": "a", "to": 0, "reason": "r", "on": "2024-02-20"])
    #expect(try standing("a", "2024-01-09") == [nil, 0, 0])
    #expect(try standing("a", "2024-01-10") == [1, 1, 1])
    #expect(try standing("a", "2024-01-31") == [1, 1, 1])
    #expect(try standing("a", "2024-02-01") == [1, 0, 1])
    #expect(try standing("a", "2024-02-15") == [1, 0, 0])
    #expect(try standing("a", "2024-02-29") == [0, 0, 0])
    #expect(try standing("a", "2024-03-01") == [0, 1, 0])
    // A correction makes no trend.
    try program.run(
      "maturity.correct", ["department": "a", "to": 1, "reason": "r", "on": "2024-03-05"])
    #expect(try standing("a", "2024-02-29") == [1, 0, 0])
    try program.run(
      "gap.amend", ["gap": 1, "department": "b", "reason": "r", "on": "2024-03-06"])
    #expect(try standing("a", "2024-01-31") == [1, 0, 1])
    #expect(try standing("b", "2024-01-31") == [nil, 1, 0])
    let head = try MomentResolver(program.connection, programID: program.programID).head()
    try program.run("undo", ["position": .int(head.position), "reason": "r"])
    #expect(try standing("a", "2024-01-31") == [1, 1, 1])
    #expect(try standing("b", "2024-01-31") == [nil, 0, 0])
    try program.run("gap.amend", ["gap": 1, "department": "b", "reason": "r"])
    #expect(try standing("a", "2024-03-31") == [1, 0, 0])
    try program.run("gap.void", ["gap": 1, "reason": "r"])
    #expect(try standing("b", "2024-01-31") == [nil, 0, 0])
    #expect(
      try one("SELECT count(*) FROM cem.department_change WHERE department = 'b'", as: "auditor")
        == 0)
    try program.run("gap.restore", ["gap": 1, "reason": "r"])
    #expect(try standing("b", "2024-01-31") == [nil, 1, 0])
    try program.expectLiveEqualsReplay()
  }

  private func one(_ statement: SQL, as user: String) throws -> Int? {
    try TestDatabase.current.connect(user: user).query(statement).one(Int?.self)
  }

  @Test("§0: what was voided or undone is in no fact and no count") func voided() throws {
    let program = try program()
    try program.run("evidence.add", ["title": "Memo"])
    try program.run(
      "maturity.action.complete", ["department": "a", "action": "1.1", "evidence": "EV-1"])
    try program.run("gap.close", ["gap": 1, "resolution": "r"])
    #expect(
      try one("SELECT count(*) FROM cem_bi.fact_gap_event WHERE change = 'closed'") == 1)
    #expect(try one("SELECT count(*) FROM cem_bi.fact_action WHERE is_done") == 1)
    #expect(try one("SELECT sum(gaps_opened) FROM cem_bi.department_flow") == 1)
    let head = try MomentResolver(program.connection, programID: program.programID).head()
    try program.run("undo", ["position": .int(head.position), "reason": "r"])
    #expect(
      try one("SELECT count(*) FROM cem_bi.fact_gap_event WHERE change = 'closed'") == 0)
    for (noun, reference) in [("gap", "GAP-1"), ("initiative", "INI-1"), ("evidence", "EV-1")] {
      try program.run("\(noun).void", [noun: .string(reference), "reason": "r"])
    }
    for view in [
      "fact_gap", "fact_gap_event", "fact_initiative", "fact_evidence", "fact_action",
      "bridge_initiative_gap", "bridge_initiative_brand_element",
    ] {
      #expect(try one("SELECT count(*) FROM cem_bi.\(identifier: view)") == 0, "\(view)")
    }
    #expect(try one("SELECT open_gaps + open_initiatives FROM cem_bi.program_current") == 0)
    #expect(try one("SELECT coalesce(sum(gaps_opened), 0) FROM cem_bi.department_flow") == 0)
    try program.run("department.void", ["department": "b", "reason": "r"])
    #expect(try one("SELECT count(*) FROM cem_bi.department_current") == 1)
    #expect(try one("SELECT departments FROM cem_bi.program_current") == 1)
    #expect(try one("SELECT count(DISTINCT department) FROM cem_bi.department_daily") == 1)
    #expect(try one("SELECT count(*) FROM cem_bi.dim_department WHERE is_void") == 1)
  }

  @Test("Dashboards find what is designed of the brand, and how the customer interface is held")
  func interface() throws {
    let program = try program()
    for (title, elements) in [("W", ["slogan", "logo"]), ("X", ["slogan"]), ("Y", [])] {
      try program.run(
        "initiative.open",
        [
          "department": "a", "title": .string(title), "step": 3, "waivePlatform": "r",
          "brandElements": .array(elements.map(JSON.string)),
        ])
    }
    try program.run("initiative.start", ["initiative": 3])
    try program.run("initiative.complete", ["initiative": 3])
    let reader = try TestDatabase.current.connect(user: "reader")
    let elements = try reader.query(
      """
      SELECT element, count(*) FILTER (WHERE is_open), count(*) FILTER (WHERE is_completed) \
      FROM cem_bi.bridge_initiative_brand_element WHERE program = 'test' GROUP BY 1 ORDER BY 1
      """
    ).decode((String, Int, Int).self)
    #expect(elements.map { "\($0.0) \($0.1) \($0.2)" } == ["logo 1 0", "slogan 1 1"])
    let counts = try reader.query(
      "SELECT brand_elements FROM cem_bi.fact_initiative ORDER BY initiative"
    ).decode(Int.self)
    #expect(counts == [0, 2, 1, 0])

    try program.run(
      "touchpoint.map",
      ["department": "a", "name": "Desk", "rules": "greet", "flexibility": "a gift up to 5"])
    for aspect in ["style", "style", "customer-time", "substance", nil] {
      var fields: JSONObject = [
        "touchpoint": 1, "metric": "m", "target": 1, "from": "2023-01-01",
      ]
      fields["aspect"] = aspect.map(JSON.string)
      try program.run("standard.set", fields)
    }
    for standard in [1, 2, 4] as [JSON] {
      try program.run(
        "standard.measure", ["standard": standard, "period": "2023-12", "value": 0])
    }
    try program.run("standard.void", ["standard": 4, "reason": "twice"])
    try program.run("standard.retire", ["standard": 2, "reason": "over"])
    // What was missed while it was promised stays a breach.
    #expect(
      try reader.query("SELECT breaches FROM cem_bi.fact_touchpoint").decode(Int.self) == [2])
    func row() throws -> [String?] {
      let row = try reader.query(
        """
        SELECT rules, flexibility, concat_ws(' ', standards, standards_style, standards_substance, \
        standards_service_time, standards_customer_time) FROM cem_bi.fact_touchpoint
        """
      ).one((String?, String?, String).self)
      return [row.0, row.1, row.2]
    }
    #expect(try row() == ["greet", "a gift up to 5", "3 1 0 0 1"])
    #expect(
      try reader.query("SELECT aspect FROM cem_bi.fact_standard ORDER BY standard")
        .decode(String?.self) == ["style", "style", "customer-time", nil])
    try program.run("standard.amend", ["standard": 1, "aspect": "substance", "reason": "r"])
    #expect(try row().last == "3 0 1 0 1")
    // Both texts are words, and go where they are erased.
    let mapped = try #require(try program.events().first { $0.type == "touchpoint.mapped" })
    #expect(mapped.personal?.contains("greet") == true && !mapped.facts.contains("greet"))
    try program.erase(.event(mapped.position), expecting: [mapped.position: .asked])
    #expect(try row() == [nil, nil, "3 0 1 0 1"])
    try program.expectLiveEqualsReplay()
  }

  @Test("§0, §1: a corrected level change does not stand, nor does its correction")
  func corrections()
    throws
  {
    let program = try program()
    try program.run(
      "maturity.regress", ["department": "a", "to": 0, "reason": "r", "on": "2024-02-20"])
    try program.run("maturity.correct", ["department": "a", "to": 1, "reason": "r"])
    try program.run("maturity.assess", ["programLevel": true, "level": 1, "rationale": "r"])
    let rows = try TestDatabase.current.connect(user: "reader").query(
      "SELECT change, department, stands FROM cem_bi.fact_maturity_change ORDER BY position"
    ).decode((String, String?, Bool).self)
    #expect(rows.map(\.0) == ["assessed", "regressed", "corrected", "assessed"])
    #expect(rows.map(\.2) == [true, false, false, true])
    #expect(rows.map(\.1) == ["a", "a", "a", nil])
    #expect(try one("SELECT level FROM cem_bi.program_current") == 1)
  }

  @Test("Programs stand side by side, and neither counts the other's") func programs() throws {
    _ = try program()
    let other = try TestProgram(slug: "other")
    try other.run("department.register", ["code": "a", "name": "D", "on": "2024-01-02"])
    let rows = try TestDatabase.current.connect(user: "reader").query(
      "SELECT program, departments, open_gaps FROM cem_bi.program_current ORDER BY program"
    ).decode((String, Int, Int).self)
    #expect(rows.map(\.0) == ["other", "test"])
    #expect(rows.map(\.1) == [1, 2])
    #expect(rows.map(\.2) == [0, 1])
    let daily = try TestDatabase.current.connect(user: "reader").query(
      """
      SELECT program, sum(open_gaps)::integer FROM cem_bi.department_daily WHERE day = '2024-02-01' \
      GROUP BY program ORDER BY program
      """
    ).decode((String, Int).self)
    #expect(daily.map(\.1) == [0, 1])
  }

  @Test("freshness states the root of the last receipt, for trees of every shape") func freshness()
    throws
  {
    let program = try TestProgram()
    for index in 1...35 {
      let receipt = try program.run("person.add", ["id": .string("p\(index)"), "name": "P"])
      let (position, size, root) = try TestDatabase.current.connect(user: "reader").query(
        "SELECT position, tree_size, root FROM cem_bi.freshness"
      ).one((Int64, Int64, String).self)
      #expect(position == receipt.events.last?.position)
      #expect(size == receipt.treeSize)
      #expect(root == receipt.rootHash.base64)
    }
  }

  @Test("Fiscal quarters are those that --period takes", arguments: [1, 2, 4, 7, 12])
  func fiscalYears(start: Int) throws {
    _ = try TestProgram(fiscalYearStart: start)
    let rows = try TestDatabase.current.connect(user: "reader").query(
      """
      SELECT day, fiscal_quarter, fiscal_year_name, quarter, month FROM cem_bi.dim_date WHERE day < '2026-01-01'
      """
    ).decode((Day, String, String, String, String).self)
    #expect(rows.count == 731)
    for (day, quarter, year, calendarQuarter, month) in rows {
      for period in [quarter, year, calendarQuarter, month] {
        let days = try Period(scalar: period).days(fiscalYearStart: start)
        #expect(days.contains(day), "\(day) in \(period)")
      }
    }
  }

  @Test("What an older database lacks is made from its log, also when that was cut off")
  func renewal()
    throws
  {
    let program = try program()
    try program.run("gap.close", ["gap": 1, "resolution": "r", "on": "2024-02-01"])
    let root = try TestDatabase.current.connect()
    // As it stands when the migration has been applied and nothing else.
    try root.execute(
      script: """
        UPDATE cem.entity_v3 SET state = (state::jsonb #- '{life,turns}' #- '{levels}')::text WHERE kind IN ('gap', 'maturity');
        DELETE FROM cem.department_change; DELETE FROM cem.program_register; DELETE FROM cem.person_register;
        INSERT INTO cem.projection_rebuild SELECT program_id, name, 0, 0, 'epoch', 0, 0
        FROM cem.head, unnest(ARRAY['entity', 'program_register', 'person_register', 'department_change']) AS name;
        """)
    #expect(try ProjectionRenewal(root).pending()[program.programID]?.count == 4)
    #expect(
      try ProjectionState.all(root, programID: program.programID).allSatisfy {
        $0.rebuiltAt == nil
      })
    #expect(try !Refold(root, programID: program.programID).verify().isEmpty)
    try Migrator(root).migrate()
    #expect(try ProjectionRenewal(root).pending().isEmpty)
    #expect(try Refold(root, programID: program.programID).verify().isEmpty)
    try program.expectLiveEqualsReplay()
    try program.run("gap.reopen", ["gap": 1, "reason": "r", "on": "2024-03-01"])
    #expect(try standing("a", "2024-02-10") == [1, 0, 1])
    #expect(try standing("a", "2024-03-01") == [1, 1, 1])
  }
}
