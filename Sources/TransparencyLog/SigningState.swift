/// What a signer remembers: of each log, the last checkpoint that it signed.
///
/// A log's own key knows one log, from its first day at size 0. A witness begins with none, and
/// remembers each that it is shown. A signer that kept to `advance` has never signed two histories.
package struct SigningState: Hashable, Sendable {
  /// The last checkpoints, one an origin, in the order of their first signing.
  package private(set) var last: [Checkpoint]

  /// A state that remembers these.
  package init(_ last: [Checkpoint] = []) { self.last = last }

  /// The state of a log's key that has not signed yet.
  ///
  /// - Throws: `NoteError.malformedCheckpoint` for an impossible origin.
  package init(beginning origin: String) throws(NoteError) {
    try self.init([Checkpoint(origin: origin, size: 0, root: MerkleTree.emptyRoot)])
  }

  /// Reads a state. `text` gives the same bytes again.
  ///
  /// - Throws: `NoteError.malformedCheckpoint`.
  package init(text bytes: [UInt8]) throws(NoteError) {
    var last: [Checkpoint] = []
    var rest = bytes[...]
    var lines: [UInt8] = []
    while let line = rest.nextLine() {
      if line.isEmpty {
        try last.append(Checkpoint(text: lines))
        lines = []
      } else {
        lines += line + [UInt8(ascii: "\n")]
      }
    }
    guard rest.isEmpty, lines.isEmpty else {
      throw .malformedCheckpoint("each checkpoint of a state ends in an empty line")
    }
    self.last = last
  }

  /// The texts of the checkpoints, each with an empty line after it.
  package var text: String { last.map { $0.text + "\n" }.joined() }

  /// The last checkpoint signed of a log.
  package subscript(origin: String) -> Checkpoint? {
    last.first { $0.origin.utf8.elementsEqual(origin.utf8) }
  }

  /// Goes on to a checkpoint of the same log, which may then be signed.
  ///
  /// - Parameter proof: that the last checkpoint's tree is the beginning of this one's.
  /// - Throws: `SigningRefusal` for a smaller tree, for another tree of the same size, and for one that
  ///   is not proved to go on from the last.
  package mutating func advance(to next: Checkpoint, proof: [Hash]) throws(SigningRefusal) {
    guard
      let index = last.firstIndex(where: { $0.origin.utf8.elementsEqual(next.origin.utf8) })
    else {
      last.append(next)
      return
    }
    let known = last[index]
    guard next.size >= known.size else {
      throw .smallerTree(last: known.size, next: next.size)
    }
    guard next.size > known.size || next.root == known.root else {
      throw .otherRoot(size: known.size)
    }
    do {
      try MerkleTree.verifyContinuation(
        oldSize: known.size, oldRoot: known.root, newSize: next.size, newRoot: next.root,
        proof: proof)
    } catch {
      throw .notConsistent(last: known.size, next: next.size, error)
    }
    last[index] = next
  }
}

/// Why a signer must not sign a checkpoint.
package enum SigningRefusal: Error, Equatable, Sendable {
  /// The tree is smaller than one that was signed before.
  case smallerTree(last: Int, next: Int)

  /// A tree of this size was signed before, with another root.
  case otherRoot(size: Int)

  /// The tree is not proved to go on from the one that was signed last.
  case notConsistent(last: Int, next: Int, ProofError)
}
