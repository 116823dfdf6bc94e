/// A value that is stored as one JSON string, its description.
package protocol ScalarCodable: Codable, Hashable, Sendable, CustomStringConvertible {
  /// - Throws: `FieldError` that says what the text must look like.
  init(scalar text: String) throws(FieldError)
}

extension ScalarCodable {
  /// Reads an argument.
  /// - Throws: `FieldError` that names the field.
  package init(given text: String, field: String) throws(FieldError) {
    do {
      try self.init(scalar: text)
    } catch {
      throw FieldError(path: field, error.message)
    }
  }

  package init(from decoder: any Decoder) throws {
    let text = try (decoder as! FieldDecoder).string()
    try self.init(scalar: text)
  }

  package func encode(to encoder: any Encoder) throws {
    (encoder as! FieldEncoder).encode(scalar: description)
  }
}
