/// Why a proof cannot be made, or does not hold.
package enum ProofError: Error, Equatable, Sendable {
  /// No tree has this size, or nothing can be proved about a tree of this size.
  case sizeOutOfRange(Int)

  /// The leaf does not lie in the tree.
  case indexOutsideTree(index: Int, size: Int)

  /// The older tree is larger than the newer one.
  case sizesReversed(old: Int, new: Int)

  /// The source gave another number of hashes than it was asked for.
  case incompleteRead(expected: Int, actual: Int)

  /// The proof ends before it reaches the root.
  case tooShort

  /// The proof goes on after it has reached the root.
  case tooLong

  /// The proof leads to another root than the older tree's.
  case oldRootDiffers

  /// The proof leads to another root than the tree's.
  case rootDiffers
}
