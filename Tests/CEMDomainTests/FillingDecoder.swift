import CEMDomain

/// Finds data that a form reads with every field filled, by offering values for each field that the
/// form turns out to know.
struct FillingDecoder {
  private static let pilotFigures: JSON = [
    "cost": "100", "benefit": "250.5", "currency": "CAD", "benefitKind": "measured",
    "horizon": "12m", "evidence": "EV-3", "verdict": "repeat",
  ]

  /// Values by the name of a field; the first that fits is taken.
  private static let samples: [String: [JSON]] = [
    "slug": ["acme"], "name": ["Kim"], "timeZone": ["Europe/Kyiv"], "currency": ["CAD"],
    "fiscalYearStart": [4], "catalogVersion": [1], "login": ["kim"], "lead": ["kim"],
    "owner": ["kim"], "sponsor": ["lee"], "approver": ["lee"], "assessor": ["lee"],
    "title": ["Slow answers"], "unit": ["ratio"], "expected": ["0.9"], "perceived": ["0.85"],
    "department": ["ssc"], "departments": [["ssc"]], "with": [["billing"]],
    "from": ["kim", 2, "training-execution", "accepted", "started", "CAD"],
    "to": ["lee", 3, "completed", "EUR"],
    "stage": ["scaling"], "rag": ["amber"], "ethicsVersion": [1], "metric": ["answers"],
    "budget": ["1500.5"], "baseline": ["0.6"], "target": ["0.9"], "metricUnit": ["ratio"],
    "before": ["0.6", "2026-03-31", "EV-2"], "level": [3], "severity": [4],
    "restsOn": [
      [["action": "2.1", "evidence": "EV-3"], ["action": "2.2", "waiver": "WVR-2"]], ["INI-4"],
    ],
    "duplicateOf": ["gap/7"], "position": [41], "type": ["gap.closed"], "of": ["maturity/ssc"],
    "positions": [[3, 5]], "person": ["kim"],
    "gaps": [["GAP-7", "GAP-8"]], "links": [["https://example.org/a"]],
    "url": ["https://example.org/a"], "start": ["2026-03-01"],
    "result": [
      [
        "cost": "100", "benefit": "250.5", "currency": "CAD", "benefitKind": "measured",
        "horizon": "12m", "evidence": "EV-3", "verdict": "repeat", "note": "fewer calls",
      ]
    ],
    "old": [pilotFigures], "new": [pilotFigures], "restates": ["2026-03-31"],
    "modules": [["sense", "act"]], "gives": [["service"]], "brandElements": [["slogan", "logo"]],
    "aspect": ["customer-time"], "step": ["brand-experience"], "touchpoints": [["TP-3"]],
    "touchpoint": ["TP-3"], "for": ["internal"], "period": ["2026-Q1"], "breach": ["STD-9/2026-Q1"],
    "segment": ["first-time"], "channel": ["phone"], "gap": ["GAP-7"], "volume": ["120"],
    "value": ["0.85"], "agree": ["0.31"], "sample": [812], "audience": ["customers"],
    "question": ["the question", "emotions"], "plane": ["usage"], "form": ["panel"],
    "outcome": ["leaves"], "share": ["0.4"], "peak": ["bad"],
    "insights": [["INS-5"]], "platforms": [["PLT-1"]], "initiatives": [["INI-4"]],
    "positiveCues": [["a smile"]], "negativeCues": [["a queue"]], "mementos": [["a card"]],
    "into": ["billing", ["desk", "field"]], "move": [["GAP-7=field"]], "successors": [["billing"]],
    "levels": [["care"]],
    "sources": [[["department": "ssc", "level": 3]]], "periods": [["2026-Q1"]],
    "given": [["gap": "GAP-7", "until": "2027-03-31"]], "words": [["rationale": "all done"]],
    "fourEyes": [true], "outside": ["crm:17"],
    "about": ["gap/7"], "labels": [["people"]],
    "link": ["https://example.org/a", "training-execution"], "module": ["feel"],
    "impressions": [
      ["sense": "calm", "feel": "at ease", "think": "they know", "act": "call", "relate": "ours"]
    ],
    "sha256": [.string(String(repeating: "0f", count: 32))], "format": ["html"], "language": ["en"],
    "root": [.string(String(repeating: "A", count: 43) + "=")], "day": ["2026-03-31"],
    "file": [
      ["name": "minutes.pdf", "size": 1200, "sha256": .string(String(repeating: "0f", count: 32))]
    ],
  ]

  /// Values for fields without samples of their own.
  private static let others: [JSON] = [
    "2026-03-31", "0.85", 3, .bool(true), "2.1", "EV-3", "WVR-2", "PLT-1", "INI-4", "GAP-7",
    "training-execution", "customer-interface", "advanced", "maturity-action", "office",
    "interaction", "emotional", "reliability", "open", "green", "scale", "measured", "listen",
    "personnel", "enquire", "consumer", "buyer", "first", "goal", "kim",
    ["kim"], ["GAP-7"],
  ]

  /// Names that optional fields have; a required one is named by the error that it is missing.
  private static let optionalNames =
    samples.keys.sorted() + [
      "action", "attribute", "author", "baseline", "because",
      "budget", "date", "dimension", "due",
      "ethicsVersion", "evidence", "expires", "expiresBefore", "lowerIsBetter",
      "measured", "measuredBefore", "measuredOn", "metric", "metricUnit", "note", "phase",
      "platform",
      "platformWaiver", "scope", "source", "target", "text", "unmetReason", "until", "waiver",
      "womRule", "description", "market", "role", "purchase", "momentOfTruth", "expectation",
      "firstExperience", "rules", "flexibility", "noData", "replaces", "valueBefore",
      "volumeBefore", "fromBefore", "untilBefore",
      "theme", "hook", "module", "finding", "findings", "plan", "auditedBefore", "question", "link",
      "period", "file", "withWork", "drop", "again", "movedSince",
      "asSponsor", "further",
    ]

  /// Data that a form accepts, with every field that it keeps. Which part a field is stored in shows
  /// when the event is written again.
  func split(for form: StoredForm<Event>) throws -> Split {
    if form.type.hasSuffix(".amended") {
      return Split(
        facts: ["changed": ["severity", "title"], "new": ["severity": 4], "old": ["severity": 2]],
        personal: ["new": ["title": "Slow answers"], "old": ["title": "Slow"]])
    }
    var fields = JSONObject()
    for _ in 0..<40 {
      guard let missing = progress(fields, form).failure else { break }
      fill(missing, in: &fields, for: form)
    }
    for name in Self.optionalNames { fill(name, in: &fields, for: form) }
    return Split(facts: .object(fields))
  }

  /// Takes the first value for a field that is read and kept.
  private func fill(_ name: String, in fields: inout JSONObject, for form: StoredForm<Event>) {
    let before = progress(fields, form)
    guard fields[name] == nil || before.failure == name else { return }
    for value in (Self.samples[name] ?? []) + [.string("the \(name)")] + Self.others {
      var candidate = fields
      candidate[name] = value
      let after = progress(candidate, form)
      if after.failure == before.failure ? after.kept > before.kept : after.failure != name {
        fields = candidate
        return
      }
    }
  }

  /// How far reading gets: the field that it fails at, and how much is written again.
  private func progress(
    _ fields: JSONObject, _ form: StoredForm<Event>
  ) -> (failure: String?, kept: Int) {
    do {
      let written = try Split(form.read(Split(facts: .object(fields))).stored.payload)
      return (nil, written.merged.canonicalText.utf8.count)
    } catch let error as FieldError {
      return (error.path.split(separator: ".").first.map(String.init), 0)
    } catch {
      return ("?", 0)
    }
  }
}
