package import CEMDomain

/// Commands as they might come, valid and invalid alike.
package enum RandomCommands {
  /// What each command can be given. Names of fields followed by `?` are often left out.
  package static let fields: [(command: String, fields: String)] = [
    ("program.found", "slug name timeZone? currency? fiscalYearStart?"),
    ("person.add", "id name login?"), ("person.handover", "id to department?"),
    ("department.register", "code name lead?"),
    ("evidence.add", "title text? url? file? date? author? expires? retainUntil?"),
    ("evidence.renew", "evidence expires?"), ("waiver.revoke", "waiver"),
    ("maturity.assess", "department programLevel? level rationale method? assessor?"),
    ("maturity.action.complete", "department all? action proof expires?"),
    ("maturity.action.reopen", "department all? action"),
    ("maturity.action.waive", "department all? action approver until?"),
    ("maturity.advance", "department programLevel? rationale"),
    ("maturity.regress", "department programLevel? to.level"),
    ("maturity.correct", "department programLevel? to.level?"),
    (
      "platform.state",
      "title promise department? owner? impressions? restsOn? insights? theme? positiveCues? hook?"
    ),
    (
      "initiative.open",
      "department title step.first with? owner? sponsor? start? due? gaps? metric baseline? target? "
        + "metricUnit? links?"
    ),
    ("initiative.open", "department title step.later platform budget currency? owner? gaps?"),
    ("initiative.open", "department title step.later waivePlatform approver? with? owner?"),
    ("initiative.open", "department title step.first womRule attestEthics?"),
    (
      "initiative.open",
      "department title step with? budget? currency? platform? metric? metricUnit? womRule? "
        + "waivePlatform? approver? attestEthics? platformWaiver? ethicsVersion?"
    ),
    ("initiative.attest", "initiative"), ("initiative.start", "initiative"),
    ("initiative.pilot.start", "initiative scope?"),
    (
      "initiative.pilot.conclude",
      "initiative cost benefit currency? benefitKind? horizon? proof? verdict note?"
    ),
    ("initiative.scale", "initiative"), ("initiative.scale", "initiative waivePilot approver?"),
    ("initiative.complete", "initiative measured? note?"),
    ("initiative.update", "initiative rag note?"), ("initiative.link", "initiative url"),
    ("initiative.hold", "initiative"), ("initiative.resume", "initiative"),
    ("initiative.cancel", "initiative"), ("initiative.reopen", "initiative"),
    (
      "gap.record",
      "department link title expected? perceived? unit lowerIsBetter? severity? phase? dimension? "
        + "attribute? evidence? source? measuredOn? owner? due?"
    ),
    ("gap.diagnose", "gap link"), ("gap.reassess", "gap perceived measuredOn?"),
    ("gap.close", "gap resolution unmetReason?"), ("gap.accept", "gap approver? until"),
    ("gap.reopen", "gap"),
    ("gap.record-breach", "breach link? title? severity? evidence? owner? due?"),
    ("gap.record", "department link title expected perceived unit touchpoint breach"),
    ("segment.define", "segmentCode name description? market? role? purchase? owner?"),
    (
      "touchpoint.map",
      "department name channel? segment? type? stage? momentOfTruth? expectation? firstExperience? "
        + "modules? gives? owner?"
    ),
    ("touchpoint.plan", "touchpoint item text"), ("touchpoint.unplan", "touchpoint item"),
    ("touchpoint.retire", "touchpoint"), ("touchpoint.reinstate", "touchpoint"),
    ("standard.set", "touchpoint metric unit? target? lowerIsBetter? for? from? owner?"),
    ("standard.revise", "standard target from?"),
    ("standard.measure", "standard period value volume? note?"),
    ("standard.measure", "standard period noData volume? note?"),
    ("standard.retire", "standard"), ("standard.reinstate", "standard"),
    (
      "survey.record",
      "department touchpoint? period audience segment? agree sample question? evidence?"
    ),
    ("channel.declare", "department name form? owner?"),
    ("channel.audit", "channelRef findings evidence?"), ("channel.plan", "channelRef plan"),
    (
      "insight.record",
      "insightQuestion finding segment plane department? touchpoint? stage? module? gaps? platforms? "
        + "initiatives? evidence? source? owner?"
    ),
    ("note.add", "about text labels? noteLink?"),
    ("survey.amend", "survey agree? sample? question?"),
    ("channel.amend", "channelRef department? name? form? owner?"),
    ("insight.amend", "insight finding? plane? gaps? department? owner?"),
    ("note.amend", "note text? labels? noteLink? about?"),
    ("survey.void", "survey"), ("survey.restore", "survey"),
    ("channel.void", "channelRef"), ("channel.restore", "channelRef"),
    ("insight.void", "insight"), ("insight.restore", "insight"),
    ("note.void", "note"), ("note.restore", "note"),
    ("program.amend", "slug? name? timeZone?"), ("person.amend", "person name? login?"),
    ("department.amend", "department name? lead?"),
    ("evidence.amend", "evidence title? text? file? date? author? expires?"),
    ("waiver.amend", "waiver because? approver? until? rule?"),
    ("platform.amend", "platform title? promise? department? owner? impressions? restsOn?"),
    (
      "initiative.amend",
      "initiative department? with? title? step? owner? sponsor? budget? currency? start? due? gaps? "
        + "platform? metric? metricUnit? baseline? target? womRule? links? platformWaiver?"
    ),
    (
      "gap.amend",
      "gap department? link? title? expected? perceived? unit? lowerIsBetter? severity? evidence? "
        + "source? measuredOn? owner? due?"
    ),
    ("segment.amend", "segment name? description? market? owner?"),
    (
      "touchpoint.amend",
      "touchpoint department? name? channel? segment? type? stage? expectation? firstExperience? "
        + "modules? owner?"
    ),
    ("standard.amend", "standard metric? unit? target? lowerIsBetter? for? from? owner?"),
    ("segment.void", "segment"), ("segment.restore", "segment"),
    ("touchpoint.void", "touchpoint duplicateOf?"), ("touchpoint.restore", "touchpoint"),
    ("standard.void", "standard duplicateOf?"), ("standard.restore", "standard"),
    ("person.void", "person"), ("department.void", "department"),
    ("evidence.void", "evidence duplicateOf?"), ("waiver.void", "waiver"),
    ("platform.void", "platform duplicateOf?"), ("gap.void", "gap duplicateOf?"),
    ("initiative.void", "initiative duplicateOf?"), ("initiative.restore", "initiative"),
    ("program.void", ""),
    ("person.restore", "person"), ("department.restore", "department"),
    ("evidence.restore", "evidence"), ("waiver.restore", "waiver"),
    ("platform.restore", "platform"), ("gap.restore", "gap"), ("program.restore", ""),
    ("undo", "position"), ("undo", "position"), ("undo", "position"),
    ("audit.erase", "positions person?"), ("audit.recover", "from.position"),
    (
      "report.issue",
      "sha256 size format reportPosition root language reportDay period? reportFile?"
    ),
  ]

  /// Those without which little else can happen.
  package static let frequent: Set = [
    "gap.record", "maturity.assess", "maturity.action.complete", "maturity.advance", "evidence.add",
    "platform.state", "person.add", "department.register", "person.restore", "department.restore",
    "maturity.action.waive", "gap.close", "gap.reopen", "person.handover", "waiver.void",
    "waiver.restore", "waiver.amend", "maturity.regress", "maturity.correct", "undo",
    "initiative.open", "initiative.start", "initiative.pilot.start", "initiative.pilot.conclude",
    "initiative.scale", "initiative.complete", "initiative.resume", "initiative.reopen",
    "initiative.void", "initiative.restore", "initiative.attest", "initiative.cancel",
    "touchpoint.plan", "touchpoint.restore", "standard.measure", "standard.revise",
    "survey.record", "channel.audit", "insight.record", "note.add", "survey.restore",
    "channel.restore", "insight.restore", "note.restore",
    "standard.restore", "segment.restore", "gap.record-breach", "touchpoint.unplan",
    "touchpoint.reinstate", "initiative.resume",
  ]

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
        ["touchpoint": 2, "metric": "uptime", "target": "60", "for": "internal"]
      ),
    ]
  }

  /// What needs several commands in order, which chance seldom gives; valid right after the beginning.
  package static let rare: [(command: String, fields: JSONObject)] = [
    ("touchpoint.plan", ["touchpoint": 1, "item": "goal", "text": "calm"]),
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
    ("department.register", ["code": "old", "name": "Old"]),
    ("department.void", ["department": "old", "reason": "r"]),
    ("department.restore", ["department": "old", "reason": "r"]),
    ("person.handover", ["id": "kim", "to": "lee"]),
    ("survey.amend", ["survey": 1, "sample": 101, "reason": "r"]),
    ("survey.void", ["survey": 1, "reason": "r"]),
    ("survey.restore", ["survey": 1, "reason": "r"]),
    ("channel.audit", ["channel": 1, "findings": "silent"]),
    ("channel.plan", ["channel": 1, "plan": "ask weekly"]),
    ("note.amend", ["note": 1, "text": "ask", "reason": "r"]),
    ("gap.void", ["gap": 2, "reason": "r"]),
    ("gap.restore", ["gap": 2, "reason": "r"]),
    ("platform.state", ["title": "Quick", "promise": "At once."]),
    ("platform.void", ["platform": 2, "reason": "r"]),
    ("platform.restore", ["platform": 2, "reason": "r"]),
  ]

  private static func with(_ fields: JSONObject, _ more: JSONObject) -> JSONObject {
    var fields = fields
    for member in more.members { fields[member.key] = member.value }
    return fields
  }

  /// A command with fields that may fit.
  ///
  /// - Parameters:
  ///   - today: what dates are near to.
  ///   - events: how many there are, one of which `undo` may name.
  package static func command(
    with random: inout SeededGenerator, today: Day, events: Int
  ) -> (String, JSONObject) {
    let (name, list) = random.pick(
      random.chance(60) ? Self.fields.filter { Self.frequent.contains($0.command) } : Self.fields)
    var fields = JSONObject()
    let isAmendment = name.hasSuffix(".amend")
    for var field in list.split(separator: " ").map(String.init) {
      if field.hasSuffix("?") {
        field.removeLast()
        guard random.chance(isAmendment ? 25 : 35) else { continue }
        if isAmendment, random.chance(20) {
          fields[field] = .null
          continue
        }
      } else if random.chance(1) {
        continue
      }
      let key = Self.key(of: field)
      fields[key] =
        random.chance(1)
        ? random.json(depth: 1)
        : value(
          of: field, with: &random, today: today, events: events)
    }
    // Else the departments and people of the beginning would soon be gone.
    if name == "department.void", random.chance(95) { fields["department"] = "it" }
    if name == "touchpoint.retire", random.chance(50) { fields["touchpoint"] = 2 }
    if name == "standard.retire", random.chance(50) { fields["standard"] = 2 }
    if name == "person.void", random.chance(95) { fields["person"] = "max" }
    if fields["all"] == true || fields["programLevel"] == true, random.chance(95) {
      fields["department"] = nil
    }
    if random.chance(20) { fields["on"] = day(with: &random, near: today, -9...1) }
    if random.chance(85) { fields["reason"] = .string("because " + random.text()) }
    if random.chance(5) { fields["onBehalfOf"] = "kim" }
    if random.chance(5) { fields["external"] = .string("crm:\(random.next() % 50)") }
    return (name, fields)
  }

  /// What a field of the table above is called in a command.
  private static func key(of field: String) -> String {
    switch field {
    case "proof": "evidence"
    case "to.level": "to"
    case "segmentCode": "code"
    case "channelRef": "channel"
    case "insightQuestion": "question"
    case "reportPosition": "position"
    case "reportDay": "day"
    case "reportFile": "file"
    case "noteLink": "link"
    default: String(field.prefix { $0 != "." })
    }
  }

  private static func day(
    with random: inout SeededGenerator, near today: Day, _ range: ClosedRange<Int>
  ) -> JSON {
    .string(today.adding(days: Int.random(in: range, using: &random)).description)
  }

  private static func value(
    of field: String, with random: inout SeededGenerator, today: Day, events: Int
  ) -> JSON {
    switch field {
    case "id", "to", "person", "owner", "sponsor", "lead", "approver", "assessor":
      return random.pick(["kim", "kim", "lee", "max", "nobody"])
    case "department", "code": return random.pick(["ssc", "ssc", "billing", "it"])
    case "with": return random.pick([["billing"], ["it", "billing"], "it", []])
    case "slug": return random.pick(["acme", "acme-2"])
    case "gap", "evidence", "waiver", "platform", "duplicateOf":
      return .int(Int64.random(in: 1...4, using: &random))
    case "survey", "channelRef", "insight", "note":
      return .int(Int64(random.pick([1, 1, 1, 2, 3])))
    case "insightQuestion": return random.pick(["emotions", "value-change"])
    case "plane": return random.pick(["usage", "product"])
    case "module": return random.pick(["sense", "relate"])
    case "agree": return random.pick(["0.31", 1, 0, "1.1"])
    case "sample": return random.pick([1, 812, 0])
    case "audience": return random.pick(["customers", "employees"])
    case "insights": return random.pick([["INS-1"], [], 2])
    case "platforms": return random.pick([["PLT-1"], [], [1, 1]])
    case "initiatives": return random.pick([["INI-1", "INI-2"], []])
    case "about": return random.pick(["GAP-1", "department/ssc", "INI-2", "kim", "program"])
    case "labels": return random.pick([["people"], [], ["a", "a"]])
    case "noteLink": return random.pick(["https://a.example/1", "no"])
    case "form": return random.pick(["panel", "hotline"])
    case "positiveCues": return random.pick([["a smile"], ["a", "b"]])
    case "touchpoint", "standard": return .int(Int64(random.pick([1, 1, 1, 2, 3])))
    case "segment", "segmentCode": return random.pick(["first", "second"])
    case "period": return random.pick(["2024", "2025", "FY2025", "2025-Q4", "2030"])
    case "breach": return random.pick(["STD-1/2024", "STD-1/2025", "STD-2/2025", "STD-1/FY2025"])
    case "value": return random.pick(["0.5", "0.95", 61, 0])
    case "volume": return random.pick([0, 12, "31689", -1])
    case "noData", "momentOfTruth": return .bool(random.chance(95))
    case "item": return random.pick(["plan", "goal", "tracking", 3])
    case "channel": return random.pick(["phone", "web"])
    case "type": return random.pick(["personnel", "random"])
    case "stage": return random.pick(["enquire", 5])
    case "modules": return random.pick([["sense", "act"], "feel", ["feel", "feel"]])
    case "gives": return random.pick([["service"], "identity"])
    case "for": return random.pick(["external", "internal"])
    case "market": return random.pick(["consumer", "business"])
    case "role": return random.pick(["buyer", "user"])
    case "purchase": return random.pick(["first", "repeat"])
    case "from": return day(with: &random, near: today, -400...60)
    case "initiative": return .int(Int64(random.pick([1, 1, 2, 2, 3, 3, 4])))
    case "gaps": return random.pick([["GAP-1"], ["GAP-2", "1"], 1])
    case "restsOn": return random.pick([["INI-1"], ["INI-1", "INI-2"], 3])
    case "step": return .int(Int64.random(in: 1...5, using: &random))
    case "step.first": return random.pick([1, "experiential-platform"])
    case "step.later": return random.pick([3, 4, "continuous-innovation"])
    case "verdict": return random.pick(["scale", "repeat", "stop"])
    case "rag": return random.pick(["green", "amber", "red"])
    case "womRule": return random.pick(["listen", "earned-media"])
    case "benefitKind": return random.pick(["measured", "estimated"])
    case "horizon": return random.pick(["12m", "2y"])
    case "cost", "budget": return random.pick([0, "1500.50", "3", -1])
    case "platformWaiver", "ethicsVersion": return 1
    case "links", "url": return random.pick(["https://a.example/1", "https://a.example/2", "no"])
    case "proof":
      return random.chance(50)
        ? .string("EV-\(Int.random(in: 1...5, using: &random))") : .string("x" + random.text(200))
    case "action": return random.pick(["0.1", "0.2", "0.1", "0.2", "1.1", "1.2", "1.3", "5.3"])
    case "level": return .int(Int64.random(in: 0...1, using: &random))
    case "to.level": return random.pick([0, 0, 0, 1, 2, 5])
    case "all", "programLevel", "lowerIsBetter", "attestEthics": return .bool(random.chance(70))
    case "severity": return .int(Int64.random(in: 0...6, using: &random))
    case "fiscalYearStart": return 7
    case "timeZone": return "Asia/Shanghai"
    case "currency": return "CNY"
    case "position":
      return .int(Int64(random.chance(80) ? events : Int.random(in: 0...events, using: &random)))
    case "positions":
      return .array((0...2).map { _ in .int(Int64.random(in: 0...8, using: &random)) })
    case "from.position": return .int(Int64.random(in: 0...Int64(events) + 1, using: &random))
    case "link": return random.pick(["undiagnosed", 1, "2", "execution-reward"])
    case "rule": return "pilot"
    case "method": return random.pick(["self", "office", "independent"])
    case "phase": return random.pick(["expectation", "interaction", "reflection"])
    case "dimension": return random.pick(["functional", "emotional"])
    case "attribute": return random.pick(["integrity", "reliability"])
    case "expected", "perceived", "benefit", "measured", "baseline", "target":
      return random.pick(["0.90", 0, 1, "-3.5", "0.6", "60"])
    case "date", "measuredOn", "start": return day(with: &random, near: today, -30...1)
    case "reportDay": return day(with: &random, near: today, -30...1)
    case "reportPosition": return .int(Int64.random(in: 0...Int64(events) + 1, using: &random))
    case "sha256": return .string(String(repeating: random.pick(["a", "9"]), count: 64))
    case "root": return .string(String(repeating: "A", count: 43) + "=")
    case "size": return random.pick([0, 12, 345_678])
    case "format": return random.pick(["html", "pdf", "xlsx", "csv"])
    case "language": return random.pick(["en", "zh"])
    case "expires", "until", "due", "retainUntil": return day(with: &random, near: today, -2...40)
    case "file":
      return [
        "name": .string("f" + random.text()), "size": 12,
        "sha256": .string(String(repeating: "a", count: 64)),
      ]
    case "impressions":
      return random.pick([["feel": "at ease"], ["act": "call", "sense": "calm"], [:]])
    default: return .string("t" + random.text())
    }
  }
}
