import CEMDomain
import Foundation
import Testing

/// Events as they were stored once: whatever the code becomes, they are read and mean the same.
///
/// After adding an event type, run once with `CEM_RECORD=1`: a first example of each missing type
/// is appended, and the test fails so that nobody records by accident. Existing lines never change.
@Suite("Stored events") struct FixtureTests {
  private static let url = URL(filePath: #filePath).deletingLastPathComponent()
    .appending(path: "Fixtures/events-v1.ndjson")

  private static func lines() throws -> [Substring] {
    guard FileManager.default.fileExists(atPath: url.path) else { return [] }
    return try String(contentsOf: url, encoding: .utf8).split(separator: "\n")
  }

  private static func key(_ line: JSONObject) throws -> Event.TypeKey {
    guard case .string(let type)? = line["type"], case .int(let version)? = line["schemaVersion"]
    else { throw FieldError("a line without type and schemaVersion") }
    return Event.TypeKey(type, Int(version))
  }

  @Test("Each stored event is read, and written again byte for byte") func bytes() throws {
    for text in try Self.lines() {
      let line = try #require(try JSON(parsing: String(text)).object)
      let key = try Self.key(line)
      let event = try Event(
        type: key.type, schemaVersion: key.schemaVersion,
        data: Split(facts: line["facts"], personal: line["private"]))
      let (type, version, payload) = event.stored
      // An older version is written as the newest one, so its bytes are compared in its upcast's test.
      guard Event.TypeKey(type, version) == key else { continue }
      let split = try Split(payload)
      var again = JSONObject()
      again["type"] = .string(type)
      again["schemaVersion"] = .int(Int64(version))
      again["facts"] = split.facts
      again["private"] = split.personal
      #expect(JSON.object(again).canonicalText.hasSameBytes(as: String(text)), "\(type)")
    }
  }

  @Test("Every event type and version has its fixture, with every field filled") func complete()
    throws
  {
    var known = Set<Event.TypeKey>()
    for text in try Self.lines() {
      known.insert(try Self.key(try #require(try JSON(parsing: String(text)).object)))
    }
    let missing = Event.allForms.filter { !known.contains(.init($0.type, $0.schemaVersion)) }
    if ProcessInfo.processInfo.environment["CEM_RECORD"] == "1" {
      try record(missing)
      Issue.record("recorded \(missing.map(\.type)): run again without CEM_RECORD")
    } else {
      #expect(missing.map(\.type) == [], "run once with CEM_RECORD=1 and look at what it adds")
    }
  }

  private func record(_ forms: [StoredForm<Event>]) throws {
    var text = try Self.lines().map { $0 + "\n" }.joined()
    for form in forms {
      let filler = FillingDecoder()
      let event = try form.read(filler.split(for: form))
      let (type, version, payload) = event.stored
      let split = try Split(payload)
      var line = JSONObject()
      line["type"] = .string(type)
      line["schemaVersion"] = .int(Int64(version))
      line["facts"] = split.facts
      line["private"] = split.personal
      text += JSON.object(line).canonicalText + "\n"
    }
    try FileManager.default.createDirectory(
      at: Self.url.deletingLastPathComponent(), withIntermediateDirectories: true)
    try text.write(to: Self.url, atomically: true, encoding: .utf8)
  }
}

/// Finds data that a form reads with every field filled, by offering values for each field that the
/// form turns out to know.
struct FillingDecoder {
  /// Values by the name of a field; the first that fits is taken.
  private static let samples: [String: [JSON]] = [
    "slug": ["acme"], "name": ["Kim"], "timeZone": ["Europe/Kyiv"], "currency": ["CAD"],
    "fiscalYearStart": [4], "catalogVersion": [1], "login": ["kim"], "lead": ["kim"],
    "owner": ["kim"], "sponsor": ["lee"], "approver": ["lee"], "assessor": ["lee"],
    "title": ["Slow answers"], "unit": ["ratio"], "expected": ["0.9"], "perceived": ["0.85"],
    "department": ["ssc"], "departments": [["ssc"]], "with": [["billing"]],
    "from": ["kim", 2, "training-execution", "accepted"], "to": ["lee", 3],
    "before": ["0.6", "2026-03-31", "EV-2"], "level": [3], "severity": [4],
    "restsOn": [
      [["action": "2.1", "evidence": "EV-3"], ["action": "2.2", "waiver": "WVR-2"]], ["INI-4"],
    ],
    "duplicateOf": ["gap/7"], "position": [41], "type": ["gap.closed"], "of": ["maturity/ssc"],
    "gaps": [["GAP-7", "GAP-8"]],
    "impressions": [
      ["sense": "calm", "feel": "at ease", "think": "they know", "act": "call", "relate": "ours"]
    ],
    "file": [
      ["name": "minutes.pdf", "size": 1200, "sha256": .string(String(repeating: "0f", count: 32))]
    ],
  ]

  /// Values for fields without samples of their own.
  private static let others: [JSON] = [
    "2026-03-31", "0.85", 3, .bool(true), "2.1", "EV-3", "WVR-2", "PLT-1", "INI-4", "GAP-7",
    "training-execution", "customer-interface", "advanced", "maturity-action", "office",
    "interaction", "emotional", "reliability", "open", "green", "scale", "measured", "listen",
    "kim",
    ["kim"], ["GAP-7"],
  ]

  /// Names that optional fields have; a required one is named by the error that it is missing.
  private static let optionalNames =
    samples.keys.sorted() + [
      "action", "actual", "attestation", "attestedBy", "attribute", "author", "baseline", "because",
      "benefit", "benefitKind", "budget", "colour", "cost", "date", "dimension", "direction", "due",
      "evidence", "expires", "expiresBefore", "horizon", "kind", "link", "links", "lowerIsBetter",
      "measured", "measuredBefore", "measuredOn", "metric", "metricUnit", "note", "outcome",
      "phase",
      "pilot", "platform", "promise", "rationale", "resolution", "retainUntil", "rule", "source",
      "start", "step", "target", "text", "touchpoints", "unmetReason", "until", "url", "verdict",
      "waiver", "waivePilot", "waivePlatform", "wordOfMouth",
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
