import SystemPackage

extension LocalServer {
  /// Stops the server at once but cleanly: clients are disconnected, open transactions roll back.
  ///
  /// - Returns: Whether a server ran.
  /// - Throws: ``LocalServerError``, or `CancellationError`.
  package func stop() async throws -> Bool {
    guard POSIX.exists(home) else { return false }
    let lock = try await ServerLock.acquire(lockFile, patience: patience * 2)
    let ran = try await stopLocked()
    _ = consume lock
    return ran
  }

  /// Stops the server and removes its data for good; the caller has asked the user before.
  ///
  /// - Returns: Whether there was anything to remove.
  /// - Throws: ``LocalServerError``, or `CancellationError`.
  package func uninstall() async throws -> Bool {
    guard POSIX.exists(home) else { return false }
    let lock = try await ServerLock.acquire(lockFile, patience: patience * 2)
    if POSIX.exists(lockFile) {
      _ = try await stopLocked()
      if let layout { try await removeAll(of: layout) }
      POSIX.removeFile(accountFile)
      POSIX.removeFile(lockFile)
      POSIX.removeDirectory(home)
    }
    _ = consume lock
    return true
  }

  private func stopLocked() async throws -> Bool {
    guard let layout else { return false }
    switch processState(of: layout) {
    case .absent, .stale: return false
    case .changing, .unreachable, .ready:
      try await shutDown(layout, with: binaries(forDataIn: layout))
      return true
    }
  }

  func shutDown(_ layout: Layout, with binaries: Binaries) async throws {
    let result = try await execute(
      [
        binaries.pgCtl.string, "stop", "--pgdata", layout.data.string, "--mode", "fast",
        "--wait", "--timeout", String(patience), "--silent",
      ], as: layout.account)
    switch processState(of: layout) {
    case .absent, .stale: return
    case .changing, .unreachable, .ready:
      throw LocalServerError.stopFailed(output: result.output)
    }
  }

  private func removeAll(of layout: Layout) async throws {
    // A folder that isn't the server's alone is left as it is.
    let sockets = try? socketDirectory(for: layout)
    // From here on the data is not a database any more, whatever interrupts the removal.
    if POSIX.exists(layout.data) { try POSIX.move(layout.data, to: layout.newPartialData()) }
    try await remove(
      layout.partialDatas + [layout.run, layout.log, layout.olderLog], as: layout.account)
    if let sockets { POSIX.removeDirectory(sockets) }
    if layout.directory != home { POSIX.removeDirectory(layout.directory) }
  }
}
