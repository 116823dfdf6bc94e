import CEMDomain
package import FoundationEssentials
package import TransparencyLog

/// Writes lines of text as bytes: what is hashed of an event, without a string for each line.
struct LineWriter {
  private(set) var bytes: [UInt8] = []

  init(capacity: Int) { bytes.reserveCapacity(capacity) }

  /// Forgets what was written and keeps the room for it.
  mutating func removeAll() { bytes.removeAll(keepingCapacity: true) }

  mutating func line(_ text: String) {
    bytes.append(contentsOf: text.utf8)
    end()
  }

  mutating func line(_ number: Int64) {
    var digits = number.magnitude
    if number < 0 { bytes.append(UInt8(ascii: "-")) }
    let start = bytes.count
    repeat {
      bytes.append(UInt8(ascii: "0") + UInt8(digits % 10))
      digits /= 10
    } while digits > 0
    bytes[start...].reverse()
    end()
  }

  /// An id in lower-case hexadecimal, or a hyphen.
  mutating func line(_ id: UUID?) {
    guard let id else { return line("-") }
    id.write(to: &bytes)
    end()
  }

  /// A hash in lower-case hexadecimal, or a hyphen.
  mutating func line(hex hash: Hash?) {
    guard let hash else { return line("-") }
    for index in 0..<Hash.byteCount { bytes.append(hexadecimal: hash[index]) }
    end()
  }

  private mutating func end() { bytes.append(UInt8(ascii: "\n")) }
}

extension [UInt8] {
  /// Appends a byte as two lower-case digits.
  fileprivate mutating func append(hexadecimal byte: UInt8) {
    func digit(_ nibble: UInt8) -> UInt8 {
      nibble < 10 ? UInt8(ascii: "0") + nibble : UInt8(ascii: "a") - 10 + nibble
    }
    append(digit(byte >> 4))
    append(digit(byte & 15))
  }
}

extension UUID {
  /// The canonical text: lower-case hexadecimal, as PostgreSQL writes it.
  package var text: String {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(36)
    write(to: &bytes)
    return String(decoding: bytes, as: UTF8.self)
  }

  /// Appends the canonical text.
  func write(to text: inout [UInt8]) {
    withUnsafeBytes(of: uuid) { bytes in
      for index in 0..<16 {
        if index == 4 || index == 6 || index == 8 || index == 10 { text.append(UInt8(ascii: "-")) }
        text.append(hexadecimal: bytes[index])
      }
    }
  }
}

extension StoredEvent {
  /// Writes the text that is hashed: 18 lines, described in LOG-FORMAT.md.
  func writeLeaf(to writer: inout LineWriter) {
    writer.line("cem-event/1")
    writer.line(programID)
    writer.line(position)
    writer.line(stream)
    writer.line(Int64(version))
    writer.line(type)
    writer.line(Int64(schemaVersion))
    writer.line(departments.isEmpty ? "-" : departments)
    writer.line(actor)
    writer.line(recordedAt.description)
    writer.line(occurredOn.description)
    writer.line(commandID)
    writer.line(Int64(commandIndex))
    writer.line(hex: commandDigest)
    writer.line(correlationID)
    writer.line(causationID)
    writer.line(hex: Hash.sha256(utf8: facts))
    writer.line(hex: privateHash)
  }

  /// The text that is hashed.
  package var leafText: String {
    var writer = LineWriter(capacity: 640)
    writeLeaf(to: &writer)
    return String(decoding: writer.bytes, as: UTF8.self)
  }

  /// The leaf hash as it must be (RFC 6962): what `leafHash` is compared with.
  package var computedLeafHash: Hash {
    var writer = LineWriter(capacity: 640)
    return leafHash(with: &writer)
  }

  /// The same, in a buffer that serves many events.
  func leafHash(with writer: inout LineWriter) -> Hash {
    writer.removeAll()
    writeLeaf(to: &writer)
    return MerkleTree.leafHash(writer.bytes)
  }
}
