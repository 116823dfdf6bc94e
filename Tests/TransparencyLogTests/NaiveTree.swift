@testable import TransparencyLog

/// RFC 6962 §2.1 written down as the RFC says it: what the tests compare with.
///
/// It remembers the roots it has computed, nothing else.
final class NaiveTree {
  private let leaves: [Hash]
  private var roots: [Range<Int>: Hash] = [:]

  init(_ leaves: [Hash]) {
    self.leaves = leaves
  }

  /// MTH(D[n]) of the first leaves.
  func root(_ size: Int) -> Hash { root(0..<size) }

  /// MTH of the leaves in a range.
  func root(_ range: Range<Int>) -> Hash {
    if range.isEmpty { return Hash.sha256([]) }
    if range.count == 1 { return leaves[range.lowerBound] }
    if let root = roots[range] { return root }
    let (left, right) = halves(range)
    let result = Hash.sha256([1] + root(left).bytes + root(right).bytes)
    roots[range] = result
    return result
  }

  /// PATH(m, D[n]) of §2.1.1.
  func path(_ index: Int, _ size: Int) -> [Hash] { path(index, in: 0..<size) }

  /// PROOF(m, D[n]) of §2.1.2.
  func proof(_ oldSize: Int, _ size: Int) -> [Hash] { subproof(oldSize, in: 0..<size, true) }

  private func path(_ index: Int, in range: Range<Int>) -> [Hash] {
    if range.count == 1 { return [] }
    let (left, right) = halves(range)
    return index < left.count
      ? path(index, in: left) + [root(right)]
      : path(index - left.count, in: right) + [root(left)]
  }

  private func subproof(_ oldSize: Int, in range: Range<Int>, _ isWhole: Bool) -> [Hash] {
    if oldSize == range.count { return isWhole ? [] : [root(range)] }
    let (left, right) = halves(range)
    return oldSize <= left.count
      ? subproof(oldSize, in: left, isWhole) + [root(right)]
      : subproof(oldSize - left.count, in: right, false) + [root(left)]
  }

  private func halves(_ range: Range<Int>) -> (Range<Int>, Range<Int>) {
    var split = 1
    while split * 2 < range.count { split *= 2 }
    let middle = range.lowerBound + split
    return (range.lowerBound..<middle, middle..<range.upperBound)
  }
}

extension MerkleTree {
  /// The hash of a leaf made of the UTF-8 bytes of a text.
  static func leafHash(utf8 leaf: String) -> Hash { leafHash(Array(leaf.utf8)) }
}

/// Leaf hashes that differ from each other.
func sampleLeaves(_ count: Int) -> [Hash] {
  (0..<count).map { MerkleTree.leafHash(utf8: "leaf \($0)") }
}
