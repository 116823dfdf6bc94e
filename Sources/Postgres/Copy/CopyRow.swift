import CLibPQ

/// One row of a ``Connection/copyOut(_:_:)``, valid until the closure that gets it returns.
///
/// The same object serves all rows: fields are found once per row and unescaped in libpq's own buffer,
/// so that reading a row allocates nothing.
@safe package final class CopyRow {
  private var line: UnsafeMutablePointer<UInt8>?
  private var length = 0
  /// Where each field starts and ends in the line; an end of -1 marks NULL.
  private var fields: [(start: Int, end: Int)] = []
  private var isSplit = false

  init() {}

  deinit {
    release()
  }

  /// How many fields the row has.
  package var count: Int {
    split()
    return fields.count
  }

  /// Whether the field is NULL; it must exist.
  package func isNull(_ field: Int) -> Bool {
    split()
    return fields[field].end < 0
  }

  /// Lends a field's unescaped text, nil for NULL. The field must exist.
  @inline(__always)
  package func withBytes<R, E>(
    _ field: Int, _ body: (Span<UInt8>?) throws(E) -> R
  ) throws(E) -> R {
    split()
    let (start, end) = fields[field]
    guard end >= 0, let line = unsafe line else { return try body(nil) }
    let bytes = unsafe UnsafeBufferPointer(start: line + start, count: end - start)
    return try body(unsafe bytes.span)
  }

  /// Reads a field.
  ///
  /// - Throws: ``PostgresError`` of kind `decoding` where there is no such field or it does not fit.
  package subscript<T: PostgresDecodable>(_ field: Int, as type: T.Type) -> T {
    get throws(PostgresError) {
      guard field >= 0, field < count else {
        throw PostgresError(kind: .decoding, message: "There is no field \(field).")
      }
      let value = withBytes(field) { (text: Span<UInt8>?) -> T? in
        guard let text else { return T.postgresNull }
        return T(postgres: text)
      }
      guard let value else {
        throw PostgresError(
          kind: .decoding,
          message: "Field \(field) "
            + (isNull(field)
              ? "is NULL, which \(T.self) cannot be." : "does not hold a value of \(T.self)."))
      }
      return value
    }
  }

  /// Lends the row's text as it came, without the line feed. Must be called before any field is read,
  /// which unescapes the text in place.
  package func withRawBytes<R, E>(_ body: (Span<UInt8>) throws(E) -> R) throws(E) -> R {
    precondition(!isSplit, "The row's fields were read already.")
    return try body(unsafe UnsafeBufferPointer(start: line, count: length).span)
  }

  /// Takes over a line that libpq allocated.
  func take(_ line: UnsafeMutablePointer<CChar>, count: Int) {
    release()
    unsafe self.line = UnsafeMutableRawPointer(line).assumingMemoryBound(to: UInt8.self)
    length = count
    if count > 0, unsafe self.line![count - 1] == 0x0A { length -= 1 }
    isSplit = false
  }

  /// Gives the line back; whoever kept the row sees a row without fields.
  func release() {
    guard let taken = unsafe line else { return }
    unsafe PQfreemem(taken)
    unsafe line = nil
    length = 0
    fields.removeAll(keepingCapacity: true)
    isSplit = true
  }

  private func split() {
    guard !isSplit else { return }
    isSplit = true
    fields.removeAll(keepingCapacity: true)
    guard let line = unsafe line else { return }
    let bytes = unsafe UnsafeRawBufferPointer(start: line, count: length)
    guard unsafe Posix.firstOffset(of: 0x5C, in: bytes) != nil else {
      return unsafe splitPlain(bytes)
    }
    unsafe splitEscaped(line)
  }

  /// Most rows hold no backslash: only the tabs matter.
  private func splitPlain(_ bytes: UnsafeRawBufferPointer) {
    var start = 0
    while true {
      let rest = unsafe UnsafeRawBufferPointer(rebasing: bytes[start...])
      guard let tab = unsafe Posix.firstOffset(of: 0x09, in: rest) else { break }
      fields.append((start, start + tab))
      start += tab + 1
    }
    fields.append((start, bytes.count))
  }

  /// Unescapes in place: what is written never overtakes what is read.
  private func splitEscaped(_ line: UnsafeMutablePointer<UInt8>) {
    var read = 0
    var write = 0
    var start = 0
    var isNull = false
    while read < length {
      let byte = unsafe line[read]
      read += 1
      switch byte {
      case 0x09:
        fields.append((start, isNull ? -1 : write))
        start = write
        isNull = false
      case 0x5C where read < length:
        let letter = unsafe line[read]
        read += 1
        if letter == 0x4E {
          isNull = true
        } else {
          unsafe line[write] = CopyText.unescapeLetter(letter)
          write += 1
        }
      default:
        unsafe line[write] = byte
        write += 1
      }
    }
    fields.append((start, isNull ? -1 : write))
  }
}
