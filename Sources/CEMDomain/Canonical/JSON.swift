import Glibc

/// A JSON value as events and commands use it: no floating-point numbers; decimals travel as strings.
///
/// Equality and order go by UTF-8 bytes, so that two texts which look alike but are stored
/// differently (é composed and decomposed) stay two texts, as they are in the database.
package enum JSON: Sendable {
  case null
  case bool(Bool)
  case int(Int64)
  case string(String)
  case array([JSON])
  case object(JSONObject)
}

/// The members of a JSON object, sorted by the UTF-8 bytes of their keys, each key once.
package struct JSONObject: Hashable, Sendable {
  /// One key with its value.
  package struct Member: Sendable {
    package var key: String
    package var value: JSON

    package init(key: String, value: JSON) {
      self.key = key
      self.value = value
    }
  }

  /// The members in canonical order.
  package private(set) var members: [Member]

  package init() { members = [] }

  /// Members that are already sorted and distinct, as the canonical parser yields them.
  init(sorted members: [Member]) { self.members = members }

  /// Members with distinct keys in any order.
  init(unsorted members: [Member]) {
    self.members = members
    // Few and often nearly in order: each is moved to the left until it fits.
    for index in self.members.indices.dropFirst() {
      var place = index
      while place > 0, self.members[place].key.precedesByBytes(self.members[place - 1].key) {
        self.members.swapAt(place, place - 1)
        place -= 1
      }
    }
  }

  /// Whether there is no member.
  package var isEmpty: Bool { members.isEmpty }

  /// The keys in canonical order.
  package var keys: [String] { members.map(\.key) }

  /// The value of a key; setting `nil` removes the member.
  package subscript(key: String) -> JSON? {
    get {
      let members = members.span
      for index in members.indices where members[index].key.hasSameBytes(as: key) {
        return members[index].value
      }
      return nil
    }
    set {
      // Members mostly arrive in order, so the search starts at the end.
      var index = members.count
      while index > 0, key.precedesByBytes(members[index - 1].key) { index -= 1 }
      if index > 0, members[index - 1].key.hasSameBytes(as: key) {
        if let newValue {
          members[index - 1].value = newValue
        } else {
          members.remove(at: index - 1)
        }
      } else if let newValue {
        members.insert(Member(key: key, value: newValue), at: index)
      }
    }
  }
}

extension JSONObject.Member: Hashable {
  package static func == (a: Self, b: Self) -> Bool {
    a.key.hasSameBytes(as: b.key) && a.value == b.value
  }

  package func hash(into hasher: inout Hasher) {
    key.hashBytes(into: &hasher)
    hasher.combine(value)
  }
}

extension JSONObject: ExpressibleByDictionaryLiteral {
  package init(dictionaryLiteral elements: (String, JSON)...) {
    self.init()
    for (key, value) in elements { self[key] = value }
  }
}

extension JSON: Hashable {
  package static func == (a: JSON, b: JSON) -> Bool {
    switch (a, b) {
    case (.null, .null): true
    case (.bool(let a), .bool(let b)): a == b
    case (.int(let a), .int(let b)): a == b
    case (.string(let a), .string(let b)): a.hasSameBytes(as: b)
    case (.array(let a), .array(let b)): a == b
    case (.object(let a), .object(let b)): a == b
    case (.null, _), (.bool, _), (.int, _), (.string, _), (.array, _), (.object, _): false
    }
  }

  package func hash(into hasher: inout Hasher) {
    switch self {
    case .null: hasher.combine(0)
    case .bool(let value): hasher.combine(value)
    case .int(let value): hasher.combine(value)
    case .string(let value): value.hashBytes(into: &hasher)
    case .array(let values): hasher.combine(values)
    case .object(let object): hasher.combine(object)
    }
  }
}

// No nil literal: it would be taken for `.null` where an absent value is meant.
extension JSON: ExpressibleByStringLiteral, ExpressibleByIntegerLiteral,
  ExpressibleByBooleanLiteral,
  ExpressibleByArrayLiteral, ExpressibleByDictionaryLiteral
{
  package init(stringLiteral value: String) { self = .string(value) }
  package init(integerLiteral value: Int64) { self = .int(value) }
  package init(booleanLiteral value: Bool) { self = .bool(value) }
  package init(arrayLiteral elements: JSON...) { self = .array(elements) }
  package init(dictionaryLiteral elements: (String, JSON)...) {
    var object = JSONObject()
    for (key, value) in elements { object[key] = value }
    self = .object(object)
  }
}

extension JSON {
  /// The object, where this is one.
  package var object: JSONObject? {
    if case .object(let object) = self { object } else { nil }
  }

  /// The text, where this is a string.
  package var string: String? {
    if case .string(let string) = self { string } else { nil }
  }
}

extension String {
  /// Whether both are the same sequence of UTF-8 bytes (Swift's `==` equates canonical equivalents).
  package func hasSameBytes(as other: String) -> Bool {
    guard utf8.count == other.utf8.count else { return false }
    return utf8.withContiguousStorageIfAvailable { a in
      other.utf8.withContiguousStorageIfAvailable { b in
        memcmp(a.baseAddress!, b.baseAddress!, a.count) == 0
      }
    }.flatMap { $0 } ?? utf8.elementsEqual(other.utf8)
  }

  /// Order by UTF-8 bytes, which is PostgreSQL's `COLLATE "C"`.
  package func precedesByBytes(_ other: String) -> Bool {
    utf8.withContiguousStorageIfAvailable { a in
      other.utf8.withContiguousStorageIfAvailable { b in
        let order = memcmp(a.baseAddress!, b.baseAddress!, min(a.count, b.count))
        return order == 0 ? a.count < b.count : order < 0
      }
    }.flatMap { $0 } ?? utf8.lexicographicallyPrecedes(other.utf8)
  }

  /// Hashes the UTF-8 bytes, for an equality by them.
  package func hashBytes(into hasher: inout Hasher) {
    let isHashed: Void? = utf8.withContiguousStorageIfAvailable {
      hasher.combine(bytes: UnsafeRawBufferPointer($0))
    }
    if isHashed == nil { for byte in utf8 { hasher.combine(byte) } }
    hasher.combine(0xff as UInt8)
  }
}
