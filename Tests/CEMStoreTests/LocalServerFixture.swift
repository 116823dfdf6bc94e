import Subprocess
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

/// A private server in folders of its own, which is stopped and removed whatever a test does.
struct LocalServerFixture: Sendable {
  var server: LocalServer
  let folder: FilePath

  /// The ways to run a server that a user has.
  static var accounts: [LocalServer.Account] {
    geteuid() == 0 ? [.userNamespace, .switchedUser] : [.current]
  }

  /// Lends a server that was never started.
  ///
  /// - Parameters:
  ///   - account: The only way root may run it; by default the first that works.
  ///   - subfolder: Folders below the temporary one in which the server is to live.
  static func withServer(
    account: LocalServer.Account? = nil, subfolder: String = "share/cem/server",
    _ body: (LocalServerFixture) async throws -> Void
  ) async throws {
    var template = Array("/tmp/cem-test-XXXXXX".utf8CString)
    guard mkdtemp(&template) != nil else { throw Errno(rawValue: errno) }
    let folder = FilePath(platformString: template)
    // The account `postgres` has to pass through to the system's folder, not to the user's.
    chmod(folder.string, 0o755)
    var server = LocalServer(
      home: folder.appending(subfolder), runtimeDirectory: nil,
      searchPath: "/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin", libraryPath: nil)
    server.systemDirectory = folder.appending("system")
    if let account { server.accountsForRoot = [account] }
    let fixture = LocalServerFixture(server: server, folder: folder)
    do {
      if account == .userNamespace {
        let probe = try await server.execute(["true"], as: .userNamespace)
        if !probe.succeeded { try Test.cancel("no user namespaces here: \(probe.output)") }
      }
      try await body(fixture)
    } catch {
      await fixture.cleanUp()
      throw error
    }
    await fixture.cleanUp()
  }

  private func cleanUp() async {
    _ = try? await server.uninstall()
    // Where a test broke the installation on purpose, the server goes the hard way.
    if let layout = server.layout, let text = POSIX.contents(of: layout.pidFile, limit: 64),
      let processID = Int32(text.prefix { $0 != "\n" }), server.isServer(processID, of: layout)
    {
      kill(processID, SIGQUIT)
    }
    _ = try? await server.execute(["rm", "-rf", "--", folder.string], as: .current)
  }

  /// The one value or the lines that a query gives, as text.
  func query(_ sql: String, as user: String = LocalServer.adminRole) async throws -> String {
    let endpoint = try #require(server.runningEndpoint())
    let binaries = try await server.binaries(forDataIn: server.layout)
    let result = try await server.execute(
      [
        binaries.directory.appending("psql").string, endpoint.conninfo(user: user),
        "--no-psqlrc", "-At", "-v", "ON_ERROR_STOP=1", "-c", sql,
      ], as: .current)
    try #require(result.succeeded, "\(result.output)")
    return result.output
  }

  /// The process of a server and those it started.
  func processes(of endpoint: LocalServer.Endpoint) -> [Int32] {
    let children = POSIX.entries(of: "/proc").compactMap { Int32($0) }.filter { process in
      guard let stat = POSIX.contents(of: FilePath("/proc/\(process)/stat"), limit: 512),
        let close = stat.lastIndex(of: ")")
      else { return false }
      // After the name in parentheses: state, parent.
      return stat[close...].split(separator: " ").dropFirst(2).first
        == Substring(String(endpoint.processID))
    }
    return [endpoint.processID] + children
  }

  /// Kills processes of a server and waits until they are gone.
  func end(_ processes: [Int32]) async throws {
    for process in processes { kill(process, SIGKILL) }
    while processes.contains(where: Self.isRunning) {
      try await Task.sleep(for: .milliseconds(5))
    }
  }

  /// Whether a process lives; one that is dead and only not yet taken note of does not.
  static func isRunning(_ process: Int32) -> Bool {
    guard let stat = POSIX.contents(of: FilePath("/proc/\(process)/stat"), limit: 512),
      let close = stat.lastIndex(of: ")")
    else { return false }
    return stat[close...].split(separator: " ").dropFirst().first != "Z"
  }

  /// The error that an operation ends with.
  func failure(_ operation: () async throws -> Void) async throws -> LocalServerError {
    do {
      try await operation()
    } catch let error as LocalServerError {
      return error
    }
    return try #require(nil, "no error was thrown")
  }
}
