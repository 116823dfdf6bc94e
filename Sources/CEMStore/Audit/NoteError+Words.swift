package import TransparencyLog

extension NoteError {
  /// What is wrong, for a person.
  package var words: String {
    switch self {
    case .malformedNote(let rule), .malformedKey(let rule), .malformedCheckpoint(let rule),
      .malformedProof(let rule):
      rule
    case .invalidSignature(let name, _): "the signature of \(name) is wrong"
    case .noKnownSignature: "the log's key has not signed it"
    case .originDiffers(let expected, let actual): "it is of \(actual), not of \(expected)"
    case .tooFewWitnesses(let expected, let actual):
      "\(actual) of the \(expected) witnesses asked for have signed it"
    case .notIncluded(let error): "the event is not proved to be in the tree: \(error.words)"
    case .notConsistent(let error):
      "it is not proved to go on from the older one: \(error.words)"
    }
  }
}

extension ProofError {
  /// What is wrong, for a person.
  package var words: String {
    switch self {
    case .sizeOutOfRange(let size): "there is no tree of size \(size)"
    case .indexOutsideTree(let index, let size): "leaf \(index) lies outside a tree of \(size)"
    case .sizesReversed(let old, let new): "\(old) is larger than \(new)"
    case .incompleteRead(let expected, let actual): "\(actual) of \(expected) hashes are there"
    case .tooShort: "the proof ends too early"
    case .tooLong: "the proof goes on too long"
    case .oldRootDiffers: "it leads to another root than the older one"
    case .rootDiffers: "it leads to another root"
    }
  }
}
