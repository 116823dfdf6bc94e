import CEMDomain
import Foundation
import RandomPrograms
import Testing

/// Events as they were stored once: whatever the code becomes, they are read and mean the same.
///
/// After adding an event type, or a field to one, run once with `CEM_RECORD=1`: an example of each such
/// type is appended, and the test fails so that nobody records by accident. Existing lines never change.
@Suite("Stored events") struct FixtureTests {
  private static let url = URL(filePath: #filePath).deletingLastPathComponent()
    .appending(path: "Fixtures/events-v1.ndjson")

  static func lines() throws -> [Substring] {
    guard FileManager.default.fileExists(atPath: url.path) else { return [] }
    return try String(contentsOf: url, encoding: .utf8).split(separator: "\n")
  }

  private static func key(_ line: JSONObject) throws -> Event.TypeKey {
    guard case .string(let type)? = line["type"], case .int(let version)? = line["schemaVersion"]
    else { throw FieldError("a line without type and schemaVersion") }
    return Event.TypeKey(type, Int(version))
  }

  @Test("Each stored event is read, and written again byte for byte") func bytes() throws {
    // A field that a type came to know later is absent in its earlier lines.
    var absent: [Event.TypeKey: Set<String>] = [:]
    for text in try Self.lines() {
      let line = try #require(try JSON(parsing: String(text)).object)
      let key = try Self.key(line)
      let event = try Event(
        type: key.type, schemaVersion: key.schemaVersion,
        data: Split(facts: line["facts"], personal: line["private"]))
      let paths = Set(unfilled(event.stored.payload, ""))
      absent[key] = absent[key]?.intersection(paths) ?? paths
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
    for (key, paths) in absent { #expect(paths == [], "\(key.type) has no line with them") }
  }

  @Test("Every event type and version has its fixture, with every field filled") func complete()
    throws
  {
    var known = Set<Event.TypeKey>()
    for text in try Self.lines() {
      known.insert(try Self.key(try #require(try JSON(parsing: String(text)).object)))
    }
    let missing = try Event.allForms.filter { form in
      try !known.contains(.init(form.type, form.schemaVersion)) || !isFilled(form)
    }
    if TestRun.isRecording {
      try record(missing)
      Issue.record("recorded \(missing.map(\.type)): run again without CEM_RECORD")
    } else {
      #expect(missing.map(\.type) == [], "run once with CEM_RECORD=1 and look at what it adds")
    }
  }

  /// Whether each field of a form is filled in one of its lines.
  private func isFilled(_ form: StoredForm<Event>) throws -> Bool {
    var absent: Set<String>?
    for text in try Self.lines() {
      let line = try #require(try JSON(parsing: String(text)).object)
      guard try Self.key(line) == Event.TypeKey(form.type, form.schemaVersion) else { continue }
      let event = try form.read(Split(facts: line["facts"], personal: line["private"]))
      let paths = Set(unfilled(event.stored.payload, ""))
      absent = absent?.intersection(paths) ?? paths
    }
    return absent?.isEmpty ?? false
  }

  /// The paths of the fields that are absent; of lists nothing but whether they are empty.
  private func unfilled(_ value: Any, _ path: String) -> [String] {
    let mirror = Mirror(reflecting: value)
    switch mirror.displayStyle {
    case .optional:
      return mirror.children.isEmpty
        ? [path] : mirror.children.flatMap { unfilled($0.value, path) }
    case .collection: return mirror.children.isEmpty ? [path] : []
    case .struct where !(value is AmendedFields):
      return mirror.children.flatMap { unfilled($0.value, "\(path).\($0.label ?? "")") }
    default: return []
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
