/// Parameters' values in one buffer: texts, each ended by a NUL as libpq wants its strings, and arrays
/// in binary form.
struct Binds: Sendable {
  private(set) var text = TextWriter()
  /// Where each value starts in `text`, -1 for NULL.
  private(set) var starts: [Int] = []
  /// The length of each value in binary form; of a text, which ends by itself, -1.
  private(set) var lengths: [Int32] = []
  /// The first parameter (from 1) whose value holds a NUL byte. PostgreSQL has no such text, and libpq
  /// would send what is before it.
  private(set) var parameterWithNUL: Int?

  mutating func append(_ value: some PostgresEncodable) {
    lengths.append(-1)
    guard !value.isPostgresNull else { return starts.append(-1) }
    let start = text.bytes.count
    starts.append(start)
    value.encode(into: &text)
    if parameterWithNUL == nil {
      let hasNUL = unsafe text.bytes.withUnsafeBytes { bytes in
        unsafe Posix.firstOffset(of: 0, in: UnsafeRawBufferPointer(rebasing: bytes[start...]))
          != nil
      }
      if hasNUL { parameterWithNUL = starts.count }
    }
    text.append(byte: 0)
  }

  mutating func append(_ array: BinaryArray) {
    let start = text.bytes.count
    starts.append(start)
    array.write(to: &text.bytes)
    lengths.append(Int32(text.bytes.count - start))
  }

  mutating func append(_ other: Binds) {
    guard !other.starts.isEmpty else { return }
    let base = text.bytes.count
    if parameterWithNUL == nil, let parameter = other.parameterWithNUL {
      parameterWithNUL = starts.count + parameter
    }
    text.append(contentsOf: other.text.bytes)
    starts += other.starts.map { $0 < 0 ? -1 : base + $0 }
    lengths += other.lengths
  }

  /// Lends the values as libpq's arrays: C strings or bytes, nil where there are none; their lengths; and
  /// their forms.
  func withPointers<R>(
    _ body: (
      UnsafePointer<UnsafePointer<CChar>?>?, UnsafePointer<Int32>?, UnsafePointer<Int32>?
    ) -> R
  ) -> R {
    guard !starts.isEmpty else { return body(nil, nil, nil) }
    let forms = lengths.map { $0 < 0 ? 0 : 1 as Int32 }
    return unsafe text.bytes.withUnsafeBytes { bytes in
      let base = unsafe bytes.baseAddress?.assumingMemoryBound(to: CChar.self)
      let pointers = unsafe starts.map { start in
        unsafe start < 0 ? nil : base.map { unsafe $0 + start }
      }
      return unsafe pointers.withUnsafeBufferPointer { pointers in
        unsafe lengths.withUnsafeBufferPointer { lengths in
          unsafe forms.withUnsafeBufferPointer { forms in
            unsafe body(pointers.baseAddress, lengths.baseAddress, forms.baseAddress)
          }
        }
      }
    }
  }
}
