import CEMDomain
package import FoundationEssentials
package import Postgres
import TransparencyLog

/// Checks a program's log where it lies, with an auditor's rights, in short statements.
package struct LiveLogCheck {
  private let connection: Connection
  private let programID: UUID

  package init(_ connection: Connection, programID: UUID) {
    self.connection = connection
    self.programID = programID
  }

  /// Reads every event up to the present head and checks them, the stored nodes and the head.
  ///
  /// - Parameter pins: what the log is held to.
  /// - Throws: `StoreError`, `PostgresError`.
  package func report(
    pins: [LogPin] = [], progress: (Int64) -> Void = { _ in }
  ) throws -> LogReport {
    let rows = try connection.query(
      "SELECT position, frontier FROM cem.head WHERE program_id = \(programID)"
    ).decode((Int64, [UInt8]).self)
    guard let (size, frontier) = rows.first else { throw StoreError.noProgram(nil) }
    var check = LogCheck(pins: pins)
    if size > 0 {
      let program = programID
      try EventLog(connection, programID: programID).replay(
        1...size, columns: StoredEvent.columns,
        prepare: { rows in
          try rows.map { LogEntry(try StoredEvent(binary: BinaryRow($0)), program: program) }
        },
        { entries in
          for entry in entries { check.take(entry) }
          progress(check.report.events)
        })
    }
    check.finish(head: (size, frontier), stored: try storedNodes(upTo: Int(size)))
    return check.report
  }

  /// The stored nodes of the tree of a size; what later appends added is not looked at.
  private func storedNodes(upTo size: Int) throws(PostgresError) -> [StoredNode] {
    try connection.query(
      """
      SELECT level::integer, index, hash FROM cem.tree_node WHERE program_id = \(programID) \
      ORDER BY level, index
      """
    ).decode((Int, Int, Hash).self).map { StoredNode(level: $0, index: $1, hash: $2) }
      .filter { node in
        guard (1...6).contains(node.level), (0..<(1 << 40)).contains(node.index) else {
          return true
        }
        return node.leaves.upperBound <= size
      }
  }
}
