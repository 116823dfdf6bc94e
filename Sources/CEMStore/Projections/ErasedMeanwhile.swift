package import FoundationEssentials
import Postgres

/// Private data was erased of events that had been folded: what came of them holds it still, and has to be
/// made again.
package struct ErasedMeanwhile: Error, Hashable {
  package var programID: UUID
}

extension Refold {
  /// Throws where something was erased behind a position, to whose end or beyond things were folded with their words.
  ///
  /// Whoever keeps what was folded asks in the same transaction, with its table locked: an erasure waits for that
  /// (`0039_erasure.sql`).
  /// - Throws: `ErasedMeanwhile`.
  func requireNothingErased(since position: Int64) throws {
    let isErased = try connection.query(
      "SELECT \(Refold.hasErasure(in: programID, since: "\(position)"))"
    )
    .one(Bool.self)
    if isErased { throw ErasedMeanwhile(programID: programID) }
  }

  /// The condition that something was erased behind a position.
  static func hasErasure(in programID: UUID, since position: SQL) -> SQL {
    """
    EXISTS (SELECT FROM cem.event e WHERE e.program_id = \(programID) AND e.stream = 'log' \
    AND e.type = 'event.data_erased' AND e.position > \(position))
    """
  }
}
