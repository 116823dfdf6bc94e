import SystemPackage

extension LocalServer {
  /// Whether there is a database of its own already, running or not; costs two system calls.
  package var isInitialized: Bool { layout.map { POSIX.exists($0.data) } ?? false }

  /// The folder of all that `cem` keeps for the user, in which the server's is: for messages.
  package var folder: String { home.removingLastComponent().string }
}
