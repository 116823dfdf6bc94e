/// The Merkle tree of RFC 6962 §2.1 over SHA-256: how its hashes are made.
///
/// Leaves are numbered from 0. A tree of n leaves splits at the largest power of two smaller than n.
package enum MerkleTree {
  /// The root of the tree without leaves: the SHA-256 of nothing.
  package static let emptyRoot = Hash.sha256([])

  /// The hash of a leaf: SHA-256 of the byte 0x00 and the leaf's bytes.
  package static func leafHash(_ leaf: [UInt8]) -> Hash {
    leaf.withUnsafeBytes { Hash.sha256($0, after: 0) }
  }

  /// The hash of a leaf that lies in memory owned by someone else.
  package static func leafHash(_ leaf: UnsafeRawBufferPointer) -> Hash {
    Hash.sha256(leaf, after: 0)
  }

  /// The hash of an inner node: SHA-256 of the byte 0x01, the left and the right hash.
  package static func nodeHash(_ left: Hash, _ right: Hash) -> Hash {
    withUnsafeTemporaryAllocation(byteCount: 1 + 2 * Hash.byteCount, alignment: 8) { buffer in
      buffer[0] = 1
      left.copy(to: .init(rebasing: buffer[1...]))
      right.copy(to: .init(rebasing: buffer[(1 + Hash.byteCount)...]))
      return Hash.sha256(UnsafeRawBufferPointer(buffer))
    }
  }

  /// The number of leaves in the left subtree: the largest power of two smaller than `size`.
  ///
  /// - Precondition: `size` is at least 2.
  static func split(_ size: Int) -> Int {
    precondition(size >= 2, "a tree of \(size) leaves has no two subtrees")
    return 1 << (Int.bitWidth - 1 - (size - 1).leadingZeroBitCount)
  }
}
