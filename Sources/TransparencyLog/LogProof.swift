/// A proof, to be checked offline, that a leaf is in a log: c2sp.org/tlog-proof.
///
/// Such files are named `.tlog-proof`. The leaf itself is not in them.
package struct LogProof: Hashable, Sendable {
  /// The first line of every proof.
  private static let header = "c2sp.org/tlog-proof@v1"

  /// The leaf's index in the log, from 0.
  package let index: Int

  /// The audit path from the leaf's sibling up.
  package let hashes: [Hash]

  /// Bytes for the application, signed by nobody; empty for none.
  package let extra: [UInt8]

  /// The checkpoint of the tree that the path leads to.
  package let checkpoint: SignedCheckpoint

  /// Puts a proof together; whether it holds is for `verify` to say.
  ///
  /// - Throws: `NoteError.malformedProof` for a negative index.
  package init(
    index: Int, hashes: [Hash], extra: [UInt8] = [], checkpoint: SignedCheckpoint
  ) throws(NoteError) {
    guard index >= 0 else { throw .malformedProof("an index is not negative") }
    self.index = index
    self.hashes = hashes
    self.extra = extra
    self.checkpoint = checkpoint
  }

  /// Reads a proof. `encoded` gives the same bytes again.
  ///
  /// - Throws: `NoteError.malformedProof`, or `.malformedNote` and `.malformedCheckpoint` for its
  ///   checkpoint.
  package init(parsing bytes: [UInt8]) throws(NoteError) {
    var rest = bytes[...]
    guard rest.nextLine()?.elementsEqual(LogProof.header.utf8) == true else {
      throw .malformedProof("a proof begins with \(LogProof.header)")
    }
    var line = rest.nextLine()
    var extra: [UInt8] = []
    if let encoded = line?.droppingPrefix("extra ") {
      guard let decoded = Base64.decode(encoded), !decoded.isEmpty else {
        throw .malformedProof("the extra data is base64 of at least one byte")
      }
      extra = decoded
      line = rest.nextLine()
    }
    guard let digits = line?.droppingPrefix("index "), let index = DecimalText.value(of: digits)
    else { throw .malformedProof("the index is a decimal below 2^63") }
    var hashes: [Hash] = []
    while let line = rest.nextLine(), !line.isEmpty {
      guard hashes.count < Int.bitWidth, let bytes = Base64.decode(line), let hash = Hash(bytes)
      else { throw .malformedProof("an audit path is at most 64 hashes in base64") }
      hashes.append(hash)
    }
    try self.init(
      index: index, hashes: hashes, extra: extra,
      checkpoint: SignedCheckpoint(parsing: Array(rest)))
  }

  /// The proof's bytes.
  package var encoded: [UInt8] {
    var lines = [LogProof.header]
    if !extra.isEmpty { lines.append("extra \(Base64.encode(extra))") }
    lines.append("index \(index)")
    lines += hashes.map(\.base64)
    return Array(lines.map { $0 + "\n" }.joined().utf8) + [UInt8(ascii: "\n")] + checkpoint.encoded
  }

  /// Checks that a leaf is in the log: signatures first, then the path from the leaf to the root.
  ///
  /// - Parameters:
  ///   - leaf: the hash of the leaf, computed by the caller from what it knows.
  ///   - origin: the log's expected origin line.
  ///   - logKeys: the keys of that log, any of which must have signed.
  ///   - witnesses: the known witnesses.
  ///   - quorum: how many of them must have cosigned.
  /// - Returns: the signatures of all these keys, checked.
  /// - Throws: as `SignedCheckpoint.verify`, and `NoteError.notIncluded`.
  @discardableResult
  package func verify(
    leaf: Hash, origin: String, logKeys: [VerifierKey], witnesses: [VerifierKey] = [],
    quorum: Int = 0
  ) throws(NoteError) -> [VerifiedSignature] {
    let signatures = try checkpoint.verify(
      origin: origin, logKeys: logKeys, witnesses: witnesses, quorum: quorum)
    let tree = checkpoint.checkpoint
    do {
      try MerkleTree.verifyInclusion(
        of: leaf, index: index, size: tree.size, root: tree.root, proof: hashes)
    } catch {
      throw .notIncluded(error)
    }
    return signatures
  }
}
