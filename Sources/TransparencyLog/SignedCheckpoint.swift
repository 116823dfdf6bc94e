/// A checkpoint with the signatures of its log and, perhaps, of witnesses.
package struct SignedCheckpoint: Hashable, Sendable {
  /// What is signed.
  package let checkpoint: Checkpoint

  /// The note that says it.
  package private(set) var note: SignedNote

  /// Signs a checkpoint as its log.
  ///
  /// - Parameters:
  ///   - checkpoint: what to sign.
  ///   - key: the log's key, by habit with the origin as its name; its plain Ed25519 signature states no time.
  /// - Throws: `NoteError.malformedNote` if the checkpoint cannot be the text of a note.
  package init(_ checkpoint: Checkpoint, signedBy key: SignerKey) throws(NoteError) {
    self.checkpoint = checkpoint
    note = try SignedNote(text: checkpoint.text)
    try note.sign(with: key, time: 0)
  }

  /// Reads a signed checkpoint. `encoded` gives the same bytes again.
  ///
  /// - Throws: `NoteError.malformedNote` or `.malformedCheckpoint` for anything else.
  package init(parsing bytes: [UInt8]) throws(NoteError) {
    note = try SignedNote(parsing: bytes)
    checkpoint = try Checkpoint(text: note.textBytes)
  }

  /// The note's bytes.
  package var encoded: [UInt8] { note.encoded }

  /// Adds a signature, usually a witness's.
  ///
  /// - Parameters:
  ///   - key: the key to sign with.
  ///   - time: seconds since 1970, not negative, which a cosignature states.
  package mutating func sign(with key: SignerKey, time: Int) throws(NoteError) {
    try note.sign(with: key, time: time)
  }

  /// Checks that the log itself has signed, and enough witnesses with it.
  ///
  /// Witnesses are counted by the public keys of their cosignatures: one key under two names is one
  /// witness, and a key that signs without a time is none.
  ///
  /// - Parameters:
  ///   - origin: the log's expected origin line.
  ///   - logKeys: the keys of that log, any of which must have signed.
  ///   - witnesses: the known witnesses.
  ///   - quorum: how many of them must have cosigned.
  /// - Returns: the signatures of all these keys, checked.
  /// - Throws: `NoteError`, as `SignedNote.verify(with:)`, and `.originDiffers`, `.tooFewWitnesses`.
  @discardableResult
  package func verify(
    origin: String, logKeys: [VerifierKey], witnesses: [VerifierKey] = [], quorum: Int = 0
  ) throws(NoteError) -> [VerifiedSignature] {
    guard checkpoint.origin.utf8.elementsEqual(origin.utf8) else {
      throw .originDiffers(expected: origin, actual: checkpoint.origin)
    }
    let signatures = try note.verify(with: logKeys + witnesses.filter { !logKeys.contains($0) })
    guard signatures.contains(where: { logKeys.contains($0.key) }) else {
      throw .noKnownSignature
    }
    let cosignatures = signatures.filter { $0.time != nil && witnesses.contains($0.key) }
    let count = Set(cosignatures.map(\.key.publicKey)).count
    guard count >= quorum else { throw .tooFewWitnesses(expected: quorum, actual: count) }
    return signatures
  }
}
