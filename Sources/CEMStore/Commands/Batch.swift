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
  /// The frontier after the events so far.
  var frontier: Frontier
  var state: ProgramState
  /// The commands that were handled before, with the position of their first event.
  var handled: [UUID: Int64]
  /// The tree's root right after each command that the batch took.
  private(set) var roots: [UUID: Hash] = [:]
  private let start: Int64
  private(set) var events: [StoredEvent] = []
  private(set) var recorded: [RecordedEvent] = []
  /// The things that were changed, as they were before.
  private var before: [StreamID: EntityRecord?] = [:]
  private var touched: [StreamID] = []
  /// What erased events contributed, and what they do without private data.
  private var replaced: [(before: RecordedEvent, after: RecordedEvent)] = []

  init(
    programID: UUID, recordedAt: Timestamp, today: Day, actor: String, frontier: Frontier,
    state: ProgramState, handled: [UUID: Int64]
  ) {
    self.programID = programID
    self.recordedAt = recordedAt
    self.today = today
    self.actor = actor
    self.frontier = frontier
    self.state = state
    self.handled = handled
    start = Int64(frontier.size)
  }

  /// Adds a decided command's events.
  func apply(_ submission: Submission, drafts: [RecordedEvent]) throws -> Receipt {
    var entries: [Receipt.Entry] = []
    var salt = drafts.isEmpty ? nil : Self.newSalt()
    let digest = try salt.map { salt in
      StoredEvent.commandDigest(
        of: JSON.object(try submission.issued.canonical()).canonicalText, salt: salt)
    }
    for (index, draft) in drafts.enumerated() {
      var draft = draft
      draft.position = Int64(frontier.size) + 1
      var data = try Split(draft.event.stored.payload)
      EventContext(
        reason: draft.reason, onBehalfOf: draft.onBehalfOf, external: draft.external
      ).add(to: &data)
      let personal = data.personal?.canonicalText
      if index > 0 { salt = personal == nil ? nil : Self.newSalt() }
      let stored = draft.event.stored
      var event = StoredEvent(
        programID: programID, position: draft.position, stream: draft.stream.description,
        version: draft.version, type: stored.type, schemaVersion: stored.schemaVersion,
        departments: draft.departments.map(\.code).joined(separator: ","), actor: actor,
        recordedAt: recordedAt, occurredOn: draft.occurredOn, commandID: submission.commandID,
        commandIndex: index, commandDigest: index == 0 ? digest : nil,
        correlationID: submission.correlationID, causationID: submission.causationID,
        facts: (data.facts ?? .object([:])).canonicalText, personal: personal, salt: salt,
        privateHash: nil, leafHash: MerkleTree.emptyRoot)
      if let personal, let salt {
        event.privateHash = StoredEvent.privateHash(of: personal, salt: salt)
      }
      event.leafHash = event.computedLeafHash
      _ = frontier.append(event.leafHash)
      if before[draft.stream] == nil {
        before[draft.stream] = .some(state.entities[draft.stream])
        touched.append(draft.stream)
      }
      state.evolve(with: draft)
      events.append(event)
      recorded.append(draft)
      entries.append(Receipt.Entry(event))
    }
    if !drafts.isEmpty {
      handled[submission.commandID] = entries[0].position
      roots[submission.commandID] = frontier.root
    }
    return Receipt(
      command: type(of: submission.issued.command).name, commandID: submission.commandID,
      reference: drafts.first?.stream.reference, programID: programID, events: entries,
      recordedAt: drafts.isEmpty ? nil : recordedAt, treeSize: Int64(frontier.size),
      rootHash: frontier.root, isDuplicate: false)
  }

  /// Takes over a thing that was folded anew.
  func replace(_ record: EntityRecord) {
    if before[record.stream] == nil {
      before[record.stream] = .some(state.entities[record.stream])
      touched.append(record.stream)
    }
    state.load(record)
  }

  /// Has an event contribute what it does without its private data.
  func replaceEntries(of event: RecordedEvent, by bare: RecordedEvent) {
    replaced.append((event, bare))
  }

  private static func newSalt() -> [UInt8] {
    var generator = SystemRandomNumberGenerator()
    return (0..<2).flatMap { _ in
      withUnsafeBytes(of: generator.next() as UInt64) { Array($0) }
    }
  }

  /// Adds the append and the writes of the projections to a pipeline.
  func write(to pipeline: inout Pipeline) {
    guard !events.isEmpty else { return }
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
      root: frontier.root)
    pipeline.query(append.statement, prepared: true)
    let writer = ProjectionWriter(programID: programID)
    for projection in Projections.all {
      writer.write(changes(of: projection), to: projection.table, in: &pipeline)
    }
  }

  private func changes(of projection: any Projection.Type) -> [RowChange] {
    let table = projection.table
    var changes: [RowChange] = []
    for stream in touched {
      let after = state.entities[stream].map { projection.rows(of: $0) } ?? []
      if table.isOwnRow {
        // The row is written whole: what it was before does not matter.
        changes += after.map { RowChange(key: $0.key, values: $0.values, makesRow: true) }
      } else {
        let before = (before[stream] ?? nil).map { projection.rows(of: $0) } ?? []
        changes += table.changes(from: before, to: after)
      }
    }
    for event in recorded {
      changes += projection.entries(for: event).map {
        RowChange(key: $0.key, values: $0.values, makesRow: $0.makesRow)
      }
    }
    for (before, after) in replaced {
      changes += table.changes(
        from: projection.entries(for: before), to: projection.entries(for: after))
    }
    return changes
  }
}
