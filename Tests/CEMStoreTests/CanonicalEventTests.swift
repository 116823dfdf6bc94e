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
    (facts, words, "gap/02", false),
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
    _ program: TestProgram, facts: String, personal: String?, stream: String
  ) throws {
    let model = try #require(try program.events().last)
    try program.connection.transaction(opening: {
      $0.query(LockedHead.query(program.programID))
    }) { tx in
      let head = try LockedHead(tx.opened[0])
      var frontier = head.frontier
      var event = model
      event.stream = stream
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
