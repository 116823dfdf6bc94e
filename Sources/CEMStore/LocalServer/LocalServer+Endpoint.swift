import CEMDomain
package import SystemPackage

extension LocalServer {
  /// A running server that accepts connections.
  package struct Endpoint: Hashable, Sendable {
    /// The folder of the server's socket.
    package let socketDirectory: FilePath
    /// The port in the socket's name; nothing listens on a network.
    package let port: Int
    /// The process id of the server.
    package let processID: Int32

    /// How the superuser connects, to migrate.
    package var adminConninfo: String { conninfo(user: LocalServer.adminRole) }

    /// How a role connects to the programs' database.
    ///
    /// What is said here would else be taken from the environment: `PGHOSTADDR` alone would send the
    /// connection to another server, and what an office demands of connections over its network
    /// (`PGCHANNELBINDING`) would refuse one to a socket.
    ///
    /// - Parameter user: The role's name, unquoted.
    package func conninfo(user: String) -> String {
      let settings = [
        ("host", socketDirectory.string), ("hostaddr", ""), ("port", String(port)),
        ("dbname", LocalServer.databaseName), ("user", user), ("options", ""),
        ("requirepeer", ""), ("target_session_attrs", "any"), ("sslmode", "disable"),
        ("gssencmode", "disable"), ("channel_binding", "disable"), ("connect_timeout", "10"),
      ]
      return settings.map { name, value in
        let escaped = value.flatMap { $0 == "'" || $0 == "\\" ? ["\\", $0] : [$0] }
        return "\(name)='\(String(escaped))'"
      }.joined(separator: " ")
    }

    var socket: FilePath { LocalServer.socketPath(in: socketDirectory, port: port) }
  }

  /// The running server, or `nil` where none accepts connections.
  ///
  /// It reads the server's pid file and connects to its socket, some tens of microseconds, so every
  /// command may ask. On Linux the process at the socket's other end must be that of the pid file.
  package func runningEndpoint() -> Endpoint? {
    guard let layout, case .ready(let endpoint) = processState(of: layout) else { return nil }
    return endpoint
  }

  /// What the pid file and the socket say of a server.
  enum ProcessState: Equatable, Sendable {
    /// No server, and nothing left of one.
    case absent
    /// A pid file whose server is gone, though another process may have its number now.
    case stale
    /// Starting, recovering or stopping: it will change by itself.
    case changing(processID: Int32)
    /// Ready by its own account, but its socket is gone: something emptied the socket's folder.
    case unreachable(processID: Int32)
    case ready(Endpoint)
  }

  func processState(of layout: Layout) -> ProcessState {
    guard let text = POSIX.contents(of: layout.pidFile, limit: 8192) else { return .absent }
    // PostgreSQL's pid file, line by line: pid, data directory, start time, port, socket folder,
    // TCP address, shared memory key, status. It grows while a server starts.
    let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
    guard let processID = Int32(lines[0]), processID > 0 else { return .stale }
    if lines.count >= 8, lines[7].trimmed == "ready", let port = Int(lines[3]) {
      let endpoint = Endpoint(
        socketDirectory: FilePath(String(lines[4])), port: port, processID: processID)
      if POSIX.socketAnswers(at: endpoint.socket, from: processID) { return .ready(endpoint) }
      return isServer(processID, of: layout) ? .unreachable(processID: processID) : .stale
    }
    return isServer(processID, of: layout) ? .changing(processID: processID) : .stale
  }

  /// Whether a process is the server of a data directory: one works inside its data directory.
  ///
  /// Where that can't be found out, any living process counts, which errs on the side of not
  /// starting a second server on the same data.
  func isServer(_ processID: Int32, of layout: Layout) -> Bool {
    guard POSIX.isAlive(processID) else { return false }
    #if os(Linux)
      do {
        let work = try Stat("/proc/\(processID)/cwd", followTargetSymlink: true)
        let data = try Stat(layout.data, followTargetSymlink: true)
        return work.deviceID == data.deviceID && work.inode == data.inode
      } catch {
        return error != .noSuchFileOrDirectory && error != .noSuchProcess
      }
    #else
      return true
    #endif
  }
}
