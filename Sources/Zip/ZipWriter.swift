import CZlib

/// Puts files into a ZIP archive. The same files give the same bytes: every date is the format's first.
package struct ZipWriter {
  private var archive: [UInt8] = []
  private var directory: [UInt8] = []
  private var count: UInt16 = 0

  package init() {}

  /// Adds a file. Names are ASCII or UTF-8, with `/` between folders.
  package mutating func add(_ name: String, _ content: [UInt8]) {
    let compressed = deflated(content)
    let offset = UInt32(archive.count)
    let path = Array(name.utf8)
    var fields: [UInt8] = []
    // Version 2.0; names in UTF-8; deflated; 1980-01-01 00:00.
    fields.append(littleEndian: UInt16(20))
    fields.append(littleEndian: UInt16(0x0800))
    fields.append(littleEndian: ZipFormat.deflated)
    fields.append(littleEndian: UInt16(0))
    fields.append(littleEndian: UInt16(0x0021))
    fields.append(littleEndian: checksum(content))
    fields.append(littleEndian: UInt32(compressed.count))
    fields.append(littleEndian: UInt32(content.count))
    fields.append(littleEndian: UInt16(path.count))
    fields.append(littleEndian: UInt16(0))
    archive.append(littleEndian: ZipFormat.localHeader)
    archive += fields + path + compressed
    directory.append(littleEndian: ZipFormat.centralHeader)
    directory.append(littleEndian: UInt16(20))
    // No comment, the first disk, no attributes.
    directory += fields + [UInt8](repeating: 0, count: 10)
    directory.append(littleEndian: offset)
    directory += path
    count += 1
  }

  /// The whole archive.
  package func finish() -> [UInt8] {
    var end: [UInt8] = []
    end.append(littleEndian: ZipFormat.end)
    end += [0, 0, 0, 0]
    end.append(littleEndian: count)
    end.append(littleEndian: count)
    end.append(littleEndian: UInt32(directory.count))
    end.append(littleEndian: UInt32(archive.count))
    end += [0, 0]
    return archive + directory + end
  }

  /// The content compressed, without zlib's own header.
  private func deflated(_ content: [UInt8]) -> [UInt8] {
    var stream = unsafe z_stream()
    let opened = unsafe deflateInit2_(
      &stream, Z_DEFAULT_COMPRESSION, Z_DEFLATED, -MAX_WBITS, 8, Z_DEFAULT_STRATEGY, ZLIB_VERSION,
      Int32(MemoryLayout<z_stream>.size))
    precondition(opened == Z_OK, "zlib cannot begin")
    defer { unsafe deflateEnd(&stream) }
    var content = content
    var output = [UInt8](
      repeating: 0, count: unsafe Int(deflateBound(&stream, UInt(content.count))))
    let size = output.count
    let written = unsafe content.withUnsafeMutableBufferPointer { input in
      unsafe output.withUnsafeMutableBufferPointer { buffer in
        unsafe stream.next_in = input.baseAddress
        unsafe stream.avail_in = UInt32(input.count)
        unsafe stream.next_out = buffer.baseAddress
        unsafe stream.avail_out = UInt32(size)
        let status = unsafe deflate(&stream, Z_FINISH)
        precondition(status == Z_STREAM_END, "zlib did not finish")
        return unsafe Int(stream.total_out)
      }
    }
    output.removeLast(size - written)
    return output
  }
}

/// The CRC-32 of some bytes.
func checksum(_ bytes: [UInt8]) -> UInt32 {
  unsafe bytes.withUnsafeBufferPointer { buffer in
    unsafe UInt32(crc32(0, buffer.baseAddress, UInt32(buffer.count)))
  }
}

extension [UInt8] {
  fileprivate mutating func append(littleEndian value: some FixedWidthInteger) {
    for shift in stride(from: 0, to: value.bitWidth, by: 8) {
      append(UInt8(truncatingIfNeeded: value >> shift))
    }
  }
}
