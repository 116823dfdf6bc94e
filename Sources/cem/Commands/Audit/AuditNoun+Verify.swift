import ArgumentParser
import CEMDomain
import CEMStore
import TransparencyLog

extension AuditNoun {
  struct Verify: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "verify", abstract: "Check the log, a bundle of it, receipts, or a proof.",
      discussion: examples(
        "cem audit verify", "cem audit verify --receipt receipts.ndjson",
        "cem audit verify --checkpoint checkpoint.txt --vkey \"$VKEY\"",
        "cem audit verify --offline bundle --vkey \"$VKEY\"",
        "cem audit verify --proof 42.tlog-proof --vkey \"$VKEY\"",
        about:
          "Everything is computed anew from the events; what is stored beside them is only compared. Bundles and proofs need no database. Exit code 1 where anything does not hold."
      ))

    @Option(
      help: ArgumentHelp("Check a bundle of 'cem audit export'.", valueName: "dir"),
      completion: .directory)
    var offline: String?
    @Option(
      help: ArgumentHelp(
        "Hold the log, or the bundle, to the receipts in a file.", valueName: "file"),
      completion: .file())
    var receipt: String?
    @Option(
      help: ArgumentHelp(
        "Hold the log to a signed checkpoint that was kept; may be repeated.", valueName: "file"),
      completion: .file())
    var checkpoint: [String] = []
    @Option(
      help: ArgumentHelp("Check a proof of 'cem audit prove'.", valueName: "file"),
      completion: .file())
    var proof: String?
    @OptionGroup var keys: VerifierKeyOptions
    @OptionGroup(title: "Options everywhere") var options: GlobalOptions

    func validate() throws {
      let needsKey = offline != nil || proof != nil || !checkpoint.isEmpty
      if needsKey == keys.vkey.isEmpty {
        throw ValidationError(
          needsKey
            ? "--vkey is the key to check against"
            : "--vkey needs --checkpoint, --offline or --proof")
      }
      if proof != nil, offline != nil || receipt != nil || !checkpoint.isEmpty {
        throw ValidationError("a proof is checked by itself")
      }
      if offline != nil, !checkpoint.isEmpty {
        throw ValidationError("a bundle has its own checkpoints")
      }
    }

    func run() async throws {
      if let proof { return try verify(proof: proof) }
      var receipts: [KeptReceipt] = []
      var problems: [LogProblem] = []
      if let receipt { (receipts, problems) = KeptReceipt.read(try Files.contents(receipt)) }
      let verification: Verification
      if let offline {
        verification = try await verify(bundle: offline, receipts)
      } else {
        verification = try await verifyLog(receipts)
      }
      try finish(verification, adding: problems)
    }

    /// Checks the log in the database.
    private func verifyLog(_ receipts: [KeptReceipt]) async throws -> Verification {
      let checkpoints = try checkpoint.map { path in
        let keys = try keys.keys()
        let signed = try CheckpointReader.read(path, keys)
        _ = try CheckpointReader.signatures(of: signed, keys, path)
        return signed.checkpoint
      }
      let session = try await Session.open(options, purpose: .bulk)
      var verification = Verification("the log of \(session.program.slug)")
      var pins = LogPins(program: session.program.id)
      if receipt == nil {
        pins.addKept(session)
      } else {
        pins.add(receipts)
      }
      for checkpoint in checkpoints { pins.add(checkpoint) }
      verification.receipts = pins.receipts
      verification.checkpoints = pins.checkpoints
      verification.log = try LiveLogCheck(session.connection, programID: session.program.id)
        .report(pins: pins.pins) { Console.standard.progress("\($0) of \($1) events …") }
      verification.log.problems += pins.problems
      return verification
    }

    private func verify(
      bundle: String, _ receipts: [KeptReceipt]
    ) async throws -> Verification {
      let keys = try keys.keys()
      let report = try await BundleVerifier(
        folder: Files.absolute(bundle), key: keys.log, witnesses: keys.witnesses,
        receipts: receipts
      ).report()
      if let scope = report.manifest?.scope, scope == .inclusionOnly, receipt != nil {
        throw CommandError.usage("a bundle without all headers cannot be held to receipts")
      }
      var verification = Verification("the bundle \(bundle)")
      verification.log = report.log
      verification.receipts = receipts.count
      verification.checkpoints = report.checkpoints.count
      verification.discloses = report.manifest.map { $0.scope.words($0.department) }
      return verification
    }

    private func verify(proof path: String) throws {
      let keys = try keys.keys()
      var verification = Verification("the proof \(path)")
      do {
        let proof = try EventProof(
          verifying: try Files.contents(path), key: keys.log, witnesses: keys.witnesses)
        let tree = proof.proof.checkpoint.checkpoint
        verification.log.events = 1
        verification.log.treeSize = Int64(tree.size)
        verification.log.rootHash = tree.root
        verification.checkpoints = 1
        verification.proved =
          "position \(proof.position) is \(proof.line(6)) on \(proof.line(4)), recorded \(proof.line(10)) by \(proof.line(9))"
      } catch let error as NoteError {
        verification.log.problems.append(LogProblem(.proof, nil, error.words))
      } catch let problem as LogProblem {
        verification.log.problems.append(problem)
      }
      try finish(verification)
    }

    private func finish(
      _ verification: Verification, adding problems: [LogProblem] = []
    ) throws {
      var verification = verification
      verification.log.problems += problems
      try options.show(verification, Verification.fields, sentence: verification.sentence)
      guard verification.log.isGood else {
        // Something that was given is no receipt of it: that says nothing about the log.
        let isOfReceiptsAlone = verification.log.problems.allSatisfy {
          $0.kind == .receipt && $0.place == nil
        }
        throw CommandError.answerIsNo(
          isOfReceiptsAlone
            ? "\(verification.subject) could not be held to all receipts"
            : "\(verification.subject) does not hold",
          hint: isOfReceiptsAlone
            ? "cem audit receipts lists those kept here; --receipt FILE names others"
            : "compare it with receipts, checkpoints or a bundle kept elsewhere: --receipt, --checkpoint, --offline"
        )
      }
    }
  }
}
