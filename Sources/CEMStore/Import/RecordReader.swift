package import CEMDomain

/// Cuts a file into records as it is read, a chunk at a time: lines, or CSV records.
///
/// No library on hand reads CSV as a stream, and a file may be larger than memory.
package struct RecordReader {
  /// What a record is.
  package enum Form: Sendable {
    /// A line that is not blank.
    case lines
    /// A CSV record (RFC 4180): fields may be quoted, and quoted fields may contain line breaks.
    case csv
  }

  /// A record with the number of the line on which it begins, from 1.
  package struct Record: Sendable {
    package var line: Int
    /// One field where the form is lines. A failure concerns this record alone.
    package var fields: Result<[String], Rejection>
  }

  /// The bytes that a record may have.
  package static let maximumBytes = 1 << 20

  private let form: Form
  private let read: () throws -> [UInt8]
  private var chunk: [UInt8] = []
  private var place = 0
  private var isAtEnd = false
  private var line = 1
  /// The byte between the fields of a CSV record, once the header has shown which it is.
  private var delimiter: UInt8?

  /// - Parameter read: gives the next bytes, as many as it likes; none at the end.
  package init(_ form: Form, read: @escaping () throws -> [UInt8]) throws {
    self.form = form
    self.read = read
    try skipByteOrderMark()
  }

  /// The next record; `nil` at the end. A blank line is no record, nor is a CSV record without any value, which
  /// spreadsheets write for rows below the table.
  /// - Throws: what `read` throws.
  package mutating func next() throws -> Record? {
    guard let (line, bytes) = try nextBytes() else { return nil }
    guard let bytes else {
      return Record(
        line: line,
        fields: .failure(
          Rejection(
            .input, "import.too-long", "the record is longer than \(Self.maximumBytes) bytes",
            hint: form == .csv ? "is a quotation mark missing?" : "")))
    }
    return Record(line: line, fields: fields(of: bytes))
  }

  /// Passes the next record without looking into it.
  /// - Returns: whether there was one.
  package mutating func skip() throws -> Bool { try nextBytes() != nil }

  /// The bytes of the next record, `nil` where it is too long, with its line; `nil` at the end.
  private mutating func nextBytes() throws -> (line: Int, bytes: [UInt8]?)? {
    while true {
      let start = line
      switch form == .lines ? try cutLine() : try cut() {
      case .end: return nil
      case .tooLong: return (start, nil)
      case .record(var bytes):
        if bytes.last == UInt8(ascii: "\r") { bytes.removeLast() }
        if isBlank(bytes) { continue }
        if start == 1, let named = namedDelimiter(in: bytes) {
          delimiter = named
          continue
        }
        return (start, bytes)
      }
    }
  }

  /// Whether a record holds no value.
  private func isBlank(_ bytes: [UInt8]) -> Bool {
    func isSpace(_ byte: UInt8) -> Bool { byte == 0x20 || byte == 0x09 }
    guard form == .csv else { return bytes.allSatisfy(isSpace) }
    let mark = UInt8(ascii: "\"")
    guard bytes.allSatisfy({ isSpace($0) || isDelimiter($0) || $0 == mark }) else { return false }
    // Quotation marks mostly stand around nothing, but may be a value, too.
    guard bytes.contains(mark) else { return true }
    guard delimiter != nil, case .success(let fields) = split(bytes) else { return false }
    return fields.allSatisfy { $0.utf8.allSatisfy(isSpace) }
  }

  /// The separator that a first line like `sep=;` names. Excel writes and obeys such a line.
  private func namedDelimiter(in bytes: [UInt8]) -> UInt8? {
    let sign = Array("sep=".utf8)
    guard form == .csv, delimiter == nil, bytes.count == sign.count + 1, bytes.starts(with: sign),
      let last = bytes.last, last != UInt8(ascii: "\"")
    else { return nil }
    return last
  }

  // MARK: Bytes

  /// Reads the next chunk; false at the end.
  private mutating func refill() throws -> Bool {
    guard !isAtEnd else { return false }
    chunk = try read()
    place = 0
    isAtEnd = chunk.isEmpty
    return !isAtEnd
  }

  private mutating func nextByte() throws -> UInt8? {
    if place == chunk.count, try !refill() { return nil }
    defer { place += 1 }
    return chunk[place]
  }

  private mutating func skipByteOrderMark() throws {
    while chunk.count < 3, !isAtEnd {
      let more = try read()
      if more.isEmpty { isAtEnd = true }
      chunk += more
    }
    if chunk.starts(with: [0xef, 0xbb, 0xbf]) { place = 3 }
    if chunk.starts(with: [0xff, 0xfe]) || chunk.starts(with: [0xfe, 0xff]) {
      throw Rejection(
        .input, "import.utf-16", "the file is in UTF-16", hint: "save it as UTF-8 and try again")
    }
  }

  /// What was cut off next.
  private enum Cut {
    /// A record without its line end.
    case record([UInt8])
    case tooLong
    case end
  }

  /// Cuts off a line.
  private mutating func cutLine() throws -> Cut {
    var bytes: [UInt8] = []
    var count = 0
    while true {
      if place == chunk.count, try !refill() { break }
      let end = chunk[place...].firstIndex(of: UInt8(ascii: "\n"))
      let stop = end ?? chunk.count
      count += stop - place
      if count <= Self.maximumBytes { bytes += chunk[place..<stop] }
      place = stop
      if end != nil {
        place += 1
        line += 1
        return count > Self.maximumBytes ? .tooLong : .record(bytes)
      }
    }
    guard count > 0 else { return .end }
    return count > Self.maximumBytes ? .tooLong : .record(bytes)
  }

  /// Cuts off a CSV record.
  private mutating func cut() throws -> Cut {
    var bytes: [UInt8] = []
    var isQuoted = false
    var isAtFieldStart = true
    var count = 0
    while let byte = try nextByte() {
      count += 1
      if byte == UInt8(ascii: "\n") {
        line += 1
        if !isQuoted { return count - 1 > Self.maximumBytes ? .tooLong : .record(bytes) }
      }
      if byte == UInt8(ascii: "\"") {
        // A doubled quotation mark closes and opens again, which comes to the same here.
        if isQuoted || isAtFieldStart { isQuoted.toggle() }
        isAtFieldStart = false
      } else {
        isAtFieldStart = !isQuoted && isDelimiter(byte)
      }
      if isQuoted, count > Self.maximumBytes { isQuoted = false }
      // The second half of a doubled mark stands where a quoted field was just closed.
      if byte == UInt8(ascii: "\""), !isQuoted { isAtFieldStart = true }
      if count <= Self.maximumBytes { bytes.append(byte) }
    }
    guard count > 0 else { return .end }
    return count > Self.maximumBytes ? .tooLong : .record(bytes)
  }

  private func isDelimiter(_ byte: UInt8) -> Bool {
    delimiter.map { $0 == byte } ?? Self.delimiters.contains(byte)
  }

  private static let delimiters: [UInt8] = Array(",;\t".utf8)

  // MARK: Fields

  private mutating func fields(of bytes: [UInt8]) -> Result<[String], Rejection> {
    guard let text = String(validating: bytes, as: UTF8.self) else {
      return .failure(
        Rejection(
          .input, "import.not-utf-8", "the record is not valid UTF-8",
          hint: "save the file as UTF-8 and try again"))
    }
    guard form == .csv else { return .success([text]) }
    if delimiter == nil {
      // The one that the header has most of, outside quotation marks.
      var counts = [0, 0, 0]
      var isQuoted = false
      for byte in bytes {
        if byte == UInt8(ascii: "\"") { isQuoted.toggle() }
        if !isQuoted, let index = Self.delimiters.firstIndex(of: byte) { counts[index] += 1 }
      }
      delimiter = Self.delimiters[counts.firstIndex(of: counts.max() ?? 0) ?? 0]
    }
    return split(bytes)
  }

  private func split(_ bytes: [UInt8]) -> Result<[String], Rejection> {
    var fields: [String] = []
    var field: [UInt8] = []
    var isQuoted = false
    var wasQuoted = false
    var index = 0
    func finish() {
      fields.append(String(decoding: field, as: UTF8.self))
      field.removeAll(keepingCapacity: true)
      wasQuoted = false
    }
    while index < bytes.count {
      let byte = bytes[index]
      index += 1
      if isQuoted {
        if byte != UInt8(ascii: "\"") {
          field.append(byte)
        } else if index < bytes.count, bytes[index] == byte {
          field.append(byte)
          index += 1
        } else {
          isQuoted = false
        }
      } else if byte == delimiter {
        finish()
      } else if byte == UInt8(ascii: "\""), field.isEmpty, !wasQuoted {
        isQuoted = true
        wasQuoted = true
      } else {
        field.append(byte)
      }
    }
    guard !isQuoted else {
      return .failure(
        Rejection(.input, "import.unclosed", "a quotation mark is opened and never closed"))
    }
    finish()
    return .success(fields)
  }
}
