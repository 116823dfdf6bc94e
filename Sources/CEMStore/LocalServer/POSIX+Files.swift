import SystemPackage

#if canImport(Darwin)
  import Darwin
#elseif canImport(Musl)
  import Musl
#else
  import Glibc
#endif

extension POSIX {
  /// The first bytes of a regular file as text, or `nil` where it can't be read. Links are refused:
  /// under root, the folder may belong to an account with less rights.
  static func contents(of path: FilePath, from offset: Int64 = 0, limit: Int) -> String? {
    guard
      let file = try? FileDescriptor.open(path, .readOnly, options: [.closeOnExec, .noFollow])
    else { return nil }
    defer { try? file.close() }
    var bytes = [UInt8](repeating: 0, count: limit)
    var count = 0
    while count < limit {
      let room = count..<limit
      guard
        let read = try? bytes.withUnsafeMutableBytes({
          try file.read(
            fromAbsoluteOffset: offset + Int64(room.lowerBound),
            into: UnsafeMutableRawBufferPointer(rebasing: $0[room]))
        })
      else { return nil }
      if read == 0 { break }
      count += read
    }
    return String(decoding: bytes[..<count], as: UTF8.self)
  }

  /// The size of a file in bytes; 0 where there is none.
  static func size(of path: FilePath) -> Int64 {
    (try? Stat(path, followTargetSymlink: false))?.size ?? 0
  }

  static func exists(_ path: FilePath) -> Bool {
    (try? Stat(path, followTargetSymlink: false)) != nil
  }

  /// Whether there is a file of its own, not a link to one.
  static func isRegularFile(_ path: FilePath) -> Bool {
    (try? Stat(path, followTargetSymlink: false))?.type == .regular
  }

  /// The names in a folder, without `.` and `..`; none where it can't be read.
  static func entries(of directory: FilePath) -> [String] {
    guard let stream = opendir(directory.string) else { return [] }
    defer { closedir(stream) }
    var names: [String] = []
    while let entry = readdir(stream) {
      let name = withUnsafeBytes(of: &entry.pointee.d_name) {
        String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self)
      }
      if name != ".", name != ".." { names.append(name) }
    }
    return names
  }

  /// Makes a folder; returns whether it is new.
  static func makeDirectory(
    _ path: FilePath, permissions: mode_t
  ) throws(LocalServerError) -> Bool {
    if mkdir(path.string, permissions) == 0 { return true }
    if errno == EEXIST { return false }
    throw fileError("make the folder", path)
  }

  /// Makes a folder and all those above it that are missing.
  static func makeDirectories(_ path: FilePath, permissions: mode_t) throws(LocalServerError) {
    if exists(path) { return }
    let parent = path.removingLastComponent()
    if parent != path { try makeDirectories(parent, permissions: permissions) }
    _ = try makeDirectory(path, permissions: permissions)
  }

  /// Removes an empty folder; a folder with something in it stays.
  static func removeDirectory(_ path: FilePath) { _ = rmdir(path.string) }

  /// Brings a file's bytes to the disk.
  static func synchronize(_ file: FileDescriptor) -> Bool { fsync(file.rawValue) == 0 }

  static func removeFile(_ path: FilePath) { _ = unlink(path.string) }

  static func changeOwner(of path: FilePath, to user: User) throws(LocalServerError) {
    guard lchown(path.string, user.id, user.groupID) == 0 else {
      throw fileError("give away", path)
    }
  }

  static func move(_ old: FilePath, to new: FilePath) throws(LocalServerError) {
    guard rename(old.string, new.string) == 0 else { throw fileError("rename", old) }
  }

  /// Replaces a file as a whole or not at all.
  static func replaceFile(_ path: FilePath, with text: String) throws(LocalServerError) {
    let draft = FilePath(path.string + ".new")
    do {
      let file = try FileDescriptor.open(
        draft, .writeOnly, options: [.create, .truncate, .closeOnExec, .noFollow],
        permissions: [.ownerReadWrite])
      try file.closeAfter {
        _ = try file.writeAll(text.utf8)
        _ = fsync(file.rawValue)
      }
    } catch {
      throw .fileError(operation: "write", path: path.string, reason: "\(error)")
    }
    try move(draft, to: path)
  }

  /// What keeps a folder from being one user's alone, or `nil` where it is.
  static func privacyProblem(of path: FilePath, owner: UInt32) -> String? {
    guard let stat = try? Stat(path, followTargetSymlink: false) else { return "it can't be read" }
    if stat.type != .directory { return "it is not a folder" }
    if stat.userID.rawValue != owner {
      return "user \(stat.userID.rawValue) owns it, and not user \(owner)"
    }
    let others: FilePermissions = [.groupReadWriteExecute, .otherReadWriteExecute]
    return stat.permissions.isDisjoint(with: others) ? nil : "others than its owner may use it"
  }

  static func fileError(_ operation: String, _ path: FilePath) -> LocalServerError {
    .fileError(operation: operation, path: path.string, reason: "\(Errno(rawValue: errno))")
  }
}
