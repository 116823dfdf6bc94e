import CEMDomain
import CEMTestSupport
import Foundation
import Postgres
import Testing

@testable import CEMStore

/// Four eyes (domain §8) in a database: two logins, the projections, what erasure reaches, what verifying finds.
@Suite("§8: four eyes in the log", .database(.migrated)) struct FourEyesTests {
  /// A program that asks for four eyes, of two approvers: who records, and who decides.
  func program() throws -> (program: TestProgram, other: ProgramStore) {
    let program = try TestProgram()
    for (name, fields) in [
      ("program.amend", ["fourEyes": true, "reason": "auditors"]),
      ("department.register", ["code": "ssc", "name": "SSC"]),
      (
        "gap.record",
        [
          "department": "ssc", "link": 4, "title": "Slow answers", "expected": "0.9",
          "perceived": "0.6", "unit": "ratio",
        ]
      ),
      (
        "gap.accept",
        ["gap": 1, "until": "2999-12-31", "reason": "Ada says no money", "request": true]
      ),
    ] as [(String, JSONObject)] {
      try program.run(name, fields)
    }
    let root = try TestDatabase.current.connect()
    if try !Logins(root).exists("approver2") { try root.execute("CREATE ROLE approver2 LOGIN") }
    try root.execute("GRANT cem_approver TO approver2")
    let other = ProgramStore(
      try TestDatabase.current.connect(user: "approver2"), programID: program.programID)
    return (program, other)
  }

  func issued(_ name: String, _ fields: JSONObject) throws -> Submission {
    Submission(try IssuedCommand(name: name, fields: fields))
  }

  func report(_ program: TestProgram) throws -> LogReport {
    let auditor = try TestDatabase.current.connect(user: "auditor")
    return try LiveLogCheck(auditor, programID: program.programID).report()
  }

  func code(_ body: () throws -> Void) -> String? {
    do {
      try body()
      return nil
    } catch StoreError.rejected(let rejection, _) {
      return rejection.code
    } catch {
      return "\(error)"
    }
  }

  @Test("§8: a request to divide a department makes none of those that it asks for")
  func askedDivision() throws {
    let (program, other) = try program()
    try program.run(
      "department.split",
      ["department": "ssc", "into": ["north", "south"], "reason": "r", "request": true])
    func departments() throws -> [String] {
      try program.connection.query(
        "SELECT department FROM cem.department_status ORDER BY department"
      ).decode(String.self)
    }
    #expect(try departments() == ["ssc"])
    try program.expectLiveEqualsReplay()
    #expect(try report(program).problems == [])
    _ = try Rebuild(program.connection, programID: program.programID).run()
    #expect(try departments() == ["ssc"])
    _ = try other.execute([try issued("request.approve", ["request": 2])])
    #expect(try departments() == ["north", "south", "ssc"])
    try program.expectLiveEqualsReplay()
    #expect(try report(program).problems == [])
  }

  @Test(
    "§8: a request that somebody changed in the tables is not approved",
    arguments: [
      #"replace(state, '2999-12-31', '9999-12-31')"#,
      #"regexp_replace(state, '"requestedBy":"[^"]+"', '"requestedBy":"somebody"')"#,
    ])
  func tampered(change: String) throws {
    let (program, other) = try program()
    let clerk = try TestDatabase.current.connect(user: "approver2")
    let changed = try clerk.query(
      "UPDATE cem.entity_v3 SET state = \(unsafeSQL: change) WHERE kind = 'request' RETURNING state"
    ).decode(String.self)
    #expect(changed.count == 1)
    let approve = try issued("request.approve", ["request": 1])
    #expect(code { _ = try other.execute([approve]) } == "request.tampered")
    // With the tables as they were it goes on.
    _ = try Rebuild(program.connection, programID: program.programID).run { _, _ in }
    #expect(code { _ = try other.execute([approve]) } == nil)
  }

  @Test("§8: another login decides, and rows, replay and rules agree") func decided() throws {
    let (program, other) = try program()
    let approve = try issued("request.approve", ["request": 1])
    #expect(code { _ = try program.store.execute([approve]) } == "request.own")
    let reader = try LiveReader(program.connection, programID: program.programID)
    let day = Day("2026-06-30")!
    #expect(try reader.agenda(on: .init("2999-01-01")!).items.contains { $0.kind == .toApprove })
    let receipt = try other.execute([approve])[0]
    #expect(receipt.events.map(\.type) == ["request.approved", "gap.accepted"])
    #expect(receipt.reference == "REQ-1")
    // Sent again, it is the same.
    #expect(try other.execute([approve])[0].isDuplicate)
    let rows = try LiveReader(program.connection, programID: program.programID)
      .rows(of: ApprovalRegister.self, RowQuery())
    #expect(rows.map { $0["approved_by"] } == [.text("approver2")])
    #expect(rows.map { $0["request"] } == [.integer(1)])
    _ = day
    try program.expectLiveEqualsReplay()
    #expect(try report(program).problems == [])
  }

  @Test("§8: what a login without the right records is a request, and it decides none")
  func rights() throws {
    let (program, _) = try program()
    let office = ProgramStore(
      try TestDatabase.current.connect(user: "office"), programID: program.programID)
    let asked = try office.execute([
      try issued(
        "gap.accept",
        ["gap": 1, "until": "2999-12-31", "reason": "no staff", "request": true])
    ])[0]
    #expect(asked.events.map(\.type) == ["request.made"])
    for (name, fields) in [
      ("request.approve", ["request": 1]), ("request.reject", ["request": 1, "reason": "no"]),
    ] as [(String, JSONObject)] {
      let submission = try issued(name, fields)
      #expect {
        _ = try office.execute([submission])
      } throws: { error in
        if case StoreError.database(let error) = error {
          error.kind == .insufficientPrivilege
        } else {
          false
        }
      }
    }
  }

  @Test("§8: the types that take an approver are those that the database gives to approvers alone")
  func types() throws {
    let connection = try TestDatabase.current.connect(user: "auditor")
    let alone = Set(
      try connection.query("SELECT type FROM cem.event_type WHERE appended_by = 'cem_approver'")
        .decode(String.self))
    var found: Set<String> = []
    for form in Event.allForms {
      guard let event = try? Self.example(of: form) else {
        Issue.record("no example of \(form.type)")
        continue
      }
      if event.takesApprover { found.insert(form.type) }
    }
    #expect(found == alone)
  }

  /// An event of a type out of the fixtures, with whatever it holds.
  private static func example(of form: StoredForm<Event>) throws -> Event {
    let line = try #require(
      Fixtures.lines.first {
        $0["type"]?.string == form.type && $0["schemaVersion"] == .int(Int64(form.schemaVersion))
      })
    return try form.read(Split(facts: line["facts"], personal: line["private"]))
  }

  /// A program in which whoever asked approved it, too.
  private func forgedProgram() throws -> TestProgram {
    let (program, _) = try program()
    let issued = try IssuedCommand(name: "request.approve", fields: ["request": 1])
    // As if another login had sent it: what the rules decide is then appended by the one that asked.
    let point = try LiveReader(program.connection, programID: program.programID).point
    let state = try PastReader(program.connection, programID: program.programID, point: point).state
    let today = try #require(state.entities[StreamID(.request, number: 1)]).occurredOn
    let drafts = try ProgramDecider.decide(
      ProgramDecider.Command(issued, today: today, actor: "approver2"), given: state)
    try program.append(drafts, command: issued)
    return program
  }

  @Test("§8: an approval that nobody could give is found, although every hash is right")
  func forged() throws {
    let program = try forgedProgram()
    let problems = try report(program).problems
    #expect(problems.contains { $0.kind == .rule && $0.message.contains("request.own") })
  }

  @Test("§8: erasing what was asked for does not make an approval good that nobody could give")
  func forgedAndErased() throws {
    let program = try forgedProgram()
    _ = try program.owner().execute([
      try self.issued("audit.erase", ["positions": [5], "reason": "asked to"])
    ])
    let problems = try report(program).problems
    #expect(problems.contains { $0.kind == .rule && $0.message.contains("request.own") })
  }

  @Test("§8: what four eyes did not see is found, although every hash is right")
  func unseen() throws {
    let (program, _) = try program()
    let accept = try IssuedCommand(
      name: "gap.accept", fields: ["gap": 1, "until": "2999-12-31", "reason": "r"])
    let point = try LiveReader(program.connection, programID: program.programID).point
    var state = try PastReader(program.connection, programID: program.programID, point: point).state
    let today = try #require(state.entities[StreamID(.request, number: 1)]).occurredOn
    let amended = try ProgramDecider.decide(
      ProgramDecider.Command(
        try IssuedCommand(
          name: "program.amend", fields: ["fourEyes": false, "reason": "r", "request": true]),
        today: today, actor: "x"), given: state)
    #expect(amended.map(\.event.type) == ["request.made"])
    // A state in which the program never asked for them decides what nobody may append here.
    if case .program(var details)? = state.entities[.program]?.entity,
      var record = state.entities[.program]
    {
      details.details.fourEyes = nil
      record.entity = .program(details)
      state.load(record)
    }
    let drafts = try ProgramDecider.decide(
      ProgramDecider.Command(accept, today: today, actor: "approver"), given: state)
    try program.append(drafts, command: accept)
    let problems = try report(program).problems
    #expect(problems.contains { $0.kind == .rule && $0.message.contains("request.needed") })
  }

  @Test(
    "§8: an erasure reaches a request and what came of it, from either side", arguments: [5, 7])
  func erased(position: Int64) throws {
    let (program, other) = try program()
    _ = try other.execute([try issued("request.approve", ["request": 1])])
    #expect(
      try program.events().map(\.type).suffix(3) == [
        "request.made", "request.approved", "gap.accepted",
      ])
    try program.erase(try program.plan(.event(position)))
    let rest = try program.events().filter { ($0.personal ?? "").contains("Ada") }
    #expect(rest.map(\.position) == [])
    let dump = try TestDatabase.current.connect().query(
      "SELECT concat((SELECT json_agg(e) FROM cem.entity_v3 e), (SELECT json_agg(r) FROM cem.request_register r))"
    ).one(String.self)
    #expect(!dump.contains("Ada"))
    try program.expectLiveEqualsReplay()
    #expect(try report(program).problems == [])
    // The program still goes from one database into another, with the same facts.
    var rows: [JSONObject] = []
    try CommandExport(program.connection, programID: program.programID)
      .forEach(upTo: Int64(try program.events().count)) { rows.append($0) }
    #expect(rows.map { $0["command"]?.string }.suffix(2) == ["request.make", "request.approve"])
    for row in rows { _ = try IssuedCommand(name: row["command"]!.string!, fields: row.command) }
  }
}

extension JSONObject {
  /// A row without what belongs to no command.
  fileprivate var command: JSONObject {
    var fields = self
    for key in ["command", "key"] { fields[key] = nil }
    return fields
  }
}

/// The stored events of the domain's tests.
private enum Fixtures {
  static let lines: [JSONObject] = {
    let file = URL(filePath: #filePath).deletingLastPathComponent()
      .appending(path: "../CEMDomainTests/Fixtures/events-v1.ndjson").standardized
    let text = (try? String(contentsOf: file, encoding: .utf8)) ?? ""
    return text.split(separator: "\n").compactMap { try? JSON(parsing: String($0)).object }
  }()
}
