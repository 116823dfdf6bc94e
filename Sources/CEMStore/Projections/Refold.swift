package import CEMDomain
package import FoundationEssentials
package import Postgres

/// A program's projections made again from its log, compared with what the tables hold.
///
/// Things are folded part by part; rows that differ are remembered, and nothing else of the tables that
/// hold a row for each thing. Commands may go on meanwhile: what they touch is folded again by `follow`,
/// and only `differences` needs the log to stand still, for the moment that it takes to read a few rows.
/// An erasure that comes meanwhile ends it with ``ErasedMeanwhile``, for what was folded holds the words still.
package final class Refold {
  package let connection: Connection
  package let programID: UUID
  /// Up to here the log is folded.
  package private(set) var position: Int64 = 0
  /// How many rows the tables should hold, by projection.
  package var rowCounts: [String: Int] = [:]

  let projections: [any Projection.Type]
  /// The tables that are compared thing by thing, and those whose rows are sums.
  let own: [any Projection.Type]
  let shared: [any Projection.Type]
  /// What the tables of sums should hold.
  var sums: ProjectionTables
  /// Of the other tables: the rows that differ, or were touched since they were compared, as they should
  /// be; `nil` for a row that should not be there.
  var expected: [String: [[Value]: [Value]?]] = [:]
  /// Of the tables of sums: the keys of the rows that differed when they were compared; `nil` before.
  var differingSums: [String: Set<[Value]>]?

  package init(
    _ connection: Connection, programID: UUID,
    projections: [any Projection.Type] = Projections.all
  ) {
    self.connection = connection
    self.programID = programID
    self.projections = projections
    own = projections.filter { $0.table.subject != nil }
    shared = projections.filter { $0.table.subject == nil }
    sums = ProjectionTables(of: shared)
  }

  /// Folds the log up to a position, in as many parts as memory asks for, and compares each part.
  ///
  /// - Parameters:
  ///   - parts: the parts; those of `done` are left out.
  ///   - meanwhile: what the server can do while sums are added up here; called once at most.
  ///   - progress: called with the events folded so far, of all parts.
  package func fold(
    upTo position: Int64, parts: [LogPart],
    meanwhile: () throws -> Void = {}, finished: (LogPart) throws -> Void = { _ in },
    progress: (Int64) throws -> Void
  ) throws {
    var folded: Int64 = 0
    for part in parts {
      var state = ProgramState.complete
      var entries = ProjectionTables(of: shared)
      if position > 0 {
        try EventLog(connection, programID: programID).forEachRecorded(
          in: 1...position, where: part.condition
        ) { event in
          state.evolve(with: event)
          entries.add(entriesFor: event)
          folded += 1
          if folded % 10_000 == 0 { try progress(folded) }
        }
      }
      try compare(part, state, entries, meanwhile: { if part == parts.first { try meanwhile() } })
      try finished(part)
    }
    self.position = position
    try compareSums()
    try progress(folded)
  }

  /// Where somebody else who folds the log adds up what events contribute.
  package var emptyEntries: ProjectionTables { ProjectionTables(of: shared) }

  /// Compares the tables with a state that somebody else folded, up to a position.
  /// - Parameter meanwhile: what the server can do while sums are added up here.
  package func take(
    _ state: ProgramState, entries: ProjectionTables, at position: Int64,
    meanwhile: () throws -> Void
  ) throws {
    try compare(.whole, state, entries, meanwhile: meanwhile)
    self.position = position
    try compareSums()
  }

  /// Compares the tables of sums with what the log makes of them up to `position`.
  ///
  /// Rows that change while they are read differ, or are noted as changed once `follow` comes to what
  /// changed them; so `differences` has few left to look at, and nobody waits for the rest.
  private func compareSums() throws {
    var differing: [String: Set<[Value]>] = [:]
    for table in shared.map({ $0.table }) {
      let rows = sums.contributed(to: table)
      var keys: Set<[Value]> = []
      var met = 0
      try forEachRow(of: table) { row, isRepeated -> (isMet: Bool, differing: [Value]?) in
        let expected = rows[row.key]
        let isEqual = expected.map { row.holds($0) } == true && !isRepeated
        return (expected != nil && !isRepeated, isEqual ? nil : row.key)
      } _: { comparison in
        met += comparison.isMet ? 1 : 0
        if let key = comparison.differing { keys.insert(key) }
      }
      rowCounts[table.name] = sums.count(of: table)
      if met < sums.count(of: table) {
        var missing = Set(sums.keys(of: table))
        try forEachRow(of: table, { row, _ in row.key }, { missing.remove($0) })
        keys.formUnion(missing)
      }
      differing[table.name] = keys
    }
    differingSums = differing
    sums.noteChanges()
  }

  private func compare(
    _ part: LogPart, _ state: ProgramState, _ entries: ProjectionTables,
    meanwhile: () throws -> Void
  ) throws {
    try Background.beside(
      {
        sums.add(entries)
        for record in state.entities.values { sums.add(rowsOf: record) }
      }, meanwhile)
    for projection in own { try compare(part, state, projection) }
  }

  // MARK: Thing by thing

  private enum Comparison: Sendable {
    case ofOtherPart
    case equal
    /// With the key, and the values that the row should have; `nil` where it should not be there.
    case differs([Value], [Value]?)
    /// A second row of a key, which only a table without its constraint can hold.
    case repeats([Value], [Value]?)
  }

  private func compare(
    _ part: LogPart, _ state: ProgramState, _ projection: any Projection.Type
  ) throws {
    let table = projection.table
    guard let subject = table.subject else { return }
    var differing: [[Value]: [Value]?] = [:]
    var met = 0
    try forEachRow(of: table) { row, isRepeated -> Comparison in
      guard let stream = subject.stream(of: row.key) else { return .differs(row.key, nil) }
      guard part.contains(stream) else { return .ofOtherPart }
      guard subject.includes(stream), let record = state.entities[stream] else {
        return .differs(row.key, nil)
      }
      let expected = Refold.row(of: record, in: projection, key: row.key)
      if isRepeated { return .repeats(row.key, expected) }
      return expected == row.values ? .equal : .differs(row.key, expected)
    } _: { (comparison: Comparison) in
      switch comparison {
      case .ofOtherPart: break
      case .equal: met += 1
      case .differs(let key, let expected):
        if expected != nil { met += 1 }
        differing[key] = .some(expected)
      case .repeats(let key, let expected): differing[key] = .some(expected)
      }
    }
    let things = state.entities.values.lazy.filter { subject.includes($0.stream) }
    rowCounts[table.name, default: 0] += things.count
    if met < things.count {
      try findMissing(things, part, projection, &differing)
    }
    expected[table.name, default: [:]].merge(differing) { _, new in new }
  }

  /// Finds the things without a row. Their absence showed in the count, so this is rarely needed.
  private func findMissing(
    _ things: some Sequence<EntityRecord>, _ part: LogPart, _ projection: any Projection.Type,
    _ differing: inout [[Value]: [Value]?]
  ) throws {
    let table = projection.table
    var present: Set<[Value]> = []
    try forEachRow(of: table, { row, _ in row.key }, { present.insert($0) })
    for record in things {
      for contribution in projection.rows(of: record) where !present.contains(contribution.key) {
        differing[contribution.key] = contribution.row(in: table)
      }
    }
  }

  /// The row that a thing should have under a key.
  private static func row(
    of record: EntityRecord, in projection: any Projection.Type, key: [Value]
  ) -> [Value]? {
    projection.rows(of: record).first { $0.key == key }?.row(in: projection.table)
  }

  /// Reads a table in windows of its key.
  /// - Parameter prepare: gets each row, and whether the one before it has the same key.
  private func forEachRow<T: Sendable>(
    of table: TableSchema, _ prepare: @escaping @Sendable (TableRow, Bool) -> T,
    _ body: (T) -> Void
  ) throws {
    let programID = programID
    var last: [Value]?
    var isAtEnd = false
    let pace = Pace(connection, programID: programID)
    try Windows().read(
      next: { () throws -> QueryResult? in
        guard !isAtEnd else { return nil }
        try pace.keep()
        var sql: SQL = """
          SELECT \(table.binaryColumns) FROM \(table.relation) WHERE program_id = \(programID)
          """
        if let last { sql.append(" AND \(table.isAfter(last))") }
        sql.append(" ORDER BY \(table.keyOrder) FETCH FIRST \(EventLog.window) ROWS WITH TIES")
        let rows = try connection.queryByKey(sql)
        isAtEnd = rows.count < EventLog.window
        last = try rows.last.map { try TableRow(table: table, binary: BinaryRow($0)).key }
        return rows
      },
      prepare: { rows in
        var last: [Value]?
        return try rows.map { row in
          let row = try TableRow(table: table, binary: BinaryRow(row))
          defer { last = row.key }
          return prepare(row, row.key == last)
        }
      },
      { prepared in for item in prepared { body(item) } })
  }

  // MARK: What came meanwhile

  /// Folds what was appended since, up to a position: again from their beginning the streams that it
  /// touched, which are few.
  /// - Throws: `ErasedMeanwhile`.
  package func follow(to end: Int64) throws {
    guard end > position else { return }
    let log = EventLog(connection, programID: programID)
    var touched: Set<StreamID> = []
    try log.forEachRecorded(in: position + 1...end) { event in
      if case .log(.dataErased) = event.event { throw ErasedMeanwhile(programID: programID) }
      touched.insert(event.stream)
      sums.add(entriesFor: event)
    }
    let streams = touched.sorted()
    for start in stride(from: 0, to: streams.count, by: 500) {
      let some = Array(streams[start..<min(start + 500, streams.count)])
      var before = ProgramState.complete
      var after = ProgramState.complete
      try log.forEachRecorded(of: some, upTo: end) { event in
        if event.position <= position { before.evolve(with: event) }
        after.evolve(with: event)
      }
      for stream in some { try take(before.entities[stream], after.entities[stream]) }
    }
    position = end
  }

  private func take(_ before: EntityRecord?, _ after: EntityRecord?) throws {
    sums.change(from: before, to: after)
    guard let after else { return }
    for projection in own where projection.table.subject?.includes(after.stream) == true {
      let table = projection.table
      if before == nil { rowCounts[table.name, default: 0] += 1 }
      for contribution in projection.rows(of: after) {
        expected[table.name, default: [:]][contribution.key] = contribution.row(in: table)
      }
    }
  }

  /// Folds what was appended since, until so little is left that nobody has to wait for the rest.
  package func catchUp() throws {
    let head = MomentResolver(connection, programID: programID)
    // Each round is shorter than the one before it, as long as folding is faster than appending.
    for _ in 0..<20 {
      let end = try head.head().position
      if end - position <= 200 { return }
      try follow(to: end)
    }
  }

  /// Compares all projections with the log, and writes nothing.
  /// - Parameters:
  ///   - meanwhile: what the server can do while sums are added up here; called once at most.
  ///   - progress: called with the events folded so far, and how many there are.
  package func verify(
    meanwhile: () throws -> Void = {}, progress: (Int64, Int64) throws -> Void = { _, _ in }
  ) throws -> [RowDifference] {
    let end = try MomentResolver(connection, programID: programID).head().position
    try Background.run {
      try fold(
        upTo: end, parts: LogPart.all(ofLength: end), meanwhile: meanwhile,
        progress: { try progress($0, end) })
    }
    return try differencesNow()
  }

  /// The rows that differ, with all that was appended up to now. Where something was erased meanwhile, the log is
  /// folded anew.
  package func differencesNow() throws -> [RowDifference] {
    do {
      try catchUp()
      do {
        return try connection.transaction(.snapshot) { _ in
          try follow(to: try MomentResolver(connection, programID: programID).head().position)
          return try differences()
        }
      } catch {
        throw error.underlying
      }
    } catch is ErasedMeanwhile {
      forgetAll()
      return try verify()
    }
  }

  private func forgetAll() {
    position = 0
    rowCounts = [:]
    sums = emptyEntries
    expected = [:]
    differingSums = nil
  }
}
