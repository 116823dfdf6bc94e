import CEMStore
import Foundation

/// The programs that are run beside, and how.
struct Tools {
  /// The folder of the server's programs.
  var binaries: String?
  /// The `cem` to measure as a whole process.
  var cem: String?
  /// A Python that has the package `eventsourcing`.
  var python: String?
  /// The folder with the peers' scripts.
  var peers: String?

  func pgbench() throws -> String { try postgres("pgbench") }
  func psql() throws -> String { try postgres("psql") }

  private func postgres(_ name: String) throws -> String {
    let path = ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin:/bin"
    let directories = (binaries.map { [$0] } ?? []) + path.split(separator: ":").map(String.init)
    for directory in directories {
      let file = "\(directory)/\(name)"
      if FileManager.default.isExecutableFile(atPath: file) { return file }
    }
    throw Unavailable("there is no \(name) on the path")
  }

  /// Runs a program to its end.
  ///
  /// - Throws: ``ToolFailed`` where it fails.
  @discardableResult
  func run(
    _ program: String, _ arguments: [String], environment: [String: String] = [:]
  ) throws -> (output: String, end: Child.End) {
    let folder = FileManager.default.temporaryDirectory
    let files = ["out", "err"].map {
      folder.appending(path: "cem-bench-\(UUID().uuidString).\($0)")
    }
    defer { for file in files { try? FileManager.default.removeItem(at: file) } }
    let end = try Child(
      program, arguments, environment: environment, output: files[0].path(), errors: files[1].path()
    ).wait()
    let texts = try files.map { try String(contentsOf: $0, encoding: .utf8) }
    guard end.status == 0 else {
      let words = ([program] + arguments).joined(separator: " ")
      throw ToolFailed(description: "\(words) ended with \(end.status): \(texts[1].suffix(500))")
    }
    return (texts[0], end)
  }

  /// Runs `cem`, away from what its user has set up.
  @discardableResult
  func runCEM(_ arguments: [String]) throws -> (output: String, end: Child.End) {
    guard let cem else { throw Unavailable("no cem was given") }
    return try run(cem, arguments, environment: Tools.home)
  }

  /// The variables that keep `cem` in a folder of its own, a user's.
  static let home: [String: String] = {
    let folder = FileManager.default.temporaryDirectory
      .appending(path: "cem-bench-home-\(POSIX.effectiveUserID)").path()
    return [
      "HOME": folder, "XDG_DATA_HOME": folder, "XDG_STATE_HOME": folder,
      "XDG_CONFIG_HOME": folder, "XDG_CACHE_HOME": folder,
    ]
  }()
}

/// A program beside failed.
struct ToolFailed: Error, CustomStringConvertible {
  let description: String
}
