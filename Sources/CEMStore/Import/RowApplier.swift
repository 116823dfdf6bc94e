package import CEMDomain
import FoundationEssentials
import Postgres
package import TransparencyLog

/// Records commands that people filled in row by row: what one row asks for is done together or not at all.
///
/// As in an import, a command's id follows from program, source, key and content, so that the same rows
/// can come any number of times.
package struct RowApplier {
  /// What one row of the source asks for.
  package struct Unit: Sendable {
    package var rows: [Row]
    /// Whether that is all of it: of what could not be understood there is no command, and then none of
    /// the others is done.
    package var isWhole: Bool

    package init(_ rows: [Row], isWhole: Bool = true) {
      self.rows = rows
      self.isWhole = isWhole
    }
  }

  /// A command from a row.
  package struct Row: Sendable {
    package var command: String
    package var fields: JSONObject
    /// What the source calls the row, and which of its commands this is.
    package var key: String
    /// The thing that it is about, with the version that the row was made from; `nil` for a new thing.
    package var basis: (stream: StreamID, version: Int)?

    package init(
      _ command: String, _ fields: JSONObject, key: String,
      basis: (stream: StreamID, version: Int)? = nil
    ) {
      self.command = command
      self.fields = fields
      self.key = key
      self.basis = basis
    }
  }

  /// What became of a row's command.
  package enum Result: Sendable {
    case recorded(events: Int, reference: String?)
    /// An earlier run had recorded it.
    case handledBefore
    /// There was nothing to do.
    case unchanged
    case refused(Rejection)
    /// It could be done, but for something else in its unit.
    case withheld

    fileprivate var isRefused: Bool { if case .refused = self { true } else { false } }
  }

  package struct Outcome: Sendable {
    /// One a command, in their units.
    package var results: [[Result]] = []
    package var events = 0
    package var treeSize: Int64 = 0
    package var rootHash: Hash?
  }

  private let store: ProgramStore
  private let source: String
  /// What the events of all its commands have in common.
  private let correlationID: UUID

  package init(_ store: ProgramStore, source: String) {
    self.store = store
    self.source = source
    correlationID = UUID(derivedFrom: "cem-rows/1\n\(store.programID.text)\n\(source)\n")
  }

  /// Applies the units in their order, in one transaction.
  /// - Parameter isDryRun: decide all, and write nothing.
  /// - Throws: `StoreError`; what is wrong with a unit is its result.
  package func apply(_ units: [Unit], isDryRun: Bool) throws -> Outcome {
    let ids = try commandIDs(of: units)
    return try store.transact(isDryRun: isDryRun) { open in
      var needs = OpenBatch.Needs()
      needs.commands = ids.flatMap(\.self)
      needs.streams = Set(units.flatMap(\.rows).compactMap { $0.basis?.stream })
      try open.ask(for: needs)
      let handled = try open.answer()
      let own = try eventsByStream(of: needs.commands)
      var outcome = Outcome()
      var touched: Set<StreamID> = []
      for (unit, ids) in zip(units, ids) {
        var (results, touches) = ([Result](), touched)
        var isDone = false
        try open.asWhole {
          for (row, id) in zip(unit.rows, ids) {
            results.append(
              handled[id] == nil
                ? try take(row, id, own: own, touched: &touches, open) : .handledBefore)
          }
          isDone = unit.isWhole && !results.contains(where: \.isRefused)
          return isDone
        }
        if isDone { touched = touches } else { results = results.map(\.ofUndoneUnit) }
        for case .recorded(let events, _) in results { outcome.events += events }
        outcome.results.append(results)
      }
      (outcome.treeSize, outcome.rootHash) = open.receipt
      return outcome
    }
  }

  /// The second of two equal rows is one of its own, as in an import.
  private func commandIDs(of units: [Unit]) throws -> [[UUID]] {
    var line = 0
    var occurrences: [String: Int] = [:]
    return try units.map { unit in
      try unit.rows.map { row in
        line += 1
        var object = row.fields
        object["command"] = .string(row.command)
        object["key"] = .string(row.key)
        var item = try ImportRow(line: line, json: object)
        let occurrence = occurrences[item.content, default: 0]
        occurrences[item.content] = occurrence + 1
        if occurrence > 0 {
          object["key"] = .string("\(row.key)\n\(occurrence)")
          item = try ImportRow(line: line, json: object)
        }
        return item.commandID(
          item.content, program: store.programID.text, source: source, occurrence: 0)
      }
    }
  }

  /// Decides a command and takes its events.
  private func take(
    _ row: Row, _ id: UUID, own: [StreamID: Int], touched: inout Set<StreamID>, _ open: OpenBatch
  ) throws -> Result {
    do {
      // What it was about is there already, by a command with other words.
      if let external = row.fields["external"]?.string.flatMap({ try? ExternalID(scalar: $0) }),
        let record = try open.record(external: external)
      {
        return .refused(.takenBefore(record.stream))
      }
      var submission = Submission(
        try IssuedCommand(name: row.command, fields: row.fields), commandID: id,
        correlationID: correlationID)
      // What these rows did themselves, now or in an earlier run, makes no row stale.
      if let basis = row.basis, !touched.contains(basis.stream) {
        submission.expected[basis.stream] = basis.version + own[basis.stream, default: 0]
      }
      let (events, reference) = try open.append(submission)
      if let stream = row.basis?.stream { touched.insert(stream) }
      return events == 0 ? .unchanged : .recorded(events: events, reference: reference)
    } catch let rejection as Rejection {
      if rejection.code == "version.moved", let basis = row.basis,
        try isChangedByThisAlone(basis.stream, since: basis.version)
      {
        return .refused(.takenBefore(basis.stream))
      }
      return .refused(rejection)
    }
  }

  /// Whether a thing was changed since a version, and by nothing but this source.
  private func isChangedByThisAlone(_ stream: StreamID, since version: Int) throws -> Bool {
    try store.connection.query(
      """
      SELECT coalesce(bool_and(correlation_id IS NOT DISTINCT FROM \(correlationID)), false) \
      FROM cem.event WHERE program_id = \(store.programID) AND stream = \(stream.description) \
      AND version > \(version)
      """
    ).one(Bool.self)
  }

  /// How many events a row's command leads to at most, about: with a waiver, evidence, the act itself.
  private static let eventsOfCommand = 16

  /// How many events each stream has from these commands. They stand together from the command's first on.
  private func eventsByStream(of ids: [UUID]) throws -> [StreamID: Int] {
    let rows = try store.connection.query(
      """
      SELECT e.stream, count(*) FROM (\(StateLoader.select(commands: ids, programID: store.programID))) f, \
      LATERAL (SELECT stream FROM cem.event e WHERE e.program_id = \(store.programID) \
      AND e.position BETWEEN f.position AND f.position + \(Self.eventsOfCommand) \
      AND e.command_id = f.command_id OFFSET 0) e GROUP BY e.stream
      """
    ).decode((String, Int).self)
    return Dictionary(
      rows.compactMap { name, count in StreamID(name).map { ($0, count) } },
      uniquingKeysWith: { $0 + $1 })
  }
}

extension Rejection {
  /// A row of a source was taken in before, when other words stood in it.
  fileprivate static func takenBefore(_ stream: StreamID) -> Rejection {
    Rejection(
      .conflict, "row.taken-before",
      "the row of \(stream.reference) was taken in before, and says something else now",
      hint: "cem history --stream \(stream)")
  }
}

extension RowApplier.Result {
  /// What became of a command whose unit was not done.
  fileprivate var ofUndoneUnit: RowApplier.Result {
    switch self {
    case .recorded, .unchanged: .withheld
    case .handledBefore, .refused, .withheld: self
    }
  }
}
