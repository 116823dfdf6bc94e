package import CEMDomain

extension RandomCommands {
  /// Enough for every command to find something.
  /// - Parameter day: when the program was founded.
  package static func beginning(on day: Day) -> [(command: String, fields: JSONObject)] {
    let on = JSON.string(day.description)
    let gap: JSONObject = [
      "department": "ssc", "link": "undiagnosed", "title": "Slow answers", "unit": "ratio",
      "expected": "0.9",
    ]
    return [
      (
        "program.found",
        [
          "slug": "acme", "name": "Acme", "timeZone": "Europe/Kyiv", "currency": "CAD",
          "fiscalYearStart": 4, "on": on,
        ]
      ),
      ("person.add", ["id": "kim", "name": "Kim", "on": on]),
      ("person.add", ["id": "lee", "name": "Lee", "on": on]),
      ("department.register", ["code": "ssc", "name": "Service", "on": on]),
      ("department.register", ["code": "billing", "name": "Billing", "on": on]),
      ("department.register", ["code": "it", "name": "IT", "lead": "kim"]),
      ("gap.record", with(gap, ["perceived": "0.6", "owner": "kim"])),
      ("gap.record", with(gap, ["perceived": "1"])),
      ("evidence.add", ["title": "Minutes"]),
      ("maturity.assess", ["department": "ssc", "level": 0, "rationale": "interviews"]),
      (
        "maturity.action.complete",
        ["department": "ssc", "action": "0.1", "evidence": "minutes"]
      ),
      (
        "maturity.action.waive",
        ["department": "ssc", "action": "0.2", "approver": "lee", "reason": "no staff yet"]
      ),
      ("platform.state", ["title": "Calm", "promise": "We answer.", "owner": "kim"]),
      ("initiative.open", ["department": "ssc", "title": "Call back", "step": 1]),
      (
        "initiative.open",
        ["department": "billing", "title": "Ask", "step": 4, "waivePlatform": "so", "owner": "kim"]
      ),
      (
        "initiative.open",
        ["department": "ssc", "title": "Tell", "step": 2, "womRule": "listen"]
      ),
      ("segment.define", ["code": "first", "name": "First-time buyers", "owner": "kim"]),
      ("touchpoint.map", ["department": "ssc", "name": "Hotline", "owner": "kim"]),
      ("touchpoint.map", ["department": "billing", "name": "Portal"]),
      (
        "standard.set",
        [
          "touchpoint": 1, "metric": "answers", "target": "0.9", "unit": "ratio",
          "from": "2020-01-01", "owner": "kim",
        ]
      ),
      (
        "survey.record",
        [
          "department": "ssc", "period": "2025", "audience": "customers", "agree": "0.3",
          "sample": 100,
        ]
      ),
      ("channel.declare", ["department": "ssc", "name": "Panel", "owner": "kim"]),
      (
        "insight.record",
        [
          "question": "emotions", "finding": "calm", "segment": "first", "plane": "usage",
          "owner": "kim",
        ]
      ),
      ("note.add", ["about": "GAP-1", "text": "ask again"]),
      (
        "standard.set",
        ["touchpoint": 2, "metric": "uptime", "target": "60", "for": "internal", "aspect": "style"]
      ),
    ]
  }

  /// What needs several commands in order, which chance seldom gives; valid right after the beginning.
  package static let rare: [(command: String, fields: JSONObject)] = [
    ("touchpoint.plan", ["touchpoint": 1, "item": "goal", "text": "calm"]),
    ("period.close", ["period": "2020"]),
    (
      "person.add",
      ["id": "ann", "name": "Ann", "on": "2020-07-01", "restate": true, "reason": "r"]
    ),
    ("period.reopen", ["period": "2020", "reason": "r"]),
    ("touchpoint.unplan", ["touchpoint": 1, "item": "goal"]),
    ("standard.retire", ["standard": 2, "reason": "r"]),
    ("touchpoint.retire", ["touchpoint": 2, "reason": "r"]),
    ("touchpoint.reinstate", ["touchpoint": 2]),
    ("standard.reinstate", ["standard": 2]),
    ("touchpoint.map", ["department": "ssc", "name": "Desk"]),
    ("touchpoint.void", ["touchpoint": 3, "reason": "r"]),
    ("touchpoint.restore", ["touchpoint": 3, "reason": "r"]),
    ("standard.measure", ["standard": 1, "period": "2024", "value": "0.5"]),
    ("person.add", ["id": "max", "name": "Max"]),
    ("person.void", ["person": "max", "reason": "r"]),
    ("person.restore", ["person": "max", "reason": "r"]),
    ("evidence.void", ["evidence": 1, "reason": "r"]),
    ("evidence.restore", ["evidence": 1, "reason": "r"]),
    ("segment.define", ["code": "second", "name": "Second"]),
    ("segment.void", ["segment": "second", "reason": "r"]),
    ("segment.restore", ["segment": "second", "reason": "r"]),
    ("department.register", ["code": "old", "name": "Old"]),
    ("department.void", ["department": "old", "reason": "r"]),
    ("department.restore", ["department": "old", "reason": "r"]),
    ("person.handover", ["id": "kim", "to": "lee"]),
    ("platform.amend", ["platform": 1, "department": "ssc", "reason": "r"]),
    ("initiative.pilot.start", ["initiative": 1]),
    (
      "initiative.pilot.conclude",
      ["initiative": 1, "cost": "100", "benefit": "250", "verdict": "repeat"]
    ),
    ("initiative.pilot.correct", ["initiative": 1, "cost": "10", "reason": "r"]),
    ("initiative.waive", ["initiative": 1, "reason": "r"]),
    ("department.retire", ["department": "ssc", "into": "billing", "reason": "r"]),
    ("department.reinstate", ["department": "ssc", "withWork": true]),
    ("department.retire", ["department": "old", "reason": "r"]),
    ("department.reinstate", ["department": "old"]),
    ("department.register", ["code": "east", "name": "East"]),
    ("maturity.assess", ["department": "east", "level": 3, "rationale": "r"]),
    (
      "department.merge",
      ["departments": ["east", "old"], "into": "new", "name": "New", "lead": "kim", "reason": "r"]
    ),
    (
      "department.split",
      [
        "department": "billing", "into": ["billing", "north"], "move": ["TP-2=north"],
        "names": ["north=North"], "reason": "r",
      ]
    ),
    ("survey.amend", ["survey": 1, "sample": 101, "reason": "r"]),
    ("survey.void", ["survey": 1, "reason": "r"]),
    ("survey.restore", ["survey": 1, "reason": "r"]),
    (
      "insight.amend",
      [
        "insight": 1, "stage": "buy", "outcome": "leaves", "share": "0.4", "peak": "bad",
        "reason": "r",
      ]
    ),
    ("channel.audit", ["channel": 1, "findings": "silent"]),
    ("channel.plan", ["channel": 1, "plan": "ask weekly"]),
    ("note.amend", ["note": 1, "text": "ask", "reason": "r"]),
    ("note.void", ["note": 1, "reason": "r"]),
    ("note.restore", ["note": 1, "reason": "r"]),
    ("gap.void", ["gap": 2, "reason": "r"]),
    ("gap.restore", ["gap": 2, "reason": "r"]),
    ("platform.state", ["title": "Quick", "promise": "At once."]),
    ("platform.void", ["platform": 2, "reason": "r"]),
    ("platform.restore", ["platform": 2, "reason": "r"]),
    ("gap.accept", ["gap": 2, "until": "2030-01-01", "reason": "r", "request": true]),
    ("request.void", ["request": 1, "reason": "r"]),
    ("request.restore", ["request": 1, "reason": "r"]),
    ("rate.record", ["from": "USD", "to": "CAD", "rate": "1.36"]),
    ("rate.amend", ["rate": 1, "value": "1.37", "reason": "r"]),
    ("rate.void", ["rate": 1, "reason": "r"]),
    ("rate.restore", ["rate": 1, "reason": "r"]),
    ("initiative.start", ["initiative": 1]),
    ("initiative.hold", ["initiative": 1, "reason": "r"]),
    ("initiative.resume", ["initiative": 1]),
  ]

  private static func with(_ fields: JSONObject, _ more: JSONObject) -> JSONObject {
    var fields = fields
    for member in more.members { fields[member.key] = member.value }
    return fields
  }
}
