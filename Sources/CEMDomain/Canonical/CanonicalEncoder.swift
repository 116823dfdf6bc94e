/// Encodes `Codable` types straight into canonical text, both parts in one: what `Split.merged` of a value has as
/// its canonical text, without the tree in between.
final class CanonicalEncoder: FieldEncoder {
  /// An empty value is an object without members; an erased text is no value at all.
  private enum Shape { case empty, erased, scalar, object, array }

  // Whoever encodes a value has the encoder for itself, and looking out for others costs an eighth of the time.
  @exclusivity(unchecked) private var bytes: [UInt8] = []
  /// What the value under way turned out to be.
  @exclusivity(unchecked) private var shape = Shape.empty
  /// The members of the objects under way, those of the innermost last: each with the place of its text.
  @exclusivity(unchecked) private var members: [Member] = []
  /// A copy of an object's members while they are put in order.
  @exclusivity(unchecked) private var unordered: [UInt8] = []

  private struct Member {
    var key: String
    /// Of the key, the colon and the value.
    var text: Range<Int>
  }

  /// The canonical text of a value.
  static func text(of value: some Encodable) throws -> String {
    let encoder = CanonicalEncoder()
    encoder.bytes.reserveCapacity(512)
    if try !encoder.write(value) { return "null" }
    return String(decoding: encoder.bytes, as: UTF8.self)
  }

  override func encode(scalar text: String) {
    shape = .scalar
    JSON.write(text, to: &bytes)
  }

  override func encode(personal text: String?) {
    if let text { encode(scalar: text) } else { shape = .erased }
  }

  override func put(_ split: Split) {
    shape = .scalar
    split.merged.write(to: &bytes)
  }

  override func beginObject() { shape = .object }

  override func beginArray() {
    guard shape != .array else { return }
    shape = .array
    bytes.append(UInt8(ascii: "["))
  }

  override func add(_ json: JSON, forKey key: String) {
    let start = open(key)
    json.write(to: &bytes)
    members.append(Member(key: key, text: start..<bytes.count))
  }

  override func add(_ value: some Encodable, forKey key: String) throws {
    let start = open(key)
    if try write(value) {
      members.append(Member(key: key, text: start..<bytes.count))
    } else {
      bytes.removeSubrange(start...)
    }
  }

  private func open(_ key: String) -> Int {
    let start = bytes.count
    JSON.write(key, to: &bytes)
    bytes.append(UInt8(ascii: ":"))
    return start
  }

  override func add(_ json: JSON) {
    separate()
    json.write(to: &bytes)
  }

  override func add(_ value: some Encodable) throws {
    separate()
    if try !write(value) { JSON.null.write(to: &bytes) }
  }

  private func separate() { if bytes.last != UInt8(ascii: "[") { bytes.append(UInt8(ascii: ",")) } }

  override func put(_ value: some Encodable) throws { try value.encode(to: self) }

  /// Appends the text of a value.
  /// - Returns: `false` where there is none: a text that was erased.
  private func write(_ value: some Encodable) throws -> Bool {
    let (outer, first, start) = (shape, members.count, bytes.count)
    shape = .empty
    defer { shape = outer }
    try value.encode(to: self)
    switch shape {
    case .erased: return false
    case .scalar: break
    case .array: bytes.append(UInt8(ascii: "]"))
    case .empty, .object: close(membersFrom: first, at: start)
    }
    return true
  }

  /// Puts an object's members in order.
  private func close(membersFrom first: Int, at start: Int) {
    unordered.removeAll(keepingCapacity: true)
    bytes.withUnsafeBufferPointer {
      unordered.append(contentsOf: UnsafeBufferPointer(rebasing: $0[start...]))
    }
    bytes.removeLast(bytes.count - start)
    // Few and often nearly in order: each is moved to the left until it fits.
    for index in members.indices.dropFirst(first + 1) {
      var place = index
      while place > first, members[place].key.precedesByBytes(members[place - 1].key) {
        members.swapAt(place, place - 1)
        place -= 1
      }
    }
    bytes.append(UInt8(ascii: "{"))
    unordered.withUnsafeBufferPointer { unordered in
      for index in first..<members.count {
        if index > first { bytes.append(UInt8(ascii: ",")) }
        let text = members[index].text
        bytes.append(
          contentsOf: UnsafeBufferPointer(
            rebasing: unordered[text.lowerBound - start..<text.upperBound - start]))
      }
    }
    bytes.append(UInt8(ascii: "}"))
    members.removeLast(members.count - first)
  }
}
