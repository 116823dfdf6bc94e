import CEMStore
import CEMTestSupport
import Crypto
import Foundation
import RandomPrograms
import Testing
import TransparencyLog

@testable import cem

/// Single bytes changed in everything that is checked offline: neither verifier accepts any of it.
///
/// `CEM_FLIPS` says how many are tried; the seed is printed, and `CEM_SEED` repeats a run.
@Suite(
  "Changed bytes", .database(.migrated), .serialized,
  .enabled(if: PythonVerifier.isAvailable, "needs Python with the package cryptography"))
struct ByteFlipTests {
  /// What a file belongs to, and how it is checked.
  fileprivate enum Target: CaseIterable {
    case everything, headers, inclusionOnly, rehashed, proof, checkpoint, receipt
  }

  private let root = URL(filePath: "/tmp/cem-flips-\(UUID().uuidString.prefix(8))")

  @Test("No changed byte is accepted, and both verifiers say so")
  func flips() async throws {
    let count = TestRun.number("CEM_FLIPS") ?? 350
    let seed = TestRun.seed ?? .random(in: 0 ... .max)
    print("changed bytes: CEM_SEED=\(seed) CEM_FLIPS=\(count)")
    var random = SeededGenerator(seed: seed)
    defer { try? FileManager.default.removeItem(at: root) }
    let fixture = try Fixture(in: root)
    let python = try PythonVerifier()
    for target in Target.allCases {
      #expect(try await fixture.isGood(target.checked))
      #expect(try python.status(fixture.arguments(target.checked)) == 0)
    }
    var tried: [Target: Int] = [:]
    for round in 0..<count {
      let target = Target.allCases[round % Target.allCases.count]
      let file = try #require(fixture.files(of: target).randomElement(using: &random))
      let good = try Data(contentsOf: file)
      var bad = good
      let offset = Int.random(in: 0..<good.count, using: &random)
      bad[offset] ^= UInt8.random(in: 1...255, using: &random)
      try bad.write(to: file)
      let manifest = root.appending(path: "everything/manifest.json")
      let goodManifest = try Data(contentsOf: manifest)
      if target == .rehashed {
        try Fixture.rehash(manifest, good: good, bad: bad)
      }
      let note: Comment =
        "seed \(seed), round \(round): byte \(offset) of \(file.path()) became \(bad[offset])"
      #expect(try await !fixture.isGood(target.checked), note)
      #expect(try python.status(fixture.arguments(target.checked)) == 1, note)
      try good.write(to: file)
      if target == .rehashed { try goodManifest.write(to: manifest) }
      tried[target, default: 0] += 1
    }
    #expect(tried.values.reduce(0, +) == count)
    for target in Target.allCases { #expect(try await fixture.isGood(target.checked)) }
  }

  /// What is checked, in both verifiers.
  fileprivate enum Checked {
    case bundle(String)
    case proof, checkpoint, receipt
  }
}

extension ByteFlipTests.Target {
  fileprivate var checked: ByteFlipTests.Checked {
    switch self {
    case .everything, .rehashed: .bundle("everything")
    case .headers: .bundle("headers")
    case .inclusionOnly: .bundle("inclusion-only")
    case .proof: .proof
    case .checkpoint: .checkpoint
    case .receipt: .receipt
    }
  }
}

extension ByteFlipTests {
  /// The files of one log.
  private struct Fixture {
    let root: URL
    let key: VerifierKey
    let witness: VerifierKey

    init(in root: URL) throws {
      self.root = root
      try FileManager.default.createDirectory(at: root, withIntermediateDirectories: true)
      let audited = try AuditedProgram()
      key = audited.key.verifier
      let signer = SignerKey.generate(name: try KeyName("witness"), algorithm: .cosignatureV1)
      witness = signer.verifier
      for scope in BundleManifest.Scope.allCases {
        _ = try audited.export(
          to: root.appending(path: scope.rawValue).path(), scope,
          department: scope == .everything ? nil : "retail")
      }
      var cosigned = audited.checkpoints[1]
      try cosigned.sign(with: signer, time: 1_700_000_000)
      try Data(cosigned.encoded).write(to: root.appending(path: "checkpoint.txt"))
      let event = try audited.events()[6]
      let path = try TreeReader(
        connection: audited.program.connection, programID: audited.program.programID
      ).inclusionProof(index: 6, size: 16)
      let proof = try EventProof(event, path: path, checkpoint: cosigned)
      try Data(proof.proof.encoded).write(to: root.appending(path: "7.tlog-proof"))
      let lines = audited.receipts.map {
        IssuedReceipt(receipt: $0, program: "test", database: "a database").line
      }
      try lines.joined().write(
        to: root.appending(path: "receipts.ndjson"), atomically: false, encoding: .utf8)
    }

    private func path(_ name: String) -> String { root.appending(path: name).path() }

    /// The files of which a byte may change.
    func files(of target: Target) throws -> [URL] {
      switch target {
      case .proof: return [root.appending(path: "7.tlog-proof")]
      case .checkpoint: return [root.appending(path: "checkpoint.txt")]
      case .receipt: return [root.appending(path: "receipts.ndjson")]
      case .everything, .headers, .inclusionOnly, .rehashed:
        guard case .bundle(let name) = target.checked else { return [] }
        let folder = root.appending(path: name)
        return try FileManager.default.contentsOfDirectory(atPath: folder.path()).sorted()
          .filter { target != .rehashed || !["FORMAT.md", "manifest.json"].contains($0) }
          .map { folder.appending(path: $0) }
      }
    }

    /// What `verify_bundle.py` is called with.
    func arguments(_ checked: Checked) -> [String] {
      let keys = ["--vkey", key.description]
      let both = keys + ["--vkey", witness.description]
      return switch checked {
      case .bundle(let name): [path(name)] + keys
      case .proof: ["--proof", path("7.tlog-proof")] + both
      case .checkpoint: ["--checkpoint", path("checkpoint.txt")] + both
      case .receipt: [path("everything"), "--receipt", path("receipts.ndjson")] + keys
      }
    }

    /// What `cem` says.
    func isGood(_ checked: Checked) async throws -> Bool {
      func bytes(_ name: String) throws -> [UInt8] {
        [UInt8](try Data(contentsOf: root.appending(path: name)))
      }
      do {
        switch checked {
        case .bundle(let name):
          return try await BundleVerifier(folder: path(name), key: key).report().log.isGood
        case .proof:
          _ = try EventProof(verifying: bytes("7.tlog-proof"), key: key, witnesses: [witness])
        case .checkpoint:
          try SignedCheckpoint(parsing: bytes("checkpoint.txt")).verify(
            origin: key.name.description, logKeys: [key], witnesses: [witness], quorum: 1)
        case .receipt:
          let (receipts, problems) = KeptReceipt.read(try bytes("receipts.ndjson"))
          let report = try await BundleVerifier(
            folder: path("everything"), key: key, receipts: receipts
          ).report()
          return problems.isEmpty && report.log.isGood && receipts.count == 15
        }
        return true
      } catch is NoteError {
        return false
      } catch is LogProblem {
        return false
      }
    }

    /// Makes the manifest fit the changed file, as somebody would who changes it on purpose.
    static func rehash(_ manifest: URL, good: Data, bad: Data) throws {
      func hex(_ data: Data) -> String {
        SHA256.hash(data: data).map { String(format: "%02x", $0) }.joined()
      }
      let text = try String(contentsOf: manifest, encoding: .utf8)
      try text.replacingOccurrences(of: hex(good), with: hex(bad))
        .write(to: manifest, atomically: false, encoding: .utf8)
    }
  }
}
