import CEMDomain
import TransparencyLog

/// One event of a bundle, as a line of canonical JSON: keys in the order of their bytes, no white space.
///
/// What stands in the leaf text stands here in the same letters, so that the one is made from the other
/// without understanding any of it.
enum BundleLine {
  /// What a key's value is.
  enum Form {
    /// A string of printable ASCII without `"` and `\`, never empty, and where it may be absent not `-`.
    case token
    /// A decimal number without sign or leading zeros.
    case number
    /// Any string.
    case text
  }

  /// The keys in their order.
  enum Key: Int, CaseIterable {
    case actor, causationId, commandDigest, commandId, commandIndex, correlationId, departments,
      facts, factsHash, leafHash, occurredOn, position, `private`, privateHash, recordedAt, salt,
      schemaVersion, stream, type, version

    var form: Form {
      switch self {
      case .facts, .private: .text
      case .commandIndex, .position, .schemaVersion, .version: .number
      case .actor, .causationId, .commandDigest, .commandId, .correlationId, .departments,
        .factsHash, .leafHash, .occurredOn, .privateHash, .recordedAt, .salt, .stream, .type:
        .token
      }
    }

    /// Whether an event may have none; which of them, `BundleLineReader` says.
    var isOptional: Bool {
      switch self {
      case .causationId, .commandDigest, .correlationId, .departments, .facts, .factsHash, .private,
        .privateHash, .salt:
        true
      case .actor, .commandId, .commandIndex, .leafHash, .occurredOn, .position, .recordedAt,
        .schemaVersion, .stream, .type, .version:
        false
      }
    }

    /// `"name":`
    static let openings: [[UInt8]] = allCases.map { Array("\"\($0)\":".utf8) }
  }

  /// Appends an event's line.
  /// - Parameter isWithheld: leave out the data, and give the hash of the facts in its place.
  static func write(_ event: StoredEvent, isWithheld: Bool, to bytes: inout [UInt8]) {
    var separator = UInt8(ascii: "{")
    func add(_ key: Key, _ value: JSON?) {
      guard let value else { return }
      bytes.append(separator)
      bytes += Key.openings[key.rawValue]
      value.write(to: &bytes)
      separator = UInt8(ascii: ",")
    }
    let personal = isWithheld ? nil : event.personal
    add(.actor, .string(event.actor))
    add(.causationId, event.causationID.map { .string($0.text) })
    add(.commandDigest, event.commandDigest.map { .string($0.hex) })
    add(.commandId, .string(event.commandID.text))
    add(.commandIndex, .int(Int64(event.commandIndex)))
    add(.correlationId, event.correlationID.map { .string($0.text) })
    add(.departments, event.departments.isEmpty ? nil : .string(event.departments))
    add(.facts, isWithheld ? nil : .string(event.facts))
    add(.factsHash, isWithheld ? .string(Hash.sha256(utf8: event.facts).hex) : nil)
    add(.leafHash, .string(event.leafHash.base64))
    add(.occurredOn, .string(event.occurredOn.description))
    add(.position, .int(event.position))
    add(.private, personal.map(JSON.string))
    add(.privateHash, event.privateHash.map { .string($0.hex) })
    add(.recordedAt, .string(event.recordedAt.description))
    // The salt of an event without anything private proves nothing here.
    add(.salt, personal == nil ? nil : event.salt.map { .string($0.hex) })
    add(.schemaVersion, .int(Int64(event.schemaVersion)))
    add(.stream, .string(event.stream))
    add(.type, .string(event.type))
    add(.version, .int(Int64(event.version)))
    bytes += "}\n".utf8
  }
}

extension [UInt8] {
  /// Two lower-case hexadecimal digits a byte.
  var hex: String {
    let digits = Array("0123456789abcdef".utf8)
    return String(
      decoding: flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }, as: UTF8.self)
  }

  /// Reads lower-case hexadecimal digits, two a byte.
  init?(hex: some RandomAccessCollection<UInt8>) {
    guard hex.count.isMultiple(of: 2) else { return nil }
    self.init()
    var high: UInt8?
    for byte in hex {
      let digit: UInt8
      switch byte {
      case UInt8(ascii: "0")...UInt8(ascii: "9"): digit = byte - UInt8(ascii: "0")
      case UInt8(ascii: "a")...UInt8(ascii: "f"): digit = byte - UInt8(ascii: "a") + 10
      default: return nil
      }
      if let first = high {
        append(first << 4 | digit)
        high = nil
      } else {
        high = digit
      }
    }
  }
}
