import CEMDomain
import FoundationEssentials
import Postgres
import TransparencyLog

/// What a transaction is about to append: the events, the state after them, and the tree's frontier.
final class Batch {
  let programID: UUID
  let recordedAt: Timestamp
  let today: Day
  let actor: String
  private let projections: Projections
  /// The frontier after the events so far.
  var frontier: Frontier
  var state: ProgramState
  /// The commands that were handled before, with the position of their first event.
  var handled: [UUID: Int64]
  private let releasesEarly: Bool
  private let openedAt: Int
  /// The frontier before the first of `events`.
  private var startFrontier: Frontier
  /// The position after which they are appended.
  private(set) var start: Int64
  private(set) var events: [StoredEvent] = []
  private(set) var recorded: [RecordedEvent] = []
  /// What those of `recorded` that correct fields changed, by position.
  private var corrections: [Int64: [FieldChange]] = [:]
  /// The things that were changed, with what they were before.
  private var touched: [(stream: StreamID, before: EntityRecord?)] = []
  private var isTouched: Set<StreamID> = []
  private var leaf = LineWriter(capacity: 1024)
  /// The things whose own rows are still to be written, in the order in which they began to change.
  private var unwritten: [StreamID] = []
  private var isUnwritten: Set<StreamID> = []
  /// What erased events contributed, and what they do without private data.
  private var replaced: [(before: RecordedEvent, after: RecordedEvent)] = []
  /// Random bytes that no event has taken yet.
  private var salts: [UInt8] = []

  init(
    programID: UUID, recordedAt: Timestamp, today: Day, actor: String, frontier: Frontier,
    releasesEarly: Bool,
    state: ProgramState, handled: [UUID: Int64], projections: Projections
  ) {
    self.projections = projections
    self.programID = programID
    self.recordedAt = recordedAt
    self.today = today
    self.actor = actor
    self.frontier = frontier
    self.releasesEarly = releasesEarly
    openedAt = frontier.size
    startFrontier = frontier
    self.state = state
    self.handled = handled
    start = Int64(frontier.size)
  }

  /// Whether the disk is still to be waited for when the transaction has committed: it passes the lock on
  /// early, or it wrote nothing and answers with what another one may have just committed.
  var flushesAfterCommit: Bool { releasesEarly || frontier.size == openedAt }

  /// Adds a decided command's events.
  /// - Returns: their places in `events`.
  @discardableResult
  func apply(_ submission: Submission, drafts: [RecordedEvent]) throws -> Range<Int> {
    let first = events.count
    guard !drafts.isEmpty else { return first..<first }
    var salt: [UInt8]? = newSalt()
    let digest = try salt.map {
      StoredEvent.commandDigest(of: try submission.canonical(), salt: $0)
    }
    for (index, draft) in drafts.enumerated() {
      var draft = draft
      draft.position = Int64(frontier.size) + 1
      let stored = draft.event.stored
      var data = try Split(stored.payload)
      EventContext(
        reason: draft.reason, onBehalfOf: draft.onBehalfOf, external: draft.external,
        request: draft.request
      ).add(to: &data)
      // The salt of the digest is bound by the private hash, so there is always something to hash.
      let personal = data.personal?.canonicalText ?? (index == 0 ? StoredEvent.nothingPrivate : nil)
      if index > 0 { salt = personal == nil ? nil : newSalt() }
      var event = StoredEvent(
        programID: programID, position: draft.position, stream: draft.stream.description,
        version: draft.version, type: stored.type, schemaVersion: stored.schemaVersion,
        departments: draft.departments.map(\.code).joined(separator: ","), actor: actor,
        recordedAt: recordedAt, occurredOn: draft.occurredOn, commandID: submission.commandID,
        commandIndex: index, commandDigest: index == 0 ? digest : nil,
        correlationID: submission.correlationID, causationID: submission.causationID,
        facts: (data.facts ?? .object([:])).canonicalText, personal: personal, salt: salt,
        leafHash: MerkleTree.emptyRoot)
      event.leafHash = event.leafHash(with: &leaf)
      frontier.append(event.leafHash)
      touch(draft.stream)
      corrections[draft.position] = draft.corrections(of: state.entities[draft.stream])
      state.evolve(with: draft)
      events.append(event)
      recorded.append(draft)
    }
    handled[submission.commandID] = events[first].position
    return first..<events.count
  }

  /// The receipt of a command whose events were added last.
  func receipt(for submission: Submission, places: Range<Int>) -> Receipt {
    let events = events[places]
    return Receipt(
      command: type(of: submission.issued.command).name, commandID: submission.commandID,
      reference: reference(of: places, by: submission), programID: programID,
      events: events.map(Receipt.Entry.init),
      recordedAt: events.isEmpty ? nil : recordedAt, treeSize: Int64(frontier.size),
      rootHash: frontier.root, isDuplicate: false,
      changes: events.flatMap { corrections[$0.position] ?? [] })
  }

  /// The tree's root right after a position of `events`. Few ask, so it is not kept for each command.
  func root(after position: Int64) -> Hash {
    var frontier = startFrontier
    frontier.append(contentsOf: events.prefix { $0.position <= position }.map(\.leafHash))
    return frontier.root
  }

  /// What people call the thing that a command was about; `nil` where nothing happened.
  func reference(of places: Range<Int>, by submission: Submission) -> String? {
    places.first.map { submission.issued.command.subjectName ?? recorded[$0].stream.reference }
  }

  /// Takes over a thing that was folded anew.
  func replace(_ record: EntityRecord) {
    touch(record.stream)
    state.load(record)
  }

  private func touch(_ stream: StreamID) {
    if isTouched.insert(stream).inserted { touched.append((stream, state.entities[stream])) }
  }

  /// Has an event contribute what it does without its private data.
  func replaceEntries(of event: RecordedEvent, by bare: RecordedEvent) {
    replaced.append((event, bare))
  }

  private func newSalt() -> [UInt8] {
    // A system call for each would cost more than the hashes.
    if salts.count < StoredEvent.saltSize { salts = POSIX.randomBytes() }
    defer { salts.removeLast(StoredEvent.saltSize) }
    return Array(salts.suffix(StoredEvent.saltSize))
  }

  /// What the batch holds at a time.
  struct Mark {
    fileprivate var frontier: Frontier
    fileprivate var state: ProgramState
    fileprivate var handled: [UUID: Int64]
    fileprivate var isTouched: Set<StreamID>
    /// How many events, things touched and things replaced there are.
    fileprivate var counts: (events: Int, touched: Int, replaced: Int)
  }

  var mark: Mark {
    Mark(
      frontier: frontier, state: state, handled: handled, isTouched: isTouched,
      counts: (events.count, touched.count, replaced.count))
  }

  /// Leaves out what was added since a mark. Nothing of it may have been written.
  func goBack(to mark: Mark) {
    frontier = mark.frontier
    state = mark.state
    handled = mark.handled
    isTouched = mark.isTouched
    events.removeSubrange(mark.counts.events...)
    recorded.removeSubrange(mark.counts.events...)
    touched.removeSubrange(mark.counts.touched...)
    replaced.removeSubrange(mark.counts.replaced...)
  }

  /// Forgets what was added, once it was handed to the server; the state stays.
  func clear() {
    start = Int64(frontier.size)
    startFrontier = frontier
    events.removeAll(keepingCapacity: true)
    recorded.removeAll(keepingCapacity: true)
    corrections.removeAll(keepingCapacity: true)
    touched.removeAll(keepingCapacity: true)
    isTouched.removeAll(keepingCapacity: true)
    replaced.removeAll()
    handled.removeAll(keepingCapacity: true)
  }

  /// Whether what `write` adds may be more than a socket takes at once. States and rows repeat what the
  /// events say, some three times in all; the smallest buffers hold about 200 KiB.
  var isLong: Bool {
    events.reduce(0) { $0 + $1.facts.utf8.count + ($1.personal?.utf8.count ?? 0) } > 16 << 10
  }

  /// Adds the append and the writes of the projections to a pipeline.
  ///
  /// - Parameters:
  ///   - keeping: how many things to keep whose own rows are not written yet, those that began to change last: of
  ///     what changes again before a later call, the row is written once.
  ///   - step: called now and then, for what else is to be done on the way.
  func write(to pipeline: inout Pipeline, keeping: Int = 0, step: () -> Void = {}) {
    if !events.isEmpty { append(to: &pipeline) }
    for (stream, _) in touched where isUnwritten.insert(stream).inserted {
      unwritten.append(stream)
    }
    let leaving = unwritten.prefix(max(0, unwritten.count - keeping))
    let writer = ProjectionWriter(programID: programID)
    for (projection, changes) in zip(
      projections.list, projectionChanges(withRowsOf: leaving, step: step))
    {
      writer.write(changes, to: projection.table, in: &pipeline)
      step()
    }
    for stream in leaving { isUnwritten.remove(stream) }
    unwritten.removeFirst(leaving.count)
  }

  private func append(to pipeline: inout Pipeline) {
    if recorded.contains(where: { $0.stream == .program }),
      case .program(let program)? = state.entities[.program]?.entity
    {
      pipeline.query(
        """
        SELECT cem.register_program(\(programID), \(program.details.slug.description), \
        \(program.details.timeZone.description))
        """)
    }
    let append = LogAppend(
      programID: programID, after: start, recordedAt: recordedAt, events: events,
      frontier: frontier, projections: projections)
    pipeline.query(append.statement, prepared: true)
  }

  /// What changes in each of the projections, in their order.
  /// - Parameter things: whose own rows to write; what several things or events make of a row is all written.
  private func projectionChanges(
    withRowsOf things: some Sequence<StreamID>, step: () -> Void
  ) -> [[RowChange]] {
    let projections = projections.list
    var changes = Array(repeating: [RowChange](), count: projections.count)
    for stream in things {
      step()
      guard let record = state.entities[stream] else { continue }
      for (index, projection) in projections.enumerated() where projection.table.isOwnRow {
        if let subject = projection.table.subject, !subject.includes(stream) { continue }
        // The row is written whole: what it was before does not matter.
        for row in projection.rows(of: record) {
          changes[index].append(RowChange(key: row.key, values: row.values, makesRow: true))
        }
      }
    }
    for (stream, before) in touched {
      step()
      let after = state.entities[stream]
      for (index, projection) in projections.enumerated() where !projection.table.isOwnRow {
        if let subject = projection.table.subject, !subject.includes(stream) { continue }
        let old = before.map { projection.rows(of: $0) } ?? []
        let new = after.map { projection.rows(of: $0) } ?? []
        if !old.isEmpty || !new.isEmpty {
          changes[index] += projection.table.changes(from: old, to: new)
        }
      }
    }
    for event in recorded {
      for (index, projection) in projections.enumerated() {
        for entry in projection.entries(for: event) {
          changes[index].append(
            RowChange(key: entry.key, values: entry.values, makesRow: entry.makesRow))
        }
      }
    }
    for (before, after) in replaced {
      for (index, projection) in projections.enumerated() {
        changes[index] += projection.table.changes(
          from: projection.entries(for: before), to: projection.entries(for: after))
      }
    }
    return changes
  }
}
