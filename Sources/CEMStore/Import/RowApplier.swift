package import CEMDomain
import FoundationEssentials
import Postgres
package import TransparencyLog

/// Records commands that people filled in row by row: each is done or refused by itself.
///
/// As in an import, a command's id follows from program, source, key and content, so that the same rows
/// can come any number of times.
package struct RowApplier {
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
  }

  package struct Outcome: Sendable {
    /// One a row, in their order.
    package var results: [Result] = []
    package var events = 0
    package var treeSize: Int64 = 0
    package var rootHash: Hash?
  }

  private let store: ProgramStore
  private let source: String

  package init(_ store: ProgramStore, source: String) {
    self.store = store
    self.source = source
  }

  /// Applies the rows in their order, in one transaction.
  /// - Parameter isDryRun: decide all, and write nothing.
  /// - Throws: `StoreError`; what is wrong with a row is its result.
  package func apply(_ rows: [Row], isDryRun: Bool) throws -> Outcome {
    let ids = try rows.enumerated().map { index, row in
      var object = row.fields
      object["command"] = .string(row.command)
      object["key"] = .string(row.key)
      let item = try ImportRow(line: index + 1, json: object)
      return item.commandID(
        item.content, program: store.programID.text, source: source, occurrence: 0)
    }
    return try store.transact(isDryRun: isDryRun) { open in
      var needs = OpenBatch.Needs()
      needs.commands = ids
      needs.streams = Set(rows.compactMap { $0.basis?.stream })
      try open.ask(for: needs)
      let handled = try open.answer()
      let own = try eventsByStream(of: ids)
      var outcome = Outcome()
      var touched: Set<StreamID> = []
      for (row, id) in zip(rows, ids) {
        guard handled[id] == nil else {
          outcome.results.append(.handledBefore)
          continue
        }
        do {
          var submission = Submission(
            try IssuedCommand(name: row.command, fields: row.fields), commandID: id)
          // What these rows did themselves, now or in an earlier run, makes no row stale.
          if let basis = row.basis, !touched.contains(basis.stream) {
            submission.expected[basis.stream] = basis.version + own[basis.stream, default: 0]
          }
          let (events, reference) = try open.append(submission)
          if let stream = row.basis?.stream { touched.insert(stream) }
          outcome.events += events
          outcome.results.append(
            events == 0 ? .unchanged : .recorded(events: events, reference: reference))
        } catch let rejection as Rejection {
          outcome.results.append(.refused(rejection))
        }
      }
      (outcome.treeSize, outcome.rootHash) = open.receipt
      return outcome
    }
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
