/// Why a note, key, checkpoint or proof cannot be read, or must not be believed.
package enum NoteError: Error, Equatable, Sendable {
  /// The bytes are no signed note; the text says which rule they break.
  case malformedNote(String)

  /// The text is no key; it says which rule is broken, and never contains the key.
  case malformedKey(String)

  /// The note's text is no checkpoint; the text says which rule it breaks.
  case malformedCheckpoint(String)

  /// The bytes are no transparency log proof; the text says which rule they break.
  case malformedProof(String)

  /// A signature claims to be by a known key and is not: the whole note is refused.
  case invalidSignature(KeyName, keyID: UInt32)

  /// No known key has signed the note.
  case noKnownSignature

  /// The checkpoint is of another log.
  case originDiffers(expected: String, actual: String)

  /// Fewer witnesses than asked for have cosigned the checkpoint.
  case tooFewWitnesses(expected: Int, actual: Int)

  /// The leaf is not proved to be in the checkpoint's tree.
  case notIncluded(ProofError)

  /// The older tree is not proved to be the beginning of the checkpoint's.
  case notConsistent(ProofError)
}
