/// All that appending to a Merkle tree needs: its size and the roots of its perfect subtrees.
///
/// The binary digits of the size name the subtrees: 13 leaves are subtrees of 8, 4 and 1. Appending
/// costs one node hash a leaf on average; nothing before the frontier is read again.
///
///     var frontier = Frontier()
///     let nodes = frontier.append(contentsOf: leaves.map { MerkleTree.leafHash($0) })
///     print(frontier.size, frontier.root)
package struct Frontier: Hashable, Sendable {
  /// The number of leaves.
  package private(set) var size: Int

  /// The roots of the perfect subtrees, left to right, that is from the largest to the smallest.
  package private(set) var hashes: [Hash]

  /// The frontier of the empty tree.
  package init() {
    size = 0
    hashes = []
  }

  /// Takes a size and the hashes of its perfect subtrees, left to right.
  ///
  /// - Throws: `FrontierError` unless there is one hash for each 1 in the size's binary form.
  package init(size: Int, hashes: [Hash]) throws(FrontierError) {
    guard size >= 0 else { throw .negativeSize(size) }
    guard hashes.count == size.nonzeroBitCount else {
      throw .wrongByteCount(
        size: size, expected: size.nonzeroBitCount * Hash.byteCount,
        actual: hashes.count * Hash.byteCount)
    }
    self.size = size
    self.hashes = hashes
  }

  /// The root of the whole tree (RFC 6962 §2.1); of the empty one, the SHA-256 of nothing.
  package var root: Hash {
    guard var root = hashes.last else { return MerkleTree.emptyRoot }
    for left in hashes.dropLast().reversed() { root = MerkleTree.nodeHash(left, root) }
    return root
  }

  /// Appends one leaf by its hash and gives the stored nodes that it completes, lowest level first.
  @discardableResult
  package mutating func append(_ leaf: Hash) -> [StoredNode] {
    var completed: [StoredNode] = []
    append(leaf, completed: &completed)
    return completed
  }

  /// Appends leaves by their hashes and gives the stored nodes that they complete, in the order of
  /// completion.
  @discardableResult
  package mutating func append(contentsOf leaves: some Sequence<Hash>) -> [StoredNode] {
    var completed: [StoredNode] = []
    for leaf in leaves { append(leaf, completed: &completed) }
    return completed
  }

  private mutating func append(_ leaf: Hash, completed: inout [StoredNode]) {
    precondition(size < Int.max, "a tree has at most 2^63 - 1 leaves")
    var hash = leaf
    // Each trailing 1 of the size is a subtree as large as the one that has just become complete.
    for height in stride(from: 1, through: (~size).trailingZeroBitCount, by: 1) {
      hash = MerkleTree.nodeHash(hashes.removeLast(), hash)
      if height.isMultiple(of: StoredNode.bitsPerLevel) {
        completed.append(
          StoredNode(
            level: height / StoredNode.bitsPerLevel, index: size >> height, hash: hash))
      }
    }
    hashes.append(hash)
    size += 1
  }
}

extension Frontier {
  /// Reads a frontier whose size is kept beside its bytes.
  ///
  /// - Throws: `FrontierError` unless there are 32 bytes for each 1 in the size's binary form.
  package init(size: Int, encoded: [UInt8]) throws(FrontierError) {
    guard size >= 0 else { throw .negativeSize(size) }
    let expected = size.nonzeroBitCount * Hash.byteCount
    guard encoded.count == expected else {
      throw .wrongByteCount(size: size, expected: expected, actual: encoded.count)
    }
    self.size = size
    hashes = encoded.withUnsafeBytes { buffer in
      stride(from: 0, to: buffer.count, by: Hash.byteCount).map {
        Hash(unchecked: .init(rebasing: buffer[$0..<$0 + Hash.byteCount]))
      }
    }
  }

  /// The hashes one after another, 32 bytes each; the size is not among them.
  package var encoded: [UInt8] { hashes.flatMap(\.bytes) }
}

/// Why a size and a list of hashes are no frontier.
package enum FrontierError: Error, Equatable, Sendable {
  /// A tree cannot have fewer than no leaves.
  case negativeSize(Int)

  /// The size asks for another number of bytes, 32 for each of its perfect subtrees.
  case wrongByteCount(size: Int, expected: Int, actual: Int)
}
