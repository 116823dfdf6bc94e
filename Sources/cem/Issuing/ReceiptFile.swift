import CEMStore
import FoundationEssentials

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// The receipts of this user's commands, one a line: what the log is held to.
///
/// They lie under `$XDG_STATE_HOME/cem/receipts`, a folder for each database and a file for each program
/// in it: a copy of a database, restored for a test, has the same programs and another history.
enum ReceiptFile {
  /// Where the receipts of a program in a database are kept.
  static func path(database: String, program: UUID) -> String? {
    Directories.state.map {
      "\($0)/receipts/\(folder(ofDatabase: database))/\(program.text).ndjson"
    }
  }

  /// A folder's name for a database: its own name as far as it is plain, and what tells it from others
  /// whose plain letters are the same.
  static func folder(ofDatabase name: String) -> String {
    var plain = ""
    for character in name.lowercased() where plain.utf8.count < 60 {
      if character.isASCII, character.isLetter || character.isNumber {
        plain.append(character)
      } else if plain.last != "-", !plain.isEmpty {
        plain.append("-")
      }
    }
    let digest = UUID(derivedFrom: "cem-database/1\n\(name)\n").text.prefix(8)
    return plain.hasSuffix("-") ? plain + digest : "\(plain)-\(digest)"
  }

  /// Adds a receipt.
  ///
  /// A line that a crash cut short never was a receipt: it is cut off before the next one is added.
  /// - Throws: `SystemError`.
  static func append(_ receipt: IssuedReceipt) throws(SystemError) {
    guard
      let path = path(database: receipt.database, program: receipt.receipt.programID)
    else { return }
    let folder = Files.directory(of: path)
    Files.makeDirectory(folder)
    let isNew = !Files.exists(path)
    let file = try OpenFile(path, O_RDWR | O_CREAT | O_APPEND)
    _ = file.lock(waiting: true)
    let end = try file.endOfLastLine()
    do {
      try file.writeDurably(receipt.line)
    } catch {
      // Half a line would make the next one unreadable.
      try? file.truncate(to: end)
      throw error
    }
    if isNew { Files.synchronize(folder) }
  }

  /// The receipts of a program in a database, in the order in which they were given, and what is wrong
  /// with the file.
  /// - Throws: `CommandError` for a file that cannot be read.
  static func receipts(
    database: String, program: UUID
  ) throws(CommandError) -> (receipts: [KeptReceipt], problems: [LogProblem]) {
    guard let path = path(database: database, program: program),
      // What is there and cannot be read is not as good as nothing.
      Files.exists(path) || errno != ENOENT && errno != ENOTDIR
    else { return ([], []) }
    return KeptReceipt.read(try Files.contents(path))
  }

  /// How many events the receipt that was kept last covers; `nil` where none was kept or it cannot be read.
  static func lastTreeSize(database: String, program: UUID) -> Int64? {
    guard let path = path(database: database, program: program),
      let file = try? OpenFile(path, O_RDONLY), let line = file.lastLine()
    else { return nil }
    return KeptReceipt.read(line).receipts.last?.treeSize
  }

  /// The receipts of a program that are kept of other databases than this one.
  static func elsewhere(of program: UUID, than database: String) -> [String] {
    guard let own = path(database: database, program: program) else { return [] }
    let folder = Files.directory(of: Files.directory(of: own))
    return Files.names(in: folder).sorted().map { "\(folder)/\($0)/\(program.text).ndjson" }
      .filter { $0 != own && Files.exists($0) }
  }

  /// The other programs of a slug in a database of which receipts are kept, with the receipts' file.
  static func others(
    named slug: String, database: String, than program: UUID
  ) -> [(id: UUID, path: String)] {
    guard let path = path(database: database, program: program) else { return [] }
    let folder = Files.directory(of: path)
    return Files.names(in: folder).sorted().compactMap { name in
      guard name.hasSuffix(".ndjson"), let id = UUID(uuidString: String(name.dropLast(7))),
        id != program, let bytes = try? Files.contents("\(folder)/\(name)")
      else { return nil }
      return KeptReceipt.read(bytes).receipts.contains { $0.program == slug }
        ? (id, "\(folder)/\(name)") : nil
    }
  }
}
