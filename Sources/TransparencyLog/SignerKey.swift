/// The private half of a key that signs notes.
///
/// Its written form, `PRIVATE+KEY+name+id+key`, is only given when asked for by name: printing or
/// dumping a key shows the public half.
package struct SignerKey: Sendable, CustomStringConvertible, CustomReflectable {
  /// The public half.
  package let verifier: VerifierKey

  private let seed: [UInt8]

  private static let prefix = "PRIVATE+KEY+"

  /// Makes a new key from the system's random source.
  package static func generate(name: KeyName, algorithm: SignatureAlgorithm) -> SignerKey {
    guard let key = try? SignerKey(name: name, algorithm: algorithm, seed: Ed25519.randomSeed())
    else { preconditionFailure("a random seed has \(Ed25519.keyByteCount) bytes") }
    return key
  }

  /// Makes a key from the 32 bytes of its seed (RFC 8032's private key).
  ///
  /// - Throws: `NoteError.malformedKey` for another number of bytes.
  package init(
    name: KeyName, algorithm: SignatureAlgorithm, seed: [UInt8]
  ) throws(NoteError) {
    guard seed.count == Ed25519.keyByteCount else {
      throw .malformedKey("an Ed25519 seed has 32 bytes, not \(seed.count)")
    }
    self.seed = seed
    verifier = try VerifierKey(
      name: name, algorithm: algorithm, publicKey: Ed25519.publicKey(seed: seed))
  }

  /// Reads a key in its only written form.
  ///
  /// - Throws: `NoteError.malformedKey` for any other form, an unknown algorithm, or an id that does
  ///   not belong to the name and the key.
  package init(_ text: String) throws(NoteError) {
    guard text.utf8.starts(with: SignerKey.prefix.utf8) else {
      throw .malformedKey("a private key begins with \(SignerKey.prefix)")
    }
    let encoded = try EncodedKey(Substring(text.utf8.dropFirst(SignerKey.prefix.utf8.count)))
    try self.init(name: encoded.name, algorithm: encoded.algorithm, seed: encoded.material)
    guard verifier.id == encoded.id else {
      throw .malformedKey("the key's id does not belong to its name and key")
    }
  }

  /// The secret written form, to be kept where only the signer can read it.
  package var secretText: String {
    let encoded = EncodedKey(
      name: verifier.name, id: verifier.id, algorithm: verifier.algorithm, material: seed)
    return SignerKey.prefix + encoded.text
  }

  /// The public half's written form.
  package var description: String { verifier.description }

  /// Shows the public half alone.
  package var customMirror: Mirror { Mirror(self, children: ["verifier": verifier]) }

  /// Signs a note's text.
  ///
  /// - Parameters:
  ///   - text: the text with its final newline.
  ///   - time: seconds since 1970, not negative. Only a cosignature states it.
  func sign(_ text: [UInt8], time: Int) -> NoteSignature {
    precondition(time >= 0, "a cosignature's time is not before 1970")
    var bytes = Ed25519.sign(verifier.algorithm.message(text, time: time), seed: seed)
    if verifier.algorithm == .cosignatureV1 {
      bytes = withUnsafeBytes(of: UInt64(time).bigEndian, Array.init) + bytes
    }
    return NoteSignature(name: verifier.name, keyID: verifier.id, bytes: bytes)
  }
}
