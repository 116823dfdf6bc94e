import Testing

@testable import TransparencyLog

@Suite struct FrontierTests {
  @Test func emptyTreeHasTheHashOfNothing() {
    #expect(
      Frontier().root.hex == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855")
    #expect(Frontier().encoded.isEmpty)
  }

  @Test func leafAndNodeHashesAreSeparatedByAPrefix() {
    let leaf = MerkleTree.leafHash([1, 2, 3])
    #expect(leaf == Hash.sha256([0, 1, 2, 3]))
    #expect(MerkleTree.leafHash(utf8: "é") == Hash.sha256([0, 0xC3, 0xA9]))
    #expect(MerkleTree.nodeHash(leaf, leaf) == Hash.sha256([1] + leaf.bytes + leaf.bytes))
  }

  @Test func rootEqualsTheRecursiveDefinition() {
    let leaves = sampleLeaves(300)
    let naive = NaiveTree(leaves)
    var frontier = Frontier()
    for size in 0...300 {
      #expect(frontier.root == naive.root(size))
      #expect(frontier.size == size)
      if size < 300 { frontier.append(leaves[size]) }
    }
  }

  @Test func completedSubtreesAreReportedOnce() {
    let leaves = sampleLeaves(66_000)
    let naive = NaiveTree(leaves)
    var frontier = Frontier()
    let nodes = frontier.append(contentsOf: leaves)
    #expect(frontier.root == naive.root(66_000))
    #expect(nodes.filter { $0.level == 1 }.map(\.index) == Array(0..<66_000 / 256))
    #expect(nodes.filter { $0.level == 2 }.map(\.index) == [0])
    #expect(nodes.allSatisfy { $0.hash == naive.root($0.leaves) })
    #expect(nodes.count == 258)
  }

  @Test func appendingInPiecesEqualsAppendingAtOnce() throws {
    let leaves = sampleLeaves(1_500)
    var whole = Frontier()
    let nodes = whole.append(contentsOf: leaves)
    for cut in [0, 1, 255, 256, 257, 511, 1_024, 1_500] {
      var pieces = Frontier()
      var found = pieces.append(contentsOf: leaves.prefix(cut))
      pieces = try Frontier(size: pieces.size, encoded: pieces.encoded)
      for leaf in leaves.dropFirst(cut) { found += pieces.append(leaf) }
      #expect(pieces == whole)
      #expect(found == nodes)
    }
  }

  @Test func encodingKeepsSizeAndHashes() throws {
    var frontier = Frontier()
    frontier.append(contentsOf: sampleLeaves(13))
    #expect(frontier.encoded.count == 3 * 32)
    #expect(try Frontier(size: 13, encoded: frontier.encoded) == frontier)
    #expect(try Frontier(size: 13, hashes: frontier.hashes) == frontier)
  }

  @Test(arguments: [(13, 64), (13, 95), (13, 97), (13, 128), (0, 32), (12, 96)])
  func wrongByteCountsAreRefused(size: Int, count: Int) {
    let expected = size.nonzeroBitCount * 32
    #expect(throws: FrontierError.wrongByteCount(size: size, expected: expected, actual: count)) {
      try Frontier(size: size, encoded: [UInt8](repeating: 7, count: count))
    }
  }

  @Test func negativeSizesAreRefused() {
    #expect(throws: FrontierError.negativeSize(-1)) { try Frontier(size: -1, encoded: []) }
    #expect(throws: FrontierError.negativeSize(-1)) { try Frontier(size: -1, hashes: []) }
  }
}
