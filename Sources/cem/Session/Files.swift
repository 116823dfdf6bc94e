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

  /// Whether it is a plain file that its owner alone may use.
  var isPrivate: Bool {
    var info = stat()
    return fstat(descriptor, &info) == 0 && info.st_mode & S_IFMT == S_IFREG
      && info.st_mode & 0o077 == 0
  }

  /// Locks it against all others who lock it; without waiting, `false` where it is locked.
  func lock(waiting: Bool) -> Bool {
    flock(descriptor, waiting ? LOCK_EX : LOCK_EX | LOCK_NB) == 0
  }

  /// Whether a path leads to this file, and not to one that replaced it or to none.
  func isAt(_ path: String) -> Bool {
    var (own, other) = (stat(), stat())
    return fstat(descriptor, &own) == 0 && stat(path, &other) == 0
      && own.st_ino == other.st_ino && own.st_dev == other.st_dev
  }

  /// All bytes from the descriptor's place on.
  /// - Throws: `SystemError`.
  func contents() throws(SystemError) -> [UInt8] {
    var bytes: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 1 << 16)
    while true {
      let count = buffer.withUnsafeMutableBytes { readChunk(descriptor, $0) }
      guard count >= 0 else { throw SystemError(code: errno) }
      if count == 0 { return bytes }
      bytes += buffer[..<count]
    }
  }

  /// The offset after the last newline. What stands behind it, half a line, is cut off.
  /// - Throws: `SystemError`.
  func endOfLastLine() throws(SystemError) -> Int {
    var end = Int(lseek(descriptor, 0, SEEK_END))
    guard end >= 0 else { throw SystemError(code: errno) }
    var byte: UInt8 = 0
    while end > 0 {
      guard pread(descriptor, &byte, 1, off_t(end - 1)) == 1 else {
        throw SystemError(code: errno)
      }
      if byte == UInt8(ascii: "\n") { break }
      end -= 1
    }
    if lseek(descriptor, 0, SEEK_END) != off_t(end) { try truncate(to: end) }
    return end
  }

  /// The last line that ends, with its newline, however long the file is; `nil` where there is none.
  func lastLine() -> [UInt8]? {
    let size = Int(lseek(descriptor, 0, SEEK_END))
    var length = 4096
    while size > 0 {
      length = min(length * 4, size)
      var bytes = [UInt8](repeating: 0, count: length)
      let count = bytes.withUnsafeMutableBytes {
        pread(descriptor, $0.baseAddress, $0.count, off_t(size - length))
      }
      guard count == length else { return nil }
      let newline = UInt8(ascii: "\n")
      if let end = bytes.lastIndex(of: newline) {
        let start = bytes[..<end].lastIndex(of: newline).map { $0 + 1 }
        if start != nil || length == size { return Array(bytes[(start ?? 0)...end]) }
      }
      if length == size { return nil }
    }
    return nil
  }

  /// Cuts the file off.
  /// - Throws: `SystemError`.
  func truncate(to size: Int) throws(SystemError) {
    guard ftruncate(descriptor, off_t(size)) == 0 else { throw SystemError(code: errno) }
  }

  /// Writes a text at the descriptor's place and brings it to the disk.
  /// - Throws: `SystemError`.
  func writeDurably(_ text: String) throws(SystemError) { try writeDurably(Array(text.utf8)) }

  /// Writes bytes at the descriptor's place and brings them to the disk.
  /// - Throws: `SystemError`.
  func writeDurably(_ bytes: [UInt8]) throws(SystemError) {
    try System.write(bytes, to: descriptor)
    guard fsync(descriptor) == 0 else { throw SystemError(code: errno) }
  }
}

/// Small files of the user's own.
enum Files {
  /// The whole text; `nil` where there is none.
  static func read(_ path: String) -> String? {
    guard let file = try? OpenFile(path, O_RDONLY), let bytes = try? file.contents() else {
      return nil
    }
    return String(decoding: bytes, as: UTF8.self)
  }

  /// Whether there is a file or folder of this name.
  static func exists(_ path: String) -> Bool { access(path, F_OK) == 0 }

  /// The path from the root, so that it means the same in every folder.
  static func absolute(_ path: String) -> String {
    guard !path.hasPrefix("/"), let folder = getcwd(nil, 0) else { return path }
    defer { free(folder) }
    return String(cString: folder) + "/" + path
  }

  /// The bytes of a file that a user named.
  /// - Throws: `CommandError` where it cannot be read.
  static func contents(_ path: String) throws(CommandError) -> [UInt8] {
    do {
      let file = try OpenFile(path, O_RDONLY)
      return try file.contents()
    } catch {
      throw CommandError(
        "file.unreadable", "\(path) cannot be read", cause: error.reason, exit: .notFound)
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
    let path = absolute(path)
    makeDirectory(directory(of: path))
    let draft = try draft(of: path, Array(text.utf8))
    guard rename(draft, path) == 0 else {
      let code = errno
      remove(draft)
      throw SystemError(code: code)
    }
    synchronize(directory(of: path))
  }

  /// Writes what a file is to become beside it, under a name that nobody else has: two may write the same file
  /// at once, and a folder may be open to others, who know the names in it.
  /// - Parameter path: from the root.
  /// - Returns: the path.
  /// - Throws: `SystemError`; then there is no draft.
  fileprivate static func draft(of path: String, _ bytes: [UInt8]) throws(SystemError) -> String {
    let draft = "\(directory(of: path))/.cem-\(String(UInt64.random(in: 0 ... .max), radix: 36))"
    let file = try OpenFile(draft, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW)
    do {
      try file.writeDurably(bytes)
    } catch {
      remove(draft)
      throw error
    }
    return draft
  }

  /// Refuses to write over what is not of the same kind: a private key, or anything else that somebody keeps.
  ///
  /// - Parameters:
  ///   - kind: what the file may be, in words.
  ///   - isOfKind: whether its content is such a thing.
  static func requireReplaceable(
    _ path: String?, as kind: String, _ isOfKind: ([UInt8]) -> Bool
  ) throws(CommandError) {
    guard let path, isPlain(path), let bytes = try? contents(path), !bytes.isEmpty,
      !isOfKind(bytes)
    else { return }
    throw CommandError(
      "file.exists", "\(path) is there already, and is no \(kind)", hint: "name another file",
      exit: .input)
  }

  /// Whether a path leads to a plain file, and not to a device or a pipe.
  private static func isPlain(_ path: String) -> Bool {
    var info = stat()
    return stat(path, &info) == 0 && info.st_mode & S_IFMT == S_IFREG
  }

  /// Writes a result to a file that the user named, as a whole or not at all, readable as other files are.
  /// - Throws: `CommandError`.
  static func write(_ text: String, toUserFile path: String) throws(CommandError) {
    try write(Array(text.utf8), toUserFile: path)
  }

  /// Writes a result to a file that the user named, as a whole or not at all, readable as the file there
  /// was, else as other files are. What is no plain file, a device or a pipe, is written to as it stands.
  /// - Throws: `CommandError`.
  static func write(_ bytes: [UInt8], toUserFile path: String) throws(CommandError) {
    try FileDraft(bytes, toUserFile: path).publish()
  }

  /// Brings a folder's entries to the disk.
  static func synchronize(_ directory: String) {
    guard let file = try? OpenFile(directory, O_RDONLY) else { return }
    fsync(file.descriptor)
  }

  static func remove(_ path: String) { unlink(path) }

  /// What stands behind the last dot of a file's name, in lower case; `nil` where there is none.
  static func ending(of path: String) -> String? {
    let name = path.split(separator: "/").last ?? ""
    guard let dot = name.dropFirst().lastIndex(of: ".") else { return nil }
    return name[name.index(after: dot)...].lowercased()
  }

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

/// A result on the disk beside the file that it is to become.
///
///     let draft = try FileDraft(bytes, toUserFile: "report.html")
///     // What may yet be refused is done here, while the old file is still there.
///     try draft.publish()
///
/// What is no plain file, a device or a pipe, has no draft: it is written to when it is published.
struct FileDraft {
  private let bytes: [UInt8]
  /// Where links lead to.
  private let path: String
  /// `nil` where the file is no plain one.
  private let draft: String?

  /// - Throws: `CommandError`; then there is no draft.
  init(_ bytes: [UInt8], toUserFile file: String) throws(CommandError) {
    self.bytes = bytes
    path = FileDraft.target(of: Files.absolute(file))
    var info = stat()
    let exists = stat(path, &info) == 0
    guard !exists || info.st_mode & S_IFMT == S_IFREG else {
      draft = nil
      return
    }
    let draft: String
    do throws(SystemError) {
      draft = try Files.draft(of: path, bytes)
    } catch {
      throw FileDraft.unwritable(path, error)
    }
    self.draft = draft
    let mask = umask(0)
    umask(mask)
    chmod(draft, exists ? info.st_mode & 0o777 : 0o666 & ~mask)
  }

  /// Puts the result in the file's place, as a whole or not at all.
  /// - Throws: `CommandError`.
  func publish() throws(CommandError) {
    do throws(SystemError) {
      guard let draft else {
        let file = try OpenFile(path, O_WRONLY)
        return try System.write(bytes, to: file.descriptor)
      }
      guard rename(draft, path) == 0 else { throw SystemError(code: errno) }
    } catch {
      throw FileDraft.unwritable(path, error)
    }
    Files.synchronize(Files.directory(of: path))
  }

  /// Leaves the file as it was.
  func discard() {
    if let draft { Files.remove(draft) }
  }

  private static func unwritable(_ path: String, _ error: SystemError) -> CommandError {
    CommandError(
      "file.unwritable", "\(path) cannot be written", cause: error.reason, exit: .inputOutput)
  }

  /// The path that links lead to; itself where there is nothing yet.
  private static func target(of path: String) -> String {
    guard let real = realpath(path, nil) else { return path }
    defer { free(real) }
    return String(cString: real)
  }
}

/// `read`, which a method of that name would hide.
func readChunk(_ descriptor: Int32, _ buffer: UnsafeMutableRawBufferPointer) -> Int {
  read(descriptor, buffer.baseAddress, buffer.count)
}
