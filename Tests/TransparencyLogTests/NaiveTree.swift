@testable import TransparencyLog

/// RFC 6962 §2.1 written down as the RFC says it, slowly: what the tests compare with.
enum NaiveTree {
  static func root(_ leaves: ArraySlice<Hash>) -> Hash {
    if leaves.isEmpty { return Hash.sha256([]) }
    if leaves.count == 1 { return leaves[leaves.startIndex] }
    let (left, right) = halves(leaves)
    return Hash.sha256([1] + root(left).bytes + root(right).bytes)
  }

  /// PATH(m, D[n]) of §2.1.1.
  static func path(_ index: Int, _ leaves: ArraySlice<Hash>) -> [Hash] {
    if leaves.count == 1 { return [] }
    let (left, right) = halves(leaves)
    return index < left.count
      ? path(index, left) + [root(right)]
      : path(index - left.count, right) + [root(left)]
  }

  /// PROOF(m, D[n]) of §2.1.2.
  static func proof(_ size: Int, _ leaves: ArraySlice<Hash>) -> [Hash] {
    subproof(size, leaves, true)
  }

  private static func subproof(_ size: Int, _ leaves: ArraySlice<Hash>, _ whole: Bool) -> [Hash] {
    if size == leaves.count { return whole ? [] : [root(leaves)] }
    let (left, right) = halves(leaves)
    return size <= left.count
      ? subproof(size, left, whole) + [root(right)]
      : subproof(size - left.count, right, false) + [root(left)]
  }

  private static func halves(_ leaves: ArraySlice<Hash>) -> (ArraySlice<Hash>, ArraySlice<Hash>) {
    var split = 1
    while split * 2 < leaves.count { split *= 2 }
    return (leaves.prefix(split), leaves.dropFirst(split))
  }
}

/// Leaf hashes that differ from each other.
func sampleLeaves(_ count: Int) -> [Hash] {
  (0..<count).map { MerkleTree.leafHash(utf8: "leaf \($0)") }
}
