import RandomPrograms
import Testing

@testable import CEMDomain

/// Whatever stands in the log or in the tables, reading it, folding it and deciding on it never traps.
@Suite("Damaged data") struct HostileTests {
  private static let streams = [
    "program", "person/kim", "department/ssc", "evidence/3", "waiver/2", "maturity", "maturity/ssc",
    "platform/1", "initiative/1", "initiative/999999999999999999", "gap/1", "gap/7", "log",
  ].compactMap { StreamID($0) }

  private static let commands: [(String, JSONObject)] = [
    ("maturity.advance", ["department": "ssc", "rationale": "r"]),
    ("maturity.assess", ["department": "ssc", "level": 0, "rationale": "r"]),
    ("maturity.regress", ["department": "ssc", "to": 0]),
    ("maturity.action.complete", ["department": "ssc", "action": "0.1", "evidence": "EV-3"]),
    ("person.handover", ["id": "kim", "to": "lee"]), ("waiver.revoke", ["waiver": 2]),
    ("gap.record", ["department": "ssc", "link": 1, "title": "T"]),
    ("gap.reassess", ["gap": 7, "perceived": 1]), ("gap.close", ["gap": 7, "resolution": "r"]),
    ("gap.void", ["gap": 7]), ("gap.amend", ["gap": 7, "severity": 2]),
    ("initiative.open", ["department": "ssc", "title": "T", "step": 1]),
    ("initiative.start", ["initiative": 1]), ("initiative.pilot.start", ["initiative": 1]),
    ("initiative.scale", ["initiative": 1, "waivePilot": "so"]),
    ("initiative.void", ["initiative": 1]), ("initiative.restore", ["initiative": 1]),
    ("initiative.amend", ["initiative": 1, "links": .null]),
    ("department.void", ["department": "ssc"]),
  ]

  @Test("Events with damaged fields, in streams of other kinds", arguments: 0..<20)
  func events(round: UInt64) throws {
    let lines = try FixtureTests.lines().map { try #require(try JSON(parsing: String($0)).object) }
    var random = SeededGenerator(round &+ 1000)
    var state = ProgramState.complete
    var folded = 0
    for position in 1...250 {
      let line = random.pick(lines)
      guard case .string(let type)? = line["type"] else { continue }
      var data = Split(facts: line["facts"], personal: line["private"])
      if random.chance(50) { data.facts = damaged(data.facts, with: &random) }
      if random.chance(20) { data.personal = random.json() }
      guard let event = try? Event(type: type, schemaVersion: 1, data: data) else { continue }
      folded += 1
      let fitting = Self.streams.filter { type.hasPrefix($0.kind.rawValue + ".") }
      ProgramDecider.evolve(
        &state,
        with: RecordedEvent(
          position: random.pick([Int64(position), .max, .min]),
          stream: random.pick(random.chance(90) && !fitting.isEmpty ? fitting : Self.streams),
          version: random.pick([position, 1, .max, .min]), event: event, departments: [],
          occurredOn: random.pick([Day("2026-01-01")!, Day("9999-12-31")!])))
      let (name, fields) = random.pick(Self.commands)
      var issued = try IssuedCommand(name: name, fields: fields)
      if random.chance(80) { issued.context.reason = try Text("so") }
      _ = try? ProgramDecider.decide(.init(issued, today: Spec.today), given: state)
    }
    #expect(folded > 100)
    for record in state.entities.values {
      let stored = try Split(record.entity.state)
      let again = try Entity(kind: kind(of: record.entity), stored: stored)
      // An erased text and none are stored alike, so the stored forms are compared.
      #expect(try Split(again.state) == stored, "\(record.stream)")
    }
  }

  private func kind(of entity: Entity) -> EntityKind { type(of: entity.state).kind }

  private func damaged(_ facts: JSON?, with random: inout SeededGenerator) -> JSON? {
    guard case .object(var object)? = facts, !object.isEmpty else { return random.json() }
    let member = random.pick(object.members)
    switch member.value {
    case .int: object[member.key] = .int(random.pick([.max, .min, -1, 6, 99]))
    case .array(let items): object[member.key] = .array(items + items)
    case .null, .bool, .string, .object: object[member.key] = random.json(depth: 2)
    }
    return .object(object)
  }

  @Test("Counts at their end, in tables") func counts() throws {
    let facts: JSONObject = [
      "details": ["department": "ssc", "link": "undiagnosed"],
      "life": ["stage": "open", "reassessments": .int(.max), "reopenings": .int(.max)],
      "previous": [],
    ]
    let stream = StreamID(.gap, number: 1)
    var state = ProgramState.complete
    state.load(
      EntityRecord(
        stream: stream, version: .max, position: .max, since: Spec.today, occurredOn: Spec.today,
        entity: try Entity(kind: .gap, stored: Split(facts: .object(facts)))))
    for event: GapEvent in [
      .reassessed(GapReassessed(perceived: .zero, measuredOn: Spec.today)),
      .reopened(GapReopened(from: .closed)),
    ] {
      state.evolve(
        with: RecordedEvent(
          position: 1, stream: stream, version: 1, event: .gap(event), departments: [],
          occurredOn: Spec.today))
    }
    var issued = try IssuedCommand(name: "evidence.add", fields: ["title": "T"])
    state.evolve(
      with: RecordedEvent(
        position: 1, stream: .program, version: 1,
        event: .program(
          .founded(
            ProgramDetails(
              slug: try Slug(scalar: "a"), name: try Title("A"), timeZone: .utc, currency: .euro,
              fiscalYearStart: 1, catalogVersion: 1))), departments: [], occurredOn: Spec.today))
    state.markLoaded(.highestNumber(.evidence), highestNumber: .max)
    issued.on = Spec.today
    #expect {
      try ProgramDecider.decide(.init(issued, today: Spec.today), given: state)
    } throws: {
      ($0 as? Rejection)?.code == "evidence.numbers"
    }
  }

  @Test("A number too long to count on from is no reference") func longNumbers() {
    #expect(StreamID("gap/999999999999999999")?.number == 999_999_999_999_999_999)
    #expect(StreamID("gap/1000000000000000000") == nil)
    #expect(StreamID("GAP-9223372036854775807") == nil)
  }
}
