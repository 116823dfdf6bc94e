/// How a key signs a note: the type byte of c2sp.org/signed-note.
package enum SignatureAlgorithm: UInt8, Hashable, Sendable {
  /// Ed25519 over the note's text: what a log signs with.
  case ed25519 = 0x01

  /// A timestamped Ed25519 cosignature of a checkpoint (c2sp.org/tlog-cosignature): what a witness
  /// signs with.
  case cosignatureV1 = 0x04

  /// The first four bytes of SHA-256(name || 0x0A || type || public key), big-endian.
  func keyID(name: KeyName, publicKey: [UInt8]) -> UInt32 {
    let hash = Hash.sha256(name.utf8 + [0x0A, rawValue] + publicKey)
    return (0..<4).reduce(0) { $0 << 8 | UInt32(hash[$1]) }
  }

  /// What is signed, given a note's text; a cosignature has a header that states its time.
  func message(_ text: [UInt8], time: Int) -> [UInt8] {
    switch self {
    case .ed25519: text
    case .cosignatureV1: Array("cosignature/v1\ntime \(time)\n".utf8) + text
    }
  }
}
