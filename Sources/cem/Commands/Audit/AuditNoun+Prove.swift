import ArgumentParser
import CEMStore
import FoundationEssentials
import TransparencyLog

extension AuditNoun {
  struct Prove: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "prove",
      abstract:
        "Write a proof that an event is in the log, or that a checkpoint goes on from another.",
      discussion: examples(
        "cem audit prove 42 --out 42.tlog-proof",
        "cem audit prove 42 --checkpoint checkpoint.txt --out 42.tlog-proof",
        "cem audit prove --since old.txt --checkpoint new.txt --out new.consistency",
        about:
          "An event's proof is a file that anybody can check who has the log's vkey: cem audit verify --proof FILE --vkey VKEY. Without --checkpoint it leads to the newest one that was signed here."
      ))

    @Argument(help: "The event's position.") var position: Int64?
    @Option(
      help: ArgumentHelp(
        "Prove instead that the checkpoint goes on from this older one.", valueName: "file"),
      completion: .file())
    var since: String?
    @Option(help: ArgumentHelp("The proof's file.", valueName: "file")) var out: String
    @Option(
      help: ArgumentHelp("The signed checkpoint that the proof leads to.", valueName: "file"),
      completion: .file())
    var checkpoint: String?
    @OptionGroup(title: "Options everywhere") var options: GlobalOptions

    func validate() throws {
      guard (position == nil) != (since == nil) else {
        throw ValidationError("name an event's position, or an older checkpoint with --since")
      }
    }

    func run() async throws {
      try Files.requireReplaceable(out, as: "proof") { bytes in
        (try? LogProof(parsing: bytes)) != nil || (try? ConsistencyProof(parsing: bytes)) != nil
      }
      let session = try await Session.open(options)
      let signed = try checkpoint(session)
      try requireOwn(signed.checkpoint, session)
      if let position {
        try prove(position, to: signed, session)
      } else if let since {
        try prove(since: since, to: signed, session)
      }
    }

    /// Refuses a checkpoint that names another program, which no log but its own can prove.
    private func requireOwn(_ checkpoint: Checkpoint, _ session: Session) throws(CommandError) {
      let own = LogOrigin(programID: session.program.id)
      guard LogOrigin.programID(of: checkpoint.origin).map({ $0 == own.programID }) ?? true else {
        throw CommandError(
          "audit.other-log",
          "the checkpoint is of \(checkpoint.origin), and \(session.program.slug) is \(own)",
          hint: "--program names the program; cem program list", exit: .input)
      }
    }

    /// The checkpoint that was named, or the newest that was signed here.
    private func checkpoint(_ session: Session) throws -> SignedCheckpoint {
      if let checkpoint {
        do {
          return try SignedCheckpoint(parsing: try Files.contents(checkpoint))
        } catch let error as NoteError {
          throw CommandError(
            "audit.\(error.code)", "\(checkpoint) is no checkpoint", cause: error.words,
            exit: .input)
        }
      }
      guard let newest = CheckpointShelf(session).checkpoints(of: try session.logOrigin()).last
      else {
        throw CommandError(
          "audit.no-checkpoint", "no checkpoint was signed here, and none was named",
          hint: "cem audit checkpoint sign --key FILE, or --checkpoint FILE", exit: .notFound)
      }
      return newest.signed
    }

    private func prove(_ position: Int64, to signed: SignedCheckpoint, _ session: Session) throws {
      let size = signed.checkpoint.size
      guard position > 0, position <= size else {
        throw CommandError(
          "audit.not-covered", "the checkpoint covers the positions 1 to \(size), not \(position)",
          hint: "cem audit checkpoint sign --key FILE signs where the log stands now",
          exit: .notFound)
      }
      let proof = try EventProof(
        of: position, in: session.connection, programID: session.program.id, checkpoint: signed)
      try write(
        proof.proof.encoded,
        ProofView(position: position, since: nil, checkpoint: signed.checkpoint, file: out))
    }

    private func prove(
      since: String, to signed: SignedCheckpoint, _ session: Session
    ) throws {
      let older: Checkpoint
      do {
        older = try SignedCheckpoint(parsing: try Files.contents(since)).checkpoint
      } catch let error as NoteError {
        throw CommandError(
          "audit.\(error.code)", "\(since) is no checkpoint", cause: error.words, exit: .input)
      }
      let size = signed.checkpoint.size
      guard older.origin == signed.checkpoint.origin else {
        throw CommandError(
          "audit.other-log", "\(since) is of \(older.origin), not of \(signed.checkpoint.origin)",
          hint: "--since is an older checkpoint of the same log", exit: .input)
      }
      guard older.size <= size else {
        throw CommandError(
          "audit.not-covered", "\(since) is of size \(older.size), which is larger than \(size)",
          hint: "--since is the older one, --checkpoint the newer", exit: .input)
      }
      let tree = TreeReader(connection: session.connection, programID: session.program.id)
      let proof: ConsistencyProof
      do {
        proof = try ConsistencyProof(
          oldSize: older.size,
          hashes: older.size == 0 || older.size == size
            ? [] : try tree.consistencyProof(from: older.size, to: size), checkpoint: signed)
        try proof.verify(oldRoot: older.root)
      } catch is ProofError {
        throw LogProblem(
          .proof, .between(after: 0, upTo: Int64(size)),
          "the log has not all leaves and nodes of the tree that the checkpoint signs")
      } catch let error as NoteError {
        throw CheckpointReader.refusal(error, "the log")
      }
      try write(
        proof.encoded,
        ProofView(position: nil, since: older.size, checkpoint: signed.checkpoint, file: out))
    }

    private func write(_ bytes: [UInt8], _ view: ProofView) throws {
      try Files.write(String(decoding: bytes, as: UTF8.self), toUserFile: out)
      try options.show(view, ProofView.fields, sentence: view.sentence)
    }
  }
}

/// A proof that was written.
private struct ProofView {
  var position: Int64?
  var since: Int?
  var checkpoint: Checkpoint
  var file: String

  static let fields: [Field<ProofView>] = [
    Field("position", numeric: true) { Datum($0.position) },
    Field("consistentSince", numeric: true) { Datum($0.since) },
    Field("origin") { .text($0.checkpoint.origin) },
    Field("treeSize", numeric: true) { Datum($0.checkpoint.size) },
    Field("rootHash") { .text($0.checkpoint.root.base64) },
    Field("file") { .text($0.file) },
  ]

  var sentence: String {
    let what =
      position.map { "position \($0) is in the tree of \(checkpoint.size)" }
      ?? "the tree of \(checkpoint.size) goes on from that of \(since ?? 0)"
    return "\(what): \(file)"
  }
}
