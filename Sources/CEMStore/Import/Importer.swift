import CEMDomain
import FoundationEssentials
import Postgres
import TransparencyLog

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
    /// How many rows are appended at a time: a larger piece costs less; a smaller one less memory, and the server
    /// gets to work sooner.
    package var pieceSize = 2_500
    /// How many pieces a transaction takes where it does not take all: it holds the program's lock.
    package var piecesInTransaction = 4
    /// How many things are kept in memory from piece to piece.
    package var stateLimit = 50_000
    /// How many changed things may wait for their own rows to be written, so that a thing that several pieces change is
    /// written once.
    package var changeLimit = 10_000

    package init() {}
  }

  /// Up to this many rows are all or nothing.
  package static let allOrNothingLimit = 100_000

  let store: ProgramStore
  /// The name of the source, a part of each command's id.
  let source: String
  let options: Options
  private let programText: String
  /// Called for each refused row, where the import goes on after it.
  package var onRefusal: (RefusedRow) throws -> Void = { _ in }
  /// Called with the number of rows after each piece.
  package var onProgress: (Int) throws -> Void = { _ in }

  private(set) var outcome = ImportOutcome()
  /// What was done by the transactions that were committed.
  package private(set) var committed = ImportOutcome()
  /// What the rows' names stand for.
  var names: [String: String] = [:]
  private var refusedNames: Set<String> = []
  /// The references of the commands of this piece, and of the one before: what the database did not
  /// know of when it was asked. In a dry run, of all.
  private var references: [UUID: String] = [:]
  private var earlierReferences: [UUID: String] = [:]
  /// How often a content without a key was met, by the first bytes of its hash.
  private var occurrences: [UInt64: Int32] = [:]
  /// The content that this run last brought to a thing, by the thing's identity.
  var latestContent: [UUID: UUID] = [:]
  /// The line of the last row about each thing that an earlier run recorded.
  private var lastRecorded: [StreamID: Int] = [:]
  /// How many rows and things are held in memory between two pieces. The names that rows give and the
  /// digests of rows without a key, a few bytes each, come on top.
  private(set) var held = 0

  package init(_ store: ProgramStore, source: String, options: Options) {
    self.store = store
    self.source = source
    self.options = options
    programText = store.programID.text
  }

  /// Imports all rows.
  /// - Parameter again: reads the same rows from the beginning, where that can be done: to look ahead where some of
  ///   them were recorded before. Without it only the first piece is looked at.
  /// - Throws: `RefusedRow` for the first refused row, unless it goes on after those; `StoreError`.
  package func run(
    _ reader: inout RowReader, again: (() throws -> RowReader)? = nil
  ) throws -> ImportOutcome {
    let isWhole = options.isAllOrNothing || options.isDryRun
    return try reading(&reader) { next in
      var piece = try next() ?? []
      try lookAhead(from: piece, again)
      while !piece.isEmpty {
        let recorded = outcome.rows
        do {
          try store.transact(
            isDryRun: options.isDryRun, stateLimit: options.stateLimit,
            changeLimit: options.changeLimit
          ) { open in
            try take(
              &piece, upTo: isWhole ? .max : options.piecesInTransaction,
              then: { try next() ?? [] }, open)
            (outcome.treeSize, outcome.rootHash) = open.receipt
          }
          committed = outcome
        } catch var refused as RefusedRow {
          refused.isPartial = !isWhole && recorded > 0
          throw refused
        }
      }
      return outcome
    }
  }

  /// Reads pieces of rows, prepared by other threads.
  private func reading<R>(
    _ reader: inout RowReader, _ body: (_ next: () throws -> [ImportItem]?) throws -> R
  ) throws -> R {
    let (pieceSize, program, source) = (options.pieceSize, programText, source)
    return try Windows().reading(
      next: { try reader.next(pieceSize) },
      prepare: { rows in
        rows.map { ImportItem(line: $0.line, $0.row, program: program, source: source) }
      }, body)
  }

  /// Finds what an earlier run recorded of these rows.
  ///
  /// A row that changed nothing then left nothing behind. Decided again it could take back what later rows brought about,
  /// so that they have to be known before it.
  private func lookAhead(from piece: [ImportItem], _ again: (() throws -> RowReader)?) throws {
    var counts: [UInt64: Int32] = [:]
    func note(_ piece: [ImportItem]) throws {
      var piece = piece
      identify(&piece, counting: &counts)
      let handled = try store.handled(piece.map(\.id))
      for item in piece {
        if let stream = handled[item.id] { lastRecorded[stream] = item.line }
      }
    }
    try note(piece)
    // What none of so many rows were recorded of is new.
    guard !lastRecorded.isEmpty, piece.count == options.pieceSize, let again else { return }
    counts = [:]
    var reader = try again()
    try reading(&reader) { next in
      while let piece = try next() { try note(piece) }
    }
  }

  /// Takes pieces in one transaction, at most so many.
  /// - Parameter piece: the first; in the end the one after the last.
  private func take(
    _ piece: inout [ImportItem], upTo limit: Int, then next: () throws -> [ImportItem],
    _ open: OpenBatch
  ) throws {
    identify(&piece, counting: &occurrences)
    try open.ask(for: needs(of: piece))
    var count = 0
    while !piece.isEmpty, count < limit {
      count += 1
      // Prepared meanwhile by other threads.
      var following = try next()
      identify(&following, counting: &occurrences)
      let isLast = following.isEmpty || count == limit
      let handled = try open.answer()
      // What was asked for before this piece is written could not be told from what is in it, were
      // the state forgotten.
      let isFull = open.isFull
      if !isLast, !isFull { try open.ask(for: needs(of: following)) }
      try take(piece, handled: handled, open)
      try open.write()
      if isFull, !isLast {
        try open.settle()
        open.forgetState()
        try open.ask(for: needs(of: following))
      }
      piece = following
      held = references.count + earlierReferences.count + latestContent.count + open.heldThings
      try onProgress(outcome.rows)
    }
  }

  /// Gives a row without a key the id that follows from how often its content was met.
  private func identify(_ piece: inout [ImportItem], counting occurrences: inout [UInt64: Int32]) {
    for index in piece.indices where piece[index].commandID == nil {
      guard case .success(let row) = piece[index].row else {
        piece[index].commandID = .ordered()
        continue
      }
      let content = row.content
      let key = Hash.sha256(utf8: content).prefix
      let occurrence = Int(occurrences[key, default: 0])
      occurrences[key] = Int32(occurrence + 1)
      piece[index].commandID = row.commandID(
        content, program: programText, source: source, occurrence: occurrence)
    }
  }

  private func needs(of piece: [ImportItem]) -> OpenBatch.Needs {
    var needs = OpenBatch.Needs()
    needs.commands.reserveCapacity(piece.count)
    for item in piece {
      needs.commands.append(item.id)
      if let issued = item.issued {
        needs.streams.formUnion(item.references)
        if let external = issued.context.external { needs.externals.insert(external) }
        if let person = issued.command.handsOverFrom { needs.owners.insert(person) }
      } else if case .success(let row) = item.row, let issued = try? command(of: row) {
        needs.streams.formUnion(issued.references)
      }
    }
    return needs
  }

  private func take(
    _ piece: [ImportItem], handled: [UUID: StreamID], _ open: OpenBatch
  ) throws {
    if !options.isDryRun {
      earlierReferences = references
      references = [:]
      // What was written before is looked up in the log from here on.
      latestContent = [:]
    }
    for item in piece {
      outcome.rows += 1
      do {
        try take(item, handledAs: handled[item.id], open)
      } catch let rejection as Rejection {
        outcome.refused += 1
        if case .success(let row) = item.row, let name = row.name { refusedNames.insert(name) }
        let refused = RefusedRow(
          line: item.line, rejection: (try? item.row.get())?.naming(rejection) ?? rejection)
        guard options.keepsGoing || options.isDryRun else { throw refused }
        try onRefusal(refused)
      }
    }
  }

  private func take(_ item: ImportItem, handledAs stream: StreamID?, _ open: OpenBatch) throws {
    let row = try item.row.get()
    var reference =
      stream?.reference ?? references[item.id] ?? earlierReferences[item.id]
    let wasHandled = reference != nil
    if !wasHandled || options.revises {
      if item.issued == nil { try resolveExternals(of: row, open) }
      var issued = try item.issued ?? command(of: row)
      // Of one that was handled before the stream has gone on.
      if let undone = row.undone, !wasHandled {
        let undo = try undone.undo(in: open)
        issued.command = issued.command is Undo ? undo : try MakeRequest(undo)
      }
      let result =
        try revise(row, issued, contentID: item.id, wasHandled: wasHandled, open)
        ?? (wasHandled ? nil : append(item, issued, open))
      if let result, result.isOvertaken {
        outcome.overtaken += 1
      } else if let result {
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
    references[item.id] = reference ?? ""
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
    var isOvertaken = false
  }

  private func append(
    _ item: ImportItem, _ issued: IssuedCommand, _ open: OpenBatch
  ) throws -> RowResult {
    // Another program's export begins with its founding; this program has its own.
    if let founding = issued.command as? FoundProgram, let own = try open.record(.program) {
      if case .program(let program) = own.entity { try founding.check(against: program.details) }
      return RowResult(events: 0, reference: StreamID.program.reference)
    }
    let identity = identity(of: issued)
    var submission = Submission(
      issued, commandID: item.id, correlationID: identity,
      causationID: identity == nil ? nil : item.id)
    submission.canonicalText = item.canonicalText
    if let thing = try overtaken(submission, at: item.line, open) {
      return RowResult(events: 0, reference: thing.reference, isOvertaken: true)
    }
    let (events, reference) = try open.append(submission)
    if options.revises, let identity { latestContent[identity] = item.id }
    return RowResult(events: events, reference: reference)
  }

  /// The thing that a row would change although a later row about it was recorded by an earlier run, which this one
  /// came before and changed nothing in; `nil` for all other rows.
  private func overtaken(
    _ submission: Submission, at line: Int, _ open: OpenBatch
  ) throws -> StreamID? {
    if lastRecorded.isEmpty { return nil }
    func isLater(_ stream: StreamID) -> Bool { lastRecorded[stream].map { $0 > line } ?? false }
    // What was asked for is decided anew whenever it is approved.
    if submission.issued.command is ApproveRequest || submission.issued.command is RejectRequest {
      return nil
    }
    do {
      let drafts = try open.drafts(for: submission)
      let thing = drafts.first { $0.version > 1 && isLater($0.stream) }?.stream
      // It never changes nothing, so that the earlier run refused it.
      if let thing, submission.issued.command is Undo { throw Rejection.undoTooLate(thing) }
      return thing
    } catch let rejection as Rejection {
      guard let thing = submission.issued.references.first(where: isLater) else { throw rejection }
      return thing
    }
  }

  /// What ties together all that this source says of one thing of another system.
  func identity(of issued: IssuedCommand) -> UUID? {
    let measured = (issued.command as? MeasureStandard).map { "\($0.standard)/\($0.period)" }
    return (issued.context.external?.description ?? measured).map {
      UUID(derivedFrom: "cem-import-identity/1\n\(programText)\n\(source)\n\($0)\n")
    }
  }
}

extension Rejection {
  /// An undo that was refused before what came after it was recorded.
  fileprivate static func undoTooLate(_ stream: StreamID) -> Rejection {
    Rejection(
      "import.undo-too-late",
      "later rows about \(stream.reference) were recorded before this undo of one of its events",
      hint: "take back by hand what should be: cem history --stream \(stream)",
      details: ["reference": .string(stream.reference)])
  }
}
