import CEMDomain
import CEMTestSupport
import FoundationEssentials
import Postgres
import Testing
import TransparencyLog

@testable import CEMStore

/// Events that somebody appends by hand, through the append function, with every hash right: their texts have
/// to be the one form of what they say.
@Suite("The one form of an event", .database(.migrated)) struct CanonicalEventTests {
  static let facts = #"{"department":"a","link":"training-execution","severity":3}"#
  static let words = #"{"title":"x"}"#

  static let forms: [(facts: String, personal: String?, stream: String, isGood: Bool)] = [
    (facts, words, "gap/2", true),
    (facts.replacing(",", with: ",\n"), words, "gap/2", false),
    (facts.replacing("}", with: #","zz":"hidden"}"#), words, "gap/2", false),
    (facts.replacing("}", with: #","title":"x"}"#), "{}", "gap/2", false),
    (facts.replacing("3}", with: "3,\"severity\":3}"), words, "gap/2", false),
    (#"{"severity":3,"department":"a","link":"training-execution"}"#, words, "gap/2", false),
    (facts, #"{"title":"x","zz":"hidden"}"#, "gap/2", false),
    (facts.replacing(#","severity":3"#, with: ""), #"{"severity":3,"title":"x"}"#, "gap/2", false),
    (facts, #"{"title":"\u0041"}"#, "gap/2", false),
    // Nothing was erased, so the title was never there.
    (facts, "{}", "gap/2", false),
  ]

  @Test("Anything else in its texts is found at its position", arguments: forms)
  func form(facts: String, personal: String?, stream: String, isGood: Bool) throws {
    let program = try TestProgram()
    try program.run("department.register", ["code": "a", "name": "A"])
    try program.run(
      "gap.record", ["department": "a", "link": 4, "title": "x", "severity": 3])
    try append(program, facts: facts, personal: personal, stream: stream)
    let report = try LiveLogCheck(program.connection, programID: program.programID).report()
    // Nobody kept the projections up to date.
    let problems = report.problems.filter { $0.kind != .projection }
    #expect(problems.isEmpty == isGood, "\(problems)")
    #expect(
      problems.allSatisfy {
        [.notCanonical, .unreadable].contains($0.kind) && $0.place == .at(4)
      }, "\(problems)")
  }

  static let garbage: [(facts: String, personal: String?)] = [
    ("{}", nil), ("[", nil), (#"{"severity":"many"}"#, "{}"), ("null", nil), ("", nil),
  ]

  @Test(
    "What nobody can read changes nothing, and keeps neither rebuild nor commands from going on",
    arguments: garbage)
  func unreadable(facts: String, personal: String?) throws {
    let program = try TestProgram()
    try program.run("department.register", ["code": "a", "name": "A"])
    try program.run(
      "gap.record", ["department": "a", "link": 4, "title": "x", "severity": 3])
    try append(
      program, facts: facts, personal: personal, stream: "gap/1", version: 2,
      occurredOn: Day(scalar: "2999-12-31"))
    let check = LiveLogCheck(program.connection, programID: program.programID)
    var problems = try check.report().problems.filter { $0.kind != .projection }
    #expect(problems.map(\.kind) == [.unreadable])
    #expect(problems.map(\.place) == [.at(4)])

    let accepting: JSONObject = ["gap": "GAP-1", "reason": "it may stay", "until": "2026-12-31"]
    do {
      try program.run("gap.accept", accepting)
      Issue.record("the table does not know of the event")
    } catch StoreError.projectionsBehind {}
    let outcome = try Rebuild(program.connection, programID: program.programID).run()
    #expect(outcome.corrected[EntityTable.table.name] == 1)
    try program.run("gap.accept", accepting)
    problems = try check.report().problems
    #expect(problems.map(\.kind) == [.unreadable], "\(problems)")
  }

  @Test("A salt of another length is found, which the log does not take any more")
  func salt() throws {
    let program = try TestProgram()
    try program.run("department.register", ["code": "a", "name": "A"])
    try program.run("gap.record", ["department": "a", "link": 4, "title": "x", "severity": 3])
    try TestDatabase.current.connect().execute("ALTER TABLE cem.event DROP CONSTRAINT event_sizes")
    for (index, salt) in [[], [0x30], [UInt8](repeating: 1, count: 16)].enumerated() {
      try append(
        program, facts: Self.facts, personal: Self.words, stream: "gap/\(index + 2)", salt: salt)
    }
    let problems = try LiveLogCheck(program.connection, programID: program.programID).report()
      .problems.filter { $0.kind != .projection }
    #expect(problems.map(\.kind) == [.privateHash, .privateHash])
    #expect(problems.map(\.place) == [.at(4), .at(5)])
  }

  @Test("The log takes a stream of each kind, and no other")
  func streams() throws {
    let program = try TestProgram()
    try program.run("department.register", ["code": "a", "name": "A"])
    try program.run("gap.record", ["department": "a", "link": 4, "title": "x"])
    for kind in EntityKind.allCases {
      let stream =
        switch kind {
        case .program, .log: StreamID(kind, code: "").description
        case _ where kind.referencePrefix != nil: "\(kind)/999999999999999999"
        default: "\(kind)/\(String(repeating: "x", count: 32))"
        }
      #expect(StreamID(stream)?.kind == kind)
      // Of the program there is a version already.
      try append(
        program, facts: "{}", personal: nil, stream: stream, version: kind == .program ? 2 : 1)
    }
    for stream in [
      "zebra/1", "gap/0", "gap/01", "gap/x", "gap", "person/x/y", "program/x", "log/1",
      "person/\(String(repeating: "x", count: 33))", "gap/1000000000000000000",
    ] {
      #expect(StreamID(stream) == nil)
      #expect {
        try append(program, facts: "{}", personal: nil, stream: stream)
      } throws: { error in
        let state = (error as? TransactionError<any Error>)?.postgresError?.sqlState
        return state == "23514" || state == "CEM07"
      }
    }
  }

  @Test("What was erased is no other form")
  func erased() throws {
    let program = try TestProgram()
    try program.run("department.register", ["code": "a", "name": "A"])
    try program.run("gap.record", ["department": "a", "link": 4, "title": "x"])
    for position: Int64 in [1, 2, 3] { try program.erase(try program.plan(.event(position))) }
    let check = LiveLogCheck(program.connection, programID: program.programID)
    #expect(try check.report().problems == [])
  }

  private func append(
    _ program: TestProgram, facts: String, personal: String?, stream: String, version: Int = 1,
    occurredOn: Day? = nil, salt: [UInt8]? = nil
  ) throws {
    let model = try #require(try program.events().last)
    try program.connection.transaction(opening: {
      $0.query(LockedHead.query(program.programID))
    }) { tx in
      let head = try LockedHead(tx.opened[0])
      var frontier = head.frontier
      var event = model
      event.stream = stream
      event.version = version
      event.occurredOn = occurredOn ?? model.occurredOn
      event.salt = personal == nil ? nil : salt ?? model.salt
      event.position = Int64(frontier.size) + 1
      event.commandID = UUID()
      event.recordedAt = head.recordedAt
      event.facts = facts
      event.personal = personal
      event.leafHash = event.computedLeafHash
      frontier.append(event.leafHash)
      let append = LogAppend(
        programID: program.programID, after: event.position - 1, recordedAt: event.recordedAt,
        events: [event], frontier: frontier)
      try tx.execute(append.statement)
    }
  }
}
