package import CEMDomain
package import FoundationEssentials
package import Postgres
package import TransparencyLog

/// A program's head, locked until the transaction ends: what a decision and its receipt begin from.
package struct LockedHead {
  /// The time that the events of this transaction are recorded under.
  package let recordedAt: Timestamp
  /// Today in the program's time zone.
  package let today: Day
  /// The login as one token.
  package let actor: String
  /// The frontier of the tree; its size is the last position.
  package let frontier: Frontier

  /// The statement that waits for the lock, to be sent along with BEGIN.
  package static func query(_ programID: UUID) -> SQL {
    "SELECT * FROM cem.lock_program(\(programID))"
  }

  /// Reads what the statement returned.
  /// - Throws: `StoreError.noProgram` or `.otherProjections`.
  package init(_ result: QueryResult, maintaining own: Projections = .current) throws {
    let (position, recordedAt, today, frontier, actor, projections) = try result.one(
      (Int64?, Timestamp?, Day?, [UInt8]?, String?, String?).self)
    guard let position, let recordedAt, let today, let frontier, let actor, let projections else {
      throw StoreError.noProgram(nil)
    }
    try own.check(against: projections)
    self.recordedAt = recordedAt
    self.today = today
    self.actor = actor
    self.frontier = try Frontier(size: Int(position), encoded: frontier)
  }
}
