import CEMDomain
package import FoundationEssentials
package import Postgres
import TransparencyLog

/// A program's log over one connection: it decides commands, appends their events and keeps the
/// projections up to date, each batch in one transaction.
package final class ProgramStore {
  package let connection: Connection
  package let programID: UUID
  /// What it maintains; the database must want the same.
  package let projections: Projections
  /// States that are still right as long as nobody else has written since.
  var cache: (position: Int64, state: ProgramState)?

  package init(
    _ connection: Connection, programID: UUID, projections: Projections = .current
  ) {
    self.projections = projections
    self.connection = connection
    self.programID = programID
  }

  /// How a batch is handled.
  package struct Options: Sendable {
    /// Decide and report, but write nothing.
    package var isDryRun = false
    /// Keep the states that were read for the next batch; worth it for many batches in a row.
    package var keepsState = false

    package init() {}
  }

  /// Decides commands in their order and appends what they lead to: all of them, or none.
  ///
  /// A command whose id was handled before is not decided again: its first receipt comes back.
  /// - Parameter checking: what must hold once the log is locked, and nobody else can add to it.
  /// - Throws: `StoreError`; of a rejected command with its place; what the check throws.
  package func execute(
    _ submissions: [Submission], options: Options = Options(), checking: () throws -> Void = {}
  ) throws -> [Receipt] {
    do {
      return try connection.transaction(opening: { open(for: submissions, in: &$0) }) { tx in
        let batch = try begin(tx)
        try checking()
        let receipts = try decide(submissions, in: batch, tx)
        guard !options.isDryRun else { throw DryRun(receipts: receipts) }
        var pipeline = Pipeline()
        batch.write(to: &pipeline)
        // A short one goes out whole, in one piece, and needs no answers in between.
        pipeline.syncsEach = batch.isLong
        try tx.commit(pipeline, flushing: batch.flushesAfterCommit)
        cache = options.keepsState ? (Int64(batch.frontier.size), batch.state) : nil
        return receipts
      }
    } catch {
      cache = nil
      switch error {
      case .body(let dryRun as DryRun, _): return dryRun.receipts
      case .body(let error as PostgresError, _), .begin(let error), .commit(let error):
        throw StoreError(error, writingOver: connection)
      case .body(let error, _): throw error
      case .commitOutcomeUnknown(let error): throw StoreError.outcomeUnknown(error)
      }
    }
  }

  /// Carries the result of a dry run past the rollback.
  private struct DryRun: Error { let receipts: [Receipt] }

  // MARK: The first round trip

  func open(for submissions: [Submission], in pipeline: inout Pipeline) {
    if let founding = submissions.first?.issued.command as? FoundProgram {
      // One that is sent again is there, and perhaps has another name by now.
      pipeline.query(
        """
        SELECT cem.register_program(\(programID), \(founding.slug.description), \
        \((founding.timeZone ?? .utc).description)) \
        WHERE NOT EXISTS (SELECT FROM cem.program WHERE program_id = \(programID))
        """)
    }
    // What is prepared is planned once a session, and not anew for each batch's arrays.
    let head = pipeline.query(LockedHead.query(programID), prepared: true)
    let handled = pipeline.query(
      StateLoader.select(commands: submissions.map(\.commandID), programID: programID),
      prepared: true)
    // A large batch would name most things twice over; it loads what it meets.
    let streams = submissions.count > 100 ? [] : Set(submissions.flatMap(streams(named:)))
    let things = pipeline.query(
      StateLoader.select(streams.sorted(), programID: programID), prepared: true)
    let kinds = submissions.count > 100 ? [] : Set(submissions.compactMap(\.issued.command.creates))
    let highest = pipeline.query(
      StateLoader.selectHighest(kinds, programID: programID), prepared: true)
    opening = Opening(
      head: head, handled: handled, things: things, streams: streams, highest: highest)
  }

  /// What was asked for along with BEGIN.
  private struct Opening {
    var head: Pipeline.Statement
    var handled: Pipeline.Statement
    var things: Pipeline.Statement
    var streams: Set<StreamID>
    var highest: Pipeline.Statement
  }

  private var opening: Opening?

  private func streams(named submission: Submission) -> [StreamID] {
    [.program] + submission.issued.references + submission.expected.keys
  }

  func begin(_ tx: Transaction) throws -> Batch {
    guard let opening else { preconditionFailure("a transaction is opened by open(for:in:)") }
    let head = try LockedHead(tx.opened[opening.head], maintaining: projections)
    var state = ProgramState.partial
    if let cache, cache.position == Int64(head.frontier.size) { state = cache.state }
    // Kept twice, it would be copied as a whole at the first change.
    cache = nil
    let loader = StateLoader(programID: programID)
    try loader.take(tx.opened[opening.things], asked: opening.streams, into: &state)
    try loader.takeHighest(tx.opened[opening.highest], into: &state)
    let handled = try tx.opened[opening.handled].decode((UUID, String, Int64).self)
    return Batch(
      programID: programID, recordedAt: head.recordedAt, today: head.today, actor: head.actor,
      frontier: head.frontier, releasesEarly: head.releasesEarly, state: state,
      // Whoever sends an id twice in a batch hears of it twice.
      handled: Dictionary(handled.map { ($0, $2) }, uniquingKeysWith: { first, _ in first }),
      projections: projections)
  }

  // MARK: Deciding

  private func decide(
    _ submissions: [Submission], in batch: Batch, _ tx: Transaction
  ) throws -> [Receipt] {
    var receipts: [Receipt] = []
    receipts.reserveCapacity(submissions.count)
    for (index, submission) in submissions.enumerated() {
      do {
        if let position = batch.handled[submission.commandID] {
          receipts.append(
            try ReceiptReader(connection: connection, programID: programID)
              .first(of: submission, at: position, pending: batch))
        } else {
          let places = try take(submission, in: batch, tx)
          receipts.append(batch.receipt(for: submission, places: places))
        }
      } catch let rejection as Rejection {
        throw StoreError.rejected(rejection, index: index)
      }
    }
    return receipts
  }

  /// Compares a request with its events: whoever records may write the tables that states are kept in, and
  /// another login puts its name to what is approved.
  /// - Throws: `Rejection.requestTampered`.
  private func confirm(_ stream: StreamID, _ batch: Batch, _ tx: Transaction) throws {
    // One of the same import is not in the log yet, nor in any table.
    guard !batch.recorded.contains(where: { $0.stream == stream }) else { return }
    let told = try EventLog(tx.connection, programID: programID).state(of: stream)
    guard told.entities[stream] == batch.state.entities[stream] else {
      throw Rejection.requestTampered(stream)
    }
  }

  /// Decides a command, loading what it turns out to need.
  func drafts(
    for submission: Submission, _ batch: Batch, _ tx: Transaction
  ) throws -> [RecordedEvent] {
    while true {
      do {
        for (stream, version) in submission.expected {
          let actual = try batch.state.record(stream)?.version ?? 0
          guard actual == version else {
            throw Rejection.versionMoved(stream, expected: version, actual: actual)
          }
        }
        let drafts = try ProgramDecider.decide(
          ProgramDecider.Command(submission.issued, today: batch.today, actor: batch.actor),
          given: batch.state)
        if let approval = submission.issued.command as? ApproveRequest, !drafts.isEmpty {
          try confirm(approval.request.stream, batch, tx)
        }
        return drafts
      } catch let rejection as Rejection {
        guard case .unloaded(let key) = rejection.kind else { throw rejection }
        try StateLoader(programID: programID).load(key, tx, pending: batch, into: &batch.state)
      }
    }
  }
}

extension Rejection {
  /// A stream is no longer at the version that the caller expects.
  static func versionMoved(_ stream: StreamID, expected: Int, actual: Int) -> Rejection {
    Rejection(
      .conflict, "version.moved",
      "\(stream.reference) is at version \(actual), not \(expected): somebody changed it meanwhile",
      hint: "cem history --stream \(stream)",
      details: ["expected": .int(Int64(expected)), "actual": .int(Int64(actual))])
  }

  /// A command id was used for another command.
  static func commandReused(_ id: UUID) -> Rejection {
    Rejection(
      "command.id-reused", "the command id \(id.text) was used for another command",
      hint: "leave out --command-id, or take a new one")
  }
}

extension Rejection {
  /// A request's table says something else than its events.
  fileprivate static func requestTampered(_ stream: StreamID) -> Rejection {
    Rejection(
      "request.tampered", "what the tables say of \(stream.reference) is not what its events say",
      hint: "cem projection verify")
  }
}
