/// A SHA-256 hash: 32 bytes stored inline, ordered by their bytes.
package struct Hash: Hashable, Sendable {
  /// The length of every hash, in bytes.
  package static let byteCount = 32

  // Big-endian words, so that comparing words compares bytes.
  private let word0: UInt64
  private let word1: UInt64
  private let word2: UInt64
  private let word3: UInt64

  /// Takes 32 bytes that the caller has already counted.
  ///
  /// - Precondition: `bytes` holds exactly 32 bytes.
  package init(unchecked bytes: UnsafeRawBufferPointer) {
    precondition(bytes.count == Hash.byteCount, "a hash is 32 bytes, not \(bytes.count)")
    word0 = UInt64(bigEndian: bytes.loadUnaligned(fromByteOffset: 0, as: UInt64.self))
    word1 = UInt64(bigEndian: bytes.loadUnaligned(fromByteOffset: 8, as: UInt64.self))
    word2 = UInt64(bigEndian: bytes.loadUnaligned(fromByteOffset: 16, as: UInt64.self))
    word3 = UInt64(bigEndian: bytes.loadUnaligned(fromByteOffset: 24, as: UInt64.self))
  }

  /// Takes 32 bytes; `nil` for any other count.
  package init?(_ bytes: some Sequence<UInt8>) {
    var words: (UInt64, UInt64, UInt64, UInt64) = (0, 0, 0, 0)
    var count = 0
    for byte in bytes {
      switch count >> 3 {
      case 0: words.0 = words.0 << 8 | UInt64(byte)
      case 1: words.1 = words.1 << 8 | UInt64(byte)
      case 2: words.2 = words.2 << 8 | UInt64(byte)
      case 3: words.3 = words.3 << 8 | UInt64(byte)
      default: return nil
      }
      count += 1
    }
    guard count == Hash.byteCount else { return nil }
    (word0, word1, word2, word3) = words
  }

  /// The byte at an offset from 0 to 31.
  ///
  /// - Precondition: the offset is in that range.
  package subscript(offset: Int) -> UInt8 {
    precondition((0..<Hash.byteCount).contains(offset), "offset \(offset) is outside a hash")
    let word =
      switch offset >> 3 {
      case 0: word0
      case 1: word1
      case 2: word2
      default: word3
      }
    return UInt8(truncatingIfNeeded: word >> UInt64(56 - (offset & 7) * 8))
  }

  /// The first eight bytes as a number.
  package var prefix: UInt64 { word0 }

  /// The 32 bytes in an array of their own.
  package var bytes: [UInt8] {
    [UInt8](unsafeUninitializedCapacity: Hash.byteCount) { buffer, count in
      copy(to: UnsafeMutableRawBufferPointer(buffer))
      count = Hash.byteCount
    }
  }

  /// Writes the 32 bytes at the start of `buffer`.
  ///
  /// - Precondition: the buffer has room for them.
  package func copy(to buffer: UnsafeMutableRawBufferPointer) {
    buffer.storeBytes(of: word0.bigEndian, toByteOffset: 0, as: UInt64.self)
    buffer.storeBytes(of: word1.bigEndian, toByteOffset: 8, as: UInt64.self)
    buffer.storeBytes(of: word2.bigEndian, toByteOffset: 16, as: UInt64.self)
    buffer.storeBytes(of: word3.bigEndian, toByteOffset: 24, as: UInt64.self)
  }
}

extension Hash: Comparable {
  /// Orders by bytes, the first byte weighing most.
  package static func < (left: Hash, right: Hash) -> Bool {
    (left.word0, left.word1, left.word2, left.word3)
      < (right.word0, right.word1, right.word2, right.word3)
  }
}
