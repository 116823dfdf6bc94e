package import CEMDomain

/// Commands as they might come, valid and invalid alike.
package enum RandomCommands {
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
    if name == "department.retire", random.chance(70) { fields["department"] = "it" }
    if name == "department.merge", random.chance(70) {
      fields["departments"] = ["it", "billing"]
      fields["into"] = random.pick(["billing", "it"])
    }
    if name == "department.split", random.chance(70) {
      fields["department"] = "ssc"
      fields["into"] = ["ssc", .string(random.pick(["care", "north", "south"]))]
    }
    if name == "touchpoint.retire", random.chance(50) { fields["touchpoint"] = 2 }
    if name == "standard.retire", random.chance(50) { fields["standard"] = 2 }
    if name == "person.void", random.chance(95) { fields["person"] = "max" }
    if fields["all"] == true || fields["programLevel"] == true, random.chance(95) {
      fields["department"] = nil
    }
    if random.chance(20) { fields["on"] = day(with: &random, near: today, -9...1) }
    if random.chance(85) { fields["reason"] = .string("because " + random.text()) }
    if random.chance(3) { fields["restate"] = true }
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
    case "intoOne", "parts": "into"
    case "request.of": "of"
    case "request.given": "given"
    case "rate.from": "from"
    case "rate.to": "to"
    case "rate.value": "value"
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
    case "into", "intoOne": return random.pick(["billing", "ssc", "care", "it"])
    case "departments":
      return random.pick([["ssc", "billing"], ["it", "billing"], ["ssc", "it"]])
    case "parts": return random.pick([["ssc", "care"], ["it", "care"], ["east", "west"]])
    case "move": return random.pick([["GAP-1=care"], ["TP-1=care"], ["INI-1=west"], []])
    case "withWork": return true
    case "with": return random.pick([["billing"], ["it", "billing"], "it", []])
    case "fourEyes": return .bool(random.chance(3))
    case "request": return .bool(random.chance(95))
    case "request.ref": return .int(Int64(random.pick([1, 1, 1, 2, 3])))
    case "request.of": return random.pick(["gap.accept", "gap.accept", "gap.record"])
    case "request.given":
      return ["gap": 1, "until": day(with: &random, near: today, 1...60)]
    case "rate.from": return random.pick(["USD", "EUR", "CAD"])
    case "rate.to": return random.pick(["CAD", "CAD", "CNY"])
    case "rate", "rate.value": return random.pick(["1.36", "0.73", 0])
    case "rate.ref": return .int(Int64(random.pick([1, 1, 2])))
    case "version": return random.pick([2, 2, 3])
    case "slug": return random.pick(["acme", "acme-2"])
    case "gap", "evidence", "waiver", "platform", "duplicateOf":
      return .int(Int64.random(in: 1...4, using: &random))
    case "survey", "channelRef", "insight", "note":
      return .int(Int64(random.pick([1, 1, 1, 2, 3])))
    case "insightQuestion": return random.pick(["emotions", "value-change"])
    case "plane": return random.pick(["usage", "product"])
    case "outcome": return random.pick(["stays", "leaves"])
    case "share": return random.pick(["0.4", "0.125", 1, "1.1"])
    case "peak": return random.pick(["good", "bad"])
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
    case "brandElements":
      return random.pick([["slogan"], ["name", "logo"], ["logo", "logo"], []])
    case "aspect":
      return random.pick(["style", "style", "substance", "service-time", "customer-time"])
    case "for": return random.pick(["external", "internal"])
    case "market": return random.pick(["consumer", "business"])
    case "role": return random.pick(["buyer", "user"])
    case "purchase": return random.pick(["first", "repeat"])
    // So few that a version is met again.
    case "version.day", "from.version":
      return random.pick(["2024-06-01", "2025-01-01", "2025-07-01", "2026-01-01"])
    case "drop": return .bool(random.chance(95))
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
    case "more": return random.pick([["0.2"], ["1.2", "1.3"], []])
    case "level": return .int(Int64.random(in: 0...1, using: &random))
    case "to.level": return random.pick([0, 0, 0, 1, 2, 5])
    case "all", "programLevel", "lowerIsBetter", "attestEthics", "summary":
      return .bool(random.chance(70))
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
