import Testing

@testable import TransparencyLog

/// A proof holds for one statement only: whatever is changed, it is refused.
@Suite struct ProofForgeryTests {
  @Test func alteredInclusionProofsAreRefused() throws {
    var random = SeededGenerator()
    let log = MemoryLog(sampleLeaves(2_000))
    for _ in 0..<300 {
      let size = Int.random(in: 2...2_000, using: &random)
      let index = Int.random(in: 0..<size, using: &random)
      let root = try log.root(size: size)
      let proof = try log.inclusionProof(index: index, size: size)
      let leaf = log.leaves[index]
      func holds(
        _ leaf: Hash, _ index: Int, _ size: Int, _ root: Hash, _ proof: [Hash]
      ) -> Bool {
        do {
          try MerkleTree.verifyInclusion(
            of: leaf, index: index, size: size, root: root, proof: proof)
          return true
        } catch { return false }
      }
      let note: Comment = "\(random), leaf \(index) of \(size)"
      #expect(holds(leaf, index, size, root, proof), note)
      #expect(!holds(leaf.flippingABit(&random), index, size, root, proof), note)
      #expect(!holds(leaf, index, size, root.flippingABit(&random), proof), note)
      #expect(!holds(leaf, index, size, root, proof.flippingABit(&random)), note)
      #expect(!holds(leaf, index, size, root, proof.dropLast()), note)
      #expect(!holds(leaf, index, size, root, Array(proof.dropFirst())), note)
      #expect(!holds(leaf, index, size, root, proof + [root]), note)
      #expect(!holds(leaf, index, size, root, [leaf] + proof), note)
      let otherIndex = (index + Int.random(in: 1..<size, using: &random)) % size
      #expect(!holds(leaf, otherIndex, size, root, proof), note)
      #expect(!holds(leaf, index + size, size, root, proof), note)
      #expect(!holds(leaf, index - size, size, root, proof), note)
    }
  }

  @Test func alteredConsistencyProofsAreRefused() throws {
    var random = SeededGenerator()
    let log = MemoryLog(sampleLeaves(2_000))
    for _ in 0..<300 {
      let newSize = Int.random(in: 2...2_000, using: &random)
      let oldSize = Int.random(in: 1..<newSize, using: &random)
      let (oldRoot, newRoot) = try (log.root(size: oldSize), log.root(size: newSize))
      let proof = try log.consistencyProof(from: oldSize, to: newSize)
      func holds(
        _ oldSize: Int, _ oldRoot: Hash, _ newSize: Int, _ newRoot: Hash, _ proof: [Hash]
      ) -> Bool {
        do {
          try MerkleTree.verifyConsistency(
            oldSize: oldSize, oldRoot: oldRoot, newSize: newSize, newRoot: newRoot, proof: proof)
          return true
        } catch { return false }
      }
      let note: Comment = "\(random), \(oldSize) of \(newSize)"
      #expect(holds(oldSize, oldRoot, newSize, newRoot, proof), note)
      #expect(!holds(oldSize, oldRoot.flippingABit(&random), newSize, newRoot, proof), note)
      #expect(!holds(oldSize, oldRoot, newSize, newRoot.flippingABit(&random), proof), note)
      #expect(!holds(oldSize, oldRoot, newSize, newRoot, proof.flippingABit(&random)), note)
      #expect(!holds(oldSize, oldRoot, newSize, newRoot, proof.dropLast()), note)
      #expect(!holds(oldSize, oldRoot, newSize, newRoot, Array(proof.dropFirst())), note)
      #expect(!holds(oldSize, oldRoot, newSize, newRoot, proof + [newRoot]), note)
      #expect(!holds(oldSize, oldRoot, newSize, newRoot, [oldRoot] + proof), note)
      #expect(!holds(newSize, newRoot, oldSize, oldRoot, proof), note)
      #expect(!holds(0, MerkleTree.emptyRoot, newSize, newRoot, proof), note)
      #expect(!holds(-oldSize, oldRoot, newSize, newRoot, proof), note)
      #expect(!holds(newSize, newRoot, newSize, newRoot, proof), note)
    }
  }

  @Test func aForkIsNoContinuation() throws {
    let leaves = sampleLeaves(1_000)
    var forked = leaves
    forked[500] = MerkleTree.leafHash(utf8: "another history")
    let (log, fork) = (MemoryLog(leaves), MemoryLog(forked))
    #expect(throws: ProofError.oldRootDiffers) {
      try MerkleTree.verifyConsistency(
        oldSize: 700, oldRoot: log.root(size: 700), newSize: 1_000, newRoot: fork.root(size: 1_000),
        proof: fork.consistencyProof(from: 700, to: 1_000))
    }
  }

  /// The right half of a tree, taken for a tree of its own: such proofs lead to the true roots, and
  /// only their length tells.
  @Test func aProofOfALargerTreeIsTooLong() throws {
    let log = MemoryLog(sampleLeaves(16))
    for size in [2, 4, 8, 16] {
      let root = try log.root(size: size)
      for index in size / 2..<size {
        let proof = try log.inclusionProof(index: index, size: size)
        #expect(throws: ProofError.tooLong) {
          try MerkleTree.verifyInclusion(
            of: log.leaves[index], index: index - size / 2, size: size / 2, root: root, proof: proof
          )
        }
      }
      for oldSize in size / 2..<size where (oldSize - size / 2).nonzeroBitCount > 1 {
        #expect(throws: ProofError.tooLong) {
          try MerkleTree.verifyConsistency(
            oldSize: oldSize - size / 2, oldRoot: log.root(size: oldSize), newSize: size / 2,
            newRoot: root, proof: log.consistencyProof(from: oldSize, to: size))
        }
      }
    }
  }

  @Test func equalTreesNeedNoProof() throws {
    let root = MerkleTree.leafHash([1])
    try MerkleTree.verifyConsistency(
      oldSize: 1, oldRoot: root, newSize: 1, newRoot: root, proof: [])
    #expect(throws: ProofError.tooLong) {
      try MerkleTree.verifyConsistency(
        oldSize: 1, oldRoot: root, newSize: 1, newRoot: root, proof: [root])
    }
    #expect(throws: ProofError.rootDiffers) {
      try MerkleTree.verifyConsistency(
        oldSize: 1, oldRoot: root, newSize: 1, newRoot: MerkleTree.emptyRoot, proof: [])
    }
  }
}

extension Hash {
  func flippingABit(_ random: inout some RandomNumberGenerator) -> Hash {
    var bytes = bytes
    bytes[.random(in: 0..<32, using: &random)] ^= 1 << Int.random(in: 0..<8, using: &random)
    return bytes.withUnsafeBytes { Hash(unchecked: $0) }
  }
}

extension [Hash] {
  func flippingABit(_ random: inout some RandomNumberGenerator) -> [Hash] {
    var hashes = self
    let index = Int.random(in: 0..<count, using: &random)
    hashes[index] = hashes[index].flippingABit(&random)
    return hashes
  }
}
