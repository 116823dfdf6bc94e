import CEMStore
import FoundationEssentials
import TransparencyLog

/// The checkpoints that this user signed or was shown, with their logs' keys: what later checks,
/// proofs and bundles go by.
///
/// They lie under `$XDG_STATE_HOME/cem/checkpoints`, in folders as receipts do.
struct CheckpointShelf {
  private let folder: String?

  init(_ session: Session) {
    let database = ReceiptFile.folder(ofDatabase: session.databaseName)
    folder = Directories.state.map {
      "\($0)/checkpoints/\(database)/\(session.program.id.text)"
    }
  }

  /// A checkpoint with the key that signed it.
  struct Kept {
    var signed: SignedCheckpoint
    var key: VerifierKey

    var size: Int { signed.checkpoint.size }
  }

  /// Keeps a checkpoint.
  /// - Throws: `SystemError`.
  func keep(_ signed: SignedCheckpoint, _ key: VerifierKey) throws(SystemError) {
    guard let folder else { return }
    let text = "\(key)\n\n" + String(decoding: signed.encoded, as: UTF8.self)
    let size = String(signed.checkpoint.size)
    let digits = String(repeating: "0", count: max(0, 12 - size.utf8.count)) + size
    try Files.replace("\(folder)/\(digits)-\(String(key.id, radix: 16)).txt", with: text)
  }

  /// Those of a log's present origin, the smallest first: what was signed of a history that a restore took away
  /// says nothing of this one.
  func checkpoints(of origin: LogOrigin) -> [Kept] {
    all.checkpoints.filter { origin.admits($0.key.name.description, signedUpTo: $0.size) }
  }

  /// All of them, the smallest first, and what is no checkpoint.
  var all: (checkpoints: [Kept], problems: [LogProblem]) {
    guard let folder else { return ([], []) }
    var kept: [Kept] = []
    var problems: [LogProblem] = []
    for name in Files.names(in: folder) where name.hasSuffix(".txt") {
      if let checkpoint = CheckpointShelf.read("\(folder)/\(name)") {
        kept.append(checkpoint)
      } else {
        problems.append(
          LogProblem(.checkpoint, nil, "\(folder)/\(name) is no signed checkpoint with its key"))
      }
    }
    return (kept.sorted { $0.size < $1.size }, problems)
  }

  private static func read(_ path: String) -> Kept? {
    guard let text = Files.read(path), let end = text.firstRange(of: "\n\n"),
      let key = try? VerifierKey(String(text[..<end.lowerBound])),
      let signed = try? SignedCheckpoint(parsing: Array(text[end.upperBound...].utf8)),
      (try? signed.verify(origin: key.name.description, logKeys: [key])) != nil
    else { return nil }
    return Kept(signed: signed, key: key)
  }
}
