import CEMStore
import TransparencyLog

extension ErrorReport {
  init(_ refusal: SigningRefusal) {
    let message: String
    let cause: String
    switch refusal {
    case .smallerTree(let last, let next):
      message = "the log has \(next) events, and \(last) were signed before"
      cause = "events were removed, or the database is an older copy"
    case .otherRoot(let size):
      message = "the log's first \(size) events are not those that were signed before"
      cause = "its tree of that size has another root"
    case .notConsistent(let last, let next, let error):
      message = "it is not proved that the tree of \(next) goes on from the one of \(last)"
      cause = error.words
    }
    self.init(
      "audit.signing-refused", message, cause: cause,
      hint: "cem audit verify; nothing was signed", exit: .no)
  }

  init(_ error: BundleError) {
    switch error {
    case .file(let name, let reason):
      self.init(
        "bundle.file", "the bundle's file \(name) cannot be read or written", cause: reason,
        exit: .inputOutput)
    case .notEmpty(let folder):
      self.init(
        "bundle.not-empty", "there is something in \(folder) already",
        hint: "name a folder that is new or empty", exit: .input)
    case .noFolder(let folder):
      self.init("bundle.not-found", "there is no folder \(folder)", exit: .notFound)
    case .nothingConcerns(let department):
      self.init(
        "bundle.empty", "no event under the checkpoint concerns \(department)",
        hint: "cem department list", exit: .notFound)
    case .erasedLater(let position, let size):
      self.init(
        "bundle.erased-later",
        "position \(position) was erased after the checkpoint of \(size) events",
        cause: "a bundle that ends there would not hold the erasure that says so",
        hint: "sign a newer one: cem audit checkpoint sign --key FILE", exit: .input)
    case .checkpointBeyond(let size, let log):
      self.init(
        "audit.checkpoint", "the checkpoint covers \(size) events, and the log has \(log)",
        cause: "events were removed, or it is of another log", hint: "cem audit verify", exit: .no)
    }
  }

  init(_ problem: LogProblem) {
    let place = problem.place.map { "position \($0.first): " } ?? ""
    self.init(
      "audit.\(problem.kind.rawValue)", "the log is not whole: \(place)\(problem.message)",
      hint: "cem audit verify", exit: .no)
  }
}

extension NoteError {
  /// A stable name.
  var code: String {
    switch self {
    case .malformedNote, .malformedCheckpoint, .originDiffers: "checkpoint"
    case .malformedKey: "key"
    case .malformedProof, .notIncluded, .notConsistent: "proof"
    case .invalidSignature, .noKnownSignature, .tooFewWitnesses: "signature"
    }
  }
}
