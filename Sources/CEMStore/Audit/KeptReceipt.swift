import CEMDomain
package import FoundationEssentials
package import TransparencyLog

/// A receipt as a client kept it: a line that says by its own hash whether it is whole.
package struct KeptReceipt: Hashable, Sendable {
  package var command: String
  package var commandID: UUID
  package var reference: String?
  /// The program's slug at that time.
  package var program: String
  package var programID: UUID
  package var database: String
  package var events: [Receipt.Entry]
  package var recordedAt: Timestamp?
  package var treeSize: Int64
  package var rootHash: Hash
  /// The line in its file, from 1.
  package var line: Int

  /// What problems call it.
  var name: String { "the receipt of \(command) \(commandID.text) (line \(line))" }

  /// What stands between the bytes that are hashed and their hash.
  private static let separator = Array(",\"receiptHash\":\"".utf8)

  /// Reads the receipts in a file, and says which lines are none.
  package static func read(
    _ bytes: [UInt8]
  ) -> (receipts: [KeptReceipt], problems: [LogProblem]) {
    var receipts: [KeptReceipt] = []
    var problems: [LogProblem] = []
    var lines = bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
    if lines.last?.isEmpty == true {
      lines.removeLast()
    } else {
      problems.append(LogProblem(.receipt, nil, "the last line does not end"))
    }
    for (index, line) in lines.enumerated() {
      do {
        receipts.append(try KeptReceipt(line, number: index + 1))
      } catch {
        problems.append(
          LogProblem(.receipt, nil, "line \(index + 1) is no whole receipt: \(error)"))
      }
    }
    if lines.isEmpty { problems.append(LogProblem(.receipt, nil, "there is no receipt")) }
    return (receipts, problems)
  }

  private init(_ line: ArraySlice<UInt8>, number: Int) throws(FieldError) {
    // The hash has 44 characters, and the line ends with it.
    let end = line.endIndex - 46
    let start = end - Self.separator.count
    guard start > line.startIndex, line[start..<end].elementsEqual(Self.separator),
      line[(end + 44)...].elementsEqual("\"}".utf8),
      let hash = Hash(base64: String(decoding: line[end..<(end + 44)], as: UTF8.self)),
      Hash.sha256(Array(line[..<start])) == hash
    else { throw FieldError(path: "receiptHash", "is not that of the line") }
    guard let whole = String(validating: line, as: UTF8.self),
      let object = try? JSON(parsing: whole).object
    else { throw FieldError("is no JSON object") }
    guard object.keys.elementsEqual(Self.keys) else { throw FieldError("has other members") }
    func text(_ key: String) throws(FieldError) -> String {
      guard let text = object[key]?.string else { throw FieldError(path: key, "is no text") }
      return text
    }
    func optionalText(_ key: String) throws(FieldError) -> String? {
      object[key] == .null ? nil : try text(key)
    }
    command = try text("command")
    program = try text("program")
    database = try text("database")
    reference = try optionalText("ref")
    guard let commandID = UUID(canonical: try text("commandId")),
      let programID = UUID(canonical: try text("programId")),
      let root = Hash(base64: try text("rootHash")),
      case .int(let size)? = object["treeSize"], size >= 0
    else { throw FieldError("has no tree") }
    guard case .bool? = object["duplicate"], object["dryRun"] == .bool(false) else {
      throw FieldError(path: "dryRun", "is not false: what was tried alone has no receipt")
    }
    self.commandID = commandID
    self.programID = programID
    rootHash = root
    treeSize = size
    guard case .array(let events)? = object["events"] else {
      throw FieldError(path: "events", "is missing")
    }
    recordedAt = try optionalText("recordedAt").flatMap { Timestamp($0) }
    guard recordedAt?.description == (try optionalText("recordedAt")),
      (recordedAt == nil) == events.isEmpty
    else { throw FieldError(path: "recordedAt", "is not the time of events") }
    var entries: [Receipt.Entry] = []
    for (index, event) in events.enumerated() {
      // The tree's size is the position of the command's last event, and the ids follow from the command.
      guard let entry = Receipt.Entry(event),
        entry.position == size - Int64(events.count) + Int64(index) + 1,
        entry.eventID == .event(program: programID, command: commandID, index: index)
      else {
        throw FieldError(path: "events", "is no list of its own events up to the tree's size")
      }
      entries.append(entry)
    }
    self.events = entries
    self.line = number
  }

  private static let keys = [
    "command", "commandId", "database", "dryRun", "duplicate", "events", "program", "programId",
    "receiptHash", "recordedAt", "ref", "rootHash", "treeSize",
  ]

  /// Whether its events come from the command that it names. What an undo recorded looks like what the command
  /// recorded that it stands for.
  package var isOfItsCommand: Bool {
    guard let own = events.lazy.compactMap({ Event.commands[$0.type] }).first else { return true }
    let isBreach = events.contains { $0.type == "standard.breach-recorded" }
    return command == own || command == Undo.name || isBreach && command == RecordBreach.name
  }
}

extension Event {
  /// The one command that each type comes from; none for a type that only accompanies others.
  fileprivate static let commands: [String: String] = Dictionary(
    allForms.compactMap { form in form.command.map { (form.type, $0) } }, uniquingKeysWith: { $1 })
}

extension UUID {
  /// Reads an id in its one form, lower-case hexadecimal with hyphens.
  fileprivate init?(canonical text: String) {
    guard let id = UUID(uuidString: text), id.text.hasSameBytes(as: text) else { return nil }
    self = id
  }
}

extension Receipt.Entry {
  /// Reads an event of a receipt in JSON.
  fileprivate init?(_ json: JSON) {
    guard let object = json.object, object.keys.count == 6,
      case .int(let position)? = object["position"],
      case .int(let version)? = object["version"], position > 0, version > 0,
      let stream = object["stream"]?.string, let type = object["type"]?.string,
      let eventID = object["eventId"]?.string.flatMap({ UUID(canonical: $0) }),
      let leafHash = object["leafHash"]?.string.flatMap({ Hash(base64: $0) })
    else { return nil }
    self.init(
      position: position, stream: stream, version: Int(version), type: type, eventID: eventID,
      leafHash: leafHash)
  }
}
