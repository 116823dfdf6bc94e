/// What must be read to answer a question about a tree, and the answer once it has been read.
///
/// Reading is separate from computing so that a database can fetch everything in one query:
///
///     let plan = try ProofPlan.inclusion(index: 41, size: 70_000)
///     let fetched = database.hashes(in: plan.reads)
///     let proof = try plan.hashes(from: fetched)
///
/// A plan reads only hashes that exist in any tree of the size it was made for, at most 2 · 256
/// of each level.
package struct ProofPlan: Sendable {
  /// What to read: disjoint, by level and then by index, neighbours joined.
  package let reads: [NodeRange]

  /// The leaves below each hash of the answer, in the answer's order.
  private let subtrees: [Range<Int>]

  private init(_ subtrees: [Range<Int>]) {
    self.subtrees = subtrees
    reads = ProofPlan.joined(
      subtrees.flatMap { PerfectSubtree.parts(of: $0) }.map(\.storedNodes))
  }

  /// Plans the hashes of a tree's perfect subtrees, left to right.
  ///
  /// - Throws: `ProofError.sizeOutOfRange` for a negative size.
  package static func frontier(size: Int) throws(ProofError) -> ProofPlan {
    guard size >= 0 else { throw .sizeOutOfRange(size) }
    return ProofPlan(PerfectSubtree.parts(of: 0..<size).map(\.leaves))
  }

  /// Plans an audit path, PATH(m, D[n]) of RFC 6962 §2.1.1.
  ///
  /// - Throws: `ProofError.indexOutsideTree` unless 0 ≤ `index` < `size`.
  package static func inclusion(index: Int, size: Int) throws(ProofError) -> ProofPlan {
    guard (0..<max(size, 0)).contains(index) else {
      throw .indexOutsideTree(index: index, size: size)
    }
    var siblings: [Range<Int>] = []
    var tree = 0..<size
    while tree.count > 1 {
      let middle = tree.lowerBound + MerkleTree.split(tree.count)
      let (left, right) = (tree.lowerBound..<middle, middle..<tree.upperBound)
      siblings.append(index < middle ? right : left)
      tree = index < middle ? left : right
    }
    return ProofPlan(siblings.reversed())
  }

  /// Plans a consistency proof, PROOF(m, D[n]) of RFC 6962 §2.1.2; empty for equal sizes.
  ///
  /// - Throws: `ProofError.sizeOutOfRange` for an empty older tree, which is the beginning of any;
  ///   `.sizesReversed` where the older tree is the larger one.
  package static func consistency(
    from oldSize: Int, to newSize: Int
  ) throws(ProofError) -> ProofPlan {
    guard oldSize > 0 else { throw .sizeOutOfRange(oldSize) }
    guard oldSize <= newSize else { throw .sizesReversed(old: oldSize, new: newSize) }
    var hashes: [Range<Int>] = []
    var tree = 0..<newSize
    while tree.upperBound != oldSize {
      let middle = tree.lowerBound + MerkleTree.split(tree.count)
      let (left, right) = (tree.lowerBound..<middle, middle..<tree.upperBound)
      hashes.append(oldSize <= middle ? right : left)
      tree = oldSize <= middle ? left : right
    }
    // A verifier knows the older root already where that is one perfect subtree.
    if tree.lowerBound > 0 { hashes.append(tree) }
    return ProofPlan(hashes.reversed())
  }

  /// The answer, from all hashes of `reads` one after another.
  ///
  /// - Throws: `ProofError.incompleteRead` if there are more or fewer hashes than asked for.
  package func hashes(from fetched: [Hash]) throws(ProofError) -> [Hash] {
    let expected = reads.reduce(0) { $0 + $1.indices.count }
    guard fetched.count == expected else {
      throw .incompleteRead(expected: expected, actual: fetched.count)
    }
    return subtrees.map { subtree in
      let parts = PerfectSubtree.parts(of: subtree).map { root(of: $0, in: fetched) }
      return parts.dropLast().reversed().reduce(parts[parts.count - 1]) {
        MerkleTree.nodeHash($1, $0)
      }
    }
  }

  private func root(of subtree: PerfectSubtree, in fetched: [Hash]) -> Hash {
    let wanted = subtree.storedNodes
    var offset = 0
    for range in reads {
      if range.level == wanted.level, range.indices.contains(wanted.indices.lowerBound) {
        offset += wanted.indices.lowerBound - range.indices.lowerBound
        break
      }
      offset += range.indices.count
    }
    var row = fetched[offset..<offset + wanted.indices.count]
    while row.count > 1 {
      row =
        stride(from: row.startIndex, to: row.endIndex, by: 2).map {
          MerkleTree.nodeHash(row[$0], row[$0 + 1])
        }[...]
    }
    return row[row.startIndex]
  }

  private static func joined(_ ranges: [NodeRange]) -> [NodeRange] {
    let sorted = ranges.sorted {
      ($0.level, $0.indices.lowerBound) < ($1.level, $1.indices.lowerBound)
    }
    return sorted.reduce(into: []) { joined, next in
      if let last = joined.last, last.level == next.level,
        last.indices.upperBound == next.indices.lowerBound
      {
        let indices = last.indices.lowerBound..<next.indices.upperBound
        joined[joined.count - 1] = NodeRange(level: next.level, indices: indices)
      } else {
        joined.append(next)
      }
    }
  }
}
