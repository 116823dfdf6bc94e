import CZlib

/// Reads the files of a ZIP archive. Nothing in it is trusted: sizes are bounded, places checked, and
/// every file is held to its CRC-32.
package struct ZipReader {
  private let archive: [UInt8]
  private var entries: [String: Entry] = [:]
  /// How much more is unpacked, in bytes.
  private var left: Int

  private struct Entry {
    var method: UInt16
    var checksum: UInt32
    var compressedSize: Int
    var size: Int
    var offset: Int
  }

  /// - Parameter limit: how much is unpacked in all, in bytes: files may lie over each other, or be asked for twice.
  /// - Throws: `ZipError`.
  package init(_ archive: [UInt8], limit: Int = 1 << 25) throws(ZipError) {
    self.archive = archive
    left = limit
    let end = try endOfDirectory()
    let count: UInt16 = try number(at: end + 10)
    var place = Int(try number(at: end + 16) as UInt32)
    for _ in 0..<count {
      guard try number(at: place) == ZipFormat.centralHeader else {
        throw ZipError("its directory is damaged")
      }
      let flags: UInt16 = try number(at: place + 8)
      let nameSize = Int(try number(at: place + 28) as UInt16)
      let rest =
        Int(try number(at: place + 30) as UInt16) + Int(try number(at: place + 32) as UInt16)
      let name = String(
        decoding: try bytes(place + ZipFormat.centralHeaderSize, nameSize), as: UTF8.self)
      guard flags & 1 == 0 else { throw ZipError("it is encrypted") }
      entries[name] = Entry(
        method: try number(at: place + 10), checksum: try number(at: place + 16),
        compressedSize: Int(try number(at: place + 20) as UInt32),
        size: Int(try number(at: place + 24) as UInt32),
        offset: Int(try number(at: place + 42) as UInt32))
      place += ZipFormat.centralHeaderSize + nameSize + rest
    }
  }

  /// The names of the files, in order.
  package var names: [String] { entries.keys.sorted() }

  /// The content of a file; `nil` where there is none of that name.
  /// - Throws: `ZipError`.
  package mutating func file(_ name: String) throws(ZipError) -> [UInt8]? {
    guard let entry = entries[name] else { return nil }
    guard entry.size <= left else {
      throw ZipError("\(name) would take \(entry.size) bytes, more than the \(left) that are left")
    }
    left -= entry.size
    guard try number(at: entry.offset) == ZipFormat.localHeader else {
      throw ZipError("\(name) is not where the directory says")
    }
    let skipped =
      Int(try number(at: entry.offset + 26) as UInt16)
      + Int(try number(at: entry.offset + 28) as UInt16)
    let packed = try bytes(
      entry.offset + ZipFormat.localHeaderSize + skipped, entry.compressedSize)
    let content: [UInt8]
    switch entry.method {
    case ZipFormat.stored: content = packed
    case ZipFormat.deflated: content = try inflated(packed, to: entry.size, name)
    default: throw ZipError("\(name) is packed in a way that is not known")
    }
    guard content.count == entry.size, checksum(content) == entry.checksum else {
      throw ZipError("\(name) is damaged")
    }
    return content
  }

  private func inflated(
    _ packed: [UInt8], to size: Int, _ name: String
  ) throws(ZipError) -> [UInt8] {
    var stream = unsafe z_stream()
    let opened = unsafe inflateInit2_(
      &stream, -MAX_WBITS, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size))
    guard opened == Z_OK else { throw ZipError("zlib cannot begin") }
    defer { unsafe inflateEnd(&stream) }
    var packed = packed
    // One byte more than it says, so that more than it says is found out.
    var output = [UInt8](repeating: 0, count: size + 1)
    let (status, written) = unsafe packed.withUnsafeMutableBufferPointer { input in
      unsafe output.withUnsafeMutableBufferPointer { buffer in
        unsafe stream.next_in = input.baseAddress
        unsafe stream.avail_in = UInt32(input.count)
        unsafe stream.next_out = buffer.baseAddress
        unsafe stream.avail_out = UInt32(buffer.count)
        let status = unsafe inflate(&stream, Z_FINISH)
        return unsafe (status, Int(stream.total_out))
      }
    }
    guard status == Z_STREAM_END, written == size else { throw ZipError("\(name) is damaged") }
    output.removeLast()
    return output
  }

  /// Where the directory's end record begins; a comment may follow it.
  private func endOfDirectory() throws(ZipError) -> Int {
    let last = archive.count - ZipFormat.endSize
    let first = max(0, last - Int(UInt16.max))
    guard last >= first else { throw ZipError("it is too short") }
    for place in stride(from: last, through: first, by: -1)
    where try number(at: place) == ZipFormat.end {
      return place
    }
    throw ZipError("it has no directory")
  }

  private func bytes(_ place: Int, _ count: Int) throws(ZipError) -> [UInt8] {
    guard place >= 0, count >= 0, place <= archive.count, count <= archive.count - place else {
      throw ZipError("it is cut off")
    }
    return Array(archive[place..<place + count])
  }

  private func number<Value: FixedWidthInteger>(at place: Int) throws(ZipError) -> Value {
    var value: Value = 0
    for (index, byte) in try bytes(place, Value.bitWidth / 8).enumerated() {
      value |= Value(truncatingIfNeeded: UInt64(byte)) << (index * 8)
    }
    return value
  }
}
