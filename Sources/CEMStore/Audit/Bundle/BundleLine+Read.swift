import CEMDomain
import FoundationEssentials
import TransparencyLog

/// Reads a bundle's lines.
///
/// It understands exactly what `BundleLine.write` writes, byte for byte: one event has one line, so that a
/// changed byte either makes another event, which has another hash, or no line at all.
struct BundleLineReader {
  /// The program's id as it stands in leaf texts.
  let program: UUID
  private let programLine: [UInt8]
  /// The department whose data must be there, and no other; `nil` where all must.
  let department: String?

  init(program: UUID, department: String?) {
    self.program = program
    self.department = department
    programLine = Array("cem-event/1\n\(program.text)\n".utf8)
  }

  /// The parts of a line: where each value stands, without its quotes.
  private typealias Parts = [Range<Int>?]

  /// Reads a line without its newline, and computes the event's hashes.
  /// - Throws: `FieldError` where it is not an event in its only form.
  func entry(_ line: UnsafeBufferPointer<UInt8>) throws(FieldError) -> LogEntry {
    guard String(validating: line, as: UTF8.self) != nil else { throw FieldError("is not UTF-8") }
    var cursor = LineCursor(bytes: line)
    var parts = Parts(repeating: nil, count: BundleLine.Key.allCases.count)
    var texts: [[UInt8]] = [[], []]
    var separator = UInt8(ascii: "{")
    for key in BundleLine.Key.allCases {
      guard cursor.takes(separator, BundleLine.Key.openings[key.rawValue]) else {
        guard key.isOptional else {
          throw FieldError(path: "\(key)", "is missing, or out of place")
        }
        continue
      }
      separator = UInt8(ascii: ",")
      switch key.form {
      case .number: parts[key.rawValue] = cursor.number()
      case .token: parts[key.rawValue] = cursor.token(isOptional: key.isOptional)
      case .text: parts[key.rawValue] = cursor.text(into: &texts[key == .facts ? 0 : 1])
      }
      guard parts[key.rawValue] != nil else { throw FieldError(path: "\(key)", "has another form") }
    }
    guard cursor.isAtEnd else { throw FieldError("has something else in it") }
    return try entry(line, parts, facts: texts[0], personal: texts[1])
  }

  private func entry(
    _ line: UnsafeBufferPointer<UInt8>, _ parts: Parts, facts: [UInt8], personal: [UInt8]
  ) throws(FieldError) -> LogEntry {
    func range(_ key: BundleLine.Key) -> Range<Int>? { parts[key.rawValue] }
    func string(_ key: BundleLine.Key) -> String {
      range(key).map { String(decoding: line[$0], as: UTF8.self) } ?? ""
    }
    let isWithheld = range(.factsHash) != nil
    guard (range(.facts) != nil) != isWithheld else {
      throw FieldError(path: "facts", "are either there or withheld")
    }
    guard (range(.private) != nil) == (range(.salt) != nil),
      range(.private) == nil || (range(.privateHash) != nil && !isWithheld)
    else { throw FieldError(path: "private", "does not go with its salt and hash") }
    let (time, command) = (string(.recordedAt), string(.commandId))
    guard let position = Int64(string(.position)), position > 0,
      let version = Int(string(.version)), let index = Int(string(.commandIndex)),
      let recordedAt = Timestamp(time), time.utf8.count == 27, time.utf8.last == UInt8(ascii: "Z"),
      let commandID = UUID(uuidString: command),
      !command.utf8.contains(where: (UInt8(ascii: "A")...UInt8(ascii: "F")).contains)
    else { throw FieldError("has a number, time or id that is none") }

    var faults: [LogProblem] = []
    let place = LogProblem.Place.at(position)
    let leaf = leafHash(line, parts, facts: facts)
    if leaf.base64 != string(.leafHash) {
      faults.append(LogProblem(.leafHash, place, "the event does not have its hash"))
    }
    if let salt = range(.salt) {
      guard let salt = [UInt8](hex: line[salt]), salt.count == StoredEvent.saltSize else {
        throw FieldError(path: "salt", "is not \(StoredEvent.saltSize) bytes")
      }
      if Hash.sha256(salt + [0] + personal).hex != string(.privateHash) {
        faults.append(LogProblem(.privateHash, place, "what is private does not have its hash"))
      }
    }
    if !isWithheld, !isCanonical(facts) || range(.private) != nil && !isCanonical(personal) {
      faults.append(
        LogProblem(.notCanonical, place, "its texts are not in the one form of what they say"))
    }
    if let department {
      let concerns = string(.departments).split(separator: ",").contains { $0 == department }
      if concerns == isWithheld {
        faults.append(
          LogProblem(
            .file, place,
            isWithheld ? "data of \(department) is withheld" : "data of others is not withheld"))
      }
    } else if isWithheld {
      faults.append(LogProblem(.file, place, "the event's data is withheld"))
    }
    var entry = LogEntry(
      position: position, stream: string(.stream), version: version, type: string(.type),
      recordedAt: recordedAt, commandID: commandID, commandIndex: index,
      hasDigest: range(.commandDigest) != nil, leaf: leaf, faults: faults)
    // Of what is withheld it is not told whether it was erased.
    if range(.privateHash) != nil, !isWithheld {
      entry.privateData = range(.private) == nil ? .gone : .kept
    }
    if entry.type == "event.data_erased", !isWithheld {
      entry.erases = try erasedPositions(facts, before: position)
    }
    return entry
  }

  /// Whether a text is an object in canonical JSON.
  private func isCanonical(_ text: [UInt8]) -> Bool {
    text.withUnsafeBufferPointer { bytes in
      guard let json = try? JSON(parsing: bytes), case .object = json else { return false }
      return json.canonicalText.utf8.elementsEqual(bytes)
    }
  }

  /// What an erasure names.
  private func erasedPositions(
    _ facts: [UInt8], before position: Int64
  ) throws(FieldError) -> [Int64] {
    guard let json = try? JSON(parsing: String(decoding: facts, as: UTF8.self)),
      case .array(let items)? = json.object?["positions"]
    else { throw FieldError(path: "facts", "are not those of an erasure") }
    var positions: [Int64] = []
    for item in items {
      guard case .int(let other) = item, other > 0, other < position else {
        throw FieldError(path: "facts", "name no position before the erasure's own")
      }
      positions.append(other)
    }
    return positions
  }

  /// The order of the leaf text's lines after the program's; the facts' hash comes before the last.
  private static let leafLines: [BundleLine.Key] = [
    .position, .stream, .version, .type, .schemaVersion, .departments, .actor, .recordedAt,
    .occurredOn, .commandId, .commandIndex, .commandDigest, .correlationId, .causationId,
    .factsHash, .privateHash,
  ]

  private func leafHash(
    _ line: UnsafeBufferPointer<UInt8>, _ parts: Parts, facts: [UInt8]
  ) -> Hash {
    var text = programLine
    text.reserveCapacity(640)
    for key in Self.leafLines {
      if let range = parts[key.rawValue] {
        text += line[range]
      } else if key == .factsHash {
        text += Hash.sha256(facts).hex.utf8
      } else {
        text.append(UInt8(ascii: "-"))
      }
      text.append(UInt8(ascii: "\n"))
    }
    return MerkleTree.leafHash(text)
  }
}
