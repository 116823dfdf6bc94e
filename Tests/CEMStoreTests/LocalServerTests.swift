import SystemPackage
import Testing

@testable import CEMStore

#if canImport(Darwin)
  import Darwin
#elseif canImport(Musl)
  import Musl
#else
  import Glibc
#endif

/// The life of a private server, on real ones in temporary folders.
@Suite(.serialized) struct LocalServerTests {
  @Test(arguments: LocalServerFixture.accounts)
  func startsStopsAndGoes(account: LocalServer.Account) async throws {
    try await LocalServerFixture.withServer(account: account) { fixture in
      let server = fixture.server
      #expect(try await server.status() == LocalServer.Status(isChanging: false))
      #expect(server.runningEndpoint() == nil)

      let first = try await server.start()
      #expect(server.runningEndpoint() == first)
      #expect(try await server.start() == first)
      #expect(
        try await fixture.query(
          """
          SELECT current_setting('data_checksums') || ' ' || current_setting('fsync') || ' ' ||
            current_setting('server_encoding') || ' ' || current_setting('listen_addresses') ||
            current_setting('TimeZone') || ' ' || current_database() || ' ' || current_user
          """) == "on on UTF8 UTC cem cem_admin")
      #expect(
        try await fixture.query(
          "SELECT datcollate FROM pg_database WHERE datname = 'cem'"
        ).hasPrefix("C"))

      let layout = try #require(server.layout)
      for folder in [server.home, layout.directory, layout.data, first.socketDirectory] {
        let stat = try Stat(folder, followTargetSymlink: false)
        #expect(stat.permissions == .ownerReadWriteExecute, "\(folder)")
      }
      let socket = try Stat(first.socket, followTargetSymlink: false)
      #expect(socket.permissions == .ownerReadWriteExecute)

      let status = try await server.status()
      #expect(status.endpoint == first)
      #expect(status.dataDirectory == layout.data)
      #expect(status.majorVersion == layout.majorVersion)
      #expect((status.bytesOnDisk ?? 0) > 10_000_000)
      #expect(status.runsBehind == (account == .current ? nil : account.rawValue))

      _ = try await fixture.query("CREATE TABLE kept AS SELECT 42 AS n")
      #expect(try await server.stop())
      #expect(server.runningEndpoint() == nil)
      #expect(try await server.stop() == false)
      #expect(try await server.status().endpoint == nil)
      let second = try await server.start()
      #expect(second.processID != first.processID)
      #expect(try await fixture.query("SELECT n FROM kept") == "42")

      #expect(try await server.uninstall())
      #expect(!LocalServerFixture.isRunning(second.processID))
      #expect(!POSIX.exists(server.home))
      #expect(!POSIX.exists(layout.directory))
      #expect(!POSIX.exists(first.socketDirectory))
      #expect(try await server.uninstall() == false)
    }
  }

  @Test func askingWhetherItRunsIsCheap() async throws {
    try await LocalServerFixture.withServer { fixture in
      let endpoint = try await fixture.server.start()
      let rounds = 100
      let clock = ContinuousClock()
      // The fastest tenth: other processes on the machine are not what is measured.
      let times = (0..<rounds).map { _ in
        clock.measure { #expect(fixture.server.runningEndpoint() == endpoint) }
      }.sorted()
      #expect(times[rounds / 10] < .milliseconds(2))
    }
  }

  @Test func manyStartersAtOnceMakeOneServer() async throws {
    try await LocalServerFixture.withServer { fixture in
      let server = fixture.server
      let endpoints = try await withThrowingTaskGroup(of: LocalServer.Endpoint.self) { group in
        for _ in 0..<5 { group.addTask { try await server.start() } }
        return try await group.reduce(into: Set()) { $0.insert($1) }
      }
      #expect(endpoints.count == 1)
      let log = server.logTail(of: try #require(server.layout))
      #expect(log.split(separator: "\n").count { $0.contains("ready to accept") } == 1)
    }
  }

  @Test func recoversFromAKilledServer() async throws {
    try await LocalServerFixture.withServer { fixture in
      let first = try await fixture.server.start()
      _ = try await fixture.query("CREATE TABLE kept AS SELECT 42 AS n")
      try await fixture.end(fixture.processes(of: first))
      let second = try await fixture.server.start()
      #expect(second.processID != first.processID)
      #expect(try await fixture.query("SELECT n FROM kept") == "42")
    }
  }

  @Test func recoversWhereOnlyTheParentWasKilled() async throws {
    try await LocalServerFixture.withServer { fixture in
      let first = try await fixture.server.start()
      try await fixture.end([first.processID])
      #expect(try await fixture.server.start().processID != first.processID)
    }
  }

  @Test(arguments: LocalServerFixture.accounts)
  func startsWhereAnotherProcessHasTheOldNumber(account: LocalServer.Account) async throws {
    try await LocalServerFixture.withServer(account: account) { fixture in
      let server = fixture.server
      let first = try await server.start()
      let layout = try #require(server.layout)
      let lines = try #require(POSIX.contents(of: layout.pidFile, limit: 8192))
        .split(separator: "\n", omittingEmptySubsequences: false)
      let socketLock = FilePath(first.socket.string + ".lock")
      _ = try await server.stop()

      // A process of the server's own account, which PostgreSQL would take for a living server.
      let stranger = try await server.execute(
        ["/bin/sh", "-c", "sleep 60 >/dev/null 2>&1 & echo $!"], as: account)
      let processID = try #require(Int32(stranger.output))
      defer { kill(processID, SIGKILL) }
      let stale = ([Substring(stranger.output)] + lines.dropFirst()).joined(separator: "\n")
      for path in [layout.pidFile, socketLock] {
        let written = try await server.execute(
          ["/bin/sh", "-c", #"cat > "$0""#, path.string], as: account, input: stale)
        try #require(written.succeeded, "\(written.output)")
      }

      #expect(server.runningEndpoint() == nil)
      #expect(try await server.stop() == false)
      #expect(LocalServerFixture.isRunning(processID))
      let second = try await server.start()
      #expect(second.processID != processID)
      #expect(LocalServerFixture.isRunning(processID))
    }
  }

  @Test func startsAgainWhereTheSocketIsGone() async throws {
    try await LocalServerFixture.withServer { fixture in
      let first = try await fixture.server.start()
      POSIX.removeFile(first.socket)
      #expect(fixture.server.runningEndpoint() == nil)
      #expect(try await fixture.server.status().isChanging)
      #expect(try await fixture.server.start().processID != first.processID)
      #expect(try await fixture.query("SELECT 1") == "1")
    }
  }

  @Test func aHalfMadeDatabaseIsMadeAnew() async throws {
    try await LocalServerFixture.withServer { fixture in
      let partial = fixture.server.home.appending("data.partial-1")
      try POSIX.makeDirectories(fixture.server.home, permissions: 0o700)
      try POSIX.makeDirectories(partial, permissions: 0o700)
      try POSIX.replaceFile(partial.appending("PG_VERSION"), with: "15\n")
      #expect(try await fixture.server.status().dataDirectory == nil)
      _ = try await fixture.server.start()
      #expect(try await fixture.query("SELECT 1") == "1")
      #expect(!POSIX.exists(partial))
    }
  }

  @Test func aCancelledStartCanBeRepeated() async throws {
    try await LocalServerFixture.withServer { fixture in
      let server = fixture.server
      for wait in [Duration.milliseconds(150), .milliseconds(700)] {
        let start = Task { try await server.start() }
        try await Task.sleep(for: wait)
        start.cancel()
        _ = try? await start.value
      }
      let endpoint = try await server.start()
      #expect(server.runningEndpoint() == endpoint)
      #expect(try await fixture.query("SELECT current_database()") == "cem")
    }
  }

  @Test func theServerIsDetached() async throws {
    try await LocalServerFixture.withServer { fixture in
      var pipes: [CInt] = [0, 0]
      #expect(pipe(&pipes) == 0)
      defer { for end in pipes { close(end) } }
      let ours = try Stat(FileDescriptor(rawValue: pipes[0]))
      let endpoint = try await fixture.server.start()
      #expect(getsid(endpoint.processID) == endpoint.processID)
      let descriptors = FilePath("/proc/\(endpoint.processID)/fd")
      let theirs = POSIX.entries(of: descriptors).compactMap { name in
        try? Stat(descriptors.appending(name), followTargetSymlink: true)
      }
      #expect(!theirs.isEmpty)
      #expect(!theirs.contains { $0.inode == ours.inode && $0.deviceID == ours.deviceID })
      // Had the server inherited the lock's descriptor, nobody could stop it.
      let lock = try await ServerLock.acquire(fixture.server.lockFile, patience: 0)
      _ = consume lock
    }
  }
}
