/// An event's data in its two parts: facts, which are never erased, and private values, which can be.
///
/// Which part a field belongs to is decided by its type alone: every `FreeText` is private, all else
/// is a fact. An object with both has its keys divided; `merged` joins them again.
package struct Split: Hashable, Sendable {
  /// Ids, enums, numbers and dates.
  package var facts: JSON?
  /// Free texts and names; `nil` where there are none, or where they were erased.
  package var personal: JSON?

  package init(facts: JSON? = nil, personal: JSON? = nil) {
    self.facts = facts
    self.personal = personal
  }

  /// The fields of a value.
  /// - Parameter erasedText: what stands for a text that was erased; `nil` leaves it out.
  package init(_ value: some Encodable, erasedText: String? = nil) throws {
    let encoder = FieldEncoder(erasedText: erasedText)
    try value.encode(to: encoder)
    self = encoder.take()
  }

  /// Reads a value back.
  /// - Parameter origin: whether a missing private value means *erased* (stored) or *missing* (given).
  /// - Throws: `FieldError` naming the field.
  package func decode<Value: Decodable>(
    _: Value.Type = Value.self, from origin: FieldDecoder.Origin = .stored
  ) throws -> Value {
    try Value(from: FieldDecoder(split: self, origin: origin))
  }

  /// A value's fields in one object, as readers see them: what `merged` of its parts is.
  /// - Parameter erasedText: what stands for a text that was erased; `nil` leaves it out.
  package static func merged(_ value: some Encodable, erasedText: String? = nil) throws -> JSON {
    let encoder = FieldEncoder(isMerged: true, erasedText: erasedText)
    try value.encode(to: encoder)
    return encoder.take().facts ?? .null
  }

  /// The canonical text of a value's fields in one object: that of `merged(_:)`.
  package static func canonicalText(of value: some Encodable) throws -> String {
    try CanonicalEncoder.text(of: value)
  }

  /// Both parts in one value, as readers see them.
  package var merged: JSON {
    switch (facts, personal) {
    case (.object(var a), .object(let b)):
      for member in b.members {
        a[member.key] = Split(facts: a[member.key], personal: member.value).merged
      }
      return .object(a)
    case (.array(let a), .array(let b)):
      let count = max(a.count, b.count)
      return .array(
        (0..<count).map { index in
          Split(
            facts: index < a.count ? a[index] : nil, personal: index < b.count ? b[index] : nil
          ).merged
        })
    case (nil, let b?): return b
    case (.null, let b?): return b
    case (let a?, _): return a
    case (nil, nil): return .null
    }
  }
}

/// A field that is missing or has a value it cannot have.
package struct FieldError: Error, Hashable, CustomStringConvertible {
  /// The field's path, joined by dots; empty for the whole value.
  package var path: String
  /// What is wrong, without the path.
  package var message: String

  package init(path: String = "", _ message: String) {
    self.path = path
    self.message = message
  }

  package var description: String { path.isEmpty ? message : "\(path): \(message)" }

  /// The same error in the value of a key.
  func under(_ key: String) -> FieldError {
    FieldError(path: path.isEmpty ? key : "\(key).\(path)", message)
  }
}

/// A given text as a message repeats it: at most 60 characters, without control characters.
func shown(_ text: String) -> String {
  var shown = ""
  for scalar in text.unicodeScalars.prefix(60) {
    let isControl = scalar.properties.generalCategory == .control
    shown.unicodeScalars.append(isControl ? "\u{fffd}" : scalar)
  }
  return text.unicodeScalars.dropFirst(60).isEmpty ? shown : shown + "…"
}
