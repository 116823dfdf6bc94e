/// A text with signatures, in the form of c2sp.org/signed-note.
///
///     var note = try SignedNote(text: "Ognuno sta solo\n")
///     note.sign(with: key, time: now)
///     let signatures = try SignedNote(parsing: note.encoded).verify(with: [key.verifier])
///
/// Nothing in a note is to be believed before `verify(with:)` has returned.
package struct SignedNote: Hashable, Sendable {
  /// More signatures than any note has; the format asks for at least 16.
  static let maximumSignatureCount = 100

  /// The longest note that is read, in bytes.
  static let maximumByteCount = 1_000_000

  /// The text's UTF-8 bytes, the final newline among them.
  let textBytes: [UInt8]

  /// The signatures in the order of their lines.
  package private(set) var signatures: [NoteSignature]

  /// Makes a note that nobody has signed yet.
  ///
  /// - Throws: `NoteError.malformedNote` unless the text ends in a newline and has no other control
  ///   character.
  package init(text: String) throws(NoteError) {
    textBytes = Array(text.utf8)
    signatures = []
    try SignedNote.check(textBytes)
  }

  /// Reads a note with at least one signature. `encoded` gives the same bytes again.
  ///
  /// - Throws: `NoteError.malformedNote` for anything else.
  package init(parsing bytes: [UInt8]) throws(NoteError) {
    guard bytes.count <= SignedNote.maximumByteCount else {
      throw .malformedNote("a note has at most \(SignedNote.maximumByteCount) bytes")
    }
    try SignedNote.check(bytes)
    // The text may hold empty lines; the last one separates it from the signatures.
    let newline = UInt8(ascii: "\n")
    guard
      let end = bytes.indices.dropLast().last(where: {
        bytes[$0] == newline && bytes[$0 + 1] == newline
      })
    else { throw .malformedNote("a note has an empty line before its signatures") }
    let lines = bytes[(end + 2)...].split(separator: newline)
    guard (1...SignedNote.maximumSignatureCount).contains(lines.count) else {
      throw .malformedNote("a note has 1 to \(SignedNote.maximumSignatureCount) signatures")
    }
    textBytes = Array(bytes[...end])
    var signatures: [NoteSignature] = []
    for line in lines { try signatures.append(NoteSignature(line: line)) }
    self.signatures = signatures
  }

  private static func check(_ bytes: [UInt8]) throws(NoteError) {
    guard String(validating: bytes, as: UTF8.self) != nil else {
      throw .malformedNote("a note is UTF-8 text")
    }
    guard bytes.last == UInt8(ascii: "\n") else {
      throw .malformedNote("a note ends in a newline")
    }
    guard bytes.allSatisfy({ $0 >= 0x20 || $0 == UInt8(ascii: "\n") }) else {
      throw .malformedNote("a note has no control characters")
    }
  }

  /// The whole note. Without a signature this is not yet a note that can be read.
  package var encoded: [UInt8] {
    textBytes + [UInt8(ascii: "\n")] + signatures.flatMap(\.line)
  }

  /// Adds a signature, in place of an earlier one by the same key.
  ///
  /// - Parameters:
  ///   - key: the key to sign with.
  ///   - time: seconds since 1970, not negative. Only a cosignature states it.
  /// - Throws: `NoteError.malformedCheckpoint` for a cosignature of any other text.
  package mutating func sign(with key: SignerKey, time: Int) throws(NoteError) {
    if key.verifier.algorithm == .cosignatureV1 { _ = try Checkpoint(text: textBytes) }
    let signature = key.sign(textBytes, time: time)
    signatures.removeAll { $0.name == signature.name && $0.keyID == signature.keyID }
    signatures.append(signature)
  }

  /// The signatures by known keys, all of them checked; those by unknown keys are ignored.
  ///
  /// - Throws: `NoteError.invalidSignature` if a known key's signature is wrong, `.noKnownSignature`
  ///   if no known key has signed, `.malformedCheckpoint` if a known witness has cosigned another
  ///   text than a checkpoint.
  package func verify(with keys: [VerifierKey]) throws(NoteError) -> [VerifiedSignature] {
    var verified: [VerifiedSignature] = []
    for signature in signatures {
      for key in keys where key.name == signature.name && key.id == signature.keyID {
        if key.algorithm == .cosignatureV1 { _ = try Checkpoint(text: textBytes) }
        guard let time = key.time(of: signature.bytes, over: textBytes) else {
          throw .invalidSignature(key.name, keyID: key.id)
        }
        let found = VerifiedSignature(
          key: key, time: key.algorithm == .cosignatureV1 ? time : nil)
        if !verified.contains(found) { verified.append(found) }
      }
    }
    guard !verified.isEmpty else { throw .noKnownSignature }
    return verified
  }
}
