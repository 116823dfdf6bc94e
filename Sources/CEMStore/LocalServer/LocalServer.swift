package import SystemPackage

/// The private PostgreSQL server that `cem` runs for a user who named no database.
///
/// It listens on a Unix-domain socket alone and trusts whoever reaches that socket. That is safe
/// because every folder on the way to it is made 0700 and checked: the kernel lets only the account
/// that owns the server (and root) connect. `peer` would add nothing, and is impossible where the
/// server runs under another account than the user, as it must for root.
///
/// Everything lies in one folder, ``home``: the lock, the data directory, the socket and the log.
/// Two rules need more: a socket path too long for the kernel moves to a short folder (see
/// ``socketDirectory(for:)``), and under `setpriv` the data moves to ``systemDirectory``, because
/// another account can't pass through root's folders.
///
///     let server = try LocalServer(environment: ProcessInfo.processInfo.environment)
///     let endpoint = try await server.start()
///     // connect with endpoint.adminConninfo or endpoint.conninfo(user: "jane")
package struct LocalServer: Sendable {
  /// The database that holds the programs.
  package static let databaseName = "cem"
  /// The superuser, used to migrate and for nothing else.
  package static let adminRole = "cem_admin"
  /// The port in the socket's name; no network port is opened.
  static let port = 5432

  /// The folder that holds all of the server, `$XDG_DATA_HOME/cem/server`.
  package let home: FilePath
  /// `$XDG_RUNTIME_DIR`, a place for the socket where `home` is too long a path.
  var runtimeDirectory: FilePath?
  /// Where the data goes when root hands the server to another account.
  var systemDirectory: FilePath = "/var/lib/cem"
  /// Where programs that belong to no PostgreSQL release (`unshare`, `setpriv`, `rm`) are looked up.
  var searchPath: String
  /// `$LD_LIBRARY_PATH`, passed on because a PostgreSQL built by hand may need it.
  var libraryPath: String?
  /// Where PostgreSQL's own programs are looked up.
  var binarySearch: BinarySearch
  /// The ways tried, in this order, to run the server when the user is root.
  var accountsForRoot: [Account] = [.userNamespace, .switchedUser]
  /// How long a start, a stop or a wait for another `cem` may take, in seconds.
  var patience = 60

  /// Locates the server from the environment; nothing is created.
  ///
  /// `$XDG_DATA_HOME` counts where it is an absolute path (the XDG base directory specification
  /// tells to ignore others), else `$HOME/.local/share`, else the home directory in the password
  /// database.
  ///
  /// - Throws: ``LocalServerError/homeUnknown`` where none of these is known.
  package init(environment: [String: String]) throws(LocalServerError) {
    func absolute(_ name: String) -> FilePath? {
      guard let value = environment[name], value.hasPrefix("/") else { return nil }
      return FilePath(value)
    }
    let dataHome =
      absolute("XDG_DATA_HOME")
      ?? (absolute("HOME") ?? POSIX.user(id: POSIX.effectiveUserID).map { FilePath($0.home) })
      .map { $0.appending(".local").appending("share") }
    guard let dataHome else { throw .homeUnknown }
    self.init(
      home: dataHome.appending("cem").appending("server"),
      runtimeDirectory: absolute("XDG_RUNTIME_DIR"),
      searchPath: environment["PATH"] ?? "/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
      libraryPath: environment["LD_LIBRARY_PATH"])
  }

  init(home: FilePath, runtimeDirectory: FilePath?, searchPath: String, libraryPath: String?) {
    self.home = home.lexicallyNormalized()
    self.runtimeDirectory = runtimeDirectory
    self.searchPath = searchPath
    self.libraryPath = libraryPath
    binarySearch = BinarySearch(searchPath: searchPath)
  }

  /// Whether there is a database of its own already, running or not; costs two system calls.
  package var isInitialized: Bool { layout.map { POSIX.exists($0.data) } ?? false }

  /// The folder of all that `cem` keeps for the user, in which the server's is: for messages.
  package var folder: String { home.removingLastComponent().string }

  /// The name of the plain role that works in the private database: the operating system's user
  /// name, so that the log's `actor` is a name people know.
  ///
  /// `cem_local` stands in where the name is unknown or can't be a role: longer than PostgreSQL's
  /// 63 bytes, reserved by PostgreSQL (`pg_…`, `public`, `none`) or by `cem` (`cem_…`), or with
  /// control characters in it.
  ///
  /// - Parameter login: A user name; by default that of the process's effective user.
  package static func workRole(
    forLogin login: String? = POSIX.user(id: POSIX.effectiveUserID)?.name
  ) -> String {
    let fallback = "cem_local"
    guard let login, !login.isEmpty, login.utf8.count <= 63 else { return fallback }
    let lowercased = login.lowercased()
    let isReserved =
      ["public", "none"].contains(lowercased)
      || lowercased.hasPrefix("pg_") || lowercased.hasPrefix("cem_")
    let hasControls = login.unicodeScalars.contains { $0.properties.generalCategory == .control }
    return isReserved || hasControls ? fallback : login
  }
}
