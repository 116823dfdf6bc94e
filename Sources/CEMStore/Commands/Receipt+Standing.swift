package import FoundationEssentials
package import Postgres
import TransparencyLog

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
