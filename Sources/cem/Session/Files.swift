#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// An open file that is closed when it goes out of scope, with the lock that it may hold.
struct OpenFile: ~Copyable {
  let descriptor: Int32

  /// - Throws: `SystemError`.
  init(_ path: String, _ flags: Int32) throws(SystemError) {
    // Only the user may read what cem keeps.
    descriptor = open(path, flags | O_CLOEXEC, 0o600)
    guard descriptor >= 0 else { throw SystemError(code: errno) }
  }

  deinit { close(descriptor) }

  /// Locks it against all others who lock it; without waiting, `false` where it is locked.
  func lock(waiting: Bool) -> Bool {
    flock(descriptor, waiting ? LOCK_EX : LOCK_EX | LOCK_NB) == 0
  }

  /// Writes a text at the descriptor's place and brings it to the disk.
  /// - Throws: `SystemError`.
  func writeDurably(_ text: String) throws(SystemError) {
    try System.write(text.utf8, to: descriptor)
    guard fsync(descriptor) == 0 else { throw SystemError(code: errno) }
  }
}

/// Small files of the user's own.
enum Files {
  /// The whole text; `nil` where there is none.
  static func read(_ path: String) -> String? {
    guard let file = try? OpenFile(path, O_RDONLY) else { return nil }
    var bytes: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 1 << 16)
    while true {
      let count = buffer.withUnsafeMutableBytes { readChunk(file.descriptor, $0) }
      guard count > 0 else { return count == 0 ? String(decoding: bytes, as: UTF8.self) : nil }
      bytes += buffer[..<count]
    }
  }

  /// Makes a folder and those above it, for the user alone.
  static func makeDirectory(_ path: String) {
    guard access(path, F_OK) != 0 else { return }
    let parent = path.split(separator: "/").dropLast().joined(separator: "/")
    if !parent.isEmpty { makeDirectory("/" + parent) }
    mkdir(path, 0o700)
  }

  /// Replaces a file as a whole or not at all.
  /// - Throws: `SystemError`.
  static func replace(_ path: String, with text: String) throws(SystemError) {
    makeDirectory(directory(of: path))
    let draft = path + ".new"
    try write(draft, text)
    guard rename(draft, path) == 0 else { throw SystemError(code: errno) }
    synchronize(directory(of: path))
  }

  private static func write(_ path: String, _ text: String) throws(SystemError) {
    let file = try OpenFile(path, O_WRONLY | O_CREAT | O_TRUNC)
    try file.writeDurably(text)
  }

  /// Brings a folder's entries to the disk.
  static func synchronize(_ directory: String) {
    guard let file = try? OpenFile(directory, O_RDONLY) else { return }
    fsync(file.descriptor)
  }

  static func remove(_ path: String) { unlink(path) }

  static func directory(of path: String) -> String {
    "/" + path.split(separator: "/").dropLast().joined(separator: "/")
  }

  /// The names in a folder; none where it cannot be read.
  static func names(in directory: String) -> [String] {
    guard let stream = opendir(directory) else { return [] }
    defer { closedir(stream) }
    var names: [String] = []
    while let entry = readdir(stream) {
      let name = withUnsafeBytes(of: &entry.pointee.d_name) {
        String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self)
      }
      if !name.hasPrefix(".") { names.append(name) }
    }
    return names.sorted()
  }
}

/// `read`, which a method of that name would hide.
private func readChunk(_ descriptor: Int32, _ buffer: UnsafeMutableRawBufferPointer) -> Int {
  read(descriptor, buffer.baseAddress, buffer.count)
}
