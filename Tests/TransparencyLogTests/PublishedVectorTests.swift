import Foundation
import Testing

@testable import TransparencyLog

@Suite(Vectors.available) struct PublishedVectorTests {
  struct ProofCase: Decodable {
    let kind, desc: String
    let wantErr: Bool
    let proof: [String]?
    let leafIdx, treeSize, size1, size2: UInt64?
    let root, root1, root2, leafHash: String?

    private struct NotAHash: Error {}

    private static func hash(_ base64: String?) throws -> Hash {
      guard let hash = Hash(base64: base64 ?? "") else { throw NotAHash() }
      return hash
    }

    /// Some roots are placeholders such as "don't care 1", even in a proof that holds. A hash of
    /// their own stands in for each, so that equal ones stay equal and others differ.
    private static func root(_ base64: String?) -> Hash {
      Hash(base64: base64 ?? "") ?? Hash.sha256(utf8: "placeholder \(base64 ?? "")")
    }

    /// Our verdict. What is no hash cannot be passed to a verifier, and so is not proved.
    func holds() throws -> Bool {
      do {
        let hashes = try (proof ?? []).map { try ProofCase.hash($0) }
        // Indices beyond 2^63 become negative here, and are refused as such.
        if kind == "inclusion" {
          try MerkleTree.verifyInclusion(
            of: ProofCase.hash(leafHash), index: Int(truncatingIfNeeded: #require(leafIdx)),
            size: Int(truncatingIfNeeded: #require(treeSize)), root: ProofCase.hash(root),
            proof: hashes)
        } else {
          try MerkleTree.verifyConsistency(
            oldSize: Int(truncatingIfNeeded: #require(size1)), oldRoot: ProofCase.root(root1),
            newSize: Int(truncatingIfNeeded: #require(size2)), newRoot: ProofCase.root(root2),
            proof: hashes)
        }
        return true
      } catch is ProofError {
        return false
      } catch is NotAHash {
        return false
      }
    }
  }

  @Test func proofsOfRFC6962HaveTheRightVerdict() throws {
    let lines = try Vectors.bytes("rfc6962-proofs.ndjson").split(separator: UInt8(ascii: "\n"))
    let cases = try lines.map { try Vectors.decode(ProofCase.self, from: $0) }
    for testCase in cases {
      #expect(try testCase.holds() == !testCase.wantErr, "\(testCase.kind): \(testCase.desc)")
    }
    #expect(cases.count == 196)
    #expect(Set(cases.map(\.kind)) == ["inclusion", "consistency"])
  }

  struct SignatureFile: Decodable {
    struct Group: Decodable {
      struct Key: Decodable { let pk: String }
      struct Case: Decodable {
        let tcId: Int
        let comment, msg, sig, result: String
      }
      let publicKey: Key
      let tests: [Case]
    }
    let numberOfTests: Int
    let testGroups: [Group]
  }

  private func bytes(hex: String) throws -> [UInt8] {
    let digits = try hex.utf8.map { try #require(Hex.value(of: $0)) }
    return stride(from: 0, to: digits.count, by: 2).map { digits[$0] << 4 | digits[$0 + 1] }
  }

  @Test func ed25519SignaturesHaveTheRightVerdict() throws {
    let file = try Vectors.decode(
      SignatureFile.self, from: Vectors.bytes("wycheproof-ed25519.json"))
    var count = 0
    for group in file.testGroups {
      let publicKey = try bytes(hex: group.publicKey.pk)
      for test in group.tests {
        let isValid = try Ed25519.isValid(
          bytes(hex: test.sig), of: bytes(hex: test.msg), publicKey: publicKey)
        #expect(isValid == (test.result == "valid"), "case \(test.tcId): \(test.comment)")
        count += 1
      }
    }
    #expect(count == file.numberOfTests)
    #expect(count > 100)
  }

  private func log() throws -> VerifierKey {
    try VerifierKey(
      "example.com/log/testdata+33d7b496+AeHTu4Q3hEIMHNqc6fASMsq3rKNx280NI+oO5xCFkkSx")
  }

  /// The entries of a bundle: each after its length in two bytes.
  private func entries(_ bundle: [UInt8]) -> [[UInt8]] {
    var entries: [[UInt8]] = []
    var rest = bundle[...]
    while let high = rest.popFirst(), let low = rest.popFirst() {
      let length = Int(high) << 8 | Int(low)
      entries.append(Array(rest.prefix(length)))
      rest = rest.dropFirst(length)
    }
    return entries
  }

  @Test(arguments: 0...15) func tesseraCheckpointsAreSignedAndTrue(size: Int) throws {
    let bytes = try Vectors.bytes("tessera-log/checkpoint.\(size)")
    let signed = try SignedCheckpoint(parsing: bytes)
    #expect(signed.encoded == bytes)
    #expect(signed.checkpoint.size == size)
    let found = try signed.verify(origin: "example.com/log/testdata", logKeys: [log()])
    #expect(found == [VerifiedSignature(key: try log(), time: nil)])

    guard size > 0 else {
      #expect(signed.checkpoint.root == Frontier().root)
      return
    }
    let leaves = try entries(Vectors.bytes("tessera-log/tile/entries/000.p/\(size)"))
      .map { MerkleTree.leafHash($0) }
    let tile = try Vectors.bytes("tessera-log/tile/0/000.p/\(size)")
    #expect(leaves.flatMap(\.bytes) == tile)
    var frontier = Frontier()
    frontier.append(contentsOf: leaves)
    #expect(frontier.size == size)
    #expect(frontier.root == signed.checkpoint.root)
  }

  @Test func tesseraCheckpointsContinueEachOther() throws {
    let log = try MemoryLog(
      entries(Vectors.bytes("tessera-log/tile/entries/000.p/15")).map { MerkleTree.leafHash($0) })
    let checkpoints = try (0...15).map {
      try SignedCheckpoint(parsing: Vectors.bytes("tessera-log/checkpoint.\($0)")).checkpoint
    }
    for old in checkpoints.dropFirst() {
      for new in checkpoints.dropFirst(old.size) {
        try MerkleTree.verifyConsistency(
          oldSize: old.size, oldRoot: old.root, newSize: new.size, newRoot: new.root,
          proof: log.consistencyProof(from: old.size, to: new.size))
      }
    }
  }
}
