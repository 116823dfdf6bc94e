import CEMDomain
import FoundationEssentials
import Postgres
import TransparencyLog

/// A transaction that is being filled, piece by piece.
///
/// The client decides one piece while the server writes the piece before. What a piece needs is asked
/// for before the piece before it is written, so the state wins over what comes back.
package final class OpenBatch {
  private let store: ProgramStore
  private let batch: Batch
  private let transaction: Transaction
  private let isDryRun: Bool
  /// What was sent and not yet waited for, in order.
  private var sent: [(pipeline: SentPipeline, needs: Needs?)] = []

  /// With more things than this the state is forgotten between two pieces, so that memory is bounded.
  private let stateLimit: Int
  /// How many changed things may wait for their own rows to be written. Most things change in several pieces, so
  /// that the longer they wait the less is written; of fewer less is left to do in the end.
  private let changeLimit: Int

  init(
    store: ProgramStore, batch: Batch, transaction: Transaction, isDryRun: Bool, stateLimit: Int,
    changeLimit: Int
  ) {
    self.store = store
    self.batch = batch
    self.transaction = transaction
    self.isDryRun = isDryRun
    self.stateLimit = stateLimit
    self.changeLimit = changeLimit
  }

  /// What a piece most likely needs.
  struct Needs {
    var commands: [UUID] = []
    var streams: Set<StreamID> = []
    var externals: Set<ExternalID> = []
    /// Those all of whose things are looked at.
    var owners: Set<PersonID> = []
  }

  /// The state with its position, for the next transaction; `nil` where it is too large to keep.
  var keptState: (position: Int64, state: ProgramState)? {
    isFull ? nil : (position, batch.state)
  }
  /// See ``Batch/flushesAfterCommit``.
  var flushesAfterCommit: Bool { batch.flushesAfterCommit }
  /// The last position so far.
  var position: Int64 { Int64(batch.frontier.size) }
  /// The root of the tree so far.
  var receipt: (treeSize: Int64, rootHash: Hash) { (position, batch.frontier.root) }
  /// How many things and look-ups the state holds.
  var heldThings: Int { batch.state.size }
  /// Whether the state should be forgotten before the next piece. A dry run has it nowhere else.
  var isFull: Bool { !isDryRun && batch.state.entities.count > stateLimit }

  // MARK: Deciding

  /// Decides a command; nothing is taken over yet.
  /// - Throws: `Rejection`.
  func drafts(for submission: Submission) throws -> [RecordedEvent] {
    try store.drafts(for: submission, batch, transaction)
  }

  /// Decides a command and takes its events.
  /// - Returns: how many, and what people call the thing that it was about.
  /// - Throws: `Rejection`; then everything is as before.
  @discardableResult
  package func append(_ submission: Submission) throws -> (events: Int, reference: String?) {
    // Meanwhile the socket may take more of the piece before.
    store.connection.push()
    let places = try store.take(submission, in: batch, transaction)
    return (places.count, batch.reference(of: places, by: submission))
  }

  /// Takes several commands as one: where the closure returns `false`, none of what it appended was taken.
  /// - Precondition: the closure writes nothing.
  func asWhole(_ body: () throws -> Bool) rethrows {
    let mark = batch.mark
    if try !body() { batch.goBack(to: mark) }
  }

  // MARK: Sending

  /// Asks for what a piece needs; the answer comes by ``answer()``.
  func ask(for needs: Needs) throws {
    var needs = needs
    needs.streams = needs.streams.filter { !batch.state.isLoaded(.entity($0)) }
    needs.externals = needs.externals.filter { !batch.state.isLoaded(.external($0)) }
    needs.owners = needs.owners.filter { !batch.state.isLoaded(.owned($0)) }
    var pipeline = Pipeline()
    pipeline.syncsEach = true
    pipeline.query(StateLoader.select(commands: needs.commands, programID: store.programID))
    pipeline.query(StateLoader.select(needs.streams.sorted(), programID: store.programID))
    pipeline.query(
      StateLoader.select(external: Array(needs.externals), programID: store.programID))
    if !needs.owners.isEmpty {
      pipeline.query(
        StateLoader.select(ownedBy: needs.owners.sorted(), programID: store.programID))
    }
    sent.append((try store.connection.start(pipeline), needs))
  }

  /// Waits for what was asked for first.
  /// - Returns: which of the commands were handled before, with what each was about.
  func answer() throws -> [UUID: StreamID] {
    while !sent.isEmpty {
      let (pipeline, needs) = sent.removeFirst()
      let results = try store.connection.finish(pipeline)
      guard let needs else { continue }
      let loader = StateLoader(programID: store.programID)
      try loader.take(results[1], asked: needs.streams, into: &batch.state)
      try loader.take(results[2], asked: needs.externals, into: &batch.state)
      if !needs.owners.isEmpty {
        try loader.take(results[3], asked: needs.owners, into: &batch.state)
      }
      return try StateLoader.handled(results[0])
    }
    return [:]
  }

  /// Hands what was taken so far to the server, without waiting; in a dry run it is only forgotten. The last things'
  /// own rows may come later.
  package func write() throws {
    try write(keeping: changeLimit)
    // No more than two pieces wait in memory for a server that is slower.
    while sent.count > 2, sent[0].needs == nil {
      try store.connection.finish(sent.removeFirst().pipeline)
    }
  }

  private func write(keeping: Int) throws {
    if !isDryRun {
      var pipeline = Pipeline()
      pipeline.syncsEach = true
      // The server goes on with the piece before, of which a socket takes only a part at once.
      batch.write(to: &pipeline, keeping: keeping) { store.connection.push() }
      if !pipeline.isEmpty { sent.append((try store.connection.start(pipeline), nil)) }
    }
    batch.clear()
  }

  /// Hands all that is left to the server, and waits until it has written it.
  func settle() throws {
    try write(keeping: 0)
    while !sent.isEmpty { try store.connection.finish(sent.removeFirst().pipeline) }
  }

  /// Forgets the state. All must have been written, and nothing asked for.
  func forgetState() { batch.state = .partial }

  // MARK: Looking

  /// The thing that an external id was given to, or a thing by its stream; `nil` where there is none.
  func record(external: ExternalID) throws -> EntityRecord? {
    try load(.external(external))
    guard let stream = try batch.state.stream(withExternal: external) else { return nil }
    return try record(stream)
  }

  func record(_ stream: StreamID) throws -> EntityRecord? {
    try load(.entity(stream))
    return try batch.state.record(stream)
  }

  /// The event at a position; `nil` past the end.
  func event(at position: Int64) throws -> RecordedEvent? {
    try load(.event(position))
    return try batch.state.event(at: position)
  }

  private func load(_ key: StateKey) throws {
    if case .external(let id) = key, (try? batch.state.stream(withExternal: id)) != nil { return }
    if case .entity(let stream) = key, batch.state.entities[stream] != nil { return }
    guard !batch.state.isLoaded(key) else { return }
    try StateLoader(programID: store.programID)
      .load(key, transaction, pending: batch, into: &batch.state)
  }

  /// The row that last changed a thing by an import of this identity.
  func lastCause(of stream: StreamID, correlation: UUID) throws -> UUID? {
    try transaction.query(
      """
      SELECT causation_id FROM cem.event WHERE program_id = \(store.programID) \
      AND stream = \(stream.description) AND correlation_id = \(correlation) \
      ORDER BY version DESC LIMIT 1
      """
    ).decode(UUID?.self).first ?? nil
  }
}
