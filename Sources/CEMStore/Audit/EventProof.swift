package import FoundationEssentials
package import Postgres
package import TransparencyLog

/// A proof file of one event: C2SP's tlog-proof, whose extra data is the event's leaf text.
package struct EventProof: Sendable {
  package let proof: LogProof
  /// The leaf text of LOG-FORMAT.md.
  package let leafText: String

  /// Puts a proof together for an event, and makes sure that it holds.
  ///
  /// - Throws: `LogProblem` where the event as it stands is not in the checkpoint's tree.
  package init(
    _ event: StoredEvent, path: [Hash], checkpoint: SignedCheckpoint
  ) throws {
    let index = Int(event.position) - 1
    let tree = checkpoint.checkpoint
    do {
      try MerkleTree.verifyInclusion(
        of: event.computedLeafHash, index: index, size: tree.size, root: tree.root, proof: path)
    } catch {
      throw LogProblem(
        .proof, .at(event.position),
        "the event is not in the tree that the checkpoint signs, or the checkpoint is of another log"
      )
    }
    leafText = event.leafText
    proof = try LogProof(
      index: index, hashes: path, extra: Array(leafText.utf8), checkpoint: checkpoint)
  }

  /// Reads an event and what leads from it to a checkpoint's root, and puts the proof together. It takes a
  /// handful of look-ups, however long the log is.
  ///
  /// - Parameter position: one that the checkpoint covers.
  /// - Throws: `LogProblem` where the log as it stands does not give the checkpoint's root.
  package init(
    of position: Int64, in connection: Connection, programID: UUID, checkpoint: SignedCheckpoint
  ) throws {
    var filter = EventLog.Filter()
    filter.after = position - 1
    filter.upTo = position
    let log = EventLog(connection, programID: programID)
    guard let event = try log.events(filter, limit: 1).first else {
      throw LogProblem(.position, .at(position), "the event is missing")
    }
    let path: [Hash]
    do {
      path = try TreeReader(connection: connection, programID: programID)
        .inclusionProof(index: Int(position) - 1, size: checkpoint.checkpoint.size)
    } catch is ProofError {
      throw LogProblem(
        .proof, .at(position),
        "the log has not all leaves and nodes of the tree that the checkpoint signs, or the checkpoint is of another log"
      )
    }
    try self.init(event, path: path, checkpoint: checkpoint)
  }

  /// Reads a proof file and checks it: the signatures, that its event is in the tree, and that the leaf
  /// text is one of its position.
  ///
  /// - Parameter witnesses: the witnesses that must all have signed.
  /// - Throws: `NoteError`; `LogProblem` where the leaf text is none.
  package init(
    verifying bytes: [UInt8], key: VerifierKey, witnesses: [VerifierKey] = []
  ) throws {
    proof = try LogProof(parsing: bytes)
    try proof.verify(
      leaf: MerkleTree.leafHash(proof.extra), origin: key.name.description, logKeys: [key],
      witnesses: witnesses, quorum: witnesses.count)
    guard let text = String(validating: proof.extra, as: UTF8.self) else {
      throw LogProblem(.proof, nil, "the leaf text is not UTF-8")
    }
    leafText = text
    guard lines.count == 19, lines[18].isEmpty, lines[0] == "cem-event/1",
      Int(lines[2]) == proof.index + 1
    else {
      throw LogProblem(.proof, nil, "the leaf is no event of this position")
    }
  }

  private var lines: [Substring] {
    leafText.split(separator: "\n", omittingEmptySubsequences: false)
  }

  /// The event's position.
  package var position: Int64 { Int64(proof.index) + 1 }

  /// A line of the leaf text, counted from 1 as LOG-FORMAT.md counts them.
  package func line(_ number: Int) -> String { String(lines[number - 1]) }
}
