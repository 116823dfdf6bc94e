/// Encodes `Codable` types into a `Split`; `FreeText` goes to the private part.
///
/// Where the values go is for a subclass to change.
class FieldEncoder: Encoder {
  private enum Shape { case empty, single, keyed, unkeyed }

  private var shape = Shape.empty
  private var single = Split()
  private var facts: [JSONObject.Member] = []
  private var personal: [JSONObject.Member] = []
  private var items: [Split] = []
  /// Whether both parts go into one, as readers see them.
  private let isMerged: Bool
  /// What stands for a text that was erased; `nil` leaves it out.
  private let erasedText: String?
  /// The references that were met; `nil` where nobody asks for them.
  private var references: [StreamID]?
  /// The encoder of the last member, for the next one: most members are scalars, and an encoder for
  /// each of them costs more than the rest.
  private var spare: FieldEncoder?

  init(isMerged: Bool = false, collectsReferences: Bool = false, erasedText: String? = nil) {
    self.isMerged = isMerged
    self.erasedText = erasedText
    references = collectsReferences ? [] : nil
  }

  /// The streams of all references within a value.
  static func references(of value: some Encodable) -> [StreamID] {
    let encoder = FieldEncoder(collectsReferences: true)
    try? value.encode(to: encoder)
    return encoder.references ?? []
  }

  /// A value's fields in one object, with the streams of all references within it.
  static func encodeWithReferences(
    _ value: some Encodable
  ) throws -> (fields: JSON, references: [StreamID]) {
    let encoder = FieldEncoder(isMerged: true, collectsReferences: true)
    try value.encode(to: encoder)
    return (encoder.take().facts ?? .null, encoder.references ?? [])
  }

  final var codingPath: [any CodingKey] { [] }
  final var userInfo: [CodingUserInfoKey: Any] { [:] }

  /// The parts of what was encoded; the encoder is empty again.
  final func take() -> Split {
    defer { shape = .empty }
    switch shape {
    case .empty: return Split(facts: .object(JSONObject()))
    case .single: return single
    case .keyed:
      let split = Split(
        facts: .object(JSONObject(unsorted: facts)),
        personal: personal.isEmpty ? nil : .object(JSONObject(unsorted: personal)))
      facts.removeAll()
      personal.removeAll()
      return split
    case .unkeyed:
      defer { items.removeAll() }
      // Both arrays keep every index, so that the parts can be joined again. Where no item holds a
      // fact, the facts still tell how many there are.
      return Split(
        facts: .array(items.map { $0.facts ?? .null }),
        personal: items.contains { $0.personal != nil }
          ? .array(items.map { $0.personal ?? .null }) : nil)
    }
  }

  /// Encodes one text, which is a fact.
  func encode(scalar text: String) { put(Split(facts: .string(text))) }

  /// Encodes one text that a person wrote, or nothing where it was erased.
  func encode(personal text: String?) {
    put(Split(personal: (text ?? erasedText).map(JSON.string)))
  }

  /// Encodes a value that is already divided.
  func put(_ split: Split) {
    shape = .single
    single = isMerged && split.personal != nil ? Split(facts: split.merged) : split
  }

  /// Notes a reference, where somebody asks for them.
  final func note(_ stream: @autoclosure () -> StreamID) {
    if references != nil { references?.append(stream()) }
  }

  final func container<Key: CodingKey>(keyedBy _: Key.Type) -> KeyedEncodingContainer<Key> {
    beginObject()
    return KeyedEncodingContainer(Keyed<Key>(encoder: self))
  }

  final func unkeyedContainer() -> any UnkeyedEncodingContainer {
    beginArray()
    return Unkeyed(encoder: self)
  }

  final func singleValueContainer() -> any SingleValueEncodingContainer { Single(encoder: self) }

  // MARK: Where values go

  func beginObject() { if shape == .empty { shape = .keyed } }
  func beginArray() { if shape == .empty { shape = .unkeyed } }

  /// Adds a member to the object.
  func add(_ json: JSON, forKey key: String) {
    facts.append(JSONObject.Member(key: key, value: json))
  }

  /// Adds a member to the object.
  func add(_ value: some Encodable, forKey key: String) throws {
    let split = try split(value)
    if let value = split.facts { facts.append(JSONObject.Member(key: key, value: value)) }
    if let value = split.personal { personal.append(JSONObject.Member(key: key, value: value)) }
  }

  /// Adds an item to the array.
  func add(_ json: JSON) { items.append(Split(facts: json)) }

  /// Adds an item to the array.
  func add(_ value: some Encodable) throws { items.append(try split(value)) }

  /// Encodes one value in place of all.
  func put(_ value: some Encodable) throws { put(try split(value)) }

  /// The parts of any value.
  private func split(_ value: some Encodable) throws -> Split {
    let child: FieldEncoder
    if spare != nil, isKnownUniquelyReferenced(&spare), let free = spare {
      child = free
    } else {
      child = FieldEncoder(
        isMerged: isMerged, collectsReferences: references != nil, erasedText: erasedText)
      spare = child
    }
    try value.encode(to: child)
    if let met = child.references, !met.isEmpty {
      references?.append(contentsOf: met)
      child.references = []
    }
    return child.take()
  }

  private struct Keyed<Key: CodingKey>: KeyedEncodingContainerProtocol {
    let encoder: FieldEncoder
    var codingPath: [any CodingKey] { [] }

    private func put(_ json: JSON, _ key: Key) {
      encoder.add(json, forKey: key.stringValue)
    }

    func encodeNil(forKey key: Key) { put(.null, key) }
    func encode(_ value: Bool, forKey key: Key) { put(.bool(value), key) }
    func encode(_ value: String, forKey key: Key) { put(.string(value), key) }
    func encode(_ value: Int, forKey key: Key) { put(.int(Int64(value)), key) }
    func encode(_ value: Int64, forKey key: Key) { put(.int(value), key) }
    func encode<T: Encodable>(_ value: T, forKey key: Key) throws {
      try encoder.add(value, forKey: key.stringValue)
    }
    // The standard library's own does the same, and builds the type of each optional on the way.
    func encodeIfPresent<T: Encodable>(_ value: T?, forKey key: Key) throws {
      if let value { try encoder.add(value, forKey: key.stringValue) }
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
    private(set) var count = 0

    init(encoder: FieldEncoder) { self.encoder = encoder }

    mutating func encodeNil() {
      encoder.add(.null)
      count += 1
    }

    mutating func encode<T: Encodable>(_ value: T) throws {
      try encoder.add(value)
      count += 1
    }

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

    private func put(_ json: JSON) { encoder.put(Split(facts: json)) }

    func encodeNil() { put(.null) }
    func encode(_ value: Bool) { put(.bool(value)) }
    func encode(_ value: String) { put(.string(value)) }
    func encode(_ value: Int) { put(.int(Int64(value))) }
    func encode(_ value: Int64) { put(.int(value)) }
    func encode<T: Encodable>(_ value: T) throws { try encoder.put(value) }
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
