import Foundation
package import Postgres
import Synchronization

/// One throwaway PostgreSQL for the tests of a process, made on first use.
///
/// It listens on a socket in a directory of its own under /tmp, gives up durability for speed, and ends
/// with the process whatever way that ends: a watching shell holds one end of a pipe whose other end
/// only this process has.
package final class TestServer: Sendable {
  /// The process's server; starting it failed for good where this throws.
  package static var shared: TestServer {
    get throws { try started.get() }
  }

  private static let started = Result { try TestServer() }

  /// The directory that holds the data directory and the socket.
  package let directory: String
  /// The login that initdb made superuser.
  package let superuser: String
  /// The port in the socket's name.
  package let port: Int

  private let watcher: Process
  private let lifeline: FileHandle

  /// Starts a server of a test's own, as durable as PostgreSQL makes it by itself, which listens on an
  /// address of this machine, too. Whatever is changed about it touches no other test.
  package convenience init(listeningOn address: String, port: Int) throws {
    try self.init(port: port, address: address, options: "")
  }

  /// Ends it before the process does.
  package func end() { stop() }

  private init(port: Int = 5432, address: String = "", options: String = TestServer.fast) throws {
    self.port = port
    let account = ServerAccount.current()
    superuser = "postgres"
    directory = try TestServer.makeDirectory(for: account)
    let pipe = Pipe()
    watcher = Process()
    watcher.executableURL = URL(filePath: "/bin/sh")
    watcher.arguments =
      [
        "-c", TestServer.script, "sh", try TestServer.binaries(), directory, "\(port)", address,
        options,
      ] + account.prefix
    watcher.standardInput = pipe.fileHandleForReading
    watcher.standardOutput = FileHandle.nullDevice
    watcher.standardError = FileHandle.nullDevice
    lifeline = pipe.fileHandleForWriting
    // A child of this process must not keep the server alive.
    _ = fcntl(lifeline.fileDescriptor, F_SETFD, FD_CLOEXEC)
    try watcher.run()
    // Held by the watcher alone from here on, so that it sees the end of this process.
    try pipe.fileHandleForReading.close()
    atexit { if case .success(let server) = TestServer.started { server.stop() } }
    try waitUntilReady()
  }

  /// A connection string for a database of the server.
  package func conninfo(database: String = "postgres", user: String? = nil) -> String {
    "host=\(directory) port=\(port) user=\(user ?? superuser) dbname='\(database)'"
  }

  /// Connects as superuser, or as another login.
  package func connect(
    database: String = "postgres", user: String? = nil, settings: [(String, String)] = [],
    interrupts: Interrupts? = nil
  ) throws(PostgresError) -> Connection {
    try Connection.open(
      conninfo(database: database, user: user), settings: settings, interrupts: interrupts)
  }

  /// Closes the pipe and waits until the watcher has stopped the server and removed the directory.
  private func stop() {
    try? lifeline.close()
    watcher.waitUntilExit()
  }

  private func waitUntilReady() throws {
    let deadline = ContinuousClock.now + .seconds(60)
    while true {
      do {
        _ = try connect()
        return
      } catch {
        guard watcher.isRunning, ContinuousClock.now < deadline else {
          let log = try? String(contentsOfFile: directory + "/log", encoding: .utf8)
          stop()
          throw TestServerError(
            "The test server did not start: \(error.message)\n\(log ?? "no log")")
        }
        usleep(20_000)
      }
    }
  }

  /// Makes the cluster, runs the server, and ends it when standard input does. Arguments: the binaries'
  /// directory, the server's directory, the port, the address, options, and the command that changes the
  /// account.
  private static let script = #"""
    bin=$1 dir=$2 port=$3 address=$4 options=$5
    shift 5
    trap '' INT TERM HUP
    {
      "$@" "$bin/initdb" -D "$dir/data" --auth=trust --username=postgres --encoding=UTF8 \
        --locale=C --no-sync --no-instructions &&
      if [ -n "$address" ]; then echo 'host all all all trust' >>"$dir/data/pg_hba.conf"; fi &&
      exec "$@" "$bin/postgres" -D "$dir/data" -p "$port" -k "$dir" -c listen_addresses="$address" \
        -c log_min_messages=fatal $options
    } </dev/null >"$dir/log" 2>&1 &
    server=$!
    cat >/dev/null
    if [ -s "$dir/data/postmaster.pid" ]; then
      kill -QUIT "$(head -n 1 "$dir/data/postmaster.pid")"
    else
      kill "$server"
    fi
    wait "$server"
    rm -rf "$dir"
    """#

  /// What gives up durability for speed.
  private static let fast = """
    -c fsync=off -c synchronous_commit=off -c full_page_writes=off -c max_connections=200 \
    -c shared_buffers=64MB -c autovacuum=off -c max_wal_size=4GB \
    -c max_prepared_transactions=8
    """

  private static func makeDirectory(for account: ServerAccount) throws -> String {
    // Short: a socket's path has at most 107 bytes.
    var template = Array("/tmp/cem-test-XXXXXX".utf8CString)
    guard mkdtemp(&template) != nil else { throw TestServerError("No directory under /tmp.") }
    let path = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
    if let owner = account.owner {
      guard chown(path, owner.user, owner.group) == 0 else {
        throw TestServerError("The directory \(path) could not be given away.")
      }
    }
    return path
  }

  /// The directory of `initdb` and `postgres`: on the path, or where Debian and Homebrew keep them.
  private static func binaries() throws -> String {
    let path = ProcessInfo.processInfo.environment["PATH"] ?? ""
    var candidates = path.split(separator: ":").map(String.init)
    let debian = "/usr/lib/postgresql"
    let versions = (try? FileManager.default.contentsOfDirectory(atPath: debian)) ?? []
    candidates += versions.compactMap(Int.init).sorted(by: >).map { "\(debian)/\($0)/bin" }
    candidates += ["/usr/local/bin", "/opt/homebrew/bin"]
    let found = candidates.first { directory in
      ["initdb", "postgres"].allSatisfy {
        FileManager.default.isExecutableFile(atPath: "\(directory)/\($0)")
      }
    }
    guard let found else { throw TestServerError("No PostgreSQL server is installed.") }
    return found
  }
}

/// The account that the server runs as: PostgreSQL refuses root.
struct ServerAccount {
  /// The command that runs its arguments as the account; empty for the current one.
  var prefix: [String]
  /// Whom the server's directory must belong to, nil for the current account.
  var owner: (user: uid_t, group: gid_t)?

  static func current() -> ServerAccount {
    guard geteuid() == 0 else { return ServerAccount(prefix: []) }
    if let entry = getpwnam("postgres") {
      return ServerAccount(
        prefix: ["setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups", "--"],
        owner: (entry.pointee.pw_uid, entry.pointee.pw_gid))
    }
    return ServerAccount(
      prefix: ["unshare", "--user", "--map-user=65534", "--map-group=65534", "--"])
  }
}

/// Why there is no test server.
package struct TestServerError: Error, CustomStringConvertible {
  package let description: String

  init(_ description: String) {
    self.description = description
  }
}
