private import Crypto

/// Ed25519 (RFC 8032) on bytes.
enum Ed25519 {
  /// The length of a signature, in bytes.
  static let signatureByteCount = 64

  /// The length of a public key and of a seed, in bytes.
  static let keyByteCount = 32

  /// Whether `signature` is one of `message`; false for signatures or keys of a wrong length.
  static func isValid(_ signature: [UInt8], of message: [UInt8], publicKey: [UInt8]) -> Bool {
    guard signature.count == signatureByteCount, publicKey.count == keyByteCount,
      let key = try? Curve25519.Signing.PublicKey(rawRepresentation: publicKey)
    else { return false }
    return key.isValidSignature(signature, for: message)
  }

  /// The signature of `message`.
  ///
  /// - Precondition: the seed is 32 bytes.
  static func sign(_ message: [UInt8], seed: [UInt8]) -> [UInt8] {
    guard let signature = try? privateKey(seed).signature(for: message) else {
      preconditionFailure("Ed25519 signs any message")
    }
    return Array(signature)
  }

  /// The public key of a seed.
  ///
  /// - Precondition: the seed is 32 bytes.
  static func publicKey(seed: [UInt8]) -> [UInt8] {
    Array(privateKey(seed).publicKey.rawRepresentation)
  }

  /// A new seed from the system's random source.
  static func randomSeed() -> [UInt8] {
    Array(Curve25519.Signing.PrivateKey().rawRepresentation)
  }

  private static func privateKey(_ seed: [UInt8]) -> Curve25519.Signing.PrivateKey {
    guard let key = try? Curve25519.Signing.PrivateKey(rawRepresentation: seed) else {
      preconditionFailure("a seed is \(keyByteCount) bytes, not \(seed.count)")
    }
    return key
  }
}
