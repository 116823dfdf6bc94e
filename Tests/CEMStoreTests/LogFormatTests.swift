import CEMDomain
import FoundationEssentials
import Testing
import TransparencyLog

@testable import CEMStore

@Suite("The log format, as LOG-FORMAT.md describes it")
struct LogFormatTests {
  private static let document: String = {
    let file = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent().appending(path: "schema/LOG-FORMAT.md")
    return (try? String(contentsOf: file, encoding: .utf8)) ?? ""
  }()

  /// The example's event, and its command's canonical text.
  private func example() throws -> (event: StoredEvent, command: String) {
    let program = try #require(UUID(uuidString: "5f0b1d3e-8a54-4c55-9d2c-3c1f3a0d9b11"))
    let command = try #require(UUID(uuidString: "0d9a7f52-6f0e-4f5b-8c0a-1f2e3d4c5b6a"))
    let salt = (0..<16).map { UInt8($0) }
    let issued = try IssuedCommand(
      name: "gap.record",
      fields: [
        "department": "retail", "link": 4, "title": "Calls wait too long", "expected": "0.90",
        "perceived": "0.58", "unit": "ratio", "severity": 4,
      ])
    let record = try #require(issued.command as? RecordGap)
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
      personal: personal, salt: salt, leafHash: MerkleTree.emptyRoot)
    event.leafHash = event.computedLeafHash
    return (event, canonical)
  }

  private func expectInDocument(_ text: String, _ location: SourceLocation = #_sourceLocation) {
    #expect(Self.document.contains(text), "\(text)", sourceLocation: location)
  }

  /// Lines as the document shows them.
  private func indented(_ text: String) -> String {
    text.split(separator: "\n", omittingEmptySubsequences: false)
      .map { $0.isEmpty ? "\n" : "    \($0)\n" }.joined()
  }

  @Test("New ids have the form of RFC 9562's example, and the order in which they are made")
  func orderedIDs() throws {
    let example = UUID.ordered(
      at: 1_645_557_742_000, random: (0x0cc3_0000_0000_0000, 0x18c4_dc0c_0c07_398f))
    #expect(example.text == "017f22e2-79b0-7cc3-98c4-dc0c0c07398f")
    // Whatever is random does not show elsewhere.
    #expect(
      UUID.ordered(at: .max, random: (.max, .max)).text == "ffffffff-ffff-7fff-bfff-ffffffffffff")
    #expect(
      UUID.ordered(at: 7, random: (.max, .max)).text < UUID.ordered(at: 8, random: (0, 0)).text)
    #expect(Set((0..<1_000).map { _ in UUID.ordered() }).count == 1_000)
  }

  @Test("The example's hashes follow from its values")
  func hashes() throws {
    let (event, command) = try example()
    expectInDocument("facts    \(event.facts)\n")
    expectInDocument("private  \(event.personal ?? "")\n")
    expectInDocument("command  \(command)\n")
    expectInDocument(indented(String(event.leafText.dropLast())))
    expectInDocument("leaf hash                          \(event.leafHash.hex)\n")
    expectInDocument("event id                           \(event.eventID.text)\n")
    var frontier = Frontier()
    frontier.append(contentsOf: [event.leafHash, event.leafHash])
    expectInDocument("root of a tree of this leaf twice  \(frontier.root.hex)\n")
    frontier.append(event.leafHash)
    expectInDocument("and three times                    \(frontier.root.hex)\n")
  }

  @Test("So do its checkpoint, its proofs, its line in a bundle and its receipt")
  func files() throws {
    let (event, _) = try example()
    let key = try SignerKey(
      name: KeyName("example.com/cem"), algorithm: .ed25519, seed: (0..<32).map { UInt8($0) })
    let witness = try SignerKey(
      name: KeyName("witness.example.com"), algorithm: .cosignatureV1,
      seed: (32..<64).map { UInt8($0) })
    var frontier = Frontier()
    frontier.append(contentsOf: [event.leafHash, event.leafHash])
    let path = [frontier.root]
    frontier.append(event.leafHash)
    var signed = try SignedCheckpoint(
      Checkpoint(origin: "example.com/cem", size: 3, root: frontier.root), signedBy: key)
    expectInDocument(indented("log      \(key.verifier)\nwitness  \(witness.verifier)"))
    try signed.sign(with: witness, time: 1_768_469_400)
    expectInDocument(indented(String(decoding: signed.encoded.dropLast(), as: UTF8.self)))
    let proof = try EventProof(event, path: path, checkpoint: signed).proof
    let head = String(decoding: proof.encoded, as: UTF8.self).split(separator: "\n\n")[0]
    expectInDocument(indented(String(head)))
    let read = try EventProof(
      verifying: proof.encoded, key: key.verifier, witnesses: [witness.verifier])
    #expect(read.position == 3)
    let consistency = try ConsistencyProof(
      oldSize: 2, hashes: [event.leafHash], checkpoint: signed)
    try consistency.verify(oldRoot: path[0])
    expectInDocument(indented("old 2\n\(event.leafHash.base64)"))

    var line: [UInt8] = []
    BundleLine.write(event, isWithheld: false, to: &line)
    expectInDocument(indented(String(decoding: line.dropLast(), as: UTF8.self)))
    line = []
    BundleLine.write(event, isWithheld: true, to: &line)
    expectInDocument(indented(String(decoding: line.dropLast(), as: UTF8.self)))
  }

  @Test("The document names every key of a bundle's lines, every file and every scope")
  func names() {
    for key in BundleLine.Key.allCases { expectInDocument("`\(key)`") }
    for scope in BundleManifest.Scope.allCases { expectInDocument("| `\(scope.rawValue)` |") }
    for name in [
      BundleManifest.name, BundleManifest.eventsName, BundleManifest.proofsName,
      BundleManifest.keyName, BundleManifest.formatName,
    ] {
      expectInDocument("| `\(name)` |")
    }
    expectInDocument("`\(BundleManifest.format)`")
  }
}
