import CEMDomain
import CEMStore
import CEMTestSupport
import FoundationEssentials
import Postgres
import RandomPrograms
import Testing
import TransparencyLog

/// Random programs through the real database, with random erasures in between: whatever goes, the
/// facts fold the same, the tables equal a replay, and every hash stays.
@Suite("Random erasures", .database(.migrated))
struct RandomErasureTests {
  private static let seed = TestRun.seed ?? 20_261

  @Test("Facts do not depend on private data", arguments: 0..<6)
  func facts(program number: Int) throws {
    var random = SeededGenerator(seed: Self.seed &+ UInt64(number))
    let program = try TestProgram()
    let owner = try program.owner()
    var full: [StoredEvent] = []
    var erasures = 0
    for step in RandomErasureTests.beginning { try program.run(step.0, step.1) }
    for _ in 0..<60 {
      let (name, fields) = random.command()
      _ = try? program.run(name, fields)
      let head = Int64(full.count)
      full += try program.events().filter { $0.position > head }
      guard random.chance(15) else { continue }
      // Half of them by a plan, half of them any events at all, half commands included.
      let position = Int64.random(in: 1...Int64(full.count), using: &random)
      if random.chance(50) {
        try program.erase(try program.plan(.event(position)))
      } else {
        let positions = (0..<3).map { _ in
          JSON.int(Int64.random(in: 1...Int64(full.count), using: &random))
        }
        let issued = try IssuedCommand(
          name: "audit.erase", fields: ["positions": .array(positions), "reason": "asked to"])
        _ = try owner.execute([Submission(issued)])
      }
      erasures += 1
      try program.expectLiveEqualsReplay()
      full += try program.events().filter { $0.position > Int64(full.count) }
    }
    let after = try program.events()
    #expect(after.contains(where: \.isErased) && erasures > 2, "seed \(Self.seed)")
    #expect(after.map(\.leafHash) == full.map(\.leafHash))
    #expect(after.allSatisfy { $0.leafHash == $0.computedLeafHash })
    let report = try LiveLogCheck(program.connection, programID: program.programID).report()
    #expect(report.problems == [], "seed \(Self.seed)")
    #expect(report.unjudged == 0, "seed \(Self.seed)")
    try compare(full, after)
    try compareExported(program, after)
  }

  /// The commands of a log with erased words lead to the same facts in an empty program.
  private func compareExported(_ program: TestProgram, _ log: [StoredEvent]) throws {
    let other = TestProgram(founding: try TestDatabase.current.connect(user: "approver"))
    let erased = try CommandExport(program.connection, programID: program.programID)
      .forEach(upTo: Int64(log.count)) { row in
        var fields = row
        for key in ["command", "key"] { fields[key] = nil }
        if fields["slug"] != nil { fields["slug"] = "again" }
        let name = row["command"]?.string ?? ""
        // Positions are the same here, so that what an undo says beside them is not needed.
        if name == "undo" { (fields["event"], fields["type"]) = (nil, nil) }
        if fields["of"] == "undo", var given = fields["given"]?.object {
          (given["event"], given["type"]) = (nil, nil)
          fields["given"] = .object(given)
        }
        do {
          try other.run(name, fields)
        } catch {
          Issue.record("seed \(Self.seed): \(JSON.object(row).canonicalText): \(error)")
        }
      }
    #expect(erased > 0)
    let own = log.filter { $0.stream != "log" }
    let again = try other.events()
    #expect(again.map(\.stream) == own.map(\.stream), "seed \(Self.seed)")
    #expect(again.map(\.version) == own.map(\.version))
    #expect(again.map(\.type) == own.map(\.type))
    for (a, b) in zip(own, again) where a.type != "program.founded" {
      // What an undo took back stands elsewhere in another log.
      if a.type.hasSuffix(".reverted") { continue }
      #expect(a.facts == b.facts, "seed \(Self.seed), position \(a.position), \(a.type)")
    }
  }

  /// Folds both logs and compares all but the private parts.
  private func compare(_ full: [StoredEvent], _ bare: [StoredEvent]) throws {
    var (a, b) = (ProgramState.complete, ProgramState.complete)
    for event in full { a.evolve(with: try event.recorded()) }
    for event in bare { b.evolve(with: try event.recorded()) }
    #expect(a.entities.keys.sorted() == b.entities.keys.sorted())
    for (stream, record) in a.entities {
      var other = try #require(b.entities[stream])
      #expect(
        try Split(record.entity.state).facts == Split(other.entity.state).facts, "\(stream)")
      other.entity = record.entity
      #expect(other == record, "\(stream)")
    }
  }

  private static let beginning: [(String, JSONObject)] = [
    ("person.add", ["id": "kim", "name": "Kim"]), ("person.add", ["id": "lee", "name": "Lee"]),
    ("department.register", ["code": "ssc", "name": "Service", "lead": "kim"]),
    ("department.register", ["code": "it", "name": "IT"]),
    ("maturity.assess", ["department": "ssc", "level": 0, "rationale": "talks"]),
    (
      "gap.record",
      ["department": "ssc", "link": 1, "title": "Slow", "expected": 1, "unit": "days"]
    ),
    ("platform.state", ["title": "Calm", "promise": "We answer."]),
    ("initiative.open", ["department": "ssc", "title": "Ask", "step": 1, "owner": "kim"]),
  ]
}

/// Random commands of many kinds.
extension SeededGenerator {
  private static let commands: [(String, [String])] = [
    ("person.amend", ["person", "name"]), ("person.handover", ["id", "to"]),
    ("department.amend", ["department", "name"]), ("department.amend", ["department", "lead"]),
    ("evidence.add", ["title", "text"]), ("evidence.amend", ["evidence", "title"]),
    ("maturity.action.complete", ["department", "action", "evidence-text"]),
    ("maturity.action.reopen", ["department", "action"]),
    ("maturity.action.waive", ["department", "action", "approver"]),
    ("maturity.advance", ["department", "rationale"]), ("waiver.amend", ["waiver", "because"]),
    ("platform.amend", ["platform", "promise"]),
    ("initiative.open", ["department", "title", "step", "owner"]),
    ("initiative.amend", ["initiative", "title"]), ("initiative.start", ["initiative"]),
    ("initiative.update", ["initiative", "rag", "note"]),
    ("initiative.link", ["initiative", "url"]), ("initiative.hold", ["initiative"]),
    ("initiative.resume", ["initiative"]), ("initiative.cancel", ["initiative"]),
    ("initiative.reopen", ["initiative"]),
    ("gap.record", ["department", "link", "title", "unit"]), ("gap.amend", ["gap", "title"]),
    ("gap.amend", ["gap", "title", "department"]), ("gap.amend", ["gap", "source"]),
    ("gap.reassess", ["gap", "perceived"]), ("gap.close", ["gap", "resolution", "unmetReason"]),
    ("gap.reopen", ["gap"]), ("gap.void", ["gap"]), ("gap.restore", ["gap"]),
    ("undo", ["position"]), ("undo", ["position"]),
  ]

  fileprivate mutating func command() -> (String, JSONObject) {
    let (name, keys) = pick(Self.commands)
    var fields: JSONObject = ["reason": text()]
    for key in keys { fields[key == "evidence-text" ? "evidence" : key] = value(of: key) }
    if chance(10) { fields["onBehalfOf"] = "kim" }
    return (name, fields)
  }

  private mutating func text() -> JSON {
    .string(
      pick(["so", "again", "Kim said so", "“quoted”", "a \"b\" \\", "口碑"]) + " \(next() % 40)")
  }

  private mutating func value(of key: String) -> JSON {
    switch key {
    case "person", "id", "to", "lead", "owner", "approver": pick(["kim", "lee"])
    case "department": pick(["ssc", "it"])
    case "evidence", "waiver", "platform", "initiative", "gap":
      .int(Int64.random(in: 1...3, using: &self))
    case "action": pick(["0.1", "0.2", "1.1"])
    case "step", "link": .int(Int64.random(in: 1...2, using: &self))
    case "rag": pick(["green", "red"])
    case "url": pick(["https://a.example/1", "https://a.example/2"])
    case "perceived": pick(["0.5", 1])
    case "position": .int(Int64.random(in: 1...70, using: &self))
    default: text()
    }
  }
}
