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
    func text(_ key: String) throws(FieldError) -> String {
      guard let text = object[key]?.string else { throw FieldError(path: key, "is missing") }
      return text
    }
    command = try text("command")
    program = try text("program")
    database = try text("database")
    reference = object["ref"]?.string
    recordedAt = object["recordedAt"]?.string.flatMap { Timestamp($0) }
    guard let commandID = UUID(uuidString: try text("commandId")),
      let programID = UUID(uuidString: try text("programId")),
      let root = Hash(base64: try text("rootHash")),
      case .int(let size)? = object["treeSize"], size >= 0
    else { throw FieldError("has no tree") }
    self.commandID = commandID
    self.programID = programID
    rootHash = root
    treeSize = size
    guard case .array(let events)? = object["events"] else {
      throw FieldError(path: "events", "is missing")
    }
    var entries: [Receipt.Entry] = []
    for event in events {
      guard let entry = Receipt.Entry(event), entry.position <= size else {
        throw FieldError(path: "events", "is no list of events up to the tree's size")
      }
      entries.append(entry)
    }
    self.events = entries
    self.line = number
  }
}

extension Receipt.Entry {
  /// Reads an event of a receipt in JSON.
  fileprivate init?(_ json: JSON) {
    guard let object = json.object, case .int(let position)? = object["position"],
      case .int(let version)? = object["version"], position > 0, version > 0,
      let stream = object["stream"]?.string, let type = object["type"]?.string,
      let eventID = object["eventId"]?.string.flatMap({ UUID(uuidString: $0) }),
      let leafHash = object["leafHash"]?.string.flatMap({ Hash(base64: $0) })
    else { return nil }
    self.init(
      position: position, stream: stream, version: Int(version), type: type, eventID: eventID,
      leafHash: leafHash)
  }
}
