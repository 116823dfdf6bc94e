import Crypto
import SystemPackage
import TransparencyLog

/// The folder that a bundle is written into, and what was put there.
final class BundleFolder {
  let path: FilePath
  /// Whether it was made for the bundle.
  private let isNew: Bool
  private var names: [String] = []

  /// Makes the folder, or sees that it is empty.
  /// - Throws: `BundleError`.
  init(_ path: FilePath) throws {
    self.path = path
    isNew = !POSIX.exists(path)
    if isNew {
      do { try POSIX.makeDirectories(path, permissions: 0o700) } catch {
        guard case .fileError(_, let place, let reason) = error else { throw error }
        throw BundleError.file(place, reason)
      }
    } else if !POSIX.entries(of: path).isEmpty {
      throw BundleError.notEmpty(path.string)
    }
  }

  fileprivate func open(_ name: String) throws -> FileDescriptor {
    let file = try FileDescriptor.open(
      path.appending(name), .writeOnly, options: [.create, .exclusiveCreate, .closeOnExec],
      permissions: [.ownerReadWrite])
    names.append(name)
    return file
  }

  /// Takes away what was put there, and nothing that anybody else puts there meanwhile: a second try finds
  /// the folder as the first one did.
  func clear() {
    for name in names { POSIX.removeFile(path.appending(name)) }
    if isNew { POSIX.removeDirectory(path) }
  }
}

/// A file of a bundle while it is written: its bytes are counted and hashed on their way.
struct BundleFileWriter: ~Copyable {
  private let file: FileDescriptor
  private let name: String
  private var hash = SHA256()
  private var size: Int64 = 0
  private var pending: [UInt8] = []

  init(_ name: String, in folder: BundleFolder) throws(BundleError) {
    self.name = name
    do {
      file = try folder.open(name)
    } catch {
      throw .file(name, "\(error)")
    }
  }

  deinit { try? file.close() }

  mutating func write(_ bytes: some Sequence<UInt8>) throws(BundleError) {
    pending += bytes
    if pending.count >= 1 << 18 { try flush() }
  }

  private mutating func flush() throws(BundleError) {
    hash.update(data: pending)
    size += Int64(pending.count)
    do { try file.writeAll(pending) } catch { throw .file(name, "\(error)") }
    pending.removeAll(keepingCapacity: true)
  }

  /// Brings the file to the disk, and says what it holds.
  mutating func finish() throws(BundleError) -> BundleManifest.File {
    try flush()
    guard POSIX.synchronize(file) else { throw .file(name, "it cannot be brought to the disk") }
    let digest = hash.finalize().withUnsafeBytes { Hash(unchecked: $0) }
    return BundleManifest.File(name: name, sha256: digest, size: size)
  }
}

/// A file of a bundle while it is read: in pieces of whole lines, hashed on their way.
struct BundleFileReader: ~Copyable {
  /// The longest line; an event's texts are far shorter.
  private static let longestLine = 1 << 24

  private let file: FileDescriptor
  private let name: String
  private var hash = SHA256()
  private var size: Int64 = 0
  private var rest: [UInt8] = []
  private var isAtEnd = false

  init(_ name: String, in folder: FilePath) throws(BundleError) {
    self.name = name
    do {
      file = try FileDescriptor.open(
        folder.appending(name), .readOnly, options: [.closeOnExec, .noFollow])
    } catch {
      throw .file(name, "\(error)")
    }
  }

  deinit { try? file.close() }

  /// The next bytes that end in a newline; `nil` at the end of the file.
  mutating func nextLines() throws -> [UInt8]? {
    while true {
      guard !isAtEnd else {
        guard rest.isEmpty else {
          throw LogProblem(.file, nil, "\(name) does not end in a newline")
        }
        return nil
      }
      var piece = try read(1 << 21)
      guard let end = piece.lastIndex(of: UInt8(ascii: "\n")) else {
        rest += piece
        guard rest.count < Self.longestLine else {
          throw LogProblem(.file, nil, "\(name) has a line that is too long")
        }
        continue
      }
      let next = Array(piece[(end + 1)...])
      piece.removeSubrange((end + 1)...)
      defer { rest = next }
      return rest + piece
    }
  }

  /// The whole file, which must not be larger than a limit.
  mutating func contents(limit: Int) throws -> [UInt8] {
    var bytes: [UInt8] = []
    while !isAtEnd {
      bytes += try read(1 << 16)
      guard bytes.count <= limit else { throw LogProblem(.file, nil, "\(name) is too large") }
    }
    return bytes
  }

  private mutating func read(_ count: Int) throws(BundleError) -> [UInt8] {
    do {
      let file = file
      let bytes = try [UInt8](unsafeUninitializedCapacity: count) { buffer, filled in
        filled = try file.read(into: UnsafeMutableRawBufferPointer(buffer))
      }
      isAtEnd = bytes.isEmpty
      hash.update(data: bytes)
      size += Int64(bytes.count)
      return bytes
    } catch {
      throw .file(name, "\(error)")
    }
  }

  /// What the file holds, once all of it was read.
  func finish() -> BundleManifest.File {
    let digest = hash.finalize().withUnsafeBytes { Hash(unchecked: $0) }
    return BundleManifest.File(name: name, sha256: digest, size: size)
  }
}

/// Why a bundle cannot be written or read.
package enum BundleError: Error, Sendable {
  /// A file of it cannot be opened, read or written.
  case file(String, String)
  /// There is something in the folder already.
  case notEmpty(String)
  /// There is no such folder.
  case noFolder(String)
  /// No event concerns the department.
  case nothingConcerns(String)
  /// The checkpoint covers more than the log has.
  case checkpointBeyond(size: Int, log: Int64)
  /// What was at a position was erased after the checkpoint, so the bundle would not say who erased it.
  case erasedLater(position: Int64, size: Int)
}
