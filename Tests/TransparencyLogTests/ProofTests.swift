import Testing

@testable import TransparencyLog

@Suite struct ProofTests {
  @Test func inclusionProofsOfAllSmallTrees() throws {
    let log = MemoryLog(sampleLeaves(300))
    let naive = NaiveTree(log.leaves)
    for size in 1...300 {
      let root = naive.root(size)
      #expect(try log.root(size: size) == root)
      // All leaves of the small trees; of the others some, and the edges.
      let step = size <= 32 ? 1 : 53
      for index in Set(stride(from: 0, to: size, by: step)).union([size - 1, size / 2]) {
        let proof = try log.inclusionProof(index: index, size: size)
        #expect(proof == naive.path(index, size))
        try MerkleTree.verifyInclusion(
          of: log.leaves[index], index: index, size: size, root: root, proof: proof)
      }
    }
  }

  @Test func consistencyProofsOfAllSmallTrees() throws {
    let log = MemoryLog(sampleLeaves(300))
    let naive = NaiveTree(log.leaves)
    for newSize in 1...300 {
      let step = newSize <= 32 ? 1 : 43
      for oldSize in Set(stride(from: 1, through: newSize, by: step)).union([newSize]) {
        let proof = try log.consistencyProof(from: oldSize, to: newSize)
        #expect(proof == naive.proof(oldSize, newSize))
        try MerkleTree.verifyConsistency(
          oldSize: oldSize, oldRoot: naive.root(oldSize), newSize: newSize,
          newRoot: naive.root(newSize), proof: proof)
      }
    }
  }

  @Test func largeTreesReadFewHashes() throws {
    var random = SeededGenerator()
    let log = MemoryLog(sampleLeaves(70_000))
    let naive = NaiveTree(log.leaves)
    for round in 0..<40 {
      let newSize = round == 0 ? 70_000 : Int.random(in: 1...70_000, using: &random)
      let oldSize = Int.random(in: 1...newSize, using: &random)
      let index = Int.random(in: 0..<newSize, using: &random)
      let note: Comment = "\(random), \(oldSize) of \(newSize), leaf \(index)"
      let plans = try [
        ProofPlan.frontier(size: newSize), .inclusion(index: index, size: newSize),
        .consistency(from: oldSize, to: newSize),
      ]
      // Two rows of 256 leaf hashes and the 273 nodes above them, in at most three runs a level.
      #expect(plans.allSatisfy { $0.readCount <= 512 + 273 && $0.reads.count <= 9 }, note)

      let (oldRoot, root) = try (log.root(size: oldSize), log.root(size: newSize))
      try MerkleTree.verifyInclusion(
        of: log.leaves[index], index: index, size: newSize, root: root,
        proof: log.inclusionProof(index: index, size: newSize))
      try MerkleTree.verifyConsistency(
        oldSize: oldSize, oldRoot: oldRoot, newSize: newSize, newRoot: root,
        proof: log.consistencyProof(from: oldSize, to: newSize))
      #expect(root == naive.root(newSize), note)
      #expect(
        try log.inclusionProof(index: index, size: newSize) == naive.path(index, newSize), note)
      #expect(
        try log.consistencyProof(from: oldSize, to: newSize) == naive.proof(oldSize, newSize), note)
    }
  }

  @Test func frontierOfAnOldSizeCanBeAppendedTo() throws {
    let log = MemoryLog(sampleLeaves(1_000))
    var whole = Frontier()
    whole.append(contentsOf: log.leaves)
    for size in [0, 1, 255, 256, 257, 511, 512, 768, 999, 1_000] {
      var frontier = try log.frontier(size: size)
      #expect(frontier.size == size)
      frontier.append(contentsOf: log.leaves.dropFirst(size))
      #expect(frontier == whole)
    }
  }

  @Test func plansOfTheLargestTreesStaySmall() throws {
    var random = SeededGenerator()
    for _ in 0..<200 {
      let newSize = Int.random(in: 1...Int.max, using: &random)
      let oldSize = Int.random(in: 1...newSize, using: &random)
      for plan in try [
        ProofPlan.frontier(size: newSize), .inclusion(index: oldSize - 1, size: newSize),
        .consistency(from: oldSize, to: newSize),
      ] {
        let levels = Dictionary(grouping: plan.reads, by: \.level)
        for (level, reads) in levels {
          #expect(reads.reduce(0) { $0 + $1.indices.count } <= 512, "\(random)")
          // Nothing is read that a tree of this size has not stored.
          #expect(
            reads.allSatisfy { $0.indices.upperBound <= newSize >> (8 * level) }, "\(random)")
          #expect(reads.allSatisfy { !$0.indices.isEmpty }, "\(random)")
        }
        #expect(plan.reads.count <= 3 * levels.count, "\(random)")
      }
    }
    #expect(try ProofPlan.frontier(size: Int.max).readCount == 255 * 7 + 127)
  }

  @Test func questionsWithoutAnAnswerAreRefused() {
    let log = MemoryLog(sampleLeaves(5))
    for (index, size) in [(5, 5), (-1, 5), (0, 0), (0, -1), (Int.max, 5)] {
      #expect(throws: ProofError.indexOutsideTree(index: index, size: size)) {
        try log.inclusionProof(index: index, size: size)
      }
    }
    #expect(throws: ProofError.sizeOutOfRange(0)) { try log.consistencyProof(from: 0, to: 5) }
    #expect(throws: ProofError.sizesReversed(old: 5, new: 4)) {
      try log.consistencyProof(from: 5, to: 4)
    }
    #expect(throws: ProofError.sizeOutOfRange(-1)) { try log.root(size: -1) }
    #expect(throws: MemoryLog.Missing(level: 0, index: 5)) { try log.root(size: 6) }
    #expect(throws: ProofError.incompleteRead(expected: 3, actual: 1)) {
      try ProofPlan.frontier(size: 3).hashes(from: [log.leaves[0]])
    }
  }
}
