import CEMDomain
import FoundationEssentials

/// Turns rows into commands and records them.
///
/// A row's command has an id that follows from program, source, key and content, so that the same
/// import can run any number of times: what was handled is left out.
package final class Importer {
  /// How an import goes about its rows.
  package struct Options: Sendable {
    /// Check every row and write nothing.
    package var isDryRun = false
    /// Leave out the rows that are refused.
    package var keepsGoing = false
    /// Amend things that are known by their external id or their code.
    package var revises = false
    /// One transaction for all rows.
    package var isAllOrNothing = true

    package init() {}
  }

  /// Up to this many rows are all or nothing.
  package static let allOrNothingLimit = 100_000
  /// How many rows are appended at a time.
  static let pieceSize = 1_000

  let store: ProgramStore
  /// The name of the source, a part of each command's id.
  let source: String
  let options: Options
  /// Called for each refused row, where the import goes on after it.
  package var onRefusal: (RefusedRow) throws -> Void = { _ in }
  /// Called with the number of rows after each piece.
  package var onProgress: (Int) throws -> Void = { _ in }

  private(set) var outcome = ImportOutcome()
  /// What the rows' names stand for.
  var names: [String: String] = [:]
  private var refusedNames: Set<String> = []
  /// The references of the commands that the log does not know yet: those of the piece at hand, or of
  /// a whole dry run.
  private var references: [UUID: String] = [:]
  /// How often the content of rows without a key came so far, by the beginning of its digest.
  private var occurrences: [UInt64: UInt32] = [:]
  /// The content that was last brought to a thing, by the thing's identity, as far as the log does not
  /// know it yet.
  var latestContent: [UUID: UUID] = [:]
  /// How many rows and things are held in memory between two pieces. The names that rows give and the
  /// digests of rows without a key, a few bytes each, come on top.
  private(set) var held = 0

  package init(_ store: ProgramStore, source: String, options: Options) {
    self.store = store
    self.source = source
    self.options = options
  }

  /// Imports all rows.
  /// - Throws: `RefusedRow` for the first refused row, unless it goes on after those; `StoreError`.
  package func run(_ reader: inout RowReader) throws -> ImportOutcome {
    guard options.isAllOrNothing || options.isDryRun else { return try runInPieces(&reader) }
    var piece = try next(&reader)
    return try store.transact(isDryRun: options.isDryRun) { open in
      while !piece.isEmpty {
        try take(piece, open)
        try open.flush()
        forgetWritten(open.keptState.state)
        try onProgress(outcome.rows)
        piece = try next(&reader)
      }
      (outcome.treeSize, outcome.rootHash) = open.receipt
      return outcome
    }
  }

  /// Imports the rows in transactions of their own; a later run goes on where this one ended.
  private func runInPieces(_ reader: inout RowReader) throws -> ImportOutcome {
    var piece = try next(&reader)
    while !piece.isEmpty {
      do {
        try store.transact { open in
          try take(piece, open)
          (outcome.treeSize, outcome.rootHash) = open.receipt
        }
      } catch var refused as RefusedRow {
        refused.isPartial = outcome.rows > piece.count
        throw refused
      }
      forgetWritten(store.cache?.state)
      try onProgress(outcome.rows)
      piece = try next(&reader)
    }
    return outcome
  }

  /// Whatever is written is looked up in the log from here on.
  private func forgetWritten(_ state: ProgramState?) {
    if !options.isDryRun {
      references.removeAll(keepingCapacity: true)
      latestContent.removeAll(keepingCapacity: true)
    }
    held = references.count + latestContent.count + (state?.size ?? 0)
  }

  private struct Item {
    let line: Int
    let row: Result<ImportRow, Rejection>
    let commandID: UUID
  }

  private func next(_ reader: inout RowReader) throws -> [Item] {
    var piece: [Item] = []
    while piece.count < Importer.pieceSize, let (line, row) = try reader.next() {
      piece.append(Item(line: line, row: row, commandID: commandID(row)))
    }
    return piece
  }

  private func commandID(_ row: Result<ImportRow, Rejection>) -> UUID {
    guard case .success(let row) = row else { return UUID() }
    let first = row.commandID(program: store.programID, source: source, occurrence: 0)
    guard row.key == nil else { return first }
    let digest = withUnsafeBytes(of: first.uuid) { $0.loadUnaligned(as: UInt64.self) }
    let occurrence = occurrences[digest, default: 0]
    occurrences[digest] = occurrence + 1
    guard occurrence > 0 else { return first }
    return row.commandID(program: store.programID, source: source, occurrence: Int(occurrence))
  }

  private func take(_ piece: [Item], _ open: OpenBatch) throws {
    let handled = try open.handled(piece.map(\.commandID))
    for item in piece {
      outcome.rows += 1
      do {
        try take(item, handledAs: handled[item.commandID], open)
      } catch let rejection as Rejection {
        outcome.refused += 1
        if case .success(let row) = item.row, let name = row.name { refusedNames.insert(name) }
        let refused = RefusedRow(line: item.line, rejection: rejection)
        guard options.keepsGoing || options.isDryRun else { throw refused }
        try onRefusal(refused)
      }
    }
  }

  private func take(_ item: Item, handledAs stream: StreamID?, _ open: OpenBatch) throws {
    let row = try item.row.get()
    var reference = stream?.reference ?? references[item.commandID]
    let wasHandled = reference != nil
    if !wasHandled || options.revises {
      try resolveExternals(of: row, open)
      let issued = try command(of: row)
      let result =
        try revise(row, issued, contentID: item.commandID, wasHandled: wasHandled, open)
        ?? (wasHandled ? nil : append(row, issued, id: item.commandID, open))
      if let result {
        outcome.events += result.events
        outcome.recorded += result.events > 0 ? 1 : 0
        outcome.revised += result.isRevision && result.events > 0 ? 1 : 0
        reference = result.reference ?? reference
        if result.events == 0 {
          if wasHandled { outcome.handledBefore += 1 } else { outcome.unchanged += 1 }
        }
      } else {
        outcome.handledBefore += 1
      }
    } else {
      outcome.handledBefore += 1
    }
    references[item.commandID] = reference ?? ""
    if let name = row.name, let reference { names[name] = reference }
  }

  private func command(of row: ImportRow) throws(Rejection) -> IssuedCommand {
    do {
      return try IssuedCommand(name: row.command, fields: row.resolvedFields(names))
    } catch {
      if case .string(let name)? = error.details["ref"], refusedNames.contains(name) {
        throw Rejection(
          .input, error.code, "the row that \(name) names was refused", details: error.details)
      }
      throw error
    }
  }

  /// What a row came to.
  struct RowResult {
    var events: Int
    var reference: String?
    var isRevision = false
  }

  private func append(
    _ row: ImportRow, _ issued: IssuedCommand, id: UUID, _ open: OpenBatch
  ) throws -> RowResult {
    // Another program's export begins with its founding; this program has its own.
    if issued.command is FoundProgram, try open.record(.program) != nil {
      return RowResult(events: 0, reference: StreamID.program.reference)
    }
    let identity = identity(of: issued)
    let receipt = try open.append(
      Submission(
        issued, commandID: id, correlationID: identity,
        causationID: identity == nil ? nil : id))
    if let identity { latestContent[identity] = id }
    return RowResult(events: receipt.events.count, reference: receipt.reference)
  }

  /// What ties together all that this source says of one thing of another system.
  func identity(of issued: IssuedCommand) -> UUID? {
    let measured = (issued.command as? MeasureStandard).map { "\($0.standard)/\($0.period)" }
    return (issued.context.external?.description ?? measured).map {
      UUID(derivedFrom: "cem-import-identity/1\n\(store.programID.text)\n\(source)\n\($0)\n")
    }
  }
}
