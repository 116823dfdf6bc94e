/// The public half of a key that signs notes.
///
/// Written as `name+id+key`: the id in eight hexadecimal digits, the type byte and the public key in
/// base64. That is what an auditor is given beforehand:
///
///     let log = try VerifierKey("example.com/log+33d7b496+AeHTu4Q3hEIMHNqc6fASMsq3rKNx280NI+oO5xCFkkSx")
package struct VerifierKey: Hashable, Sendable, CustomStringConvertible {
  /// The name under which the key signs.
  package let name: KeyName

  /// How it signs.
  package let algorithm: SignatureAlgorithm

  /// The 32 bytes of the Ed25519 public key.
  package let publicKey: [UInt8]

  /// With the name, what a signature says of its key: derived from name, algorithm and public key.
  package let id: UInt32

  /// Makes a key from its parts.
  ///
  /// - Throws: `NoteError.malformedKey` unless the public key has 32 bytes.
  package init(
    name: KeyName, algorithm: SignatureAlgorithm, publicKey: [UInt8]
  ) throws(NoteError) {
    guard publicKey.count == Ed25519.keyByteCount else {
      throw .malformedKey("an Ed25519 key has 32 bytes, not \(publicKey.count)")
    }
    self.name = name
    self.algorithm = algorithm
    self.publicKey = publicKey
    id = algorithm.keyID(name: name, publicKey: publicKey)
  }

  /// Reads a key in its only written form.
  ///
  /// - Throws: `NoteError.malformedKey` for any other form, an unknown algorithm, or an id that does
  ///   not belong to the name and the key.
  package init(_ text: String) throws(NoteError) {
    let encoded = try EncodedKey(text[...])
    try self.init(name: encoded.name, algorithm: encoded.algorithm, publicKey: encoded.material)
    guard id == encoded.id else {
      throw .malformedKey("the key's id does not belong to its name and key")
    }
  }

  /// The key's written form.
  package var description: String {
    EncodedKey(name: name, id: id, algorithm: algorithm, material: publicKey).text
  }

  /// The time that a signature states (0 for algorithms without one) if the signature is valid.
  func time(of signature: [UInt8], over text: [UInt8]) -> Int? {
    var signature = signature
    var time = 0
    if algorithm == .cosignatureV1 {
      guard signature.count > 8 else { return nil }
      let stated = signature.prefix(8).reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
      guard let exact = Int(exactly: stated) else { return nil }
      time = exact
      signature.removeFirst(8)
    }
    let message = algorithm.message(text, time: time)
    return Ed25519.isValid(signature, of: message, publicKey: publicKey) ? time : nil
  }
}

/// The form `name+id+base64(type || material)` that public and private keys share.
struct EncodedKey {
  let name: KeyName
  let id: UInt32
  let algorithm: SignatureAlgorithm
  let material: [UInt8]

  init(name: KeyName, id: UInt32, algorithm: SignatureAlgorithm, material: [UInt8]) {
    self.name = name
    self.id = id
    self.algorithm = algorithm
    self.material = material
  }

  init(_ text: Substring) throws(NoteError) {
    // Base64 may hold further plus signs; a name may not.
    let parts = text.utf8.split(
      separator: UInt8(ascii: "+"), maxSplits: 2, omittingEmptySubsequences: false)
    guard parts.count == 3 else { throw .malformedKey("a key has the form name+id+base64") }
    name = try KeyName(String(Substring(parts[0])))
    // Four bytes in lower case: every key has one form only.
    guard parts[1].count == 8, let id = UInt32(Substring(parts[1]), radix: 16),
      Hex.encode(id) == String(Substring(parts[1]))
    else { throw .malformedKey("a key's id is eight lower-case hexadecimal digits") }
    self.id = id
    guard let bytes = Base64.decode(parts[2]), let type = bytes.first else {
      throw .malformedKey("the key is no base64")
    }
    guard let algorithm = SignatureAlgorithm(rawValue: type) else {
      throw .malformedKey("the key's type \(type) is unknown")
    }
    self.algorithm = algorithm
    material = Array(bytes.dropFirst())
  }

  var text: String {
    "\(name)+\(Hex.encode(id))+\(Base64.encode([algorithm.rawValue] + material))"
  }
}
