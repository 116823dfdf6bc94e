package import FoundationEssentials
package import Postgres
package import TransparencyLog

extension Receipt {
  /// A receipt of nothing done, which says where a program's log stands.
  ///
  /// - Throws: `StoreError`, `PostgresError`, `ProofError`.
  package static func standing(
    _ connection: Connection, programID: UUID, command: String, reference: String?
  ) throws -> Receipt {
    let size = try MomentResolver(connection, programID: programID).head().position
    let root = try TreeReader(connection: connection, programID: programID).root(size: Int(size))
    return Receipt(
      command: command, commandID: UUID(), reference: reference, programID: programID, events: [],
      recordedAt: nil, treeSize: size, rootHash: root, isDuplicate: false)
  }
}

extension Receipt {
  /// A receipt of an import as a whole: it pins the history up to the import's last event.
  package init(of outcome: ImportOutcome, root: Hash, programID: UUID) {
    self.init(
      command: "import", commandID: UUID(), reference: nil, programID: programID, events: [],
      recordedAt: nil, treeSize: outcome.treeSize, rootHash: root, isDuplicate: false)
  }
}

extension Receipt {
  /// A receipt of a workbook's rows as a whole; `nil` where none of them was recorded.
  package init?(of outcome: RowApplier.Outcome, programID: UUID) {
    guard outcome.events > 0, let root = outcome.rootHash else { return nil }
    self.init(
      command: "sheet", commandID: UUID(), reference: nil, programID: programID, events: [],
      recordedAt: nil, treeSize: outcome.treeSize, rootHash: root, isDuplicate: false)
  }
}
