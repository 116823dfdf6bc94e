/// A proof, to be checked offline, that a checkpoint's tree goes on from an older one.
///
/// It has the form of a request to a witness (`add-checkpoint` of c2sp.org/tlog-witness), so that any
/// witness can be given the file as it is:
///
///     old 20852014
///     PlRNCrwHpqhGrupue0L7gxbjbMiKA9temvuZZDDpkaw=
///
///     example.com/behind-the-sofa
///     20852163
///     …
package struct ConsistencyProof: Hashable, Sendable {
  /// More hashes than any proof needs.
  private static let maximumHashCount = 63

  /// The size of the older tree; 0 for a beginning, which needs no proof.
  package let oldSize: Int

  /// The hashes of RFC 6962 §2.1.2.
  package let hashes: [Hash]

  /// The checkpoint of the newer tree.
  package let checkpoint: SignedCheckpoint

  /// Puts a proof together; whether it holds is for `verify` to say.
  ///
  /// - Throws: `NoteError.malformedProof` for a negative size.
  package init(
    oldSize: Int, hashes: [Hash], checkpoint: SignedCheckpoint
  ) throws(NoteError) {
    guard oldSize >= 0 else { throw .malformedProof("a tree's size is not negative") }
    self.oldSize = oldSize
    self.hashes = hashes
    self.checkpoint = checkpoint
  }

  /// Reads a proof. `encoded` gives the same bytes again.
  ///
  /// - Throws: `NoteError.malformedProof`, or `.malformedNote` and `.malformedCheckpoint` for its
  ///   checkpoint.
  package init(parsing bytes: [UInt8]) throws(NoteError) {
    var rest = bytes[...]
    guard let digits = rest.nextLine()?.droppingPrefix("old "),
      let oldSize = DecimalText.value(of: digits)
    else { throw .malformedProof("a consistency proof begins with the older size, like 'old 42'") }
    var hashes: [Hash] = []
    while let line = rest.nextLine(), !line.isEmpty {
      guard hashes.count < ConsistencyProof.maximumHashCount, let bytes = Base64.decode(line),
        let hash = Hash(bytes)
      else { throw .malformedProof("a consistency proof is at most 63 hashes in base64") }
      hashes.append(hash)
    }
    try self.init(
      oldSize: oldSize, hashes: hashes, checkpoint: SignedCheckpoint(parsing: Array(rest)))
  }

  /// The proof's bytes.
  package var encoded: [UInt8] {
    let lines = ["old \(oldSize)"] + hashes.map(\.base64)
    return Array(lines.map { $0 + "\n" }.joined().utf8) + [UInt8(ascii: "\n")] + checkpoint.encoded
  }

  /// Checks the proof against the older tree's root. Signatures are for `checkpoint.verify`.
  ///
  /// - Throws: `NoteError.notConsistent`.
  package func verify(oldRoot: Hash) throws(NoteError) {
    let tree = checkpoint.checkpoint
    do {
      try MerkleTree.verifyContinuation(
        oldSize: oldSize, oldRoot: oldRoot, newSize: tree.size, newRoot: tree.root, proof: hashes)
    } catch {
      throw .notConsistent(error)
    }
  }
}

extension MerkleTree {
  /// The same as `verifyConsistency`, where the older tree may be empty: any tree goes on from it, and
  /// there is nothing to prove.
  static func verifyContinuation(
    oldSize: Int, oldRoot: Hash, newSize: Int, newRoot: Hash, proof: [Hash]
  ) throws(ProofError) {
    guard oldSize != 0 else {
      guard proof.isEmpty else { throw .tooLong }
      guard oldRoot == emptyRoot else { throw .oldRootDiffers }
      return
    }
    try verifyConsistency(
      oldSize: oldSize, oldRoot: oldRoot, newSize: newSize, newRoot: newRoot, proof: proof)
  }
}
