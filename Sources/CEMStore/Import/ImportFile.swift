import FoundationEssentials
import SystemPackage

/// A file that an import reads, perhaps twice.
///
/// A pipe is copied into a temporary file first: no transaction waits for whoever fills it, and the rows can
/// be counted before the first is recorded.
package final class ImportFile {
  private let descriptor: FileDescriptor
  private let isOwn: Bool
  /// Where it begins: what was read of standard input before is somebody else's.
  private let start: Int64
  private static let chunkSize = 1 << 16

  /// Opens a file; `-` is standard input.
  /// - Throws: `Errno`.
  package init(_ path: String) throws {
    let isNamed = path != "-"
    let source =
      isNamed
      ? try FileDescriptor.open(FilePath(path), .readOnly, options: .closeOnExec) : .standardInput
    if let place = try? source.seek(offset: 0, from: .current) {
      (descriptor, start, isOwn) = (source, place, isNamed)
    } else {
      defer { if isNamed { try? source.close() } }
      (descriptor, start, isOwn) = (try ImportFile.copy(of: source), 0, true)
    }
    // What can be opened need not be a file: a folder is only found out by reading.
    _ = try reader()()
  }

  deinit { if isOwn { try? descriptor.close() } }

  /// A reader from the beginning.
  package func reader() throws -> () throws -> [UInt8] {
    let descriptor = descriptor
    var offset = start
    return {
      var bytes = [UInt8](repeating: 0, count: ImportFile.chunkSize)
      let count = try bytes.withUnsafeMutableBytes {
        try descriptor.read(fromAbsoluteOffset: offset, into: $0)
      }
      offset += Int64(count)
      bytes.removeLast(bytes.count - count)
      return bytes
    }
  }

  /// Whether the file has more than so many records.
  package func hasMoreRecords(than limit: Int, _ form: RecordReader.Form) throws -> Bool {
    var records = try RecordReader(form, read: reader())
    var count = form == .csv ? -1 : 0
    while try records.skip() {
      count += 1
      if count > limit { return true }
    }
    return false
  }

  private static func copy(of source: FileDescriptor) throws -> FileDescriptor {
    let directory = FilePath(ProcessInfo.processInfo.environment["TMPDIR"] ?? "/tmp")
    let name = "cem-import-\(UInt64.random(in: 0...UInt64.max))"
    let path = directory.appending(name)
    let file = try FileDescriptor.open(
      path, .readWrite, options: [.create, .exclusiveCreate, .closeOnExec],
      permissions: [.ownerReadWrite])
    // Without a name it is gone with the process, however that ends.
    POSIX.removeFile(path)
    var bytes = [UInt8](repeating: 0, count: chunkSize)
    while true {
      let count = try bytes.withUnsafeMutableBytes { try source.read(into: $0) }
      if count == 0 { return file }
      _ = try file.writeAll(bytes[..<count])
    }
  }
}
