import CEMDomain
import CEMStore
import FoundationEssentials
import Postgres

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// The record of commands under way, one file each, so that a client which was killed can be told
/// later whether its command was recorded.
struct Journal: ~Copyable {
  private let file: OpenFile
  private let path: String

  private static var directory: String? { Directories.state.map { $0 + "/journal" } }

  private init(file: consuming OpenFile, path: String) {
    self.file = file
    self.path = path
  }

  /// Notes commands that are recorded together before they are sent, under the id of the first. The file stays
  /// locked while this lives, which tells it from one that a killed client left.
  /// - Throws: `CommandError` where they cannot be noted: then nothing is sent.
  static func begin(
    _ submissions: [Submission], program: UUID, database: String
  ) throws(CommandError) -> Journal {
    guard let directory else {
      throw failure("there is no place for it", hint: "set XDG_STATE_HOME")
    }
    Files.makeDirectory(directory)
    func named(_ submission: Submission) -> [Datum.Member] {
      [
        Datum.Member(key: "command", value: .text(type(of: submission.issued.command).name)),
        Datum.Member(key: "commandId", value: .text(submission.commandID.text)),
      ]
    }
    var entry =
      named(submissions[0]) + [
        Datum.Member(key: "program", value: .text(program.text)),
        Datum.Member(key: "database", value: .text(database)),
      ]
    if submissions.count > 1 {
      let others = submissions.dropFirst().map { Datum.object(named($0)) }
      entry.append(Datum.Member(key: "others", value: .list(others)))
    }
    let journal: Journal
    do {
      journal = try write(.object(entry), to: "\(directory)/\(submissions[0].commandID.text)")
    } catch {
      throw failure(
        error.reason, hint: error.remedy(for: directory),
        error.isDiskFull ? .inputOutput : .configuration)
    }
    Files.synchronize(directory)
    return journal
  }

  /// How often, and with what pause in microseconds, a note that somebody else has locked is tried again.
  private static let attempts = 200, pause: UInt32 = 10_000

  /// Another client looks for what killed ones left, and may see the note before it is locked: it has it
  /// for a moment, and takes it away where nothing is written yet.
  private static func write(_ entry: Datum, to path: String) throws(SystemError) -> Journal {
    for _ in 0..<attempts {
      let file = try OpenFile(path, O_RDWR | O_CREAT)
      if file.lock(waiting: false), file.isAt(path) {
        try file.truncate(to: 0)
        try file.writeDurably(entry.jsonText + "\n")
        return Journal(file: file, path: path)
      }
      usleep(pause)
    }
    throw SystemError(code: EWOULDBLOCK)
  }

  private static func failure(
    _ reason: String, hint: String, _ exit: CommandStatus = .configuration
  ) -> CommandError {
    CommandError(
      "journal.unwritable", "the command cannot be noted before it is sent", cause: reason,
      hint: hint, exit: exit)
  }

  /// Forgets the command: its receipt is kept, or it was refused.
  consuming func remove() { Files.remove(path) }

  /// How many commands a killed client left, or other clients are sending.
  static var count: Int { directory.map { Files.names(in: $0).count } ?? 0 }

  /// Says of each command that a killed client left whether it was recorded, keeps the receipt that the client
  /// could not keep, and forgets it.
  static func reportLeftovers(in session: Session) {
    guard let directory else { return }
    for name in Files.names(in: directory) {
      let path = "\(directory)/\(name)"
      guard let id = UUID(uuidString: name), let file = try? OpenFile(path, O_RDWR),
        file.lock(waiting: false), let text = Files.read(path)
      else { continue }
      let entry = (try? JSON(parsing: text))?.object
      // Killed before it had written the note, so nothing was sent.
      guard let program = entry?["program"]?.string.flatMap({ UUID(uuidString: $0) }) else {
        Files.remove(path)
        continue
      }
      // A copy of a database has the same programs, and knows nothing of what was sent to the other.
      // Notes once said nothing of the database.
      let database = entry?["database"]?.string
      guard
        database == session.databaseName || database == nil && program == session.program.id,
        let outcome = try? outcome(of: id, program, session)
      else { continue }
      let command = entry?["command"]?.string ?? "a command"
      Console.standard.note(
        "note: \(command) (\(id.text)), which was interrupted, \(outcome.words)".printable())
      if case .recorded = outcome {
        var commands = [entry ?? JSONObject()]
        if case .array(let others)? = entry?["others"] { commands += others.compactMap(\.object) }
        do {
          try keepReceipts(of: commands, id, program, session)
        } catch {
          let why = (error as? SystemError)?.reason ?? ErrorReport(error).message
          Console.standard.warn("the receipt was not kept: \(why)")
          continue
        }
      }
      Files.remove(path)
    }
  }

  /// Keeps the receipts of commands that were recorded, as their client would have.
  /// - Parameter first: the id of the first, which notes once did not repeat.
  private static func keepReceipts(
    of commands: [JSONObject], _ first: UUID, _ program: UUID, _ session: Session
  ) throws {
    for (index, command) in commands.enumerated() {
      guard let name = command["command"]?.string,
        let id = index == 0
          ? first : command["commandId"]?.string.flatMap({ UUID(uuidString: $0) }),
        let receipt = try Receipt.recorded(
          session.connection, programID: program, command: name, commandID: id)
      else { continue }
      try ReceiptFile.append(
        IssuedReceipt(
          receipt: receipt, program: session.program.slug, database: session.databaseName))
    }
  }

  private enum Outcome {
    case recorded(at: Int64)
    case notRecorded

    var words: String {
      switch self {
      case .recorded(let position): "was recorded at position \(position)"
      case .notRecorded: "was not recorded"
      }
    }
  }

  /// What became of a command; `nil` where that is for a session of another program to say.
  ///
  /// The server may still be at work on what a client sent before it was killed, and holds the program's lock
  /// until it is done: that a command was not recorded is known under this lock only.
  /// - Throws: `PostgresError` where it cannot be known now: the lock is held for long, or the login may not take it.
  private static func outcome(
    of id: UUID, _ program: UUID, _ session: Session
  ) throws -> Outcome? {
    let connection = session.connection
    func recorded() throws -> Outcome? {
      try EventLog(connection, programID: program).position(ofCommand: id).map(Outcome.recorded)
    }
    if program != session.program.id {
      // One that is nowhere was about to be founded.
      let isThere = try connection.query(
        "SELECT EXISTS (SELECT FROM cem.program WHERE program_id = \(program))"
      ).one(Bool.self)
      if isThere { return nil }
    } else if let outcome = try recorded() {
      return outcome
    }
    return try connection.transaction { tx in
      try tx.execute("SET LOCAL lock_timeout = '1s'")
      _ = try tx.query("SELECT FROM cem.lock_program(\(program))")
      return try recorded() ?? .notRecorded
    }
  }
}
