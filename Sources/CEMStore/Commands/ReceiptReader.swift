import CEMDomain
package import FoundationEssentials
package import Postgres
package import TransparencyLog

/// Gives a handled command's first receipt again, from the log alone.
struct ReceiptReader {
  let connection: Connection
  let programID: UUID

  private var log: EventLog { EventLog(connection, programID: programID) }

  /// The receipt of a command that was handled before.
  /// - Throws: `Rejection.commandReused` where its content differs; `PostgresError`.
  func first(of submission: Submission, at position: Int64, pending: Batch) throws -> Receipt {
    let events: [StoredEvent]
    let inBatch = pending.events.filter { $0.commandID == submission.commandID }
    events =
      inBatch.isEmpty ? try log.events(ofCommand: submission.commandID, from: position) : inBatch
    guard let first = events.first, let last = events.last else {
      throw StoreError.unreadable(position: position, "a handled command without its events")
    }
    // After an erasure the salt is gone, and with it the means to compare; the id still decides.
    if let salt = first.salt {
      let text = try submission.canonical()
      guard StoredEvent.commandDigest(of: text, salt: salt) == first.commandDigest else {
        throw Rejection.commandReused(submission.commandID)
      }
    }
    return Receipt(
      again: type(of: submission.issued.command).name, events, first,
      reference: submission.issued.command.subjectName, programID: programID,
      root: try inBatch.isEmpty ? root(after: last) : pending.root(after: last.position))
  }

  /// The receipt of a command of which no more is known than its id and its name.
  /// - Returns: `nil` where it was not recorded.
  /// - Throws: `PostgresError`, `StoreError`.
  func receipt(of commandID: UUID, command: String) throws -> Receipt? {
    guard let position = try log.position(ofCommand: commandID) else { return nil }
    let events = try log.events(ofCommand: commandID, from: position)
    guard let first = events.first, let last = events.last else { return nil }
    return Receipt(
      again: command, events, first, reference: nil, programID: programID,
      root: try root(after: last))
  }

  private func root(after event: StoredEvent) throws -> Hash {
    try TreeReader(connection: connection, programID: programID).root(size: Int(event.position))
  }
}

extension Receipt {
  /// The first receipt of a command again, from its events.
  fileprivate init(
    again command: String, _ events: [StoredEvent], _ first: StoredEvent, reference: String?,
    programID: UUID, root: Hash
  ) {
    self.init(
      command: command, commandID: first.commandID,
      reference: reference ?? StreamID(first.stream)?.reference, programID: programID,
      events: events.map(Receipt.Entry.init), recordedAt: first.recordedAt,
      treeSize: events.last?.position ?? first.position, rootHash: root, isDuplicate: true)
  }

  /// The receipt of a command that a client was killed over, as the log has it; `nil` where it was not recorded.
  ///
  /// - Throws: `PostgresError`, `StoreError`, `ProofError`.
  package static func recorded(
    _ connection: Connection, programID: UUID, command: String, commandID: UUID
  ) throws -> Receipt? {
    try ReceiptReader(connection: connection, programID: programID)
      .receipt(of: commandID, command: command)
  }
}

/// Reads hashes of a program's tree from the database.
package struct TreeReader: NodeSource {
  let connection: Connection
  let programID: UUID

  /// - Parameter connection: of a role that may read the log.
  package init(connection: Connection, programID: UUID) {
    self.connection = connection
    self.programID = programID
  }

  package func hashes(in ranges: [NodeRange]) throws -> [Hash] {
    var pipeline = Pipeline()
    for range in ranges {
      if range.level == 0 {
        pipeline.query(
          """
          SELECT leaf_hash FROM cem.event WHERE program_id = \(programID) \
          AND position BETWEEN \(range.indices.lowerBound + 1) AND \(range.indices.upperBound) \
          ORDER BY position
          """)
      } else {
        pipeline.query(
          """
          SELECT hash FROM cem.tree_node WHERE program_id = \(programID) AND level = \(range.level) \
          AND index BETWEEN \(range.indices.lowerBound) AND \(range.indices.upperBound - 1) \
          ORDER BY index
          """)
      }
    }
    return try connection.run(pipeline).all.flatMap { try $0.decode(Hash.self) }
  }
}
