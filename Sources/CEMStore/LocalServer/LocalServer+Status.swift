package import SystemPackage

extension LocalServer {
  /// What there is of a private server.
  package struct Status: Equatable, Sendable {
    /// The server that accepts connections, or `nil`.
    package var endpoint: Endpoint?
    /// Whether a process is starting, stopping or cut off from its socket; the next start sees to it.
    package var isChanging: Bool
    /// The folder of the database, or `nil` before the first start.
    package var dataDirectory: FilePath?
    /// PostgreSQL's major version of the data directory.
    package var majorVersion: Int?
    /// The socket that clients connect to, where the server runs.
    package var socket: FilePath?
    /// The server's log.
    package var log: FilePath?
    /// What the server's folder takes on disk, in bytes.
    package var bytesOnDisk: Int64?
    /// The command that root's server runs behind, `unshare` or `setpriv`; `nil` for other users.
    package var runsBehind: String?
  }

  /// Looks at the server without starting or changing anything.
  ///
  /// - Throws: `CancellationError`.
  package func status() async throws -> Status {
    var status = Status(isChanging: false)
    guard let layout, POSIX.exists(layout.data) else { return status }
    switch processState(of: layout) {
    case .absent, .stale: break
    case .changing, .unreachable: status.isChanging = true
    case .ready(let endpoint):
      status.endpoint = endpoint
      status.socket = endpoint.socket
    }
    status.dataDirectory = layout.data
    status.majorVersion = layout.majorVersion
    status.log = layout.log
    status.runsBehind = layout.account == .current ? nil : layout.account.rawValue
    // A running server makes and removes files meanwhile, at which `du` frowns but goes on.
    let usage = try await execute(["du", "-sk", layout.directory.string], as: layout.account)
    if let line = usage.output.split(separator: "\n").last,
      let kibibytes = Int64(line.prefix { $0.isASCII && $0.isNumber })
    {
      status.bytesOnDisk = kibibytes * 1024
    }
    return status
  }
}
