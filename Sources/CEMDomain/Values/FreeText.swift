/// A text that a person wrote: stored exactly as given, always private, and so possibly erased.
///
/// Compared by UTF-8 bytes.
package struct FreeText<Limit: TextLimit>: Sendable {
  /// The text; `nil` where it was erased.
  package let value: String?

  /// A text of at most `Limit.maximumBytes` UTF-8 bytes without NUL, in which there is something to see.
  /// - Throws: `FieldError`.
  package init(_ value: String) throws(FieldError) {
    guard value.utf8.count <= Limit.maximumBytes else {
      throw FieldError("is longer than \(Limit.maximumBytes) bytes (\(value.utf8.count))")
    }
    guard !value.utf8.contains(0) else { throw FieldError("contains a NUL character") }
    guard value.contains(where: \.isVisible) else { throw FieldError("is empty") }
    self.value = value
  }

  /// A text as it was accepted once.
  init(stored value: String?) { self.value = value }

  /// What is left of a text after erasure.
  package static var erased: Self { Self(stored: nil) }
}

extension Character {
  /// Whether it leaves a mark: it is neither space nor made of what only tells how others are set.
  fileprivate var isVisible: Bool {
    !isWhitespace && !unicodeScalars.allSatisfy(\.properties.isDefaultIgnorableCodePoint)
  }
}

/// How long a free text may be.
package protocol TextLimit: Sendable {
  /// In UTF-8 bytes.
  static var maximumBytes: Int { get }
}

/// The limit of titles and names.
package enum TitleLimit: TextLimit {
  package static let maximumBytes = 500
}

/// The limit of longer texts.
package enum LongTextLimit: TextLimit {
  package static let maximumBytes = 64 * 1024
}

/// A title or a name: at most 500 bytes.
package typealias Title = FreeText<TitleLimit>
/// A longer text: at most 64 KiB.
package typealias Text = FreeText<LongTextLimit>

extension FreeText: Codable {
  package init(from decoder: any Decoder) throws {
    let decoder = decoder as! FieldDecoder
    switch (decoder.origin, decoder.scalar) {
    case (.stored, .null): self = .erased
    case (.stored, .string(let value)): self.init(stored: value)
    case (.stored, _), (.given, _), (.amending, _): try self.init(try decoder.string())
    }
  }

  package func encode(to encoder: any Encoder) throws {
    (encoder as! FieldEncoder).encode(personal: value)
  }
}

extension FreeText: Hashable {
  package static func == (a: Self, b: Self) -> Bool {
    switch (a.value, b.value) {
    case (nil, nil): true
    case (let a?, let b?): a.hasSameBytes(as: b)
    case (nil, _?), (_?, nil): false
    }
  }

  package func hash(into hasher: inout Hasher) { value?.hashBytes(into: &hasher) }
}

extension FreeText: CustomStringConvertible {
  package var description: String { value ?? "(erased)" }
}

extension StringProtocol {
  /// The text without white space at its ends.
  package var trimmed: String {
    var text = self[...]
    while text.first?.isWhitespace == true { text.removeFirst() }
    while text.last?.isWhitespace == true { text.removeLast() }
    return String(text)
  }
}
