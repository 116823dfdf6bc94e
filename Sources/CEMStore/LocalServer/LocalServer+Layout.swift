import SystemPackage

extension LocalServer {
  /// Where a server's parts lie and which account runs it; settled at the first start and kept.
  struct Layout: Equatable, Sendable {
    var account: Account
    /// The 0700 folder of the data directory, the log and (path length permitting) the socket.
    var directory: FilePath

    var data: FilePath { directory.appending("data") }
    /// A fresh name for a data directory being made or being removed.
    ///
    /// Only a rename turns it into ``data``, or `data` into it, so a crash in between leaves no
    /// half-made database that looks whole. No two are the same: an `initdb` outlives the `cem`
    /// that was killed over it, and must not write into the folder of the next one.
    func newPartialData() -> FilePath {
      directory.appending(Self.partialPrefix + String(UInt64.random(in: .min ... .max), radix: 16))
    }
    /// The folders that ``newPartialData()`` named and a crash left over.
    var partialDatas: [FilePath] {
      POSIX.entries(of: directory).filter { $0.hasPrefix(Self.partialPrefix) }
        .map { directory.appending($0) }
    }
    private static let partialPrefix = "data.partial-"
    var log: FilePath { directory.appending("server.log") }
    var olderLog: FilePath { directory.appending("server.log.1") }
    var run: FilePath { directory.appending("run") }
    var pidFile: FilePath { data.appending("postmaster.pid") }
    var versionFile: FilePath { data.appending("PG_VERSION") }

    /// PostgreSQL's major version of the data directory, or `nil` where there is none yet.
    var majorVersion: Int? {
      POSIX.contents(of: versionFile, limit: 64).flatMap { text in
        Int(text.prefix { $0.isASCII && $0.isNumber })
      }
    }
  }

  /// The record of ``Layout`` that root leaves beside the lock.
  var accountFile: FilePath { home.appending("account") }

  /// The settled layout, or `nil` where root has not started a server here before.
  ///
  /// An ordinary user runs the server under his own account in ``home``, with nothing to record.
  var layout: Layout? {
    guard POSIX.effectiveUserID == 0 else { return Layout(account: .current, directory: home) }
    guard let lines = POSIX.contents(of: accountFile, limit: 8192)?.split(separator: "\n"),
      lines.count == 2, let account = Account(rawValue: String(lines[0]))
    else { return nil }
    return Layout(account: account, directory: FilePath(String(lines[1])))
  }

  /// The settled layout; where root has none yet, the first way to run a server that works.
  ///
  /// - Throws: ``LocalServerError/noAccountForRoot(attempts:)``; file errors.
  func settledLayout(probing binaries: Binaries) async throws -> Layout {
    if let layout { return layout }
    var attempts: [String] = []
    for account in accountsForRoot {
      var candidate = Layout(account: account, directory: home)
      if account == .switchedUser {
        guard let user = account.user else {
          attempts.append("setpriv: there is no user `postgres`")
          continue
        }
        candidate.directory = systemDirectory.appending(POSIX.shortHash(of: home))
        try POSIX.makeDirectories(systemDirectory, permissions: 0o755)
        try makePrivateDirectory(candidate.directory, owner: user)
      }
      // The probe asks what matters: may this account write there and run PostgreSQL's programs?
      let probe = try await execute(
        [
          "/bin/sh", "-c", #"test -w "$1" && exec "$0" --version"#,
          binaries.postgres.string, candidate.directory.string,
        ], as: account)
      if probe.succeeded {
        let record = "\(account.rawValue)\n\(candidate.directory.string)\n"
        try POSIX.replaceFile(accountFile, with: record)
        return candidate
      }
      if account == .switchedUser { POSIX.removeDirectory(candidate.directory) }
      attempts.append("\(account.rawValue): \(probe.output)")
    }
    throw LocalServerError.noAccountForRoot(attempts: attempts)
  }

  /// Makes a folder that only its owner may enter, or checks that an existing one is such.
  ///
  /// - Throws: ``LocalServerError/unsafeDirectory(_:problem:)``; file errors.
  func makePrivateDirectory(_ path: FilePath, owner: POSIX.User? = nil) throws(LocalServerError) {
    if try POSIX.makeDirectory(path, permissions: 0o700), let owner {
      try POSIX.changeOwner(of: path, to: owner)
    }
    if let problem = POSIX.privacyProblem(of: path, owner: owner?.id ?? POSIX.effectiveUserID) {
      throw .unsafeDirectory(path.string, problem: problem)
    }
  }
}
