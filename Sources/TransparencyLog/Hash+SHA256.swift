private import Crypto

extension Hash {
  /// The SHA-256 of `data`.
  package static func sha256(_ data: [UInt8]) -> Hash {
    data.withUnsafeBytes { sha256($0) }
  }

  /// The SHA-256 of the UTF-8 bytes of `text`.
  package static func sha256(utf8 text: String) -> Hash {
    var text = text
    return text.withUTF8 { sha256(UnsafeRawBufferPointer($0)) }
  }

  /// The SHA-256 of bytes, one byte more, and the UTF-8 bytes of a text.
  package static func sha256(_ data: [UInt8], _ byte: UInt8, utf8 text: String) -> Hash {
    var (text, byte) = (text, byte)
    var function = SHA256()
    data.withUnsafeBytes { function.update(bufferPointer: $0) }
    withUnsafeBytes(of: &byte) { function.update(bufferPointer: $0) }
    text.withUTF8 { function.update(bufferPointer: UnsafeRawBufferPointer($0)) }
    return function.finalize().withUnsafeBytes { Hash(unchecked: $0) }
  }

  /// The SHA-256 of `data`, an optional byte in front.
  static func sha256(_ data: UnsafeRawBufferPointer, after prefix: UInt8? = nil) -> Hash {
    // `SHA256.hash(data:)` goes through DataProtocol's regions; this is its cheapest public path.
    var function = SHA256()
    if var prefix {
      withUnsafeBytes(of: &prefix) { function.update(bufferPointer: $0) }
    }
    function.update(bufferPointer: data)
    return function.finalize().withUnsafeBytes { Hash(unchecked: $0) }
  }
}
