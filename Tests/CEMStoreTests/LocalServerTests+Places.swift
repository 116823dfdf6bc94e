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
  static let longName = String(repeating: "long-", count: 30)

  @Test(arguments: [longName, "a,b/it's $HOME \"x\"", "with blank"])
  func anyPathWorks(name: String) async throws {
    try await LocalServerFixture.withServer(subfolder: name) { fixture in
      let endpoint = try await fixture.server.start()
      #expect(endpoint.socket.string.utf8.count <= LocalServer.longestSocketPath)
      #expect(try await fixture.query("SELECT 1") == "1")
      let folder = try Stat(endpoint.socketDirectory, followTargetSymlink: false)
      #expect(folder.permissions == .ownerReadWriteExecute)
      _ = try await fixture.server.uninstall()
      #expect(!POSIX.exists(endpoint.socketDirectory))
    }
  }

  @Test func aShortRuntimeFolderTakesTheSocket() async throws {
    try await LocalServerFixture.withServer(subfolder: Self.longName) { fixture in
      var server = fixture.server
      let runtime = fixture.folder.appending("runtime")
      try POSIX.makeDirectories(runtime, permissions: 0o700)
      server.runtimeDirectory = runtime
      let layout = LocalServer.Layout(account: .current, directory: server.home)
      let first = try server.socketDirectory(for: layout)
      #expect(first.removingLastComponent() == runtime)
      #expect(try server.socketDirectory(for: layout) == first)

      // Others may enter it: not a place for the socket.
      chmod(runtime.string, 0o755)
      let second = try server.socketDirectory(for: layout)
      #expect(second.removingLastComponent() == "/tmp")
      POSIX.removeDirectory(second)
    }
  }

  @Test func aFolderOpenToOthersIsRefused() async throws {
    try await LocalServerFixture.withServer(subfolder: Self.longName) { fixture in
      let server = fixture.server
      let layout = LocalServer.Layout(account: .current, directory: server.home)
      let folder = try server.socketDirectory(for: layout)
      defer { POSIX.removeDirectory(folder) }
      chmod(folder.string, 0o750)
      let refused = try await fixture.failure { _ = try server.socketDirectory(for: layout) }
      #expect(
        refused
          == .unsafeDirectory(folder.string, problem: "others than its owner may use it"))
      POSIX.removeDirectory(folder)
      symlink("/tmp", folder.string)
      defer { POSIX.removeFile(folder) }
      let link = try await fixture.failure { _ = try server.socketDirectory(for: layout) }
      #expect(link == .unsafeDirectory(folder.string, problem: "it is not a folder"))
    }
  }

  @Test(.enabled(if: geteuid() == 0, "only root can give a folder away"))
  func somebodyElsesFolderIsRefused() async throws {
    try await LocalServerFixture.withServer { fixture in
      let home = fixture.server.home
      try POSIX.makeDirectories(home, permissions: 0o700)
      #expect(lchown(home.string, 65534, 65534) == 0)
      let error = try await fixture.failure { _ = try await fixture.server.start() }
      #expect(
        error == .unsafeDirectory(home.string, problem: "user 65534 owns it, and not user 0"))
    }
  }

  @Test func locatesItselfByTheEnvironment() throws {
    func home(_ environment: [String: String]) throws -> String {
      try LocalServer(environment: environment).home.string
    }
    #expect(try home(["XDG_DATA_HOME": "/d", "HOME": "/h"]) == "/d/cem/server")
    #expect(try home(["XDG_DATA_HOME": "d", "HOME": "/h"]) == "/h/.local/share/cem/server")
    #expect(try home(["HOME": "/h"]) == "/h/.local/share/cem/server")
    let own = try #require(POSIX.user(id: geteuid())).home
    #expect(try home([:]) == FilePath("\(own)/.local/share/cem/server").string)
  }
}
