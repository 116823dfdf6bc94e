/// Why the private server can't be had.
package enum LocalServerError: Error, Equatable {
  /// Neither `$XDG_DATA_HOME`, `$HOME` nor the password database tells where data belongs.
  case homeUnknown
  /// No PostgreSQL server is installed in any of the places searched.
  case notInstalled(searched: [String])
  /// The data directory is of a major version whose programs are not installed.
  case releaseMissing(needed: Int, found: [Int], dataDirectory: String)
  /// A folder that must be the server's alone is not.
  case unsafeDirectory(String, problem: String)
  /// The user is root and no other account can run the server.
  case noAccountForRoot(attempts: [String])
  /// `initdb`, or making the database after it, failed.
  case initializationFailed(output: String)
  /// The server ended while starting. The log is its end, as far as this start wrote it.
  case startFailed(output: String, log: String)
  /// The server, or another `cem` that works on it, was not done within the time, in seconds.
  case timedOut(waitingFor: String, seconds: Int, log: String)
  /// The server didn't stop.
  case stopFailed(output: String)
  /// A file operation failed; the reason is the system's.
  case fileError(operation: String, path: String, reason: String)
}

extension LocalServerError: CustomStringConvertible {
  /// What is wrong, in one line.
  package var description: String {
    switch self {
    case .homeUnknown: "there is no place for the private database"
    case .notInstalled: "PostgreSQL is not installed"
    case .releaseMissing(let needed, _, let dataDirectory):
      "the private database in \(dataDirectory) needs PostgreSQL \(needed), which is not installed"
    case .unsafeDirectory(let path, _): "\(path) is not a safe folder for the private database"
    case .noAccountForRoot: "PostgreSQL refuses to run as root, and no other account works"
    case .initializationFailed: "the private database could not be made"
    case .startFailed: "the private PostgreSQL did not start"
    case .timedOut(let subject, let seconds, _): "\(subject) was not done within \(seconds) s"
    case .stopFailed: "the private PostgreSQL did not stop"
    case .fileError(let operation, let path, _): "can't \(operation) \(path)"
    }
  }

  /// Why: what the system or PostgreSQL said. May be several lines.
  package var cause: String {
    switch self {
    case .homeUnknown:
      "neither XDG_DATA_HOME nor HOME is an absolute path, and the user has no home directory"
    case .notInstalled(let searched):
      "no postgres, initdb and pg_ctl in " + searched.joined(separator: ", ")
    case .releaseMissing(_, let found, _):
      found.isEmpty
        ? "no PostgreSQL server was found"
        : "found only release " + found.sorted().map(String.init).joined(separator: ", ")
    case .unsafeDirectory(_, let problem): problem
    case .noAccountForRoot(let attempts): attempts.joined(separator: "\n")
    case .initializationFailed(let output), .stopFailed(let output): output
    case .startFailed(let output, let log): log.isEmpty ? output : log
    case .timedOut(_, _, let log):
      log.isEmpty ? "the server's log says nothing" : log
    case .fileError(_, _, let reason): reason
    }
  }

  /// What helps, where something is known to.
  package var hint: String? {
    switch self {
    case .homeUnknown: "set XDG_DATA_HOME, or name a database with --database"
    case .notInstalled: "apt-get install postgresql, or name a database with --database"
    case .releaseMissing(let needed, _, _): "apt-get install postgresql-\(needed)"
    case .unsafeDirectory(let path, _): "look at: ls -ld \(path)"
    case .noAccountForRoot: "run cem as an ordinary user, or name a database with --database"
    case .startFailed, .timedOut: "cem doctor"
    case .initializationFailed, .stopFailed, .fileError: nil
    }
  }
}
