import SystemPackage

extension LocalServer {
  /// Starts the server unless it runs, making its database first where there is none.
  ///
  /// Safe to call from any number of processes at once: one does the work, the others wait for it.
  /// The server outlives this process and belongs to no terminal.
  ///
  /// - Throws: ``LocalServerError``, or `CancellationError`.
  package func start() async throws -> Endpoint {
    if let endpoint = runningEndpoint() { return endpoint }
    try prepareHome()
    let lock = try await ServerLock.acquire(lockFile, patience: patience * 2)
    let endpoint = try await startLocked()
    _ = consume lock
    return endpoint
  }

  var lockFile: FilePath { home.appending("lock") }

  private func prepareHome() throws(LocalServerError) {
    try POSIX.makeDirectories(home.removingLastComponent(), permissions: 0o700)
    try makePrivateDirectory(home)
  }

  private func startLocked() async throws -> Endpoint {
    if let endpoint = runningEndpoint() { return endpoint }
    // The folder may have gone with an `uninstall` that held the lock before.
    try prepareHome()
    let binaries = try await binaries(forDataIn: layout)
    let layout = try await settledLayout(probing: binaries)
    try makePrivateDirectory(layout.directory, owner: layout.account.user)
    if !POSIX.exists(layout.data) { try await initialize(layout, with: binaries) }

    let deadline = ContinuousClock.now + .seconds(patience)
    while ContinuousClock.now < deadline {
      switch processState(of: layout) {
      case .ready(let endpoint): return endpoint
      case .changing: try await Task.sleep(for: .milliseconds(20))
      case .unreachable: try await shutDown(layout, with: binaries)
      case .absent, .stale: try await launch(layout, with: binaries)
      }
    }
    throw LocalServerError.timedOut(
      waitingFor: "the start of the private PostgreSQL", seconds: patience,
      log: logTail(of: layout))
  }

  /// Runs `initdb` and makes the database, all in a folder that gets its name when it is complete.
  private func initialize(_ layout: Layout, with binaries: Binaries) async throws {
    // One that is still being written to may resist; it is out of the way all the same.
    try? await remove(layout.partialDatas, as: layout.account)
    let partial = layout.newPartialData()
    let made = try await execute(
      [
        binaries.initdb.string, "--pgdata", partial.string, "--username", Self.adminRole,
        "--encoding=UTF8", POSIX.hasLocale("C.UTF-8") ? "--locale=C.UTF-8" : "--locale=C",
        "--lc-messages=C", "--data-checksums", "--auth-local=trust", "--auth-host=reject",
      ], as: layout.account)
    guard made.succeeded else {
      throw LocalServerError.initializationFailed(output: made.output)
    }
    // Single-user mode goes on after an error and still exits with 0, unless told otherwise.
    let named = try await execute(
      [
        binaries.postgres.string, "--single", "-D", partial.string, "-c", "exit_on_error=on",
        "-c", "log_checkpoints=off", "postgres",
      ], as: layout.account, input: "CREATE DATABASE \(Self.databaseName);\n")
    guard named.succeeded else {
      throw LocalServerError.initializationFailed(output: named.output)
    }
    try POSIX.move(partial, to: layout.data)
    POSIX.synchronize(layout.directory)
  }

  /// Starts a server where none runs.
  private func launch(_ layout: Layout, with binaries: Binaries) async throws {
    let sockets = try socketDirectory(for: layout)
    try await clearTraces(of: layout, sockets: sockets)
    if POSIX.size(of: layout.log) > Self.longestLog {
      try POSIX.move(layout.log, to: layout.olderLog)
    }
    let logStart = POSIX.size(of: layout.log)
    let settings = Self.settings(socketDirectory: sockets).map { name, value in
      "-c " + Self.quotedForShell("\(name)=\(value)")
    }
    // `pg_ctl` puts these two names between double quotes into a shell's command and escapes
    // nothing. Relative ones keep a `$` or a quote in the path out of it.
    let result = try await execute(
      [
        binaries.pgCtl.string, "start", "--pgdata", "data", "--log", "server.log",
        "--wait", "--timeout", String(patience), "--silent",
        "--options", settings.joined(separator: " "),
      ], as: layout.account, in: layout.directory)
    if result.succeeded { return }
    let log = logTail(of: layout, from: logStart)
    // After a `kill -9` of the server, its children need a moment to notice and leave.
    if log.contains("pre-existing shared memory block") {
      try await Task.sleep(for: .milliseconds(200))
      return
    }
    // It may be another's that is starting, or be in a long recovery: the caller waits for it.
    if case .changing = processState(of: layout) { return }
    if case .ready = processState(of: layout) { return }
    throw LocalServerError.startFailed(output: result.output, log: log)
  }

  /// Removes what a killed server left behind, where PostgreSQL can't tell that it is dead.
  ///
  /// PostgreSQL refuses to start while a process has the pid in its lock files and the same owner,
  /// also when that process is another program by now. Nothing is lost where this errs: a server
  /// finds children of an older one by its shared memory, whatever the files say.
  private func clearTraces(of layout: Layout, sockets: FilePath) async throws {
    let socket = Self.socketPath(in: sockets, port: Self.port)
    var traces = [socket, FilePath(socket.string + ".lock")]
    if let text = POSIX.contents(of: layout.pidFile, limit: 8192),
      let processID = Int32(text.prefix { $0 != "\n" }),
      POSIX.isAlive(processID), !isServer(processID, of: layout)
    {
      traces.append(layout.pidFile)
    }
    try await remove(traces.filter(POSIX.exists), as: layout.account)
  }

  /// Removes files and folders with all in them, by the account that owns them.
  func remove(_ paths: [FilePath], as account: Account) async throws {
    guard !paths.isEmpty else { return }
    let result = try await execute(["rm", "-rf", "--"] + paths.map(\.string), as: account)
    guard result.succeeded else {
      throw LocalServerError.fileError(
        operation: "remove", path: paths.map(\.string).joined(separator: ", "),
        reason: result.output)
    }
  }
}
