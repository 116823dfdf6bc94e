extension MerkleTree {
  /// Checks that a leaf is the one at an index of the tree with a size and root (RFC 9162 §2.1.3.2).
  ///
  /// - Throws: `ProofError` if it is not proved: a wrong length counts as much as a wrong root.
  package static func verifyInclusion(
    of leaf: Hash, index: Int, size: Int, root: Hash, proof: [Hash]
  ) throws(ProofError) {
    guard (0..<max(size, 0)).contains(index) else {
      throw .indexOutsideTree(index: index, size: size)
    }
    var climb = Climb(node: index, last: size - 1)
    var computed = leaf
    for sibling in proof {
      guard !climb.isAtRoot else { throw .tooLong }
      let isRight = climb.isRight
      computed = isRight ? nodeHash(sibling, computed) : nodeHash(computed, sibling)
      climb.rise()
    }
    guard climb.isAtRoot else { throw .tooShort }
    guard computed == root else { throw .rootDiffers }
  }

  /// Checks that a tree is the beginning of another one (RFC 9162 §2.1.4.2).
  ///
  /// Equal sizes need equal roots and an empty proof. An empty older tree proves nothing and is
  /// refused.
  ///
  /// - Throws: `ProofError` if it is not proved: a wrong length counts as much as a wrong root.
  package static func verifyConsistency(
    oldSize: Int, oldRoot: Hash, newSize: Int, newRoot: Hash, proof: [Hash]
  ) throws(ProofError) {
    guard oldSize > 0 else { throw .sizeOutOfRange(oldSize) }
    guard oldSize <= newSize else { throw .sizesReversed(old: oldSize, new: newSize) }
    guard oldSize < newSize else {
      guard proof.isEmpty else { throw .tooLong }
      guard oldRoot == newRoot else { throw .rootDiffers }
      return
    }
    guard let first = proof.first else { throw .tooShort }
    var climb = Climb(node: oldSize - 1, last: newSize - 1)
    climb.riseWhileRight()
    // A perfect older tree is its own first hash, and the proof leaves it out.
    let isPerfect = oldSize.nonzeroBitCount == 1
    let start = isPerfect ? oldRoot : first
    var (old, new) = (start, start)
    for hash in isPerfect ? proof[...] : proof.dropFirst() {
      guard !climb.isAtRoot else { throw .tooLong }
      if climb.isRight {
        old = nodeHash(hash, old)
        new = nodeHash(hash, new)
      } else {
        new = nodeHash(new, hash)
      }
      climb.rise()
    }
    guard climb.isAtRoot else { throw .tooShort }
    guard old == oldRoot else { throw .oldRootDiffers }
    guard new == newRoot else { throw .rootDiffers }
  }
}

/// The way from a node to the root: its number and that of the last node, level by level.
///
/// RFC 9162 calls the two `fn` and `sn`.
private struct Climb {
  var node: Int
  var last: Int

  var isAtRoot: Bool { last == 0 }

  /// Whether the next sibling is on the left: the node is a right child, or the last of a ragged edge.
  var isRight: Bool { node & 1 == 1 || node == last }

  /// Goes to the parent, first skipping the levels at which the edge has no sibling.
  mutating func rise() {
    if isRight {
      while node & 1 == 0, node != 0 { step() }
    }
    step()
  }

  mutating func riseWhileRight() {
    while node & 1 == 1 { step() }
  }

  private mutating func step() {
    node >>= 1
    last >>= 1
  }
}
