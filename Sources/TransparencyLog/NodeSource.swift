/// Hashes that a log stores side by side, of one level.
package struct NodeRange: Hashable, Sendable {
  /// 0 for leaf hashes, else k for the stored nodes of 256ᵏ leaves.
  package let level: Int

  /// The numbers of the leaves, or of the stored nodes within their level, from 0. Never empty.
  package let indices: Range<Int>

  /// Names hashes of one level.
  package init(level: Int, indices: Range<Int>) {
    self.level = level
    self.indices = indices
  }
}

/// Where leaf hashes and stored nodes come from: a database, a file, an array.
///
/// What it returns is not trusted to be right, only to be complete: wrong hashes make wrong roots
/// and proofs, which do not verify.
package protocol NodeSource {
  /// The hashes of all ranges, in the order of the ranges and of the indices within them.
  ///
  /// - Throws: what the source throws, for example where a hash is missing.
  func hashes(in ranges: [NodeRange]) throws -> [Hash]
}

extension NodeSource {
  /// The frontier that the tree had at a size, from which its root follows and appending could go on.
  ///
  /// - Throws: `ProofError` for a negative size or an incomplete read; what the source throws.
  package func frontier(size: Int) throws -> Frontier {
    try Frontier(size: size, hashes: answer(.frontier(size: size)))
  }

  /// The root that the tree had at a size.
  ///
  /// - Throws: as `frontier(size:)`.
  package func root(size: Int) throws -> Hash {
    try frontier(size: size).root
  }

  /// The audit path of a leaf in the tree of a size (RFC 6962 §2.1.1), from the leaf's sibling up.
  ///
  /// - Throws: `ProofError` for a leaf outside the tree or an incomplete read; what the source throws.
  package func inclusionProof(index: Int, size: Int) throws -> [Hash] {
    try answer(.inclusion(index: index, size: size))
  }

  /// The proof that the tree of one size is the beginning of that of another (RFC 6962 §2.1.2).
  ///
  /// - Throws: `ProofError` unless 0 < `oldSize` ≤ `newSize`, or for an incomplete read; what the
  ///   source throws.
  package func consistencyProof(from oldSize: Int, to newSize: Int) throws -> [Hash] {
    try answer(.consistency(from: oldSize, to: newSize))
  }

  private func answer(_ plan: ProofPlan) throws -> [Hash] {
    try plan.hashes(from: plan.reads.isEmpty ? [] : hashes(in: plan.reads))
  }
}
