import CEMDomain
import FoundationEssentials
import Postgres

/// Loads pieces of a program's state from the projections, under the head's lock.
struct StateLoader {
  let programID: UUID

  private static let columns: SQL = """
    kind, number, code, version, changed_at_position, since, occurred_on, voided, external, \
    duplicate_of, state
    """

  /// The query for things by stream: one look-up in the index for each.
  static func select(_ streams: [StreamID], programID: UUID) -> SQL {
    // A number that the column cannot hold names nothing.
    let streams = streams.filter { $0.number <= Int(Int32.max) }
    return """
      SELECT e.* FROM (SELECT unnest(\(streams.map(\.kind.rawValue))::text[]) AS kind, \
      unnest(\(streams.map(\.number))::integer[]) AS number, \
      unnest(\(streams.map(\.code))::text[]) AS code) w, \
      LATERAL (SELECT \(columns) FROM \(EntityTable.table.relation) e WHERE e.program_id = \(programID) \
      AND e.kind = w.kind AND e.number = w.number AND e.code = w.code OFFSET 0) e
      """
  }

  /// The query for things by their external ids.
  static func select(external ids: [ExternalID], programID: UUID) -> SQL {
    """
    SELECT e.* FROM unnest(\(ids.map(\.description))::text[]) AS w (external), \
    LATERAL (SELECT \(columns) FROM \(EntityTable.table.relation) e WHERE e.program_id = \(programID) \
    AND e.external = w.external OFFSET 0) e
    """
  }

  /// The query for the things that some people own.
  static func select(ownedBy people: [PersonID], programID: UUID) -> SQL {
    """
    SELECT e.* FROM unnest(\(people.map(\.code))::text[]) AS w (owner), \
    LATERAL (SELECT \(columns) FROM \(EntityTable.table.relation) e WHERE e.program_id = \(programID) \
    AND e.owner = w.owner OFFSET 0) e
    """
  }

  /// The query for the initiatives that a person sponsors.
  static func select(sponsoredBy person: PersonID, programID: UUID) -> SQL {
    """
    SELECT e.* FROM (SELECT initiative FROM \(InitiativeBoard.table.relation) \
    WHERE program_id = \(programID) AND sponsor = \(person.code) AND NOT voided) w, \
    LATERAL (SELECT \(columns) FROM \(EntityTable.table.relation) e WHERE e.program_id = \(programID) \
    AND e.kind = 'initiative' AND e.number = w.initiative AND e.code = '' OFFSET 0) e
    """
  }

  /// The query for the commands of some ids that were handled before: each with the stream and the position
  /// of its first event. One look-up each, for with `= ANY` a database that has not analysed the table yet
  /// may read all of a program's events instead.
  static func select(commands ids: [UUID], programID: UUID) -> SQL {
    """
    SELECT e.* FROM unnest(\(ids)::uuid[]) AS w (command_id), \
    LATERAL (SELECT command_id, stream, position FROM cem.event e \
    WHERE e.program_id = \(programID) AND e.command_index = 0 AND e.command_id = w.command_id \
    OFFSET 0) e
    """
  }

  /// What the rows of `select(commands:)` say: which commands were handled, with what each was about.
  static func handled(_ result: QueryResult) throws -> [UUID: StreamID] {
    Dictionary(
      try result.decode((UUID, String, Int64).self)
        .compactMap { id, stream, _ in StreamID(stream).map { (id, $0) } },
      uniquingKeysWith: { first, _ in first })
  }

  /// The query for all things of a kind, or for those that concern a department.
  static func select(
    _ kind: EntityKind, concerning department: DepartmentCode? = nil, programID: UUID
  ) -> SQL {
    let isWanted: SQL =
      department.map { "AND \($0.code) = ANY (string_to_array(departments, ','))" } ?? ""
    return """
      SELECT \(columns) FROM \(EntityTable.table.relation) \
      WHERE program_id = \(programID) AND kind = \(kind.rawValue) \(isWanted) ORDER BY number, code
      """
  }

  /// The query for what goes along when a department is merged, split or retired: what is over is not
  /// read, however much there is of it. An initiative is found by whom it is led, or among those under way
  /// by who takes part.
  static func select(workOf department: DepartmentCode, programID: UUID) -> SQL {
    let (code, isOwn): (SQL, SQL) = (
      "\(department.code)", "program_id = \(programID) AND department = \(department.code)"
    )
    return """
      SELECT \(columns) FROM ( \
      SELECT 'gap' AS work, gap AS place FROM \(GapRegister.table.relation) \
      WHERE \(isOwn) AND state <> 'closed' AND NOT voided \
      UNION ALL SELECT 'initiative', initiative FROM \(InitiativeBoard.table.relation) \
      WHERE \(isOwn) AND stage NOT IN ('completed', 'cancelled') AND NOT voided \
      UNION ALL SELECT 'initiative', initiative FROM \(InitiativeBoard.table.relation) \
      WHERE program_id = \(programID) AND \(code) = ANY (string_to_array(partners, ',')) \
      AND stage NOT IN ('completed', 'cancelled') AND NOT voided AND partners IS NOT NULL \
      UNION ALL SELECT 'touchpoint', touchpoint FROM \(TouchpointScorecard.table.relation) \
      WHERE \(isOwn) AND NOT voided \
      UNION ALL SELECT 'standard', standard FROM \(StandardRegister.table.relation) \
      WHERE \(isOwn) AND NOT voided \
      UNION ALL SELECT 'channel', channel FROM \(ChannelRegister.table.relation) \
      WHERE \(isOwn) AND NOT voided \
      UNION ALL SELECT 'platform', platform FROM \(PlatformRegister.table.relation) \
      WHERE \(isOwn) AND NOT voided \
      ) w, LATERAL (SELECT \(columns) FROM \(EntityTable.table.relation) e \
      WHERE e.program_id = \(programID) AND e.kind = w.work AND e.number = w.place AND e.code = '' \
      OFFSET 0) e
      """
  }

  /// The query for what a department leads and what happened there after a day: nothing, where that day is right;
  /// else the latest, for one would do.
  static func select(
    factsOf department: DepartmentCode, after day: Day, programID: UUID
  ) -> SQL {
    let kinds = EntityKind.allCases.filter(\.needsDepartment).map(\.rawValue)
    return """
      SELECT \(columns) FROM \(EntityTable.table.relation) WHERE program_id = \(programID) \
      AND kind = ANY (\(kinds)::text[]) AND NOT voided AND occurred_on > \(day) \
      AND split_part(departments, ',', 1) = \(department.code) \
      ORDER BY occurred_on DESC, kind, number LIMIT 100
      """
  }

  /// The query for the highest number of each kind.
  static func selectHighest(_ kinds: Set<EntityKind>, programID: UUID) -> SQL {
    """
    SELECT k, (SELECT number FROM \(EntityTable.table.relation) e WHERE e.program_id = \(programID) AND e.kind = k \
    ORDER BY number DESC LIMIT 1) FROM unnest(\(kinds.map(\.rawValue).sorted())::text[]) AS k
    """
  }

  /// Takes over the rows of `select`.
  func take(
    _ result: QueryResult, asked: some Sequence<StreamID>, into state: inout ProgramState
  ) throws {
    for row in result {
      let record = try Self.record(row)
      // What a kept state holds is newer than nothing, and equal to the database.
      if state.entities[record.stream] == nil { state.load(record) }
    }
    for stream in asked { state.markLoaded(.entity(stream)) }
  }

  /// Takes over the rows of `select(external:)`.
  func take(
    _ result: QueryResult, asked ids: some Sequence<ExternalID>, into state: inout ProgramState
  ) throws {
    try take(result, asked: EmptyCollection<StreamID>(), into: &state)
    for id in ids where !state.isLoaded(.external(id)) { state.markLoaded(.external(id)) }
  }

  /// Takes over the rows of `select(ownedBy:)`.
  func take(
    _ result: QueryResult, asked people: some Sequence<PersonID>, into state: inout ProgramState
  ) throws {
    try take(result, asked: EmptyCollection<StreamID>(), into: &state)
    for person in people { state.markLoaded(.owned(person)) }
  }

  /// Takes over the rows of `selectHighest`.
  func takeHighest(_ result: QueryResult, into state: inout ProgramState) throws {
    for (kind, number) in try result.decode((String, Int?).self) {
      guard let kind = EntityKind(rawValue: kind), !state.isLoaded(.highestNumber(kind)) else {
        continue
      }
      guard number ?? 0 < Self.endOfNumbers else { throw Self.damaged(kind.rawValue) }
      state.markLoaded(.highestNumber(kind), highestNumber: number ?? 0)
    }
  }

  /// No log comes to so many events; whoever records may write the table, and a number beyond it would run over.
  private static let endOfNumbers = 1 << 30

  private static func damaged(_ thing: String) -> Rejection {
    Rejection(
      "projection.damaged", "the tables hold a number of \(thing) that no event led to",
      hint: "cem projection rebuild")
  }

  /// Reads a thing from a row of `cem.entity`.
  static func record(_ row: Row) throws -> EntityRecord {
    let kindName = try row[0, as: String.self]
    let number = try row[1, as: Int.self]
    let code = try row[2, as: String.self]
    let position = try row[4, as: Int64.self]
    guard let kind = EntityKind(rawValue: kindName) else {
      throw StoreError.unreadable(position: position, "a thing of unknown kind \(kindName)")
    }
    let stream = number > 0 ? StreamID(kind, number: number) : StreamID(kind, code: code)
    do {
      let text = try row[10, as: String.self]
      let entity = try Entity(kind: kind, stored: Split(facts: try JSON(parsing: text)))
      let version = try row[3, as: Int.self]
      guard version < endOfNumbers else { throw damaged(stream.reference) }
      return EntityRecord(
        stream: stream, version: version, position: position,
        since: try row[5, as: Day.self],
        occurredOn: try row[6, as: Day.self],
        external: try row[8, as: String?.self].flatMap { try? ExternalID(scalar: $0) },
        isVoided: try row[7, as: Bool.self],
        duplicateOf: try row[9, as: String?.self].flatMap { StreamID($0) }, entity: entity)
    } catch let error as PostgresError {
      throw error
    } catch let error as Rejection {
      throw error
    } catch {
      throw StoreError.unreadable(position: position, "the state of \(stream): \(error)")
    }
  }

  /// Loads one key. What the batch has already decided is in the state and wins over the database.
  func load(
    _ key: StateKey, _ tx: Transaction, pending: Batch, into state: inout ProgramState
  ) throws {
    switch key {
    case .entity(let stream):
      try take(
        tx.query(Self.select([stream], programID: programID)), asked: [stream], into: &state)
    case .highestNumber(let kind):
      try takeHighest(tx.query(Self.selectHighest([kind], programID: programID)), into: &state)
      // Things made earlier in the batch were numbered from a loaded highest number, so there are none.
      precondition(!pending.recorded.contains { $0.stream.kind == kind && $0.version == 1 })
    case .external(let id):
      try take(
        tx.query(Self.select(external: [id], programID: programID)), asked: [id], into: &state)
    case .owned(let person):
      try take(
        tx.query(Self.select(ownedBy: [person], programID: programID)), asked: [person],
        into: &state)
    case .sponsored(let person):
      try take(
        tx.query(Self.select(sponsoredBy: person, programID: programID)),
        asked: EmptyCollection<StreamID>(), into: &state)
      state.markLoaded(key)
    case .naming(let person):
      // Some of these hold the code as something else; the state tells them apart.
      let code = "\"\(person.code)\""
      try take(
        tx.query(
          """
          SELECT \(Self.columns) FROM \(EntityTable.table.relation) WHERE program_id = \(programID) \
          AND NOT voided AND strpos(state, \(code)) > 0
          """), asked: EmptyCollection<StreamID>(), into: &state)
      state.markLoaded(key)
    case .concerning(let department):
      try take(
        tx.query(
          """
          SELECT \(Self.columns) FROM \(EntityTable.table.relation) WHERE program_id = \(programID) \
          AND \(department.code) = ANY (string_to_array(departments, ','))
          """), asked: EmptyCollection<StreamID>(), into: &state)
      state.markLoaded(key)
    case .work(let department):
      try take(
        tx.query(Self.select(workOf: department, programID: programID)),
        asked: EmptyCollection<StreamID>(), into: &state)
      state.markLoaded(key)
    case .all(let kind):
      try take(
        tx.query(Self.select(kind, programID: programID)), asked: EmptyCollection<StreamID>(),
        into: &state)
      state.markLoaded(key)
    case .recorders(let stream):
      let logins = try tx.query(
        """
        SELECT DISTINCT actor FROM cem.event WHERE program_id = \(programID) \
        AND stream = \(stream.description) AND type IN ('evidence.added', 'evidence.renewed')
        """
      ).decode(String.self)
      state.markLoaded(key, recorders: Set(logins))
    case .endedRetirement(let department):
      let log = EventLog(tx.connection, programID: programID)
      state.markLoaded(
        key,
        endedRetirement: try log.state(of: department.stream).endedRetirement(of: department))
    case .absences(let department):
      let spans = try tx.query(
        """
        SELECT retired_on, reinstated_on FROM \(DepartmentAbsences.table.relation) \
        WHERE program_id = \(programID) AND department = \(department.code) \
        AND retired_on < reinstated_on
        """
      ).decode((Day, Day).self)
      state.markLoaded(key, absences: spans.map { $0..<$1 })
    case .facts(let department, let day):
      try take(
        tx.query(Self.select(factsOf: department, after: day, programID: programID)),
        asked: EmptyCollection<StreamID>(), into: &state)
      state.markLoaded(key)
    case .event(let position):
      let pendingEvent = pending.recorded.first { $0.position == position }
      let stored = try EventLog(tx.connection, programID: programID).event(at: position)?
        .recorded()
      state.markLoaded(key, event: pendingEvent ?? stored)
    }
  }
}
