import SystemPackage

extension LocalServer {
  /// A log longer than this many bytes is set aside at the next start, replacing the one before.
  static let longestLog: Int64 = 1 << 20

  /// What the server is started with. It stands above `postgresql.conf`, which stays as `initdb`
  /// wrote it and may be tuned by hand.
  static func settings(socketDirectory: FilePath) -> [(name: String, value: String)] {
    [
      ("listen_addresses", ""),
      ("port", String(port)),
      // A list of names; the quotes keep blanks in it.
      ("unix_socket_directories", "\"\(socketDirectory.string)\""),
      ("unix_socket_permissions", "0700"),
      ("fsync", "on"),
      ("full_page_writes", "on"),
      ("TimeZone", "UTC"),
      ("log_timezone", "UTC"),
      // Shared memory under /dev/shm is deleted when a user logs out of a systemd that has
      // RemoveIPC on, and is too small in many containers.
      ("dynamic_shared_memory_type", "mmap"),
      // One file, without rotation. It stays short: what a client does wrong is told to the client,
      // and isn't logged, for an error's detail quotes private texts that may later be erased.
      ("logging_collector", "off"),
      ("log_destination", "stderr"),
      ("log_min_messages", "log"),
      ("log_min_error_statement", "panic"),
      ("log_checkpoints", "off"),
      ("log_autovacuum_min_duration", "-1"),
    ]
  }

  /// A word as the shell takes it literally; `pg_ctl` passes its options through one.
  static func quotedForShell(_ word: String) -> String {
    "'" + word.split(separator: "'", omittingEmptySubsequences: false).joined(separator: #"'\''"#)
      + "'"
  }

  /// The last lines of a server's log.
  ///
  /// - Parameter start: The byte from which the log is of interest.
  func logTail(of layout: Layout, from start: Int64 = 0) -> String {
    let limit = 4096
    let offset = max(start, POSIX.size(of: layout.log) - Int64(limit))
    let text = POSIX.contents(of: layout.log, from: offset, limit: limit) ?? ""
    return text.split(separator: "\n").suffix(15).joined(separator: "\n")
  }
}
