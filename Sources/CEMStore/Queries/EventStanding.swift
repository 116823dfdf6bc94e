package import CEMDomain
package import Postgres
package import TransparencyLog

/// Whether an event is still the one that was recorded, as far as the database alone can show it.
package struct EventStanding: Sendable {
  /// The leaf hash as it follows from the event's columns.
  package let leafHash: Hash
  /// Whether the stored leaf hash is that one.
  package let isLeafRight: Bool
  package let treeSize: Int64
  package let root: Hash
  /// Whether the leaf is in the tree at its place.
  package let isIncluded: Bool

  /// Whether nothing speaks against it.
  package var holds: Bool { isLeafRight && isIncluded }

  /// Proves an event against the head, reading a few hundred hashes at most.
  /// - Parameter connection: best inside a `snapshot` transaction, so that all reads agree.
  /// - Throws: `StoreError`, `PostgresError`.
  package init(of event: StoredEvent, _ connection: Connection) throws {
    let rows = try connection.query(
      "SELECT position, frontier FROM cem.head WHERE program_id = \(event.programID)"
    ).decode((Int64, [UInt8]).self)
    guard let (size, frontier) = rows.first else { throw StoreError.noHead }
    leafHash = event.computedLeafHash
    isLeafRight = leafHash == event.leafHash
    treeSize = size
    let index = Int(event.position) - 1
    let tree = TreeReader(connection: connection, programID: event.programID)
    if let head = try? Frontier(size: Int(size), encoded: frontier) {
      root = head.root
      isIncluded = EventStanding.isIncluded(leafHash, index, head, tree)
    } else {
      root = MerkleTree.emptyRoot
      isIncluded = false
    }
  }

  private static func isIncluded(
    _ leaf: Hash, _ index: Int, _ head: Frontier, _ tree: TreeReader
  ) -> Bool {
    do {
      let path = try tree.inclusionProof(index: index, size: head.size)
      try MerkleTree.verifyInclusion(
        of: leaf, index: index, size: head.size, root: head.root, proof: path)
      return true
    } catch {
      return false
    }
  }
}

extension EventLog {
  /// What an event changed about its thing, from the thing's own events.
  /// - Throws: `StoreError.unreadable` where one of them cannot be decoded.
  package func changes(by event: StoredEvent) throws -> [FieldChange] {
    var state = ProgramState.complete
    var before: EntityRecord?
    var stream: StreamID?
    for stored in try events(of: event.stream, throughVersion: event.version) {
      let next = try stored.readable()
      before = state.entities[next.stream]
      stream = next.stream
      state.evolve(with: next)
    }
    return EntityRecord.changes(from: before, to: stream.flatMap { state.entities[$0] })
  }
}
