/// A value that is stored as one JSON string, its description.
package protocol ScalarCodable: Codable, Hashable, Sendable, CustomStringConvertible {
  /// - Throws: `FieldError` that says what the text must look like.
  init(scalar text: String) throws(FieldError)
}

extension ScalarCodable {
  package init(from decoder: any Decoder) throws {
    let text = try (decoder as! FieldDecoder).string()
    try self.init(scalar: text)
  }

  package func encode(to encoder: any Encoder) throws {
    (encoder as! FieldEncoder).encode(scalar: description)
  }
}
