import CEMDomain
import FoundationEssentials
package import Postgres
import TransparencyLog

extension StoredEvent {
  /// Reads a row of `columns` in binary format.
  package init(binary row: BinaryRow) throws(PostgresError) {
    self.init(
      programID: try row.uuid(0), position: try row.integer(1), stream: try row.text(2),
      version: Int(try row.integer(3)), type: try row.text(4),
      schemaVersion: Int(try row.integer(5)), departments: try row.text(6),
      actor: try row.text(7), recordedAt: Timestamp(sincePostgresEpoch: try row.integer(8)),
      occurredOn: Day(sincePostgresEpoch: try row.integer(9)), commandID: try row.uuid(10),
      commandIndex: Int(try row.integer(11)), commandDigest: try row.optionalHash(12),
      correlationID: try row.optionalUUID(13), causationID: try row.optionalUUID(14),
      facts: try row.text(15), personal: row.optionalText(16), salt: row.bytes(17),
      erasedHash: try row.optionalHash(18), leafHash: try row.hash(19))
  }
}

extension RecordedEvent {
  /// The columns that `init(binary:)` reads, in its order: what a fold needs, and nothing else.
  static let columns: SQL = """
    position, stream, version, type, schema_version, departments, occurred_on, actor, facts, private
    """

  /// Reads and decodes a row of `columns` in binary format.
  /// - Throws: `StoreError.unreadable`; `PostgresError`.
  init(binary row: BinaryRow) throws {
    let position = try row.integer(0)
    do {
      self = try RecordedEvent(
        position: position, stream: try row.text(1), version: Int(try row.integer(2)),
        type: try row.text(3), schemaVersion: Int(try row.integer(4)),
        departments: try row.text(5), occurredOn: Day(sincePostgresEpoch: try row.integer(6)),
        actor: try row.text(7),
        data: { Split(facts: try row.json(8) ?? .null, personal: try row.json(9)) })
    } catch let error as PostgresError {
      throw error
    } catch {
      throw StoreError.unreadable(position: position, "\(error)")
    }
  }
}

extension BinaryRow {
  fileprivate func uuid(_ column: Int) throws(PostgresError) -> UUID {
    guard let uuid = try optionalUUID(column) else { throw mismatch(column) }
    return uuid
  }

  fileprivate func optionalUUID(_ column: Int) throws(PostgresError) -> UUID? {
    try withBytes(column) { (bytes: Span<UInt8>?) throws(PostgresError) -> UUID? in
      guard let bytes else { return nil }
      guard bytes.count == 16 else { throw mismatch(column) }
      return bytes.withUnsafeBytes { UUID(uuid: $0.loadUnaligned(as: uuid_t.self)) }
    }
  }

  fileprivate func hash(_ column: Int) throws(PostgresError) -> Hash {
    guard let hash = try optionalHash(column) else { throw mismatch(column) }
    return hash
  }

  fileprivate func optionalHash(_ column: Int) throws(PostgresError) -> Hash? {
    try withBytes(column) { (bytes: Span<UInt8>?) throws(PostgresError) -> Hash? in
      guard let bytes else { return nil }
      guard bytes.count == Hash.byteCount else { throw mismatch(column) }
      return bytes.withUnsafeBytes { Hash(unchecked: $0) }
    }
  }

  /// Parses a text column as JSON, without a string in between.
  fileprivate func json(_ column: Int) throws -> JSON? {
    try withBytes(column) { (bytes: Span<UInt8>?) throws -> JSON? in
      guard let bytes else { return nil }
      return try bytes.withUnsafeBufferPointer { try JSON(parsing: $0) }
    }
  }
}

extension Timestamp {
  /// From PostgreSQL's binary form: microseconds since 2000-01-01 UTC.
  init(sincePostgresEpoch microseconds: Int64) {
    self.init(microseconds: microseconds &+ 946_684_800_000_000)
  }
}

extension Day {
  /// From PostgreSQL's binary form: days since 2000-01-01, the least and the largest for infinity.
  init(sincePostgresEpoch days: Int64) {
    self.init(
      sinceEpoch: days == Int64(Int32.min) ? .min : Int32(clamping: days + 10_957))
  }
}
