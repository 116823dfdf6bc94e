/// The name of a key in a signed note, such as `example.com/log`.
///
/// Equal names have equal UTF-8 bytes; Unicode's canonical equivalence does not count.
package struct KeyName: Hashable, Sendable, CustomStringConvertible {
  /// The name's UTF-8 bytes.
  let utf8: [UInt8]

  /// Takes a name.
  ///
  /// - Throws: `NoteError.malformedKey` for an empty name and one with a Unicode space, a plus sign
  ///   or a control character, which the format of notes excludes.
  package init(_ text: String) throws(NoteError) {
    guard !text.isEmpty else { throw .malformedKey("the key's name is empty") }
    for scalar in text.unicodeScalars {
      guard scalar != "+", scalar.value >= 0x20, !scalar.properties.isWhitespace else {
        throw .malformedKey("the key's name has a space, a plus sign or a control character")
      }
    }
    utf8 = Array(text.utf8)
  }

  /// The name as a string.
  package var description: String { String(decoding: utf8, as: UTF8.self) }
}
