import SystemPackage

#if canImport(Darwin)
  import Darwin
#elseif canImport(Musl)
  import Musl
#else
  import Glibc
#endif

/// The system calls that the private server needs, with Swift types.
package enum POSIX {
  /// An entry of the password database.
  package struct User: Equatable, Sendable {
    package let name: String
    package let id: UInt32
    let groupID: UInt32
    let home: String
  }

  /// The user whose rights this process has.
  package static var effectiveUserID: UInt32 { geteuid() }

  /// A user by number, or `nil` where the password database has none.
  package static func user(id: UInt32) -> User? {
    entry { getpwuid_r(id, $0, $1, $2, $3) }
  }

  static func user(named name: String) -> User? {
    entry { getpwnam_r(name, $0, $1, $2, $3) }
  }

  private static func entry(
    _ read: (
      UnsafeMutablePointer<passwd>, UnsafeMutablePointer<CChar>, Int,
      UnsafeMutablePointer<UnsafeMutablePointer<passwd>?>
    ) -> CInt
  ) -> User? {
    var record = passwd()
    var found: UnsafeMutablePointer<passwd>?
    // 64 KiB holds any sensible entry; a longer one reads as no entry.
    return withUnsafeTemporaryAllocation(of: CChar.self, capacity: 1 << 16) { buffer in
      guard let start = buffer.baseAddress,
        read(&record, start, buffer.count, &found) == 0, found != nil,
        let name = record.pw_name, let home = record.pw_dir
      else { return nil }
      return User(
        name: String(cString: name), id: record.pw_uid, groupID: record.pw_gid,
        home: String(cString: home))
    }
  }

  /// Whether a process of this number lives, whoever owns it.
  static func isAlive(_ processID: Int32) -> Bool {
    kill(processID, 0) == 0 || errno == EPERM
  }

  static func isExecutable(_ path: FilePath) -> Bool { access(path.string, X_OK) == 0 }

  /// The path without links, or `nil` where nothing is there.
  static func resolve(_ path: FilePath) -> FilePath? {
    guard let resolved = realpath(path.string, nil) else { return nil }
    defer { free(resolved) }
    return FilePath(platformString: resolved)
  }

  /// Whether the C library knows a locale.
  static func hasLocale(_ name: String) -> Bool {
    let everyCategory = CInt(LC_CTYPE_MASK | LC_COLLATE_MASK)
    guard let locale = newlocale(everyCategory, name, nil) else { return false }
    freelocale(locale)
    return true
  }

  /// 256 random bytes of the system's, as many as one call gives.
  static func randomBytes() -> [UInt8] {
    [UInt8](unsafeUninitializedCapacity: 256) { buffer, count in
      guard getentropy(buffer.baseAddress, 256) == 0 else {
        preconditionFailure("the system has no random numbers")
      }
      count = 256
    }
  }

  /// Locks an open file against all others who lock it, without waiting.
  static func tryLock(_ file: FileDescriptor) -> Bool {
    flock(file.rawValue, LOCK_EX | LOCK_NB) == 0
  }

  /// Writes a folder's entries to disk, so that a rename in it outlives a loss of power.
  static func synchronize(_ directory: FilePath) {
    guard let descriptor = try? FileDescriptor.open(directory, .readOnly, options: .closeOnExec)
    else { return }
    _ = fsync(descriptor.rawValue)
    try? descriptor.close()
  }

  /// A short name for a path, the same for ever: 64 bits of FNV-1a in hexadecimal.
  static func shortHash(of path: FilePath) -> String {
    var hash: UInt64 = 0xcbf2_9ce4_8422_2325
    for byte in path.string.utf8 { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01b3 }
    let digits = String(hash, radix: 16)
    return String(repeating: "0", count: 16 - digits.count) + digits
  }

  /// Whether a Unix-domain socket accepts connections; on Linux also whether the process that
  /// listens there is the one expected.
  static func socketAnswers(at path: FilePath, from processID: Int32) -> Bool {
    #if canImport(Glibc)
      let kind = CInt(SOCK_STREAM.rawValue)
    #else
      let kind = SOCK_STREAM
    #endif
    let descriptor = socket(AF_UNIX, kind, 0)
    guard descriptor >= 0 else { return false }
    defer { close(descriptor) }
    // Both races are harmless here: the descriptor lives for microseconds, and no process that is
    // started meanwhile inherits descriptors beyond the standard three.
    _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC)
    _ = fcntl(descriptor, F_SETFL, O_NONBLOCK)
    var address = sockaddr_un()
    address.sun_family = sa_family_t(AF_UNIX)
    let bytes = Array(path.string.utf8)
    guard bytes.count < MemoryLayout.size(ofValue: address.sun_path) else { return false }
    withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: bytes) }
    let size = socklen_t(MemoryLayout<sockaddr_un>.size)
    let connected = withUnsafePointer(to: &address) {
      $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { connect(descriptor, $0, size) }
    }
    // A full queue of connections is a busy server, not an absent one.
    guard connected == 0 else { return errno == EAGAIN }
    #if os(Linux)
      // struct ucred, which Glibc's headers hide from Swift: pid, uid, gid.
      var peer: (Int32, UInt32, UInt32) = (0, 0, 0)
      var length = socklen_t(MemoryLayout.size(ofValue: peer))
      guard getsockopt(descriptor, SOL_SOCKET, SO_PEERCRED, &peer, &length) == 0 else {
        return false
      }
      return peer.0 == processID
    #else
      return true
    #endif
  }
}
