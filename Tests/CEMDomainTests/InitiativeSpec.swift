import Testing

@testable import CEMDomain

/// A command as an import row gives it: its name and its fields.
struct InitiativeRow: Sendable, CustomTestStringConvertible {
  var name: String
  var fields: JSONObject

  var testDescription: String { "\(name) \(JSON.object(fields).canonicalText)" }

  init(_ name: String, _ fields: JSONObject) {
    self.name = name
    self.fields = fields
  }

  /// `initiative.open` of a first-step initiative of `tbs`, with fields added or replaced.
  static func open(_ fields: JSONObject = [:]) -> Self {
    Self(
      "initiative.open",
      JSONObject(dictionaryLiteral: ("department", "tbs"), ("title", "Call back"), ("step", 1))
        .merging(fields))
  }

  /// A command `initiative.VERB` on `INI-1`.
  static func act(_ verb: String, _ fields: JSONObject = [:]) -> Self {
    Self(
      "initiative.\(verb)", JSONObject(dictionaryLiteral: ("initiative", "INI-1")).merging(fields))
  }

  /// The conclusion of a pilot with a verdict.
  static func conclude(_ verdict: String, _ fields: JSONObject = [:]) -> Self {
    act(
      "pilot.conclude",
      (["cost": 100, "benefit": 250, "verdict": .string(verdict)] as JSONObject).merging(fields))
  }
}

extension [InitiativeRow] {
  /// From opening to a concluded pilot with a verdict.
  static func piloted(_ verdict: String) -> Self {
    [.open(), .act("pilot.start"), .conclude(verdict)]
  }
}

extension JSONObject {
  func merging(_ other: JSONObject) -> JSONObject {
    var merged = self
    for member in other.members { merged[member.key] = member.value }
    return merged
  }
}

/// `given(commands).when(command).then(events)` over a small program: the departments `tbs`, `cra`
/// and `cic`, the persons `ana` and `bob`, all founded on 2026-01-01; `EV-1`, `EV-2` (expired since
/// 2026-02-01), `PLT-1` and `GAP-1` of 2026-01-10. Commands without a date happen on 2026-03-01.
struct InitiativeSpec {
  private(set) var state = ProgramState.complete
  private(set) var log: [RecordedEvent] = []
  static let today = Day("2026-06-30")!

  init() throws {
    let founded: [InitiativeRow] = [
      InitiativeRow("program.found", ["slug": "gc", "name": "GC", "currency": "CAD"]),
      InitiativeRow("person.add", ["id": "ana", "name": "Ana"]),
      InitiativeRow("person.add", ["id": "bob", "name": "Bob"]),
      InitiativeRow("department.register", ["code": "tbs", "name": "Treasury"]),
      InitiativeRow("department.register", ["code": "cra", "name": "Revenue"]),
      InitiativeRow("department.register", ["code": "cic", "name": "Immigration"]),
    ]
    let recorded: [InitiativeRow] = [
      InitiativeRow("evidence.add", ["title": "Counts"]),
      InitiativeRow("evidence.add", ["title": "Old counts", "expires": "2026-02-01"]),
      InitiativeRow("platform.state", ["title": "Known wait", "promise": "You know how long"]),
      InitiativeRow("gap.record", ["department": "tbs", "link": 3, "title": "Waits"]),
    ]
    for row in founded { try run(row, on: "2026-01-01") }
    for row in recorded { try run(row, on: "2026-01-10") }
  }

  @discardableResult
  static func given(_ rows: [InitiativeRow]) throws -> InitiativeSpec {
    var spec = try InitiativeSpec()
    for row in rows { try spec.run(row) }
    return spec
  }

  @discardableResult
  static func given(_ rows: InitiativeRow...) throws -> InitiativeSpec { try given(rows) }

  func when(_ row: InitiativeRow) -> Outcome {
    Outcome(result: Result { () throws(Rejection) in try decide(row) })
  }

  /// Decides a command and folds what it leads to.
  mutating func run(_ row: InitiativeRow, on day: String = "2026-03-01") throws {
    for var event in try decide(row, on: day) {
      event.position = Int64(log.count + 1)
      log.append(event)
      ProgramDecider.evolve(&state, with: event)
    }
  }

  /// Takes back the last event.
  mutating func undoLast() throws { try undo(Int64(log.count)) }

  mutating func undo(_ position: Int64) throws {
    state.markLoaded(.event(position), event: log[Int(position) - 1])
    try run(InitiativeRow("undo", ["position": .int(position), "reason": "a slip"]))
  }

  private func decide(
    _ row: InitiativeRow, on day: String = "2026-03-01"
  ) throws(Rejection) -> [RecordedEvent] {
    var issued = try IssuedCommand(name: row.name, fields: row.fields)
    issued.on = issued.on ?? Day(day)
    return try ProgramDecider.decide(
      ProgramDecider.Command(issued, today: Self.today), given: state)
  }

  /// `INI-1` as it stands.
  var initiative: Initiative {
    get throws {
      guard case .initiative(let state)? = try state.record(InitiativeRef(1).stream)?.entity
      else { throw Rejection.notFound(InitiativeRef(1).stream) }
      return state
    }
  }

  /// What came of a command.
  struct Outcome {
    var result: Result<[RecordedEvent], Rejection>

    func then(_ events: [Event], sourceLocation: SourceLocation = #_sourceLocation) {
      switch result {
      case .success(let found):
        #expect(found.map(\.event) == events, sourceLocation: sourceLocation)
      case .failure(let rejection):
        Issue.record(
          "refused: \(rejection.code) \(rejection.message)", sourceLocation: sourceLocation)
      }
    }

    func then(_ events: InitiativeEvent..., sourceLocation: SourceLocation = #_sourceLocation) {
      then(events.map(Event.initiative), sourceLocation: sourceLocation)
    }

    /// Refused by a rule, or for a field that stands in the message.
    func thenRefused(
      _ code: String, field: String? = nil, sourceLocation: SourceLocation = #_sourceLocation
    ) {
      switch result {
      case .success(let events):
        Issue.record("not refused: \(events.map(\.event.type))", sourceLocation: sourceLocation)
      case .failure(let rejection):
        #expect(rejection.code == code, "\(rejection.message)", sourceLocation: sourceLocation)
        if let field {
          #expect(rejection.details["field"] == .string(field), sourceLocation: sourceLocation)
        }
      }
    }
  }
}
