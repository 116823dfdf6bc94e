import CEMDomain
import CEMStore
import CEMTestSupport
import Foundation
import Testing
import TransparencyLog

@testable import cem

/// Bundles and receipts that say what is so, or nothing wrong, in another form than the one there is, and
/// bundles from which something was taken: both offline verifiers refuse them.
@Suite(
  "The one form of bundles and receipts", .database(.migrated),
  .enabled(if: PythonVerifier.isAvailable, "needs Python with the package cryptography"))
struct StrictFormTests {
  /// Runs with a bundle of everything, and the texts of its receipts before their hashes.
  private func withBundle(
    _ body: (URL, AuditedProgram, [String]) async throws -> Void
  ) async throws {
    let folder = URL(filePath: "/tmp/cem-strict-\(UUID().uuidString.prefix(8))")
    defer { try? FileManager.default.removeItem(at: folder) }
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    let audited = try AuditedProgram()
    _ = try audited.export(to: folder.appending(path: "b").path())
    let stated = audited.receipts.map {
      let line = IssuedReceipt(receipt: $0, program: "test", database: "a database").line
      return String(line[..<line.range(of: ",\"receiptHash\"")!.lowerBound])
    }
    try await body(folder, audited, stated)
  }

  /// Whether each of the two accepts it: cem, and the script.
  private func accepted(
    _ folder: URL, _ audited: AuditedProgram, receipts: String? = nil
  ) async throws -> [Bool] {
    let bundle = folder.appending(path: "b").path()
    let key = audited.key.verifier
    var arguments = [bundle, "--vkey", "\(key)"]
    var kept: (receipts: [KeptReceipt], problems: [LogProblem]) = ([], [])
    if let receipts {
      let file = folder.appending(path: "r.ndjson")
      try receipts.write(to: file, atomically: false, encoding: .utf8)
      kept = KeptReceipt.read(Array(receipts.utf8))
      arguments += ["--receipt", file.path()]
    }
    let report = try await BundleVerifier(folder: bundle, key: key, receipts: kept.receipts)
      .report()
    let status = try PythonVerifier().status(arguments)
    #expect(status == 0 || status == 1)
    return [kept.problems.isEmpty && report.log.isGood, status == 0]
  }

  private func sealed(_ stated: String) -> String {
    "\(stated),\"receiptHash\":\"\(Hash.sha256(utf8: stated).base64)\"}\n"
  }

  /// What stands in the receipt of the command at position 3, and what stands there instead.
  static let receipts: [(old: String, new: String)] = [
    (#""position":3"#, #""position":0"#), (#""position":3"#, #""position":-1"#),
    (#""position":3"#, #""position":3.0"#), (#""position":3"#, #""position":2"#),
    (#""treeSize":3"#, #""treeSize":3.0"#), (#""treeSize":3"#, #""treeSize":true"#),
    (#"{"command""#, #"{"rootHash":"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=","command""#),
    (#""dryRun":false"#, #""dryRun":true"#), (#""version":1"#, #""version":1.0"#),
    (#""recordedAt":"20"#, #""recordedAt":"19"#),
    (#""duplicate":false"#, #""duplicate":0"#), (#""ref":"#, #""other":1,"ref":"#),
  ]

  @Test("A receipt in another form is refused by both", arguments: receipts)
  func receipt(old: String, new: String) async throws {
    try await withBundle { folder, audited, stated in
      let good = try await accepted(folder, audited, receipts: stated.map(sealed).joined())
      #expect(good == [true, true])
      let text = stated[1].replacingOccurrences(of: old, with: new)
      #expect(text != stated[1])
      let bad = try await accepted(folder, audited, receipts: sealed(text))
      #expect(bad == [false, false])
    }
  }

  @Test("A receipt with another id, or one in another form, is refused by both")
  func ids() async throws {
    try await withBundle { folder, audited, stated in
      let receipt = audited.receipts[1]
      let id = audited.program.programID.uuidString
      for (old, new) in [
        (receipt.commandID.text, UUID().text), (receipt.events[0].eventID.text, UUID().text),
        (id.lowercased(), id),
      ] {
        let text = stated[1].replacingOccurrences(of: old, with: new)
        #expect(text != stated[1])
        let found = try await accepted(folder, audited, receipts: sealed(text))
        #expect(found == [false, false], "\(old)")
      }
    }
  }

  @Test(
    "A bundle in another form is refused by both",
    arguments: ["department", "files", "a link", "a linked manifest", "a size"])
  func bundle(change: String) async throws {
    try await withBundle { folder, audited, _ in
      let bundle = folder.appending(path: "b")
      func link(_ name: String) throws {
        let outside = folder.appending(path: name)
        try FileManager.default.moveItem(at: bundle.appending(path: name), to: outside)
        try FileManager.default.createSymbolicLink(
          at: bundle.appending(path: name), withDestinationURL: outside)
      }
      switch change {
      case "department": try editManifest(bundle) { $0["department"] = .null }
      case "files":
        try editManifest(bundle) {
          if case .array(let files)? = $0["files"] { $0["files"] = .array(files.reversed()) }
        }
      case "a link": try link("events.ndjson")
      case "a linked manifest": try link("manifest.json")
      default:
        let file = bundle.appending(path: "manifest.json")
        try String(contentsOf: file, encoding: .utf8)
          .replacingOccurrences(of: #""treeSize":16"#, with: #""treeSize":16.0"#)
          .write(to: file, atomically: false, encoding: .utf8)
      }
      let found = try await accepted(folder, audited)
      #expect(found == [false, false])
    }
  }

  @Test("A proof is not held to receipts") func proofWithReceipt() throws {
    let python = try PythonVerifier()
    // The key is a good one, so that nothing else is wrong.
    let key = SignerKey.generate(name: try KeyName("log"), algorithm: .ed25519).verifier
    let status = try python.status(["--proof", "p", "--receipt", "r", "--vkey", "\(key)"])
    #expect(status == 64)
  }

  /// What a bundle may hold, and of which department.
  static let scopes: [(BundleManifest.Scope, String?)] = [
    (.everything, nil), (.headers, "retail"), (.inclusionOnly, "retail"),
  ]

  @Test("Private data that is gone from a bundle was erased by an event in it", arguments: scopes)
  func gone(scope: BundleManifest.Scope, department: String?) async throws {
    try await withBundle { folder, audited, _ in
      let bundle = folder.appending(path: "b")
      try FileManager.default.removeItem(at: bundle)
      _ = try audited.export(to: bundle.path(), scope, department: department)
      let events = bundle.appending(path: "events.ndjson")
      var lines = try String(contentsOf: events, encoding: .utf8).split(separator: "\n").map {
        String($0)
      }
      let place = try #require(lines.lastIndex { $0.contains(#""private":"{\"title"#) })
      var object = try #require(try JSON(parsing: lines[place]).object)
      object["private"] = nil
      object["salt"] = nil
      lines[place] = JSON.object(object).canonicalText
      let text = lines.joined(separator: "\n") + "\n"
      let before = try await accepted(folder, audited)
      #expect(before == [true, true])
      try text.write(to: events, atomically: false, encoding: .utf8)
      try editManifest(bundle) { manifest in
        guard case .array(let files)? = manifest["files"] else { return }
        manifest["files"] = .array(
          files.map { file in
            guard var file = file.object, file["name"] == "events.ndjson" else { return file }
            file["sha256"] = .string(Hash.sha256(utf8: text).hex)
            file["size"] = .int(Int64(text.utf8.count))
            return .object(file)
          })
      }
      let found = try await accepted(folder, audited)
      #expect(found == [false, false])
    }
  }

  @Test("A bundle with an erasure holds; one that ends before the erasure is not written")
  func erased() async throws {
    try await withBundle { folder, audited, _ in
      let program = audited.program
      let owner = ProgramStore(
        try TestDatabase.current.connect(user: "owner"), programID: program.programID)
      let erasure = try IssuedCommand(
        name: "audit.erase", fields: ["positions": [5], "reason": "asked to"])
      let receipt = try owner.execute([Submission(erasure)])[0]
      #expect(throws: BundleError.self) {
        try audited.export(to: folder.appending(path: "early").path())
      }
      let signed = try SignedCheckpoint(
        Checkpoint(
          origin: audited.key.verifier.name.description, size: Int(receipt.treeSize),
          root: receipt.rootHash), signedBy: audited.key)
      for (scope, department) in Self.scopes {
        try FileManager.default.removeItem(at: folder.appending(path: "b"))
        _ = try audited.export(
          to: folder.appending(path: "b").path(), scope, department: department,
          checkpoints: [signed])
        let found = try await accepted(folder, audited)
        #expect(found == [true, true], "\(scope)")
      }
    }
  }

  private func editManifest(_ bundle: URL, _ change: (inout JSONObject) -> Void) throws {
    let file = bundle.appending(path: "manifest.json")
    var object = try #require(
      try JSON(parsing: String(contentsOf: file, encoding: .utf8)).object)
    change(&object)
    try (JSON.object(object).canonicalText + "\n")
      .write(to: file, atomically: false, encoding: .utf8)
  }
}
