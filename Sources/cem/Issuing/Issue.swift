import CEMDomain
import CEMStore
import FoundationEssentials
import Postgres

/// Sends a command to the program and prints its receipt: what every verb that records something does.
///
///     try await issue("gap.close", given(["gap": gap, "resolution": resolution]), write, options)
///
/// - Throws: what `ErrorReport` understands.
func issue(
  _ name: String, _ fields: JSONObject, _ write: WriteOptions, _ options: GlobalOptions
) async throws {
  var issued = try write.command(name, fields)
  let session = try await Session.open(options)
  // Whoever approves a request is known by the approval.
  if issued.command.lacksApprover, !write.request {
    var fields = fields
    fields["approver"] = try session.person().map { .string($0.stream.code) }
    issued = try write.command(name, fields)
  }
  let receipt = try await session.issue(issued, write)
  try options.show(receipt, sentence: receipt.text(width: options.style.width))
  if issued.command.lacksApprover, !receipt.isDryRun {
    Console.standard.note(Words.say("nobody is named as approver: say who with --approver"))
  }
  try session.noteUnfoundedGaps(after: receipt)
  try session.noteInheritedLevels(after: receipt)
  try session.noteUnsupportedInitiatives(after: receipt)
}

extension WriteOptions {
  /// The command with these fields and what the options add to them.
  /// - Throws: `Rejection` of kind `input`; `CommandError` for evidence that is a file and cannot be read.
  func command(_ name: String, _ fields: JSONObject) throws -> IssuedCommand {
    var fields = fields
    if let evidence = fields["evidence"]?.string,
      Commands.byName[name] is any EvidenceCommand.Type,
      GivenEvidence.reference(meantBy: evidence) == nil,
      case .file(let file) = try EvidenceSource(evidence)
    {
      fields["evidence"] = ["title": .string(file.name), "file": .object(file.fields)]
    }
    fields["on"] = on.map(JSON.string)
    fields["reason"] = reason.map(JSON.string)
    fields["onBehalfOf"] = onBehalfOf.map(JSON.string)
    fields["external"] = external.map(JSON.string)
    fields["restate"] = restate ? true : nil
    // The fields of commands about requests name one by this key.
    if request {
      guard !name.hasPrefix("request.") else {
        throw Rejection.input(FieldError(path: "request", "\(name) cannot be asked for"))
      }
      fields["request"] = true
    }
    return try IssuedCommand(name: name, fields: fields)
  }
}

extension Session {
  /// Records a command, or decides it alone for a dry run.
  func issue(_ issued: IssuedCommand, _ write: WriteOptions) async throws -> IssuedReceipt {
    let id = write.commandId.flatMap { UUID(uuidString: $0) } ?? .ordered()
    return try await issue([Submission(issued, commandID: id)], write)[0]
  }

  /// Records commands in one transaction, all of them or none, or decides them for a dry run.
  ///
  /// What the caller expects of streams must hold before the first.
  func issue(_ submissions: [Submission], _ write: WriteOptions) async throws -> [IssuedReceipt] {
    var submissions = submissions
    for item in write.expect { submissions[0].expected[item.stream] = item.version }
    guard write.dryRun else { return try await record(submissions) }
    var dry = ProgramStore.Options()
    dry.isDryRun = true
    return issued(try store.execute(submissions, options: dry), isDryRun: true)
  }

  /// Records a command, whose id the journal knows before it is sent.
  func record(_ submission: Submission) async throws -> IssuedReceipt {
    try await record([submission])[0]
  }

  /// Records commands in one transaction, at least one.
  ///
  /// The first is noted in the journal before: where it was recorded, all were. Where the connection breaks,
  /// or others keep the program locked, they are sent again with the same ids, so that they are recorded
  /// once however often they are sent.
  /// - Parameter checking: what must hold once the log is locked.
  func record(
    _ submissions: [Submission], checking: () throws -> Void = {}
  ) async throws -> [IssuedReceipt] {
    let journal = try Journal.begin(submissions, program: program.id, database: databaseName)
    let covered = ReceiptFile.lastTreeSize(database: databaseName, program: program.id)
    let receipts: [IssuedReceipt]
    do {
      receipts = issued(try await send(submissions, checking), isDryRun: false)
    } catch {
      // Only where it is unknown whether it was recorded does the next command have to say so.
      if !Session.isUnknown(error) { journal.remove() }
      throw error
    }
    warnOfLostTail(receipts, covered: covered)
    do {
      for receipt in receipts where !receipt.receipt.events.isEmpty {
        try ReceiptFile.append(receipt)
      }
      journal.remove()
    } catch {
      Console.standard.warn("recorded, but the receipt was not kept: \(error.reason)")
    }
    return receipts
  }

  /// Says where a command took a position that a receipt kept before it was sent already covers: the log had lost
  /// its end, as after an older backup was restored in its place. The next receipt that is kept is this one, so it
  /// is said once.
  private func warnOfLostTail(_ receipts: [IssuedReceipt], covered: Int64?) {
    guard let covered,
      let first = receipts.lazy.map(\.receipt).first(where: { !$0.isDuplicate })?.events.first,
      first.position <= covered
    else { return }
    Console.standard.warn(
      """
      the log ended before position \(first.position), and your receipts cover it up to \(covered): \
      it was restored from an older copy, or cut off; see: cem audit verify
      """)
  }

  private func issued(_ receipts: [Receipt], isDryRun: Bool) -> [IssuedReceipt] {
    receipts.map {
      IssuedReceipt(
        receipt: $0, program: program.slug, database: databaseName, isDryRun: isDryRun)
    }
  }

  private static let attempts = 5

  private func send(
    _ submissions: [Submission], _ checking: () throws -> Void
  ) async throws -> [Receipt] {
    var attempt = 1
    var mayBeRecorded = false
    while true {
      do {
        if connection.isLost { try await reconnect() }
        return try store.execute(submissions, checking: checking)
      } catch {
        if Session.isUnknown(error) { mayBeRecorded = true }
        guard attempt < Session.attempts, Session.isTransient(error) else {
          if mayBeRecorded, let error = Session.postgresError(error) {
            throw StoreError.outcomeUnknown(error)
          }
          throw error
        }
        // Longer each time, and not at the same moment as others who wait.
        let pause = 50 << attempt
        System.sleep(milliseconds: pause + Int.random(in: 0...pause))
        attempt += 1
      }
    }
  }

  private static func postgresError(_ error: any Error) -> PostgresError? {
    switch error {
    case let error as PostgresError: error
    case StoreError.database(let error), StoreError.outcomeUnknown(let error): error
    default: nil
    }
  }

  /// Whether it is unknown if what was sent was recorded.
  static func isUnknown(_ error: any Error) -> Bool {
    if case StoreError.outcomeUnknown = error { true } else { false }
  }

  /// Whether the same command may go through a moment later.
  private static func isTransient(_ error: any Error) -> Bool {
    guard let error = postgresError(error), !error.isInterrupted else { return false }
    return switch error.kind {
    case .connectionFailure, .adminShutdown, .cannotConnectNow, .idleTimeout, .lockNotAvailable,
      .serializationFailure, .deadlockDetected:
      true
    default: error.isConnectionLost
    }
  }
}
