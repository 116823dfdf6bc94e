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

  /// Notes a command before it is sent. The file stays locked while this lives, which tells it from
  /// one that a killed client left.
  /// - Throws: `CommandError` where it cannot be noted: then nothing is sent.
  static func begin(
    commandID: UUID, command: String, program: UUID, database: String
  ) throws(CommandError) -> Journal {
    guard let directory else { throw failure("there is no place for it") }
    Files.makeDirectory(directory)
    let entry = Datum([
      "command": .text(command), "commandId": .text(commandID.text),
      "program": .text(program.text), "database": .text(database),
    ])
    let journal: Journal
    do {
      journal = try write(entry, to: "\(directory)/\(commandID.text)")
    } catch {
      throw failure(error.reason)
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

  private static func failure(_ reason: String) -> CommandError {
    CommandError(
      "journal.unwritable", "the command cannot be noted before it is sent", cause: reason,
      hint: "make \(directory ?? "XDG_STATE_HOME") writable", exit: .configuration)
  }

  /// Forgets the command: its receipt is kept, or it was refused.
  consuming func remove() { Files.remove(path) }

  /// How many commands a killed client left, or other clients are sending.
  static var count: Int { directory.map { Files.names(in: $0).count } ?? 0 }

  /// Says of each command that a killed client left whether it was recorded, and forgets it.
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
        "note: \(command) (\(id.text)), which was interrupted, \(outcome)".printable())
      Files.remove(path)
    }
  }

  /// What became of a command; `nil` where that is for a session of another program to say.
  ///
  /// The server may still be at work on what a client sent before it was killed, and holds the program's lock
  /// until it is done: that a command was not recorded is known under this lock only.
  /// - Throws: `PostgresError` where it cannot be known now: the lock is held for long, or the login may not take it.
  private static func outcome(
    of id: UUID, _ program: UUID, _ session: Session
  ) throws -> String? {
    let connection = session.connection
    func recorded() throws -> String? {
      try connection.query(
        """
        SELECT position FROM cem.event WHERE program_id = \(program) \
        AND command_id = \(id) AND command_index = 0
        """
      ).decode(Int64.self).first.map { "was recorded at position \($0)" }
    }
    if program != session.program.id {
      // One that is nowhere was about to be founded.
      let isThere = try connection.query(
        "SELECT EXISTS (SELECT FROM cem.program WHERE program_id = \(program))"
      ).one(Bool.self)
      if isThere { return nil }
    } else if let position = try recorded() {
      return position
    }
    return try connection.transaction { tx in
      try tx.execute("SET LOCAL lock_timeout = '1s'")
      _ = try tx.query("SELECT FROM cem.lock_program(\(program))")
      return try recorded() ?? "was not recorded"
    }
  }
}
