import ArgumentParser
import CEMStore
import TransparencyLog

extension CheckpointNoun {
  struct Cosign: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "cosign", abstract: "Add a witness's signature to a log's checkpoint.",
      discussion: examples(
        "cem audit checkpoint cosign checkpoint.txt --key witness.key --vkey \"$VKEY\" --out cosigned.txt",
        "cem audit checkpoint cosign new.txt --key witness.key --vkey \"$VKEY\" --proof new.consistency",
        about:
          "A witness is another party, who remembers the last checkpoint that was shown and signs only what goes on from it. The proof of that is a file of 'cem audit prove --since'; without one, the database has to give it."
      ))

    @Argument(help: "The checkpoint's file.", completion: .file()) var file: String
    @Option(
      help: ArgumentHelp("The witness's private key.", valueName: "file"), completion: .file())
    var key: String
    @OptionGroup var keys: VerifierKeyOptions
    @Option(help: ArgumentHelp("The proof that it goes on from the last one.", valueName: "file"))
    var proof: String?
    @Option(help: ArgumentHelp("Write the cosigned checkpoint to a file.", valueName: "file"))
    var out: String?
    @OptionGroup(title: "Options everywhere") var options: GlobalOptions

    func run() async throws {
      try CheckpointOutput.requireReplaceable(out)
      let keys = try keys.keys()
      var signed = try CheckpointReader.read(file, keys)
      _ = try CheckpointReader.signatures(of: signed, keys, file)
      let keyFile = try KeyFile.open(key, .cosignatureV1)
      var state = try keyFile.state()
      let last = state[keys.origin]
      let hashes = try await proof(from: last?.size ?? 0, to: signed)
      try state.advance(to: signed.checkpoint, proof: hashes)
      try signed.sign(with: keyFile.key, time: System.secondsSinceEpoch)
      try keyFile.remember(state)
      try CheckpointOutput(
        signed, keys: [keys.log, keyFile.key.verifier] + keys.witnesses, since: last?.size,
        out: out
      ).show(options)
    }

    private func proof(from oldSize: Int, to signed: SignedCheckpoint) async throws -> [Hash] {
      let size = signed.checkpoint.size
      if let proof {
        let consistency: ConsistencyProof
        do {
          consistency = try ConsistencyProof(parsing: try Files.contents(proof))
        } catch let error as NoteError {
          throw CheckpointReader.refusal(error, proof)
        }
        guard consistency.oldSize == oldSize else {
          throw CommandError(
            "audit.proof",
            "\(proof) begins at size \(consistency.oldSize), and this witness knows \(oldSize)",
            hint: "cem audit prove --since OLDER --checkpoint \(file) --out FILE", exit: .input)
        }
        return consistency.hashes
      }
      guard oldSize > 0, oldSize < size else { return [] }
      let session = try await Session.open(options)
      return try TreeReader(connection: session.connection, programID: session.program.id)
        .consistencyProof(from: oldSize, to: size)
    }
  }
}
