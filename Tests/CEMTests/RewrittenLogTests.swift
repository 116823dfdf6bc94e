import CEMStore
import CEMTestSupport
import Foundation
import Postgres
import Testing
import TransparencyLog

@testable import cem

/// A log that a superuser wrote again whole, with fresh hashes, before anybody signed it: what it says must
/// still fit together, and both offline verifiers look.
@Suite(
  "Logs written again before they were signed", .database(.migrated),
  .enabled(if: PythonVerifier.isAvailable, "needs Python with the package cryptography"))
struct RewrittenLogTests {
  /// What is changed at position 9, and how it is found.
  static let changes: [(name: String, kind: LogProblem.Kind?)] = [
    ("nothing", nil), ("a command's id that was there before", .command), ("a version", .version),
    ("an earlier time", .clock), ("no digest", .command), ("a place in the command", .command),
    ("another actor", nil),
  ]

  private func change(_ name: String, _ event: inout StoredEvent, _ events: [StoredEvent]) {
    switch name {
    case "a command's id that was there before": event.commandID = events[3].commandID
    case "a version": event.version += 1
    case "an earlier time": event.recordedAt = events[2].recordedAt
    case "no digest": event.commandDigest = nil
    case "a place in the command": event.commandIndex = 1
    case "another actor": event.actor = "somebody"
    default: break
    }
  }

  @Test("Both find the same", arguments: changes)
  func rewritten(name: String, kind: LogProblem.Kind?) async throws {
    let folder = URL(filePath: "/tmp/cem-rewritten-\(UUID().uuidString.prefix(8))")
    defer { try? FileManager.default.removeItem(at: folder) }
    let audited = try AuditedProgram()
    var events = try audited.events()
    let before = events[8]
    change(name, &events[8], events)
    events[8].leafHash = events[8].computedLeafHash
    let event = events[8]
    var frontier = Frontier()
    for event in events { _ = frontier.append(event.leafHash) }
    let signed = try SignedCheckpoint(
      Checkpoint(
        origin: audited.key.verifier.name.description, size: events.count, root: frontier.root),
      signedBy: audited.key)
    let manifest = try audited.export(to: folder.path(), checkpoints: [audited.checkpoints[1]])
    try rewrite(folder, "events.ndjson", manifest) { text in
      var lines = text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
      lines[8] = edited(lines[8], from: before, to: event)
      return lines.joined(separator: "\n")
    }
    try rewrite(folder, "checkpoint-16.txt", manifest) { _ in
      String(decoding: signed.encoded, as: UTF8.self)
    }
    let manifestFile = folder.appending(path: "manifest.json")
    try String(contentsOf: manifestFile, encoding: .utf8)
      .replacingOccurrences(of: manifest.rootHash.base64, with: frontier.root.base64)
      .write(to: manifestFile, atomically: false, encoding: .utf8)

    // The same in the database.
    let root = try TestDatabase.current.connect()
    try root.execute(
      script: "ALTER TABLE cem.event DISABLE TRIGGER ALL; DROP INDEX cem.event_command")
    try root.execute(
      """
      UPDATE cem.event SET command_id = \(event.commandID), version = \(event.version), \
      recorded_at = \(event.recordedAt), command_digest = \(event.commandDigest?.bytes)::bytea, \
      command_index = \(event.commandIndex), actor = \(event.actor), \
      leaf_hash = \(event.leafHash.bytes) WHERE position = 9
      """)
    try root.execute("UPDATE cem.head SET frontier = \(frontier.encoded)")

    let key = audited.key.verifier
    let report = try await BundleVerifier(
      folder: folder.path(), key: key, witnesses: [], receipts: []
    ).report().log
    #expect(report.problems.first?.kind == kind, "\(report.problems)")
    #expect(report.firstBadPosition == (kind == nil ? nil : 9))
    let status = try PythonVerifier().status([folder.path(), "--vkey", "\(key)"])
    #expect(status == (kind == nil ? 0 : 1))
    // What fits together is found by nobody but whoever keeps a receipt of before.
    let live = try LiveLogCheck(root, programID: audited.program.programID)
      .report(pins: [LogPin(audited.checkpoints[0].checkpoint)])
    #expect(live.problems.contains { $0.kind == kind ?? .checkpoint } == (name != "nothing"))
  }

  /// A line with the values of another event.
  private func edited(_ line: String, from old: StoredEvent, to new: StoredEvent) -> String {
    var line = line
    func replace(_ key: String, _ old: String, _ new: String) {
      line = line.replacingOccurrences(
        of: "\"\(key)\":\(old),", with: "\"\(key)\":\(new),")
    }
    replace("actor", "\"\(old.actor)\"", "\"\(new.actor)\"")
    replace("commandId", "\"\(old.commandID.text)\"", "\"\(new.commandID.text)\"")
    replace("commandIndex", "\(old.commandIndex)", "\(new.commandIndex)")
    replace("leafHash", "\"\(old.leafHash.base64)\"", "\"\(new.leafHash.base64)\"")
    replace("recordedAt", "\"\(old.recordedAt)\"", "\"\(new.recordedAt)\"")
    line = line.replacingOccurrences(
      of: ",\"version\":\(old.version)}", with: ",\"version\":\(new.version)}")
    if new.commandDigest == nil, let digest = old.commandDigest {
      line = line.replacingOccurrences(of: "\"commandDigest\":\"\(digest.hex)\",", with: "")
    }
    return line
  }

  /// Writes a file of a bundle anew, and what the manifest says of it.
  private func rewrite(
    _ folder: URL, _ name: String, _ manifest: BundleManifest, _ change: (String) -> String
  ) throws {
    let file = folder.appending(path: name)
    let text = change(try String(contentsOf: file, encoding: .utf8))
    try text.write(to: file, atomically: false, encoding: .utf8)
    let stated = try #require(manifest.files.first { $0.name == name })
    let manifestFile = folder.appending(path: "manifest.json")
    try String(contentsOf: manifestFile, encoding: .utf8)
      .replacingOccurrences(
        of: "\"sha256\":\"\(stated.sha256.hex)\",\"size\":\(stated.size)",
        with: "\"sha256\":\"\(Hash.sha256(utf8: text).hex)\",\"size\":\(text.utf8.count)"
      )
      .write(to: manifestFile, atomically: false, encoding: .utf8)
  }
}
