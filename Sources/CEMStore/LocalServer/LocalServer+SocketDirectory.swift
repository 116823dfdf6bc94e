import SystemPackage

extension LocalServer {
  /// The longest path of a Unix-domain socket, in bytes: `sun_path` holds 108 with its final zero on
  /// Linux, 104 elsewhere.
  static var longestSocketPath: Int {
    #if os(Linux)
      107
    #else
      103
    #endif
  }

  /// Makes and returns the folder for the socket.
  ///
  /// The server's own `run` folder, unless its path is too long for a socket or has characters that
  /// a list of hosts or of directories can't hold (libpq and PostgreSQL split at commas). Then
  /// `$XDG_RUNTIME_DIR/cem-HASH` if the server's account owns that folder alone, else
  /// `/tmp/cem-UID-HASH`. The hash is that of the server's folder: users and servers don't collide.
  ///
  /// - Throws: ``LocalServerError/unsafeDirectory(_:problem:)`` where somebody else owns the folder
  ///   or may enter it: `/tmp` is open to all, so the name may have been taken on purpose.
  func socketDirectory(for layout: Layout) throws(LocalServerError) -> FilePath {
    let owner = layout.account.user
    let ownerID = owner?.id ?? POSIX.effectiveUserID
    let hash = POSIX.shortHash(of: layout.directory)
    var candidates = [layout.run]
    // Another account than this process's can't pass through the user's runtime folder.
    if let runtimeDirectory, owner == nil,
      POSIX.privacyProblem(of: runtimeDirectory, owner: ownerID) == nil
    {
      candidates.append(runtimeDirectory.appending("cem-\(hash)"))
    }
    let fallback = FilePath("/tmp/cem-\(ownerID)-\(hash)")
    let directory = candidates.first(where: Self.canHoldSocket) ?? fallback
    try makePrivateDirectory(directory, owner: owner)
    return directory
  }

  static func canHoldSocket(_ directory: FilePath) -> Bool {
    let path = socketPath(in: directory, port: port).string
    let forbidden: Set<Unicode.Scalar> = [",", "\"", "\\", "'"]
    return path.utf8.count <= longestSocketPath
      && path.unicodeScalars.allSatisfy { !forbidden.contains($0) && $0.value >= 32 }
  }

  static func socketPath(in directory: FilePath, port: Int) -> FilePath {
    directory.appending(".s.PGSQL.\(port)")
  }
}
