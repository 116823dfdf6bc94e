/// Decodes `Codable` types from a `Split`.
package final class FieldDecoder: Decoder {
  /// Where the fields come from.
  package enum Origin: Sendable {
    /// From the log or a state: a missing private value was erased.
    case stored
    /// From a person or a file: a missing value is missing.
    case given
    /// A state with given values laid over it: the members named were given, or cleared where they
    /// are missing; every other one is as stored.
    case amending(Set<String>)
  }

  /// What is decoded.
  // Whoever decodes has the decoder for itself; `CanonicalEncoder` says what looking out for others costs.
  @exclusivity(unchecked) package private(set) var split: Split
  let origin: Origin
  /// The keys of this object that were asked for, in the order of asking, to tell what is unknown; `nil` where
  /// no key was. They are few: looking through them costs less than a set.
  private(set) var askedFor: [String]?
  /// The decoders of the members and items.
  private var children: [(key: String, decoder: FieldDecoder)] = []
  /// The decoder of the last member, for the next one, where nothing is noted of what was given.
  @exclusivity(unchecked) private var spare: FieldDecoder?
  /// The members of both parts, once an object was asked for. Containers are boxed and copied, so that these
  /// are here.
  @exclusivity(unchecked) private var facts = JSONObject()
  @exclusivity(unchecked) private var personal = JSONObject()

  init(split: Split, origin: Origin) {
    self.split = split
    self.origin = origin
  }

  /// Notes that a key is known although no container asked for it.
  func askFor(_ key: String) {
    if askedFor == nil { askedFor = [] }
    if askedFor?.contains(key) == false { askedFor?.append(key) }
  }

  /// Notes that every key is known.
  func askForAll() { askedFor = split.merged.object?.keys ?? [] }

  /// The path of the first given key, at any depth, that nothing asked for.
  func firstUnknown() -> String? {
    if let askedFor, let keys = split.merged.object?.keys,
      let unknown = keys.first(where: { !askedFor.contains($0) })
    {
      return unknown
    }
    for (key, decoder) in children {
      if let unknown = decoder.firstUnknown() { return "\(key).\(unknown)" }
    }
    return nil
  }

  /// Whether terms may be named by their number.
  var acceptsNumbers: Bool { !isStored }

  private var isStored: Bool {
    if case .stored = origin { true } else { false }
  }

  /// The decoder of a member or an item.
  private func child(_ key: @autoclosure () -> String, _ split: Split, _ origin: Origin)
    -> FieldDecoder
  {
    guard isStored else {
      let child = FieldDecoder(split: split, origin: origin)
      children.append((key(), child))
      return child
    }
    if spare != nil, isKnownUniquelyReferenced(&spare), let free = spare {
      free.split = split
      return free
    }
    let child = FieldDecoder(split: split, origin: origin)
    spare = child
    return child
  }

  /// Where the value of a key comes from.
  private func origin(of key: String) -> Origin {
    switch origin {
    case .stored, .given: origin
    case .amending(let given): given.contains(key) ? .given : .stored
    }
  }

  package var codingPath: [any CodingKey] { [] }
  package var userInfo: [CodingUserInfoKey: Any] { [:] }

  package func container<Key: CodingKey>(keyedBy _: Key.Type) throws -> KeyedDecodingContainer<Key>
  {
    try beginObject()
    return KeyedDecodingContainer(Keyed<Key>(decoder: self))
  }

  private func beginObject() throws(FieldError) {
    switch split.facts {
    case .object(let object): facts = object
    case nil, .null: facts = JSONObject()
    case .bool, .int, .string, .array: throw FieldError("must be an object")
    }
    personal = split.personal?.object ?? JSONObject()
  }

  /// Both parts of a member.
  private func member(_ key: String) -> Split {
    Split(facts: facts[key], personal: personal[key])
  }

  package func unkeyedContainer() throws -> any UnkeyedDecodingContainer {
    try Unkeyed(decoder: self)
  }

  package func singleValueContainer() -> any SingleValueDecodingContainer { Single(decoder: self) }

  /// The value where it is one JSON value, wherever it was stored.
  var scalar: JSON { split.personal ?? split.facts ?? .null }

  func string() throws(FieldError) -> String {
    switch scalar {
    case .string(let value): return value
    case .int(let value) where !isStored: return String(value)
    case .null: throw FieldError("is missing")
    case .bool, .int, .array, .object: throw FieldError("must be a text")
    }
  }

  func integer() throws(FieldError) -> Int64 {
    switch scalar {
    case .int(let value): return value
    case .string(let text) where !isStored:
      guard let value = Int64(text) else {
        throw FieldError("must be a whole number, not \(shown(text))")
      }
      return value
    case .null: throw FieldError("is missing")
    case .bool, .string, .array, .object: throw FieldError("must be a whole number")
    }
  }

  func bool() throws(FieldError) -> Bool {
    switch scalar {
    case .bool(let value): return value
    case .string("true") where !isStored: return true
    case .string("false") where !isStored: return false
    case .string(let text) where !isStored:
      throw FieldError("must be true or false, not \(shown(text))")
    case .null: throw FieldError("is missing")
    case .int, .string, .array, .object: throw FieldError("must be true or false")
    }
  }

  private struct Keyed<Key: CodingKey>: KeyedDecodingContainerProtocol {
    let decoder: FieldDecoder
    var codingPath: [any CodingKey] { [] }
    var allKeys: [Key] {
      (decoder.facts.keys + decoder.personal.keys).compactMap { Key(stringValue: $0) }
    }

    // Inlined, as the two below: what is generic here is not specialised, and each further function that hands on an
    // optional looks its type up again.
    @inline(__always)
    private func child(_ key: Key) -> FieldDecoder {
      let name = key.stringValue
      if !decoder.isStored { decoder.askFor(name) }
      return decoder.child(name, decoder.member(name), decoder.origin(of: name))
    }

    @inline(__always)
    private func reading<T>(_ key: Key, _ body: (FieldDecoder) throws -> T) throws(FieldError) -> T
    {
      let name = key.stringValue
      if case .amending(let given) = decoder.origin, given.contains(name), !contains(key) {
        throw FieldError(path: name, "cannot be removed")
      }
      do {
        return try body(child(key))
      } catch let error as FieldError {
        throw error.under(key.stringValue)
      } catch {
        throw FieldError(path: key.stringValue, "cannot be read")
      }
    }

    func contains(_ key: Key) -> Bool {
      let name = key.stringValue
      if !decoder.isStored { decoder.askFor(name) }
      return decoder.facts[name] != nil || decoder.personal[name] != nil
    }

    func decodeNil(forKey key: Key) -> Bool { child(key).scalar == .null }
    func decode(_: Bool.Type, forKey key: Key) throws -> Bool { try reading(key) { try $0.bool() } }
    func decode(_: String.Type, forKey key: Key) throws -> String {
      try reading(key) { try $0.string() }
    }
    func decode(_: Int.Type, forKey key: Key) throws -> Int {
      Int(try reading(key) { try $0.integer() })
    }
    func decode(_: Int64.Type, forKey key: Key) throws -> Int64 {
      try reading(key) { try $0.integer() }
    }
    func decode<T: Decodable>(_: T.Type, forKey key: Key) throws -> T {
      try reading(key) { try T(from: $0) }
    }

    /// Most optional members are absent: one look at both parts tells.
    @inline(__always)
    private func readingIfPresent<T>(
      _ key: Key, _ body: (FieldDecoder) throws -> T
    ) throws(FieldError) -> T? {
      guard decoder.isStored else {
        guard contains(key), !decodeNil(forKey: key) else { return nil }
        return try reading(key, body)
      }
      let name = key.stringValue
      let split = decoder.member(name)
      switch (split.facts, split.personal) {
      case (nil, nil), (.null, nil), (_, .null): return nil
      default: break
      }
      do {
        return try body(decoder.child(name, split, decoder.origin))
      } catch let error as FieldError {
        throw error.under(name)
      } catch {
        throw FieldError(path: name, "cannot be read")
      }
    }

    func decodeIfPresent(_: Bool.Type, forKey key: Key) throws -> Bool? {
      try readingIfPresent(key) { try $0.bool() }
    }
    func decodeIfPresent(_: String.Type, forKey key: Key) throws -> String? {
      try readingIfPresent(key) { try $0.string() }
    }
    func decodeIfPresent(_: Int.Type, forKey key: Key) throws -> Int? {
      try readingIfPresent(key) { Int(try $0.integer()) }
    }
    func decodeIfPresent<T: Decodable>(_: T.Type, forKey key: Key) throws -> T? {
      try readingIfPresent(key) { try T(from: $0) }
    }

    private func unsupported<T>(_: T.Type, _ key: Key) throws -> T {
      throw FieldError(path: key.stringValue, "this type of number is not used")
    }
    func decode(_ type: Double.Type, forKey key: Key) throws -> Double {
      try unsupported(type, key)
    }
    func decode(_ type: Float.Type, forKey key: Key) throws -> Float { try unsupported(type, key) }
    func decode(_ type: Int8.Type, forKey key: Key) throws -> Int8 { try unsupported(type, key) }
    func decode(_ type: Int16.Type, forKey key: Key) throws -> Int16 { try unsupported(type, key) }
    func decode(_ type: Int32.Type, forKey key: Key) throws -> Int32 {
      Int32(clamping: try decode(Int64.self, forKey: key))
    }
    func decode(_ type: UInt.Type, forKey key: Key) throws -> UInt { try unsupported(type, key) }
    func decode(_ type: UInt8.Type, forKey key: Key) throws -> UInt8 { try unsupported(type, key) }
    func decode(_ type: UInt16.Type, forKey key: Key) throws -> UInt16 {
      try unsupported(type, key)
    }
    func decode(_ type: UInt32.Type, forKey key: Key) throws -> UInt32 {
      try unsupported(type, key)
    }
    func decode(_ type: UInt64.Type, forKey key: Key) throws -> UInt64 {
      try unsupported(type, key)
    }

    func nestedContainer<Nested: CodingKey>(
      keyedBy type: Nested.Type, forKey key: Key
    ) throws -> KeyedDecodingContainer<Nested> { try child(key).container(keyedBy: type) }

    func nestedUnkeyedContainer(forKey key: Key) throws -> any UnkeyedDecodingContainer {
      try child(key).unkeyedContainer()
    }

    func superDecoder() -> any Decoder { decoder }
    func superDecoder(forKey key: Key) -> any Decoder { child(key) }
  }

  private struct Unkeyed: UnkeyedDecodingContainer {
    let decoder: FieldDecoder
    let facts: [JSON]
    let personal: [JSON]
    var currentIndex = 0
    var codingPath: [any CodingKey] { [] }
    var count: Int? { max(facts.count, personal.count) }
    var isAtEnd: Bool { currentIndex >= max(facts.count, personal.count) }

    init(decoder: FieldDecoder) throws(FieldError) {
      self.decoder = decoder
      switch decoder.split.facts {
      case .array(let items): facts = items
      case nil, .null: facts = []
      // One value stands for a list of one, as on the command line.
      case .some(let one) where !decoder.isStored: facts = [one]
      case .bool, .int, .string, .object: throw FieldError("must be a list")
      }
      if case .array(let items) = decoder.split.personal { personal = items } else { personal = [] }
    }

    private mutating func next() -> FieldDecoder {
      defer { currentIndex += 1 }
      // In the private part, null marks an item that has none.
      let own = currentIndex < personal.count ? personal[currentIndex] : .null
      return decoder.child(
        String(currentIndex + 1),
        Split(
          facts: currentIndex < facts.count ? facts[currentIndex] : nil,
          personal: own == .null ? nil : own),
        decoder.origin)
    }

    mutating func decodeNil() -> Bool {
      let isNull = next().scalar == .null
      if !isNull { currentIndex -= 1 }
      return isNull
    }

    mutating func decode<T: Decodable>(_: T.Type) throws -> T {
      let index = currentIndex
      do {
        return try T(from: next())
      } catch let error as FieldError {
        throw error.under(String(index + 1))
      }
    }

    mutating func nestedContainer<Nested: CodingKey>(
      keyedBy type: Nested.Type
    ) throws -> KeyedDecodingContainer<Nested> { try next().container(keyedBy: type) }

    mutating func nestedUnkeyedContainer() throws -> any UnkeyedDecodingContainer {
      try next().unkeyedContainer()
    }

    mutating func superDecoder() -> any Decoder { next() }
  }

  private struct Single: SingleValueDecodingContainer {
    let decoder: FieldDecoder
    var codingPath: [any CodingKey] { [] }

    func decodeNil() -> Bool { decoder.scalar == .null }
    func decode(_: Bool.Type) throws -> Bool { try decoder.bool() }
    func decode(_: String.Type) throws -> String { try decoder.string() }
    func decode(_: Int.Type) throws -> Int { Int(try decoder.integer()) }
    func decode(_: Int64.Type) throws -> Int64 { try decoder.integer() }
    func decode<T: Decodable>(_: T.Type) throws -> T { try T(from: decoder) }
    private func unsupported<T>(_: T.Type) throws -> T {
      throw FieldError("this type of number is not used")
    }
    func decode(_ type: Double.Type) throws -> Double { try unsupported(type) }
    func decode(_ type: Float.Type) throws -> Float { try unsupported(type) }
    func decode(_ type: Int8.Type) throws -> Int8 { try unsupported(type) }
    func decode(_ type: Int16.Type) throws -> Int16 { try unsupported(type) }
    func decode(_ type: Int32.Type) throws -> Int32 { try unsupported(type) }
    func decode(_ type: UInt.Type) throws -> UInt { try unsupported(type) }
    func decode(_ type: UInt8.Type) throws -> UInt8 { try unsupported(type) }
    func decode(_ type: UInt16.Type) throws -> UInt16 { try unsupported(type) }
    func decode(_ type: UInt32.Type) throws -> UInt32 { try unsupported(type) }
    func decode(_ type: UInt64.Type) throws -> UInt64 { try unsupported(type) }
  }
}
