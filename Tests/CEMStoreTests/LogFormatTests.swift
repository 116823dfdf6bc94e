import CEMDomain
import CEMStore
import FoundationEssentials
import Testing
import TransparencyLog

@Suite("The log format, as LOG-FORMAT.md describes it")
struct LogFormatTests {
  private static let document: String = {
    let file = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent().appending(path: "schema/LOG-FORMAT.md")
    return (try? String(contentsOf: file, encoding: .utf8)) ?? ""
  }()

  @Test("The example's hashes follow from its values")
  func example() throws {
    let program = try #require(UUID(uuidString: "5f0b1d3e-8a54-4c55-9d2c-3c1f3a0d9b11"))
    let command = try #require(UUID(uuidString: "0d9a7f52-6f0e-4f5b-8c0a-1f2e3d4c5b6a"))
    let salt = (0..<16).map { UInt8($0) }
    let issued = try IssuedCommand(
      name: "gap.record",
      fields: [
        "department": "retail", "link": 4, "title": "Calls wait too long", "expected": "0.90",
        "perceived": "0.58", "unit": "ratio", "severity": 4,
      ])
    guard let record = issued.command as? RecordGap else {
      Issue.record("not a gap.record")
      return
    }
    let data = try Split(record.details)
    let facts = try #require(data.facts?.canonicalText)
    let personal = try #require(data.personal?.canonicalText)
    let canonical = JSON.object(try issued.canonical()).canonicalText
    var event = StoredEvent(
      programID: program, position: 3, stream: "gap/1", version: 1, type: "gap.recorded",
      schemaVersion: 1, departments: "retail", actor: "office",
      recordedAt: try #require(Timestamp("2026-01-15T09:30:00.00025Z")),
      occurredOn: try #require(Day("2026-01-14")), commandID: command, commandIndex: 0,
      commandDigest: StoredEvent.commandDigest(of: canonical, salt: salt), facts: facts,
      personal: personal, salt: salt,
      privateHash: StoredEvent.privateHash(of: personal, salt: salt),
      leafHash: MerkleTree.emptyRoot)
    event.leafHash = event.computedLeafHash

    func expectInDocument(_ text: String, _ location: SourceLocation = #_sourceLocation) {
      #expect(Self.document.contains(text), "\(text)", sourceLocation: location)
    }
    expectInDocument("facts    \(facts)\n")
    expectInDocument("private  \(personal)\n")
    expectInDocument("command  \(canonical)\n")
    expectInDocument(
      event.leafText.split(separator: "\n").map { "    \($0)\n" }.joined())
    expectInDocument("leaf hash                          \(event.leafHash.hex)\n")
    expectInDocument("event id                           \(event.eventID.text)\n")
    var frontier = Frontier()
    _ = frontier.append(contentsOf: [event.leafHash, event.leafHash])
    expectInDocument("root of a tree of this leaf twice  \(frontier.root.hex)\n")
  }
}
