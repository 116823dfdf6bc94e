/// One signature line of a note: `— name base64(id || signature)`.
package struct NoteSignature: Hashable, Sendable {
  /// The line's first bytes: an em dash and a space.
  private static let prefix = Array("— ".utf8)

  /// The name of the key that is said to have signed.
  package let name: KeyName

  /// The id of that key.
  package let keyID: UInt32

  /// The signature, in the form of the key's algorithm; never empty.
  package let bytes: [UInt8]

  init(name: KeyName, keyID: UInt32, bytes: [UInt8]) {
    self.name = name
    self.keyID = keyID
    self.bytes = bytes
  }

  /// Reads a line without its newline.
  init(line: ArraySlice<UInt8>) throws(NoteError) {
    guard line.starts(with: NoteSignature.prefix) else {
      throw .malformedNote("a signature line begins with an em dash and a space")
    }
    let parts = line.dropFirst(NoteSignature.prefix.count).split(
      separator: UInt8(ascii: " "), omittingEmptySubsequences: false)
    guard parts.count == 2 else {
      throw .malformedNote("a signature line has a name and a signature")
    }
    do {
      name = try KeyName(String(decoding: parts[0], as: UTF8.self))
    } catch {
      throw .malformedNote("a signature line has a malformed name")
    }
    guard let decoded = Base64.decode(parts[1]), decoded.count > 4 else {
      throw .malformedNote("a signature is base64 of more than four bytes")
    }
    keyID = decoded.prefix(4).reduce(0) { $0 << 8 | UInt32($1) }
    bytes = Array(decoded.dropFirst(4))
  }

  /// The line with its newline.
  var line: [UInt8] {
    let id = (0..<4).map { UInt8(truncatingIfNeeded: keyID >> UInt32(24 - 8 * $0)) }
    return NoteSignature.prefix + name.utf8 + " \(Base64.encode(id + bytes))\n".utf8
  }
}

/// A signature that a known key has been found to have made.
package struct VerifiedSignature: Hashable, Sendable {
  /// The key.
  package let key: VerifierKey

  /// When a cosignature says it was made, in seconds since 1970; `nil` for other algorithms.
  package let time: Int?
}
