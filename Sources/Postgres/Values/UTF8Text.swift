/// Text that is at hand as UTF-8 bytes, such as JSON from a writer of bytes: bound as text, where an
/// array of `UInt8` is bound as `bytea`.
package struct UTF8Text: PostgresArrayElement, PostgresDecodable, Hashable {
  /// The text's bytes.
  package let bytes: [UInt8]

  /// Takes the bytes as they are; the server refuses what is not UTF-8.
  package init(_ bytes: [UInt8]) {
    self.bytes = bytes
  }

  package init?(postgres text: Span<UInt8>) {
    bytes = unsafe text.withUnsafeBufferPointer { unsafe [UInt8]($0) }
  }

  package func encode(into text: inout TextWriter) {
    text.append(contentsOf: bytes)
  }
}
