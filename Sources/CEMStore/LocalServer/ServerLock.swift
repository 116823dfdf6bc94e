import SystemPackage

/// The exclusive right to start, stop or remove one private server, held until it goes out of scope.
///
/// It is a lock of the kernel on an open file, so that killing the holder releases it. The
/// descriptor closes on `exec`: a server that inherited it would hold the lock while it lives.
struct ServerLock: ~Copyable {
  private let file: FileDescriptor

  private init(file: consuming FileDescriptor) { self.file = file }

  deinit { try? file.close() }

  /// Waits for the lock.
  ///
  /// - Parameter patience: Seconds to wait for another holder.
  /// - Throws: ``LocalServerError/timedOut(waitingFor:seconds:log:)``, file errors,
  ///   `CancellationError`.
  static func acquire(_ path: FilePath, patience: Int) async throws -> ServerLock {
    let deadline = ContinuousClock.now + .seconds(patience)
    while true {
      if let lock = try attempt(path) { return lock }
      guard ContinuousClock.now < deadline else {
        throw LocalServerError.timedOut(
          waitingFor: "another cem that starts or stops the private database", seconds: patience,
          log: "")
      }
      try await Task.sleep(for: .milliseconds(20))
    }
  }

  private static func attempt(_ path: FilePath) throws(LocalServerError) -> ServerLock? {
    do {
      let file = try FileDescriptor.open(
        path, .readWrite, options: [.create, .closeOnExec, .noFollow],
        permissions: [.ownerReadWrite])
      // The holder before may have removed the whole server, and the file with it: a lock on a file
      // that the path no longer leads to keeps nobody out.
      if POSIX.tryLock(file), let there = try? Stat(path, followTargetSymlink: false) {
        let here = try Stat(file)
        if here.inode == there.inode, here.deviceID == there.deviceID {
          return ServerLock(file: file)
        }
      }
      try file.close()
      return nil
    } catch let error as Errno {
      throw .fileError(operation: "lock", path: path.string, reason: "\(error)")
    } catch {
      throw .fileError(operation: "lock", path: path.string, reason: "\(error)")
    }
  }
}
