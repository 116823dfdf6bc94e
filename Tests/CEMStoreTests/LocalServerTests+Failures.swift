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

extension LocalServerTests {
  @Test func saysWhereNothingIsInstalled() async throws {
    try await LocalServerFixture.withServer { fixture in
      var server = fixture.server
      server.binarySearch = LocalServer.BinarySearch(
        versionedFolders: ["/nowhere"], searchPath: "/nowhere/either", asksConfig: false)
      let missing = server
      let error = try await fixture.failure { _ = try await missing.start() }
      #expect(error == .notInstalled(searched: ["/nowhere/*/bin", "/nowhere/either"]))
      #expect(error.hint?.contains("apt-get install postgresql") == true)
    }
  }

  @Test func findsProgramsInThePath() async throws {
    try await LocalServerFixture.withServer { fixture in
      var server = fixture.server
      let installed = try await server.binaries(forDataIn: nil)
      server.binarySearch = LocalServer.BinarySearch(
        versionedFolders: [], searchPath: installed.directory.string, asksConfig: false)
      #expect(try await server.installedBinaries() == [installed])
      #expect(LocalServer.majorVersion(inVersionText: "postgres (PostgreSQL) 17beta2") == 17)
      #expect(LocalServer.majorVersion(inVersionText: "postgres") == nil)
    }
  }

  @Test func namesTheReleaseThatItsDataNeeds() async throws {
    try await LocalServerFixture.withServer { fixture in
      let data = fixture.server.home.appending("data")
      try POSIX.makeDirectories(data, permissions: 0o700)
      try POSIX.replaceFile(data.appending("PG_VERSION"), with: "11\n")
      if geteuid() == 0 {
        try POSIX.replaceFile(
          fixture.server.accountFile, with: "unshare\n\(fixture.server.home.string)\n")
      }
      let error = try await fixture.failure { _ = try await fixture.server.start() }
      let found = try await fixture.server.installedBinaries().map(\.majorVersion)
      #expect(error == .releaseMissing(needed: 11, found: found, dataDirectory: data.string))
      #expect(error.hint == "apt-get install postgresql-11")
    }
  }

  @Test func showsTheLogOfAServerThatDoesNotStart() async throws {
    try await LocalServerFixture.withServer { fixture in
      let server = fixture.server
      _ = try await server.start()
      _ = try await server.stop()
      let layout = try #require(server.layout)
      let configuration = layout.data.appending("postgresql.conf")
      try POSIX.replaceFile(configuration, with: "shared_buffers = 'plenty'\n")
      if let user = layout.account.user { try POSIX.changeOwner(of: configuration, to: user) }
      let error = try await fixture.failure { _ = try await server.start() }
      #expect(error.cause.contains("shared_buffers"), "\(error)")
    }
  }

  @Test func aWaitForTheLockEnds() async throws {
    try await LocalServerFixture.withServer { fixture in
      var impatient = fixture.server
      impatient.patience = 0
      let server = impatient
      try POSIX.makeDirectories(server.home, permissions: 0o700)
      let lock = try await ServerLock.acquire(server.lockFile, patience: 0)
      let error = try await fixture.failure { _ = try await server.start() }
      guard case .timedOut = error else {
        Issue.record("\(error)")
        return
      }
      _ = consume lock
    }
  }

  @Test(.enabled(if: geteuid() == 0, "only root has no account to run a server under"))
  func rootIsToldWhatWasTried() async throws {
    try await LocalServerFixture.withServer { fixture in
      var server = fixture.server
      server.accountsForRoot = []
      let helpless = server
      let error = try await fixture.failure { _ = try await helpless.start() }
      #expect(error == .noAccountForRoot(attempts: []))
    }
  }

  /// The whole suite once more with the rights of `nobody`, for whom no other account is needed.
  @Test(.enabled(if: geteuid() == 0, "it is an ordinary user who runs this already"))
  func anOrdinaryUserCanDoAllThis() async throws {
    try await LocalServerFixture.withServer { fixture in
      let program = try #require(POSIX.resolve("/proc/self/exe"))
      let asNobody = ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups", "--"]
      let reachable = try await fixture.server.execute(
        asNobody + ["test", "-x", program.string], as: .current)
      if !reachable.succeeded { try Test.cancel("nobody can't run \(program)") }
      let result = try await fixture.server.execute(
        asNobody + [
          program.string, "--testing-library", "swift-testing", "--filter", "LocalServerTests",
        ], as: .current)
      #expect(result.succeeded, "\(result.output)")
      #expect(result.output.contains("startsStopsAndGoes"), "\(result.output)")
    }
  }
}
