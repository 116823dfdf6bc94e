import CEMDomain
package import FoundationEssentials
package import Postgres
import TransparencyLog

/// Checks a program where it lies, with an auditor's rights, in short statements: its log, the rules that
/// its events obey, and the projections that were made from it.
package struct LiveLogCheck {
  private let connection: Connection
  private let programID: UUID

  package init(_ connection: Connection, programID: UUID) {
    self.connection = connection
    self.programID = programID
  }

  /// Reads every event up to the present head and checks them, the stored nodes, the head, the rules and
  /// all projections.
  ///
  /// - Parameters:
  ///   - pins: what the log is held to.
  ///   - progress: called with the events checked so far, and how many there are.
  /// - Throws: `StoreError`, `PostgresError`.
  package func report(
    pins: [LogPin] = [], progress: (Int64, Int64) -> Void = { _, _ in }
  ) throws -> LogReport {
    try Background.run { try check(pins, progress) }
  }

  private func check(_ pins: [LogPin], _ progress: (Int64, Int64) -> Void) throws -> LogReport {
    let head = try head()
    try connection.waitUntilFlushed()
    let strays = try self.strays()
    let refold = Refold(connection, programID: programID)
    let windows = Windows()
    var reading = LogReading(
      check: LogCheck(pins: pins),
      rules: RuleCheck { position in try windows.pausing { try event(at: position) } },
      entries: refold.emptyEntries, size: head.size)
    // Some of what follows is asked of them.
    for problem in try DefinitionCheck(connection).functions() {
      reading.check.add(LogProblem(.definition, nil, problem))
    }
    if head.count > 1 {
      reading.check.add(LogProblem(.head, nil, "the program has \(head.count) heads"))
    }
    for (position, why) in strays {
      reading.check.add(LogProblem(.position, position.map { .at($0) }, why))
    }
    if head.size > 0 {
      try EventLog(connection, programID: programID).replay(
        1...head.size,
        columns: "\(StoredEvent.columns), (recorded_at AT TIME ZONE \(zone(head)))::date",
        // An event takes some three times as long to check as to fold, and others who write are to feel neither.
        windowsOf: EventLog.window / 4, by: windows,
        prepare: { [programID] in try LogReading.Window($0, program: programID) }
      ) { window in
        try reading.take(window)
        progress(reading.check.report.events, head.size)
      }
    }
    try reading.finish()
    if reading.check.lastRecordedAt != head.recordedAt {
      reading.check.add(LogProblem(.head, nil, "the head's time is not that of the last event"))
    }
    reading.check.finish(
      head: (head.stated, head.frontier),
      stored: try storedNodes(upTo: Int(head.size), &reading.check))
    for problem in reading.rules.erasures.problems(namedLater: try named(after: head.size)) {
      reading.check.add(problem)
    }
    try checkNodesAhead(&reading.check)
    checkProgram(reading.rules.state, head, &reading.check)
    // Projections are compared up to the head, wherever that is.
    guard head.stated <= head.last else { return reading.check.report }
    let gapEvents = GapEvents(connection, programID: programID)
    var amiss: [RowDifference] = []
    try refold.take(
      reading.rules.state, entries: reading.entries, at: head.size,
      meanwhile: { amiss = try gapEvents.differences() })
    try compareProjections(refold, &reading.check)
    reading.check.add(
      LogReport.Projection(
        name: GapEvents.table.name, rows: try gapEvents.count(), mismatches: amiss.count))
    for difference in amiss {
      reading.check.add(LogProblem(.projection, nil, difference.description))
    }
    return reading.check.report
  }

  /// What the head and the directory say of the program, and where its events really end.
  private struct Head {
    var stated: Int64
    var frontier: [UInt8]
    var recordedAt: Timestamp?
    var slug: String
    var timeZone: String
    var last: Int64
    /// How many heads there are.
    var count: Int

    /// What a head says that was changed is not what there is to read.
    var size: Int64 { min(stated, last) }
  }

  private func head() throws -> Head {
    let rows = try connection.query(
      """
      SELECT h.position, h.frontier, nullif(h.recorded_at, '-infinity'), p.slug, p.time_zone, \
      coalesce((SELECT max(e.position) FROM cem.event e WHERE e.program_id = p.program_id), 0) \
      FROM cem.head h JOIN cem.program p USING (program_id) WHERE program_id = \(programID)
      """
    ).decode((Int64, [UInt8], Timestamp?, String, String, Int64).self)
    guard let (stated, frontier, recordedAt, slug, timeZone, last) = rows.first else {
      throw StoreError.noHead
    }
    return Head(
      stated: stated, frontier: frontier, recordedAt: recordedAt, slug: slug, timeZone: timeZone,
      last: last, count: rows.count)
  }

  /// The time zone in which days are told. One that was garbled is not that of the events, which is said of the
  /// program; the days still have to be told.
  private func zone(_ head: Head) -> String {
    let day = try? connection.query("SELECT (now() AT TIME ZONE \(head.timeZone))::date::text")
      .one(String.self)
    return day == nil ? "UTC" : head.timeZone
  }

  /// Events of the program that have no place in its log, as of one moment: replays pass them by.
  private func strays() throws(PostgresError) -> [(position: Int64?, why: String)] {
    try connection.query(
      """
      SELECT e.position FROM cem.event e WHERE e.program_id = \(programID) AND (e.position IS NULL \
      OR e.position < 1 OR e.position > (SELECT max(h.position) FROM cem.head h \
      WHERE h.program_id = \(programID))) ORDER BY 1 LIMIT 100
      """
    ).decode(Int64?.self).map { position in
      switch position {
      case let position? where position > 0: (position, "an event stands behind the log's end")
      case let position?:
        (nil, "an event stands at position \(position), before the log's beginning")
      case nil: (nil, "an event has no position")
      }
    }
  }

  private func event(at position: Int64) throws -> RecordedEvent? {
    let rows = try connection.queryBinary(
      """
      SELECT \(RecordedEvent.columns) FROM cem.event WHERE program_id = \(programID) \
      AND position = \(position)
      """)
    // That one cannot be read is said where it stands.
    return rows.first.flatMap { try? RecordedEvent(binary: BinaryRow($0)) }
  }

  /// The positions that erasures name which came while the log was read.
  private func named(after size: Int64) throws -> Set<Int64> {
    let rows = try connection.query(
      """
      SELECT jsonb_array_elements_text(facts::jsonb -> 'positions')::bigint FROM cem.event \
      WHERE program_id = \(programID) AND stream = 'log' AND type = 'event.data_erased' \
      AND position > \(size)
      """
    ).decode(Int64.self)
    return Set(rows)
  }

  /// The stored nodes of the tree of a size; what later appends added is not looked at.
  private func storedNodes(
    upTo size: Int, _ check: inout LogCheck
  ) throws(PostgresError) -> [StoredNode] {
    let rows = try connection.query(
      """
      SELECT level::integer, index, hash FROM cem.tree_node WHERE program_id = \(programID) \
      ORDER BY level, index
      """
    ).decode((Int, Int, [UInt8]).self)
    var nodes: [StoredNode] = []
    for (level, index, bytes) in rows {
      guard let hash = Hash(bytes) else {
        check.add(
          LogProblem(
            .storedNode, nil, "the stored node \(index) of level \(level) is no hash"))
        continue
      }
      let node = StoredNode(level: level, index: index, hash: hash)
      let isPlaced = (1...6).contains(level) && (0..<(1 << 40)).contains(index)
      if !isPlaced || node.leaves.upperBound <= size { nodes.append(node) }
    }
    return nodes
  }

  /// No node may be stored before its last leaf is.
  private func checkNodesAhead(_ check: inout LogCheck) throws {
    let nodes = try connection.query(
      """
      SELECT n.level::integer, n.index FROM cem.tree_node n JOIN cem.head h USING (program_id) \
      WHERE program_id = \(programID) AND n.level BETWEEN 1 AND 6 AND n.index >= 0 \
      AND (n.index + 1)::numeric * power(256::numeric, n.level) > h.position \
      ORDER BY level, index LIMIT 100
      """
    ).decode((Int, Int64).self)
    for (level, index) in nodes {
      check.add(
        LogProblem(
          .storedNode, nil,
          "the stored node \(index) of level \(level) has leaves that are not there"))
    }
  }

  /// What the directory says of a program must be what its events say.
  private func checkProgram(
    _ state: ProgramState, _ head: Head, _ check: inout LogCheck
  ) {
    guard case .program(let program)? = state.entities[.program]?.entity else { return }
    if program.details.slug.description != head.slug {
      check.add(LogProblem(.program, nil, "the program's slug is not that of its events"))
    }
    if program.details.timeZone.description != head.timeZone {
      check.add(LogProblem(.program, nil, "the program's time zone is not that of its events"))
    }
  }

  // MARK: Projections

  private func compareProjections(_ refold: Refold, _ check: inout LogCheck) throws {
    let differences = try refold.differencesNow()
    for projection in Projections.all {
      let name = projection.table.name
      let own = differences.filter { $0.table.name == name }
      check.add(
        LogReport.Projection(
          name: name, rows: refold.rowCounts[name] ?? 0, mismatches: own.count))
      for difference in own { check.add(LogProblem(.projection, nil, difference.description)) }
    }
  }
}

/// What reading a log, window by window, has come to: its hashes, its rules, and the sums of its projections.
private struct LogReading {
  var check: LogCheck
  var rules: RuleCheck
  var entries: ProjectionTables
  /// How many events there are to read.
  let size: Int64
  /// The last command so far, whose events may go on in the next window.
  private var open: RuleCheck.Group?

  init(check: LogCheck, rules: RuleCheck, entries: ProjectionTables, size: Int64) {
    self.check = check
    self.rules = rules
    self.entries = entries
    self.size = size
  }

  /// A window's events by command, prepared apart from all others.
  struct Window: Sendable {
    var groups: [RuleCheck.Group]
    var unreadable: [LogProblem] = []

    init(_ rows: QueryResult, program: UUID) throws {
      var items: [RuleCheck.Item] = []
      for row in rows {
        let row = BinaryRow(row)
        do throws(PostgresError) {
          items.append(try RuleCheck.Item(row, program: program))
        } catch {
          unreadable.append(
            LogProblem(
              .unreadable, .at(try row.integer(1)), "its row cannot be read: \(error.message)"))
        }
      }
      groups = RuleCheck.Group.groups(of: items)
      for index in groups.indices { groups[index].findCommand() }
    }
  }

  mutating func take(_ window: Window) throws {
    for problem in window.unreadable { check.add(problem) }
    var groups = window.groups
    if var open = open.take() {
      if let first = groups.first, first.items[0].commandID == open.items[0].commandID {
        open.items += first.items
        open.findCommand()
        groups[0] = open
      } else {
        try take(open, before: groups.first)
      }
    }
    open = groups.popLast()
    for (index, group) in groups.enumerated() {
      try take(group, before: index + 1 < groups.count ? groups[index + 1] : open)
    }
  }

  /// Takes the last command: no window follows.
  mutating func finish() throws {
    if let last = open.take() { try take(last, before: nil) }
    check.set(unjudged: rules.unjudged)
  }

  private mutating func take(_ group: RuleCheck.Group, before next: RuleCheck.Group?) throws {
    for item in group.items { check.take(item.entry) }
    let end = group.items[0].entry.position + Int64(group.items.count)
    let isFollowed = next.map { $0.items[0].entry.begins(at: end) } ?? (end - 1 == size)
    for problem in try rules.take(group, isFollowed: isFollowed) { check.add(problem) }
    for item in group.items {
      if case .success(let event) = item.recorded { entries.add(entriesFor: event) }
    }
  }
}

extension RuleCheck.Item {
  /// Reads a row of `StoredEvent.columns` and the day of recording.
  /// - Throws: where a column does not hold what it must.
  convenience init(_ row: BinaryRow, program: UUID) throws(PostgresError) {
    let stored = try StoredEvent(binary: row)
    let data = Result { try stored.data() }
    let isAsWritten =
      !stored.isErased && Event.presentVersions[stored.type] == stored.schemaVersion
    let recorded = Result { try stored.recorded(data.get()) }
    var entry = LogEntry(stored, program: program)
    switch try? recorded.get().event {
    case .log(.dataErased(let erased)): entry.erases = erased.positions
    case .program(.periodClosed(let closed)): entry.subjectName = closed.period.description
    case .program(.periodReopened(let reopened)):
      entry.subjectName = reopened.period.description
    case .correction(_, .handedOver(let handover)): entry.subjectName = handover.from.code
    default: break
    }
    if let event = try? recorded.get(), let data = try? data.get(),
      !stored.isCanonical(as: event, data)
    {
      entry.faults.append(
        LogProblem(
          .notCanonical, .at(stored.position),
          "its texts are not in the form that says what it says and nothing else"))
    }
    self.init(
      entry: entry, recorded: recorded.mapError { .init(why: "\($0)") },
      data: isAsWritten ? try? data.get() : nil,
      commandID: stored.commandID,
      today: Day(sincePostgresEpoch: try row.integer(20)), isErased: stored.isErased)
  }
}

extension StoredEvent {
  /// Whether its texts are, byte for byte, what writing it again gives.
  ///
  /// An older version of a type cannot be written again as it was: its texts have to be canonical JSON. Of
  /// what was erased only the facts are left. What cannot be read has no form at all, which is said of it.
  fileprivate func isCanonical(as event: RecordedEvent, _ data: Split) -> Bool {
    if case .unreadable = event.event { return true }
    var again = data
    if Event.presentVersions[type] == schemaVersion {
      // A text that is missing though nothing was erased is written as one, and so found.
      guard let split = try? Split(event.event.stored.payload, erasedText: isErased ? nil : "")
      else { return false }
      again = split
      EventContext(
        reason: event.reason, onBehalfOf: event.onBehalfOf, external: event.external,
        request: event.request
      ).add(to: &again)
    }
    guard stream == event.stream.description,
      departments == event.departments.map(\.code).joined(separator: ","),
      facts.hasSameBytes(as: (again.facts ?? .object([:])).canonicalText)
    else { return false }
    guard let personal else { return true }
    guard let words = again.personal else {
      return commandIndex == 0 && personal == StoredEvent.nothingPrivate
    }
    return personal.hasSameBytes(as: words.canonicalText)
  }
}

extension RowDifference: CustomStringConvertible {
  /// What is wrong with the row, without its values: they may be private.
  package var description: String {
    let row = "\(table.name) \(key.map { $0.postgresText ?? "-" }.joined(separator: " "))"
    if expected == nil { return "\(row) should not be there" }
    if actual == nil { return "\(row) is missing" }
    return "\(row) differs in \(columns.joined(separator: ", "))"
  }
}
