import CEMDomain
import CEMTestSupport
import Foundation
import Postgres
import Testing
import TransparencyLog

@testable import CEMStore

@Suite("Bundles", .database(.migrated))
struct BundleTests {
  private let folder: URL

  init() {
    folder = URL(filePath: "/tmp/cem-bundle-\(UUID().uuidString.prefix(8))")
  }

  private func withBundle(
    _ scope: BundleManifest.Scope, department: String? = nil,
    _ body: (AuditedProgram, BundleManifest) async throws -> Void
  ) async throws {
    defer { try? FileManager.default.removeItem(at: folder) }
    let audited = try AuditedProgram()
    let manifest = try audited.export(to: folder.path(), scope, department: department)
    try await body(audited, manifest)
  }

  private func report(
    _ key: VerifierKey, witnesses: [VerifierKey] = [], receipts: [KeptReceipt] = []
  ) async throws -> BundleVerifier.Report {
    try await BundleVerifier(
      folder: folder.path(), key: key, witnesses: witnesses, receipts: receipts
    ).report()
  }

  private func text(_ name: String) throws -> String {
    try String(contentsOf: folder.appending(path: name), encoding: .utf8)
  }

  @Test("A bundle that fails takes away what it wrote, and nothing of anybody else's")
  func failing() throws {
    defer { try? FileManager.default.removeItem(at: folder) }
    let audited = try AuditedProgram()
    let writer = BundleWriter(
      audited.program.connection, programID: audited.program.programID)
    let content = BundleWriter.Content(
      checkpoints: audited.checkpoints, key: audited.key.verifier)
    let foreign = ["manifest.json", "notes.txt"]
    #expect(throws: BundleError.self) {
      try writer.write(to: folder.path(), content) { _ in
        // Somebody else writes here, too, and has the last file's name already.
        for name in foreign {
          try? Data("mine".utf8).write(to: folder.appending(path: name))
        }
      }
    }
    #expect(
      try FileManager.default.contentsOfDirectory(atPath: folder.path()).sorted() == foreign)
  }

  @Test("A whole bundle holds, with its checkpoints, and names what it consists of")
  func everything() async throws {
    try await withBundle(.everything) { audited, manifest in
      let report = try await report(audited.key.verifier)
      #expect(report.log.problems == [])
      #expect(report.log.events == 16)
      #expect(report.checkpoints == [10, 16])
      #expect(report.manifest == manifest)
      #expect(
        manifest.files.map(\.name) == [
          "FORMAT.md", "checkpoint-10.txt", "checkpoint-16.txt", "events.ndjson", "log.vkey",
        ])
      let lines = try text("events.ndjson").split(separator: "\n")
      #expect(lines.count == 16)
      #expect(lines.allSatisfy { $0.contains("\"facts\":") })
      #expect(try text("events.ndjson").contains(#"Gap 3: \\\"quoted\\\"\\n\\u0001\\tébène 🙂"#))
    }
  }

  @Test(
    "A text in another form than its only one is found, whatever hash it has",
    arguments: [
      (#""facts":"{\""#, #""facts":"{ \""#), (#""facts":"{"#, #""facts":"{\"zz\":0,"#),
      (#""private":"{"#, #""private":"[{"#),
    ])
  func otherForm(text: String, other: String) async throws {
    try await withBundle(.everything) { audited, manifest in
      let reader = BundleLineReader(program: manifest.program, department: nil)
      func faults(_ line: String) throws -> [LogProblem.Kind] {
        try Array(line.utf8).withUnsafeBufferPointer { try reader.entry($0).faults.map(\.kind) }
      }
      let line = try String(
        #require(
          self.text("events.ndjson").split(separator: "\n").first { $0.contains("gap.recorded") }))
      try #require(line.contains(text))
      #expect(try faults(line) == [])
      #expect(try faults(line.replacing(text, with: other)).contains(.notCanonical))
    }
  }

  @Test("A bundle of one department has every header, and no data of others")
  func headers() async throws {
    try await withBundle(.headers, department: "retail") { audited, manifest in
      let report = try await report(audited.key.verifier)
      #expect(report.log.problems == [])
      #expect(report.log.events == 16)
      #expect(report.log.rootHash == manifest.rootHash)
      let text = try text("events.ndjson")
      #expect(text.contains("Gap 4:"))
      #expect(!text.contains("Gap 5:"))
      // A move concerns both departments.
      #expect(text.split(separator: "\n").last?.contains("\"facts\":") == true)
      #expect(text.split(separator: "\n").filter { $0.contains("\"factsHash\":") }.count == 8)
    }
  }

  @Test("A bundle without headers proves what is in it")
  func inclusionOnly() async throws {
    try await withBundle(.inclusionOnly, department: "retail") { audited, manifest in
      #expect(manifest.events == 8)
      let report = try await report(audited.key.verifier)
      #expect(report.log.problems == [])
      #expect(report.log.events == 8)
      #expect(report.log.treeSize == 16)
      #expect(try text("events.ndjson").contains("Gap 4:"))
      #expect(!(try text("events.ndjson").contains("Gap 5:")))
    }
  }

  @Test("What a bundle is not made of")
  func refusals() async throws {
    try await withBundle(.everything) { audited, _ in
      #expect(throws: BundleError.self) { try audited.export(to: folder.path()) }
      let other = SignerKey.generate(
        name: audited.key.verifier.name, algorithm: .ed25519)
      #expect(try await report(other.verifier).log.problems.map(\.kind) == [.checkpoint])
      await #expect(throws: BundleError.self) {
        try await BundleVerifier(folder: "/nonexistent", key: audited.key.verifier).report()
      }
      try Data().write(to: folder.appending(path: "notes.txt"))
      #expect(try await report(audited.key.verifier).log.problems.map(\.kind) == [.file])
      try FileManager.default.removeItem(at: folder.appending(path: "notes.txt"))
      try FileManager.default.removeItem(at: folder.appending(path: "FORMAT.md"))
      #expect(try await report(audited.key.verifier).log.problems.map(\.kind) == [.file])
      try FileManager.default.removeItem(at: folder)
      #expect(throws: BundleError.self) {
        try audited.export(to: folder.path(), .headers, department: "nobody")
      }
    }
  }

  @Test("A witness that was asked for must have signed")
  func witnesses() async throws {
    defer { try? FileManager.default.removeItem(at: folder) }
    let audited = try AuditedProgram()
    let witness = SignerKey.generate(name: try KeyName("witness"), algorithm: .cosignatureV1)
    var cosigned = audited.checkpoints[1]
    try cosigned.sign(with: witness, time: 1_700_000_000)
    _ = try audited.export(
      to: folder.path(), checkpoints: audited.checkpoints + [cosigned])
    let key = audited.key.verifier
    #expect(try await report(key, witnesses: [witness.verifier]).log.problems == [])
    let other = SignerKey.generate(name: try KeyName("other"), algorithm: .cosignatureV1)
    #expect(
      try await report(key, witnesses: [other.verifier]).log.problems.map(\.kind) == [.checkpoint])
  }

  @Test("A damaged log is not exported")
  func damaged() throws {
    let audited = try AuditedProgram()
    let connection = try TestDatabase.current.connect()
    try connection.execute("ALTER TABLE cem.event DISABLE TRIGGER ALL")
    try connection.execute("UPDATE cem.event SET facts = facts || ' ' WHERE position = 7")
    defer { try? FileManager.default.removeItem(at: folder) }
    #expect(throws: LogProblem.self) { try audited.export(to: folder.path()) }
    #expect(
      !FileManager.default.fileExists(atPath: folder.appending(path: "manifest.json").path()))
  }

  @Test("A proof of each event holds for its position alone")
  func proofs() throws {
    let audited = try AuditedProgram()
    let tree = TreeReader(
      connection: audited.program.connection, programID: audited.program.programID)
    for event in try audited.events() {
      let path = try tree.inclusionProof(index: Int(event.position) - 1, size: 16)
      let proof = try EventProof(event, path: path, checkpoint: audited.checkpoints[1])
      let read = try EventProof(verifying: proof.proof.encoded, key: audited.key.verifier)
      #expect(read.position == event.position)
      #expect(read.leafText.utf8.elementsEqual(event.leafText.utf8))
      var moved = event
      moved.position += 1
      #expect(throws: LogProblem.self) {
        try EventProof(moved, path: path, checkpoint: audited.checkpoints[1])
      }
    }
  }
}
