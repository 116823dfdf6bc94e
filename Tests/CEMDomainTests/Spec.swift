import CEMDomain
import Testing

/// A command as an import row gives it.
struct Step {
  var name: String
  var fields: JSONObject
  /// The login that sends it.
  var actor = "office"

  init(_ name: String, _ fields: JSONObject = [:]) {
    self.name = name
    self.fields = fields
  }

  /// The same by another login.
  func by(_ actor: String) -> Step {
    var step = self
    step.actor = actor
    return step
  }

  /// The same, asked for rather than done.
  var requested: Step { with("request", true) }

  /// The same with a business date.
  func on(_ day: String) -> Step { with("on", .string(day)) }

  /// The same with a field set; `nil` takes it out.
  func with(_ field: String, _ value: JSON?) -> Step {
    var step = self
    step.fields[field] = value
    return step
  }
}

/// What a program does: given commands, when another comes, then these events or this refusal.
///
/// Today is 2026-06-30. Given commands without a date happened on 2026-02-01.
struct Spec {
  static let today = Day("2026-06-30")!

  private(set) var machine = Machine(today: today)

  /// A program without anything, not even founded.
  static var nothing: Spec { Spec() }

  /// The program of the examples, with two people and two departments, and then these commands.
  static func given(
    _ steps: Step..., sourceLocation: SourceLocation = #_sourceLocation
  ) -> Spec {
    nothing.given(founded + steps, sourceLocation: sourceLocation)
  }

  func given(
    _ steps: [Step], sourceLocation: SourceLocation = #_sourceLocation
  ) -> Spec {
    var spec = self
    for step in steps {
      let dated = step.fields["on"] == nil ? step.on("2026-02-01") : step
      do {
        _ = try spec.machine.submit(
          step.name, dated.fields, by: step.actor, sourceLocation: sourceLocation)
      } catch {
        Issue.record("given \(step.name): \(error)", sourceLocation: sourceLocation)
      }
    }
    return spec
  }

  /// Decides a command, dated today unless it says otherwise.
  func when(
    _ step: Step, sourceLocation: SourceLocation = #_sourceLocation
  ) -> Outcome {
    var spec = self
    do {
      let events = try spec.machine.submit(
        step.name, step.fields, by: step.actor, sourceLocation: sourceLocation)
      return Outcome(result: .success(events), after: spec)
    } catch {
      return Outcome(result: .failure(error), after: spec)
    }
  }

  /// The same where these versions of the catalog were released.
  func releasing(_ versions: [Int]) -> Spec {
    var spec = self
    spec.machine.releasedCatalogs = versions
    return spec
  }

  /// Takes back the last event.
  func whenUndone(
    _ step: Step = Step("undo", ["reason": "a slip"]),
    sourceLocation: SourceLocation = #_sourceLocation
  ) -> Outcome {
    when(
      step.with("position", .int(Int64(machine.log.count))), sourceLocation: sourceLocation)
  }

  /// The state of a thing.
  func entity(_ stream: String) throws -> any EntityState {
    try #require(record(stream)).entity.state
  }

  func record(_ stream: String) -> EntityRecord? {
    StreamID(stream).flatMap { machine.state.entities[$0] }
  }
}

/// What came of a command.
struct Outcome {
  let result: Result<[RecordedEvent], Rejection>
  /// The program afterwards.
  let after: Spec

  /// Expects these events; of their fields at least the ones named, where null is an absent one.
  @discardableResult
  func then(
    _ expected: (String, JSONObject)..., sourceLocation: SourceLocation = #_sourceLocation
  ) -> Spec {
    switch result {
    case .failure(let rejection):
      Issue.record("refused: \(rejection)", sourceLocation: sourceLocation)
    case .success(let events):
      #expect(events.map(\.event.type) == expected.map(\.0), sourceLocation: sourceLocation)
      for (event, (type, fields)) in zip(events, expected) {
        let payload = (try? Split(event.event.stored.payload))?.merged.object ?? [:]
        for member in fields.members {
          #expect(
            payload[member.key] ?? .null == member.value, "\(type) \(member.key)",
            sourceLocation: sourceLocation)
        }
      }
    }
    return after
  }

  /// Expects that there was nothing to do.
  func thenNothing(sourceLocation: SourceLocation = #_sourceLocation) {
    then(sourceLocation: sourceLocation)
  }

  /// Expects a refusal with a code.
  @discardableResult
  func rejected(
    _ code: String, _ kind: Rejection.Kind? = nil,
    sourceLocation: SourceLocation = #_sourceLocation
  ) -> Rejection? {
    switch result {
    case .success(let events):
      Issue.record("not refused: \(events.map(\.event.type))", sourceLocation: sourceLocation)
      return nil
    case .failure(let rejection):
      #expect(rejection.code == code, "\(rejection.message)", sourceLocation: sourceLocation)
      if let kind { #expect(rejection.kind == kind, sourceLocation: sourceLocation) }
      return rejection
    }
  }
}

/// The program of the examples.
let founded: [Step] = [
  Step(
    "program.found",
    [
      "slug": "acme", "name": "Acme", "timeZone": "Europe/Kyiv", "currency": "CAD",
      "fiscalYearStart": 4,
    ]
  ).on("2026-01-01"),
  Step("person.add", ["id": "kim", "name": "Kim"]).on("2026-01-01"),
  Step("person.add", ["id": "lee", "name": "Lee"]).on("2026-01-01"),
  Step("department.register", ["code": "ssc", "name": "Service"]).on("2026-01-01"),
  Step("department.register", ["code": "billing", "name": "Billing"]).on("2026-01-01"),
]

func assess(_ department: String, _ level: Int) -> Step {
  Step(
    "maturity.assess",
    ["department": .string(department), "level": .int(Int64(level)), "rationale": "interviews"])
}

func complete(_ department: String, _ action: String, evidence: String = "minutes") -> Step {
  Step(
    "maturity.action.complete",
    ["department": .string(department), "action": .string(action), "evidence": .string(evidence)])
}

func completeForAll(_ action: String, evidence: String = "minutes") -> Step {
  Step(
    "maturity.action.complete",
    ["all": true, "action": .string(action), "evidence": .string(evidence)])
}

func waive(_ department: String, _ action: String) -> Step {
  Step(
    "maturity.action.waive",
    [
      "department": .string(department), "action": .string(action), "approver": "lee",
      "reason": "no staff yet",
    ])
}

func advance(_ department: String) -> Step {
  Step("maturity.advance", ["department": .string(department), "rationale": "all done"])
}

/// A gap of SSC: calls answered within a minute.
func gap(expected: String? = "0.9", perceived: String? = "0.6") -> Step {
  Step(
    "gap.record",
    ["department": "ssc", "link": "undiagnosed", "title": "Slow answers", "unit": "ratio"]
  )
  .with("expected", expected.map(JSON.string)).with("perceived", perceived.map(JSON.string))
}

func addEvidence(expires: String? = nil) -> Step {
  Step("evidence.add", ["title": "Minutes"]).with("expires", expires.map(JSON.string))
}
