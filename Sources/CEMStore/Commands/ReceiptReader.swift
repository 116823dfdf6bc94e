import CEMDomain
package import FoundationEssentials
package import Postgres
package import TransparencyLog

/// Gives a handled command's first receipt again, from the log alone.
struct ReceiptReader {
  let connection: Connection
  let programID: UUID

  /// The receipt of a command that was handled before.
  /// - Throws: `Rejection.commandReused` where its content differs; `PostgresError`.
  func first(of submission: Submission, at position: Int64, pending: Batch) throws -> Receipt {
    let events: [StoredEvent]
    let inBatch = pending.events.filter { $0.commandID == submission.commandID }
    events = inBatch.isEmpty ? try stored(submission.commandID, from: position) : inBatch
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
    let root =
      try inBatch.isEmpty
      ? TreeReader(connection: connection, programID: programID).root(size: Int(last.position))
      : pending.root(after: last.position)
    return Receipt(
      command: type(of: submission.issued.command).name, commandID: submission.commandID,
      reference: submission.issued.command.subjectName ?? StreamID(first.stream)?.reference,
      programID: programID,
      events: events.map(Receipt.Entry.init), recordedAt: first.recordedAt,
      treeSize: last.position, rootHash: root, isDuplicate: true)
  }

  private func stored(_ commandID: UUID, from position: Int64) throws -> [StoredEvent] {
    var events: [StoredEvent] = []
    var next = position
    // A command's events follow each other; most have one or two.
    while true {
      let rows = try connection.query(
        """
        SELECT \(StoredEvent.columns) FROM cem.event WHERE program_id = \(programID) \
        AND position >= \(next) ORDER BY position LIMIT 16
        """)
      for row in rows {
        let event = try StoredEvent(row: row)
        guard event.commandID == commandID else { return events }
        events.append(event)
      }
      if rows.count < 16 { return events }
      next += 16
    }
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
