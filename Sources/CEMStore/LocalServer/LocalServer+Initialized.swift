extension LocalServer {
  /// Whether there is a database of its own already, running or not; costs two system calls.
  package var isInitialized: Bool { layout.map { POSIX.exists($0.data) } ?? false }
}
