import ArgumentParser
import CEMStore
import FoundationEssentials
import TransparencyLog

extension CheckpointNoun {
  struct Sign: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "sign", abstract: "Sign where the log stands now.",
      discussion: examples(
        "cem audit checkpoint sign --key log.key > checkpoint.txt",
        "cem audit checkpoint sign --key log.key --out checkpoint.txt",
        about:
          "Keep the checkpoint where the database's administrators cannot change it: in git, by mail, on paper. The events since the last one are hashed anew, and a log that does not go on from what was signed before is refused."
      ))

    @Option(help: ArgumentHelp("The private key's file.", valueName: "file"), completion: .file())
    var key: String
    @Option(help: ArgumentHelp("Write the checkpoint to a file.", valueName: "file"))
    var out: String?
    @OptionGroup(title: "Options everywhere") var options: GlobalOptions

    func run() async throws {
      try CheckpointOutput.requireReplaceable(out)
      let keyFile = try KeyFile.open(key, .ed25519)
      let origin = keyFile.key.verifier.name.description
      var state = try keyFile.state()
      guard let last = state[origin], state.last.count == 1 else {
        throw CommandError(
          "key.other-origin",
          "the key is \(origin), but what was signed last is of \(state.last.map(\.origin).joined(separator: ", "))",
          hint: "bring back the file \(KeyFile.statePath(of: key)) of this key", exit: .input)
      }
      let session = try await Session.open(options, purpose: .bulk)
      let present = try session.logOrigin()
      guard present.admits(origin, signedUpTo: last.size) else {
        throw CommandError(
          "key.other-origin",
          "the key is for \(origin), which is not the origin of \(session.program.slug) or no longer",
          cause: present.restorations > 0 ? "the log was restored from a backup" : nil,
          hint: "cem audit checkpoint keygen --out FILE makes a key for it", exit: .input)
      }
      let next = try TreeContinuation(
        of: session.program.id, session.connection, from: last.size, last.root)
      let checkpoint = try Checkpoint(origin: origin, size: next.size, root: next.root)
      try state.advance(to: checkpoint, proof: next.proof)
      let signed = try SignedCheckpoint(checkpoint, signedBy: keyFile.key)
      // Remembered first: what is given out must never be forgotten.
      try keyFile.remember(state)
      try CheckpointShelf(session).keep(signed, keyFile.key.verifier)
      try CheckpointOutput(signed, keys: [keyFile.key.verifier], since: last.size, out: out)
        .show(options)
    }
  }
}

/// Writes a signed checkpoint: into a file, or as the result.
struct CheckpointOutput {
  private let view: CheckpointView

  /// - Throws: `NoteError` where a key has not signed.
  init(
    _ signed: SignedCheckpoint, keys: [VerifierKey], since: Int?, out: String?
  ) throws {
    view = CheckpointView(
      signed: signed, signatures: try signed.note.verify(with: keys), file: out, since: since)
  }

  /// Asked before anything is signed.
  /// - Throws: `CommandError` where something else than a checkpoint would be written over.
  static func requireReplaceable(_ out: String?) throws(CommandError) {
    try Files.requireReplaceable(out, as: "checkpoint") {
      (try? SignedCheckpoint(parsing: $0)) != nil
    }
  }

  /// - Throws: `CommandError` where the file cannot be written.
  func show(_ options: GlobalOptions) throws {
    let text = String(decoding: view.signed.encoded, as: UTF8.self)
    if let out = view.file {
      try Files.write(text, toUserFile: out)
      try options.show(view, CheckpointView.fields, sentence: view.sentence)
    } else if options.style.format == nil || options.style.format == .table {
      try Console.standard.write(text)
    } else {
      try options.show(view, CheckpointView.fields)
    }
  }
}
