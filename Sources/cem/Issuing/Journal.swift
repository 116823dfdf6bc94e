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
    commandID: UUID, command: String, program: UUID
  ) throws(CommandError) -> Journal {
    guard let directory else { throw failure("there is no place for it") }
    Files.makeDirectory(directory)
    let entry = Datum([
      "command": .text(command), "commandId": .text(commandID.text),
      "program": .text(program.text),
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
      guard let program = entry?["program"]?.string else {
        Files.remove(path)
        continue
      }
      guard program == session.program.id.text else { continue }
      let found: [Int64]
      do {
        found = try session.connection.query(
          """
          SELECT position FROM cem.event WHERE program_id = \(session.program.id) \
          AND command_id = \(id) AND command_index = 0
          """
        ).decode(Int64.self)
      } catch { continue }
      let command = entry?["command"]?.string ?? "a command"
      let outcome = found.first.map { "was recorded at position \($0)" } ?? "was not recorded"
      Console.standard.note(
        "note: \(command) (\(id.text)), which was interrupted, \(outcome)".printable())
      Files.remove(path)
    }
  }
}
