package import FoundationEssentials
package import Postgres
package import TransparencyLog

/// How a program's log goes on from a tree that was signed before: what a signer has to know before it
/// signs again.
package struct TreeContinuation: Sendable {
  /// The size of the log.
  package let size: Int
  /// Its root, computed from the events themselves since the older tree.
  package let root: Hash
  /// That the older tree is the beginning of this one.
  package let proof: [Hash]

  /// Reads the events since an older tree and continues it with them.
  ///
  /// What is stored of the older tree is believed only as far as it leads to the root that was signed;
  /// every later leaf is computed from its event. So nothing stored in the database is trusted.
  ///
  /// - Throws: `SigningRefusal` where the log does not go on from the older tree, `LogProblem` where
  ///   events do not have their hashes; `StoreError`, `PostgresError`.
  package init(
    of programID: UUID, _ connection: Connection, from oldSize: Int, _ oldRoot: Hash
  ) throws {
    let rows = try connection.query(
      "SELECT position, frontier FROM cem.head WHERE program_id = \(programID)"
    ).decode((Int, [UInt8]).self)
    guard let (head, stated) = rows.first else { throw StoreError.noHead }
    try connection.waitUntilFlushed()
    guard head >= oldSize else { throw SigningRefusal.smallerTree(last: oldSize, next: head) }
    let tree = TreeReader(connection: connection, programID: programID)
    var frontier: Frontier
    do {
      frontier = try tree.frontier(size: oldSize)
    } catch is ProofError {
      throw LogProblem(
        .storedNode, .between(after: 0, upTo: Int64(oldSize)),
        "leaves or stored nodes of the tree that was signed last are missing")
    }
    guard frontier.root == oldRoot else { throw SigningRefusal.otherRoot(size: oldSize) }
    if head > oldSize {
      try EventLog(connection, programID: programID).forEach(
        in: Int64(oldSize + 1)...Int64(head)
      ) { event in
        guard event.position == Int64(frontier.size) + 1 else {
          throw LogProblem(.position, .at(Int64(frontier.size) + 1), "the event is missing")
        }
        let entry = LogEntry(event, program: programID)
        if let fault = entry.faults.first { throw fault }
        frontier.append(entry.leaf)
      }
    }
    guard frontier.size == head, frontier.encoded == stated else {
      throw LogProblem(.head, nil, "the head is not what the events make of it")
    }
    size = head
    root = frontier.root
    proof =
      oldSize > 0 && head > oldSize ? try tree.consistencyProof(from: oldSize, to: head) : []
  }
}
