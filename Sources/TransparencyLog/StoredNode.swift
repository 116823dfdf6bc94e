/// The hash of a complete subtree of 256ᵏ leaves: the only inner nodes that a log keeps.
///
/// With these and the leaf hashes any proof needs a few hundred reads at most, while one node is
/// stored for every 256 leaves.
package struct StoredNode: Hashable, Sendable {
  /// The base-2 logarithm of the number of children between two stored levels.
  static let bitsPerLevel = 8

  /// k: the subtree has 256ᵏ leaves. At least 1; level 0 would be the leaves themselves.
  package let level: Int

  /// The number of subtrees of this level to the left: the leaves from `index` · 256ᵏ on.
  package let index: Int

  /// The subtree's root hash.
  package let hash: Hash

  /// Names a node and its hash.
  package init(level: Int, index: Int, hash: Hash) {
    self.level = level
    self.index = index
    self.hash = hash
  }

  /// The leaves below the node.
  package var leaves: Range<Int> {
    let bits = level * StoredNode.bitsPerLevel
    return index << bits..<(index + 1) << bits
  }
}
