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
  /// Whether the transaction passes the lock on before its commit is on disk; it must be committed with
  /// `flushing` then.
  package let releasesEarly: Bool

  /// The statement that waits for the lock, to be sent along with BEGIN.
  ///
  /// Where others stand in a queue for the lock, it is passed on as soon as a commit is decided, and the wait
  /// for the disk comes afterwards. One flush then serves all that commit meanwhile, where each would hold the
  /// lock through a flush of its own. What others see of a commit before it is on disk, a crash of the server
  /// can still take back, but nothing is lost that anybody was told is done: whatever is committed after it
  /// lies behind it on the disk. (Known as early lock release: Johnson and others, "Aether: a scalable approach
  /// to logging", VLDB 2010.)
  package static func query(_ programID: UUID) -> SQL {
    """
    SELECT l.*, CASE WHEN current_setting('cem.queued', true) = 'on' \
    THEN set_config('synchronous_commit', 'off', true) = 'off' ELSE false END \
    FROM cem.lock_program(\(programID)) AS l
    """
  }

  /// Reads what the statement returned.
  /// - Throws: `StoreError.noHead` or `.otherProjections`.
  package init(_ result: QueryResult, maintaining own: Projections = .current) throws {
    let (position, recordedAt, today, frontier, actor, projections, releasesEarly) = try result.one(
      (Int64?, Timestamp?, Day?, [UInt8]?, String?, String?, Bool).self)
    guard let position, let recordedAt, let today, let frontier, let actor, let projections else {
      throw StoreError.noHead
    }
    try own.check(against: projections)
    self.recordedAt = recordedAt
    self.today = today
    self.actor = actor
    self.releasesEarly = releasesEarly
    self.frontier = try Frontier(size: Int(position), encoded: frontier)
  }
}
