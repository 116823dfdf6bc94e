import CEMDomain
import CEMStore
import CEMTestSupport
import FoundationEssentials
import Postgres
import Testing
import TransparencyLog

@Suite("Erasure", .database(.migrated))
struct ErasureTests {
  private func program() throws -> TestProgram {
    let program = try TestProgram()
    try program.run("person.add", ["id": "ada", "name": "Ada Byron", "login": "ada"])
    try program.run("department.register", ["code": "ssc", "name": "Service", "lead": "ada"])
    return program
  }

  @Test("An event's private data goes, wherever the stream repeats it; hashes and roots stay")
  func event() throws {
    let program = try program()
    let id = UUID()
    let fields: JSONObject = [
      "department": "ssc", "link": 4, "title": "Mrs Smith waits", "unit": "ratio",
    ]
    let receipt = try program.run("gap.record", fields, id: id)
    try program.run("gap.amend", ["gap": "GAP-1", "title": "Callers wait", "reason": "a name"])
    try program.run("gap.amend", ["gap": "GAP-1", "severity": 3, "reason": "seen"])
    let before = try program.events()
    try program.erase(.event(4), expecting: [4: .asked, 5: .repeated])

    let after = try program.events()
    #expect(after.map(\.leafHash).starts(with: before.map(\.leafHash)))
    #expect(after.allSatisfy { $0.leafHash == $0.computedLeafHash })
    #expect(after.filter(\.isErased).map(\.position) == [4, 5])
    #expect(after.filter(\.isErased).allSatisfy { $0.salt == nil })
    #expect(after[5].personal == before[5].personal)
    #expect(after.last?.type == "event.data_erased" && after.last?.actor == "owner")
    #expect(after.last?.departments == "ssc")
    let reader = try LiveReader(program.connection, programID: program.programID)
    let row = try #require(try reader.rows(of: GapRegister.self, RowQuery()).first)
    #expect(row["title"] == .null && row["unit"] == .null && row["severity"] == .integer(3))
    try program.expectLiveEqualsReplay()

    // The id still decides, with whatever content: there is nothing left to compare with.
    let again = try program.run("gap.record", fields, id: id)
    #expect(again.isDuplicate && again.rootHash == receipt.rootHash)
    #expect(again.events == receipt.events)
    // Work goes on, and what is amended is there again.
    try program.run("gap.amend", ["gap": "GAP-1", "title": "Calls wait", "reason": "erased"])
    try program.expectLiveEqualsReplay()
  }

  @Test("Of a person goes what is theirs, what was done for them, and where they are named")
  func person() throws {
    let program = try program()
    try program.run("person.amend", ["person": "ada", "name": "Ada King", "reason": "married"])
    try program.run(
      "gap.record", ["department": "ssc", "link": 1, "title": "Said so", "onBehalfOf": "ada"])
    try program.run(
      "gap.record", ["department": "ssc", "link": 1, "title": "ada king, again"])
    try program.run("gap.record", ["department": "ssc", "link": 1, "title": "Ada Kingston"])
    try program.run(
      "maturity.action.complete",
      ["department": "ssc", "action": "0.1", "evidence": "Told \"Ada Byron\""])
    var plan = try program.plan(.person(PersonID(scalar: "ada")))
    #expect(
      plan.items.map { [Int($0.event.position): $0.cause] }
        == [
          [2: .person], [4: .person], [5: .onBehalf], [6: .mentioned], [8: .command],
          [9: .mentioned],
        ])
    plan.keep([9])
    #expect(plan.items.map(\.event.position) == [2, 4, 5, 6])
    try program.erase(plan)
    let reader = try LiveReader(program.connection, programID: program.programID)
    let person = try reader.record(StreamID(.person, code: "ada"))
    guard case .person(let state) = person.entity else { throw StoreError.notMigrated }
    #expect(state.details.name == .erased && state.details.login == nil)
    #expect(try program.plan(.person(PersonID(scalar: "ada"))).items.isEmpty)
    #expect(
      try reader.rows(of: GapRegister.self, RowQuery()).map { $0["title"] }
        == [.null, .null, .text("Ada Kingston")])
    try program.expectLiveEqualsReplay()
  }

  private static let ada = try! PersonID(scalar: "ada")

  @Test(
    "What repeats it and was recorded after the plan was made is not passed by",
    arguments: [ErasurePlan.Target.event(4), .person(ErasureTests.ada)])
  func outgrown(target: ErasurePlan.Target) throws {
    let program = try program()
    try program.run("gap.record", ["department": "ssc", "link": 4, "title": "Ada Byron waits"])
    let plan = try program.plan(target)
    // Others go on; what has nothing to do with it does not matter.
    try program.run("gap.record", ["department": "ssc", "link": 4, "title": "Callers wait"])
    try program.run("gap.amend", ["gap": "GAP-1", "title": "She waits", "reason": "a name"])
    let error = #expect(throws: Rejection.self) { try program.erase(plan) }
    #expect(error?.code == "erasure.outgrown" && error?.kind == .conflict)
    #expect(try program.events().allSatisfy { !$0.isErased })

    var anew = try program.plan(target)
    try program.run("gap.record", ["department": "ssc", "link": 4, "title": "Others wait"])
    // What is left out on purpose was found.
    anew.keep([6])
    try program.erase(anew)
    #expect(try program.events()[3].isErased && !(try program.events()[5].isErased))
    try program.expectLiveEqualsReplay()
  }

  @Test("Two erasures of one transaction leave nothing of each other's") func together() throws {
    let program = try program()
    try program.run("gap.record", ["department": "ssc", "link": 4, "title": "Mrs Smith waits"])
    try program.run("gap.amend", ["gap": "GAP-1", "source": "Mr Jones", "reason": "heard"])
    let context = EventContext(reason: try Text("asked to"))
    _ = try program.owner().execute(
      [4, 5].map {
        Submission(IssuedCommand(EraseData(positions: [$0], person: nil), context: context))
      })
    #expect(try program.events().filter(\.isErased).map(\.position) == [4, 5])
    let reader = try LiveReader(program.connection, programID: program.programID)
    let row = try #require(try reader.rows(of: GapRegister.self, RowQuery()).first)
    #expect(row["title"] == .null && row["source"] == .null)
    try program.expectLiveEqualsReplay()
  }

  @Test("A name is found in any case, script and spelling, however its words are set apart")
  func spellings() throws {
    let program = try TestProgram()
    try program.run("department.register", ["code": "ssc", "name": "Service"])
    try program.run("person.add", ["id": "olena", "name": "Олена Коваль"])
    try program.run("person.add", ["id": "jose", "name": "José Quagga"])
    let mentions = [
      "Погоджено з Олена Коваль", "ОЛЕНА КОВАЛЬ сказала", "олена  коваль", "Олена\nКоваль.",
      "Jose\u{301} Quagga", "(josÉ QUAGGA)",
    ]
    for text in mentions + ["Олена Ковальчук", "Jose Quagga", "Коваль Олена"] {
      try program.run(
        "gap.record", ["department": "ssc", "link": 1, "title": .string(text)])
    }
    let olena = try program.plan(.person(PersonID(scalar: "olena")))
    #expect(olena.items.map(\.event.position) == [3, 5, 6, 7, 8])
    let jose = try program.plan(.person(PersonID(scalar: "jose")))
    #expect(jose.items.map(\.event.position) == [4, 9, 10])
  }

  @Test("What is gone without an erasure is found, and what follows an erasure raises no alarm")
  func verified() throws {
    let program = try program()
    try program.run("gap.record", ["department": "ssc", "link": 1, "title": "A"])
    for title in ["B", "C"] {
      try program.run(
        "gap.amend", ["gap": "GAP-1", "title": .string(title), "reason": .string("x\(title)")])
    }
    try program.run("gap.close", ["gap": "GAP-1", "resolution": "done", "unmetReason": "none"])
    try program.erase(.event(4), expecting: [4: .asked, 5: .repeated])
    let check = LiveLogCheck(program.connection, programID: program.programID)
    #expect(try check.report().problems.map(\.message) == [])
    let root = try TestDatabase.current.connect()
    try root.execute(
      script: """
        ALTER TABLE cem.event DISABLE TRIGGER ALL;
        UPDATE cem.event SET private = NULL, salt = NULL,
          private_hash = sha256(salt || '\\x00'::bytea || convert_to(private, 'UTF8')) WHERE position = 3;
        """)
    let problems = try check.report().problems
    #expect(problems.contains { $0.kind == .erasure && $0.place == .at(3) })
  }

  @Test("The erasure's own words can be erased too") func ownReason() throws {
    let program = try program()
    try program.erase(.event(2), expecting: [2: .asked])
    try program.erase(.event(4), expecting: [4: .asked])
    let events = try program.events()
    #expect(events.filter(\.isErased).map(\.position) == [2, 4])
    #expect(try program.plan(.event(4)).items.isEmpty)
    #expect(try program.plan(.event(4)).erasedBefore == [4])
    try program.expectLiveEqualsReplay()
  }

  @Test("Only the owner may erase", arguments: ["office", "approver", "auditor", "reader"])
  func rights(login: String) throws {
    let program = try program()
    let store = ProgramStore(
      try TestDatabase.current.connect(user: login), programID: program.programID)
    #expect {
      try store.execute([Submission(try erasure([2]))])
    } throws: { error in
      if case StoreError.database(let error) = error {
        error.kind == .insufficientPrivilege
      } else {
        false
      }
    }
    #expect(try program.events().allSatisfy { !$0.isErased })
  }

  @Test("Nothing but what an erasure names is let through, for nobody")
  func nothingElse() throws {
    let program = try program()
    try program.run("gap.record", ["department": "ssc", "link": 1, "title": "Kept"])
    try program.erase(.event(2), expecting: [2: .asked])
    let root = try TestDatabase.current.connect()
    let owner = try TestDatabase.current.connect(user: "owner")
    let replica = try TestDatabase.current.connect()
    try replica.execute("SET session_replication_role = replica")
    // The erasure stands at position 5; 4 is an event like any other.
    for erasing in ["", "5", "4", "99"] {
      for connection in [root, owner, replica] {
        try connection.execute("SELECT set_config('cem.erasing', \(erasing), false)")
        for statement in [
          "SET private = NULL, salt = NULL WHERE position = 4",
          "SET private = NULL, salt = NULL WHERE position <> 2",
          "SET private = '{}' WHERE position = 2", "SET salt = '' WHERE position = 2",
          "SET private = NULL, salt = NULL, private_hash = NULL WHERE position = 2",
          "SET private = NULL, salt = NULL, actor = 'x' WHERE position = 2",
          "SET position = 9 WHERE position = 2", "SET private = NULL WHERE position = 4",
          "SET salt = NULL WHERE position = 4", "SET facts = facts || ' ' WHERE position = 5",
        ] {
          #expect {
            try connection.execute(SQL(unsafe: "UPDATE cem.event " + statement))
          } throws: { error in
            (error as? PostgresError)?.kind == .other("CEM09")
          }
        }
        for statement in [
          "DELETE FROM cem.event WHERE position = 2", "TRUNCATE cem.event",
        ] {
          #expect(throws: PostgresError.self) {
            try connection.execute(SQL(unsafe: statement))
          }
        }
      }
    }
    let events = try program.events()
    #expect(events.filter(\.isErased).map(\.position) == [2])
    #expect(events.allSatisfy { $0.leafHash == $0.computedLeafHash })
  }

  @Test("A position that is not there is refused, by the rules and by the database")
  func noSuchPosition() throws {
    let program = try program()
    let store = try program.owner()
    #expect(rejection { try store.execute([Submission(try erasure([99]))]) } == "event.not-found")
    #expect(throws: Rejection.self) { try program.plan(.event(99)) }
    #expect(rejection { try store.execute([Submission(try erasure([0]))]) } == "input.invalid")
    let root = try TestDatabase.current.connect()
    #expect {
      try root.execute(
        """
        INSERT INTO cem.event SELECT program_id, 9, recorded_at, gen_random_uuid(), NULL, NULL, 1,
        occurred_on, 0, 1, 'log', 'event.data_erased', '', actor, '{"positions":[9]}', NULL, NULL,
        NULL, NULL, leaf_hash FROM cem.event WHERE position = 1
        """)
    } throws: { error in
      (error as? PostgresError)?.kind == .other("CEM10")
    }
  }

  @Test("A restore is said in the log and begins a new origin") func recover() throws {
    let program = try program()
    let id = program.programID
    func origin() throws -> LogOrigin {
      try LogOrigin(of: id, LiveReader(program.connection, programID: id))
    }
    #expect(try origin() == LogOrigin(programID: id))
    let store = try program.owner()
    for count in 1...2 {
      let issued = try IssuedCommand(
        name: "audit.recover", fields: ["from": 2, "reason": "disk lost"])
      let receipt = try store.execute([Submission(issued)])[0]
      #expect(receipt.events.map(\.type) == ["log.restored"])
      #expect(try origin().description == "cem/\(id.text)/restored-\(count)")
    }
    let past = try PastReader(
      program.connection, programID: id,
      point: ReadPoint(position: 4, recordedAt: nil, isHead: false))
    #expect(try LogOrigin(of: id, past).restorations == 1)
    try program.expectLiveEqualsReplay()
  }
}

private func erasure(_ positions: [Int64]) throws -> IssuedCommand {
  try IssuedCommand(
    name: "audit.erase",
    fields: ["positions": .array(positions.map(JSON.int)), "reason": "asked to"])
}

extension TestProgram {
  /// The program's log as the owner writes it.
  func owner() throws -> ProgramStore {
    ProgramStore(try TestDatabase.current.connect(user: "owner"), programID: programID)
  }

  func events() throws -> [StoredEvent] {
    try EventLog(connection, programID: programID).events(EventLog.Filter(), limit: .max)
  }

  func plan(_ target: ErasurePlan.Target) throws -> ErasurePlan {
    try ErasurePlanner.plan(target, connection, programID: programID)
  }

  /// Carries a plan out.
  func erase(_ plan: ErasurePlan) throws {
    let store = try owner()
    let context = EventContext(reason: try Text("asked to"))
    _ = try store.execute(
      plan.commands.map { Submission(IssuedCommand($0, context: context)) },
      checking: {
        try ErasurePlanner.requireWhole(plan, store.connection, programID: programID)
      })
  }

  func erase(
    _ target: ErasurePlan.Target, expecting causes: [Int64: ErasurePlan.Cause],
    sourceLocation: SourceLocation = #_sourceLocation
  ) throws {
    let plan = try plan(target)
    let found = plan.items.map { ($0.event.position, $0.cause) }
    #expect(
      Dictionary(uniqueKeysWithValues: found) == causes, sourceLocation: sourceLocation)
    try erase(plan)
  }
}
