import ArgumentParser
import CEMStore
import TransparencyLog

extension CheckpointNoun {
  struct Verify: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "verify",
      abstract: "Check a checkpoint's signatures, and that it goes on from an older one.",
      discussion: examples(
        "cem audit checkpoint verify checkpoint.txt --vkey \"$VKEY\"",
        "cem audit checkpoint verify new.txt --vkey \"$VKEY\" --since old.txt --proof new.consistency",
        "cem audit checkpoint verify new.txt --vkey \"$VKEY\" --since old.txt",
        about:
          "Each vkey given must have signed; one of them is the log's own. With --since and a proof nothing is asked of the database; without the proof, it has to give one. Exit code 1 where the checkpoint is not good."
      ))

    @Argument(help: "The checkpoint's file.", completion: .file()) var file: String
    @OptionGroup var keys: VerifierKeyOptions
    @Option(
      help: ArgumentHelp("An older checkpoint, which must be its beginning.", valueName: "file"))
    var since: String?
    @Option(
      help: ArgumentHelp(
        "The proof of that, as 'cem audit prove --since' writes it.", valueName: "file"))
    var proof: String?
    @OptionGroup(title: "Options everywhere") var options: GlobalOptions

    func validate() throws {
      if proof != nil, since == nil { throw ValidationError("--proof needs --since OLDER") }
    }

    func run() async throws {
      let keys = try keys.keys()
      let signed = try CheckpointReader.read(file, keys)
      let signatures = try CheckpointReader.signatures(of: signed, keys, file)
      var view = CheckpointView(signed: signed, signatures: signatures, file: file)
      if let since {
        let older = try CheckpointReader.read(since, keys)
        _ = try CheckpointReader.signatures(of: older, LogKeys(log: keys.log), since)
        try await checkContinuation(from: older.checkpoint, to: signed)
        view.since = older.checkpoint.size
      }
      try options.show(view, CheckpointView.fields, sentence: view.sentence)
    }

    private func checkContinuation(
      from older: Checkpoint, to signed: SignedCheckpoint
    ) async throws {
      let new = signed.checkpoint
      var consistency = try ConsistencyProof(
        oldSize: older.size, hashes: [], checkpoint: signed)
      if let proof {
        do {
          consistency = try ConsistencyProof(parsing: try Files.contents(proof))
        } catch let error as NoteError {
          throw CheckpointReader.refusal(error, proof)
        }
        guard consistency.oldSize == older.size, consistency.checkpoint.checkpoint == new else {
          throw CommandError(
            "audit.proof", "\(proof) is for other checkpoints than these", exit: .no)
        }
      } else if older.size > 0, older.size < new.size {
        let session = try await Session.open(options)
        let tree = TreeReader(connection: session.connection, programID: session.program.id)
        guard
          try session.moments.head().position
            >= Int64(new.size)
        else {
          throw CommandError(
            "audit.checkpoint", "the log is smaller than \(new.size): events were removed",
            exit: .no)
        }
        consistency = try ConsistencyProof(
          oldSize: older.size, hashes: tree.consistencyProof(from: older.size, to: new.size),
          checkpoint: signed)
      }
      do {
        try consistency.verify(oldRoot: older.root)
      } catch {
        throw CheckpointReader.refusal(error, file)
      }
    }
  }
}

/// The keys that a check goes by: the log's own, and witnesses'.
struct LogKeys {
  var log: VerifierKey
  var witnesses: [VerifierKey] = []

  /// The log's name.
  var origin: String { log.name.description }
}

/// `--vkey`, which may be repeated.
struct VerifierKeyOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "The log's verifier key, which you were given beforehand; repeat it for each witness who must have signed.",
      valueName: "vkey"))
  var vkey: [String] = []

  /// The keys, one of which is the log's.
  /// - Throws: `CommandError` where there is no key of a log or several, or one that is no key.
  func keys() throws(CommandError) -> LogKeys {
    var keys: [VerifierKey] = []
    for text in vkey {
      do {
        let key = try VerifierKey(text)
        if !keys.contains(key) { keys.append(key) }
      } catch {
        throw .usage("\(text) is no verifier key", hint: ErrorReport(error).message)
      }
    }
    let logs = keys.filter { $0.algorithm == .ed25519 }
    guard logs.count == 1 else {
      throw .usage(
        logs.isEmpty ? "whose checkpoint? Give the log's key" : "only one key can be the log's",
        hint: "--vkey VKEY is the key that 'cem audit checkpoint keygen' printed")
    }
    return LogKeys(log: logs[0], witnesses: keys.filter { $0.algorithm != .ed25519 })
  }
}

/// Reads checkpoints that users name.
enum CheckpointReader {
  /// - Throws: `CommandError`: 66 where there is no file, 1 where it is no checkpoint.
  static func read(_ path: String, _ keys: LogKeys) throws(CommandError) -> SignedCheckpoint {
    let bytes = try Files.contents(path)
    do {
      return try SignedCheckpoint(parsing: bytes)
    } catch {
      throw refusal(error, path)
    }
  }

  /// The signatures, where all that must have signed have.
  /// - Throws: `CommandError` with exit code 1.
  static func signatures(
    of signed: SignedCheckpoint, _ keys: LogKeys, _ path: String
  ) throws(CommandError) -> [VerifiedSignature] {
    do {
      return try signed.verify(
        origin: keys.origin, logKeys: [keys.log], witnesses: keys.witnesses,
        quorum: keys.witnesses.count)
    } catch {
      throw refusal(error, path)
    }
  }

  /// A file that is not to be believed.
  static func refusal(_ error: NoteError, _ path: String) -> CommandError {
    CommandError(
      "audit.\(error.code)", "\(path) is not good: \(error.words)",
      hint: "compare the vkey with the one that you were given", exit: .no)
  }
}
