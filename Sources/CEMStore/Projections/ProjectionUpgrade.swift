package import FoundationEssentials
package import Postgres

/// Brings the projections of all programs of a database to this program's versions.
///
/// The new versions are filled beside the ones in use, while clients of the old versions go on. The switch
/// is one transaction under the heads' lock: what came meanwhile, the views, the rights, the versions that
/// writers must maintain, and the end of the old tables. Afterwards a client of the old versions is refused.
package struct ProjectionUpgrade {
  let connection: Connection
  let target: Projections
  /// How many events a part has at most, about.
  package var partSize = LogPart.size
  /// Called after each part was folded and written.
  package var onPart: () throws -> Void = {}
  /// Called before each attempt to switch.
  package var beforeSwitch: () throws -> Void = {}
  /// How long to wait for transactions that were begun before the new tables were whole.
  package var patience = Duration.seconds(60)

  /// - Parameter connection: of a login with the owner's right.
  package init(_ connection: Connection, to target: Projections = .current) {
    self.connection = connection
    self.target = target
  }

  /// What an upgrade came to, of one program.
  package struct Outcome: Hashable, Sendable {
    /// Up to here the new tables held the log when they came into use.
    package var position: Int64
    /// How many rows each new table has of the program, by the projection's name.
    package var rows: [String: Int]
  }

  /// What `run` would change.
  /// - Throws: `StoreError.otherProjections` where it is this program that has to change.
  package func changes() throws -> [Projections.Change] {
    let changes = target.changes(from: try Projections.wanted(connection))
    guard changes.contains(where: \.isProgramOlder) else { return changes }
    throw StoreError.otherProjections(
      changes.map(\.sentence).joined(separator: "; "), isProgramOlder: true)
  }

  /// Builds and switches; nothing where the versions are right already. One that was killed goes on.
  ///
  /// - Parameter progress: called with the events folded so far, and how many there are.
  /// - Returns: by program.
  /// - Throws: `StoreError`, `PostgresError`.
  @discardableResult
  package func run(
    progress: (Int64, Int64) throws -> Void = { _, _ in }
  ) throws -> [UUID: Outcome] {
    guard try !changes().isEmpty else { return [:] }
    return try Migrator(connection).whileLocked {
      try connection.execute("SET ROLE cem_owner")
      defer { _ = try? connection.execute("RESET ROLE") }
      // Somebody else may have switched while this one waited.
      let changes = try changes()
      let steps = try target.list.compactMap { projection in
        try changes.first { $0.name == projection.table.name }.map {
          let old = try $0.databaseVersion ?? versionThere(of: projection.table)
          return Step(projection: projection, oldVersion: old)
        }
      }
      guard !steps.isEmpty else { return [:] }
      try makeTables(steps)
      // What would stand in the way of the switch is found before the work, and not after it.
      try attempt {
        try change(steps)
        return false
      }
      return try build(steps, progress)
    }
  }

  /// One projection's way to its new version.
  struct Step {
    let projection: any Projection.Type
    /// `nil` where the database has no table of the projection.
    let oldVersion: Int?

    var table: TableSchema { projection.table }
    /// The table in use, or that a migration made to be filled.
    var oldName: String? { oldVersion.map { TableSchema.physicalName(table.name, version: $0) } }
  }

  // MARK: Building

  private func build(
    _ steps: [Step], _ progress: (Int64, Int64) throws -> Void
  ) throws -> [UUID: Outcome] {
    var refolds: [UUID: Refold] = [:]
    let total = try connection.query("SELECT coalesce(sum(position), 0)::bigint FROM cem.head")
      .one(Int64.self)
    var folded: Int64 = 0
    func fillNew() throws {
      for program in try programs() where refolds[program] == nil {
        let refold = try fill(steps, program) { try progress(folded + $0, total) }
        folded += refold.position
        refolds[program] = refold
      }
    }
    // A program in which something was erased meanwhile is filled anew.
    func fillingAnew<T>(_ body: () throws -> T) throws -> T {
      while true {
        do { return try body() } catch let erased as ErasedMeanwhile {
          folded -= refolds.removeValue(forKey: erased.programID)?.position ?? 0
        }
      }
    }
    try fillingAnew(fillNew)
    // Whoever looks on with an older snapshot would find a new table half filled.
    let older = try openTransactions()
    try waitForEnd(of: older)
    for _ in 0..<50 {
      let outcome = try fillingAnew {
        try fillNew()
        for refold in refolds.values {
          try refold.catchUp()
          try write(refold, withSums: true, since: refold.position)
        }
        try beforeSwitch()
        return try switchOver(steps, refolds)
      }
      if let outcome { return outcome }
      try connection.execute("SELECT pg_sleep(0.2)")
    }
    throw StoreError.switchBlocked(try blockers())
  }

  /// Fills the new tables with what a program's log makes of them.
  private func fill(
    _ steps: [Step], _ program: UUID, _ progress: (Int64) throws -> Void
  ) throws -> Refold {
    let projections = steps.map(\.projection)
    let refold = Refold(connection, programID: program, projections: projections)
    let saved = RebuildProgress(
      connection: connection, programID: program, projections: projections)
    let start = try head(program)
    let (parts, position) =
      try saved.resume(refold) ?? (LogPart.all(ofLength: start, size: partSize), start)
    try refold.fold(
      upTo: position, parts: parts,
      finished: { part in
        try write(refold, withSums: false, since: position)
        if part.count > 1 { try saved.save(refold, after: part, position: position) }
        try onPart()
      }, progress: progress)
    try refold.catchUp()
    try write(refold, withSums: true, since: refold.position)
    return refold
  }

  /// Writes what differs, and forgets it.
  /// - Parameter position: up to where the log was folded, or is being folded.
  /// - Throws: `ErasedMeanwhile`.
  private func write(_ refold: Refold, withSums: Bool, since position: Int64) throws {
    try inTransaction { tx in
      try tx.execute("LOCK TABLE cem.projection_build_position IN ROW EXCLUSIVE MODE")
      try refold.requireNothingErased(since: position)
      var pipeline = Pipeline()
      try refold.differences(withSums: withSums)
        .write(to: refold.projections, of: refold.programID, in: &pipeline)
      for projection in refold.projections {
        pipeline.query(
          """
          INSERT INTO cem.projection_build_position (program_id, name, position) \
          VALUES (\(refold.programID), \(projection.table.name), \(refold.position)) \
          ON CONFLICT (program_id, name) DO UPDATE SET position = EXCLUDED.position
          """)
      }
      try tx.commit(pipeline)
    }
    refold.forgetDifferences()
  }

  // MARK: Switching

  /// Tries to switch; `nil` where somebody held a lock for too long.
  private func switchOver(_ steps: [Step], _ refolds: [UUID: Refold]) throws -> [UUID: Outcome]? {
    var outcome: [UUID: Outcome] = [:]
    let done = try attempt {
      // All programs, and those that are being founded.
      guard try programs().allSatisfy({ refolds[$0] != nil }) else { return false }
      var pipeline = Pipeline()
      for (program, refold) in refolds {
        try refold.follow(to: try head(program))
        try refold.differences()
          .write(to: refold.projections, of: program, in: &pipeline)
        outcome[program] = Outcome(position: refold.position, rows: refold.rowCounts)
        for step in steps {
          pipeline.query(
            Rebuild.note(
              step.table, of: program, at: refold.position,
              rows: refold.rowCounts[step.table.name] ?? 0, corrected: 0))
        }
      }
      pipeline.query("DELETE FROM cem.rebuild_progress")
      _ = try connection.run(pipeline)
      try change(steps)
      return true
    }
    return done ? outcome : nil
  }

  private struct Undone: Error {}

  /// Runs a body under the lock of all heads, which is given up before anybody would call it a deadlock.
  ///
  /// - Parameter body: returns whether to commit.
  /// - Returns: whether it was committed; not where a lock was not to be had.
  @discardableResult
  private func attempt(_ body: () throws -> Bool) throws -> Bool {
    do {
      try inTransaction { tx in
        // Shorter than deadlock_timeout: it is never the reader or writer that has to give way.
        try tx.execute("SET LOCAL lock_timeout = '800ms'")
        // In this mode nobody else holds a head, and nobody founds a program.
        try tx.execute("LOCK TABLE cem.head IN EXCLUSIVE MODE")
        guard try body() else { throw Undone() }
      }
      return true
    } catch is Undone {
      return false
    } catch let error as PostgresError {
      if error.kind == .lockNotAvailable { return false }
      throw error
    }
  }

  // MARK: Looking

  private func programs() throws -> [UUID] {
    try connection.query("SELECT program_id FROM cem.head ORDER BY program_id").decode(UUID.self)
  }

  private func head(_ program: UUID) throws -> Int64 {
    try MomentResolver(connection, programID: program).head().position
  }

  /// The transactions of others in this database; only what they are called by is shown to everybody.
  private func openTransactions() throws -> Set<String> {
    let rows = try connection.query(
      """
      SELECT l.virtualtransaction FROM pg_locks l JOIN pg_stat_activity a USING (pid) \
      WHERE l.locktype = 'virtualxid' AND l.granted AND l.pid <> pg_backend_pid() \
      AND a.usesysid IS NOT NULL AND a.datname = current_database()
      """
    ).decode(String.self)
    return Set(rows)
  }

  private func waitForEnd(of transactions: Set<String>) throws {
    let deadline = ContinuousClock.now + patience
    while try !openTransactions().isDisjoint(with: transactions) {
      guard ContinuousClock.now < deadline else {
        throw StoreError.switchBlocked(try blockers())
      }
      try connection.execute("SELECT pg_sleep(0.05)")
    }
  }

  /// The logins with open transactions, with their processes.
  private func blockers() throws -> [String] {
    try connection.query(
      """
      SELECT DISTINCT a.usename::text || ' (process ' || a.pid || ')' FROM pg_locks l \
      JOIN pg_stat_activity a USING (pid) WHERE l.locktype = 'virtualxid' AND l.granted \
      AND l.pid <> pg_backend_pid() AND a.usesysid IS NOT NULL AND a.datname = current_database()
      """
    ).decode(String.self).sorted()
  }

  func inTransaction<T>(_ body: (Transaction) throws -> T) throws -> T {
    do {
      return try connection.transaction { tx in try body(tx) }
    } catch {
      throw error.underlying
    }
  }
}
