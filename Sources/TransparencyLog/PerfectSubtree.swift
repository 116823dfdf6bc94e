/// A subtree of 2ʰ leaves that starts at a multiple of 2ʰ.
struct PerfectSubtree: Hashable {
  /// h: the levels of nodes above the leaves.
  let height: Int

  /// The number of subtrees of the same height to the left.
  let index: Int

  /// The leaves below it.
  var leaves: Range<Int> { index << height..<(index + 1) << height }

  /// The stored hashes that it is computed from: at most 128, of the next level below it.
  var storedNodes: NodeRange {
    let (level, remainder) = height.quotientAndRemainder(dividingBy: StoredNode.bitsPerLevel)
    return NodeRange(level: level, indices: index << remainder..<(index + 1) << remainder)
  }

  /// The perfect subtrees, from the largest to the smallest, of any subtree that RFC 6962's splitting
  /// makes: only its right edge can be ragged.
  static func parts(of leaves: Range<Int>) -> [PerfectSubtree] {
    var parts: [PerfectSubtree] = []
    var start = leaves.lowerBound
    while start < leaves.upperBound {
      let height = Int.bitWidth - 1 - (leaves.upperBound - start).leadingZeroBitCount
      parts.append(PerfectSubtree(height: height, index: start >> height))
      start += 1 << height
    }
    return parts
  }
}
