import CEMDomain
import FoundationEssentials
package import Postgres
package import TransparencyLog

extension StoredEvent {
  /// The columns that `init(row:)` reads, in its order.
  package static let columns: SQL = """
    program_id, position, stream, version, type, schema_version, departments, actor, recorded_at, \
    occurred_on, command_id, command_index, command_digest, correlation_id, causation_id, facts, \
    private, salt, private_hash, leaf_hash
    """

  /// Reads a row of `columns`.
  package init(row: Row) throws(PostgresError) {
    self.init(
      programID: try row[0, as: UUID.self], position: try row[1, as: Int64.self],
      stream: try row[2, as: String.self], version: try row[3, as: Int.self],
      type: try row[4, as: String.self], schemaVersion: try row[5, as: Int.self],
      departments: try row[6, as: String.self], actor: try row[7, as: String.self],
      recordedAt: try row[8, as: Timestamp.self], occurredOn: try row[9, as: Day.self],
      commandID: try row[10, as: UUID.self], commandIndex: try row[11, as: Int.self],
      commandDigest: try row[12, as: Hash?.self], correlationID: try row[13, as: UUID?.self],
      causationID: try row[14, as: UUID?.self], facts: try row[15, as: String.self],
      personal: try row[16, as: String?.self], salt: try row[17, as: [UInt8]?.self],
      erasedHash: try row[18, as: Hash?.self], leafHash: try row[19, as: Hash.self])
  }
}

extension Hash: PostgresDecodable {
  package init?(postgres text: Span<UInt8>) {
    guard let bytes = [UInt8](postgres: text) else { return nil }
    self.init(bytes)
  }
}
