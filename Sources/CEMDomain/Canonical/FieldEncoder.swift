/// Encodes `Codable` types into a `Split`; `FreeText` goes to the private part.
final class FieldEncoder: Encoder {
  private enum Node {
    case empty
    case single(Split)
    case keyed(facts: JSONObject, personal: JSONObject)
    case unkeyed([Split])
  }

  private var node = Node.empty
  /// The references that were met, where somebody asks for them.
  private var references: [StreamID] = []

  /// The streams of all references within a value.
  static func references(of value: some Encodable) -> [StreamID] {
    let encoder = FieldEncoder()
    try? value.encode(to: encoder)
    return encoder.references
  }

  var codingPath: [any CodingKey] { [] }
  var userInfo: [CodingUserInfoKey: Any] { [:] }

  var split: Split {
    switch node {
    case .empty: return Split(facts: .object(JSONObject()))
    case .single(let split): return split
    case .keyed(let facts, let personal):
      return Split(facts: .object(facts), personal: personal.isEmpty ? nil : .object(personal))
    case .unkeyed(let items):
      guard items.contains(where: { $0.personal != nil }) else {
        return Split(facts: .array(items.map { $0.facts ?? .null }))
      }
      // Both arrays keep every index, so that the parts can be joined again. Where no item holds a
      // fact, the facts still tell how many there are.
      return Split(
        facts: .array(items.map { $0.facts ?? .null }),
        personal: .array(items.map { $0.personal ?? .null }))
    }
  }

  func container<Key: CodingKey>(keyedBy type: Key.Type) -> KeyedEncodingContainer<Key> {
    if case .empty = node { node = .keyed(facts: JSONObject(), personal: JSONObject()) }
    return KeyedEncodingContainer(Keyed<Key>(encoder: self))
  }

  func unkeyedContainer() -> any UnkeyedEncodingContainer {
    if case .empty = node { node = .unkeyed([]) }
    return Unkeyed(encoder: self)
  }

  func singleValueContainer() -> any SingleValueEncodingContainer { Single(encoder: self) }

  private func set(_ split: Split, forKey key: String) {
    guard case .keyed(var facts, var personal) = node else { return }
    node = .empty  // keeps both objects uniquely referenced while they change
    if let value = split.facts { facts[key] = value }
    if let value = split.personal { personal[key] = value }
    node = .keyed(facts: facts, personal: personal)
  }

  private func append(_ split: Split) {
    guard case .unkeyed(var items) = node else { return }
    node = .empty
    items.append(split)
    node = .unkeyed(items)
  }

  /// The parts of any value; a `Split` is taken as it stands.
  private func split(_ value: some Encodable) throws -> Split {
    if let split = value as? any SplitFields { return split.split }
    if let reference = value as? any StreamReference { references.append(reference.stream) }
    let child = FieldEncoder()
    try value.encode(to: child)
    references += child.references
    return child.split
  }

  private struct Keyed<Key: CodingKey>: KeyedEncodingContainerProtocol {
    let encoder: FieldEncoder
    var codingPath: [any CodingKey] { [] }

    private func put(_ json: JSON, _ key: Key) {
      encoder.set(Split(facts: json), forKey: key.stringValue)
    }

    func encodeNil(forKey key: Key) { put(.null, key) }
    func encode(_ value: Bool, forKey key: Key) { put(.bool(value), key) }
    func encode(_ value: String, forKey key: Key) { put(.string(value), key) }
    func encode(_ value: Int, forKey key: Key) { put(.int(Int64(value)), key) }
    func encode(_ value: Int64, forKey key: Key) { put(.int(value), key) }
    func encode<T: Encodable>(_ value: T, forKey key: Key) throws {
      encoder.set(try encoder.split(value), forKey: key.stringValue)
    }
    func encode(_: Double, forKey key: Key) throws { throw noFloats(key) }
    func encode(_: Float, forKey key: Key) throws { throw noFloats(key) }
    func encode(_ value: Int8, forKey key: Key) { put(.int(Int64(value)), key) }
    func encode(_ value: Int16, forKey key: Key) { put(.int(Int64(value)), key) }
    func encode(_ value: Int32, forKey key: Key) { put(.int(Int64(value)), key) }
    func encode(_ value: UInt8, forKey key: Key) { put(.int(Int64(value)), key) }
    func encode(_ value: UInt16, forKey key: Key) { put(.int(Int64(value)), key) }
    func encode(_ value: UInt32, forKey key: Key) { put(.int(Int64(value)), key) }
    func encode(_ value: UInt, forKey key: Key) { put(.int(Int64(value)), key) }
    func encode(_ value: UInt64, forKey key: Key) { put(.int(Int64(value)), key) }

    private func noFloats(_ key: Key) -> FieldError {
      FieldError(path: key.stringValue, "floating point has no place in an event")
    }

    func nestedContainer<Nested: CodingKey>(
      keyedBy _: Nested.Type, forKey _: Key
    ) -> KeyedEncodingContainer<Nested> {
      preconditionFailure("encode a nested value instead")
    }

    func nestedUnkeyedContainer(forKey _: Key) -> any UnkeyedEncodingContainer {
      preconditionFailure("encode a nested value instead")
    }

    func superEncoder() -> any Encoder { encoder }
    func superEncoder(forKey _: Key) -> any Encoder { encoder }
  }

  private struct Unkeyed: UnkeyedEncodingContainer {
    let encoder: FieldEncoder
    var codingPath: [any CodingKey] { [] }
    var count: Int {
      if case .unkeyed(let items) = encoder.node { items.count } else { 0 }
    }

    func encodeNil() { encoder.append(Split(facts: .null)) }
    func encode<T: Encodable>(_ value: T) throws { encoder.append(try encoder.split(value)) }

    func nestedContainer<Nested: CodingKey>(
      keyedBy _: Nested.Type
    ) -> KeyedEncodingContainer<Nested> {
      preconditionFailure("encode a nested value instead")
    }

    func nestedUnkeyedContainer() -> any UnkeyedEncodingContainer {
      preconditionFailure("encode a nested value instead")
    }

    func superEncoder() -> any Encoder { encoder }
  }

  private struct Single: SingleValueEncodingContainer {
    let encoder: FieldEncoder
    var codingPath: [any CodingKey] { [] }

    private func put(_ json: JSON) { encoder.node = .single(Split(facts: json)) }

    func encodeNil() { put(.null) }
    func encode(_ value: Bool) { put(.bool(value)) }
    func encode(_ value: String) { put(.string(value)) }
    func encode(_ value: Int) { put(.int(Int64(value))) }
    func encode(_ value: Int64) { put(.int(value)) }
    func encode<T: Encodable>(_ value: T) throws {
      encoder.node = .single(try encoder.split(value))
    }
    func encode(_: Double) throws { throw FieldError("floating point has no place in an event") }
    func encode(_: Float) throws { throw FieldError("floating point has no place in an event") }
    func encode(_ value: Int8) { put(.int(Int64(value))) }
    func encode(_ value: Int16) { put(.int(Int64(value))) }
    func encode(_ value: Int32) { put(.int(Int64(value))) }
    func encode(_ value: UInt8) { put(.int(Int64(value))) }
    func encode(_ value: UInt16) { put(.int(Int64(value))) }
    func encode(_ value: UInt32) { put(.int(Int64(value))) }
    func encode(_ value: UInt) { put(.int(Int64(value))) }
    func encode(_ value: UInt64) { put(.int(Int64(value))) }
  }
}

/// A value that is its own `Split`: free text, and amendments, whose fields are known only at run time.
protocol SplitFields {
  var split: Split { get }
}
