/// A short name that groups things: a channel, a label. Its form is that of a code, but nothing of that
/// name has to exist.
package struct Tag: ScalarCodable, Comparable {
  package let description: String

  package init(scalar text: String) throws(FieldError) {
    guard isCode(text) else {
      throw FieldError(
        "must be 1 to 32 lower-case letters, digits or hyphens, and not begin with a hyphen: \(shown(text))"
      )
    }
    description = text
  }

  package static func < (a: Self, b: Self) -> Bool { a.description.precedesByBytes(b.description) }
}
